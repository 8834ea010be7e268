//! The base URL: where it comes from, and which requests it accepts.

use crate::driver::{Folder, article};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder
}

#[test]
fn the_base_url_is_the_bound_address_by_default() {
    let folder = folder();
    let server = folder.serve();
    assert_eq!(server.get("/feed.json").json()["feed_url"], server.url("/feed.json"));
}

#[test]
fn the_flag_overrides_site_yaml() {
    let folder = folder();
    folder.define("site.yaml", "base_url: https://yaml.example.org\n");
    let server = folder.serve();
    let self_address = |server: &crate::driver::TestServer| server.get("/feed.json").json()["feed_url"].clone();
    assert_eq!(self_address(&server), "https://yaml.example.org/feed.json");
    let server = folder.serve_with(&["--base-url", "https://flag.example.org"]);
    assert_eq!(self_address(&server), "https://flag.example.org/feed.json");
}

#[test]
fn the_host_header_is_ignored() {
    let folder = folder();
    let server = folder.serve();
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/feeds.json", "/"] {
        let plain = server.get(path).ok();
        let forged = [("Host", "evil.example"), ("X-Forwarded-Host", "evil.example")];
        let other = server.get_with(path, &forged).ok();
        assert_eq!(plain.text(), other.text(), "{path}");
        assert_eq!(plain.header("etag"), other.header("etag"), "{path}");
    }
}

#[test]
fn the_path_of_the_base_url_is_part_of_every_url() {
    let folder = folder();
    folder.write("b.md", "---\ntitle: B\ndate: 2026-01-02\ncategories: [x]\n---\ntext\n");
    let server = folder.serve_with(&["--base-url", "https://example.org/news"]);
    let list = server.get("/news/feeds.json").ok().json();
    for feed in list["feeds"].as_array().unwrap() {
        for format in ["page", "rss", "atom", "json"] {
            let address = feed[format].as_str().unwrap();
            let path = address.strip_prefix("https://example.org").unwrap();
            assert!(path.starts_with("/news/"), "{path}");
            server.get(path).assert_status(200);
        }
    }
    assert_eq!(server.titles("/news/categories/x/rss.xml"), ["B"]);
    server.get("/news/categories/x").assert_moved_to("https://example.org/news/categories/x/");
}

#[test]
fn paths_outside_the_base_url_are_not_found() {
    let folder = folder();
    let server = folder.serve_with(&["--base-url", "https://example.org/news/"]);
    server.get("/news/rss.xml").assert_status(200);
    for path in ["/rss.xml", "/feeds.opml", "/articles/a/", "/newsrss.xml", "/news/news/rss.xml"] {
        server.get(path).assert_status(404);
    }
}

#[test]
fn the_feed_links_to_home() {
    let folder = folder();
    folder.define("site.yaml", "title: Example\nhome: https://news.example.org\n");
    let server = folder.serve();
    let feed = server.get("/feed.json").json();
    let home = feed["home_page_url"].as_str().unwrap();
    assert_eq!(home.trim_end_matches('/'), "https://news.example.org");
    let rss = server.get("/rss.xml").xml();
    let link = rss.one("channel").children.iter().find(|child| child.name == "link");
    assert_eq!(link.unwrap().text.trim_end_matches('/'), "https://news.example.org");
}

#[test]
fn the_log_has_the_local_url_if_the_public_one_is_another() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve_with(&["--base-url", "https://feeds.example.org/below"]);
    let local = format!("http://{}/below/", server.address());
    server.logs(&[&format!("on this machine: {local}")]);
    server.get("/below/").ok();
    assert!(!folder.serve().log().contains("on this machine"));
}
