//! Renders RSS 2.0.
//!
//! Maps a [`Feed`] to the elements that RSS defines, in the way the W3C validator and feed readers expect
//! them. The `rss` crate writes the XML.

use rss::extension::atom::AtomExtension;
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Item};

use super::xml::{self, Missing, plain};
use super::{Label, html, instant, media, person, podcast, summary, title};
use crate::article::body::html::escape;
use crate::feed::{Address, Content, Entry, Feed, Format, Image, License, Masthead, Text, UNDATED};

/// Returns the bytes of the feed's RSS document.
pub(crate) fn render(feed: &Feed) -> Vec<u8> {
    let items: Vec<Item> =
        feed.entries.iter().enumerate().map(|(index, entry)| item(entry, feed.content(index), feed)).collect();
    let bodies: usize = items.iter().map(|item| item.content.as_ref().map_or(0, String::len)).sum();
    let channel = channel(feed, items);
    // Writing to a `Vec` cannot fail.
    let written = channel.write_to(Vec::with_capacity(bodies + 4096)).expect("writing to memory");
    let style_sheet = feed.masthead.style_sheet.as_ref();
    xml::finish(&written, &Missing { language: Some(&feed.language), style_sheet, entry_languages: Vec::new() })
}

fn channel(feed: &Feed, items: Vec<Item>) -> Channel {
    let masthead = &*feed.masthead;
    let mut namespaces = std::collections::BTreeMap::new();
    // The crate declares the namespaces that it has types for. Declare `media` only if it is used, because
    // the validator warns about namespaces that it does not know
    // (docs/decisions/validity.md#g9-namespaces).
    if items.iter().any(|item| item.extensions.contains_key("media")) {
        namespaces.insert("media".to_owned(), media::NAMESPACE.to_owned());
    }
    let mut extensions = ExtensionMap::new();
    if feed.is_complete() {
        namespaces.insert("fh".to_owned(), super::FEED_HISTORY.to_owned());
        let complete = Extension { name: "fh:complete".to_owned(), ..Extension::default() };
        extensions.insert("fh".to_owned(), [("complete".to_owned(), vec![complete])].into());
    }
    if let Some(show) = feed.show() {
        namespaces.insert("podcast".to_owned(), podcast::NAMESPACE.to_owned());
        extensions.insert("podcast".to_owned(), podcast::of_show(show));
    }
    let license = masthead.license.as_ref().and_then(License::url);
    extensions.extend(license.map(creative_commons).unwrap_or_default());
    if license.is_some() || items.iter().any(|item| item.extensions.contains_key("creativeCommons")) {
        namespaces.insert("creativeCommons".to_owned(), CREATIVE_COMMONS.to_owned());
    }
    Channel {
        extensions,
        title: text(&title::of_feed(feed)),
        link: feed.link.as_str().to_owned(),
        description: text(&feed.description),
        language: Some(feed.language.as_str().to_owned()),
        copyright: masthead.copyright.as_ref().filter(|rights| !rights.is_empty()).map(text),
        managing_editor: masthead.author.as_ref().and_then(person::contact).map(|contact| plain(&contact).into_owned()),
        // No `pubDate`: CommaFeed prefers it to the dates of items and would miss backdated articles.
        last_build_date: Some(instant::rfc822(feed.updated)),
        generator: Some("feedmill".to_owned()),
        ttl: Some(masthead.ttl.max(1).to_string()),
        image: feed.image.as_ref().and_then(|image| channel_image(image, feed)),
        atom_ext: Some(AtomExtension {
            links: std::iter::once(rss::extension::atom::Link {
                href: feed.addresses.document(Format::Rss).as_str().to_owned(),
                rel: "self".to_owned(),
                mime_type: Some(Format::Rss.media_type().to_owned()),
                ..Default::default()
            })
            .chain(masthead.hubs.iter().map(|hub| rss::extension::atom::Link {
                href: hub.as_str().to_owned(),
                rel: "hub".to_owned(),
                ..Default::default()
            }))
            .collect(),
        }),
        itunes_ext: feed.show().map(podcast::of_channel),
        namespaces,
        items,
        ..Channel::default()
    }
}

/// Returns the image of the channel. RSS allows JPEG, GIF and PNG. The validator checks the extension, and
/// accepts sizes up to 144 by 400 pixels only; larger sizes are left out.
/// See docs/decisions/validity.md#r12-ttl-and-image.
fn channel_image(image: &Image, feed: &Feed) -> Option<rss::Image> {
    let is_known = matches!(image.media_type, "image/jpeg" | "image/png" | "image/gif");
    if !is_known || !has_known_extension(&image.url) {
        return None;
    }
    let fits = |size: Option<u32>, most| size.filter(|size| (1..=most).contains(size)).map(|size| size.to_string());
    let size = fits(image.width, 144).zip(fits(image.height, 400));
    let (width, height) = size.unzip();
    Some(rss::Image {
        url: image.url.as_str().to_owned(),
        title: text(&title::of_feed(feed)),
        link: feed.link.as_str().to_owned(),
        width,
        height,
        description: None,
    })
}

/// Checks what follows the last dot of the whole URL, because the validator does the same.
fn has_known_extension(url: &Address) -> bool {
    let last = url.as_str().rsplit('.').next().unwrap_or_default();
    !last.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        || ["jpg", "jpeg", "png", "gif"].iter().any(|known| known.eq_ignore_ascii_case(last))
}

