//! Configuration that is being written: until a file is complete, its previous content applies, while
//! articles are updated as usual.

use std::fs;
use std::time::Duration;

use crate::driver::{Answer, DEADLINE, Folder, TestServer, article, article_with, within};

/// A deletion takes effect when the file has been missing for ten seconds.
const DELETED: Duration = Duration::from_secs(20);

const SITE: &str = "title: Example\nsite_id: mine\nexclude: ['secret/**']\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("a.md", article("A", "2026-01-02"));
    folder.write("secret/s.md", article("Secret", "2026-01-01"));
    folder
}

/// Truncates the existing file and writes to it, as simple editors and copies do.
fn write_in_place(folder: &Folder, path: &str, text: &str) {
    fs::write(folder.path(path), text).unwrap();
}

fn id(server: &TestServer) -> String {
    server.get("/feed.json").ok().json()["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
}

fn problems(server: &TestServer) -> Vec<String> {
    let status = server.admin("GET", "/status").ok().json();
    let problems = status["problems"].as_array().unwrap().iter();
    problems.map(|problem| format!("{} {} {}", problem["code"], problem["file"], problem["message"])).collect()
}

/// Waits until the status has a problem of this file.
#[track_caller]
fn eventually_has_problem(server: &TestServer, file: &str) {
    let is_told = |problem: &String| problem.contains(file) && problem.contains("still applies");
    let found = within(DEADLINE, || problems(server).iter().any(is_told).then_some(()));
    assert!(found.is_some(), "{file}: {:?}", problems(server));
}

#[test]
fn an_emptied_site_yaml_is_a_problem_and_its_settings_are_kept() {
    for text in ["", "\n  \n", "# title: Example\n---\n"] {
        let folder = folder();
        let server = folder.serve();
        let before = id(&server);
        server.always(
            "/feed.json",
            |answer| !answer.text().contains("Secret"),
            || {
                write_in_place(&folder, "feeds/site.yaml", text);
                server.logs(&["feeds/site.yaml", "empty"]);
                eventually_has_problem(&server, "feeds/site.yaml");
                folder.write("b.md", article("B", "2026-01-03"));
                server.eventually_shows("/rss.xml", &["B", "A"]);
                server.admin("POST", "/reload");
                write_in_place(&folder, "feeds/site.yaml", &SITE.replace("Example", "Renamed"));
                server.eventually("/feed.json", |answer| answer.json()["title"] == "Renamed");
            },
        );
        assert_eq!(id(&server), before, "{text:?}");
        let none = within(DEADLINE, || problems(&server).is_empty().then_some(()));
        assert!(none.is_some(), "{text:?}: {:?}", problems(&server));
    }
}

#[test]
fn an_empty_site_yaml_is_valid_at_the_start_and_later_one_with_only_comments() {
    let folder = folder();
    folder.define("site.yaml", "");
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A", "Secret"]);
    folder.define("site.yaml", SITE);
    server.eventually_shows("/rss.xml", &["A"]);
    folder.define("site.yaml", "{}\n");
    server.eventually_shows("/rss.xml", &["A", "Secret"]);
}

#[test]
fn a_half_written_site_yaml_never_takes_effect() {
    let folder = folder();
    let server = folder.serve();
    let holds = |answer: &Answer| !answer.text().contains("Secret") && !answer.text().contains("Half");
    server.always("/feed.json", holds, || {
        write_in_place(&folder, "feeds/site.yaml", "title: Half\n");
        // Articles are updated meanwhile.
        folder.write("b.md", article("B", "2026-01-03"));
        server.eventually_shows("/rss.xml", &["B", "A"]);
        server.admin("POST", "/reload");
        write_in_place(&folder, "feeds/site.yaml", &SITE.replace("Example", "Whole"));
        server.eventually("/feed.json", |answer| answer.json()["title"] == "Whole");
    });
}

#[test]
fn settings_are_kept_while_site_yaml_is_missing_for_a_moment() {
    let folder = folder();
    let server = folder.serve();
    server.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            fs::remove_file(folder.path("feeds/site.yaml")).unwrap();
            folder.write("b.md", article("B", "2026-01-03"));
            server.eventually_shows("/rss.xml", &["B", "A"]);
            // Takes as long as any other change takes to become effective.
            folder.define("mine.yaml", "select: {title: B}\n");
            server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
            folder.define("site.yaml", &SITE.replace("Example", "Back"));
            server.eventually("/feed.json", |answer| answer.json()["title"] == "Back");
        },
    );
}

