//! The readers people use, through the life of a feed: each sees every change, and none is
//! sent a byte it has (docs/decisions/wire.md#replay-real-readers).

pub mod clients;

use clients::{ALL, Subscription};

use crate::driver::{Folder, Mill, article_with};

const FEEDS: [&str; 4] = ["/rss.xml", "/atom.xml", "/feed.json", "/categories/news/rss.xml"];
/// Validators are for an address, so replicas must agree on it.
const BASE: [&str; 2] = ["--base-url", "https://feeds.example.org"];

fn write(folder: &Folder, name: &str, title: &str, date: &str) {
    folder.write(&format!("{name}.md"), article_with(title, date, "categories: [News]\n"));
}

fn subscribe() -> Vec<Subscription> {
    ALL.iter().flat_map(|client| FEEDS.map(|path| Subscription::new(client, path))).collect()
}

/// Waits for a state and lets every reader poll once; each must have seen it.
#[track_caller]
fn all_see(mill: &Mill, readers: &mut [Subscription], titles: &[&str]) {
    for path in FEEDS {
        mill.eventually_shows(path, titles);
    }
    for reader in readers.iter_mut() {
        let status = reader.poll(mill);
        assert_eq!(reader.titles, titles, "{} on {} after {status}", reader.client.name, reader.path);
        assert_eq!(status, 200, "{} on {}", reader.client.name, reader.path);
    }
}

/// Lets every reader poll once more: nothing may be sent again.
#[track_caller]
fn none_is_sent_anything(mill: &Mill, readers: &mut [Subscription]) {
    for reader in readers.iter_mut() {
        let before = reader.titles.clone();
        let status = reader.poll(mill);
        assert_eq!((status, &reader.titles), (304, &before), "{} on {}", reader.client.name, reader.path);
    }
}

#[test]
fn every_reader_sees_every_change_and_is_sent_nothing_twice() {
    let folder = Folder::new();
    write(&folder, "a", "A", "2026-01-01");
    write(&folder, "b", "B", "2026-01-02");
    let mill = folder.serve_with(&BASE);
    let mut readers = subscribe();
    all_see(&mill, &mut readers, &["B", "A"]);
    // newsboat's second poll is unconditional.
    for reader in &mut readers {
        let wanted = if reader.client.name == "newsboat" { 200 } else { 304 };
        assert_eq!(reader.poll(&mill), wanted, "{} on {}", reader.client.name, reader.path);
    }
    none_is_sent_anything(&mill, &mut readers);
    none_is_sent_anything(&mill, &mut readers);

    write(&folder, "c", "C", "2026-01-03");
    all_see(&mill, &mut readers, &["C", "B", "A"]);
    none_is_sent_anything(&mill, &mut readers);

    // An edit.
    write(&folder, "b", "B, mended", "2026-01-02");
    all_see(&mill, &mut readers, &["C", "B, mended", "A"]);
    none_is_sent_anything(&mill, &mut readers);

    // Last-Modified goes back with the newest entry.
    folder.remove("c.md");
    all_see(&mill, &mut readers, &["B, mended", "A"]);
    none_is_sent_anything(&mill, &mut readers);

    // Something old that comes late.
    write(&folder, "d", "D", "2025-06-01");
    all_see(&mill, &mut readers, &["B, mended", "A", "D"]);
    none_is_sent_anything(&mill, &mut readers);

    // What was there before is there again, byte for byte.
    write(&folder, "c", "C", "2026-01-03");
    all_see(&mill, &mut readers, &["C", "B, mended", "A", "D"]);
    none_is_sent_anything(&mill, &mut readers);

    assert_eq!(mill.stop(), Some(0));
    let restarted = folder.serve_with(&BASE);
    none_is_sent_anything(&restarted, &mut readers);

    // A replica of its own: other files, other times, another order.
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
        assert_eq!(new.len(), 4, "{} shows something as new twice: {new:?}", reader.client.name);
    }
}

#[test]
fn an_edit_moves_the_instant_by_which_commafeed_tells_feeds_apart() {
    let folder = Folder::new();
    write(&folder, "a", "A", "2026-01-01");
    let mill = folder.serve();
    let built = |mill: &Mill| mill.get("/rss.xml").ok().xml().one("lastBuildDate").text.clone();
    let before = built(&mill);
    folder.write("a.md", article_with("A, mended", "2026-01-01", "updated: 2026-01-05\ncategories: [News]\n"));
    mill.eventually_shows("/rss.xml", &["A, mended"]);
    assert_ne!(built(&mill), before);
    // A channel's own pubDate would go before it there.
    let rss = mill.get("/rss.xml").ok().xml();
    assert!(rss.one("channel").children.iter().all(|child| child.name != "pubDate"));
}

#[test]
fn tt_rss_can_try_again_without_any_coding() {
    let folder = Folder::new();
    write(&folder, "a", "A", "2026-01-01");
    let mill = folder.serve();
    let answer = mill.get_with("/rss.xml", &[("Accept-Encoding", "none")]).ok();
    assert_eq!((answer.header("content-encoding"), answer.titles()), (None, vec!["A".to_owned()]));
}

#[test]
fn validators_that_follow_a_redirect_are_those_of_another_address() {
    let folder = Folder::new();
    folder.define("site.yaml", "redirects: {/old.xml: /atom.xml}\n");
    write(&folder, "a", "A", "2026-01-01");
    let mill = folder.serve();
    let known = mill.get("/rss.xml").ok();
    let headers = [("If-None-Match", known.must("etag")), ("If-Modified-Since", known.must("last-modified"))];
    let moved = mill.get_with("/old.xml", &headers);
    moved.assert_moved_to(&mill.url("/atom.xml"));
    mill.get_with("/atom.xml", &headers).assert_status(200);
}
