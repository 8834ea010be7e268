//! Renders a feed or the catalogue into the bytes of a document.
//!
//! Each format has one file, and each file is a function from a value to bytes. Rendering cannot fail and
//! does not read a clock, because [`Feed`] holds every field that a format requires. [`crate::edition`]
//! calls this module when a document is requested for the first time; selecting entries and caching
//! documents happens elsewhere.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::article::body::BodyText;
use crate::document::{Document, DocumentType};
use crate::feed::{Address, Catalogue, Entry, EntryBody, Feed, Format, Text};
use crate::text::decode_path;

pub mod content;
pub(crate) mod page;

pub(crate) mod atom;
mod budget;
pub(crate) mod feeds_json;
pub(crate) mod instant;
pub(crate) mod json;
pub(crate) mod media;
pub(crate) mod opml;
pub(crate) mod person;
mod podcast;
pub(crate) mod rss;
pub(crate) mod title;
pub(crate) mod xml;

pub(crate) use budget::fit;
pub(crate) use title::title;

/// Maximum length, in characters, of a summary that is made from the beginning of the body.
const EXCERPT: usize = 200;
/// Maximum length, in characters, of a summary that is made from the text above the `more` mark. The author
/// chose this text, so the limit only guards against a mark near the end of a long article.
const ABOVE_FOLD: usize = 2000;

/// Renders a feed in one format.
pub fn document(feed: &Feed, format: Format) -> Document {
    let bytes = match format {
        Format::Rss => rss::render(feed),
        Format::Atom => atom::render(feed),
        Format::Json => json::render(feed),
    };
    let address = feed.addresses.document(format);
    let document =
        Document::new(address.path(), media_type(feed, format), DocumentType::Feed(format), feed.into(), bytes);
    let hubs = &feed.masthead.hubs;
    if hubs.is_empty() {
        return document;
    }
    // Subscribers to a hub look at the header first (<https://www.w3.org/TR/websub/#discovery>).
    let links = hubs.iter().map(|hub| (hub, "hub")).chain([(&address, "self")]);
    document.linked(links.map(|(url, rel)| format!("<{url}>; rel=\"{rel}\"")).collect::<Vec<_>>().join(", "))
}

/// Returns the media type including the charset. Without a charset, Chromium shows Chinese text as
/// mojibake. Browsers apply style sheets to XML only if it is served as `application/xml`.
/// See docs/decisions/wire.md#always-send-a-charset.
fn media_type(feed: &Feed, format: Format) -> &'static str {
    match (format, &feed.masthead.style_sheet) {
        (Format::Json, _) => "application/feed+json; charset=utf-8",
        (_, Some(_)) => "application/xml; charset=utf-8",
        (Format::Rss, None) => "application/rss+xml; charset=utf-8",
        (Format::Atom, None) => "application/atom+xml; charset=utf-8",
    }
}

/// Renders the catalogue as OPML 2.0 (`feeds.opml`).
pub(crate) fn opml_document(catalogue: &Catalogue) -> Document {
    listed(catalogue, "feeds.opml", "text/x-opml; charset=utf-8", DocumentType::Opml, opml::render(catalogue))
}

/// Renders the catalogue as JSON (`feeds.json`).
pub(crate) fn feeds_json_document(catalogue: &Catalogue) -> Document {
    listed(
        catalogue,
        "feeds.json",
        "application/json; charset=utf-8",
        DocumentType::Feed(Format::Json),
        feeds_json::render(catalogue),
    )
}

fn listed(catalogue: &Catalogue, name: &str, media_type: &'static str, kind: DocumentType, bytes: Vec<u8>) -> Document {
    let address = catalogue.masthead.start.child(name);
    Document::new(address.path(), media_type, kind, catalogue.into(), bytes)
}

/// Returns the HTML of an entry's body. The HTML is rendered once and shared by all formats and feeds for
/// as long as it stays cached.
pub(crate) fn html(entry: &Entry) -> Arc<str> {
    let body = &entry.body;
    body.html.get(|| below_title(entry, &made(body, &body.source)).into())
}

