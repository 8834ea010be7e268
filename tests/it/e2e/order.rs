//! Which entries a feed contains, and in which order.

use crate::driver::{Folder, TestServer, article, article_with};

const FORMATS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

#[track_caller]
fn assert_shows(server: &TestServer, titles: &[&str]) {
    for path in FORMATS {
        assert_eq!(server.titles(path), titles, "{path}");
    }
}

#[test]
fn the_newest_comes_first_whatever_the_names_of_files() {
    let folder = Folder::new();
    folder.write("1.md", article("middle", "2026-01-02"));
    folder.write("2.md", article("oldest", "2026-01-01"));
    folder.write("3.md", article("newest", "2026-01-03"));
    assert_shows(&folder.serve(), &["newest", "middle", "oldest"]);
}

#[test]
fn dates_are_compared_as_instants() {
    let folder = Folder::new();
    folder.write("1.md", article("early", "2026-01-02 07:00:00 +0800"));
    folder.write("2.md", article("late", "2026-01-01T23:30:00Z"));
    assert_shows(&folder.serve(), &["late", "early"]);
}

#[test]
fn a_date_without_a_zone_is_in_the_time_zone_of_the_site() {
    let folder = Folder::new();
    folder.define("site.yaml", "time_zone: Asia/Shanghai\n");
    folder.write("a.md", article("A", "2026-01-01 08:00:00"));
    let rss = folder.serve().get("/rss.xml").ok().xml();
    assert_eq!(rss.one("item").one("pubDate").text, "Thu, 01 Jan 2026 00:00:00 GMT");
}

#[test]
fn equal_dates_are_ordered_by_update_and_then_by_path_descending() {
    let folder = Folder::new();
    folder.write("a.md", article("a", "2026-01-01"));
    folder.write("b.md", article("b", "2026-01-01"));
    folder.write("c/a.md", article("c/a", "2026-01-01"));
    folder.write("0.md", article_with("updated", "2026-01-01", "updated: 2026-01-09\n"));
    assert_shows(&folder.serve(), &["updated", "c/a", "b", "a"]);
}

#[test]
fn a_feed_contains_the_thirty_newest() {
    let folder = Folder::new();
    for minute in 10..45 {
        let date = format!("2026-01-01T00:{minute}:00Z");
        folder.write(&format!("{minute}.md"), article(&minute.to_string(), &date));
    }
    let newest: Vec<_> = (15..45).rev().map(|minute| minute.to_string()).collect();
    let newest: Vec<_> = newest.iter().map(String::as_str).collect();
    assert_shows(&folder.serve(), &newest);
    folder.define("site.yaml", "feeds: {limit: 3}\n");
    assert_shows(&folder.serve(), &newest[..3]);
}

#[test]
fn articles_without_a_date_come_last_or_not_at_all() {
    let folder = Folder::new();
    folder.write("a.md", "---\ntitle: undated\n---\ntext\n");
    folder.write("b.md", article("dated", "2001-01-01"));
    assert_shows(&folder.serve(), &["dated", "undated"]);
    folder.define("site.yaml", "undated: skip\n");
    assert_shows(&folder.serve(), &["dated"]);
}

#[test]
fn drafts_and_unpublished_articles_are_in_no_document() {
    let folder = Folder::new();
    folder.write("a.md", article("shown", "2026-01-01"));
    folder.write("b.md", article_with("draft", "2026-01-02", "draft: true\ntags: [secret]\n"));
    folder.write("c.md", article_with("hidden", "2026-01-03", "published: false\ntags: [secret]\n"));
    let server = folder.serve();
    assert_shows(&server, &["shown"]);
    server.get("/tags/secret/rss.xml").assert_status(404);
    server.get("/articles/b/").assert_status(404);
    server.get("/articles/c/").assert_status(404);
    assert!(!server.get("/").ok().text().contains("secret"));
}

#[test]
fn excluded_and_hidden_files_are_not_read() {
    let folder = Folder::new();
    folder.define("site.yaml", "exclude: ['private/**']\n");
    folder.write("a.md", article("shown", "2026-01-01"));
    folder.write("private/b.md", article("excluded", "2026-01-02"));
    folder.write(".hidden/c.md", article("hidden", "2026-01-03"));
    folder.write("notes.txt", article("no article", "2026-01-04"));
    assert_shows(&folder.serve(), &["shown"]);
}

#[test]
fn a_slash_at_the_start_is_the_content_directory_and_one_at_the_end_means_everything_below() {
    let folder = Folder::new();
    folder.write("a.md", article("shown", "2026-01-01"));
    folder.write("private/b.md", article("excluded", "2026-01-02"));
    folder.write("private/deep/c.md", article("excluded", "2026-01-03"));
    folder.write("x/private/d.md", article("of another directory", "2026-01-04"));
    for pattern in ["/private/**", "./private/**", "private/", "/private/", ".//private//", "/private", "p*/"] {
        folder.define("site.yaml", &format!("exclude: ['{pattern}']\n"));
        folder.run(&["build", "--out", "public"]).assert_code(0);
        let feed: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.path("public/feed.json")).unwrap()).unwrap();
        let titles: Vec<&str> =
            feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["of another directory", "shown"], "{pattern}");
    }
}

#[test]
fn toml_front_matter_and_html_files_are_articles_too() {
    let folder = Folder::new();
    folder.write("a.md", "+++\ntitle = 'toml'\ndate = 2026-01-02T00:00:00Z\n+++\ntext\n");
    folder.write("b.html", article("html", "2026-01-01"));
    assert_shows(&folder.serve(), &["toml", "html"]);
}
