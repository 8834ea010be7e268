//! Popular feed readers during the life of a feed: each one gets every change, and none downloads the same
//! document twice (docs/decisions/wire.md#replay-real-readers).

pub mod clients;

use clients::{ALL, Subscription};

use crate::driver::{Folder, TestServer, article_with};

const FEEDS: [&str; 4] = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/news/rss.xml"];
/// Validators depend on the URL, so replicas need the same base URL.
const BASE: [&str; 2] = ["--base-url", "https://feeds.example.org"];

fn write(folder: &Folder, name: &str, title: &str, date: &str) {
    folder.write(&format!("{name}.md"), article_with(title, date, "categories: [News]\n"));
}

fn subscribe() -> Vec<Subscription> {
    ALL.iter().flat_map(|client| FEEDS.map(|path| Subscription::new(client, path))).collect()
}

/// Waits for these titles, lets every reader poll once, and asserts that each got them.
#[track_caller]
fn all_see(server: &TestServer, readers: &mut [Subscription], titles: &[&str]) {
    for path in FEEDS {
        server.eventually_shows(path, titles);
    }
    for reader in readers.iter_mut() {
        let status = reader.poll(server);
        assert_eq!(reader.titles, titles, "{} on {} after {status}", reader.client.name, reader.path);
        assert_eq!(status, 200, "{} on {}", reader.client.name, reader.path);
    }
}

/// Lets every reader poll once more, and asserts that none gets a full response.
#[track_caller]
fn none_is_sent_anything(server: &TestServer, readers: &mut [Subscription]) {
    for reader in readers.iter_mut() {
        let before = reader.titles.clone();
        let status = reader.poll(server);
        assert_eq!((status, &reader.titles), (304, &before), "{} on {}", reader.client.name, reader.path);
    }
}

#[test]
fn every_reader_gets_every_change_and_nothing_twice() {
    let folder = Folder::new();
    write(&folder, "a", "A", "2026-01-01");
    write(&folder, "b", "B", "2026-01-02");
    let server = folder.serve_with(&BASE);
    let mut readers = subscribe();
    all_see(&server, &mut readers, &["B", "A"]);
    // newsboat sends no validators with its second poll.
    for reader in &mut readers {
        let wanted = if reader.client.name == "newsboat" { 200 } else { 304 };
        assert_eq!(reader.poll(&server), wanted, "{} on {}", reader.client.name, reader.path);
    }
    none_is_sent_anything(&server, &mut readers);
    none_is_sent_anything(&server, &mut readers);

    write(&folder, "c", "C", "2026-01-03");
    all_see(&server, &mut readers, &["C", "B", "A"]);
    none_is_sent_anything(&server, &mut readers);

    // An article is edited.
    write(&folder, "b", "B, mended", "2026-01-02");
    all_see(&server, &mut readers, &["C", "B, mended", "A"]);
    none_is_sent_anything(&server, &mut readers);

    // The newest entry is removed, so that Last-Modified becomes earlier.
    folder.remove("c.md");
    all_see(&server, &mut readers, &["B, mended", "A"]);
    none_is_sent_anything(&server, &mut readers);

    // An article with an old date is added late.
    write(&folder, "d", "D", "2025-06-01");
    all_see(&server, &mut readers, &["B, mended", "A", "D"]);
    none_is_sent_anything(&server, &mut readers);

    // A removed article is restored byte for byte.
    write(&folder, "c", "C", "2026-01-03");
    all_see(&server, &mut readers, &["C", "B, mended", "A", "D"]);
    none_is_sent_anything(&server, &mut readers);

    assert_eq!(server.stop(), Some(0));
    let restarted = folder.serve_with(&BASE);
    none_is_sent_anything(&restarted, &mut readers);

    // A replica with its own files, other modification times and another order of files.
    let copy = Folder::new();
    for (name, title, date) in
        [("d", "D", "2025-06-01"), ("c", "C", "2026-01-03"), ("b", "B, mended", "2026-01-02"), ("a", "A", "2026-01-01")]
    {
        write(&copy, name, title, date);
    }
    let replica = copy.serve_with(&BASE);
    none_is_sent_anything(&replica, &mut readers);
    none_is_sent_anything(&restarted, &mut readers);

    for reader in &readers {
        let new: Vec<_> = reader.ids.values().map(String::as_str).collect();
        assert_eq!(new.len(), 4, "{} showed an entry as new twice: {new:?}", reader.client.name);
    }
}

#[test]
fn an_edit_changes_the_date_by_which_commafeed_detects_changes() {
    let folder = Folder::new();
    write(&folder, "a", "A", "2026-01-01");
    let server = folder.serve();
    let built = |server: &TestServer| server.get("/rss.xml").ok().xml().one("lastBuildDate").text.clone();
    let before = built(&server);
    folder.write("a.md", article_with("A, mended", "2026-01-01", "updated: 2026-01-05\ncategories: [News]\n"));
    server.eventually_shows("/rss.xml", &["A, mended"]);
    assert_ne!(built(&server), before);
    // CommaFeed would prefer a `pubDate` of the channel.
    let rss = server.get("/rss.xml").ok().xml();
    assert!(rss.one("channel").children.iter().all(|child| child.name != "pubDate"));
}

#[test]
fn tt_rss_can_try_again_without_content_coding() {
    let folder = Folder::new();
    write(&folder, "a", "A", "2026-01-01");
    let server = folder.serve();
    let answer = server.get_with("/rss.xml", &[("Accept-Encoding", "none")]).ok();
    assert_eq!((answer.header("content-encoding"), answer.titles()), (None, vec!["A".to_owned()]));
}

#[test]
fn validators_from_before_a_redirect_do_not_match() {
    let folder = Folder::new();
    folder.define("site.yaml", "redirects: {/old.xml: /atom.xml}\n");
    write(&folder, "a", "A", "2026-01-01");
    let server = folder.serve();
    let known = server.get("/rss.xml").ok();
    let headers = [("If-None-Match", known.must("etag")), ("If-Modified-Since", known.must("last-modified"))];
    let moved = server.get_with("/old.xml", &headers);
    moved.assert_moved_to(&server.url("/atom.xml"));
    server.get_with("/atom.xml", &headers).assert_status(200);
}
