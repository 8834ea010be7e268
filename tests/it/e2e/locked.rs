//! Text that an author locks or hides appears nowhere: not in feeds, pages and lists, not in the files of a
//! build, not in the log.

use std::fs;

use super::build::{files, is_encoding};
use crate::driver::{Finished, Folder, article, article_with, png};

/// A word in every locked or hidden text, and in the names of their images.
const SECRET: &str = "XYZZY";

/// A Hexo site with locked articles, locked parts and hidden elements of every kind.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: T\nbase_url: https://feeds.example.org\ndialect: hexo\n");
    folder.define("all.yaml", "title: All\nselect: {categories: [c]}\n");
    folder.write("_config.yml", "title: T\nencrypt:\n  tags:\n  - {name: diary, password: XYZZY-config}\n");
    let body = "XYZZY ![XYZZY](XYZZY.png)\n";
    for (name, more) in [
        ("tag", "tags: [Diary]"),
        ("password", "password: XYZZY"),
        ("encrypted", "encrypted: 'yes'"),
        ("private", "private: true"),
        ("status", "status: Private"),
        ("trash", "status: trash"),
        ("visibility", "visibility: private"),
        ("extra", "extra: {pwd: 12}"),
    ] {
        let more = format!("{more}\ncategories: [c]\nimage: XYZZY.png\naudio: https://x.example/XYZZY.mp3\n");
        folder.write(&format!("whole-{name}.md"), article_with("XYZZY", "2026-01-01", &more) + body);
    }
    for (name, before, after) in [
        ("nunjucks", "{% hideSecret XYZZY %}", "{% endhideSecret %}"),
        ("hugo", "{{% hugo-encryptor \"XYZZY\" %}}", "{{% /hugo-encryptor %}}"),
        ("zola", "{% secret(key=\"XYZZY\") %}", "{% end %}"),
        ("valaxy", "<!-- valaxy-encrypt-start:XYZZY -->", "<!-- valaxy-encrypt-end -->"),
        ("container", "::: Encrypt XYZZY", ":::"),
        ("element", "<hugo-encryptor>", "</hugo-encryptor>"),
        ("nested", "{% secret %}\n{% secret %}\nXYZZY\n{% endsecret %}", "{% endsecret %}"),
        ("hidden", "<div hidden>", "</div>"),
        ("style", "<div style=\"DISPLAY : n&#111;ne !important\">", "</div>"),
        ("invisible", "<section style='visibility:/**/hidden'>", "</section>"),
        ("heading", "# shown <b hidden>xyzzy</b>\n\n<div hidden>", "</div>"),
        ("endless", "<!-- more -->\n\nshown-last\n\n{{% protect %}}", ""),
    ] {
        let locked = format!("shown-first\n\n{before}\n\n# XYZZY\n\n{body}\n[XYZZY](XYZZY.md)\n\n{after}\n");
        let shown = if after.is_empty() { String::new() } else { "\nshown-last ![a](a.png)\n".to_owned() };
        // A container begins and ends on lines of its own.
        let words = if name == "container" { "d".to_owned() } else { format!("d {before}XYZZY{after}") };
        let words = words.replace('\'', "''").replace('\n', " ");
        let front = format!("---\ndate: 2026-01-02\ncategories: [c]\ndescription: '{words}'\n---\n");
        folder.write(&format!("part-{name}.md"), front + &locked + &shown);
    }
    folder.write("title.md", article("a <b hidden>XYZZY</b>title", "2026-01-03"));
    folder.write("XYZZY.png", png(3, 3));
    folder.write("a.png", png(3, 3));
    folder
}

const PARTS: usize = 12;

