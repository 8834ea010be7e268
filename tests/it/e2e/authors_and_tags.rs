//! The feeds of tags and authors.

use crate::driver::{Folder, article, article_with};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("a.md", article_with("A", "2026-01-03", "tags: [Rust, 新闻]\nauthor: Ada Lovelace\n"));
    folder.write("b.md", article_with("B", "2026-01-02", "tags: [rust]\nauthor: ada lovelace\n"));
    folder.write("c.md", article_with("C", "2026-01-01", "tags: [Go]\nauthors: [Ada Lovelace, 李白]\n"));
    folder.write("d.md", article("D", "2025-01-01"));
    folder
}

#[test]
fn every_tag_has_a_feed_in_all_formats() {
    let server = folder().serve();
    for format in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(server.titles(&format!("/tags/rust/{format}")), ["A", "B"], "{format}");
        assert_eq!(server.titles(&format!("/tags/xin-wen/{format}")), ["A"], "{format}");
    }
    server.get("/tags/python/rss.xml").assert_status(404);
}

#[test]
fn every_author_has_a_feed_in_all_formats() {
    let server = folder().serve();
    for format in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(server.titles(&format!("/authors/ada-lovelace/{format}")), ["A", "B", "C"], "{format}");
        assert_eq!(server.titles(&format!("/authors/li-bai/{format}")), ["C"], "{format}");
    }
    server.get("/authors/nobody/rss.xml").assert_status(404);
}

#[test]
fn feeds_are_titled_by_the_tag_with_a_hash_or_by_the_author() {
    let server = folder().serve();
    let title = |path| server.get(path).ok().json()["title"].as_str().unwrap().to_owned();
    assert_eq!(title("/tags/rust/feed.json"), "#rust · Example");
    assert_eq!(title("/tags/go/feed.json"), "#Go · Example");
    assert_eq!(title("/authors/ada-lovelace/feed.json"), "Ada Lovelace · Example");
}

#[test]
fn an_entry_names_its_author_and_its_tags() {
    let server = folder().serve();
    let rss = server.get("/tags/xin-wen/rss.xml").ok().xml();
    let item = rss.one("item");
    assert_eq!(item.one("dc:creator").text, "Ada Lovelace");
    let labels: Vec<_> = item.all("category").iter().map(|label| label.text.clone()).collect();
    assert!(labels.contains(&"新闻".to_owned()), "{labels:?}");
    let json = server.get("/tags/xin-wen/feed.json").ok().json();
    assert_eq!(json["items"][0]["authors"][0]["name"], "Ada Lovelace");
}

#[test]
fn the_site_feed_contains_articles_without_tags_and_authors() {
    assert_eq!(folder().serve().titles("/rss.xml"), ["A", "B", "C", "D"]);
}
