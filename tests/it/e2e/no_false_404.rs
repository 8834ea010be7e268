//! No false 404: articles that disappear by accident stay in the feeds.

use std::fs;

use crate::driver::{DEADLINE, Folder, TestServer, article, article_with, within};

const PATHS: [&str; 5] = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml", "/feeds.opml"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("posts/a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    folder
}

/// Waits until the server has noticed that its content is gone.
fn eventually_stale(server: &TestServer) {
    server.eventually("/readyz", |answer| {
        answer.assert_status(200);
        answer.json()["stale"] == true
    });
}

#[test]
fn content_that_is_moved_away_stays_in_the_feeds_until_it_is_back() {
    let folder = folder();
    let server = folder.serve();
    let before = PATHS.map(|path| server.get(path).ok());
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    eventually_stale(&server);
    for (path, old) in PATHS.iter().zip(&before) {
        let now = server.get(path).ok();
        assert_eq!(now.text(), old.text(), "{path}");
        assert_eq!(now.header("etag"), old.header("etag"), "{path}");
    }
    fs::rename(folder.path("aside"), folder.path("content")).unwrap();
    server.eventually("/readyz", |answer| answer.json()["stale"] != true);
    folder.write("posts/b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
    // There will be no rescan, so the watch itself must have been restored.
    folder.write("posts/c.md", article("C", "2026-01-03"));
    server.eventually_shows("/rss.xml", &["C", "B", "A"]);
    folder.remove("posts/b.md");
    server.eventually_shows("/rss.xml", &["C", "A"]);
}

#[test]
fn an_empty_directory_in_place_of_the_content_changes_nothing() {
    let folder = folder();
    let server = folder.serve();
    let before = server.get("/rss.xml").ok();
    // An unmounted volume leaves an empty directory with another inode.
    fs::create_dir(folder.path("empty")).unwrap();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    fs::rename(folder.path("empty"), folder.path("content")).unwrap();
    eventually_stale(&server);
    assert_eq!(server.get("/rss.xml").ok().body, before.body);
    folder.write("new.md", article("New", "2026-01-03"));
    server.eventually_shows("/rss.xml", &["New"]);
    server.eventually("/readyz", |answer| answer.json()["stale"] != true);
}

#[test]
fn the_settings_of_a_vanished_site_are_kept() {
    // The configuration of the generator, which sets the title, disappeared with the articles.
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("content/a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    let server = folder.serve();
    let before = server.get("/rss.xml").ok();
    assert!(before.text().contains("Of Hugo"), "{before}");
    fs::create_dir(folder.path("empty")).unwrap();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    fs::rename(folder.path("empty"), folder.path("content")).unwrap();
    eventually_stale(&server);
    let looks = || {
        let metrics = server.admin("GET", "/metrics").text();
        let line = metrics.lines().find_map(|line| line.strip_prefix("feedmill_looks_total{result=\"vanished\"} "));
        line.unwrap().parse::<u32>().unwrap()
    };
    let seen = looks();
    server.admin("POST", "/reload");
    assert!(within(DEADLINE, || (looks() > seen).then_some(())).is_some());
    assert_eq!(server.get("/rss.xml").ok().text(), before.text());
}

#[test]
fn the_log_and_readyz_say_why_the_content_is_stale() {
    let folder = folder();
    let server = folder.serve();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    eventually_stale(&server);
    let text = server.get("/readyz").ok().text();
    assert!(text.contains("content"), "{text}");
    server.logs(&["content", "WARN"]);
}

#[test]
fn the_last_article_deleted_in_the_same_directory_leaves_empty_feeds() {
    let folder = folder();
    folder.define("kept.yaml", "category: x\n");
    let server = folder.serve();
    folder.remove("posts/a.md");
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"] {
        server.eventually_shows(path, &[]);
    }
    assert_ne!(server.get("/readyz").ok().json()["stale"], true);
}

#[test]
fn a_defined_feed_exists_without_entries_from_the_start() {
    let folder = Folder::new();
    folder.define("kept.yaml", "tag: rare\n");
    folder.define("mine.yaml", "select: {tags: [rare]}\n");
    let server = folder.serve();
    for path in ["/tags/rare/rss.xml", "/tags/rare/", "/feeds/mine/atom.xml", "/feeds/mine/"] {
        server.get(path).assert_status(200);
    }
}

#[test]
fn the_log_suggests_fixes_when_a_polled_feed_disappears() {
    let folder = folder();
    folder.write("b.md", article("B", "2026-01-02"));
    let server = folder.serve();
    server.get("/categories/x/rss.xml").assert_status(200);
    folder.remove("posts/a.md");
    server.eventually("/categories/x/rss.xml", |answer| answer.status == 404);
    server.logs(&["/categories/x/", "redirects", "gone"]);
}
