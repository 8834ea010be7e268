//! The lists of feeds for programs: `/feeds.opml` and `/feeds.json`.

use std::collections::BTreeSet;

use crate::driver::{Folder, article_with};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\nhome: https://news.example.org\n");
    folder.define("digest.yaml", "title: Digest\n");
    let more = "categories: [新媒体, 趣头条]\ntags: [新闻]\nauthor: Ada\n";
    folder.write("a.md", article_with("A", "2026-01-02T03:04:05Z", more));
    folder.write("b.md", article_with("B", "2026-01-01", "categories: [新媒体]\n"));
    folder
}

#[test]
fn feeds_json_has_exactly_its_documented_shape() {
    let server = folder().serve();
    let answer = server.get("/feeds.json").ok();
    assert!(answer.must("content-type").starts_with("application/json"), "{answer}");
    let list = answer.json();
    assert_eq!(list["version"], 1);
    assert_eq!(list["site"]["title"], "Example");
    assert_eq!(list["site"]["home"].as_str().unwrap().trim_end_matches('/'), "https://news.example.org");
    let feeds = list["feeds"].as_array().unwrap();
    assert_eq!(feeds.len(), 6);
    let wanted = BTreeSet::from(["kind", "path", "title", "page", "rss", "atom", "json", "count", "updated"]);
    for feed in feeds {
        let keys: BTreeSet<_> = feed.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, wanted);
    }
}

#[test]
fn feeds_json_lists_every_feed_with_absolute_urls() {
    let server = folder().serve();
    let list = server.get("/feeds.json").ok().json();
    let feeds = list["feeds"].as_array().unwrap();
    let kinds: BTreeSet<_> = feeds.iter().map(|feed| feed["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["site", "category", "tag", "author", "feed"]));
    let parent = feeds.iter().find(|feed| feed["path"] == serde_json::json!(["新媒体"])).unwrap();
    assert_eq!(parent["kind"], "category");
    assert_eq!(parent["count"], 2);
    assert_eq!(parent["page"], server.url("/categories/xin-mei-ti/"));
    assert_eq!(parent["rss"], server.url("/categories/xin-mei-ti/rss.xml"));
    let updated = parent["updated"].as_str().unwrap();
    let updated = chrono::DateTime::parse_from_rfc3339(updated).unwrap();
    assert_eq!(updated.to_utc().to_rfc3339(), "2026-01-02T03:04:05+00:00");
    for feed in feeds {
        for format in ["page", "rss", "atom", "json"] {
            server.get(&server.path_of(feed[format].as_str().unwrap())).assert_status(200);
        }
    }
}

#[test]
fn the_opml_has_every_feed_of_feeds_json() {
    let server = folder().serve();
    let answer = server.get("/feeds.opml").ok();
    assert_eq!(answer.must("content-type").to_ascii_lowercase(), "text/x-opml; charset=utf-8");
    let opml = answer.xml();
    assert_eq!(opml.one("opml").attribute("version"), "2.0");
    opml.one("head").one("title");
    let outlines = opml.one("body").all("outline");
    let mut addresses = BTreeSet::new();
    for outline in outlines.iter().filter(|outline| outline.attributes.contains_key("xmlUrl")) {
        assert_eq!(outline.attribute("type"), "rss");
        assert!(!outline.attribute("text").is_empty());
        addresses.insert(outline.attribute("xmlUrl").to_owned());
    }
    let list = server.get("/feeds.json").ok().json();
    let feeds = list["feeds"].as_array().unwrap();
    let listed = feeds.iter().map(|feed| feed["rss"].as_str().unwrap().to_owned());
    assert_eq!(addresses, listed.collect());
}

#[test]
fn the_list_follows_the_articles() {
    let folder = folder();
    let server = folder.serve();
    folder.write("c.md", article_with("C", "2026-01-03", "tags: [brand-new]\n"));
    server.eventually("/feeds.json", |answer| answer.text().contains("/tags/brand-new/"));
    server.eventually("/feeds.opml", |answer| answer.text().contains("/tags/brand-new/"));
    server.eventually("/tags/", |answer| answer.text().contains("/tags/brand-new/"));
    folder.remove("c.md");
    server.eventually("/feeds.json", |answer| !answer.text().contains("/tags/brand-new/"));
}
