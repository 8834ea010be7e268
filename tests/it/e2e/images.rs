//! `feedmill images` and `serve --fetch-images on`: what is asked, of whom, and what the answers mean.

use std::time::Duration;

use crate::driver::{Finished, Folder, ImageHost, article_with, honest, png, response};

const OPEN: &str = "images: {private: [127.0.0.0/8]}\n";

fn show(folder: &Folder, name: &str, url: &str) {
    folder.write(&format!("{name}.md"), article_with(name, "2026-01-02", &format!("cover: {url}\n")));
}

fn images(folder: &Folder) -> Finished {
    let finished = folder.run(&["images", "--log", "text"]);
    finished.assert_code(0);
    finished
}

/// The columns of the line about a URL, without the date.
fn line(folder: &Folder, url: &str) -> Vec<String> {
    let facts = std::fs::read_to_string(folder.path("feeds/images.facts")).unwrap();
    assert!(facts.starts_with("feedmill images 1\n"), "{facts}");
    let line = facts.lines().find(|line| line.starts_with(&format!("{url}\t")));
    let line = line.unwrap_or_else(|| panic!("no line for {url}:\n{facts}"));
    let mut columns: Vec<String> = line.split('\t').skip(1).map(str::to_owned).collect();
    columns.remove(5);
    columns
}

#[test]
fn one_short_request_finds_out_what_an_enclosure_says() {
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let picture = png(640, 480);
    let length = picture.len().to_string();
    let host = ImageHost::start(move |request| honest(request, &picture));
    // The extension is wrong; the first bytes decide.
    let url = host.url("/a.jpg");
    show(&folder, "a", &url);
    images(&folder).assert_says("1 ok");
    assert_eq!(line(&folder, &url), ["ok", "image/png", &length, "640", "480", "\"e1\"", "none"]);
    let requests = host.requests();
    assert_eq!(requests.len(), 1);
    for (name, value) in [("Range", Some("bytes=0-32767")), ("Accept-Encoding", Some("identity")), ("Referer", None)] {
        assert_eq!(requests[0].header(name), value, "{name}");
    }
    assert!(requests[0].header("User-Agent").unwrap().starts_with("feedmill/"));
    let rss = folder.serve().get("/rss.xml").ok().xml();
    let enclosure = rss.one("enclosure");
    assert_eq!((enclosure.attribute("type"), enclosure.attribute("length")), ("image/png", length.as_str()));
    assert_eq!(rss.one("media:content").attribute("width"), "640");
    // It is known now.
    images(&folder).assert_says("0 asked about, 1 known");
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn a_jpeg_behind_large_metadata_costs_a_second_request_and_is_turned_as_its_exif_block_says() {
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let exif = [0xff, 0xe1, 0, 30, b'E', b'x', b'i', b'f', 0, 0, b'M', b'M', 0, b'*', 0, 0, 0, 8];
    let tag = [0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];
    let metadata = [vec![0xff, 0xe2, 0xc0, 0], vec![0; 0xc000 - 2]].concat();
    let frame = [0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0];
    let jpeg = [&[0xff, 0xd8][..], &exif, &tag, &metadata, &frame, &[0xff, 0xda, 0, 2, 0xff, 0xd9]].concat();
    let length = jpeg.len().to_string();
    let host = ImageHost::start(move |request| honest(request, &jpeg));
    let url = host.url("/a");
    show(&folder, "a", &url);
    images(&folder);
    assert_eq!(line(&folder, &url)[..5], ["ok", "image/jpeg", &length, "30", "40"]);
    let ranges: Vec<String> =
        host.requests().iter().map(|request| request.header("Range").unwrap().to_owned()).collect();
    assert_eq!(ranges, ["bytes=0-32767", "bytes=32768-1048575"]);
}

#[test]
fn a_response_that_contradicts_itself_gives_no_length() {
    let picture = png(64, 48);
    let length = picture.len();
    let whole = format!("200 OK\nContent-Length: {length}");
    let known = ["ok", "image/png", &length.to_string(), "64", "48"].map(str::to_owned);
    let unknown = ["unknown", "", "", "", ""].map(str::to_owned);
    let cases = [
        (response(&whole, &picture), &known),
        // Without a length, the bytes are counted.
        (response("200 OK", &picture), &known),
        (response(&format!("200 OK\nContent-Length: {}", length + 1), &picture), &unknown),
        (response(&format!("{whole}\nContent-Encoding: gzip"), &picture), &unknown),
        (response(&format!("206 Partial Content\nContent-Range: bytes 1-{length}/{}", length + 1), &picture), &unknown),
        (response(&format!("206 Partial Content\nContent-Range: bytes 0-{}/*", length - 1), &picture), &unknown),
        (response("206 Partial Content\nContent-Range: */*", &picture), &unknown),
        (response(&format!("206 Partial Content\nContent-Range: bytes 0-{length}/{}", length + 1), &picture), &unknown),
        (response("500 Sorry", b""), &unknown),
        (b"SSH-2.0\r\n".to_vec(), &unknown),
        (response("302 Found\nLocation: /again", b""), &unknown),
        (response("302 Found\nLocation: ftp://127.0.0.1/", b""), &unknown),
    ];
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let mut expected = Vec::new();
    for (number, (answer, columns)) in cases.into_iter().enumerate() {
        let host = ImageHost::start(move |_| answer.clone());
        show(&folder, &format!("case-{number}"), &host.url("/a.png"));
        expected.push((host.url("/a.png"), columns, number));
    }
    images(&folder);
    for (url, columns, number) in expected {
        assert_eq!(line(&folder, &url)[..5], columns[..], "case {number}");
    }
}

#[test]
fn nothing_inside_is_connected_to_however_it_is_spelled() {
    let folder = Folder::new();
    let host = ImageHost::start(|request| honest(request, &png(1, 1)));
    let port = host.port();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "00.0",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "%6c%6fcalhost",
        "127%2e0%2e0%2e1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "user@127.0.0.1",
        "example.org@127.0.0.1",
    ];
    for (number, host) in hosts.iter().enumerate() {
        for scheme in ["http", "https"] {
            show(&folder, &format!("{scheme}-{number}"), &format!("\"{scheme}://{host}:{port}/a.png\""));
        }
    }
    images(&folder);
    assert!(host.requests().is_empty(), "{:?}", host.requests());
    let facts = std::fs::read_to_string(folder.path("feeds/images.facts")).unwrap();
    assert!(facts.lines().skip(1).all(|line| line.contains("\tunknown\t")), "{facts}");
}

