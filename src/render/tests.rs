//! Tests that apply to all formats. They render the same hostile feed and check it with a strict scan and
//! with a third-party reader.

use std::sync::Arc;

use feed_rs::model;
use quick_xml::events::Event;

use super::sample::{at, bare, body, full, hostile};
use super::*;
use crate::article::body::Markup;
use crate::article::body::html::escape;
use crate::document::Encoding;
use crate::feed::{Enclosure, EntryBody, UNDATED};

pub(super) fn text_of(document: &Document) -> String {
    String::from_utf8(document.bytes(Encoding::Identity).to_vec()).unwrap()
}

/// Panics unless the text is well-formed XML 1.0.
pub(super) fn assert_well_formed(text: &str) {
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
    assert!(text.chars().all(crate::text::is_carried));
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                depth += 1;
                assert_attributes(&element);
            }
            Event::Empty(element) => assert_attributes(&element),
            Event::End(_) => depth -= 1,
            Event::Text(text) => assert!(!text.into_inner().contains("]]>")),
            Event::GeneralRef(name) => {
                let name = name.into_inner();
                assert!(name.starts_with('#') || ["amp", "lt", "gt", "quot", "apos"].contains(&&*name), "{name}");
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

fn assert_attributes(element: &quick_xml::events::BytesStart<'_>) {
    for attribute in element.attributes().with_checks(true) {
        let attribute = attribute.unwrap();
        // quick-xml itself accepts a bare `&`, so check for it here.
        assert!(quick_xml::escape::unescape(&attribute.value).is_ok(), "{attribute:?}");
        assert!(!attribute.value.contains('<'), "{attribute:?}");
    }
}

fn read(feed: &Feed, format: Format) -> model::Feed {
    let text = text_of(&document(feed, format));
    // Switch sanitising off, because other readers may not repair what this one repairs.
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    parser.parse(text.as_bytes()).unwrap_or_else(|error| panic!("{format:?}: {error}"))
}

#[test]
fn every_text_of_an_author_yields_well_formed_documents() {
    for bodies in [usize::MAX, 0] {
        let feed = Feed { bodies, ..hostile() };
        for format in [Format::Rss, Format::Atom] {
            let text = text_of(&document(&feed, format));
            assert_well_formed(&text);
            // The validator takes these for HTML in plain text (docs/decisions/validity.md#r5-plain-text).
            let outside = text.split("<![CDATA[").map(|part| part.split_once("]]>").map_or(part, |(_, after)| after));
            let plain: String = outside.collect();
            if format == Format::Rss {
                assert!(!plain.contains(">&amp;") && !plain.contains("&lt;"));
            }
        }
        let json: serde_json::Value = serde_json::from_str(&text_of(&document(&feed, Format::Json))).unwrap();
        assert_eq!(json["items"].as_array().unwrap().len(), feed.entries.len());
    }
}

#[test]
fn a_third_party_reader_finds_every_field() {
    let feed = hostile();
    for format in Format::ALL {
        let read = read(&feed, format);
        assert_eq!(read.entries.len(), feed.entries.len());
        assert_eq!(read.language.as_deref(), Some("en"), "{format:?}");
        for (entry, found) in feed.entries.iter().zip(&read.entries) {
            let context = format!("{format:?} {entry:?}");
            assert_eq!(found.id, entry.id.as_str(), "{context}");
            assert!(found.links.iter().any(|link| link.href == entry.link.as_str()), "{context}");
            let published = entry.published.unwrap_or(UNDATED);
            assert_eq!(found.published.map(|at| at.timestamp()), Some(published.timestamp()), "{context}");
            let shown = title(entry);
            match (&found.title, format) {
                (Some(found), Format::Rss) => {
                    assert_eq!(found.content, xml::plain(shown.as_str()), "{context}");
                }
                (Some(found), Format::Atom) if found.content_type.to_string() == "text/html" => {
                    assert_eq!(found.content, escape(title::demanded(entry).as_str()), "{context}");
                }
                (Some(found), Format::Atom) => {
                    assert_eq!(found.content, title::demanded(entry).as_str(), "{context}");
                }
                (Some(found), Format::Json) => assert_eq!(found.content, shown.as_str(), "{context}"),
                (None, _) => assert!(shown.is_empty() && format != Format::Atom, "{context}"),
            }
            // If Media RSS describes another file, feed-rs drops the enclosure of RSS.
            let is_forgotten = |file: &&Enclosure| {
                format == Format::Rss && entry.image.as_ref().is_some_and(|image| image.url != file.url)
            };
            for enclosure in entry.enclosure.iter().filter(|file| !is_forgotten(file)) {
                let wanted = (enclosure.url.as_str().to_owned(), enclosure.media_type.to_string(), enclosure.length);
                assert!(enclosures(found, format).contains(&wanted), "{context}");
            }
            if entry.enclosure.is_none() && entry.image.is_none() {
                assert_eq!(enclosures(found, format), [], "{context}");
            }
            let body = html(entry);
            if !body.is_empty() {
                assert_eq!(found.content.as_ref().unwrap().body.as_deref(), Some(&*body), "{context}");
            }
        }
    }
}

/// Returns the files of an entry, from wherever feed-rs puts them.
fn enclosures(entry: &model::Entry, format: Format) -> Vec<(String, String, Option<u64>)> {
    if format == Format::Rss {
        let content = entry.media.iter().flat_map(|media| &media.content);
        // RSS writes 0 for an unknown length.
        let known = |content: &model::MediaContent| content.size.filter(|&size| size > 0);
        let named = |content: &model::MediaContent| {
            Some((content.url.as_ref()?.to_string(), content.content_type.as_ref()?.to_string(), known(content)))
        };
        return content.filter_map(named).collect();
    }
    let rel = |link: &&model::Link| {
        link.rel.as_deref() == Some("enclosure") || format == Format::Json && link.media_type.is_some()
    };
    let named = |link: &model::Link| {
        (link.href.clone(), link.media_type.as_ref().map(ToString::to_string).unwrap_or_default(), link.length)
    };
    entry.links.iter().filter(rel).map(named).collect()
}

#[test]
fn a_feed_with_a_style_sheet_is_served_as_application_xml() {
    let styled = hostile();
    let mut masthead = (*styled.masthead).clone();
    masthead.style_sheet = None;
    let plain = Feed { masthead: Arc::new(masthead), ..hostile() };
    let types = |feed: &Feed| Format::ALL.map(|format| document(feed, format).media_type);
    assert_eq!(
        types(&styled),
        ["application/xml; charset=utf-8", "application/xml; charset=utf-8", "application/feed+json; charset=utf-8"]
    );
    assert_eq!(
        types(&plain),
        [
            "application/rss+xml; charset=utf-8",
            "application/atom+xml; charset=utf-8",
            "application/feed+json; charset=utf-8"
        ]
    );
    for (format, root) in [(Format::Rss, "<rss xml:lang=\"en\" "), (Format::Atom, "<feed ")] {
        let text = text_of(&document(&styled, format));
        let opening =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<?xml-stylesheet type=\"text/css\" href=\"/feed.css\"?>\n";
        assert!(text.starts_with(&format!("{opening}{root}")), "{}", &text[..300]);
        assert!(!text_of(&document(&plain, format)).contains("xml-stylesheet"));
        assert!(text.contains("xml:lang=\"en\""));
    }
}

#[test]
fn a_document_with_future_entries_has_no_last_modified() {
    let ahead = Feed { ahead: true, ..hostile() };
    assert!(document(&ahead, Format::Rss).last_modified.is_none());
    assert!(document(&hostile(), Format::Rss).last_modified.is_some());
}

#[test]
fn the_html_of_an_entry_is_rendered_once() {
    let entry = bare(1, "x");
    assert!(Arc::ptr_eq(&html(&entry), &html(&entry)));
    assert!(summary(&entry).as_str().starts_with("Some & text."));
    assert_eq!(summary(&full(1, "x")).as_str(), "1 < 2 & </p> &copy; ]]>");
}

#[test]
fn the_text_above_the_more_mark_is_the_summary() {
    let source = format!("<p>{}</p><!-- more --><p>below</p>", "above ".repeat(100));
    let of = |above: Option<&str>| {
        let above = above.map(|above| BodyText::new(above, Markup::HTML));
        summary(&Entry { body: EntryBody { above, ..body(&source, at("https://feeds.example.org/")) }, ..bare(1, "x") })
    };
    assert_eq!(of(source.split("<!--").next()).as_str(), "above ".repeat(100).trim());
    assert!(of(None).as_str().chars().count() <= 200);
    // A mark at the very top leaves nothing for the summary.
    assert!(of(Some("")).as_str().starts_with("above"));
}

#[test]
fn the_labels_of_an_entry_have_no_duplicates() {
    let mut entry = full(1, "x");
    entry.categories.push(entry.categories[0].clone());
    entry.tags.push(entry.tags[0].clone());
    entry.tags.push((Text::default(), entry.page.clone()));
    let labels = labels(&entry);
    let of = |label: &Label<'_>| (label.name.clone(), label.term.to_string(), label.scheme.to_owned());
    let base = "https://feeds.example.org";
    let expected = [
        ("新媒体/R&D </div> <x>", "xin-mei-ti/r-d", format!("{base}/categories/")),
        ("C++ & <T>", "c", format!("{base}/tags/")),
    ];
    assert_eq!(
        labels.iter().map(of).collect::<Vec<_>>(),
        expected.map(|(name, term, scheme)| (name.to_owned(), term.to_owned(), scheme))
    );
}