#[test]
fn a_deleted_site_yaml_restores_the_defaults() {
    let folder = folder();
    let server = folder.serve();
    fs::remove_file(folder.path("feeds/site.yaml")).unwrap();
    server.eventually_in(DELETED, "/rss.xml", |answer| answer.titles() == ["A", "Secret"]);
}

#[test]
fn settings_are_kept_when_the_feeds_directory_vanishes() {
    let folder = folder();
    let server = folder.serve();
    let holds = |answer: &Answer| !answer.text().contains("Secret") && answer.json()["title"] != "content";
    server.always("/feed.json", holds, || {
        fs::rename(folder.path("feeds"), folder.path("feeds.away")).unwrap();
        let is_told = || problems(&server).iter().any(|problem| problem.contains("there is no such directory"));
        assert!(within(DEADLINE, || is_told().then_some(())).is_some(), "{:?}", problems(&server));
        folder.write("b.md", article("B", "2026-01-03"));
        server.eventually_shows("/rss.xml", &["B", "A"]);
        fs::rename(folder.path("feeds.away"), folder.path("feeds")).unwrap();
        folder.define("site.yaml", &SITE.replace("Example", "Back"));
        server.eventually("/feed.json", |answer| answer.json()["title"] == "Back");
    });
}

#[test]
fn an_emptied_definition_keeps_its_selection() {
    let folder = folder();
    folder.write("c.md", article_with("C", "2026-01-03", "categories: [x]\n"));
    folder.define("mine.yaml", "select: {categories: [x]}\n");
    let server = folder.serve();
    server.always(
        "/feeds/mine/rss.xml",
        |answer| answer.titles() == ["C"],
        || {
            write_in_place(&folder, "feeds/mine.yaml", "");
            server.logs(&["feeds/mine.yaml", "empty"]);
        },
    );
    write_in_place(&folder, "feeds/mine.yaml", "select: {not_categories: [x]}\n");
    server.eventually_shows("/feeds/mine/rss.xml", &["A"]);
}

#[test]
fn an_invalid_pattern_of_exclude_publishes_nothing_that_the_last_one_excluded() {
    let folder = folder();
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    let broken = SITE.replace("'secret/**'", "b, 'secret/{**'");
    server.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            folder.define("site.yaml", &broken);
            server.logs(&["feeds/site.yaml:3:14", "`secret/{**` is not a valid glob"]);
            folder.write("b.md", article("B", "2026-01-03"));
            server.eventually_shows("/rss.xml", &["B", "A"]);
        },
    );
    for command in [&["serve"][..], &["build", "--out", "public"]] {
        let finished = folder.run(command);
        finished.assert_code(2);
        finished.assert_says("`secret/{**` is not a valid glob");
    }
    folder.define("site.yaml", &SITE.replace("secret/**", "b.md"));
    server.eventually_shows("/rss.xml", &["A", "Secret"]);
}

/// Sites whose generator excludes `secret`: the content directory, the configuration file, its text, and the
/// text with another title.
const GENERATORS: [(&str, &str, &str, &str); 3] = [
    ("_posts", "_config.yml", "title: Example\nexclude: [_posts/secret]\n", "title: Exam"),
    ("_posts", "_config.yml", "title: Example\nexclude: [_posts/secret]\n", "title: Example\nexclude: [_posts/sec"),
    ("content", "hugo.toml", "title = 'Example'\nignoreFiles = ['secret']\n", "title = 'Exam"),
];

fn generated(directory: &str, file: &str, text: &str) -> Folder {
    let folder = Folder::new();
    folder.write(file, text);
    folder.write(&format!("{directory}/2026-01-02-a.md"), article("A", "2026-01-02"));
    folder.write(&format!("{directory}/secret/2026-01-01-s.md"), article("Secret", "2026-01-01"));
    folder
}

#[test]
fn exclusions_are_kept_while_the_configuration_of_the_generator_is_incomplete() {
    for (directory, file, whole, cut) in GENERATORS {
        let folder = generated(directory, file, whole);
        let server = folder.serve();
        assert_eq!(server.titles("/rss.xml"), ["A"], "{file}");
        let path = format!("content/{file}");
        server.always(
            "/feed.json",
            |answer| !answer.text().contains("Secret"),
            || {
                write_in_place(&folder, &path, cut);
                folder.write(&format!("{directory}/2026-01-03-b.md"), article("B", "2026-01-03"));
                server.eventually_shows("/rss.xml", &["B", "A"]);
                write_in_place(&folder, &path, "");
                server.logs(&[file, "empty"]);
                fs::remove_file(folder.path(&path)).unwrap();
                folder.define("mine.yaml", "select: {title: B}\n");
                server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
                write_in_place(&folder, &path, &whole.replace("Example", "Whole"));
                server.eventually("/feed.json", |answer| answer.json()["title"] == "Whole");
            },
        );
    }
}

