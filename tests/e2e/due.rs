//! Articles that wait for their hour, and such as have had it.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::driver::{Folder, Mill, article, article_with};

const FORMATS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

/// An instant some seconds from now and how front matter writes it.
fn soon(seconds: i64) -> (DateTime<Utc>, String) {
    let instant = Utc::now() + TimeDelta::seconds(seconds);
    (instant, instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// The titles, if the clock was surely before `due` when they were given.
fn titles_before(due: DateTime<Utc>, mill: &Mill, path: &str) -> Option<Vec<String>> {
    let titles = mill.titles(path);
    // Front matter holds whole seconds, so it is due up to a second before `due`.
    (Utc::now() < due - TimeDelta::seconds(1)).then_some(titles)
}

#[test]
fn an_article_appears_by_itself_when_it_is_due() {
    let folder = Folder::new();
    folder.write("old.md", article("old", "2026-01-01"));
    let mill = folder.serve();
    let (due, date) = soon(3);
    folder.write("new.md", article_with("new", &date, "tags: [later]\n"));
    folder.write("seen.md", article("seen", "2026-01-02"));
    mill.eventually("/rss.xml", |answer| answer.titles().contains(&"seen".to_owned()));
    if let Some(titles) = titles_before(due, &mill, "/rss.xml") {
        assert_eq!(titles, ["seen", "old"]);
    }
    for path in FORMATS {
        mill.eventually_shows(path, &["new", "seen", "old"]);
    }
    assert!(Utc::now() >= due - TimeDelta::seconds(1), "it was shown too early");
    mill.eventually_shows("/tags/later/rss.xml", &["new"]);
}

#[test]
fn an_article_that_was_held_at_the_start_appears_too() {
    let folder = Folder::new();
    let (due, date) = soon(3);
    folder.write("new.md", article("new", &date));
    let mill = folder.serve();
    if let Some(titles) = titles_before(due, &mill, "/atom.xml") {
        assert!(titles.is_empty(), "{titles:?}");
    }
    mill.eventually_shows("/atom.xml", &["new"]);
}

#[test]
fn what_is_due_in_years_is_nowhere() {
    let folder = Folder::new();
    folder.write("old.md", article("old", "2026-01-01"));
    folder.write("new.md", article_with("new", "2099-01-01", "tags: [later]\n"));
    let mill = folder.serve();
    for path in FORMATS {
        assert_eq!(mill.titles(path), ["old"]);
    }
    mill.get("/tags/later/rss.xml").assert_status(404);
    mill.get("/articles/new/").assert_status(404);
}

#[test]
fn the_future_is_shown_on_demand_and_without_last_modified() {
    let folder = Folder::new();
    folder.define("site.yaml", "future: show\n");
    folder.write("old.md", article_with("old", "2026-01-01", "tags: [done]\n"));
    folder.write("new.md", article("new", "2099-01-01"));
    let mill = folder.serve();
    for path in FORMATS {
        assert_eq!(mill.titles(path), ["new", "old"]);
        assert_eq!(mill.get(path).header("last-modified"), None);
        mill.get(path).must("etag");
        mill.get(&format!("/tags/done{path}")).ok().must("last-modified");
    }
}

#[test]
fn an_expired_article_goes_by_itself() {
    let folder = Folder::new();
    folder.put("archetypes/default.md", ""); // makes the site one of Hugo's, whose key this is
    let (end, date) = soon(3);
    folder.write("old.md", article_with("past", "2026-01-03", "expiryDate: 2026-01-04\n"));
    folder.write("ends.md", article_with("ends", "2026-01-02", &format!("expiryDate: {date}\n")));
    folder.write("stays.md", article("stays", "2026-01-01"));
    let mill = folder.serve();
    if let Some(titles) = titles_before(end, &mill, "/rss.xml") {
        assert_eq!(titles, ["ends", "stays"]);
    }
    mill.eventually_shows("/rss.xml", &["stays"]);
}

#[test]
fn a_draft_appears_when_it_is_one_no_longer() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "draft: true\n"));
    let mill = folder.serve();
    assert!(mill.titles("/rss.xml").is_empty());
    folder.write("a.md", article("A", "2026-01-01"));
    mill.eventually_shows("/rss.xml", &["A"]);
    folder.write("a.md", article_with("A", "2026-01-01", "published: false\n"));
    mill.eventually_shows("/rss.xml", &[]);
}
