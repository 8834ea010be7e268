//! Two hundred changes while readers poll: no response is an error, an empty feed or a mixture of states.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::driver::{Answer, Folder, TestServer};

const ARTICLES: usize = 5;
const CHANGES: usize = 200;

/// An article whose title, tag and body contain its version, so that a mixture is visible.
fn version(article: usize, version: usize) -> String {
    format!(
        "---\ntitle: {article} {version}\ndate: 2026-01-0{}\ncategories: [x]\n\
         summary: {article} {version}\n---\n<p>{article} {version}</p>\n",
        article + 1
    )
}

fn file(article: usize) -> String {
    format!("{article}.md")
}

/// The version of each article in a feed; fails if they are not of one state.
#[track_caller]
fn versions(path: &str, answer: &Answer) -> BTreeMap<usize, usize> {
    answer.assert_status(200);
    let mut found = BTreeMap::new();
    for entry in answer.feed().entries {
        let title = entry.title.unwrap().content;
        let body = entry.content.unwrap().body.unwrap();
        assert!(body.contains(&format!("<p>{title}</p>")), "{path} mixes {title} with {body}");
        assert_eq!(entry.summary.unwrap().content.trim(), title, "{path}");
        let (article, version) = title.split_once(' ').unwrap();
        let earlier = found.insert(article.parse().unwrap(), version.parse().unwrap());
        assert!(earlier.is_none(), "{path} shows article {article} twice");
    }
    // Five articles stay; the sixth appears and disappears.
    for article in 0..ARTICLES {
        assert!(found.contains_key(&article), "{path} has lost article {article}: {found:?}");
    }
    found
}

/// Polls one feed until `done`; versions must not decrease.
fn poll(server: &TestServer, path: &str, done: &AtomicBool, polls: &AtomicUsize) {
    let mut last = BTreeMap::new();
    let mut tag = String::new();
    while !done.load(Ordering::Relaxed) {
        let answer = server.get_with(path, &[("If-None-Match", &tag)]);
        polls.fetch_add(1, Ordering::Relaxed);
        if answer.status == 304 && !tag.is_empty() {
            continue;
        }
        let now = versions(path, &answer);
        for article in 0..ARTICLES {
            let before = last.get(&article).copied().unwrap_or(0);
            assert!(now[&article] >= before, "{path}: article {article} went back to {before}");
        }
        answer.must("etag").clone_into(&mut tag);
        last = now;
    }
}

/// Sets the flag even if a test fails, so that the pollers of a scope end.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn no_poll_during_two_hundred_changes_sees_an_error_an_empty_or_a_mixed_feed() {
    let folder = Folder::new();
    for article in 0..ARTICLES {
        folder.write(&file(article), version(article, 0));
    }
    let server = folder.serve();
    let done = AtomicBool::new(false);
    let polls = AtomicUsize::new(0);
    thread::scope(|scope| {
        for path in ["/rss.xml", "/categories/x/atom.xml", "/categories/x/feed.json"] {
            let (server, done, polls) = (&server, &done, &polls);
            scope.spawn(move || poll(server, path, done, polls));
        }
        let _done = Done(&done);
        for change in 1..=CHANGES {
            match change % 8 {
                0 => folder.write(&file(ARTICLES), version(ARTICLES, change)),
                4 if change > 8 => folder.remove(&file(ARTICLES)),
                _ => folder.write(&file(change % ARTICLES), version(change % ARTICLES, change)),
            }
            // Waits for some of the changes, so that the polls see many states.
            if change % 5 == 1 && change % 8 != 0 && !(change % 8 == 4 && change > 8) {
                let wanted = format!("{} {change}", change % ARTICLES);
                server.eventually("/rss.xml", |answer| answer.titles().contains(&wanted));
            }
        }
    });
    assert!(polls.load(Ordering::Relaxed) > CHANGES, "too few polls to prove anything");
}

#[test]
fn the_feeds_after_many_changes_are_those_of_a_fresh_start() {
    let folder = Folder::new();
    let flags = ["--base-url", "https://feeds.example.org"];
    let server = folder.serve_with(&flags);
    for change in 0..60 {
        let article = change % 7;
        match change % 9 {
            8 if folder.content(&file(article)).exists() => folder.remove(&file(article)),
            _ => folder.write(&file(article), version(article, change)),
        }
    }
    folder.write("last.md", version(8, 60));
    server.eventually("/rss.xml", |answer| answer.titles().contains(&"8 60".to_owned()));
    let fresh = folder.serve_with(&flags);
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml", "/feeds.json"] {
        let wanted = fresh.get(path).ok();
        let same = |answer: &Answer| answer.body == wanted.body && answer.header("etag") == wanted.header("etag");
        server.eventually(path, same);
    }
}
