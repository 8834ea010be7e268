//! Tags and authors have feeds as categories have.

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
    let mill = folder().serve();
    for format in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(mill.titles(&format!("/tags/rust/{format}")), ["A", "B"], "{format}");
        assert_eq!(mill.titles(&format!("/tags/xin-wen/{format}")), ["A"], "{format}");
    }
    mill.get("/tags/python/rss.xml").assert_status(404);
}

#[test]
fn every_author_has_a_feed_in_all_formats() {
    let mill = folder().serve();
    for format in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(mill.titles(&format!("/authors/ada-lovelace/{format}")), ["A", "B", "C"], "{format}");
        assert_eq!(mill.titles(&format!("/authors/li-bai/{format}")), ["C"], "{format}");
    }
    mill.get("/authors/nobody/rss.xml").assert_status(404);
}

#[test]
fn the_titles_are_a_hash_and_the_tag_or_the_author() {
    let mill = folder().serve();
    let title = |path| mill.get(path).ok().json()["title"].as_str().unwrap().to_owned();
    assert_eq!(title("/tags/rust/feed.json"), "#rust · Example");
    assert_eq!(title("/tags/go/feed.json"), "#Go · Example");
    assert_eq!(title("/authors/ada-lovelace/feed.json"), "Ada Lovelace · Example");
}

#[test]
fn an_entry_names_its_author_and_its_tags() {
    let mill = folder().serve();
    let rss = mill.get("/tags/xin-wen/rss.xml").ok().xml();
    let item = rss.one("item");
    assert_eq!(item.one("dc:creator").text, "Ada Lovelace");
    let labels: Vec<_> = item.all("category").iter().map(|label| label.text.clone()).collect();
    assert!(labels.contains(&"新闻".to_owned()), "{labels:?}");
    let json = mill.get("/tags/xin-wen/feed.json").ok().json();
    assert_eq!(json["items"][0]["authors"][0]["name"], "Ada Lovelace");
}

#[test]
fn the_site_holds_articles_with_neither() {
    assert_eq!(folder().serve().titles("/rss.xml"), ["A", "B", "C", "D"]);
}
