//! Configuration that is being written: until it is whole, what it said before counts, and articles are as fresh as ever.

use std::fs;
use std::time::Duration;

use crate::driver::{Answer, DEADLINE, Folder, Mill, article, article_with, within};

/// A deletion counts after ten seconds without the file.
const DELETED: Duration = Duration::from_secs(20);

const SITE: &str = "title: Example\nsite_id: mine\nexclude: ['secret/**']\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", SITE);
    folder.write("a.md", article("A", "2026-01-02"));
    folder.write("secret/s.md", article("Secret", "2026-01-01"));
    folder
}

/// Truncates and writes the very file, as simple editors and copies do.
fn write_in_place(folder: &Folder, path: &str, text: &str) {
    fs::write(folder.path(path), text).unwrap();
}

fn id(mill: &Mill) -> String {
    mill.get("/feed.json").ok().json()["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
}

fn problems(mill: &Mill) -> Vec<String> {
    let status = mill.admin("GET", "/status").ok().json();
    let problems = status["problems"].as_array().unwrap().iter();
    problems.map(|problem| format!("{} {} {}", problem["code"], problem["file"], problem["message"])).collect()
}

/// Waits until the status names a file that was emptied.
#[track_caller]
fn eventually_has_problem(mill: &Mill, file: &str) {
    let is_told = |problem: &String| problem.contains(file) && problem.contains("still counts");
    let found = within(DEADLINE, || problems(mill).iter().any(is_told).then_some(()));
    assert!(found.is_some(), "{file}: {:?}", problems(mill));
}

#[test]
fn an_emptied_site_yaml_keeps_what_it_said_and_is_a_problem() {
    for text in ["", "\n  \n", "# title: Example\n---\n"] {
        let folder = folder();
        let mill = folder.serve();
        let before = id(&mill);
        mill.always(
            "/feed.json",
            |answer| !answer.text().contains("Secret"),
            || {
                write_in_place(&folder, "feeds/site.yaml", text);
                mill.logs(&["feeds/site.yaml", "empty"]);
                eventually_has_problem(&mill, "feeds/site.yaml");
                folder.write("b.md", article("B", "2026-01-03"));
                mill.eventually_shows("/rss.xml", &["B", "A"]);
                mill.admin("POST", "/reload");
                write_in_place(&folder, "feeds/site.yaml", &SITE.replace("Example", "Renamed"));
                mill.eventually("/feed.json", |answer| answer.json()["title"] == "Renamed");
            },
        );
        assert_eq!(id(&mill), before, "{text:?}");
        let none = within(DEADLINE, || problems(&mill).is_empty().then_some(()));
        assert!(none.is_some(), "{text:?}: {:?}", problems(&mill));
    }
}

#[test]
fn an_empty_site_yaml_is_legal_at_the_start_and_one_that_says_nothing_on_purpose_later() {
    let folder = folder();
    folder.define("site.yaml", "");
    let mill = folder.serve();
    assert_eq!(mill.titles("/rss.xml"), ["A", "Secret"]);
    folder.define("site.yaml", SITE);
    mill.eventually_shows("/rss.xml", &["A"]);
    folder.define("site.yaml", "{}\n");
    mill.eventually_shows("/rss.xml", &["A", "Secret"]);
}

#[test]
fn half_a_site_yaml_that_is_completed_in_time_never_counts() {
    let folder = folder();
    let mill = folder.serve();
    let holds = |answer: &Answer| !answer.text().contains("Secret") && !answer.text().contains("Half");
    mill.always("/feed.json", holds, || {
        write_in_place(&folder, "feeds/site.yaml", "title: Half\n");
        // Articles do not wait meanwhile.
        folder.write("b.md", article("B", "2026-01-03"));
        mill.eventually_shows("/rss.xml", &["B", "A"]);
        mill.admin("POST", "/reload");
        write_in_place(&folder, "feeds/site.yaml", &SITE.replace("Example", "Whole"));
        mill.eventually("/feed.json", |answer| answer.json()["title"] == "Whole");
    });
}

#[test]
fn a_site_yaml_that_is_missing_for_a_moment_keeps_what_it_said() {
    let folder = folder();
    let mill = folder.serve();
    mill.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            fs::remove_file(folder.path("feeds/site.yaml")).unwrap();
            folder.write("b.md", article("B", "2026-01-03"));
            mill.eventually_shows("/rss.xml", &["B", "A"]);
            // As long as another change takes to count.
            folder.define("mine.yaml", "select: {title: B}\n");
            mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
            folder.define("site.yaml", &SITE.replace("Example", "Back"));
            mill.eventually("/feed.json", |answer| answer.json()["title"] == "Back");
        },
    );
}

#[test]
fn a_deleted_site_yaml_is_one_that_says_nothing() {
    let folder = folder();
    let mill = folder.serve();
    fs::remove_file(folder.path("feeds/site.yaml")).unwrap();
    mill.eventually_in(DELETED, "/rss.xml", |answer| answer.titles() == ["A", "Secret"]);
}

