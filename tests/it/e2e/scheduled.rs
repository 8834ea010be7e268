//! Articles that are not due yet, and articles that have expired.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::driver::{Folder, TestServer, article, article_with};

const FORMATS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

/// A time some seconds from now, and its spelling in front matter.
fn soon(seconds: i64) -> (DateTime<Utc>, String) {
    let instant = Utc::now() + TimeDelta::seconds(seconds);
    (instant, instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The titles of a feed, if it was certainly read before `due`.
fn titles_before(due: DateTime<Utc>, server: &TestServer, path: &str) -> Option<Vec<String>> {
    let titles = server.titles(path);
    // Front matter has no fractions of seconds, so the article is due up to a second before `due`.
    (Utc::now() < due - TimeDelta::seconds(1)).then_some(titles)
}

#[test]
fn an_article_appears_by_itself_when_it_is_due() {
    let folder = Folder::new();
    folder.write("old.md", article("old", "2026-01-01"));
    let server = folder.serve();
    let (due, date) = soon(3);
    folder.write("new.md", article_with("new", &date, "tags: [later]\n"));
    folder.write("seen.md", article("seen", "2026-01-02"));
    server.eventually("/rss.xml", |answer| answer.titles().contains(&"seen".to_owned()));
    if let Some(titles) = titles_before(due, &server, "/rss.xml") {
        assert_eq!(titles, ["seen", "old"]);
    }
    for path in FORMATS {
        server.eventually_shows(path, &["new", "seen", "old"]);
    }
    assert!(Utc::now() >= due - TimeDelta::seconds(1), "the article was published too early");
    server.eventually_shows("/tags/later/rss.xml", &["new"]);
}

#[test]
fn an_article_that_was_held_at_the_start_appears_when_it_is_due() {
    let folder = Folder::new();
    let (due, date) = soon(3);
    folder.write("new.md", article("new", &date));
    let server = folder.serve();
    if let Some(titles) = titles_before(due, &server, "/atom.xml") {
        assert!(titles.is_empty(), "{titles:?}");
    }
    server.eventually_shows("/atom.xml", &["new"]);
}

#[test]
fn an_article_of_the_future_is_in_no_document() {
    let folder = Folder::new();
    folder.write("old.md", article("old", "2026-01-01"));
    folder.write("new.md", article_with("new", "2099-01-01", "tags: [later]\n"));
    let server = folder.serve();
    for path in FORMATS {
        assert_eq!(server.titles(path), ["old"]);
    }
    server.get("/tags/later/rss.xml").assert_status(404);
    server.get("/articles/new/").assert_status(404);
}

#[test]
fn future_articles_are_shown_on_request_and_without_last_modified() {
    let folder = Folder::new();
    folder.define("site.yaml", "future: show\n");
    folder.write("old.md", article_with("old", "2026-01-01", "tags: [done]\n"));
    folder.write("new.md", article("new", "2099-01-01"));
    let server = folder.serve();
    for path in FORMATS {
        assert_eq!(server.titles(path), ["new", "old"]);
        assert_eq!(server.get(path).header("last-modified"), None);
        server.get(path).must("etag");
        server.get(&format!("/tags/done{path}")).ok().must("last-modified");
    }
}

#[test]
fn an_expired_article_disappears_by_itself() {
    let folder = Folder::new();
    folder.put("archetypes/default.md", ""); // detected as a Hugo site; `expiryDate` is Hugo's key
    let (end, date) = soon(3);
    folder.write("old.md", article_with("past", "2026-01-03", "expiryDate: 2026-01-04\n"));
    folder.write("ends.md", article_with("ends", "2026-01-02", &format!("expiryDate: {date}\n")));
    folder.write("stays.md", article("stays", "2026-01-01"));
    let server = folder.serve();
    if let Some(titles) = titles_before(end, &server, "/rss.xml") {
        assert_eq!(titles, ["ends", "stays"]);
    }
    server.eventually_shows("/rss.xml", &["stays"]);
}

#[test]
fn a_draft_appears_once_it_is_published() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "draft: true\n"));
    let server = folder.serve();
    assert!(server.titles("/rss.xml").is_empty());
    folder.write("a.md", article("A", "2026-01-01"));
    server.eventually_shows("/rss.xml", &["A"]);
    folder.write("a.md", article_with("A", "2026-01-01", "published: false\n"));
    server.eventually_shows("/rss.xml", &[]);
}

#[test]
fn an_article_leaves_a_feed_by_itself_when_it_is_too_old_for_it() {
    let folder = Folder::new();
    let (leaves, _) = soon(4);
    let date = (leaves - TimeDelta::minutes(1)).to_rfc3339_opts(SecondsFormat::Secs, true);
    folder.write("old.md", article("old", &date));
    folder.write("ahead.md", article("ahead", &soon(3600).1));
    folder.define("site.yaml", "future: show\n");
    folder.define("recent.yaml", "select: {newer_than: 1m}\n");
    let server = folder.serve();
    if let Some(titles) = titles_before(leaves, &server, "/feeds/recent/rss.xml") {
        assert_eq!(titles, ["ahead", "old"]);
    }
    for path in FORMATS {
        server.eventually_shows(&format!("/feeds/recent{path}"), &["ahead"]);
    }
    assert!(Utc::now() >= leaves - TimeDelta::seconds(1), "the article left too early");
    assert_eq!(server.titles("/rss.xml"), ["ahead", "old"]);
}
