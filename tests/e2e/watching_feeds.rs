//! Freshness of `feeds/`: definitions and the site's own settings.

use std::time::Duration;

use crate::driver::{Folder, article, article_with};

/// A deletion counts after ten seconds without the file.
const DELETED: Duration = Duration::from_secs(20);

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("a.md", article_with("A", "2026-01-02", "categories: [x]\n"));
    folder.write("b.md", article("B", "2026-01-01"));
    folder
}

#[test]
fn a_new_definition_is_a_new_feed_and_a_deleted_one_is_none() {
    let folder = folder();
    let mill = folder.serve();
    mill.get("/feeds/mine/rss.xml").assert_status(404);
    folder.define("mine.yaml", "select: {categories: [x]}\n");
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
    assert_eq!(mill.titles("/feeds/mine/rss.xml"), ["A"]);
    std::fs::remove_file(folder.path("feeds/mine.yaml")).unwrap();
    mill.eventually_in(DELETED, "/feeds/mine/rss.xml", |answer| answer.status == 404);
}

#[test]
fn a_changed_definition_selects_anew() {
    let folder = folder();
    folder.define("mine.yaml", "select: {categories: [x]}\n");
    let mill = folder.serve();
    folder.define("mine.yaml", "select: {not_categories: [x]}\n");
    mill.eventually_shows("/feeds/mine/rss.xml", &["B"]);
}

#[test]
fn a_broken_definition_keeps_the_last_good_state_until_it_is_mended() {
    let folder = folder();
    folder.define("mine.yaml", "title: Mine\nselect: {categories: [x]}\n");
    let mill = folder.serve();
    let before = mill.get("/feeds/mine/rss.xml").ok();
    folder.define("mine.yaml", "title: [Mine\n");
    mill.logs(&["mine.yaml"]);
    assert_eq!(mill.get("/feeds/mine/rss.xml").ok().body, before.body);
    // Articles still arrive, in this feed too.
    folder.write("c.md", article_with("C", "2026-01-03", "categories: [x]\n"));
    mill.eventually_shows("/feeds/mine/rss.xml", &["C", "A"]);
    folder.define("mine.yaml", "title: Mended\nselect: {categories: [x]}\n");
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.text().contains("Mended"));
}

#[test]
fn a_changed_title_of_the_site_shows_in_every_feed() {
    let folder = folder();
    let mill = folder.serve();
    folder.define("site.yaml", "title: Renamed\n");
    mill.eventually("/feed.json", |answer| answer.json()["title"] == "Renamed");
    mill.eventually("/categories/x/feed.json", |answer| answer.json()["title"] == "x · Renamed");
    mill.eventually("/", |answer| answer.text().contains("Renamed"));
}

#[test]
fn a_changed_site_yaml_takes_effect_in_all_it_says() {
    let folder = folder();
    let mill = folder.serve();
    let site = "title: Example\nfeeds: {limit: 1}\ncache: {max_age: 7200}\nredirects: {/old.xml: /rss.xml}\n\
                gone: [/dead.xml]\nexclude: ['a.md']\n";
    folder.define("site.yaml", site);
    mill.eventually_shows("/rss.xml", &["B"]);
    mill.eventually("/old.xml", |answer| answer.status == 301);
    mill.eventually("/dead.xml", |answer| answer.status == 410);
    assert!(mill.get("/rss.xml").ok().must("cache-control").contains("max-age=7200,"));
}

#[test]
fn a_broken_site_yaml_keeps_the_last_good_state() {
    let folder = folder();
    let mill = folder.serve();
    folder.define("site.yaml", "title: Renamed\nlangage: zh\n");
    mill.logs(&["site.yaml", "langage"]);
    folder.write("c.md", article("C", "2026-01-03"));
    mill.eventually_shows("/rss.xml", &["C", "A", "B"]);
    assert_eq!(mill.get("/feed.json").ok().json()["title"], "Example");
    folder.define("site.yaml", "title: Mended\n");
    mill.eventually("/feed.json", |answer| answer.json()["title"] == "Mended");
}

#[test]
fn a_feeds_directory_that_comes_later_is_seen() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-02"));
    std::fs::remove_dir(folder.path("feeds")).unwrap();
    let mill = folder.serve();
    folder.define("mine.yaml", "title: Mine\n");
    mill.eventually("/feeds/mine/rss.xml", |answer| answer.status == 200);
}

