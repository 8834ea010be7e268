//! Never a wrong "not found": what vanishes by accident stays in the feeds.

use std::fs;

use crate::driver::{DEADLINE, Folder, Mill, article, article_with, within};

const PATHS: [&str; 5] = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml", "/feeds.opml"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("posts/a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    folder
}

/// Waits until the server knows that its content vanished.
fn eventually_stale(mill: &Mill) {
    mill.eventually("/readyz", |answer| {
        answer.assert_status(200);
        answer.json()["stale"] == true
    });
}

#[test]
fn content_that_is_moved_away_stays_in_the_feeds_and_is_picked_up_when_it_is_back() {
    let folder = folder();
    let mill = folder.serve();
    let before = PATHS.map(|path| mill.get(path).ok());
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    eventually_stale(&mill);
    for (path, old) in PATHS.iter().zip(&before) {
        let now = mill.get(path).ok();
        assert_eq!(now.text(), old.text(), "{path}");
        assert_eq!(now.header("etag"), old.header("etag"), "{path}");
    }
    fs::rename(folder.path("aside"), folder.path("content")).unwrap();
    mill.eventually("/readyz", |answer| answer.json()["stale"] != true);
    folder.write("posts/b.md", article("B", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    // Nobody looks at everything any more: the watch itself must be back.
    folder.write("posts/c.md", article("C", "2026-01-03"));
    mill.eventually_shows("/rss.xml", &["C", "B", "A"]);
    folder.remove("posts/b.md");
    mill.eventually_shows("/rss.xml", &["C", "A"]);
}

#[test]
fn an_empty_directory_in_the_place_of_the_content_changes_nothing() {
    let folder = folder();
    let mill = folder.serve();
    let before = mill.get("/rss.xml").ok();
    // An unmounted volume leaves an empty directory with another inode.
    fs::create_dir(folder.path("empty")).unwrap();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    fs::rename(folder.path("empty"), folder.path("content")).unwrap();
    eventually_stale(&mill);
    assert_eq!(mill.get("/rss.xml").ok().body, before.body);
    folder.write("new.md", article("New", "2026-01-03"));
    mill.eventually_shows("/rss.xml", &["New"]);
    mill.eventually("/readyz", |answer| answer.json()["stale"] != true);
}

#[test]
fn what_a_vanished_site_said_of_itself_is_remembered_too() {
    // The generator's configuration went with the articles, and gave the title.
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("content/a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    let mill = folder.serve();
    let before = mill.get("/rss.xml").ok();
    assert!(before.text().contains("Of Hugo"), "{before}");
    fs::create_dir(folder.path("empty")).unwrap();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    fs::rename(folder.path("empty"), folder.path("content")).unwrap();
    eventually_stale(&mill);
    let looks = || {
        let metrics = mill.admin("GET", "/metrics").text();
        let line = metrics.lines().find_map(|line| line.strip_prefix("feedmill_looks_total{result=\"vanished\"} "));
        line.unwrap().parse::<u32>().unwrap()
    };
    let seen = looks();
    mill.admin("POST", "/reload");
    assert!(within(DEADLINE, || (looks() > seen).then_some(())).is_some());
    assert_eq!(mill.get("/rss.xml").ok().text(), before.text());
}

#[test]
fn the_log_and_readyz_say_why_the_content_is_stale() {
    let folder = folder();
    let mill = folder.serve();
    fs::rename(folder.path("content"), folder.path("aside")).unwrap();
    eventually_stale(&mill);
    let text = mill.get("/readyz").ok().text();
    assert!(text.contains("content"), "{text}");
    mill.logs(&["content", "WARN"]);
}

#[test]
fn the_last_article_deleted_in_the_same_directory_leaves_empty_feeds() {
    let folder = folder();
    folder.define("kept.yaml", "category: x\n");
    let mill = folder.serve();
    folder.remove("posts/a.md");
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"] {
        mill.eventually_shows(path, &[]);
    }
    assert_ne!(mill.get("/readyz").ok().json()["stale"], true);
}

#[test]
fn a_feed_named_by_a_definition_is_there_without_entries_from_the_start() {
    let folder = Folder::new();
    folder.define("kept.yaml", "tag: rare\n");
    folder.define("mine.yaml", "select: {tags: [rare]}\n");
    let mill = folder.serve();
    for path in ["/tags/rare/rss.xml", "/tags/rare/", "/feeds/mine/atom.xml", "/feeds/mine/"] {
        mill.get(path).assert_status(200);
    }
}

#[test]
fn the_log_names_the_ways_out_when_a_polled_feed_disappears() {
    let folder = folder();
    folder.write("b.md", article("B", "2026-01-02"));
    let mill = folder.serve();
    mill.get("/categories/x/rss.xml").assert_status(200);
    folder.remove("posts/a.md");
    mill.eventually("/categories/x/rss.xml", |answer| answer.status == 404);
    mill.logs(&["/categories/x/", "redirects", "gone"]);
}