#[test]
fn a_broken_configuration_of_the_generator_keeps_its_last_settings() {
    let (directory, file, whole, _) = GENERATORS[2];
    let folder = generated(directory, file, whole);
    let server = folder.serve();
    server.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            write_in_place(&folder, &format!("content/{file}"), "title = 'Exam");
            server.logs(&[file, "cannot be read"]);
            folder.define("mine.yaml", "select: {title: A}\n");
            server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
        },
    );
    assert_eq!(server.get("/feed.json").ok().json()["title"], "Example");
}

#[test]
fn files_that_identify_the_generator_may_be_missing_for_a_moment() {
    let folder = Folder::new();
    folder.write("_config.yml", "title: Example\n");
    folder.write("_posts/2026-01-02-a.md", article("A", "2026-01-02"));
    folder.write("drafts.md", article("No post", "2026-01-01"));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    server.always(
        "/feed.json",
        |answer| !answer.text().contains("No post"),
        || {
            fs::remove_file(folder.content("_config.yml")).unwrap();
            fs::rename(folder.content("_posts"), folder.path("aside")).unwrap();
            // Without any article, the last state is kept.
            server.eventually("/readyz", |answer| answer.json()["stale"] == true);
            server.admin("POST", "/reload");
            assert_eq!(server.titles("/rss.xml"), ["A"]);
            fs::rename(folder.path("aside"), folder.content("_posts")).unwrap();
            server.eventually("/readyz", |answer| answer.json()["stale"] != true);
        },
    );
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    fs::remove_dir_all(folder.content("_posts")).unwrap();
    server.eventually_in(DELETED, "/rss.xml", |answer| answer.titles() == ["No post"]);
}

#[test]
fn the_cascade_of_a_section_is_kept_while_its_page_is_incomplete() {
    let page = "---\ntitle: P\ncascade: {draft: true}\n---\n";
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Example'\n");
    folder.write("content/open/a.md", article("A", "2026-01-02"));
    folder.write("content/shut/_index.md", page);
    folder.write("content/shut/s.md", article("Secret", "2026-01-01"));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    server.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            for text in ["---\ntitle: P\n", "", "---\ntitle: P\ncascade: {dra"] {
                write_in_place(&folder, "content/content/shut/_index.md", text);
                server.logs(&["shut/_index.md"]);
                let title = format!("B{}", text.len());
                folder.write("content/open/b.md", article(&title, "2026-01-03"));
                server.eventually_shows("/rss.xml", &[&title, "A"]);
            }
            // A directory that is created with its page is hidden from the start.
            folder.put("aside/_index.md", page);
            folder.put("aside/t.md", article("Secret too", "2026-01-05"));
            fs::rename(folder.path("aside"), folder.content("content/brought")).unwrap();
            folder.write("content/open/c.md", article("C", "2026-01-04"));
            server.eventually("/rss.xml", |answer| answer.titles().first().is_some_and(|title| title == "C"));
        },
    );
    write_in_place(&folder, "content/content/shut/_index.md", "---\ntitle: P\n---\n");
    server.eventually("/rss.xml", |answer| answer.titles().contains(&"Secret".to_owned()));
}

#[test]
fn a_section_whose_page_is_broken_from_the_start_is_not_published() {
    for (config, page) in [
        ("hugo.toml", "+++\ntitle = 'x'\n[cascade]\ndraft = true\n[cascade.build\n+++\n"),
        ("hugo.toml", "---\ntitle: x\ncascade:\n  draft: true\n\t- [\n---\n"),
        ("config.toml", "+++\ndraft = true\ntitle = x\n+++\n"),
    ] {
        let folder = Folder::new();
        let is_zola = config == "config.toml";
        folder.write(config, if is_zola { "base_url = 'https://x.example'\n" } else { "title = 'Example'\n" });
        folder.write("content/open/a.md", article("A", "2026-01-02"));
        folder.write("content/shut/_index.md", page);
        folder.write("content/shut/s.md", article("Secret", "2026-01-01"));
        let dialect = if is_zola { "zola" } else { "hugo" };
        let built = folder.run(&["build", "--dialect", dialect, "--base-url", "https://f.example"]);
        built.assert_code(0);
        built.assert_says("shut/_index.md");
        let feed = fs::read_to_string(folder.path("dist/feed.json")).unwrap();
        assert!(feed.contains("\"A\"") && !feed.contains("Secret"), "{page}: {feed}");
    }
}
