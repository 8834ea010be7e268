//! Renders Atom 1.0 (RFC 4287).
//!
//! Maps a [`Feed`] to the elements that Atom defines and fills in the ones that it requires. The
//! `atom_syndication` crate writes the XML.

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{self as syndication, Category, FixedDateTime, Generator, Link, TextType, WriteConfig};
use chrono::{DateTime, Utc};

use super::xml::{self, Missing, plain};
use super::{Label, html, media, person, summary, title};
use crate::article::body::html::escape;
use crate::feed::{Content, Entry, Feed, Format, Language, License, Person, Text, UNDATED};

/// Returns the bytes of the feed's Atom document.
pub(crate) fn render(feed: &Feed) -> Vec<u8> {
    let atom = whole(feed);
    let bodies: usize =
        atom.entries.iter().filter_map(|entry| entry.content.as_ref()?.value.as_ref()).map(String::len).sum();
    let config = WriteConfig { write_document_declaration: false, indent_size: None };
    // Writing to a `Vec` cannot fail. Escaping makes the HTML longer, so reserve a quarter more.
    let written =
        atom.write_with_config(Vec::with_capacity(bodies + bodies / 4 + 4096), config).expect("writing to memory");
    // The crate writes the `xml:lang` of the feed itself, and has none for an entry.
    let missing = Missing {
        language: None,
        entry_languages: feed.entries.iter().map(|entry| own_language(entry, feed)).collect(),
        style_sheet: feed.masthead.style_sheet.as_ref(),
    };
    xml::finish(&written, &missing)
}

fn own_language<'a>(entry: &'a Entry, feed: &Feed) -> Option<&'a Language> {
    entry.language.as_ref().filter(|&language| *language != feed.language)
}

fn whole(feed: &Feed) -> syndication::Feed {
    let masthead = &*feed.masthead;
    let mut namespaces = std::collections::BTreeMap::new();
    if feed.entries.iter().any(|entry| media::is_described(entry, feed)) {
        // The crate writes namespaces unescaped, which is safe for a constant.
        namespaces.insert("media".to_owned(), media::NAMESPACE.to_owned());
    }
    let mut extensions = ExtensionMap::new();
    if feed.is_complete() {
        namespaces.insert("fh".to_owned(), super::FEED_HISTORY.to_owned());
        let complete = Extension { name: "fh:complete".to_owned(), ..Extension::default() };
        extensions.insert("fh".to_owned(), [("complete".to_owned(), vec![complete])].into());
    }
    // RFC 4287, section 4.1.1: a feed needs an author unless all of its entries have one.
    let author = masthead.author.as_ref().map_or_else(|| named(masthead.title.as_str()), author);
    syndication::Feed {
        title: construct(&title::of_feed(feed)),
        id: feed.id.as_str().to_owned(),
        updated: fixed(feed.updated),
        authors: vec![author],
        generator: Some(Generator { value: "feedmill".to_owned(), ..Generator::default() }),
        icon: masthead.icon.as_ref().map(|icon| icon.url.as_str().to_owned()),
        logo: feed.image.as_ref().map(|image| image.url.as_str().to_owned()),
        links: [
            link("self", feed.addresses.document(Format::Atom).as_str(), Format::Atom.media_type()),
            link("alternate", feed.link.as_str(), "text/html"),
        ]
        .into_iter()
        .chain(
            masthead
                .license
                .as_ref()
                .and_then(License::url)
                .map(|license| link("license", license.as_str(), "text/html")),
        )
        .chain(masthead.hubs.iter().map(|hub| Link {
            href: hub.as_str().to_owned(),
            rel: "hub".to_owned(),
            ..Link::default()
        }))
        .collect(),
        rights: masthead.copyright.as_ref().filter(|rights| !rights.is_empty()).map(construct),
        subtitle: (!feed.description.is_empty()).then(|| construct(&feed.description)),
        lang: Some(feed.language.as_str().to_owned()),
        entries: feed
            .entries
            .iter()
            .enumerate()
            .map(|(index, entry)| self::entry(entry, feed, feed.content(index)))
            .collect(),
        namespaces,
        extensions,
        ..syndication::Feed::default()
    }
}

