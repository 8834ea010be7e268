//! Renders the page of an article.
//!
//! The body comes sanitised from [`crate::render::html`]. If the article is published on another site, the
//! page asks search engines not to index it.

use std::sync::Arc;

use maud::{Markup, PreEscaped, html};

use super::entries::{date, path};
use super::navigation::{Last, breadcrumb};
use super::rows::{Fold, Rows};
use super::{Frame, Preview, Robots, body, href, named, other_direction, other_language, words::Words};
use crate::feed::{Address, Addresses, Entry, Kind, Listing, Masthead, Text};
use crate::render::content::excerpt;
use crate::render::instant::rfc3339;
use crate::render::title::demanded;
use crate::text::host;

/// Maximum length of the description for search engines, in characters.
const DESCRIPTION: usize = 160;

/// Most feeds listed beside an article.
const FEEDS: usize = 30;

/// Everything that the page of an article shows.
#[derive(Debug, Clone, Hash)]
pub(crate) struct ArticlePage {
    /// The data shared by the whole site.
    pub masthead: Arc<Masthead>,
    pub entry: Arc<Entry>,
    /// The feeds that contain the article, except the site's own.
    pub feeds: Vec<Listing>,
    /// The URLs of the site's own feed.
    pub site: Addresses,
    /// Whether the article is published on another site.
    pub elsewhere: bool,
    /// The canonical URL that the author set.
    pub canonical_url: Option<Address>,
}

pub(crate) fn article(page: &ArticlePage) -> Vec<u8> {
    let masthead = &*page.masthead;
    let entry = &*page.entry;
    let words = Words::of(&masthead.language);
    let summary = crate::render::summary(entry);
    let title = demanded(entry);
    let description = excerpt(summary.as_str(), DESCRIPTION);
    let html = crate::render::html(entry);
    let rows = Rows { words, masthead, fold: Fold::Open };
    let main = html! {
        article lang=[other_language(masthead, entry.language.as_ref())] dir=[other_direction(masthead, entry.language.as_ref())] {
            header class="title" {
                (above(masthead, entry, words))
                h1 dir="auto" { (title) }
                (byline(masthead, entry, words))
            }
            @if let Some(url) = &entry.external_url {
                p lang=[words.foreign(masthead)] { a class="button" href=(url) { (words.read_at(host(url.as_str()))) } }
            }
            @if let Some(image) = entry.image.as_ref().filter(|image| body::first_image(&html).as_deref() != Some(image.url.as_str())) {
                img class="lead" src=(href(masthead, &image.url)) width=[image.width] height=[image.height] alt=(image.alt.as_ref().map_or("", Text::as_str)) decoding="async" referrerpolicy="no-referrer";
            }
            div class="body" dir="auto" { (PreEscaped(body::for_a_page(&html, &masthead.base))) }
            (after(page, words))
        }
        @if !page.feeds.is_empty() {
            section class="aside" aria-labelledby="page-feeds" {
                h2 id="page-feeds" lang=[words.foreign(masthead)] { (words.in_feeds) }
                // The article's tags have feeds, so this list includes them.
                ul class="rows" { @for listing in page.feeds.iter().take(FEEDS) { li { (rows.row(listing, &listing.title)) } } }
            }
        }
    };
    let canonical = page.canonical_url.as_ref().unwrap_or(if page.elsewhere { &entry.link } else { &entry.page });
    let own_language = (!entry.translations.is_empty()).then(|| masthead.language.clone());
    let frame = Frame {
        masthead,
        title: format!("{title} · {}", masthead.title),
        description: &description,
        canonical: Some(canonical),
        robots: if page.elsewhere { Robots::Skip } else { Robots::Keep },
        offers: vec![(masthead.title.to_string(), &page.site)],
        languages: own_language
            .iter()
            .map(|language| (language, &entry.link))
            .chain(entry.translations.iter().map(|(language, address)| (language, address)))
            .collect(),
        preview: Some(Preview {
            site: &masthead.title,
            title: &title,
            description: &description,
            url: canonical,
            image: entry.image.as_ref(),
            published: entry.published,
            updated: entry.updated,
        }),
        class: "article",
        section: None,
        list: None,
    };
    frame.around(words, &main)
}

