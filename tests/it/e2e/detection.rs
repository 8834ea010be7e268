//! Which generator a site belongs to, and what happens if no articles are found.

use crate::driver::{Folder, article};

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
    folder.define("site.yaml", "base_url: https://feeds.example.org/news\n");
    folder.write("a.md", article("A", "2026-01-01"));
    folder.run(&["build"]).assert_code(0);
    let feed = || std::fs::read_to_string(folder.path("dist/news/rss.xml")).unwrap();
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
