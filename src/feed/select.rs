//! Selects the articles of a feed from the library, and resolves everything that a format may need.
//!
//! Articles only contain references; here they become ids, absolute URLs, images and languages. An entry
//! that is equal to the one of the previous edition is replaced by it, so that its HTML stays cached.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::article::body::{BodyText, ParsedBody};
use crate::article::{Article, ArticleBody, CrossReference, cross_reference};
use crate::content_path::ContentPath;
use crate::generator::Author;
use crate::generator::legacy_feeds::FeedPath;
use crate::key::{FeedKey, Topic};
use crate::library::{Library, language_path};
use crate::name::Name;
use crate::site::{COMMENTS_OF, Content, FeedIds, Future, MediaType, Site, SiteAuthor};
use crate::text::{Address, Language, Text, encode_path, plain};

use super::{Addresses, Category, Entry, EntryBody, Feed, Format, Html, Masthead, Person, UNDATED};

mod attachment;
mod image;
mod podcast;

pub(crate) use attachment::remote_attachments;
pub(crate) use image::remote_leads;
pub(crate) use podcast::is_cover;

/// From this number of entries on, all cores are used.
const MANY: usize = 1_000;

/// Returns the data that all feeds of the site in one language share; `None` is the root.
pub fn masthead(library: &Library, language: Option<&str>) -> Masthead {
    let site = &library.rules().site;
    let own = site.language(language);
    let path = language_path(language);
    Masthead {
        title: Text::line(own.map_or(&site.identity.title, |own| &own.title)),
        base: site.identity.base.clone(),
        start: site.identity.base.child(&path),
        home: site.identity.home.child(&path),
        language: own
            .map(|own| &own.language)
            .or(site.identity.language.as_ref())
            .cloned()
            .unwrap_or_else(Language::undetermined),
        sections: library.sections(language.map(Arc::from).as_ref()).collect(),
        time_zone: site.options.zones.default,
        author: site.identity.author.as_ref().map(|author| of_site(author, site)),
        copyright: site.identity.copyright.as_deref().map(Text::line),
        license: site.identity.license.clone(),
        icon: site.identity.icon.as_deref().and_then(|icon| image::of_site(library, icon)),
        ttl: site.http.cache.max_age.div_ceil(60).max(1),
        hubs: site.http.hubs.clone(),
        style_sheet: (site.http.media_type == MediaType::Xml).then(|| site.identity.base.child("feed.css")),
    }
}

/// The entries of a library. Each is made once for all feeds that show it.
#[derive(Debug)]
pub struct Entries<'a> {
    library: &'a Library,
    before: &'a imbl::HashMap<ContentPath, Arc<Entry>>,
    made: HashMap<ContentPath, Arc<Entry>>,
}

impl<'a> Entries<'a> {
    /// Creates entries for a library. Entries of the previous edition, `before`, are reused if they are
    /// equal.
    pub fn new(library: &'a Library, before: &'a imbl::HashMap<ContentPath, Arc<Entry>>) -> Self {
        Self { library, before, made: HashMap::new() }
    }

    /// Returns the entry of an article; `None` if its body is not in memory.
    pub(crate) fn entry(&mut self, article: &Article) -> Option<Arc<Entry>> {
        if let Some(made) = self.made.get(&article.place) {
            return Some(Arc::clone(made));
        }
        let entry = made(self.library, self.before, article)?;
        self.made.insert(article.place.clone(), Arc::clone(&entry));
        Some(entry)
    }

    /// Makes the entries that these feeds will need, on all cores if there are many.
    pub(crate) fn prepare<'k>(&mut self, keys: impl Iterator<Item = &'k FeedKey> + Clone) {
        let (library, before) = (self.library, self.before);
        let windows = keys.filter_map(|key| Some((library.members(key)?, library.rules().limit(key))));
        if windows.clone().map(|(members, limit)| members.len().min(limit)).sum::<usize>() < MANY {
            return;
        }
        let shown = windows.flat_map(|(members, limit)| members.newest().take(limit));
        // Each once, even if several feeds show it.
        let articles: HashMap<&ContentPath, &Arc<Article>> = shown.map(|article| (&article.place, article)).collect();
        let make =
            |(place, article): (&ContentPath, &Arc<Article>)| Some((place.clone(), made(library, before, article)?));
        self.made.par_extend(articles.into_par_iter().filter_map(make));
    }

    pub(crate) fn made(self) -> HashMap<ContentPath, Arc<Entry>> {
        self.made
    }
}

/// Makes the entry of an article, or returns the previous one if it is equal.
fn made(library: &Library, before: &imbl::HashMap<ContentPath, Arc<Entry>>, article: &Article) -> Option<Arc<Entry>> {
    let entry = entry(library, article, library.detail(&article.place)?);
    Some(match before.get(&article.place) {
        Some(before) if **before == entry => Arc::clone(before),
        _ => Arc::new(entry),
    })
}