#[test]
fn a_redirect_leads_nowhere_inside_either_and_no_proxy_of_the_environment_is_used() {
    let folder = Folder::new();
    folder.define("site.yaml", "images: {private: [127.0.0.2]}\n");
    let inside = ImageHost::start(|request| honest(request, &png(1, 1)));
    let target = inside.url("/a.png");
    let answer = move |_: &_| response(&format!("302 Found\nLocation: {target}"), b"");
    let outside = ImageHost::start_at([127, 0, 0, 2].into(), answer);
    show(&folder, "a", &outside.url("/a.png"));
    let mut command = folder.command(&["images"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"] {
        command.env(name, inside.url(""));
    }
    let finished = crate::driver::Process::start(command).finish();
    finished.assert_code(0);
    finished.assert_says("1 failed (the host has the address 127.0.0.1, which is not public");
    assert_eq!((outside.requests().len(), inside.requests().len()), (1, 0));
}

#[test]
fn a_host_that_wants_a_referer_gets_one_and_what_worked_is_remembered() {
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let wall = |request: &_| {
        let request: &crate::driver::ImageRequest = request;
        match request.header("Referer") {
            Some(referer) if referer.contains("/articles/") => honest(request, &png(2, 2)),
            _ => response("403 Forbidden", b""),
        }
    };
    let (host, closed) = (ImageHost::start(wall), ImageHost::start(|_| response("403 Forbidden", b"")));
    show(&folder, "a", &host.url("/a.png"));
    show(&folder, "b", &closed.url("/b.png"));
    images(&folder).assert_says("1 refused");
    assert_eq!(line(&folder, &host.url("/a.png"))[6], "article");
    assert_eq!(line(&folder, &closed.url("/b.png"))[0], "refused");
    let referers: Vec<Option<String>> =
        host.requests().iter().map(|request| request.header("Referer").map(str::to_owned)).collect();
    assert_eq!(referers[..2], [None, Some(host.url("/"))]);
    folder.define("site.yaml", &OPEN.replace('}', ", referer: {\"127.0.0.1\": \"https://x.example/\"}}"));
    std::fs::remove_file(folder.path("feeds/images.facts")).unwrap();
    images(&folder);
    assert_eq!(host.requests().last().unwrap().header("Referer"), Some("https://x.example/"));
}

#[test]
fn a_busy_host_is_left_alone_for_the_rest_of_the_run() {
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let host = ImageHost::start(|_| response("429 Too Many Requests\nRetry-After: 60", b""));
    show(&folder, "a", &host.url("/a.png"));
    show(&folder, "b", &host.url("/b.png"));
    images(&folder).assert_says("2 left for the next run");
    assert_eq!(host.requests().len(), 1);
    assert!(!folder.path("feeds/images.facts").exists());
}

#[test]
fn a_known_image_is_asked_for_with_its_etag_and_one_that_is_gone_twice_is_replaced() {
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let host = ImageHost::start(|request| match request.path.as_str() {
        "/same.png" if request.header("If-None-Match") == Some("\"v\"") => response("304 Not Modified", b""),
        _ => response("404 Not Found", b"<html>"),
    });
    let (same, gone) = (host.url("/same.png"), host.url("/gone.png"));
    show(&folder, "same", &same);
    show(&folder, "gone", &format!("{gone}\nbanner: https://img.example.org/next.png"));
    folder.define(
        "images.facts",
        &format!("feedmill images 1\n{same}\tok\timage/png\t9\t8\t7\t2026-01-01\t\"v\"\tnone\n{gone}\tunknown\t\t\t\t\t2026-01-01\t\t\n"),
    );
    // The next candidate is not on this machine, so only what the host was asked counts.
    images(&folder);
    assert_eq!(line(&folder, &same), ["ok", "image/png", "9", "8", "7", "\"v\"", "none"]);
    assert_eq!(line(&folder, &gone)[0], "gone");
    let facts = std::fs::read_to_string(folder.path("feeds/images.facts")).unwrap();
    assert!(!facts.contains("2026-01-01"), "{facts}");
    let rss = folder.serve().get("/rss.xml").ok().text();
    assert!(rss.contains("https://img.example.org/next.png") && !rss.contains("/gone.png\" length"), "{rss}");
}

#[test]
fn facts_that_were_deleted_and_fetched_again_give_the_same_documents() {
    let folder = Folder::new();
    let host = ImageHost::start(|request| honest(request, &png(64, 48)));
    std::fs::remove_dir(folder.path("feeds")).unwrap();
    for name in ["a", "b"] {
        show(&folder, name, &host.url(&format!("/{name}.png")));
    }
    let atom = || {
        folder.run(&["build", "--base-url", "https://feeds.example.org"]).assert_code(0);
        std::fs::read_to_string(folder.path("dist/atom.xml")).unwrap()
    };
    // Without `feeds/` nothing opens the private address, but the file is written.
    images(&folder).assert_says("which is not public");
    folder.define("site.yaml", OPEN);
    std::fs::remove_file(folder.path("feeds/images.facts")).unwrap();
    images(&folder);
    let first = atom();
    std::fs::remove_file(folder.path("feeds/images.facts")).unwrap();
    assert_ne!(atom(), first);
    images(&folder);
    assert_eq!(atom(), first);
}

#[test]
fn with_all_the_images_of_articles_that_no_feed_shows_are_asked_for_too() {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("{OPEN}feeds: {{limit: 1}}\n"));
    let host = ImageHost::start(|request| honest(request, &png(64, 48)));
    show(&folder, "a", &host.url("/a.png"));
    folder.write("old.md", article_with("Old", "2020-01-01", &format!("cover: {}\n", host.url("/old.png"))));
    images(&folder);
    folder.run(&["images", "--all"]).assert_says("1 asked about, 1 known");
    let paths: Vec<String> = host.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/a.png", "/old.png"]);
}

