//! The admin listener: metrics, status, and the order to look at once.

use rustix::process::Signal;

use crate::driver::{Folder, Mill, article};

#[test]
fn metrics_are_what_prometheus_reads() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve();
    mill.get("/rss.xml").assert_status(200);
    let answer = mill.admin("GET", "/metrics").ok();
    let kind = answer.must("content-type").to_owned();
    assert!(kind.starts_with("application/openmetrics-text") || kind.starts_with("text/plain"), "{kind}");
    let text = answer.text();
    assert!(text.contains("# TYPE feedmill_"), "{text}");
    let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for sample in samples {
        let value = sample.rsplit(' ').next().unwrap();
        assert!(value.parse::<f64>().is_ok(), "no number in {sample}");
    }
}

#[test]
fn status_names_every_problem_and_every_feed() {
    let folder = Folder::new();
    folder.write("good.md", article("Good", "2026-01-01"));
    folder.write("posts/bad.md", "---\ntitle: [Bad\n---\n");
    folder.write("posts/worse.md", "---\ndate: {\n---\n");
    let mill = folder.serve();
    let status = mill.admin("GET", "/status").ok();
    assert!(status.must("content-type").starts_with("application/json"), "{status}");
    let text = status.json().to_string();
    for words in ["posts/bad.md", "posts/worse.md", "watch"] {
        assert!(text.contains(words), "no {words} in {text}");
    }
    // A mended article is a problem no longer.
    folder.write("posts/bad.md", article("Mended", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["Mended", "Good"]);
    assert!(!mill.admin("GET", "/status").ok().text().contains("posts/bad.md"));
}

fn unwatched(folder: &Folder) -> Mill {
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve_with(&["--watch", "off"]);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    folder.write("b.md", article("B", "2026-01-02"));
    folder.define("mine.yaml", "title: Mine\n");
    mill
}

#[test]
fn a_reload_looks_at_once_where_nothing_is_watched() {
    let folder = Folder::new();
    let mill = unwatched(&folder);
    let answer = mill.admin("POST", "/reload");
    assert!((200..300).contains(&answer.status), "{answer}");
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn the_hangup_signal_does_what_a_reload_does() {
    let folder = Folder::new();
    let mill = unwatched(&folder);
    mill.signal(Signal::HUP);
    mill.eventually_shows("/rss.xml", &["B", "A"]);
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn nobody_reloads_by_following_a_link() {
    let folder = Folder::new();
    let mill = folder.serve();
    let answer = mill.admin("GET", "/reload");
    answer.assert_status(405);
    assert!(answer.must("allow").contains("POST"), "{answer}");
}

#[test]
fn the_public_listener_knows_nothing_of_it() {
    let folder = Folder::new();
    let mill = folder.serve();
    mill.get("/metrics").assert_status(404);
    mill.get("/status").assert_status(404);
    mill.ask("POST", "/reload", &[("Content-Length", "0")]).assert_status(405);
}

#[test]
fn it_can_be_left_out() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve_with(&["--admin-bind", "off"]);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    assert!(!mill.log().contains("admin on http://"), "{}", mill.log());
}
