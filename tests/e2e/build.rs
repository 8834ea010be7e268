//! `feedmill build`: the address space as files, the very bytes that serve answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::driver::{Folder, article, article_with, png};

const BASE: &str = "https://feeds.example.org";
const UNESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("base_url: {BASE}\ntitle: Example\n"));
    folder.define("mine.yaml", "title: Mine\n");
    let more = "categories: [新媒体, 趣头条]\ntags: [t]\nauthor: Ada\nimage: pic.png\n";
    folder.write("posts/图 文.md", article_with("A", "2026-01-02", more));
    folder.write("posts/pic.png", png(3, 3));
    folder.write("b.md", article("B", "2026-01-01"));
    folder
}

/// Every file below a directory, as its path from there.
fn files(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for item in directory.read_dir().unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn every_file_is_what_serve_answers_at_its_address() {
    let folder = folder();
    folder.run(&["build"]).assert_code(0);
    let mill = folder.serve();
    let files = files(&folder.path("dist"));
    for file in files.iter().filter(|file| *file != ".feedmill") {
        let address = file.strip_suffix("index.html").unwrap_or(file);
        let address = format!("/{}", utf8_percent_encode(address, UNESCAPED));
        let written = fs::read(folder.path("dist").join(file)).unwrap();
        assert!(mill.get(&address).ok().body == written, "{file} differs");
    }
    for wanted in [
        ".feedmill",
        "index.html",
        "rss.xml",
        "feeds.opml",
        "feeds.json",
        "feed.css",
        "robots.txt",
        "categories/xin-mei-ti/qu-tou-tiao/atom.xml",
        "feeds/mine/index.html",
        "articles/posts/图 文/index.html",
        "media/posts/pic.png",
    ] {
        assert!(files.contains(wanted), "no {wanted} in {files:?}");
    }
}

#[test]
fn every_address_that_serve_lists_is_a_file() {
    let folder = folder();
    folder.run(&["build", "--out", "site"]).assert_code(0);
    let list = folder.serve().get("/feeds.json").ok().json();
    for feed in list["feeds"].as_array().unwrap() {
        for format in ["page", "rss", "atom", "json"] {
            let path = feed[format].as_str().unwrap().strip_prefix(BASE).unwrap();
            let path = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
            assert!(folder.path(&format!("site{path}")).is_file(), "{path}");
        }
    }
}

#[test]
fn a_directory_of_somebody_else_is_refused_untouched() {
    let folder = folder();
    folder.put("dist/precious.txt", "mine");
    let finished = folder.run(&["build"]);
    finished.assert_code(2);
    finished.assert_says("dist");
    assert_eq!(files(&folder.path("dist")), BTreeSet::from(["precious.txt".to_owned()]));
}

#[test]
fn an_empty_directory_and_an_earlier_build_are_taken() {
    let folder = folder();
    fs::create_dir(folder.path("dist")).unwrap();
    folder.run(&["build"]).assert_code(0);
    let first = files(&folder.path("dist"));
    folder.run(&["build"]).assert_code(0);
    assert_eq!(files(&folder.path("dist")), first);
    folder.remove("b.md");
    folder.run(&["build"]).assert_code(0);
    assert!(!folder.path("dist/articles/b/index.html").exists(), "a stale page");
}

#[test]
fn problems_go_to_standard_error_and_the_rest_is_written() {
    let folder = folder();
    folder.write("posts/bad.md", "---\ntitle: [Bad\n---\n");
    let finished = folder.run(&["build"]);
    finished.assert_code(0);
    assert!(finished.err.contains("posts/bad.md:"), "{}", finished.err);
    assert!(folder.path("dist/rss.xml").is_file());
}

#[test]
fn a_build_below_the_content_is_not_read_as_content() {
    let folder = folder();
    let flags = ["build", "--out", "content/public"];
    folder.run(&flags).assert_code(0);
    let first = fs::read(folder.content("public/rss.xml")).unwrap();
    let count = files(&folder.content("public")).len();
    folder.run(&flags).assert_code(0);
    assert!(fs::read(folder.content("public/rss.xml")).unwrap() == first);
    assert_eq!(files(&folder.content("public")).len(), count);
}

#[test]
fn two_builds_are_equal_byte_for_byte() {
    let folder = folder();
    folder.run(&["build", "--out", "one"]).assert_code(0);
    folder.run(&["build", "--out", "two"]).assert_code(0);
    let one = files(&folder.path("one"));
    assert_eq!(one, files(&folder.path("two")));
    for file in one {
        let read = |root: &str| fs::read(folder.path(root).join(&file)).unwrap();
        assert!(read("one") == read("two"), "{file} differs");
    }
}