#[test]
fn the_server_fetches_in_the_background_only_if_it_is_told_to() {
    let folder = Folder::new();
    folder.define("site.yaml", OPEN);
    let host = ImageHost::start(|request| honest(request, &png(64, 48)));
    show(&folder, "a", &host.url("/a.png"));
    let length = format!("length=\"{}\"", png(64, 48).len());
    folder.serve().get("/rss.xml").ok();
    assert!(host.requests().is_empty());
    let server = folder.serve_with(&["--fetch-images", "on"]);
    server.eventually_in(Duration::from_secs(20), "/rss.xml", |answer| answer.text().contains(&length));
}

#[test]
fn a_file_of_another_version_is_not_overwritten() {
    let folder = Folder::new();
    show(&folder, "a", "https://img.example.org/a.png");
    folder.define("images.facts", "feedmill images 2\n");
    let finished = folder.run(&["images"]);
    finished.assert_code(2);
    finished.assert_says("version `2` of this file is unknown");
    assert_eq!(std::fs::read_to_string(folder.path("feeds/images.facts")).unwrap(), "feedmill images 2\n");
}

#[test]
fn check_warns_of_images_that_are_gone_small_or_huge() {
    let folder = Folder::new();
    let mut facts = String::from("feedmill images 1\n");
    let states = [
        ("gone", "gone"),
        ("page", "no-image"),
        ("small", "ok\timage/png\t9\t399\t10"),
        ("huge", "ok\timage/png\t15000001\t\t"),
        ("good", "ok\timage/png\t15000000\t400\t10"),
    ];
    for (name, state) in states {
        let url = format!("https://img.example.org/{name}.png");
        show(&folder, name, &url);
        facts.extend([url.as_str(), "\t", state, "\n"]);
    }
    folder.define("images.facts", &facts);
    let check = folder.run(&["check"]);
    check.assert_code(0);
    for (name, code) in
        [("gone", "image-gone"), ("page", "image-is-html"), ("small", "image-small"), ("huge", "image-huge")]
    {
        check.assert_says(code);
        check.assert_says(&format!("{name}.md:4:8: the lead image"));
    }
    assert!(!check.said().contains("good.md"), "{}", check.said());
}
