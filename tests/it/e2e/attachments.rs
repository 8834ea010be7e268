//! Attachments: recordings, videos and documents that front matter or bodies name.

use std::fs;

use serde_json::json;

use crate::driver::{Folder, ImageHost, article_with, honest, png};

const BASE: &str = "https://feeds.example.org";

/// An MP3 of this many frames of 417 bytes and 26 ms.
fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0];
    frame.resize(417, 0);
    frame.repeat(frames)
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n%%EOF\n".to_vec()
}

/// The enclosure of the only entry: URL, length and type.
fn enclosure(folder: &Folder) -> Option<(String, String, String)> {
    let server = folder.serve_with(&["--base-url", BASE]);
    let rss = server.get("/rss.xml").ok().xml();
    let found = rss.all("enclosure");
    let attribute = |name: &str| found[0].attribute(name).to_owned();
    (!found.is_empty()).then(|| (attribute("url"), attribute("length"), attribute("type")))
}

#[test]
fn an_mp3_beside_an_article_is_its_enclosure_and_is_served_in_ranges() {
    let folder = Folder::new();
    let bytes = mp3(383);
    folder
        .write("ep/one.md", article_with("One", "2026-01-02", "audio: {file: a 1.mp3, type: audio/wav, length: 5}\n"));
    folder.write("ep/a 1.mp3", &bytes);
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().xml();
    let enclosure = rss.one("enclosure");
    // The facts of the file overrule what is written.
    assert_eq!((enclosure.attribute("type"), enclosure.attribute("length")), ("audio/mpeg", &*bytes.len().to_string()));
    let path = server.path_of(enclosure.attribute("url"));
    let whole = server.get(&path).ok();
    assert_eq!((whole.must("content-type"), whole.body.len()), ("audio/mpeg", bytes.len()));
    assert_eq!((whole.must("accept-ranges"), whole.must("x-content-type-options")), ("bytes", "nosniff"));
    let part = server.get_with(&path, &[("Range", "bytes=417-420")]);
    part.assert_status(206);
    assert_eq!(part.body, &bytes[417..421]);
    let content = rss.one("media:content");
    assert_eq!((content.attribute("medium"), content.attribute("duration")), ("audio", "10"));
    let item = &server.get("/feed.json").ok().json()["items"][0];
    let url = enclosure.attribute("url");
    let expected =
        json!([{"url": url, "mime_type": "audio/mpeg", "size_in_bytes": bytes.len(), "duration_in_seconds": 10}]);
    assert_eq!(item["attachments"], expected);
}

#[test]
fn an_edit_of_a_recording_is_seen() {
    let folder = Folder::new();
    folder.write("one.md", article_with("One", "2026-01-02", "audio: a.mp3\n"));
    folder.write("a.mp3", mp3(10));
    let server = folder.serve();
    let length = |answer: &crate::driver::Answer| answer.json()["items"][0]["attachments"][0]["size_in_bytes"].clone();
    assert_eq!(length(&server.get("/feed.json")), 4170);
    let before = server.get("/feed.json").json();
    folder.write_in_place("a.mp3", mp3(20));
    let after = server.eventually("/feed.json", |answer| length(answer) == 8340).json();
    for key in ["id", "date_published", "date_modified"] {
        assert_eq!(before["items"][0][key], after["items"][0][key], "an attachment changes no {key}");
    }
    folder.remove("a.mp3");
    server.eventually("/feed.json", |answer| length(answer).is_null());
}