fn item(entry: &Entry, content: Content, feed: &Feed) -> Item {
    let title = title(entry);
    // RSS requires a title or a description.
    let description = Some(summary(entry)).filter(|summary| !summary.is_empty() || !title.is_empty());
    let description = description.unwrap_or_else(|| title::demanded(entry));
    let body = (content == Content::Full).then(|| html(entry)).filter(|html| !html.trim().is_empty());
    Item {
        title: (!title.is_empty()).then(|| text(&title)),
        link: Some(entry.link.as_str().to_owned()),
        // Readers interpret a description as HTML.
        description: Some(escape(description.as_str())),
        categories: categories(entry),
        enclosure: feed.attachments(entry).next().filter(|file| is_plain(&file.url, &feed.masthead)).map(|enclosure| {
            Enclosure {
                url: enclosure.url.as_str().to_owned(),
                // RSS requires a length, and NetNewsWire and Feeder treat 0 as unknown.
                length: enclosure.length.unwrap_or(0).to_string(),
                mime_type: enclosure.media_type.as_str().to_owned(),
            }
        }),
        // Never a permalink, even if the id looks like a URL, because Miniflux and NetNewsWire would open
        // it (docs/decisions/wire.md#the-guid-is-not-a-permalink).
        guid: Some(Guid { value: entry.id.as_str().to_owned(), permalink: false }),
        // Miniflux takes the time of the request for a missing date.
        pub_date: Some(instant::rfc822(entry.published.unwrap_or(UNDATED))),
        comments: entry.comments.as_ref().map(|comments| comments.as_str().to_owned()),
        extensions: extensions(entry, feed, body.as_deref().unwrap_or_default()),
        itunes_ext: feed.show().map(|show| podcast::of_item(entry, show, |url| is_plain(url, &feed.masthead))),
        content: body.map(|html| html.to_string()),
        dublin_core_ext: dublin_core(entry, feed),
        ..Item::default()
    }
}

/// Names the authors, and the language if it differs from the feed's.
fn dublin_core(entry: &Entry, feed: &Feed) -> Option<DublinCoreExtension> {
    let creators: Vec<String> = creators(entry).into_iter().collect();
    let language = entry.language.iter().filter(|&language| *language != feed.language);
    let languages: Vec<String> = language.map(|language| language.as_str().to_owned()).collect();
    let is_blank = creators.is_empty() && languages.is_empty();
    (!is_blank).then(|| DublinCoreExtension { creators, languages, ..DublinCoreExtension::default() })
}

/// Returns whether RSS may name the URL of an enclosure. The validator reports hosts such as
/// `my_bucket.s3.…` and `user@host` as errors there, so such an image appears in `media:content` only. The
/// site's own host is always allowed, because the operator chose it.
/// See docs/decisions/validity.md#r8-enclosures.
fn is_plain(url: &Address, masthead: &Masthead) -> bool {
    url.has_plain_host() || url.as_str().starts_with(masthead.base.as_str())
}

/// Returns the names of all authors in one `dc:creator`: of several, Miniflux and newsboat show the last and sfeed the
/// first. There is no `author`, because readers show its e-mail address as part of the name.
/// See docs/decisions/validity.md#r7-people.
fn creators(entry: &Entry) -> Option<String> {
    let names: Vec<String> = entry.authors.iter().map(person::name).collect();
    (!names.is_empty()).then(|| plain(&names.join(", ")).into_owned())
}

fn categories(entry: &Entry) -> Vec<Category> {
    let category =
        |label: Label| Category { name: plain(&label.name).into_owned(), domain: Some(label.scheme.to_owned()) };
    super::labels(entry).into_iter().map(category).collect()
}

fn extensions(entry: &Entry, feed: &Feed, body: &str) -> ExtensionMap {
    let mut extensions = feed.show().map(|_| podcast::of_episode(entry)).unwrap_or_default();
    if let Some(updated) = entry.updated.filter(|_| entry.updated > entry.published) {
        // RSS has no other way to show that an article was edited.
        let element = Extension {
            name: "atom:updated".to_owned(),
            value: Some(instant::rfc3339(updated)),
            ..Extension::default()
        };
        extensions.entry("atom".to_owned()).or_default().insert("updated".to_owned(), vec![element]);
    }
    if let Some(license) = entry.license.as_ref().and_then(License::url) {
        extensions.extend(creative_commons(license));
    }
    for element in media::elements(entry, feed, body) {
        let of_media = extensions.entry("media".to_owned()).or_default();
        of_media.entry(element.name.to_owned()).or_default().push(extension(element));
    }
    extensions
}

/// The namespace of the element for licences, see the
/// [specification](https://www.rssboard.org/creative-commons).
const CREATIVE_COMMONS: &str = "http://backend.userland.com/creativeCommonsRssModule";

fn creative_commons(license: &Address) -> ExtensionMap {
    let element = Extension {
        name: "creativeCommons:license".to_owned(),
        value: Some(license.as_str().to_owned()),
        ..Extension::default()
    };
    ExtensionMap::from([("creativeCommons".to_owned(), [("license".to_owned(), vec![element])].into())])
}

fn extension(element: media::Element) -> Extension {
    Extension {
        name: element.qualified(),
        value: element.text,
        attrs: element.attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        children: element.children.into_iter().map(|child| (child.name.to_owned(), vec![extension(child)])).collect(),
    }
}

fn text(text: &Text) -> String {
    plain(text.as_str()).into_owned()
}

#[cfg(test)]
mod tests;
