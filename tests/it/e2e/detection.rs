//! Which generator a site belongs to, and what happens if no articles are found.

use crate::driver::{Folder, article};

/// Writes the files of a site, most of them articles, and returns what `check` says of the directory `content`.
fn checked(files: &[(&str, &str)], content: &str) -> String {
    let folder = Folder::new();
    for (path, text) in files {
        let text = if text.is_empty() { article("T", "2026-01-01 10:00:00") } else { (*text).to_owned() };
        folder.put(&format!("site/{path}"), text);
    }
    std::fs::create_dir(folder.path("site/.git")).unwrap();
    let content = format!("site/{content}");
    folder.run(&["check", "--content", content.trim_end_matches('/')]).said()
}

/// The files of a site, the content directory, and what `check` says.
type Site = (&'static [(&'static str, &'static str)], &'static str, &'static [&'static str]);

const HEXO: &str = "title: H\nsource_dir: src\n";

const SITES: &[Site] = &[
    // A repository that is only Hexo's `source`.
    (&[("_posts/a.md", ""), ("about/index.md", "")], "", &["hexo: `_posts` is there, with", "1 article and"]),
    (&[("_posts/a.md", "")], "_posts", &["hexo: `_posts` is there, with", "1 article and"]),
    (&[("_config.yml", HEXO), ("src/_posts/a.md", "")], "", &["hexo: `_config.yml` has `source_dir`", "1 article and"]),
    (&[("_config.yml", HEXO), ("src/_posts/a.md", "")], "src", &["hexo: `../_config.yml` has", "1 article and"]),
    (&[("_config.yml", HEXO), ("src/_posts/a.md", "")], "src/_posts", &["hexo: `../../_config.yml`", "1 article and"]),
    (
        &[("package.json", r#"{"dependencies":{"hexo":"8"}}"#), ("x/_posts/a.md", "")],
        "x",
        &["has the package `hexo`", "1 article and"],
    ),
    (
        &[("config.toml", "baseURL = 'x'\ntitle = 'From Hugo'\n"), ("content/a.md", "")],
        "",
        &["hugo: `config.toml` has `baseURL`", "title: From Hugo", "1 article and"],
    ),
    (
        &[("config/_default/hugo.toml", "title = 'From Hugo'\n"), ("content/a.md", "")],
        "content",
        &["hugo: `../config/_default/hugo.toml` is there", "title: From Hugo"],
    ),
    (
        &[("hugo.toml", "title = 'From Hugo'\n"), ("content/en/a.md", "")],
        "content/en",
        &["hugo: `../../hugo.toml` is there", "title: From Hugo"],
    ),
    (
        &[("config.toml", "base_url = 'x'\ntitle = 'From Zola'\n"), ("content/blog/a.md", "")],
        "content/blog",
        &["zola: `../../config.toml` has `base_url`", "title: From Zola"],
    ),
    (
        &[("_config.yml", "title: J\nplugins: [jekyll-feed]\n"), ("en/news/_posts/2026-01-01-a.md", "")],
        "",
        &["jekyll: `_config.yml` has `plugins`", "1 article and 2 categories"],
    ),
    (
        &[("en/news/_posts/2026-01-01-a.md", ""), ("en/2026-01-01-b.md", "")],
        "",
        &["jekyll: `_posts` is there", "1 article and 2 categories"],
    ),
    (
        &[("_config.yml", "title: J\nsource: docs\n"), ("docs/news/_posts/2026-01-01-a.md", "")],
        "",
        &["jekyll: `_config.yml` has `source`", "1 article and 1 category"],
    ),
    (
        &[("_config.yml", "title: J\nsource: docs\n"), ("docs/_posts/2026-01-01-a.md", "")],
        "docs",
        &["jekyll: `../_config.yml` has `source`", "1 article and"],
    ),
    (
        &[("_config.yml", "title: J\ncollections: {recipes: {output: true}}\n"), ("_recipes/a.md", "")],
        "",
        &["jekyll: `_config.yml` has `collections`"],
    ),
    (
        &[("Gemfile", "gem 'github-pages'\n"), ("_posts/2026-01-01-a.md", "")],
        "_posts",
        &["jekyll: `../Gemfile` has the package", "1 article and"],
    ),
    (
        &[("docusaurus.config.js", ""), ("blog/a.md", "")],
        "blog",
        &["docusaurus: `../docusaurus.config.js`", "1 article and"],
    ),
    (
        &[("package.json", r#"{"devDependencies":{"astro":"5"}}"#), ("src/content/blog/a.md", "")],
        "src/content/blog",
        &["astro: `../../../package.json`", "1 article and"],
    ),
    // A nearer mark counts more, and an editor's less than any other.
    (
        &[("mkdocs.yml", ""), ("site/hugo.toml", ""), ("site/content/a.md", "")],
        "site/content",
        &["hugo: `../hugo.toml`"],
    ),
    (
        &[("hugo.toml", ""), ("content/.obsidian/app.json", "{}"), ("content/a.md", "")],
        "content",
        &["hugo: `../hugo.toml`"],
    ),
    (&[(".obsidian/app.json", "{}"), ("a.md", "")], "", &["obsidian: `.obsidian` is there", "1 article and"]),
    (&[("a.md", "")], "", &["plain: no sign of a generator", "1 article and"]),
];

#[test]
fn the_generator_of_a_site_is_found_wherever_its_articles_are() {
    for (files, content, says) in SITES {
        let said = checked(files, content);
        for words in *says {
            assert!(said.contains(words), "{files:?} --content {content}: no {words:?} in {said}");
        }
    }
}

#[test]
fn no_evidence_is_searched_above_a_repository_or_the_home_directory() {
    let folder = Folder::new();
    folder.put("hugo.toml", "title = 'x'\n");
    folder.put("home/content/a.md", article("A", "2026-01-01"));
    let check = |home: &str| {
        let mut command = folder.command(&["check", "--content", "home/content"]);
        command.env("HOME", folder.path(home));
        crate::driver::Process::start(command).finish().said()
    };
    assert!(check("elsewhere").contains("hugo: `../../hugo.toml` is there"));
    assert!(check("home").contains("plain: no sign"));
    std::fs::create_dir(folder.path("home/.git")).unwrap();
    assert!(check("elsewhere").contains("plain: no sign"));
    folder.put("a/b/c/d/e/a.md", article("A", "2026-01-01"));
    assert!(folder.run(&["check", "--content", "a/b/c/d"]).said().contains("hugo: `../../../../hugo.toml`"));
    assert!(folder.run(&["check", "--content", "a/b/c/d/e"]).said().contains("plain: no sign"));
}

#[test]
fn a_list_of_categories_is_a_path_only_in_hexo_valaxy_and_without_any_mark() {
    let post = "---\ntitle: A\ndate: {created: 2026-01-01, updated: 2026-02-01}\ncategories: [a, b]\n---\n";
    for (mark, count) in [
        ("", 2),
        ("valaxy.config.ts", 2),
        ("docusaurus.config.ts", 2),
        ("eleventy.config.js", 2),
        ("gatsby-config.js", 2),
        ("mkdocs.yml", 2),
        (".vitepress/config.js", 2),
        ("_quarto.yml", 2),
    ] {
        let folder = Folder::new();
        folder.write("a.md", post);
        if !mark.is_empty() {
            folder.put(mark, "");
        }
        let feeds = folder.serve().get("/feeds.json").ok().json();
        let path = feeds["feeds"].as_array().unwrap().iter().any(|feed| feed["path"] == serde_json::json!(["a", "b"]));
        assert_eq!(path, mark.is_empty() || mark.starts_with("valaxy"), "{mark}");
        assert_eq!(feeds["feeds"].as_array().unwrap().iter().filter(|feed| feed["kind"] == "category").count(), count);
    }
}

#[test]
fn the_generator_is_detected_anew_when_the_evidence_changes() {
    let folder = Folder::new();
    folder.write("_posts/2026-01-01-a.md", "---\ntitle: A\ncategories: [a, b]\n---\n");
    let server = folder.serve();
    let paths = || server.get("/feeds.json").ok().json().to_string();
    assert!(!paths().contains(r#"["a","b"]"#), "{}", paths());
    for name in ["b", "c"] {
        folder.write(&format!("_posts/{name}.md"), article(name, "2026-01-02"));
    }
    server.eventually("/feeds.json", |answer| answer.json().to_string().contains(r#"["a","b"]"#));
}

#[test]
fn a_flag_chooses_the_generator_and_overrides_site_yaml() {
    let folder = Folder::new();
    folder.define("site.yaml", "dialect: hugo\n");
    folder.write("_posts/2026-01-01-a.md", "---\ntitle: A\ncategories: a b\n---\n");
    folder.run(&["check"]).assert_says("dialect hugo: set in site.yaml");
    let check = folder.run(&["check", "--dialect", "jekyll"]);
    check.assert_says("dialect jekyll: set with --dialect");
    check.assert_says("1 article and 2 categories");
    folder.run(&["check", "--dialect", "auto"]).assert_says("dialect hugo: set in site.yaml");
    folder.serve_with(&["--dialect", "jekyll"]).logs(&["jekyll: set with --dialect"]);
    let wrong = folder.run(&["check", "--dialect", "jekyl"]);
    wrong.assert_code(2);
    wrong.assert_says("'jekyll'");
    let mut command = folder.command(&["check"]);
    command.env("FEEDMILL_DIALECT", "zola");
    crate::driver::Process::start(command).finish().assert_says("dialect zola: set with --dialect");
}

#[test]
fn a_site_without_articles_is_a_warning_that_says_what_was_skipped() {
    let folder = Folder::new();
    folder.write("_posts/a.md", "---\ntitle: A\npublished: false\n---\n");
    folder.write("style.css", "");
    let why = ["no articles are published", "1 hidden", "_posts/a.md", "neither Markdown nor HTML: style.css"];
    let check = folder.run(&["check", "--dialect", "hexo"]);
    check.assert_code(0);
    for words in why {
        check.assert_says(words);
    }
    folder.run(&["check", "--deny-warnings"]).assert_code(1);
    folder.serve_with(&["--dialect", "hexo"]).logs(&why);
    let build = folder.run(&["build", "--dialect", "hexo"]);
    build.assert_code(0);
    for words in why {
        build.assert_says(words);
    }
}

#[test]
fn an_empty_build_replaces_one_with_articles_only_on_request() {
    let folder = Folder::new();
    folder.define("site.yaml", "base_url: https://feeds.example.org/neu%20%C3%BC/\n");
    folder.write("a.md", article("A", "2026-01-01"));
    folder.run(&["build"]).assert_code(0);
    let feed = || std::fs::read_to_string(folder.path("dist/neu ü/rss.xml")).unwrap();
    assert!(feed().contains("<item>"));
    folder.remove("a.md");
    let refused = folder.run(&["build"]);
    refused.assert_code(2);
    refused.assert_says("--allow-empty");
    assert!(feed().contains("<item>"), "the good build was replaced");
    folder.run(&["build", "--allow-empty"]).assert_code(0);
    assert!(!feed().contains("<item>"));
    folder.run(&["build"]).assert_code(0);
}

#[test]
fn a_dated_readme_is_an_article_and_so_is_a_quarto_document() {
    let folder = Folder::new();
    for name in ["readme", "license", "contributing"] {
        folder.write(&format!("{name}.md"), article(name, "2026-01-01"));
        folder.write(&format!("docs/{name}.md"), "# Read me\n");
    }
    folder.write("q.qmd", article("Q", "2026-01-02"));
    let check = folder.run(&["check"]);
    check.assert_says("in 4 articles and");
    check.assert_says("3 files are not articles, READMEs, licences and the like: docs/contributing.md");
    folder.run(&["check", "--dialect", "hugo"]).assert_says("in 3 articles and");
    assert_eq!(folder.serve().titles("/rss.xml"), ["Q", "readme", "license", "contributing"]);
}
