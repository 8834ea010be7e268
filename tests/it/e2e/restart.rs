//! The same files give the same bytes: readers do not notice a restart or another replica.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::driver::{Folder, TestServer, article, article_with, png};

const FLAGS: [&str; 2] = ["--base-url", "https://feeds.example.org"];

const PATHS: [&str; 12] = [
    "/rss.xml",
    "/atom.xml",
    "/feed.json",
    "/feeds.opml",
    "/feeds.json",
    "/",
    "/categories/",
    "/categories/xin-mei-ti/rss.xml",
    "/tags/t/atom.xml",
    "/feeds/mine/feed.json",
    "/articles/posts/3/",
    "/media/posts/pic.png",
];

/// A body with everything that a sanitiser might reorder: attributes, footnotes, tables.
const RICH: &str = "---\ntitle: rich\ndate: 2026-01-09\ncategories: [新媒体]\ntags: [t]\n---\n\
![a](pic.png \"b\") <img src=pic.png width=8 height=8 alt=c title=d>[^1]\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n\
<video src=v.mp4 poster=pic.png title=e></video> <a name=f href=\"#f\" title=g>h</a>\n\n[^1]: note\n";

/// Fills a folder; replicas differ in the order in which files are written.
fn fill(folder: &Folder, order: impl Iterator<Item = usize>) {
    folder.define("site.yaml", "title: Example\n");
    folder.define("mine.yaml", "select: {tags: [t]}\n");
    for number in order {
        let more = "categories: [新媒体]\ntags: [t, T]\nauthor: Ada\nimage: pic.png\n";
        // Some articles share a date, so that the order of reading would be visible.
        let date = format!("2026-01-0{}", number / 3 + 1);
        folder.write(&format!("posts/{number}.md"), article_with(&number.to_string(), &date, more));
    }
    folder.write("posts/pic.png", png(8, 8));
    folder.write("undated.md", "---\ntitle: undated\n---\ntext\n");
    folder.write("posts/rich.md", RICH);
}

type Seen = Vec<(Vec<u8>, Option<String>, Option<String>)>;

fn seen(server: &TestServer) -> Seen {
    PATHS
        .iter()
        .map(|path| {
            let answer = server.get(path).ok();
            let header = |name| answer.header(name).map(str::to_owned);
            (answer.body.clone(), header("etag"), header("last-modified"))
        })
        .collect()
}

#[track_caller]
fn assert_same(one: &Seen, other: &Seen) {
    for ((path, one), other) in PATHS.iter().zip(one).zip(other) {
        assert_eq!(String::from_utf8_lossy(&one.0), String::from_utf8_lossy(&other.0), "{path}");
        assert_eq!(one.1, other.1, "the tag of {path} differs");
        // Only images have the modification date of their file.
        if !path.starts_with("/media/") {
            assert_eq!(one.2, other.2, "the date of {path} differs");
        }
    }
}

fn touch(directory: &Path, time: SystemTime) {
    for item in directory.read_dir().unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            touch(&path, time);
        } else {
            File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        }
    }
}

#[test]
fn a_restart_gives_the_same_bytes_and_validators() {
    let folder = Folder::new();
    fill(&folder, 0..9);
    let server = folder.serve_with(&FLAGS);
    let before = seen(&server);
    assert_eq!(server.stop(), Some(0));
    // The order of hash maps is random, so a single restart may be equal by chance.
    for _ in 0..5 {
        assert_same(&before, &seen(&folder.serve_with(&FLAGS)));
    }
}

#[test]
fn modification_times_do_not_matter() {
    let folder = Folder::new();
    fill(&folder, 0..9);
    let before = seen(&folder.serve_with(&FLAGS));
    touch(&folder.path("content"), SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
    assert_same(&before, &seen(&folder.serve_with(&FLAGS)));
}

#[test]
fn a_running_server_ignores_touched_files() {
    let folder = Folder::new();
    fill(&folder, 0..9);
    let server = folder.serve_with(&FLAGS);
    let before = seen(&server);
    touch(&folder.path("content"), SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
    // A visible change shows that the server has processed the touched files; it is undone afterwards.
    folder.write("z.md", article("Z", "2026-02-01"));
    server.eventually("/rss.xml", |answer| answer.titles().first().is_some_and(|title| title == "Z"));
    folder.remove("z.md");
    server.eventually("/rss.xml", |answer| answer.body == before[0].0);
    assert_same(&before, &seen(&server));
}

#[test]
fn another_replica_gives_the_same_bytes_whatever_the_order_of_its_files() {
    let (one, other) = (Folder::new(), Folder::new());
    fill(&one, 0..9);
    fill(&other, (0..9).rev());
    assert_same(&seen(&one.serve_with(&FLAGS)), &seen(&other.serve_with(&FLAGS)));
}

#[test]
fn the_time_zone_and_the_language_of_the_machine_do_not_matter() {
    let folder = Folder::new();
    fill(&folder, 0..9);
    let before = seen(&folder.serve_with(&FLAGS));
    let bind = ["--bind", "127.0.0.1:0", "--admin-bind", "off", "--log", "json"];
    let mut command = folder.command(&[&FLAGS[..], &bind].concat());
    command.env("TZ", "Asia/Kathmandu").env("LC_ALL", "tr_TR.UTF-8").env("LANG", "tr_TR.UTF-8");
    assert_same(&before, &seen(&folder.start(command)));
}

#[test]
fn two_servers_of_one_directory_agree_after_a_change() {
    let folder = Folder::new();
    fill(&folder, 0..9);
    let (one, other) = (folder.serve_with(&FLAGS), folder.serve_with(&FLAGS));
    folder.write("posts/3.md", article("three", "2026-02-01"));
    for server in [&one, &other] {
        server.eventually("/rss.xml", |answer| answer.titles().contains(&"three".to_owned()));
    }
    assert_same(&seen(&one), &seen(&other));
}
