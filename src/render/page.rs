//! Renders the HTML pages that people see in a browser.
//!
//! This file writes the frame around every page: the head, autodiscovery links and the footer. The
//! submodules write the main part of each kind of page. Pages contain neither scripts nor inline styles,
//! because the Content-Security-Policy that they are served with forbids both
//! (docs/decisions/wire.md#security-headers-of-pages).

use maud::{DOCTYPE, Markup, html};

use crate::feed::{Address, Addresses, Format, Kind, Language, License, Masthead};

mod accent;
mod article;
mod body;
mod entries;
mod feed;
mod navigation;
mod page_budget;
mod preview;
mod home;
mod list;
mod missing;
mod rows;
#[cfg(test)]
mod sample;
mod subscribe;
#[cfg(test)]
mod tags;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use accent::style_sheet;
pub(crate) use article::{ArticlePage, article};
pub(crate) use feed::{FeedPage, entries_of, feed};
pub(crate) use home::{Home, home};
pub(crate) use list::list;
pub(crate) use missing::{gone, not_found};
pub(crate) use navigation::{ARTICLES, FEEDS, PageNumber, page_path};

use preview::Preview;
use words::Words;

pub(crate) const PAGE_CSS: &str = include_str!("page/page.css");

/// The style sheet of RSS and Atom documents, for browsers that apply style sheets to XML.
pub(crate) const FEED_CSS: &str = include_str!("page/feed.css");

/// The default icon of a site, in 16, 32 and 48 pixels.
pub(crate) const FAVICON: &[u8] = include_bytes!("page/favicon.ico");

/// The parts of a page that surround its main content.
struct Frame<'a> {
    masthead: &'a Masthead,
    /// The complete title of the document.
    title: String,
    /// One sentence about the page; left out if empty.
    description: &'a str,
    /// The canonical URL, for pages that search engines may index.
    canonical: Option<&'a Address>,
    /// Whether search engines may index the page.
    robots: Robots,
    /// The feeds to advertise, the page's own feed first.
    offers: Vec<(String, &'a Addresses)>,
    /// The same page in each language, with this one.
    languages: Vec<(&'a Language, &'a Address)>,
    /// How other programs show a link to the page.
    preview: Option<Preview<'a>>,
    /// The class of the body, which the style sheet uses for the layout.
    class: &'static str,
    /// The kind of feeds that the page is about.
    section: Option<&'a Kind>,
    /// The first page of the list that this page belongs to, and its position there.
    list: Option<(&'a Address, PageNumber)>,
}

/// Instructions for search engines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Robots {
    Keep,
    /// Do not index the page.
    Skip,
}