fn entry(entry: &Entry, feed: &Feed, content: Content) -> syndication::Entry {
    let title = title::demanded(entry);
    let content = (content == Content::Full).then(|| html(entry)).filter(|html| !html.trim().is_empty());
    let extensions = extensions(entry, feed, content.as_deref().unwrap_or_default());
    let summary = Some(summary(entry))
        .filter(|summary| !summary.is_empty())
        // The validator rejects an entry with neither content nor summary
        // (docs/decisions/validity.md#a5-entries-without-content).
        .or_else(|| content.is_none().then(|| title.clone()));
    syndication::Entry {
        title: construct(&title),
        id: entry.id.as_str().to_owned(),
        updated: fixed(entry.updated.or(entry.published).unwrap_or(UNDATED)),
        authors: entry.authors.iter().map(author).collect(),
        contributors: entry.contributors.iter().map(author).collect(),
        categories: super::labels(entry).into_iter().map(category).collect(),
        links: links(entry, feed),
        published: Some(fixed(entry.published.unwrap_or(UNDATED))),
        summary: summary.map(|summary| construct(&summary)),
        content: content.map(|html| syndication::Content {
            value: Some(html.to_string()),
            // The crate would write content of type `xhtml` unescaped.
            content_type: Some("html".to_owned()),
            ..syndication::Content::default()
        }),
        extensions,
        ..syndication::Entry::default()
    }
}

fn category(label: Label) -> Category {
    Category {
        term: label.term.into_owned(),
        scheme: Some(label.scheme.to_owned()),
        label: Some(plain(&label.name).into_owned()),
    }
}

fn links(entry: &Entry, feed: &Feed) -> Vec<Link> {
    let mut links = vec![link("alternate", entry.link.as_str(), "text/html")];
    links.extend(entry.translations.iter().map(|(language, address)| Link {
        hreflang: Some(language.as_str().to_owned()),
        ..link("alternate", address.as_str(), "text/html")
    }));
    // The permalink stays the alternate link, because a reader takes another host for another site.
    if let Some(related) = &entry.external_url {
        links.push(Link { href: related.as_str().to_owned(), rel: "related".to_owned(), ..Link::default() });
    }
    if let Some(comments) = &entry.comments {
        links.push(link("replies", comments.as_str(), "text/html"));
    }
    if let Some(license) = entry.license.as_ref().and_then(License::url) {
        links.push(link("license", license.as_str(), "text/html"));
    }
    for enclosure in feed.attachments(entry) {
        links.push(Link {
            length: enclosure.length.map(|length| length.to_string()),
            ..link("enclosure", enclosure.url.as_str(), enclosure.media_type.as_str())
        });
    }
    links
}

fn link(rel: &str, href: &str, media_type: &str) -> Link {
    Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: Some(media_type.to_owned()), ..Link::default() }
}

fn author(person: &Person) -> syndication::Person {
    syndication::Person {
        email: person::email(person).map(str::to_owned),
        uri: person.url.as_ref().map(|url| url.as_str().to_owned()),
        ..named(&person::name(person))
    }
}

fn named(name: &str) -> syndication::Person {
    syndication::Person { name: plain(name).into_owned(), ..syndication::Person::default() }
}