/// Selects the feed of a key; `None` if there is no such feed.
pub fn feed(library: &Library, key: &FeedKey, masthead: &Arc<Masthead>, entries: &mut Entries<'_>) -> Option<Feed> {
    let members = library.members(key)?;
    let rules = library.rules();
    let definition = rules.definition(key);
    let shown = members.newest().take(rules.limit(key));
    let entries: Vec<_> = shown.filter_map(|article| entries.entry(article)).collect();
    let of_podcast = rules.podcast(key);
    let own_name = of_podcast.and_then(|podcast| podcast.title.as_deref());
    let title = match (own_name, definition.and_then(|definition| definition.title.as_deref()), &key.topic) {
        (Some(title), ..) | (None, Some(title), Topic::Site) => Text::line(title),
        (None, None, Topic::Site) => masthead.title.clone(),
        _ => Text::line(&format!("{} · {}", own_title(library, key), masthead.title)),
    };
    let description = match (definition.and_then(|definition| definition.description.as_deref()), &key.topic) {
        (Some(description), _) => Text::line(description),
        (None, Topic::Site) => site_description(library, key.language.as_deref()),
        (None, _) => title.clone(),
    };
    let page = masthead.base.child(&library.path(key));
    let shown = || entries.iter().filter_map(|entry| entry.newest());
    let own_image = of_podcast.and_then(|podcast| podcast.image.as_deref());
    let own_image = own_image.or_else(|| definition?.image.as_deref());
    let image = own_image.and_then(|image| image::of_site(library, image)).or_else(|| masthead.icon.clone());
    Some(Feed {
        key: key.clone(),
        id: id(library, key),
        masthead: Arc::clone(masthead),
        language: definition
            .and_then(|definition| definition.language.clone())
            .unwrap_or_else(|| masthead.language.clone()),
        podcast: podcast::of_feed(library, key, image.as_ref(), &page.child(Format::Rss.file_name())),
        image,
        link: if key.topic == Topic::Site { masthead.home.clone() } else { page.clone() },
        addresses: Addresses {
            page,
            formats: definition
                .and_then(|definition| definition.formats.as_deref())
                .unwrap_or(&rules.site.feeds.formats)
                .into(),
        },
        bodies: match definition.and_then(|definition| definition.content).unwrap_or(rules.site.feeds.content) {
            Content::Full => entries.len(),
            Content::Summary => 0,
        },
        max_bytes: rules.max_bytes(key),
        updated: shown().max().unwrap_or(UNDATED),
        ahead: rules.site.future == Future::Show && shown().any(|instant| instant > library.now()),
        is_cut: false,
        count: members.len(),
        title,
        description,
        entries,
    })
}

/// Returns the id of a feed: the one of another generator's feed if site.yaml asks for it and there was such a feed.
fn id(library: &Library, key: &FeedKey) -> Text {
    let site = &library.rules().site;
    let before = site.legacy.before.filter(|_| site.links.feed_ids == FeedIds::Permalink).and_then(|before| {
        let own = language_path(key.language.as_deref());
        let name = library.names(key).iter().map(|name| name.spelled().to_string()).collect::<Vec<_>>().join("/");
        let feed = FeedPath { kind: &key.kind(), path: &library.path(key)[own.len()..], name: &name };
        let path = before.feed_id(&feed)?;
        let moved = site.legacy.feed_moves.configured(&path).filter(|_| before.is_of(site.options.generator));
        Some(format!("{own}{}", moved.unwrap_or(path)))
    });
    match before {
        Some(path) => Text::line(site.identity.home.child(&encode_path(&path)).as_str()),
        None => Text::line(&key.uuid(&site.identity.namespace).urn().to_string()),
    }
}

/// Returns the description of the site in a language; `None` is the root.
pub(crate) fn site_description(library: &Library, language: Option<&str>) -> Text {
    let site = &library.rules().site;
    Text::line(site.language(language).map_or(&site.identity.description, |own| &own.description))
}

/// Returns the title of a feed without the site's title.
pub(crate) fn own_title(library: &Library, key: &FeedKey) -> String {
    if let Some(title) = library.rules().definition(key).and_then(|definition| definition.title.clone()) {
        return title;
    }
    let names = || library.names(key).iter().map(ToString::to_string).collect::<Vec<_>>().join(" / ");
    let site = &library.rules().site;
    match &key.topic {
        Topic::Site => site.language(key.language.as_deref()).map_or(&site.identity.title, |own| &own.title).clone(),
        Topic::Tag(_) => format!("#{}", names()),
        Topic::Category(_) | Topic::Author(_) | Topic::Term(..) | Topic::Feed(_) => names(),
    }
}

