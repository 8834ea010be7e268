//! Properties of validity and identity. Whatever an author writes, every format is strictly well formed, and
//! every reader gets the title, the link and the id back. No two articles share an id, and no setting changes
//! one.
//!
//! The editions are built in memory, so that ten thousand cases take a minute; `FEEDMILL_PROPERTY_CASES` sets
//! their number. The external validators of `tests/validators` check the same with readers that are not
//! written in Rust.

mod author;
mod identity;
mod test_site;
mod strict;
mod urls;

use author::written;
use proptest::prelude::*;
use test_site::{FORMATS, TestSite};

/// The number of cases for each property.
fn cases() -> ProptestConfig {
    let cases = std::env::var("FEEDMILL_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok());
    // Without a limit, shrinking could run so long that a developer stops the run before seeing the failure.
    let max_shrink_time = 120_000;
    ProptestConfig {
        cases: cases.unwrap_or(128),
        failure_persistence: None,
        max_shrink_time,
        ..ProptestConfig::default()
    }
}

/// Id, link and title of an entry, as a reader sees them.
type Seen = (String, String, String);

fn by_feed_rs(document: &[u8]) -> Vec<Seen> {
    let feed = feed_rs::parser::parse(document).expect("feed-rs cannot parse it");
    let entries = feed.entries.into_iter();
    entries
        .map(|entry| (entry.id, entry.links[0].href.clone(), entry.title.map_or(String::new(), |t| t.content)))
        .collect()
}

fn by_crate(format: &str, document: &[u8]) -> Vec<Seen> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    match format {
        "rss.xml" => {
            let channel = rss::Channel::read_from(document).expect("rss cannot parse it");
            let item =
                |item: &rss::Item| (item.guid.as_ref().unwrap().value.clone(), text(item.link()), text(item.title()));
            channel.items().iter().map(item).collect()
        }
        "atom.xml" => {
            let feed = atom_syndication::Feed::read_from(document).expect("atom_syndication cannot parse it");
            let entries = feed.entries().iter();
            entries.map(|entry| (entry.id.clone(), entry.links[0].href.clone(), entry.title.value.clone())).collect()
        }
        _ => {
            let feed: serde_json::Value = serde_json::from_slice(document).expect("serde_json cannot parse it");
            let text = |value: &serde_json::Value| text(value.as_str());
            let items = feed["items"].as_array().unwrap().iter();
            items.map(|item| (text(&item["id"]), text(&item["url"]), text(&item["title"]))).collect()
        }
    }
}

/// A title in the form in which titles are compared: white space does not count, an end tag may contain a
/// space (docs/decisions/validity.md#r5-plain-text), and some readers show the markup of a title that Atom declares as `html`.
fn shown(title: &str) -> String {
    const REFERENCES: [(&str, &str); 4] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    let mut title = title.to_owned();
    while let Some((written, character)) = REFERENCES.iter().find(|(written, _)| title.contains(written)) {
        title = title.replace(written, character);
    }
    title.replace(" >", ">").split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_an_author_writes_every_reader_gets_back_title_link_and_id(articles in written()) {
        let site = TestSite::of(&articles, "");
        let wanted = site.entries();
        prop_assert_eq!(wanted.len(), articles.len(), "some articles are missing: {:?}", articles);
        for format in FORMATS {
            let document = site.document(format);
            let strict = if format == "feed.json" { None } else { Some(strict::entries(&document)) };
            let strict = strict.transpose().map_err(|error| TestCaseError::fail(format!("{format}: {error}")))?;
            let readers = [Some(by_feed_rs(&document)), Some(by_crate(format, &document)), strict];
            for (reader, seen) in readers.iter().enumerate().filter_map(|(reader, seen)| Some((reader, seen.as_ref()?))) {
                prop_assert_eq!(seen.len(), wanted.len(), "{} by reader {}", format, reader);
                for ((id, link, title), entry) in seen.iter().zip(&wanted) {
                    prop_assert_eq!(id, &entry.id, "{} by reader {}", format, reader);
                    prop_assert_eq!(link, &entry.link, "{} by reader {}", format, reader);
                    // Atom requires a title, so an entry without one gets its summary as title.
                    if !entry.title.is_empty() {
                        prop_assert_eq!(shown(title), shown(&entry.title), "{} by reader {}", format, reader);
                    }
                }
            }
        }
        for (entry, article) in wanted.iter().zip(&articles) {
            // An article without a title is named after its file.
            if let Some(cleaned) = article.title.cleaned().filter(|cleaned| !cleaned.is_empty()) {
                // Characters that YAML does not allow unescaped are replaced by spaces before parsing.
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                // A title of invisible characters is none.
                if entry.title.is_empty() {
                    prop_assert!(!cleaned.contains(|c: char| c.is_ascii_graphic()), "of {:?}", article.title);
                    continue;
                }
                prop_assert_eq!(bare(&entry.title), bare(&cleaned), "of {:?}", article.title);
            }
        }
    }

    #[test]
    fn equal_content_gives_equal_bytes_in_whatever_order_it_comes(articles in written(), seed in any::<u64>()) {
        let mut shuffled = articles.clone();
        shuffled.sort_by_key(|article| (seed ^ article.number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (one, other) = (TestSite::of(&articles, ""), TestSite::one_by_one(&shuffled, ""));
        for format in FORMATS {
            prop_assert_eq!(one.document(format), other.document(format), "{}", format);
        }
    }
}

#[test]
fn a_title_of_a_megabyte_is_cut_and_everywhere_the_same() {
    let files = [
        ("a.md".to_owned(), format!("---\ntitle: {}\n---\nbody\n", "A title & more. ".repeat(70_000))),
        ("b.md".to_owned(), format!("# {}\n\nbody\n", "A title & more. ".repeat(70_000))),
    ];
    let site = TestSite::of_files(&files, "", usize::MAX);
    for format in FORMATS {
        let document = site.document(format);
        let seen = by_feed_rs(&document);
        assert_eq!(seen.len(), files.len(), "{format}");
        for (_, _, title) in seen {
            assert!(title.chars().count() <= 500 && title.starts_with("A title & more. A"), "{format}: {title}");
        }
    }
}

#[test]
fn the_strict_reader_is_strict() {
    let wrap = |inside: &str| format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss>{inside}</rss>").into_bytes();
    assert!(
        strict::entries(&wrap("<item><title>a &#x26; <![CDATA[<b>]]></title><guid>1</guid><link>2</link></item>"))
            .is_ok()
    );
    for wrong in [
        "<item>",
        "</item>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a>&nbsp;</a>",
        "<a>&#8;</a>",
        "<a>&#xFFFE;</a>",
        "<a>\u{8}</a>",
        "<a>\u{ffff}</a>",
        "<a>]]></a>",
        "<a b='<'/>",
        "<a>a & b</a>",
        "<a><b></a></b>",
        "<1/>",
        "<a b='\u{1}'/>",
        "<!DOCTYPE x>",
        "<a",
    ] {
        assert!(strict::entries(&wrap(wrong)).is_err(), "{wrong:?}");
    }
}
