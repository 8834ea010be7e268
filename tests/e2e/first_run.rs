//! The first minute with feedmill: what it says when it starts, and when it cannot.

use std::net::TcpListener;

use crate::driver::{Folder, article};

#[test]
fn it_says_in_the_log_where_it_listens() {
    let mill = Folder::new().serve();
    mill.logs(&[&format!("listening on {}", mill.url(""))]);
}

#[test]
fn every_line_of_a_json_log_is_json() {
    let mill = Folder::new().serve();
    for line in mill.log().lines() {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(parsed.is_ok(), "not JSON: {line}");
    }
}

#[test]
fn a_start_tells_how_many_articles_it_found() {
    let folder = Folder::new();
    for number in 0..137 {
        folder.write(&format!("{number}.md"), article("A", "2026-01-01"));
    }
    folder.serve().logs(&["article", "137"]);
}

#[test]
fn serve_is_what_it_does_without_a_command() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    assert_eq!(folder.serve().titles("/rss.xml"), ["A"]);
    assert_eq!(folder.serve_with(&["serve"]).titles("/rss.xml"), ["A"]);
}

#[test]
fn a_missing_content_directory_ends_with_2_and_says_how_to_name_one() {
    let folder = Folder::new();
    std::fs::remove_dir(folder.path("content")).unwrap();
    for command in ["serve", "build", "check"] {
        let finished = folder.run(&[command]);
        finished.assert_code(2);
        assert!(finished.err.contains("`content`"), "{command}: {}", finished.err);
        assert!(finished.err.contains("--content"), "{command}: {}", finished.err);
    }
}

#[test]
fn a_hexo_site_without_the_flag_is_told_which_flag() {
    let folder = Folder::new();
    std::fs::remove_dir(folder.path("content")).unwrap();
    folder.put("_config.yml", "title: Mine\n");
    folder.put("source/_posts/a.md", article("A", "2026-01-01"));
    let finished = folder.run(&["serve"]);
    finished.assert_code(2);
    assert!(finished.err.contains("Hexo"), "{}", finished.err);
    assert!(finished.err.contains("feedmill --content source"), "{}", finished.err);
}

#[test]
fn a_missing_feeds_directory_is_empty_unless_it_was_named() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    std::fs::remove_dir(folder.path("feeds")).unwrap();
    assert_eq!(folder.serve().titles("/rss.xml"), ["A"]);
    let finished = folder.run(&["serve", "--feeds", "elsewhere", "--bind", "127.0.0.1:0"]);
    finished.assert_code(2);
    finished.assert_says("elsewhere");
}

#[test]
fn an_unknown_flag_ends_with_2() {
    let finished = Folder::new().run(&["--contents", "x"]);
    finished.assert_code(2);
    finished.assert_says("--content");
}

#[test]
fn a_taken_port_ends_with_2_and_names_the_address() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let finished = Folder::new().run(&["--bind", &address, "--admin-bind", "off"]);
    finished.assert_code(2);
    finished.assert_says(&address);
}

#[test]
fn a_port_alone_and_localhost_are_understood() {
    let folder = Folder::new();
    for bind in [":0", "localhost:0"] {
        let mill = folder.serve_with(&["--bind", bind]);
        assert_ne!(mill.address().port(), 0, "{bind}");
    }
}

#[test]
fn each_flag_has_a_twin_in_the_environment_and_empty_is_unset() {
    let folder = Folder::new();
    folder.put("elsewhere/a.md", article("A", "2026-01-01"));
    let mut command = folder.command(&["--admin-bind", "off"]);
    command.env("FEEDMILL_BIND", "127.0.0.1:0");
    command.env("FEEDMILL_CONTENT", "elsewhere");
    command.env("FEEDMILL_BASE_URL", "");
    command.env("FEEDMILL_LOG", "json");
    let mill = folder.start(command);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    let feed = mill.get("/feed.json").json();
    assert_eq!(feed["feed_url"], mill.url("/feed.json"));
}

#[test]
fn a_flag_beats_its_twin_in_the_environment() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let flags = ["--content", "content", "--bind", "127.0.0.1:0", "--admin-bind", "off"];
    let mut command = folder.command(&flags);
    command.env("FEEDMILL_CONTENT", "elsewhere");
    assert_eq!(folder.start(command).titles("/rss.xml"), ["A"]);
}

#[test]
fn an_empty_directory_serves_an_empty_feed() {
    let mill = Folder::new().serve();
    for path in ["/rss.xml", "/atom.xml", "/feed.json"] {
        assert!(mill.titles(path).is_empty());
    }
}
