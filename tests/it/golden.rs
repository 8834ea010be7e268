//! Golden values: slugs, URLs and the bytes of feeds must not change with a minor version. The snapshots of
//! `formats.rs` pin the rendering of hostile articles.
//!
//! A difference here is either a mistake or an entry under **Breaking** in the CHANGELOG.
//! `INSTA_UPDATE=always` accepts it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use feedmill::name::{Name, long_slug, slug};

#[test]
fn slugs_are_unchanged() {
    const NAMES: [&str; 32] = [
        "News",
        "新媒体",
        "趣头条",
        "生活&旅游",
        "C++",
        "C#",
        "C/C++",
        ".NET",
        "R&D",
        "Ünïcode",
        "Straße",
        "Ærø",
        "Łódź",
        "Привет мир",
        "Ελληνικά",
        "日本語",
        "東京 2020",
        "한국어",
        "ไทย",
        "עברית",
        "العربية",
        "Đà Nẵng",
        "ｆｕｌｌ　ｗｉｄｔｈ",
        "two  blanks",
        "snake_case",
        "--dashes--",
        "😀",
        "🎉 party",
        "œuvre",
        "1984",
        "a very long name that goes on and on until nobody would type it into an address bar any more at all",
        "№ 5",
    ];
    let list = NAMES.iter().fold(String::new(), |mut list, name| {
        let short = slug(name);
        let long = long_slug(&Name::new(name).unwrap(), short.as_deref());
        let _ = writeln!(list, "{name} | {} | {long}", short.as_deref().unwrap_or("-"));
        list
    });
    insta::assert_snapshot!("slugs", list);
}

/// Pins every path of the example site, and the digests of feeds, OPML and feeds.json. The appearance of
/// pages may change, so only their paths are pinned.
#[test]
fn the_paths_and_bytes_of_the_example_are_unchanged() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("dist");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedmill"));
    command.args(["build", "--base-url", "https://feeds.example.org", "--log", "text", "--out"]).arg(&out);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FEEDMILL_")) {
        command.env_remove(name);
    }
    let built = command.current_dir(root).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut lines = Vec::new();
    list(&out, &out, &mut lines);
    lines.sort();
    insta::assert_snapshot!("example", lines.join("\n"));
}

/// The files of a build below a directory, without compressed variants and configuration for hosts.
fn list(root: &Path, directory: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(root, &path, lines);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_encoding = path.extension().is_some_and(|end| end == "gz" || end == "br");
        if name.starts_with(['.', '_']) || is_encoding {
            continue;
        }
        let shown = path.strip_prefix(root).unwrap().display().to_string();
        let is_golden = ["rss.xml", "atom.xml", "feed.json", "feeds.opml", "feeds.json"].contains(&name.as_str());
        let digest = if is_golden {
            format!(" {:016x}", xxhash_rust::xxh3::xxh3_64(&fs::read(&path).unwrap()))
        } else {
            String::new()
        };
        lines.push(format!("/{}{digest}", shown.strip_suffix("index.html").unwrap_or(&shown)));
    }
}
