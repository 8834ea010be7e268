//! `feedmill build`: writes every document as a file, with the bytes that `serve` sends.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::process::Signal;

use crate::driver::{DEADLINE, Folder, Process, article, article_with, png};

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

/// Whether a file is the compressed form of another file.
pub fn is_encoding(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|end| end == "gz" || end == "br")
}

/// Every file below a directory, with its relative path.
pub fn files(root: &Path) -> BTreeSet<String> {
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
fn every_file_has_the_bytes_of_the_response_of_serve() {
    let folder = folder();
    folder.run(&["build"]).assert_code(0);
    let server = folder.serve();
    let files = files(&folder.path("dist"));
    let plain = |file: &&String| !FOR_WEB_SERVERS.contains(&file.as_str()) && !is_encoding(file);
    for file in files.iter().filter(plain) {
        let address = file.strip_suffix("index.html").unwrap_or(file);
        let address = format!("/{}", utf8_percent_encode(address, UNESCAPED));
        let written = fs::read(folder.path("dist").join(file)).unwrap();
        assert!(server.get(&address).ok().body == written, "{file} differs");
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
fn every_url_that_serve_lists_is_a_file() {
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
fn a_directory_with_other_files_is_refused_and_left_unchanged() {
    let folder = folder();
    folder.put("dist/precious.txt", "mine");
    let finished = folder.run(&["build"]);
    finished.assert_code(2);
    finished.assert_says("dist");
    assert_eq!(files(&folder.path("dist")), BTreeSet::from(["precious.txt".to_owned()]));
}

#[test]
fn an_empty_directory_and_an_earlier_build_are_replaced() {
    let folder = folder();
    fs::create_dir(folder.path("dist")).unwrap();
    folder.run(&["build"]).assert_code(0);
    let first = files(&folder.path("dist"));
    folder.run(&["build"]).assert_code(0);
    assert_eq!(files(&folder.path("dist")), first);
    folder.remove("b.md");
    folder.run(&["build"]).assert_code(0);
    assert!(!folder.path("dist/articles/b/index.html").exists(), "a stale page was left");
}

#[test]
fn changed_urls_are_listed_and_nothing_is_built_if_they_cannot_be() {
    let folder = folder();
    folder.run(&["build", "--changed", "urls"]).assert_code(0);
    let all = fs::read_to_string(folder.path("urls")).unwrap();
    assert!(all.lines().any(|url| url == format!("{BASE}/articles/b/")), "{all}");
    let changed = |to: &str| {
        folder.write("b.md", article("B", "2026-01-01") + to);
        folder.run(&["build", "--changed", to])
    };
    let refused = changed("content");
    refused.assert_code(2);
    refused.assert_says("`content` cannot be written: is a directory; choose another file with --changed");
    let standard_output = changed("-");
    assert!(standard_output.out.contains(&format!("{BASE}/articles/b/\n")), "{}", standard_output.out);
    assert!(!standard_output.out.contains("/opml"), "{}", standard_output.out);
    // A pipe is written to, and not replaced by a file.
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    let pipe = folder.path("pipe");
    let reader = thread::spawn(move || fs::read_to_string(pipe).unwrap());
    changed("pipe").assert_code(0);
    assert!(fs::metadata(folder.path("pipe")).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap().contains("/articles/b/"));
}

#[test]
fn a_watched_site_that_loses_all_articles_keeps_its_last_build() {
    let folder = Folder::new();
    folder.define("site.yaml", &format!("base_url: {BASE}\n"));
    folder.write("a.md", article("A", "2026-01-01"));
    let mut process = Process::start(folder.command(&["build", "--watch", "poll", "--poll", "100ms"]));
    let says = |words: &'static str| process.line(DEADLINE, |line| line.contains(words).then_some(()));
    assert!(says("files to dist").is_some(), "{:?}", process.log());
    folder.remove("a.md");
    assert!(says("nothing was written: the last build has articles").is_some(), "{:?}", process.log());
    assert!(folder.path("dist/articles/a/index.html").is_file());
    folder.write("b.md", article("B", "2026-01-02"));
    let is_built = || folder.path("dist/articles/b/index.html").is_file();
    let end = Instant::now() + DEADLINE;
    while !is_built() && Instant::now() < end {
        thread::yield_now();
    }
    assert!(is_built() && !folder.path("dist/articles/a").exists(), "{:?}", process.log());
    process.signal(Signal::TERM);
    assert!(process.exit(DEADLINE).is_some_and(|status| status.success()));
}

#[test]
fn a_build_that_watches_nothing_ends() {
    folder().run(&["build", "--watch", "off"]).assert_code(0);
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

/// Files for the web server, which have no path of their own in `serve`.
const FOR_WEB_SERVERS: [&str; 4] = [".feedmill", "_headers", "_redirects", "_nginx.conf"];

#[test]
fn every_document_has_compressed_files_with_the_bytes_of_serve() {
    let folder = folder();
    folder.run(&["build"]).assert_code(0);
    let server = folder.serve();
    let files = files(&folder.path("dist"));
    let images = |file: &str| file.starts_with("media/");
    for file in files.iter().filter(|file| !FOR_WEB_SERVERS.contains(&file.as_str()) && !is_encoding(file)) {
        for (end, coding) in [(".gz", "gzip"), (".br", "br")] {
            let beside = format!("{file}{end}");
            if images(file) {
                assert!(!files.contains(&beside), "{beside}: serve does not compress images");
                continue;
            }
            let address = file.strip_suffix("index.html").unwrap_or(file);
            let address = format!("/{}", utf8_percent_encode(address, UNESCAPED));
            let answer = server.get_with(&address, &[("Accept-Encoding", coding)]).ok();
            if answer.header("content-encoding").is_none() {
                assert!(!files.contains(&beside), "{beside}: serve does not compress this document");
                continue;
            }
            assert_eq!(answer.must("content-encoding"), coding);
            assert!(fs::read(folder.path("dist").join(&beside)).unwrap() == answer.body, "{beside} differs");
        }
    }
}

#[test]
fn a_damaged_compressed_file_is_made_again() {
    let folder = folder();
    folder.run(&["build"]).assert_code(0);
    let first = tree(&folder.path("dist"));
    let is_compressed = |path: &str| Path::new(path).extension().is_some_and(|end| end == "gz" || end == "br");
    let compressed: Vec<&String> = first.keys().filter(|path| is_compressed(path)).collect();
    assert!(compressed.len() > 10);
    for (at, path) in compressed.into_iter().enumerate() {
        let bytes = &first[path];
        let damaged = match at % 3 {
            0 => bytes[..bytes.len() / 2].to_vec(),
            1 => [&**bytes, b"more"].concat(),
            _ => b"not compressed".to_vec(),
        };
        // A new file, because another build may share the old one.
        let path = folder.path("dist").join(path);
        fs::remove_file(&path).unwrap();
        fs::write(&path, damaged).unwrap();
    }
    folder.run(&["build"]).assert_code(0);
    assert!(tree(&folder.path("dist")) == first);
}

#[test]
fn headers_and_redirects_are_written_for_web_servers() {
    let folder = folder();
    let site = format!(
        "base_url: {BASE}/news\nredirects: {{/old.xml: /rss.xml, /tag/: /tags/}}\ngone: [/never.xml]\npresets: [hexo]\n"
    );
    folder.define("site.yaml", &site);
    folder.run(&["build"]).assert_code(0);
    let read = |name: &str| fs::read_to_string(folder.path("dist").join(name)).unwrap();
    let headers = read("_headers");
    for words in [
        "\n/news/*rss.xml\n  content-type: application/xml; charset=utf-8\n  x-content-type-options: nosniff\n  cache-control: public, max-age=1800, s-maxage=60",
        "\n/news/*feed.json\n  content-type: application/feed+json",
        "\n/news/media/*\n",
        "\n/news/media/*.svg\n  content-security-policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\n\n",
        "\n/news/media/*.epub\n  content-disposition: attachment\n\n",
        "\n/news/media/*.zip\n  content-disposition: attachment\n\n",
        "\n/news/media/*.cbz\n  content-disposition: attachment\n",
    ] {
        assert!(headers.contains(words), "no {words:?} in {headers}");
    }
    let redirects = read("_redirects");
    for line in [
        format!("/news/old.xml {BASE}/news/rss.xml 301"),
        format!("/news/rss2.xml {BASE}/news/rss.xml 301"),
        format!("/news/tag/* {BASE}/news/tags/:splat 301"),
        format!("/news/categories/%E6%96%B0%E5%AA%92%E4%BD%93/ {BASE}/news/categories/xin-mei-ti/ 301"),
    ] {
        assert!(redirects.lines().any(|each| each == line), "no {line} in {redirects}");
    }
    let nginx = read("_nginx.conf");
    for line in [
        format!("location = \"/news/old.xml\" {{ return 301 \"{BASE}/news/rss.xml\"; }}"),
        "location = \"/news/never.xml\" { return 410; }".to_owned(),
    ] {
        assert!(nginx.lines().any(|each| each == line), "no {line} in {nginx}");
    }
}

/// Every file below a directory, with its content.
pub fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    files(root).into_iter().map(|file| (file.clone(), fs::read(root.join(&file)).unwrap())).collect()
}

#[test]
fn a_killed_build_leaves_the_old_tree_or_the_new_one() {
    let folder = folder();
    for number in 0..40 {
        folder.write(&format!("more/{number}.md"), article(&format!("No {number}"), "2026-01-03"));
    }
    let states = ["First", "Second"];
    let write = |state: &str| folder.write("b.md", article(state, "2026-02-01"));
    let whole = states.map(|state| {
        write(state);
        folder.run(&["build", "--out", state]).assert_code(0);
        tree(&folder.path(state))
    });
    folder.run(&["build"]).assert_code(0);
    let mut killed = 0;
    for turn in 0..24_u64 {
        write(states[usize::from(turn % 2 == 1)]);
        let mut build = Process::start(folder.command(&["build"]));
        // Kills the process at various moments, from its very start until after the end of a build.
        if build.exit(Duration::from_millis(turn * turn)).is_none() {
            killed += 1;
        }
        drop(build);
        let dist = tree(&folder.path("dist"));
        assert!(whole.contains(&dist), "turn {turn} left a mixture of two builds: {} files", dist.len());
    }
    assert!(killed > 5, "only {killed} were killed");
    folder.run(&["build"]).assert_code(0);
    let left: Vec<_> = fs::read_dir(folder.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".feedmill")), "{left:?}");
}
