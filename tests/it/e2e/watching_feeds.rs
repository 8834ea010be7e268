//! Watching `feeds/`: definitions and the settings of the site.

use std::os::unix::fs::symlink;
use std::time::Duration;

use crate::driver::{Folder, article, article_with};

/// A deletion takes effect when the file has been missing for ten seconds.
const DELETED: Duration = Duration::from_secs(20);

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("a.md", article_with("A", "2026-01-02", "categories: [x]\n"));
    folder.write("b.md", article("B", "2026-01-01"));
    folder
}

#[test]
fn a_new_definition_adds_a_feed_and_a_deleted_one_removes_it() {
    let folder = folder();
    let server = folder.serve();
    server.get("/feeds/mine/rss.xml").assert_status(404);
    folder.define("mine.yaml", "select: {categories: [x]}\n");
    server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
    assert_eq!(server.titles("/feeds/mine/rss.xml"), ["A"]);
    std::fs::remove_file(folder.path("feeds/mine.yaml")).unwrap();
    server.eventually_in(DELETED, "/feeds/mine/rss.xml", |answer| answer.status == 404);
}

#[test]
fn a_changed_definition_changes_the_feed() {
    let folder = folder();
    folder.define("mine.yaml", "select: {categories: [x]}\n");
    let server = folder.serve();
    folder.define("mine.yaml", "select: {not_categories: [x]}\n");
    server.eventually_shows("/feeds/mine/rss.xml", &["B"]);
}

#[test]
fn a_broken_definition_keeps_the_last_valid_state_until_it_is_corrected() {
    let folder = folder();
    folder.define("mine.yaml", "title: Mine\nselect: {categories: [x]}\n");
    let server = folder.serve();
    let before = server.get("/feeds/mine/rss.xml").ok();
    folder.define("mine.yaml", "title: [Mine\n");
    server.logs(&["mine.yaml"]);
    assert_eq!(server.get("/feeds/mine/rss.xml").ok().body, before.body);
    // Articles are still updated, in this feed too.
    folder.write("c.md", article_with("C", "2026-01-03", "categories: [x]\n"));
    server.eventually_shows("/feeds/mine/rss.xml", &["C", "A"]);
    folder.define("mine.yaml", "title: Mended\nselect: {categories: [x]}\n");
    server.eventually("/feeds/mine/rss.xml", |answer| answer.text().contains("Mended"));
}

#[test]
fn a_changed_title_of_the_site_shows_in_every_feed() {
    let folder = folder();
    let server = folder.serve();
    folder.define("site.yaml", "title: Renamed\n");
    server.eventually("/feed.json", |answer| answer.json()["title"] == "Renamed");
    server.eventually("/categories/x/feed.json", |answer| answer.json()["title"] == "x · Renamed");
    server.eventually("/", |answer| answer.text().contains("Renamed"));
}

#[test]
fn every_setting_of_a_changed_site_yaml_takes_effect() {
    let folder = folder();
    let server = folder.serve();
    let site = "title: Example\nfeeds: {limit: 1}\ncache: {max_age: 7200}\nredirects: {/old.xml: /rss.xml}\n\
                gone: [/dead.xml]\nexclude: ['a.md']\n";
    folder.define("site.yaml", site);
    server.eventually_shows("/rss.xml", &["B"]);
    server.eventually("/old.xml", |answer| answer.status == 301);
    server.eventually("/dead.xml", |answer| answer.status == 410);
    assert!(server.get("/rss.xml").ok().must("cache-control").contains("max-age=7200,"));
}

#[test]
fn a_broken_site_yaml_keeps_the_last_valid_state() {
    let folder = folder();
    let server = folder.serve();
    folder.define("site.yaml", "title: Renamed\nlangage: zh\n");
    server.logs(&["site.yaml", "langage"]);
    folder.write("c.md", article("C", "2026-01-03"));
    server.eventually_shows("/rss.xml", &["C", "A", "B"]);
    assert_eq!(server.get("/feed.json").ok().json()["title"], "Example");
    folder.define("site.yaml", "title: Mended\n");
    server.eventually("/feed.json", |answer| answer.json()["title"] == "Mended");
}

#[test]
fn a_feeds_directory_that_is_created_later_is_found() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-02"));
    std::fs::remove_dir(folder.path("feeds")).unwrap();
    let server = folder.serve();
    folder.define("mine.yaml", "title: Mine\n");
    server.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn the_cascade_of_a_section_takes_effect_at_once() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("content/posts/deep/a.md", article("A", "2026-01-02"));
    let server = folder.serve();
    server.get("/categories/handed/rss.xml").assert_status(404);
    folder.write("content/posts/_index.md", "---\ntitle: P\ncascade: {categories: [handed]}\n---\n");
    server.eventually_shows("/categories/handed/rss.xml", &["A"]);
    folder.write("content/posts/deep/_index.md", "---\ntitle: D\ncascade: {categories: [deeper]}\n---\n");
    server.eventually_shows("/categories/deeper/rss.xml", &["A"]);
    server.eventually("/categories/handed/rss.xml", |answer| answer.status == 404);
    // When the page of a section moves with its directory, its cascade ends here.
    std::fs::rename(folder.path("content/content/posts/deep"), folder.path("content/content/deep")).unwrap();
    folder.write("content/posts/b.md", article("B", "2026-01-01"));
    server.eventually_shows("/categories/deeper/rss.xml", &["A"]);
    server.eventually_in(DELETED, "/categories/handed/rss.xml", |answer| {
        answer.status == 200 && answer.titles() == ["B"]
    });
    std::fs::remove_file(folder.path("content/content/deep/_index.md")).unwrap();
    server.eventually_in(DELETED, "/categories/deeper/rss.xml", |answer| answer.status == 404);
}

