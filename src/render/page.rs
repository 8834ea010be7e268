//! The HTML pages: what people see who open an address in a browser.
//!
//! Knows how a page is framed, and in which order feeds are offered to readers
//! that look for them. Knows no address that it was not given and no clock,
//! and writes neither script nor inline style: the policy that pages are served
//! with forbids both (wire.md, 81).

use maud::{DOCTYPE, Markup, html};

use crate::feed::{Address, Addresses, Format, Language, Masthead};

mod accent;
mod article;
mod body;
mod feed;
mod page_budget;
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

pub use accent::style_sheet;
pub use article::{ArticlePage, article};
pub use feed::feed;
pub use home::home;
pub use list::list;
pub use missing::{gone, not_found};

use words::Words;

/// How pages look.
pub const PAGE_CSS: &str = include_str!("page/page.css");

/// How RSS and Atom documents look in browsers that apply style sheets to XML.
pub const FEED_CSS: &str = include_str!("page/feed.css");

/// The icon of a site that brought none: 16, 32 and 48 pixels.
pub const FAVICON: &[u8] = include_bytes!("page/favicon.ico");

/// What stands around the main part of a page.
struct Frame<'a> {
    masthead: &'a Masthead,
    /// The whole title of the document.
    title: String,
    /// One sentence about it; left out where empty.
    description: &'a str,
    /// The address that speaks for the page, where search engines may keep it.
    canonical: Option<&'a Address>,
    /// Whether search engines may keep it.
    robots: Robots,
    /// The feeds offered, the page's own first.
    offers: Vec<(String, &'a Addresses)>,
    /// The class of the body, which the style sheet lays out.
    class: &'static str,
}

/// What search engines are asked to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Robots {
    /// Keep the page.
    Keep,
    /// Keep it out.
    Skip,
}

impl Frame<'_> {
    /// The whole document around `main`.
    fn around(&self, words: &Words, main: &Markup) -> Vec<u8> {
        let masthead = self.masthead;
        let base = href(masthead, &masthead.base);
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
                    // The header says it too; a file that `build` wrote has none.
                    meta name="referrer" content="no-referrer";
                    @if self.robots == Robots::Skip {
                        meta name="robots" content="noindex";
                    }
                    @if let Some(address) = self.canonical {
                        link rel="canonical" href=(address);
                    }
                    (self.autodiscovery())
                    // `style-src 'self'` holds where the page is served, which
                    // may be another host than the base address names.
                    link rel="stylesheet" href=(masthead.base.child("feed.css").path());
                    @match &masthead.icon {
                        Some(icon) => link rel="icon" href=(href(masthead, &icon.url)) type=(icon.media_type);,
                        None => link rel="icon" href=(masthead.base.child("favicon.ico").path()) sizes="any";,
                    }
                }
                body class=(self.class) {
                    a class="skip" href="#page-main" lang=[words.foreign(masthead)] { (words.skip) }
                    // The start page has the same as its heading.
                    @if self.class != "home" {
                        header class="top" {
                            p { a href=(base) dir="auto" { (icon(masthead, 28)) " " (masthead.title) } }
                        }
                    }
                    main id="page-main" { (main) }
                    footer { (self.footer(words)) }
                }
            }
        }
        .into_string()
        .into_bytes()
    }

    /// Own feeds first, and RSS before JSON: some readers take the first they
    /// find, and some know RSS and Atom only (wire.md, 66).
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
                @if masthead.home != masthead.base {
                    li { a href=(href(masthead, &masthead.home)) { (words.web_site) } }
                }
                li { a href=(masthead.base.child("feeds.opml").path()) { "OPML" } }
                li { a href=(masthead.base.child("feeds.json").path()) { "feeds.json" } }
            }
            @if let Some(rights) = &masthead.copyright {
                p dir="auto" { (rights) }
            }
        }
    }
}

/// The Link header of a page that offers these feeds (wire.md, 66).
pub fn links<'a>(feeds: impl IntoIterator<Item = &'a Addresses>) -> String {
    let documents = feeds.into_iter().flat_map(Addresses::documents);
    // An address is ASCII and has neither quotation mark nor bracket.
    let links =
        documents.map(|(format, address)| format!("<{address}>; rel=\"alternate\"; type=\"{}\"", format.media_type()));
    links.collect::<Vec<_>>().join(", ")
}

/// The site's icon beside its title, which says all that a voice must.
fn icon(masthead: &Masthead, pixels: u32) -> Markup {
    html! {
        @if let Some(icon) = &masthead.icon {
            img src=(href(masthead, &icon.url)) width=(pixels) height=(pixels) alt="" referrerpolicy="no-referrer";
        }
    }
}

/// An address as a link on a page: without the host where it is ours, so that
/// a page leads on wherever it is served, and is small.
fn href<'a>(masthead: &Masthead, address: &'a Address) -> &'a str {
    let base = masthead.base.as_str();
    let path = address.path();
    // Two slashes at the start would name a host.
    if address.as_str().starts_with(base) && !path.starts_with("//") { path } else { address.as_str() }
}

/// The direction that a language is written in, where it is not left to right.
fn direction(language: &Language) -> Option<&'static str> {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = language.as_str().split('-').next()?;
    RIGHT_TO_LEFT.contains(&primary).then_some("rtl")
}

/// The language of a part of a page, where it is not the page's.
fn other_language<'a>(masthead: &Masthead, language: Option<&'a Language>) -> Option<&'a str> {
    language.filter(|language| **language != masthead.language).map(Language::as_str)
}

/// The direction of a part of a page in this language, where it is not the page's.
fn other_direction(masthead: &Masthead, language: Option<&Language>) -> Option<&'static str> {
    let own = direction(language?);
    (own != direction(&masthead.language)).then(|| own.unwrap_or("ltr"))
}

/// What a format is called where room is short.
fn short_name(format: Format) -> &'static str {
    match format {
        Format::Rss | Format::Atom => format.name(),
        Format::Json => "JSON",
    }
}
