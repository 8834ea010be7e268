//! `feedmill init`: writes a first site.yaml with what was detected.

use std::fs;

use crate::driver::{Folder, article};

/// A Hexo site, with nothing of feedmill.
fn site() -> Folder {
    let folder = Folder::new();
    fs::remove_dir(folder.path("content")).unwrap();
    fs::remove_dir(folder.path("feeds")).unwrap();
    folder.put(
        "_config.yml",
        "title: 'My: blog'\ndescription: Notes\nauthor: A. Writer\nlanguage: zh-CN\ntimezone: Asia/Shanghai\n",
    );
    folder.put("package.json", "{\"dependencies\": {\"hexo\": \"8\"}}");
    folder.put("source/_posts/a.md", article("A", "2026-01-01"));
    folder
}

#[test]
fn a_public_url_that_is_given_is_written() {
    let folder = site();
    folder.run(&["init", "--base-url", "https://feeds.example.org/x"]).assert_code(0);
    let yaml = fs::read_to_string(folder.path("feeds/site.yaml")).unwrap();
    assert!(yaml.lines().any(|line| line == "base_url: https://feeds.example.org/x/"), "{yaml}");
    let other = site();
    other.run(&["init", "--base-url", "feeds"]).assert_code(2);
    assert!(!other.path("feeds/site.yaml").exists());
}

#[test]
fn the_file_has_what_was_detected_and_is_valid() {
    let folder = site();
    let finished = folder.run(&["init"]);
    finished.assert_code(0);
    finished.assert_says("feedmill --content source");
    let yaml = fs::read_to_string(folder.path("feeds/site.yaml")).unwrap();
    for line in [
        "title: 'My: blog'",
        "description: Notes",
        "language: zh-CN",
        "author: {name: \"A. Writer\"}",
        "# time_zone: Asia/Shanghai ",
        "dialect: hexo ",
        "presets: [hexo]",
        "# base_url: https://feeds.example.org",
    ] {
        assert!(yaml.lines().any(|there| there.starts_with(line)), "no {line} in\n{yaml}");
    }
    folder.run(&["check", "--content", "source"]).assert_code(0);
}

#[test]
fn the_file_does_not_change_the_feeds() {
    let folder = site();
    let arguments = ["--content", "source", "--base-url", "https://feeds.example.org"];
    let before = folder.serve_with(&arguments).get("/atom.xml").ok().text();
    folder.run(&["init"]).assert_code(0);
    assert_eq!(folder.serve_with(&arguments).get("/atom.xml").ok().text(), before);
}

#[test]
fn the_file_moves_no_date_of_a_site_whose_generator_has_its_own_rule() {
    let folder = Folder::new();
    folder.put("_config.yml", "title: J\ntimezone: Europe/Stockholm\n");
    // Jekyll takes a date with seconds and without quotes for UTC.
    folder.put("_posts/2024-01-01-a.md", "---\ntitle: A\ndate: 2024-01-01 10:00:00\n---\nBody.\n");
    let arguments = ["--content", ".", "--base-url", "https://feeds.example.org"];
    let before = folder.serve_with(&arguments).get("/atom.xml").ok().text();
    folder.run(&["init", "--content", "."]).assert_code(0);
    assert_eq!(folder.serve_with(&arguments).get("/atom.xml").ok().text(), before);
}

#[test]
fn every_line_of_an_example_is_valid_when_it_is_used() {
    let folder = site();
    folder.run(&["init"]).assert_code(0);
    let yaml = fs::read_to_string(folder.path("feeds/site.yaml")).unwrap();
    let examples = yaml.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| {
        line.split_once(':')
            .is_some_and(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    });
    let examples: Vec<&str> = examples.collect();
    assert!(examples.len() > 5, "{examples:?}");
    folder.define("site.yaml", &examples.join("\n"));
    folder.run(&["check", "--content", "source"]).assert_code(0);
}

#[test]
fn an_existing_file_is_not_overwritten() {
    for name in ["site.yaml", "site.yml"] {
        let folder = site();
        folder.define(name, "title: Mine\n");
        let finished = folder.run(&["init"]);
        finished.assert_code(2);
        finished.assert_says("overwrites nothing");
        assert_eq!(fs::read_to_string(folder.path(&format!("feeds/{name}"))).unwrap(), "title: Mine\n");
    }
}

#[test]
fn a_plain_directory_gets_a_file_too() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.run(&["init"]).assert_code(0);
    let yaml = fs::read_to_string(folder.path("feeds/site.yaml")).unwrap();
    assert!(yaml.contains("\ndialect: plain"), "{yaml}");
    assert!(!yaml.contains("presets"), "{yaml}");
    folder.run(&["check", "--deny-warnings"]).assert_code(0);
    folder.run(&["check", "--content", "nothing"]).assert_code(2);
}