#[test]
fn what_hides_an_article_hides_it_in_broken_front_matter_too() {
    let lines = [
        "\tdraft: true",
        "  draft: true",
        "- draft: true",
        "draft: \"true",
        "draft: true, title: x",
        "draft: y",
        "draft: [true]",
        "isDraft: true",
        "\tpassword: XYZZY",
        "password: \"XYZZY",
        "password: [XYZZY",
        "password: {XYZZY",
        "private: \"yes",
        "status: \"private",
        "hidden: \"true",
        "  hidden: true",
        "  published: false",
        "\tpublished: false",
        "  unlisted: true",
        "\tencrypt: true",
        "  encrypted: true",
        "  expiryDate: 2020-01-01",
        "x: \"y\" z\n  draft: true",
        "\"draft\" : \"true",
        "status: unpublished",
        "status: Scheduled",
        "visibility: members",
        "visibility: hidden",
    ];
    let folder = Folder::new();
    for (number, line) in lines.iter().enumerate() {
        folder.write(
            &format!("line-{number}.md"),
            format!("---\ntitle: XYZZY{number}\n{line}\ndate: 2026-01-01\n---\nXYZZY{number}\n"),
        );
    }
    let long = format!("---\ntitle: XYZZY\ndate: 2026-01-01\nx: {}\n\tdraft: true\n---\nXYZZY\n", "y".repeat(70_000));
    for (name, text) in [
        ("long", long.as_str()),
        ("open", "---\ntitle: XYZZY\n\tdraft: true\n\nXYZZY\n"),
        ("open-toml", "+++\ntitle = 'XYZZY'\ndraft = true\n\nXYZZY\n"),
        ("indented", "---\ntitle: XYZZY\ndraft: true\n ---\nXYZZY\n"),
        ("json", "---json\n{\"title\": \"XYZZY\", \"draft\": true}\n---\nXYZZY\n"),
        ("toml", "---toml\ntitle = 'XYZZY'\ndraft = true\n---\nXYZZY\n"),
        ("js", "---js\n{ title: 'XYZZY', draft: true }\n---\nXYZZY\n"),
    ] {
        folder.write(&format!("{name}.md"), text);
    }
    for (name, line) in [
        ("public", "visibility: public"),
        ("garden", "status: evergreen"),
        ("no", "draft: no"),
        ("rfc", "draft: draft-ietf-x"),
        ("broken", "summary: \"a private: life"),
        ("odd", "  odd: x"),
    ] {
        folder.write(&format!("{name}.md"), format!("---\ntitle: shown-{name}\n{line}\ndate: 2026-01-01\n---\nx\n"));
    }
    folder.write("gray.md", "---json\n{\"title\": \"shown-gray\", \"date\": \"2026-01-01\"}\n---\nx\n");
    folder.run(&["build", "--base-url", "https://f.example"]).assert_code(0);
    let feed = fs::read_to_string(folder.path("dist/feed.json")).unwrap();
    for name in ["public", "garden", "no", "rfc", "odd", "gray"] {
        assert!(feed.contains(&format!("shown-{name}\"")), "{name}: {feed}");
    }
    for file in files(&folder.path("dist")).iter().filter(|file| !is_encoding(file)) {
        let text = String::from_utf8_lossy(&fs::read(folder.path(&format!("dist/{file}"))).unwrap()).into_owned();
        assert!(!text.contains("XYZZY"), "{file}: {text}");
    }
    let check = folder.run(&["check"]);
    check.assert_code(1);
    check.assert_says("a line that may hide the article cannot be read: `draft`");
    check.assert_says("feedmill does not run");
}

fn assert_clean(finished: &Finished) {
    // The file of a locked image is in the directory, so its name may be listed.
    let said = finished.said().replace("XYZZY.png", "");
    assert!(!said.contains(SECRET), "{said}");
}

#[test]
fn nothing_locked_or_hidden_is_in_a_response_or_file() {
    let folder = folder();
    let built = folder.run(&["build"]);
    built.assert_code(0);
    assert_clean(&built);
    let dist = folder.path("dist");
    let files = files(&dist);
    assert!(files.iter().any(|file| file.ends_with("index.html")));
    for file in files.iter().filter(|file| !is_encoding(file)) {
        let bytes = fs::read(dist.join(file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).to_ascii_uppercase().contains(SECRET), "{file}");
    }
    let server = folder.serve();
    for file in files.iter().filter(|file| !file.contains(".png") && !file.contains(".htaccess")) {
        let path = format!("/{}", file.strip_suffix("index.html").unwrap_or(file));
        assert!(!String::from_utf8_lossy(&server.get(&path).decoded()).to_ascii_uppercase().contains(SECRET), "{path}");
    }
    for name in ["password", "private", "tag"] {
        assert_eq!(server.get(&format!("/articles/whole-{name}/")).status, 404, "{name}");
    }
    let feed = server.get("/feed.json").ok().json();
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), PARTS + 1);
    for item in items.iter().filter(|item| !item["title"].as_str().unwrap().contains("title")) {
        let html = item["content_html"].as_str().unwrap();
        assert!(html.contains("shown-first") && html.contains("shown-last"), "{item}");
    }
    assert!(items.iter().any(|item| item["title"] == "a title"));
    assert!(!server.log().replace("XYZZY.png", "").contains(SECRET), "{}", server.log());
}

#[test]
fn a_check_lists_locked_articles_and_does_not_fail() {
    let folder = folder();
    for arguments in [&["check"][..], &["check", "--deep"], &["check", "--deep", "--deny-warnings"]] {
        let finished = folder.run(arguments);
        finished.assert_code(0);
        assert_clean(&finished);
        finished.assert_says("whole-password.md:");
        finished.assert_says("part-hugo.md:");
        finished.assert_says("[note: locked]");
    }
    for (format, words) in [("json", "\"note\""), ("sarif", "\"level\": \"note\""), ("github", "::notice file=")] {
        let finished = folder.run(&["check", "--format", format]);
        finished.assert_says(words);
        assert_clean(&finished);
    }
}

#[test]
fn conflicted_copies_are_reported_and_not_published() {
    let folder = Folder::new();
    for name in [
        "a.md",
        "a.sync-conflict-20240101-120000-ABCDEFG.md",
        "a (Ann's conflicted copy 2024-01-01).md",
        "a_LOCAL_12.md",
        "~$a.md",
        "@eaDir/a.md",
        "#recycle/a.md",
    ] {
        folder.write(name, article(name, "2026-01-01"));
    }
    folder.write("@eaDir/a.png", png(3, 3));
    let finished = folder.run(&["check"]);
    finished.assert_code(0);
    finished.assert_says("3 warnings: conflict-copy");
    finished.assert_says("2 files are not articles, directories that a machine made: #recycle/, @eaDir/");
    folder.run(&["check", "--deny-warnings"]).assert_code(1);
    let server = folder.serve();
    assert_eq!(server.titles("/feed.json"), ["a.md"]);
    assert_eq!(server.get("/media/@eaDir/a.png").status, 404);
}
