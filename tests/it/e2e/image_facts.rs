//! Facts about remote images in `images.facts`: where they appear, and what they never change.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::driver::{Folder, TestServer, article_with};

const PICTURE: &str = "https://img.example.org/a?id=1";

fn facts(lines: &[&str]) -> String {
    format!("feedmill images 1\n{}\n", lines.join("\n"))
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-02", &format!("cover: {PICTURE}\ntags: [shown]\n")));
    folder.write("b.md", article_with("B", "2026-01-01", "tags: [plain]\n"));
    folder
}

fn enclosure(server: &TestServer) -> [String; 3] {
    let rss = server.get("/rss.xml").ok().xml();
    let enclosure = rss.one("enclosure");
    ["url", "type", "length"].map(|name| enclosure.attribute(name).to_owned())
}

/// The files of a build, by path.
fn build(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    fn collect(directory: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.file_name().is_none_or(|name| name != ".feedmill") {
                files.insert(path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    folder.run(&["build", "--base-url", "https://feeds.example.org"]).assert_code(0);
    let mut files = BTreeMap::new();
    collect(&folder.path("dist"), &mut files);
    files
}

#[test]
fn facts_give_a_remote_image_its_type_length_and_size_in_every_format() {
    let folder = folder();
    folder
        .define("images.facts", &facts(&[&format!("{PICTURE}\tok\timage/webp\t1234\t640\t480\t2026-01-01\t\"v\"\t")]));
    let server = folder.serve();
    assert_eq!(enclosure(&server), [PICTURE, "image/webp", "1234"]);
    let rss = server.get("/rss.xml").ok().xml();
    let media = rss.one("media:content");
    assert_eq!((media.attribute("width"), media.attribute("height")), ("640", "480"));
    assert_eq!((media.attribute("type"), media.attribute("fileSize")), ("image/webp", "1234"));
    let atom = server.get("/atom.xml").ok().text();
    let link = atom.split("<link").find(|link| link.contains("rel=\"enclosure\"")).unwrap();
    assert!(link.contains("length=\"1234\"") && link.contains("type=\"image/webp\""), "{link}");
    let attachment = &server.get("/feed.json").ok().json()["items"][0]["attachments"][0];
    assert_eq!((&attachment["mime_type"], &attachment["size_in_bytes"]), (&"image/webp".into(), &1234.into()));
}

#[test]
fn changed_facts_appear_without_a_restart_and_only_in_feeds_that_show_the_image() {
    let folder = folder();
    let server = folder.serve();
    let plain = server.get("/tags/plain/rss.xml").ok();
    assert_eq!(enclosure(&server), [PICTURE, "image/jpeg", "0"]);
    folder.define("images.facts", &facts(&[&format!("{PICTURE}\tok\timage/png\t99")]));
    server.eventually("/rss.xml", |answer| answer.text().contains("length=\"99\""));
    assert_eq!(enclosure(&server), [PICTURE, "image/png", "99"]);
    assert_eq!(server.get("/tags/plain/rss.xml").ok().body, plain.body);
    // The site's feed and that of the tag.
    server.logs(&["facts about remote images changed; 2 feeds new"]);
}

#[test]
fn facts_in_another_directory_are_watched_too() {
    let folder = folder();
    let facts_of = |length: u32| facts(&[&format!("{PICTURE}\tok\timage/png\t{length}")]);
    folder.put("state/pictures", facts_of(98));
    let server = folder.serve_with(&["--image-facts", "state/pictures"]);
    assert_eq!(enclosure(&server)[2], "98");
    folder.put("state/pictures", facts_of(99));
    server.eventually("/rss.xml", |answer| answer.text().contains("length=\"99\""));
    std::fs::remove_file(folder.path("state/pictures")).unwrap();
    let deleted = Duration::from_secs(20);
    server.eventually_in(deleted, "/rss.xml", |answer| answer.text().contains("length=\"0\""));
}

#[test]
fn no_fact_changes_an_id_or_a_date_and_the_order_of_lines_changes_nothing() {
    let folder = folder();
    let other = "https://img.example.org/b";
    folder.write("b.md", article_with("B", "2026-01-01", &format!("cover: {other}\n")));
    let dates_and_ids = |files: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        let (_, atom) = files.iter().find(|(path, _)| path.ends_with("dist/atom.xml")).unwrap();
        let atom = String::from_utf8(atom.clone()).unwrap();
        let parts = atom.split('<').filter(|part| part.starts_with("id>") || part.starts_with("updated>"));
        parts.map(str::to_owned).collect()
    };
    let without = build(&folder);
    let [one, two] = [format!("{PICTURE}\tok\timage/png\t99\t640\t480"), format!("{other}\tgone")];
    folder.define("images.facts", &facts(&[&one, &two]));
    let with = build(&folder);
    assert_ne!(with, without);
    assert_eq!(dates_and_ids(&with), dates_and_ids(&without));
    folder.define("images.facts", &facts(&[&two, &one]));
    assert_eq!(build(&folder), with);
    folder.define("images.facts", &facts(&[&format!("{one}\t2026-01-31\t\"v\"\tnone"), &two]));
    assert_eq!(build(&folder), with, "what only the next probe needs is in a document");
}

#[test]
fn the_next_candidate_replaces_a_dead_image_unless_site_yaml_says_otherwise() {
    let folder = Folder::new();
    let next = "https://img.example.org/next.png";
    folder.write(
        "a.md",
        article_with("A", "2026-01-02", &format!("cover: {PICTURE}\n")) + &format!("<img src=\"{next}\">\n"),
    );
    let shown = |site: &str, state: &str| {
        folder.define("site.yaml", site);
        folder.define("images.facts", &facts(&[&format!("{PICTURE}\t{state}")]));
        let rss = folder.serve().get("/rss.xml").ok().xml();
        rss.all("enclosure").first().map(|enclosure| enclosure.attribute("url").to_owned())
    };
    for (site, state, url) in [
        ("", "ok", Some(PICTURE)),
        ("", "refused", Some(PICTURE)),
        ("", "unknown", Some(PICTURE)),
        ("", "gone", Some(next)),
        ("", "no-image", Some(next)),
        ("lead_image: {dead: keep}\n", "gone", Some(PICTURE)),
        ("lead_image: {dead: drop}\n", "gone", None),
        ("lead_image: {dead: drop}\n", "ok", Some(PICTURE)),
    ] {
        assert_eq!(shown(site, state).as_deref(), url, "{site} {state}");
    }
}

#[test]
fn a_wrong_line_is_reported_and_skipped_and_a_file_of_another_version_keeps_the_last_valid_one() {
    let folder = folder();
    let line = format!("{PICTURE}\tok\timage/png\t99");
    folder.define("images.facts", &facts(&["nonsense", &line]));
    let check = folder.run(&["check"]);
    check.assert_code(1);
    check.assert_says("feeds/images.facts:2:1: the first column is not a percent-encoded http or https URL");
    let server = folder.serve();
    assert_eq!(enclosure(&server)[2], "99");
    folder.define("images.facts", &format!("feedmill images 2\n{line}7\n"));
    server.logs(&["images.facts:1:1", "version `2` of this file is unknown"]);
    assert_eq!(enclosure(&server)[2], "99");
}