/// Writes the path from the start page to the article, by its first category.
fn above(masthead: &Masthead, entry: &Entry, words: &Words) -> Markup {
    let first = entry.categories.first();
    let names: Vec<&str> = first.iter().flat_map(|category| &category.names).map(Text::as_str).collect();
    breadcrumb(masthead, words, first.map(|category| (&Kind::Category, &*names, &category.page)), Last::Link)
}

/// Writes the date, the authors and the categories.
fn byline(masthead: &Masthead, entry: &Entry, words: &Words) -> Markup {
    html! {
        p class="facts" {
            @if let Some(published) = entry.published { (date(published, masthead, words)) }
            @for author in &entry.authors {
                " "
                @match &author.url {
                    Some(url) => a href=(href(masthead, url)) rel="author" dir="auto" { (author.name) },
                    None => span dir="auto" { (author.name) },
                }
            }
            @for category in &entry.categories {
                " " a href=(href(masthead, &category.page)) dir="auto" { (path(&category.names)) }
            }
            @if let Some(updated) = entry.updated {
                " " time datetime=(rfc3339(updated)) lang=[words.foreign(masthead)] { (words.updated(masthead, updated)) }
            }
        }
    }
}

/// Writes the links below an article: its original page and its attached file.
fn after(page: &ArticlePage, words: &Words) -> Markup {
    let masthead = &*page.masthead;
    let entry = &*page.entry;
    let file = entry.enclosure.as_ref().filter(|file| entry.image.as_ref().is_none_or(|image| image.url != file.url));
    html! {
        @if page.elsewhere || file.is_some() || entry.license.is_some() { footer class="after" lang=[words.foreign(masthead)] {
            @if page.elsewhere {
                p { a class="button" href=(entry.link) { (words.read_at(host(entry.link.as_str()))) } }
            }
            @if let Some(license) = &entry.license { p dir="auto" { (named(license)) } }
            @if let Some(file) = file {
                p { a href=(href(masthead, &file.url)) type=(file.media_type) { (file_name(&file.url)) } " (" (file.media_type) ")" }
            }
        } }
    }
}

fn file_name(address: &Address) -> &str {
    let path = address.path().split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(address.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{address, article_page, masthead};
    use super::super::tags::parse;
    use super::*;

    fn page(page: &ArticlePage) -> String {
        String::from_utf8(article(page)).unwrap()
    }

    #[test]
    fn the_page_of_an_article_published_elsewhere_is_not_indexed() {
        let mut elsewhere = article_page("en", |entry| {
            entry.link = address("https://news.example.org/2026/a.html");
        });
        elsewhere.elsewhere = true;
        let html = page(&elsewhere);
        assert!(html.contains("<link rel=\"canonical\" href=\"https://news.example.org/2026/a.html\">"));
        assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"));
        assert!(html.contains("Read at news.example.org"));
        let here = page(&article_page("en", |_| ()));
        assert!(here.contains("<link rel=\"canonical\" href=\"https://feeds.example.org/articles/"));
        assert!(!here.contains("noindex"));
    }

    #[test]
    fn the_lead_image_is_shown_once() {
        let lead = |html: &str| parse(html).iter().filter(|tag| tag.get("class").as_deref() == Some("lead")).count();
        let shown = article_page("en", |_| ());
        assert_eq!(lead(&page(&shown)), 1);
        let in_body = article_page("en", |entry| {
            let url = entry.image.as_ref().unwrap().url.as_str().replace('&', "&amp;");
            entry.body = super::super::sample::body(&format!("<p><img alt=\"a > b\" src=\"{url}\"></p>"));
        });
        assert_eq!(lead(&page(&in_body)), 0);
    }

    #[test]
    fn an_article_declares_its_own_language() {
        let html = page(&article_page("en", |entry| {
            entry.language = crate::feed::Language::parse("ar");
        }));
        assert!(html.contains("<article lang=\"ar\" dir=\"rtl\">"), "{html}");
        assert!(html.contains("<html lang=\"en\">"));
        let english = page(&article_page("ar", |entry| {
            entry.language = crate::feed::Language::parse("en");
        }));
        assert!(english.contains("<article lang=\"en\" dir=\"ltr\">"), "{english}");
        assert_eq!(masthead("en").language.as_str(), "en");
    }
}
