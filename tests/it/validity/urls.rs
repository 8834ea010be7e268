//! Every URL that feedmill writes about its own site returns 200 (docs/guarantees.md#every-url-works), whatever the names of files,
//! categories and images.

use std::collections::BTreeSet;

use feedmill::document::Encoding;
use feedmill::edition::Found;
use feedmill::library::Visibility;
use proptest::prelude::*;

use super::test_site::{BASE, TestSite};

/// Parts of paths, and names of categories and tags.
const NAMES: [&str; 34] = [
    "a",
    "A",
    "b",
    "é",
    "e\u{301}",
    "a b",
    " a ",
    "50%",
    "%2e%2e",
    "%41",
    "q?x",
    "h#y",
    "b\\c",
    "it's",
    "\"q\"",
    "x..",
    "tab\tx",
    "nl\nx",
    "del\u{7f}",
    "index",
    "Index",
    "index.html",
    "rss.xml",
    "page",
    "😀",
    "a~",
    "a.md",
    "<b>",
    "&amp;",
    "{x}|^`[1]",
    ";:@=+$,!*()",
    "articles",
    "-",
    "_",
];
const EXTENSIONS: [&str; 8] = ["md", "Md", "MD", "MARKDOWN", "html", "HTM", "mdx", "markdown"];

/// Generates a path of up to four parts.
fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(NAMES.as_slice()), 1..4).prop_map(|parts| parts.join("/"))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Generates an article file that links to other articles and names an image.
fn article() -> impl Strategy<Value = (String, String)> {
    let name = || prop::sample::select(NAMES.as_slice());
    (path(), prop::sample::select(EXTENSIONS.as_slice()), (name(), name(), name()), path(), path(), 1..9_u8).prop_map(
        |(path, extension, (category, below, tag), linked, image, day)| {
            let [category, below, tag] = [category, below, tag].map(quoted);
            let image = format!("/{image}.png");
            let text = format!(
                "---\ntitle: T\ndate: 2026-01-0{day}\ncategories: [{category}, {below}]\ntags: [{tag}, {category}]\n\
                 author: {tag}\ncover: {}\n---\n[one](<{linked}.md>) [two](</articles/{linked}/>) ![three](<{image}>) [four](<{image}>) \
                 [five](nothing.html) ![six](nothing.png) [seven](/nothing/) [eight](#part)\n",
                quoted(&image),
            );
            (format!("{path}.{extension}"), text)
        },
    )
}

/// The URLs below the base URL in a document, as they are written there. On pages they have no host.
fn urls(text: &str) -> BTreeSet<String> {
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\');
    let whole = |url: &str| url[..url.find(ends).unwrap_or(url.len())].to_owned();
    let absolute = text.match_indices(BASE).map(|(at, _)| whole(&text[at..]));
    let on_page = text.starts_with("<!DOCTYPE html>");
    let relative = [" href=\"/", " src=\"/", " poster=\"/"].into_iter().flat_map(|start| text.match_indices(start));
    let relative = relative.map(|(at, start)| format!("{BASE}{}", whole(&text[at + start.len()..])));
    absolute.chain(relative.filter(|_| on_page)).collect()
}

/// Articles that make every list longer than one page, with the names of a category, a tag and an author.
fn more_articles(name: &str) -> impl Iterator<Item = (String, String)> {
    let name = quoted(name);
    (0..31).map(move |n| {
        let text = format!("---\ntitle: T{n}\ndate: 2025-01-02\ncategories: [{name}]\ntags: [{name}, t{n}, u{n}, v{n}, w{n}]\nauthor: {name}\n---\nText.\n");
        (format!("more/{n}.md"), text)
    })
}

/// Decodes one layer of character references, because documents contain HTML inside XML or JSON.
fn plainer(url: &str) -> String {
    url.replace("&amp;", "&").replace("&#x26;", "&").replace("&#38;", "&").replace("&#39;", "'").replace("&apos;", "'")
}

/// The text of every document of an edition, with its URL.
fn documents(site: &TestSite) -> Vec<(String, String)> {
    let edition = site.edition();
    let text = |found| match found {
        Found::Document(document) => String::from_utf8_lossy(&document.bytes(Encoding::Identity)).into_owned(),
        Found::Article(place) => site.article_page(&place),
        Found::Media(_) => String::new(),
        other => panic!("listed, but {other:?}"),
    };
    edition.addresses().map(|path| (path.clone(), text(edition.find(&path)))).collect()
}

proptest! {
    // Each case builds a whole site on disk, which costs 30 times as much as a case of the other properties.
    #![proptest_config({
        let all = super::cases();
        ProptestConfig { cases: (all.cases / 10).max(64), ..all }
    })]

    #[test]
    fn every_url_below_the_base_url_is_found(
        files in prop::collection::vec(article(), 1..8),
        images in prop::collection::vec(path(), 0..4),
        name in prop::sample::select(NAMES.as_slice()),
    ) {
        let mut seen = BTreeSet::new();
        let is_new = |(path, _): &(String, String)| seen.insert(path.replace("e\u{301}", "é"));
        let files: Vec<_> = files.into_iter().filter(is_new).chain(more_articles(name)).collect();
        let images: Vec<String> = images.into_iter().map(|path| format!("{path}.png")).collect();
        let site = TestSite::with_images(&files, &images);
        let documents = documents(&site);
        let pages = documents.iter().filter(|(path, _)| path.starts_with("/articles/")).count();
        prop_assert_eq!(pages, files.len(), "some articles have no page");
        prop_assert!(documents.iter().any(|(path, _)| path == "/page/2/"), "no page of older articles");
        prop_assert!(documents.iter().any(|(path, _)| path == "/tags/page/2/"), "no page of other tags");
        for (path, text) in &documents {
            for url in &urls(text) {
                let path_of = |url: &str| format!("/{}", url[BASE.len()..].split('#').next().unwrap());
                let is_found = |url: &str| {
                    let found = site.edition().find(&path_of(url));
                    let exists = match found {
                        Found::Document(_) | Found::Article(_) => true,
                        Found::Media(key) => site.edition().library().visibility(&key) == Visibility::Public,
                        Found::Moved(_) | Found::Gone | Found::Missing => false,
                    };
                    exists && url.len() <= 8192
                };
                let layers = std::iter::successors(Some(url.clone()), |url| Some(plainer(url)));
                prop_assert!(layers.take(3).any(|url| is_found(&url)), "{} writes {}, which is not found", path, url);
            }
        }
    }
}
