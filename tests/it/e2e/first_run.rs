//! Starting feedmill for the first time: what it logs when it starts, and its messages when it cannot.

use std::net::TcpListener;

use crate::driver::{Folder, Process, article, has_namespaces, without_rights};

#[test]
fn the_log_has_the_listening_address() {
    let server = Folder::new().serve();
    server.logs(&[&format!("listening on {}", server.url(""))]);
}

#[test]
fn every_line_of_a_json_log_is_json() {
    let server = Folder::new().serve();
    for line in server.log().lines() {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(parsed.is_ok(), "not JSON: {line}");
    }
}

#[test]
fn a_start_logs_the_number_of_articles() {
    let folder = Folder::new();
    for number in 0..137 {
        folder.write(&format!("{number}.md"), article("A", "2026-01-01"));
    }
    folder.serve().logs(&["article", "137"]);
}

#[test]
fn serve_is_the_default_command() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    assert_eq!(folder.serve().titles("/rss.xml"), ["A"]);
    assert_eq!(folder.serve_with(&["serve"]).titles("/rss.xml"), ["A"]);
}

#[test]
fn a_missing_content_directory_ends_with_2_and_names_the_flag() {
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
fn in_a_hexo_site_the_message_names_the_flag() {
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
fn a_missing_feeds_directory_is_an_error_only_if_a_flag_names_it() {
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
fn a_port_in_use_ends_with_2_and_names_the_address() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let finished = Folder::new().run(&["--bind", &address, "--admin-bind", "off"]);
    finished.assert_code(2);
    finished.assert_says(&address);
}

#[test]
fn a_port_alone_and_localhost_are_accepted() {
    let folder = Folder::new();
    for bind in [":0", "localhost:0"] {
        let server = folder.serve_with(&["--bind", bind]);
        assert_ne!(server.address().port(), 0, "{bind}");
    }
}

#[test]
fn each_flag_has_a_variable_and_an_empty_one_counts_as_unset() {
    let folder = Folder::new();
    folder.put("elsewhere/a.md", article("A", "2026-01-01"));
    let mut command = folder.command(&["--admin-bind", "off"]);
    command.env("FEEDMILL_BIND", "127.0.0.1:0");
    command.env("FEEDMILL_CONTENT", "elsewhere");
    command.env("FEEDMILL_BASE_URL", "");
    command.env("FEEDMILL_LOG", "json");
    let server = folder.start(command);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    let feed = server.get("/feed.json").json();
    assert_eq!(feed["feed_url"], server.url("/feed.json"));
}

#[test]
fn a_flag_overrides_its_variable() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let flags = ["--content", "content", "--bind", "127.0.0.1:0", "--admin-bind", "off"];
    let mut command = folder.command(&flags);
    command.env("FEEDMILL_CONTENT", "elsewhere");
    assert_eq!(folder.start(command).titles("/rss.xml"), ["A"]);
}

#[test]
fn an_empty_directory_serves_an_empty_feed() {
    let server = Folder::new().serve();
    for path in ["/rss.xml", "/atom.xml", "/feed.json"] {
        assert!(server.titles(path).is_empty());
    }
}

/// A mistake that is made in a folder.
type Mistake<'a> = &'a dyn Fn(&Folder);

/// Every mistake ends with exit code 2 and one sentence that says what to do, before the port is bound.
#[test]
fn a_mistake_ends_with_one_sentence_before_a_port_is_bound() {
    let site = |yaml: &'static str| move |folder: &Folder| folder.define("site.yaml", yaml);
    let nothing = |_: &Folder| ();
    let unreadable = |folder: &Folder| {
        std::fs::remove_dir(folder.path("content")).unwrap();
        folder.put("content", "a file");
    };
    let table: [(&[&str], Mistake, &[&str]); 13] = [
        (&["--base-url", "feeds.example.org"], &nothing, &["feeds.example.org", "https://"]),
        (&["--base-url", "ftp://example.org"], &nothing, &["ftp://example.org", "https://"]),
        (&[], &site("base_url: example.org\n"), &["feeds/site.yaml:1:11", "https://"]),
        (&[], &site("titel: x\n"), &["feeds/site.yaml:1:1", "`titel`", "`title`"]),
        (&[], &site("time_zone: Mars\n"), &["feeds/site.yaml:1:12", "Mars"]),
        (&["--admin-bind", "here"], &nothing, &["`here` has no port", "--admin-bind"]),
        (&["--poll", "soon"], &nothing, &["`soon` is not a time for --poll", "10m"]),
        (&["--document-cache", "big"], &nothing, &["`big` is not a size for --document-cache", "64MiB"]),
        (&["--watch", "often"], &nothing, &["often", "--watch", "events"]),
        (&["--contentt", "x"], &nothing, &["--contentt", "--content"]),
        (&["--content", "nowhere"], &nothing, &["no directory `nowhere` here", "--content"]),
        (&["--feeds", "nowhere"], &nothing, &["nowhere", "--feeds"]),
        (&[], &unreadable, &["`content` is not a directory", "--content"]),
    ];
    for (flags, spoil, words) in table {
        let folder = Folder::new();
        spoil(&folder);
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        // The port is in use during the test: a start that gets as far as binding reports that instead.
        let mut all = vec!["--bind", &address];
        if !flags.contains(&"--admin-bind") {
            all.extend(["--admin-bind", "off"]);
        }
        all.extend(flags);
        let finished = folder.run(&all);
        finished.assert_code(2);
        for word in words {
            assert!(finished.err.contains(word), "no {word:?} for {flags:?} in: {}", finished.err);
        }
        assert!(!finished.err.contains("already in use"), "{flags:?}: {}", finished.err);
    }
}

#[test]
fn an_unreadable_directory_is_reported_with_a_hint() {
    use std::os::unix::fs::PermissionsExt as _;
    if !has_namespaces() {
        return;
    }
    for (directory, flag) in [("content", "--content"), ("feeds", "--feeds")] {
        let folder = Folder::new();
        std::fs::set_permissions(folder.path(directory), std::fs::Permissions::from_mode(0o000)).unwrap();
        for command in ["serve", "build", "check"] {
            let finished = Process::start(without_rights(&folder.command(&[command]))).finish();
            finished.assert_code(2);
            assert_eq!(finished.err.lines().count(), 1, "{}", finished.err);
            finished.assert_says(directory);
            finished.assert_says("cannot be read: permission denied; make it readable for the user");
            finished.assert_says(flag);
        }
        std::fs::set_permissions(folder.path(directory), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_message_says_if_both_listeners_have_the_same_port() {
    let folder = Folder::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (all, one) = (format!("0.0.0.0:{port}"), format!("127.0.0.1:{port}"));
    let finished = folder.run(&["--bind", &all, "--admin-bind", &one]);
    finished.assert_code(2);
    finished.assert_says("--bind already uses port");
    finished.assert_says("--admin-bind");
}

#[test]
fn a_site_without_a_title_has_the_name_of_its_directory_or_repository() {
    for (content, repository, title) in [
        ("slow-news", None, "slow-news"),
        ("slow-news/content/posts", None, "slow-news"),
        ("blog/source", Some("blog"), "blog"),
        ("content", None, "feedmill"),
    ] {
        let folder = Folder::new();
        folder.put(&format!("{content}/a.md"), article("A", "2026-01-01"));
        if let Some(repository) = repository {
            folder.put(&format!("{repository}/.git/HEAD"), "ref: refs/heads/main\n");
        }
        let server = folder.serve_with(&["--content", content]);
        assert_eq!(server.get("/feed.json").ok().json()["title"], title, "{content}");
    }
}