#[test]
fn an_emptied_definition_keeps_what_it_selected() {
    let folder = folder();
    folder.write("c.md", article_with("C", "2026-01-03", "categories: [x]\n"));
    folder.define("mine.yaml", "select: {categories: [x]}\n");
    let mill = folder.serve();
    mill.always(
        "/feeds/mine/rss.xml",
        |answer| answer.titles() == ["C"],
        || {
            write_in_place(&folder, "feeds/mine.yaml", "");
            mill.logs(&["feeds/mine.yaml", "empty"]);
        },
    );
    write_in_place(&folder, "feeds/mine.yaml", "select: {not_categories: [x]}\n");
    mill.eventually_shows("/feeds/mine/rss.xml", &["A"]);
}

/// Sites whose generator excludes `secret`: where the articles are, the configuration, and the same with another title.
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
fn a_configuration_of_the_generator_that_is_cut_emptied_or_missing_hides_what_it_hid() {
    for (directory, file, whole, cut) in GENERATORS {
        let folder = generated(directory, file, whole);
        let mill = folder.serve();
        assert_eq!(mill.titles("/rss.xml"), ["A"], "{file}");
        let path = format!("content/{file}");
        mill.always(
            "/feed.json",
            |answer| !answer.text().contains("Secret"),
            || {
                write_in_place(&folder, &path, cut);
                folder.write(&format!("{directory}/2026-01-03-b.md"), article("B", "2026-01-03"));
                mill.eventually_shows("/rss.xml", &["B", "A"]);
                write_in_place(&folder, &path, "");
                mill.logs(&[file, "empty"]);
                fs::remove_file(folder.path(&path)).unwrap();
                folder.define("mine.yaml", "select: {title: B}\n");
                mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
                write_in_place(&folder, &path, &whole.replace("Example", "Whole"));
                mill.eventually("/feed.json", |answer| answer.json()["title"] == "Whole");
            },
        );
    }
}

#[test]
fn a_configuration_of_the_generator_that_stays_broken_keeps_what_it_said() {
    let (directory, file, whole, _) = GENERATORS[2];
    let folder = generated(directory, file, whole);
    let mill = folder.serve();
    mill.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            write_in_place(&folder, &format!("content/{file}"), "title = 'Exam");
            mill.logs(&[file, "cannot be read"]);
            folder.define("mine.yaml", "select: {title: A}\n");
            mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
        },
    );
    assert_eq!(mill.get("/feed.json").ok().json()["title"], "Example");
}

#[test]
fn the_evidence_of_a_generator_may_be_missing_for_a_moment() {
    let folder = Folder::new();
    folder.write("_config.yml", "title: Example\n");
    folder.write("_posts/2026-01-02-a.md", article("A", "2026-01-02"));
    folder.write("drafts.md", article("No post", "2026-01-01"));
    let mill = folder.serve();
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    mill.always(
        "/feed.json",
        |answer| !answer.text().contains("No post"),
        || {
            fs::remove_file(folder.content("_config.yml")).unwrap();
            fs::rename(folder.content("_posts"), folder.path("aside")).unwrap();
            // Without a single article the last state stays.
            mill.eventually("/readyz", |answer| answer.json()["stale"] == true);
            mill.admin("POST", "/reload");
            assert_eq!(mill.titles("/rss.xml"), ["A"]);
            fs::rename(folder.path("aside"), folder.content("_posts")).unwrap();
            mill.eventually("/readyz", |answer| answer.json()["stale"] != true);
        },
    );
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    fs::remove_dir_all(folder.content("_posts")).unwrap();
    mill.eventually_in(DELETED, "/rss.xml", |answer| answer.titles() == ["No post"]);
}

#[test]
fn the_page_of_a_section_that_is_cut_or_emptied_hands_down_what_it_did() {
    let page = "---\ntitle: P\ncascade: {draft: true}\n---\n";
    let folder = Folder::new();
    folder.write("hugo.toml", "title = 'Example'\n");
    folder.write("content/open/a.md", article("A", "2026-01-02"));
    folder.write("content/shut/_index.md", page);
    folder.write("content/shut/s.md", article("Secret", "2026-01-01"));
    let mill = folder.serve();
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    mill.always(
        "/feed.json",
        |answer| !answer.text().contains("Secret"),
        || {
            for text in ["---\ntitle: P\n", "", "---\ntitle: P\ncascade: {dra"] {
                write_in_place(&folder, "content/content/shut/_index.md", text);
                mill.logs(&["shut/_index.md"]);
                let title = format!("B{}", text.len());
                folder.write("content/open/b.md", article(&title, "2026-01-03"));
                mill.eventually_shows("/rss.xml", &[&title, "A"]);
            }
            // A directory that brings its page along is hidden from the start.
            folder.put("aside/_index.md", page);
            folder.put("aside/t.md", article("Secret too", "2026-01-05"));
            fs::rename(folder.path("aside"), folder.content("content/brought")).unwrap();
            folder.write("content/open/c.md", article("C", "2026-01-04"));
            mill.eventually("/rss.xml", |answer| answer.titles().first().is_some_and(|title| title == "C"));
        },
    );
    write_in_place(&folder, "content/content/shut/_index.md", "---\ntitle: P\n---\n");
    mill.eventually("/rss.xml", |answer| answer.titles().contains(&"Secret".to_owned()));
}