#[test]
fn the_enclosure_is_audio_else_video_else_the_lead_image_else_any() {
    let folder = Folder::new();
    folder.write("a.mp3", mp3(9));
    folder.write("v.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    folder.write("d.pdf", pdf());
    folder.write("p.png", png(4, 3));
    for (fields, types) in [
        ("attachments: [d.pdf, v.mp4, a.mp3]\ncover: p.png\n", &["audio/mpeg", "application/pdf", "video/mp4"][..]),
        ("attachments: [d.pdf]\nvideo: v.mp4\ncover: p.png\n", &["video/mp4", "application/pdf"]),
        ("attachments: [d.pdf]\ncover: p.png\n", &["image/png", "application/pdf"]),
        ("attachments: [d.pdf]\n", &["application/pdf"]),
    ] {
        folder.write("one.md", article_with("One", "2026-01-02", fields));
        let server = folder.serve();
        let json = server.get("/feed.json").ok().json();
        let attachments = json["items"][0]["attachments"].as_array().unwrap();
        let found: Vec<&str> = attachments.iter().map(|found| found["mime_type"].as_str().unwrap()).collect();
        assert_eq!(found, types, "{fields}");
        let rss = server.get("/rss.xml").ok().xml();
        assert_eq!(rss.one("enclosure").attribute("type"), types[0], "{fields}");
        let atom = server.get("/atom.xml").ok().xml();
        let links = atom.one("entry").all("link").into_iter().filter(|link| link.attribute("rel") == "enclosure");
        assert_eq!(links.map(|link| link.attribute("type").to_owned()).collect::<Vec<_>>(), types, "{fields}");
    }
}

#[test]
fn a_path_leads_to_a_local_file_else_to_the_web_site_else_to_nothing() {
    let folder = Folder::new();
    let url = |url: &str| Some((url.to_owned(), "0".to_owned(), "audio/mpeg".to_owned()));
    folder.write("one.md", article_with("One", "2026-01-02", "audio: /audio/a.mp3\n"));
    assert_eq!(enclosure(&folder), None);
    folder.run(&["check"]).assert_says("one.md:4:8: the attachment `/audio/a.mp3`");
    folder.define("site.yaml", "home: https://news.example.org/blog/\n");
    assert_eq!(enclosure(&folder), url("https://news.example.org/audio/a.mp3"));
    folder.write("static/audio/a.mp3", mp3(3));
    let local = (format!("{BASE}/media/static/audio/a.mp3"), "1251".to_owned(), "audio/mpeg".to_owned());
    assert_eq!(enclosure(&folder), Some(local.clone()));
    folder.write("one.md", article_with("One", "2026-01-02", "audio: https://news.example.org/audio/a.mp3?x=1\n"));
    assert_eq!(enclosure(&folder), Some(local));
    folder.write("one.md", article_with("One", "2026-01-02", "audio: other.mp3\n"));
    assert_eq!(enclosure(&folder), None);
}

#[test]
fn documents_that_a_body_links_are_served_with_safe_headers() {
    let folder = Folder::new();
    let epub = [b"PK\x03\x04".as_slice(), &[0; 26], b"mimetypeapplication/epub+zip"].concat();
    let body = "\n[p](files/a.pdf) [e](files/b.epub) [z](files/c.zip) <audio src=\"d.mp3\"></audio> \
                <video><source src='e.webm'></video> [t](fake.pdf)\n";
    folder.write("one/post.md", article_with("One", "2026-01-02", "") + body);
    folder.write("one/files/a.pdf", pdf());
    folder.write("one/files/b.epub", &epub);
    folder.write("one/files/c.zip", b"PK\x05\x06\0\0");
    folder.write("one/d.mp3", mp3(3));
    folder
        .write("one/e.webm", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm");
    folder.write("one/fake.pdf", "<script>alert(1)</script>");
    let server = folder.serve();
    let html = server.get("/feed.json").ok().json()["items"][0]["content_html"].as_str().unwrap().to_owned();
    for (path, media_type, disposition) in [
        ("one/files/a.pdf", "application/pdf", None),
        ("one/files/b.epub", "application/epub+zip", Some("attachment")),
        ("one/files/c.zip", "application/zip", Some("attachment")),
        ("one/d.mp3", "audio/mpeg", None),
        ("one/e.webm", "video/webm", None),
    ] {
        assert!(html.contains(&server.url(&format!("/media/{path}"))), "{path} in {html}");
        let answer = server.get(&format!("/media/{path}")).ok();
        assert_eq!((answer.must("content-type"), answer.header("content-disposition")), (media_type, disposition));
        assert_eq!(answer.must("x-content-type-options"), "nosniff");
    }
    server.get("/media/one/fake.pdf").assert_status(404);
    folder.run(&["build", "--base-url", BASE, "--out", "out"]).assert_code(0);
    assert_eq!(fs::read(folder.path("out/media/one/files/a.pdf")).unwrap(), pdf());
    let nginx = fs::read_to_string(folder.path("out/_nginx.conf")).unwrap();
    assert!(nginx.contains("types { application/epub+zip epub; }\n") && nginx.contains("audio/mpeg mp3;"), "{nginx}");
}

#[test]
fn attachments_of_drafts_are_private_and_those_of_public_roots_are_public() {
    let folder = Folder::new();
    folder.write("draft/one.md", article_with("One", "2026-01-02", "draft: true\naudio: a.mp3\n") + "\n[p](b.pdf)\n");
    folder.write("draft/a.mp3", mp3(3));
    folder.write("draft/b.pdf", pdf());
    folder.write("static/c.zip", b"PK\x05\x06\0\0");
    let statuses = || {
        let server = folder.serve();
        ["draft/a.mp3", "draft/b.pdf", "static/c.zip"].map(|path| server.get(&format!("/media/{path}")).status)
    };
    assert_eq!(statuses(), [404, 404, 200]);
    folder.write("draft/one.md", article_with("One", "2026-01-02", "audio: a.mp3\n") + "\n[p](b.pdf)\n");
    assert_eq!(statuses(), [200, 200, 200]);
    // An article that no feed shows.
    folder.define("site.yaml", "feeds: {limit: 1}\n");
    folder.write("new.md", article_with("New", "2026-02-02", ""));
    assert_eq!(statuses(), [200, 200, 200]);
    folder.run(&["build", "--base-url", BASE, "--out", "out"]).assert_code(0);
    assert!(folder.path("out/media/draft/a.mp3").exists() && folder.path("out/media/draft/b.pdf").exists());
}

#[test]
fn the_host_of_a_recording_is_asked_for_what_the_article_does_not_say() {
    let folder = Folder::new();
    folder.define("site.yaml", "images: {private: [127.0.0.0/8]}\n");
    let bytes = mp3(200);
    let host = ImageHost::start(move |request| honest(request, &bytes));
    let (known, unknown) = (host.url("/known.mp3"), host.url("/unknown.mp3"));
    folder.write("a.md", article_with("A", "2026-01-02", &format!("audio: {unknown}\n")));
    folder.write("b.md", article_with("B", "2026-01-01", &format!("enclosure: {known} 77 audio/mpeg\n")));
    folder.run(&["images", "--log", "text"]).assert_says("2 ok");
    assert!(host.requests().iter().all(|request| request.header("Accept") == Some("*/*")));
    let rss = folder.serve().get("/rss.xml").ok().xml();
    let lengths: Vec<&str> = rss.all("enclosure").iter().map(|enclosure| enclosure.attribute("length")).collect();
    assert_eq!(lengths, ["83400", "77"]);
}

#[test]
fn a_recording_of_300_mib_is_served_without_hashing_it() {
    let folder = Folder::new();
    folder.write("one.md", article_with("One", "2026-01-02", "audio: long.mp3\n"));
    folder.write("long.mp3", mp3(3));
    let file = fs::File::options().write(true).open(folder.content("long.mp3")).unwrap();
    file.set_len(300 << 20).unwrap();
    let server = folder.serve();
    let part = server.get_with("/media/long.mp3", &[("Range", "bytes=0-3")]);
    part.assert_status(206);
    assert_eq!(part.must("content-range"), format!("bytes 0-3/{}", 300 << 20));
    let length = &server.get("/feed.json").json()["items"][0]["attachments"][0]["size_in_bytes"];
    assert_eq!(*length, 300_u64 << 20);
}