/// Makes the entry of an article, given its body.
pub fn entry(library: &Library, article: &Article, detail: &ArticleBody) -> Entry {
    let site = &library.rules().site;
    let page = library.page(&article.place);
    let link = library.link(article);
    let (source, above) = linked(library, article, detail);
    let image = image::lead(library, article, detail);
    let gallery = image::gallery(library, article, detail, image.as_ref());
    let mut attachments = attachment::of(library, article, detail, image.as_ref()).into_iter();
    let enclosure = attachments.next();
    let authors: Vec<Person> = article.authors.iter().filter_map(|author| of_article(author, site)).collect();
    let own = site.language_of(article);
    let feed_page = |topic| site.identity.base.child(&library.path(&FeedKey { language: own.clone(), topic }));
    Entry {
        id: Text::line(&library.id(article)),
        external_url: detail.external_url.clone().filter(|url| *url != link && *url != page),
        title: Text::line(&article.title),
        published: article.published,
        // An edit in the future has not happened yet; one in the first seconds of a day may be before publication.
        updated: article.updated.filter(|updated| *updated <= library.now() && Some(*updated) > article.published),
        authors: if authors.is_empty() {
            site.identity.author.iter().map(|author| of_site(author, site)).collect()
        } else {
            authors
        },
        contributors: detail.contributors.iter().filter_map(|author| of_article(author, site)).collect(),
        comments: comments(detail, &link, site),
        license: detail.license.clone(),
        categories: article.categories.iter().map(|path| category(path, &feed_page)).collect(),
        tags: article
            .tags
            .iter()
            .map(|tag| (Text::line(tag.spelled()), feed_page(Topic::Tag(tag.folded().clone()))))
            .collect(),
        language: article.language.as_deref().and_then(Language::parse),
        summary: detail
            .summary
            .as_deref()
            .map(|summary| Text::line(&plain(summary)))
            .filter(|summary| !summary.is_empty()),
        translations: library
            .translations(&article.place)
            .into_iter()
            .map(|(language, translation)| (language, library.link(translation)))
            .collect(),
        body: EntryBody {
            source,
            above,
            known: image::of_body(library, article, detail),
            rewrite: Arc::clone(&site.images.rewrite),
            own: library.own_root(),
            address: link.clone(),
            root: site.identity.home.clone(),
            html: Html::default(),
        },
        enclosure,
        other_attachments: attachments.collect(),
        episode: podcast::of_article(library, article, detail),
        image,
        gallery,
        link,
        page,
    }
}

/// Returns the body and the beginning that is its summary, with cross references replaced by links.
fn linked(library: &Library, article: &Article, detail: &ArticleBody) -> (BodyText, Option<BodyText>) {
    if detail.cross_references.is_empty() {
        return (detail.body.clone(), detail.above.clone());
    }
    let mut answer = |cross_reference: &CrossReference| {
        let named = library.mentioned(cross_reference, &article.place)?;
        Some((library.link(named), Text::line(&library.name_of(named))))
    };
    let mut link = |text: &BodyText| {
        let linked = cross_reference::link(&ParsedBody::new(&text.text(), text.markup()), &mut answer).into_owned();
        BodyText::new(&linked, text.markup())
    };
    (link(&detail.body), detail.above.as_ref().map(link))
}

/// Returns the URL of the comments: the article's own, else that of site.yaml.
fn comments(detail: &ArticleBody, link: &Address, site: &Site) -> Option<Address> {
    match &detail.comments_url {
        Some(own) if own.is_empty() => None,
        Some(own) => Address::join(link, own),
        None => Address::parse(&site.links.comments_url.as_ref()?.replace(COMMENTS_OF, link.as_str())),
    }
}

fn category(path: &[Name], feed_page: &dyn Fn(Topic) -> Address) -> Category {
    Category {
        names: path.iter().map(|name| Text::line(name.spelled())).collect(),
        page: feed_page(Topic::Category(path.iter().map(|name| name.folded().clone()).collect())),
    }
}

fn of_site(author: &SiteAuthor, site: &Site) -> Person {
    Person { name: Text::line(&author.name), email: email(author.email.as_deref(), site), url: author.url.clone() }
}

/// Returns an e-mail address if the operator wants it in feeds, where spammers find it.
fn email(written: Option<&str>, site: &Site) -> Option<Text> {
    written.filter(|_| site.feeds.emails).map(Text::line)
}

/// Resolves an author of an article. Data that is missing there is taken from the site's author of the same
/// name.
fn of_article(author: &Author, site: &Site) -> Option<Person> {
    let name = Text::line(author.name.spelled());
    if name.is_empty() {
        return None;
    }
    let known = site.identity.author.as_ref().filter(|known| known.name.trim() == name.as_str());
    let known = known.map(|known| of_site(known, site));
    let url = author.url.as_deref().and_then(Address::parse);
    let email = email(author.email.as_deref(), site);
    Some(match known {
        Some(known) => Person { name, email: email.or(known.email), url: url.or(known.url) },
        None => Person { name, email, url },
    })
}
