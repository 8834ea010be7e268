//! Renders the catalogue as OPML 2.0, for readers that subscribe to many feeds at once.
//!
//! A category with subcategories becomes a folder that contains its own feed and theirs, because readers
//! look for feeds inside folders but not inside feeds.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::instant;
use crate::feed::{Catalogue, FeedKey, Kind, Listing, Text};
use crate::key::Topic;

/// Returns the bytes of `feeds.opml`.
pub(crate) fn render(catalogue: &Catalogue) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024 + catalogue.listings.len() * 256);
    // Writing to a `Vec` cannot fail.
    write(catalogue, &mut Writer::new(&mut bytes)).expect("writing to memory");
    bytes
}

fn write(catalogue: &Catalogue, writer: &mut Writer<&mut Vec<u8>>) -> std::io::Result<()> {
    let masthead = &*catalogue.masthead;
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let mut root = BytesStart::new("opml");
    root.push_attribute(("version", "2.0"));
    writer.write_event(Event::Start(root))?;
    open("head", writer)?;
    element("title", masthead.title.as_str(), writer)?;
    element("dateModified", &instant::rfc822(catalogue.updated), writer)?;
    if let Some(author) = &masthead.author {
        element("ownerName", author.name.as_str(), writer)?;
    }
    close("head", writer)?;
    open("body", writer)?;
    outlines(catalogue, writer)?;
    close("body", writer)?;
    close("opml", writer)
}

/// Writes the outlines. Every category precedes its children in the list, so the stack of open folders is
/// all the state that is needed.
fn outlines(catalogue: &Catalogue, writer: &mut Writer<&mut Vec<u8>>) -> std::io::Result<()> {
    let mut folders: Vec<&FeedKey> = Vec::new();
    for (position, listing) in catalogue.listings.iter().enumerate() {
        let parent = listing.key.parent();
        while folders.last().is_some_and(|&folder| Some(folder) != parent.as_ref()) {
            folders.pop();
            close("outline", writer)?;
        }
        let next = catalogue.listings.get(position + 1);
        if next.is_some_and(|next| next.key.parent().as_ref() == Some(&listing.key)) {
            let mut folder = BytesStart::new("outline");
            folder.push_attribute(("text", listing.names.last().unwrap_or(&listing.title).as_str()));
            writer.write_event(Event::Start(folder))?;
            folders.push(&listing.key);
        }
        subscription(catalogue, listing, writer)?;
    }
    folders.into_iter().try_for_each(|_| close("outline", writer))
}

fn subscription(catalogue: &Catalogue, listing: &Listing, writer: &mut Writer<&mut Vec<u8>>) -> std::io::Result<()> {
    // The first format on offer: RSS or Atom if there is one, because every reader supports them.
    let Some((_, document)) = listing.addresses.documents().next() else {
        return Ok(());
    };
    // Miniflux shows the title in one list with the feeds of other sites, so it includes the name of this
    // site.
    let title = match listing.key.kind() {
        Kind::Site => listing.title.clone(),
        _ => Text::line(&format!("{} · {}", listing.title, listing.masthead.title)),
    };
    let mut outline = BytesStart::new("outline");
    // OPML 2.0 uses the type `rss` for every subscription, including Atom.
    outline.push_attribute(("type", "rss"));
    outline.push_attribute(("text", listing.title.as_str()));
    outline.push_attribute(("title", title.as_str()));
    outline.push_attribute(("xmlUrl", document.as_str()));
    outline.push_attribute(("htmlUrl", listing.addresses.page.as_str()));
    if listing.masthead.language != catalogue.masthead.language {
        outline.push_attribute(("language", listing.masthead.language.as_str()));
    }
    if listing.key == (FeedKey { language: catalogue.language.clone(), topic: Topic::Site }) {
        outline.push_attribute(("description", catalogue.description.as_str()));
    }
    writer.write_event(Event::Empty(outline))
}

fn element(name: &str, text: &str, writer: &mut Writer<&mut Vec<u8>>) -> std::io::Result<()> {
    open(name, writer)?;
    writer.write_event(Event::Text(BytesText::new(text)))?;
    close(name, writer)
}

