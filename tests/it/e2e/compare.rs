//! `feedmill compare`: what subscribers would notice if one feed replaced another.

use std::fs;

use serde_json::{Value, json};

use crate::driver::{Finished, Folder, article, article_with};

const BASE: &str = "https://feeds.example.org";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("base_url: {BASE}\ntitle: Example\nfeeds: {{limit: 2}}\n"));
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("b.md", article_with("B", "2026-01-02", "tags: [t]\n"));
    folder.write("c.md", article("C", "2026-01-03"));
    folder.run(&["build", "--out", "old"]).assert_code(0);
    folder
}

#[track_caller]
fn report(finished: &Finished, code: i32) -> Value {
    finished.assert_code(code);
    serde_json::from_str(&finished.out).unwrap()
}

#[track_caller]
fn json(folder: &Folder, arguments: &[&str], code: i32) -> Value {
    report(&folder.run(&[&["compare", "--format", "json"], arguments].concat()), code)
}

fn id(folder: &Folder, title: &str) -> String {
    let feed: Value = serde_json::from_slice(&fs::read(folder.path("old/feed.json")).unwrap()).unwrap();
    let items = feed["items"].as_array().unwrap();
    items.iter().find(|item| item["title"] == title).unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_same_feed_is_no_difference() {
    let folder = folder();
    folder.run(&["build", "--out", "new"]).assert_code(0);
    let same = json!({"unread": [], "changed": [], "removed": [], "feed": {}});
    for old in ["old/rss.xml", "old/atom.xml", "old/feed.json"] {
        assert_eq!(json(&folder, &[old], 0), same);
        assert_eq!(json(&folder, &[old, "new"], 0), same);
        assert_eq!(json(&folder, &[old, old], 0), same);
    }
    assert_eq!(json(&folder, &["old", "new"], 0), json!({"feeds": {}}));
    assert_eq!(json(&folder, &["old"], 0), json!({"feeds": {}}));
    let text = folder.run(&["compare", "old", "new"]);
    text.assert_code(0);
    assert_eq!(text.out, "0 articles become unread, 0 feeds change\n");
}

#[test]
fn an_edited_article_changes_its_feeds_and_becomes_unread_in_none() {
    let folder = folder();
    folder.write("b.md", article_with("Better", "2026-01-02", "tags: [t]\n"));
    let changed = json!([{"id": id(&folder, "B"), "fields": ["title"]}]);
    assert_eq!(json(&folder, &["old/atom.xml"], 0)["changed"], changed);
    let feeds = &json(&folder, &["old"], 0)["feeds"];
    assert_eq!(feeds["/tags/t/rss.xml"]["changed"], changed);
    assert_eq!(feeds.as_object().unwrap().len(), 6);
    let one = json(&folder, &["old", "--feed", "tags/t/rss.xml"], 0);
    assert_eq!(one, json!({"unread": [], "changed": changed, "removed": [], "feed": {}}));
    let text = folder.run(&["compare", "old"]);
    text.assert_code(0);
    text.assert_says("/atom.xml /feed.json /rss.xml /tags/t/atom.xml");
    text.assert_says("  changed  2026-01-02  Better: title");
    assert!(text.out.ends_with("\n0 articles become unread, 6 feeds change\n"), "{}", text.out);
}

#[test]
fn an_entry_whose_id_is_not_in_the_old_feed_becomes_unread() {
    let folder = folder();
    let old = [id(&folder, "B"), id(&folder, "C")];
    folder.define("site.yaml", &format!("base_url: {BASE}\ntitle: Renamed\nfeeds: {{limit: 9}}\n"));
    folder.write("b.md", article_with("B", "2026-01-02", "id: tag:example.org,2020:new\ntags: [t]\n"));
    folder.write("d.md", article("D", "2026-01-04"));
    let found = json(&folder, &["old/rss.xml"], 1);
    assert_eq!(found["unread"].as_array().unwrap().len(), 3);
    assert_eq!(found["unread"][1], "tag:example.org,2020:new");
    assert_eq!(found["changed"], json!([{"id": "tag:example.org,2020:new", "fields": ["id"]}]));
    assert_eq!((&found["removed"], &found["feed"]["title"]), (&json!([]), &json!(["Example", "Renamed"])));
    let text = folder.run(&["compare", "old/rss.xml"]);
    text.assert_code(1);
    text.assert_says("  unread   2026-01-04  D (new: newer than everything in the old feed)");
    text.assert_says(&format!("  unread   2026-01-02  B (its id was {} and is tag:example.org,2020:new)", old[0]));
    text.assert_says("  unread   2026-01-01  A (older than everything in the old feed, which was shorter)");
    text.assert_says("  feed     title: Example → Renamed");
    text.assert_says("3 articles become unread (1 of them new), 1 feed changes");
    let annotations = folder.run(&["compare", "old/rss.xml", "--format", "github"]);
    annotations.assert_code(1);
    annotations.assert_says("::error title=unread::/rss.xml: B (its id was");
    annotations.assert_says("::notice title=compare::3 articles become unread");
}

#[test]
fn an_entry_that_is_gone_is_listed_and_a_feed_that_is_gone_too() {
    let folder = folder();
    let (b, c) = (id(&folder, "B"), id(&folder, "C"));
    folder.remove("c.md");
    folder.write("b.md", article_with("B", "2026-01-02", "tags: [u]\n"));
    let feeds = &json(&folder, &["old"], 1)["feeds"];
    assert_eq!(feeds["/rss.xml"]["removed"], json!([c]));
    assert_eq!((&feeds["/tags/t/rss.xml"]["removed"], &feeds["/tags/t/rss.xml"]["unread"]), (&json!([b]), &json!([])));
    assert_eq!(feeds["/tags/t/rss.xml"]["feed"]["title"], json!(["#t · Example", null]));
    // Nobody has subscribed to a new feed.
    assert_eq!(feeds["/tags/u/rss.xml"]["unread"], json!([]));
    assert_eq!(feeds["/tags/u/rss.xml"]["feed"]["title"], json!([null, "#u · Example"]));
}

#[test]
fn subscribers_follow_redirects() {
    let folder = folder();
    let site =
        format!("base_url: {BASE}/sub\ntitle: Example\nfeeds: {{limit: 2}}\nredirects: {{/tags/t/: /tags/u/}}\n");
    folder.define("site.yaml", &site);
    folder.write("b.md", article_with("B", "2026-01-02", "tags: [u]\n"));
    folder.run(&["build", "--out", "new"]).assert_code(0);
    for new in [&["old", "new"][..], &["old"]] {
        let moved = &json(&folder, new, 0)["feeds"]["/tags/t/rss.xml"];
        assert_eq!(
            (&moved["removed"], &moved["feed"]["title"]),
            (&json!([]), &json!(["#t · Example", "#u · Example"]))
        );
        assert_eq!(moved["feed"]["self"][1], format!("{BASE}/sub/tags/u/rss.xml"));
    }
}

#[test]
fn feeds_of_other_programs_are_compared_with_the_feed_of_their_format() {
    let folder = folder();
    folder.define(
        "site.yaml",
        &format!(
            "base_url: {BASE}\nids: permalink\nhome: https://example.org\narticle_url: ':home/:contentbasename/'\n"
        ),
    );
    let old = "<?xml version='1.0' encoding='iso-8859-1'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Caf\u{e9}</title>\
        <entry><title type='html'>C</title><link href='https://example.org/c/'/><published>2026-01-03</published></entry></feed>";
    let latin: Vec<u8> = old.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    folder.put("old.xml", latin);
    let found = json(&folder, &["old.xml"], 1);
    assert_eq!(found["unread"], json!(["https://example.org/b/", "https://example.org/a/"]));
    assert_eq!(found["changed"], json!([{"id": "https://example.org/c/", "fields": ["content"]}]));
    assert_eq!(found["feed"]["title"][0], "Café");
    assert_eq!(
        json(&folder, &["old.xml", "--feed", "/tags/t/rss.xml"], 1)["unread"],
        json!(["https://example.org/b/"])
    );
}

#[test]
fn what_cannot_be_compared_is_explained_in_a_sentence() {
    let folder = folder();
    folder.put("page.html", "<!doctype html><html></html>");
    folder.put("empty/x", "");
    for (arguments, sentence) in [
        (&["https://example.org/atom.xml"][..], "download it first: `curl -Lo old.xml https://example.org/atom.xml`"),
        (&["none.xml"], "`none.xml` cannot be read: "),
        (&["page.html"], "`page.html` is not a feed: it is an HTML page"),
        (&["empty"], "`empty` contains no rss.xml, atom.xml or feed.json"),
        (
            &["old/rss.xml", "--feed", "/tags/T/rss.xm"],
            "NEW has no feed /tags/T/rss.xm; did you mean `--feed /tags/t/rss.xml`?",
        ),
        (&["old/rss.xml", "--content", "none"], "no directory `none` here"),
        (&[], "<OLD>"),
        (&["old", "--format", "sarif"], "sarif"),
    ] {
        let finished = folder.run(&[&["compare"], arguments].concat());
        finished.assert_code(2);
        finished.assert_says(sentence);
    }
}
