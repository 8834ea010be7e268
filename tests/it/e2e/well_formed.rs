//! Whatever authors write, every document is well formed and readers can parse it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::driver::{Folder, TestServer, article_with};

/// Titles and bodies that are known to break documents.
fn hostile() -> Folder {
    let folder = Folder::new();
    let titles = ["1 < 2 & 3", "a]]>b", "&amp; stays", "<b>bold</b>", "\"quoted\" 'twice'", "中文 🎉"];
    for (number, title) in titles.iter().enumerate() {
        let date = format!("2026-01-0{}", 9 - number);
        folder.write(&format!("{number}.md"), article_with(title, &date, "tags: ['<&>']\n"));
    }
    let body = "<p>open <b>bold <i>both</b> ]]> \u{1}\u{8}\u{fffe} &nbsp; a < b <script>alert(1)</script>";
    let head = "---\ntitle: \"bad \\u0001 bytes\"\ndate: 2025-01-01\nauthor: A & B <c>\n---\n";
    folder.write("bytes.html", format!("{head}{body}"));
    folder.write("invalid.md", b"---\ntitle: Latin\ndate: 2024-01-01\n---\ncaf\xe9\n");
    folder.define("site.yaml", "title: \"A & B <c> ]]>\"\nlanguage: zh-CN\n");
    folder
}

/// The path of every document in these formats that the server lists.
fn documents(server: &TestServer, formats: &[&str]) -> Vec<String> {
    let list = server.get("/feeds.json").ok().json();
    let feeds = list["feeds"].as_array().unwrap();
    feeds
        .iter()
        .flat_map(|feed| formats.iter().map(|format| feed[*format].as_str().unwrap()))
        .map(|address| server.path_of(address))
        .collect()
}

#[test]
fn xmllint_accepts_every_xml_document() {
    let server = hostile().serve();
    let mut paths = documents(&server, &["rss", "atom"]);
    paths.push("/feeds.opml".to_owned());
    for path in paths {
        let body = server.get(&path).ok().decoded();
        let lint = Command::new("xmllint").args(["--noout", "-"]).stdin(Stdio::piped()).spawn();
        let Ok(mut lint) = lint else {
            assert!(std::env::var_os("CI").is_none(), "CI needs xmllint (libxml2-utils)");
            eprintln!("skipped: xmllint is not installed");
            return;
        };
        lint.stdin.take().unwrap().write_all(&body).unwrap();
        assert!(lint.wait().unwrap().success(), "{path}");
    }
}

#[test]
fn a_title_with_any_characters_survives() {
    let server = hostile().serve();
    let wanted = ["1 < 2 & 3", "a]]>b", "& stays"];
    let rss = server.get("/rss.xml").ok().xml();
    let titles = rss.all("item").into_iter().map(|item| item.one("title").text.clone());
    assert_eq!(titles.take(3).collect::<Vec<_>>(), wanted);
    let json = server.get("/feed.json").ok().json();
    for (item, title) in json["items"].as_array().unwrap().iter().zip(wanted) {
        assert_eq!(item["title"], title);
    }
}

#[test]
fn no_script_is_in_a_feed() {
    // Searches the raw bytes, because a reader may remove scripts itself.
    let server = hostile().serve();
    let mut bodies = Vec::new();
    for item in server.get("/feed.json").ok().json()["items"].as_array().unwrap() {
        bodies.push(item["content_html"].as_str().unwrap().to_owned());
    }
    for (path, name) in [("/rss.xml", "content:encoded"), ("/atom.xml", "content")] {
        let document = server.get(path).ok().xml();
        bodies.extend(document.all(name).iter().map(|body| body.text.clone()));
    }
    assert!(bodies.len() >= 3 * 7);
    for body in bodies {
        assert!(!body.contains("<script") && !body.contains("alert("), "{body}");
    }
}

#[test]
fn xml_declares_itself_and_its_root_within_512_bytes() {
    let server = hostile().serve();
    for (path, root) in [("/rss.xml", "<rss"), ("/atom.xml", "<feed")] {
        let text = server.get(path).ok().text();
        let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
        assert!(text.to_ascii_lowercase().starts_with(declaration), "{text:.100}");
        assert!(text.find(root).unwrap() < 512, "{path}");
        assert!(!text.contains("text/xsl"), "{path}");
    }
}