/// Builds a text construct. The type is `text`, unless the text contains something that the W3C validator
/// takes for an end tag; then the type is `html` and the text is escaped, which the validator accepts.
/// `text` is preferred because feedparser shows HTML titles without decoding them.
/// See docs/decisions/validity.md#a7-text-constructs.
fn construct(text: &Text) -> syndication::Text {
    let (value, r#type) = if xml::has_end_tag(text.as_str()) {
        (escape(text.as_str()), TextType::Html)
    } else {
        (text.as_str().to_owned(), TextType::Text)
    };
    syndication::Text { value, r#type, ..syndication::Text::default() }
}

fn extensions(entry: &Entry, feed: &Feed, body: &str) -> ExtensionMap {
    let mut extensions = ExtensionMap::new();
    for element in media::elements(entry, feed, body) {
        let of_media = extensions.entry("media".to_owned()).or_default();
        of_media.entry(element.name.to_owned()).or_default().push(extension(element));
    }
    extensions
}

fn extension(element: media::Element) -> Extension {
    Extension {
        name: element.qualified(),
        value: element.text,
        // The crate escapes all attributes except those of extensions.
        attrs: element.attributes.into_iter().map(|(name, value)| (name.to_owned(), escape(&value))).collect(),
        children: element.children.into_iter().map(|child| (child.name.to_owned(), vec![extension(child)])).collect(),
    }
}

/// Keeps the fraction of a second, because the validator compares the `updated` elements of entries as text
/// and warns about duplicates (docs/decisions/validity.md#a4-dates).
fn fixed(instant: DateTime<Utc>) -> FixedDateTime {
    instant.fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{bare, feed_of, full};
    use super::*;
    use crate::article::body::{BodyText, Markup};

    fn rendered(feed: &Feed) -> String {
        String::from_utf8(render(feed)).unwrap()
    }

    #[test]
    fn every_element_that_atom_requires_is_present() {
        let mut feed = feed_of(vec![bare(1, "")]);
        let mut masthead = (*feed.masthead).clone();
        masthead.author = None;
        feed.masthead = masthead.into();
        let atom = rendered(&Feed { bodies: 0, ..feed });
        assert!(atom.contains("<author><name>Example &#x26; &#x3C;b&gt;News&#x3C;/b &gt;</name></author>"));
        assert!(atom.contains("<updated>2000-01-01T00:00:00+00:00</updated>"));
        assert!(atom.contains("<published>2000-01-01T00:00:00+00:00</published>"));
        assert!(atom.contains("<entry><title>Some &#x26; text. ]]&gt; 字"));
        assert!(atom.contains("<summary>Some &#x26;"));
        assert!(!atom.contains("<content") && !atom.contains("xmlns:media"));
    }

    #[test]
    fn an_entry_without_text_is_named_after_its_page() {
        let mut silent = bare(7, "");
        silent.body.source = BodyText::new("", Markup::HTML);
        let atom = rendered(&feed_of(vec![silent]));
        assert!(atom.contains("<entry><title>7</title>"));
        assert!(atom.contains("<summary>7</summary>") && !atom.contains("<content"));
    }

    #[test]
    fn only_text_that_looks_like_html_is_escaped_twice() {
        let of = |title| rendered(&feed_of(vec![bare(1, title)]));
        assert!(of("<div></div>").contains("<title type=\"html\">&#x26;lt;div&#x26;gt;&#x26;lt;/div&#x26;gt;</title>"));
        assert!(of("a < b &copy; &").contains("<title>a &#x3C; b © &#x26;</title>"));
    }

    #[test]
    fn an_entry_declares_its_language_and_keeps_fractions_of_seconds() {
        let atom = rendered(&feed_of(vec![full(1, "x")]));
        assert!(
            atom.contains("<entry xml:lang=\"zh-CN\"><title>x</title>") && atom.contains("<content type=\"html\">")
        );
        assert!(atom.contains("<updated>2021-08-04T16:20:06.250+00:00</updated>"));
        let href = "href=\"https://feeds.example.org/media/1.jpg?w=1&amp;h=2\" rel=\"enclosure\" type=\"image/jpeg\" length=\"4321\"";
        assert!(atom.contains(href));
        assert!(
            atom.contains("url=\"https://feeds.example.org/media/1.jpg?w=1&amp;h=2\""),
            "attributes of extensions must be escaped"
        );
    }
}