impl Frame<'_> {
    /// Returns the complete document around `main`.
    fn around(&self, words: &Words, main: &Markup) -> Vec<u8> {
        let masthead = self.masthead;
        let start = href(masthead, &masthead.start);
        html! {
            (DOCTYPE)
            html lang=(masthead.language.as_str()) dir=[direction(&masthead.language)] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    @if !self.description.is_empty() {
                        meta name="description" content=(self.description);
                    }
                    // The HTTP header says the same, but a file written by `build` has no header.
                    meta name="referrer" content="no-referrer";
                    @if self.robots == Robots::Skip {
                        meta name="robots" content="noindex";
                    }
                    @if let Some(address) = self.canonical {
                        link rel="canonical" href=(address);
                    }
                    @if let Some((first, position)) = self.list {
                        @if let Some(previous) = position.previous(first) { link rel="prev" href=(href(masthead, &previous)); }
                        @if let Some(next) = position.next(first) { link rel="next" href=(href(masthead, &next)); }
                    }
                    @if let Some(preview) = &self.preview { (preview.elements()) }
                    (self.autodiscovery())
                    @for (language, address) in &self.languages {
                        link rel="alternate" hreflang=(language.as_str()) href=(address);
                    }
                    // The URL has no host, because `style-src 'self'` refers to the host that serves the
                    // page, which may differ from the host of the base URL.
                    link rel="stylesheet" href=(masthead.base.child("feed.css").path());
                    @match &masthead.icon {
                        Some(icon) => link rel="icon" href=(href(masthead, &icon.url)) type=(icon.media_type);,
                        None => link rel="icon" href=(masthead.base.child("favicon.ico").path()) sizes="any";,
                    }
                }
                body class=(self.class) {
                    a class="skip" href="#page-main" lang=[words.foreign(masthead)] { (words.skip) }
                    header class="top" {
                        // On the start page, the heading already shows the title.
                        @if self.class != "home" {
                            p { a href=(start) dir="auto" { (icon(masthead, 28)) " " (masthead.title) } }
                        }
                        (navigation::sections(masthead, words, self.section))
                    }
                    main id="page-main" { (main) }
                    footer { (self.footer(words)) }
                }
            }
        }
        .into_string()
        .into_bytes()
    }

    /// Writes the autodiscovery links. The page's own feeds precede the site's, and RSS precedes JSON,
    /// because some readers take the first feed they find and some support RSS and Atom only.
    /// See docs/decisions/wire.md#feed-links-in-html-pages.
    fn autodiscovery(&self) -> Markup {
        html! {
            @for (title, addresses) in &self.offers {
                @for (format, document) in addresses.documents() {
                    link rel="alternate" type=(format.media_type()) title=(format!("{title} ({})", format.name())) href=(document);
                }
            }
        }
    }

    fn footer(&self, words: &Words) -> Markup {
        let masthead = self.masthead;
        html! {
            ul lang=[words.foreign(masthead)] {
                @if masthead.home != masthead.start {
                    li { a href=(href(masthead, &masthead.home)) { (words.web_site) } }
                }
                li { a href=(masthead.start.child("feeds.opml").path()) { "OPML" } }
                li { a href=(masthead.start.child("feeds.json").path()) { "feeds.json" } }
            }
            @if let Some(rights) = &masthead.copyright {
                p dir="auto" { (rights) }
            }
            @if let Some(license) = &masthead.license { p dir="auto" { (named(license)) } }
        }
    }
}

/// Writes the name of a licence, with a link to its text if that is known.
fn named(license: &License) -> Markup {
    html! {
        @if let Some(url) = license.url() { a rel="license" href=(url) { (license.text) } } @else { (license.text) }
    }
}

/// Returns the `Link` header of a page that advertises these feeds.
pub(crate) fn links<'a>(feeds: impl IntoIterator<Item = &'a Addresses>) -> String {
    let documents = feeds.into_iter().flat_map(Addresses::documents);
    // A URL is ASCII and contains neither quotation marks nor angle brackets.
    let links =
        documents.map(|(format, address)| format!("<{address}>; rel=\"alternate\"; type=\"{}\"", format.media_type()));
    links.collect::<Vec<_>>().join(", ")
}

/// Writes the site's icon beside its title. The alternative text is empty because a screen reader reads the
/// title.
fn icon(masthead: &Masthead, pixels: u32) -> Markup {
    html! {
        @if let Some(icon) = &masthead.icon {
            img src=(href(masthead, &icon.url)) width=(pixels) height=(pixels) alt="" referrerpolicy="no-referrer";
        }
    }
}

/// Returns the URL to use in a link on a page. URLs of this site lose their host, so that pages are small
/// and their links work on any host.
fn href<'a>(masthead: &Masthead, address: &'a Address) -> &'a str {
    let base = masthead.base.as_str();
    let path = address.path();
    // Two slashes at the start would begin a host name.
    if address.as_str().starts_with(base) && !path.starts_with("//") { path } else { address.as_str() }
}

/// Returns the direction of a language if it is not left to right.
fn direction(language: &Language) -> Option<&'static str> {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = language.as_str().split('-').next()?;
    RIGHT_TO_LEFT.contains(&primary).then_some("rtl")
}

/// Returns the language of a part of a page if it differs from the page's.
fn other_language<'a>(masthead: &Masthead, language: Option<&'a Language>) -> Option<&'a str> {
    language.filter(|language| **language != masthead.language).map(Language::as_str)
}

/// Returns the direction of a part of a page in this language if it differs from the page's.
fn other_direction(masthead: &Masthead, language: Option<&Language>) -> Option<&'static str> {
    let own = direction(language?);
    (own != direction(&masthead.language)).then(|| own.unwrap_or("ltr"))
}

/// Returns a short name of a format for places with little space.
fn short_name(format: Format) -> &'static str {
    match format {
        Format::Rss | Format::Atom => format.name(),
        Format::Json => "JSON",
    }
}