#[test]
fn what_a_section_hands_down_counts_as_soon_as_it_says_so() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("content/posts/deep/a.md", article("A", "2026-01-02"));
    let mill = folder.serve();
    mill.get("/categories/handed/rss.xml").assert_status(404);
    folder.write("content/posts/_index.md", "---\ntitle: P\ncascade: {categories: [handed]}\n---\n");
    mill.eventually_shows("/categories/handed/rss.xml", &["A"]);
    folder.write("content/posts/deep/_index.md", "---\ntitle: D\ncascade: {categories: [deeper]}\n---\n");
    mill.eventually_shows("/categories/deeper/rss.xml", &["A"]);
    mill.eventually("/categories/handed/rss.xml", |answer| answer.status == 404);
    // A section that goes takes its word along, wherever it goes.
    std::fs::rename(folder.path("content/content/posts/deep"), folder.path("content/content/deep")).unwrap();
    folder.write("content/posts/b.md", article("B", "2026-01-01"));
    mill.eventually_shows("/categories/deeper/rss.xml", &["A"]);
    mill.eventually_in(DELETED, "/categories/handed/rss.xml", |answer| {
        answer.status == 200 && answer.titles() == ["B"]
    });
    std::fs::remove_file(folder.path("content/content/deep/_index.md")).unwrap();
    mill.eventually_in(DELETED, "/categories/deeper/rss.xml", |answer| answer.status == 404);
}

#[test]
fn a_section_comes_and_goes_with_its_directory() {
    let folder = Folder::new();
    folder.put("hugo.toml", "title = 'Of Hugo'\n");
    folder.write("posts/a.md", article("A", "2026-01-02"));
    folder.put("elsewhere/v1.2/_index.md", "---\ntitle: V\ncascade: {categories: [brought]}\n---\n");
    folder.put("elsewhere/v1.2/b.md", article("B", "2026-01-03"));
    let mill = folder.serve();
    std::fs::rename(folder.path("elsewhere/v1.2"), folder.path("content/v1.2")).unwrap();
    mill.eventually_shows("/categories/brought/rss.xml", &["B"]);
    std::fs::rename(folder.path("content/v1.2"), folder.path("content/posts/deep")).unwrap();
    folder.write("v1.2/c.md", article("C", "2026-01-04"));
    mill.eventually_shows("/rss.xml", &["C", "B", "A"]);
    mill.eventually_in(DELETED, "/categories/brought/rss.xml", |answer| {
        answer.status == 200 && answer.titles() == ["B"]
    });
}

#[test]
fn a_directory_of_configuration_counts_as_soon_as_it_says_so() {
    let folder = Folder::new();
    folder.put("hugo.toml", "title = 'Of Hugo'\n");
    folder.put("config/_default/languages.toml", "[en]\nweight = 1\n");
    folder.write("a.md", article_with("A", "2026-01-02", "topics: [first]\nsubjects: [second]\n"));
    let mill = folder.serve();
    assert_eq!(mill.titles("/categories/first/rss.xml"), ["A"]);
    folder.put("config/_default/taxonomies.toml", "category = 'subjects'\n");
    mill.eventually_shows("/categories/second/rss.xml", &["A"]);
    folder.put("config/_default/languages.toml", "[en]\ntitle = 'In English'\n");
    mill.eventually("/feed.json", |answer| answer.json()["title"] == "In English");
    let told = folder.run(&["check"]).said();
    assert!(told.contains("categories by `subjects`"), "{told}");
}

#[test]
fn people_are_known_by_the_short_names_of_the_site() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.write("_posts/2026-01-02-a.md", article_with("A", "2026-01-02", "author: ann\n"));
    folder.write("_data/authors.yml", "ann: {name: Ann Lee, email: ann@example.org}\n");
    let mill = folder.serve();
    assert_eq!(mill.titles("/authors/ann-lee/rss.xml"), ["A"]);
    folder.write("_data/authors.yml", "ann: {name: Ann Smith}\n");
    mill.eventually_shows("/authors/ann-smith/rss.xml", &["A"]);
}
