//! Taxonomies other than categories, tags and authors: `series` everywhere, and those that a generator declares.

use serde_json::{Value, json};

use crate::driver::{Folder, TestServer, article_with};

fn listed(server: &TestServer, path: &str) -> Vec<Value> {
    let list = server.get(path).ok().json();
    let is_term = |feed: &&Value| feed["kind"] == "taxonomy";
    list["feeds"].as_array().unwrap().iter().filter(is_term).cloned().collect()
}

#[test]
fn a_series_is_a_feed_on_every_site() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-02", "series: Long Tale\n"));
    folder.write("b.md", article_with("B", "2026-01-03", "series: [long tale, 长篇]\n"));
    folder.write("c.md", article_with("C", "2026-01-04", "series: true\n"));
    let server = folder.serve();
    for format in ["rss.xml", "atom.xml", "feed.json"] {
        assert_eq!(server.titles(&format!("/series/long-tale/{format}")), ["B", "A"]);
    }
    assert!(server.get("/series/long-tale/").ok().text().contains("Long Tale"));
    let list = server.get("/series/").ok().text();
    assert!(list.contains("href=\"/series/long-tale/\"") && list.contains("href=\"/series/chang-pian/\""), "{list}");
    assert!(server.get("/").ok().text().contains("href=\"/series/long-tale/\""));
    assert!(server.get("/articles/a/").ok().text().contains("href=\"/series/long-tale/\""));
    let terms = listed(&server, "/feeds.json");
    assert_eq!(terms.len(), 2);
    let tale = terms.iter().find(|term| term["path"] == json!(["Long Tale"])).unwrap();
    assert_eq!(tale["taxonomy"], "series");
    assert_eq!((&tale["count"], &tale["rss"]), (&json!(2), &json!(server.url("/series/long-tale/rss.xml"))));
    server.get("/series/Long%20Tale/rss.xml").assert_moved_to(&server.url("/series/long-tale/rss.xml"));
    server.get("/series").assert_moved_to(&server.url("/series/"));
    server.get("/series/rss.xml").assert_status(404);
}

#[test]
fn a_site_without_series_has_no_list_of_them() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-02", ""));
    let server = folder.serve();
    server.get("/series/").assert_status(404);
    folder.define("tale.yaml", "taxonomy: series/Long Tale\ntitle: The tale\n");
    server.eventually("/series/long-tale/rss.xml", |answer| answer.status == 200);
    assert!(server.titles("/series/long-tale/rss.xml").is_empty());
    assert!(server.get("/series/long-tale/rss.xml").ok().text().contains("The tale"));
}

#[test]
fn taxonomies_of_hugo_are_feeds_and_their_old_urls_redirect() {
    let folder = Folder::new();
    folder.write(
        "hugo.toml",
        "[taxonomies]\ncategory = 'categories'\ngenre = 'genres'\nmedium = 'media'\nauthor = 'authors'\n[languages.en]\n[languages.fr]\n",
    );
    let more = "genres: [Noir]\nmedia: [Film]\nauthors: [Ann]\n";
    folder.write("content/a.md", article_with("A", "2026-01-02", more));
    folder.write("content/b.fr.md", article_with("B", "2026-01-03", "genres: [Noir]\n"));
    folder.define("site.yaml", "presets: [hugo]\n");
    let server = folder.serve();
    assert_eq!(server.titles("/genres/noir/rss.xml"), ["A"]);
    assert_eq!(server.titles("/fr/genres/noir/rss.xml"), ["B"]);
    assert_eq!(server.titles("/taxonomy-media/film/rss.xml"), ["A"]);
    assert_eq!(server.titles("/authors/ann/rss.xml"), ["A"]);
    assert_eq!(listed(&server, "/fr/feeds.json").len(), 1);
    assert_eq!(listed(&server, "/feeds.json").len(), 3);
    server.get("/genres/noir/index.xml").assert_moved_to(&server.url("/genres/noir/rss.xml"));
    server.get("/fr/genres/noir/index.xml").assert_moved_to(&server.url("/fr/genres/noir/rss.xml"));
    let checked = folder.run(&["check"]);
    checked.assert_says("the name of the taxonomy `media` is reserved, so its URL is /taxonomy-media/");
}

#[test]
fn taxonomies_of_zola_are_feeds() {
    let folder = Folder::new();
    folder.write(
        "config.toml",
        "base_url = 'https://example.org'\ntaxonomies = [{name = 'tags'}, {name = 'projects'}]\n",
    );
    folder.write("content/_index.md", "+++\n+++\n");
    let front =
        "+++\ntitle = 'A'\ndate = 2026-01-02\n[taxonomies]\ntags = ['x']\nprojects = ['Mill']\nseries = ['S']\n+++\n";
    folder.write("content/a.md", front);
    let server = folder.serve();
    for path in ["/projects/mill/atom.xml", "/series/s/atom.xml", "/tags/x/atom.xml"] {
        assert_eq!(server.titles(path), ["A"], "{path}");
    }
}