#[test]
fn a_section_appears_and_disappears_with_its_directory() {
    let folder = Folder::new();
    folder.put("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("posts/a.md", article("A", "2026-01-02"));
    folder.put("elsewhere/v1.2/_index.md", "---\ntitle: V\ncascade: {categories: [brought]}\n---\n");
    folder.put("elsewhere/v1.2/b.md", article("B", "2026-01-03"));
    let server = folder.serve();
    std::fs::rename(folder.path("elsewhere/v1.2"), folder.path("content/v1.2")).unwrap();
    server.eventually_shows("/categories/brought/rss.xml", &["B"]);
    std::fs::rename(folder.path("content/v1.2"), folder.path("content/posts/deep")).unwrap();
    folder.write("v1.2/c.md", article("C", "2026-01-04"));
    server.eventually_shows("/rss.xml", &["C", "B", "A"]);
    server.eventually_in(DELETED, "/categories/brought/rss.xml", |answer| {
        answer.status == 200 && answer.titles() == ["B"]
    });
}

#[test]
fn a_configuration_directory_takes_effect_at_once() {
    let folder = Folder::new();
    folder.put("hugo.toml", "title = 'Of Hugo'\n");
    folder.put("config/_default/languages.toml", "[en]\nweight = 1\n");
    folder.write("a.md", article_with("A", "2026-01-02", "topics: [first]\nsubjects: [second]\n"));
    let server = folder.serve();
    assert_eq!(server.titles("/categories/first/rss.xml"), ["A"]);
    folder.put("config/_default/taxonomies.toml", "category = 'subjects'\n");
    server.eventually_shows("/categories/second/rss.xml", &["A"]);
    folder.put("config/_default/languages.toml", "[en]\ntitle = 'In English'\n");
    server.eventually("/feed.json", |answer| answer.json()["title"] == "In English");
    let output = folder.run(&["check"]).said();
    assert!(output.contains("categories by `subjects`"), "{output}");
}

#[test]
fn short_names_of_authors_are_resolved() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("_posts/2026-01-02-a.md", article_with("A", "2026-01-02", "author: ann\n"));
    folder.write("_data/authors.yml", "ann: {name: Ann Lee, email: ann@example.org}\n");
    let server = folder.serve();
    assert_eq!(server.titles("/authors/ann-lee/rss.xml"), ["A"]);
    folder.write("_data/authors.yml", "ann: {name: Ann Smith}\n");
    server.eventually_shows("/authors/ann-smith/rss.xml", &["A"]);
}

/// Waits until the server has handled all events before this call.
fn catch_up(folder: &Folder, server: &crate::driver::TestServer, title: &str) {
    folder.write("marker.md", article(title, "2026-01-01"));
    server.eventually("/rss.xml", |answer| answer.titles().contains(&title.to_owned()));
}

#[test]
fn a_directory_of_the_configuration_that_appears_later_is_watched_at_once() {
    let folder = Folder::new();
    std::fs::remove_dir(folder.path("feeds")).unwrap();
    folder.put("hugo.toml", "title = 'Of Hugo'\n");
    let server = folder.serve();
    catch_up(&folder, &server, "1");
    std::fs::create_dir(folder.path("feeds")).unwrap();
    catch_up(&folder, &server, "2");
    folder.define("site.yaml", "description: Of feeds\n");
    server.eventually("/feed.json", |answer| answer.json()["description"] == "Of feeds");
    std::fs::create_dir(folder.path("config")).unwrap();
    catch_up(&folder, &server, "3");
    std::fs::create_dir(folder.path("config/_default")).unwrap();
    catch_up(&folder, &server, "4");
    folder.put("config/_default/languages.toml", "[en]\ntitle = 'In English'\n");
    server.eventually("/feed.json", |answer| answer.json()["title"] == "In English");
}

#[test]
fn definitions_behind_a_swapped_link_are_watched() {
    let folder = Folder::new();
    std::fs::remove_dir(folder.path("feeds")).unwrap();
    for version in ["v1", "v2"] {
        folder.put(&format!("{version}/site.yaml"), "title: Same\n");
    }
    let link = |to: &str| {
        symlink(to, folder.path("feeds.new")).unwrap();
        std::fs::rename(folder.path("feeds.new"), folder.path("feeds")).unwrap();
    };
    link("v1");
    let server = folder.serve();
    link("v2");
    catch_up(&folder, &server, "1");
    folder.put("v2/site.yaml", "title: Other\n");
    server.eventually("/feed.json", |answer| answer.json()["title"] == "Other");
}

#[test]
fn short_names_of_authors_beside_the_articles_are_watched() {
    let folder = Folder::new();
    folder.put("_config.yml", "title: Of Jekyll\n");
    folder.put("_posts/2026-01-02-a.md", article_with("A", "2026-01-02", "author: ann\n"));
    std::fs::create_dir(folder.path("_data")).unwrap();
    let server = folder.serve_with(&["--content", "_posts"]);
    assert_eq!(server.titles("/authors/ann/rss.xml"), ["A"]);
    folder.put("_data/authors.yml", "ann: {name: Ann Lee}\n");
    server.eventually_shows("/authors/ann-lee/rss.xml", &["A"]);
}