/// Returns the HTML of an entry without a first heading that repeats its title, because readers show the title, too.
fn below_title<'a>(entry: &Entry, html: &'a str) -> &'a str {
    content::below_title(html, title::title(entry).as_str())
}

/// Returns the links and images of a body, as written, that point to a page or file of this site that does
/// not exist.
pub(crate) fn dead_links(entry: &Entry) -> BTreeSet<(content::Reference, String)> {
    let (body, dead) = (&entry.body, RefCell::new(BTreeSet::new()));
    let resolve = |kind: content::Reference, written: &str| {
        if body.is_dead(written) {
            dead.borrow_mut().insert((kind, written.to_owned()));
        }
        None
    };
    content::html(&body.source.text(), body.source.markup(), &resolve);
    dead.into_inner()
}

impl content::Resolver for EntryBody {
    fn url(&self, kind: content::Reference, written: &str) -> Option<String> {
        let address = match kind {
            content::Reference::Link => self.link(written).or_else(|| Address::beyond(written)),
            content::Reference::Image => self.image(written),
        };
        address.map(|address| address.as_str().to_owned())
    }

    fn size(&self, written: &str) -> Option<(u32, u32)> {
        self.known(written)?.size
    }
}

fn made(body: &EntryBody, source: &BodyText) -> String {
    content::html(&source.text(), source.markup(), body)
}

/// Returns the summary of an entry as plain text: the author's summary, otherwise the text above the `more`
/// mark, otherwise the beginning of the body. The result is empty if the entry has no text.
pub(crate) fn summary(entry: &Entry) -> Text {
    if let Some(summary) = entry.summary.as_ref().filter(|summary| !summary.is_empty()) {
        return summary.clone();
    }
    let body = &entry.body;
    if !body.source.is_long() {
        return summary_of(entry, || html(entry));
    }
    // Do not keep the HTML of thirty long bodies in memory only because their summaries were needed.
    let summary = || summary_of(entry, || below_title(entry, &made(body, &body.source)).into());
    body.html.summary.get_or_init(summary).clone()
}

fn summary_of(entry: &Entry, html: impl FnOnce() -> Arc<str>) -> Text {
    let of_above = |above| content::summary(below_title(entry, &made(&entry.body, above)), ABOVE_FOLD);
    let above = entry.body.above.as_ref().map(of_above).filter(|above| !above.trim().is_empty());
    Text::line(&above.unwrap_or_else(|| content::summary(&html(), EXCERPT)))
}

/// The namespace of `fh:complete` (RFC 5005, section 2).
const FEED_HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// A category or tag of an entry.
struct Label<'a> {
    /// The names that readers show, for example `新媒体/趣头条`.
    name: String,
    /// The slugs, for example `xin-mei-ti/qu-tou-tiao`.
    term: Cow<'a, str>,
    /// The URL of all terms of its kind, for example `https://feeds.example.org/categories/`.
    scheme: &'a str,
}

/// Returns the labels of an entry: each category, followed by each tag. Blank labels and duplicates are left out.
fn labels(entry: &Entry) -> Vec<Label<'_>> {
    let categories = entry.categories.iter().map(|category| {
        let names: Vec<&str> = category.names.iter().map(Text::as_str).collect();
        (names.join("/"), names.len(), &category.page)
    });
    let tags = entry.tags.iter().map(|(tag, page)| (tag.as_str().to_owned(), 1, page));
    let mut seen = std::collections::HashSet::new();
    let labels = categories.chain(tags).filter(|(name, ..)| !name.trim().is_empty() && seen.insert(name.clone()));
    labels
        .map(|(name, depth, page)| {
            // The page of a term is below that of its kind, with a slug for each name.
            let path = page.as_str().trim_end_matches('/');
            let at = path.rmatch_indices('/').nth(depth - 1).map_or(0, |(at, _)| at + 1);
            let term = decode_path(&path[at..]).map_or(Cow::Borrowed(&path[at..]), Cow::Owned);
            Label { name, term, scheme: &path[..at] }
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