fn open(name: &str, writer: &mut Writer<&mut Vec<u8>>) -> std::io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))
}

fn close(name: &str, writer: &mut Writer<&mut Vec<u8>>) -> std::io::Result<()> {
    writer.write_event(Event::End(BytesEnd::new(name)))
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::super::sample::{at, feed_of, instant};
    use super::super::tests::assert_well_formed;
    use super::*;
    use crate::feed::{Addresses, Format};
    use crate::key::Topic;

    fn listing(key: FeedKey, names: &[&str], page: &str, formats: &[Format]) -> Listing {
        let names: Vec<Text> = names.iter().map(|name| Text::line(name)).collect();
        let title = if names.is_empty() {
            "Example".to_owned()
        } else {
            names.iter().map(Text::as_str).collect::<Vec<_>>().join(" / ")
        };
        let addresses = Addresses { page: at(&format!("https://feeds.example.org/{page}")), formats: formats.into() };
        let updated = (key == FeedKey::SITE).then(|| instant(0));
        Listing {
            key,
            masthead: feed_of(Vec::new()).masthead,
            taxonomy: None,
            language: crate::feed::Language::undetermined(),
            names,
            title: Text::line(&title),
            addresses,
            count: 1,
            updated,
        }
    }

    pub(in super::super) fn catalogue() -> Catalogue {
        let category = |names: &[&str]| {
            let key = Topic::Category(names.iter().map(|&name| Arc::from(name)).collect()).into();
            listing(key, names, &format!("{}/", names.join("-")), &Format::ALL)
        };
        let listings = vec![
            listing(FeedKey::SITE, &[], "", &Format::ALL),
            category(&["a"]),
            category(&["a", "b"]),
            category(&["a", "b", "c"]),
            category(&["a", "d"]),
            category(&["e"]),
            listing(Topic::Tag("t".into()).into(), &["<T> & \"C++\""], "tag/", &[Format::Atom]),
        ];
        let feed = feed_of(Vec::new());
        Catalogue {
            languages: Vec::new(),
            language: None,
            masthead: feed.masthead,
            description: feed.description,
            listings,
            updated: instant(0),
            ahead: false,
        }
    }

    #[test]
    fn outlines_are_nested_like_the_categories() {
        let opml = String::from_utf8(render(&catalogue())).unwrap();
        assert_well_formed(&opml);
        let mut shape = String::new();
        for part in opml.split("<body>").nth(1).unwrap().split_inclusive('>') {
            match part {
                "<outline text=\"a\">" => shape.push_str("a["),
                "<outline text=\"b\">" => shape.push_str("b["),
                "</outline>" => shape.push(']'),
                feed if feed.starts_with("<outline type=\"rss\"") => shape.push('.'),
                _ => {}
            }
        }
        assert_eq!(shape, ".a[.b[..].]..");
    }

    #[test]
    fn a_subscription_names_the_first_format_on_offer() {
        let opml = String::from_utf8(render(&catalogue())).unwrap();
        assert!(
            opml.contains(
                "xmlUrl=\"https://feeds.example.org/a-b/rss.xml\" htmlUrl=\"https://feeds.example.org/a-b/\""
            )
        );
        assert!(opml.contains(
            "text=\"&lt;T&gt; &amp; &quot;C++&quot;\" title=\"&lt;T&gt; &amp; &quot;C++&quot; · Example &amp;"
        ));
        assert!(opml.contains("xmlUrl=\"https://feeds.example.org/tag/atom.xml\""));
        assert!(opml.contains("<dateModified>Wed, 04 Aug 2021 14:56:46 GMT</dateModified><ownerName>Desk</ownerName>"));
    }

    #[test]
    fn opml_and_feeds_json_have_their_media_types() {
        let catalogue = catalogue();
        assert_eq!(super::super::opml_document(&catalogue).media_type, "text/x-opml; charset=utf-8");
        assert_eq!(super::super::feeds_json_document(&catalogue).media_type, "application/json; charset=utf-8");
    }
}
