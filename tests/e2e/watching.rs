//! Freshness: what happens to an article shows in its feeds.

use crate::driver::{Folder, article, article_with, png};

/// Two articles in one category, so that no feed vanishes with one of them.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("posts/a.md", article_with("A", "2026-01-02", "categories: [x]\n"));
    folder.write("posts/b.md", article_with("B", "2026-01-01", "categories: [x]\n"));
    folder
}

#[test]
fn a_new_article_is_in_its_feeds_in_every_format() {
    let folder = folder();
    let mill = folder.serve();
    folder.write("posts/c.md", article_with("C", "2026-01-03", "categories: [x]\ntags: [t]\nauthor: Ada\n"));
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"] {
        mill.eventually_shows(path, &["C", "A", "B"]);
    }
    mill.eventually_shows("/tags/t/rss.xml", &["C"]);
    mill.eventually_shows("/authors/ada/feed.json", &["C"]);
    mill.eventually("/articles/posts/c/", |answer| answer.status == 200);
}

#[test]
fn an_edit_shows_whether_the_file_is_replaced_or_written_in_place() {
    let folder = folder();
    let mill = folder.serve();
    folder.write("posts/a.md", article("A by rename", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["A by rename", "B"]);
    folder.write_in_place("posts/a.md", article("A in place", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["A in place", "B"]);
    mill.eventually("/articles/posts/a/", |answer| answer.text().contains("A in place"));
}

#[test]
fn an_edit_of_the_body_alone_shows() {
    let folder = folder();
    let mill = folder.serve();
    folder.write("posts/a.md", article("A", "2026-01-02") + "<p>One thing more.</p>\n");
    mill.eventually("/rss.xml", |answer| answer.text().contains("One thing more."));
}

#[test]
fn an_article_that_changes_its_category_leaves_the_old_one() {
    let folder = folder();
    let mill = folder.serve();
    folder.write("posts/a.md", article_with("A", "2026-01-02", "categories: [y]\n"));
    mill.eventually_shows("/categories/y/rss.xml", &["A"]);
    mill.eventually_shows("/categories/x/rss.xml", &["B"]);
}

#[test]
fn a_deleted_article_leaves_every_feed() {
    let folder = folder();
    let mill = folder.serve();
    folder.remove("posts/a.md");
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"] {
        mill.eventually_shows(path, &["B"]);
    }
    mill.eventually("/articles/posts/a/", |answer| answer.status == 404);
    folder.remove("posts/b.md");
    mill.eventually_shows("/rss.xml", &[]);
    mill.eventually("/categories/x/rss.xml", |answer| answer.status == 404);
}

#[test]
fn a_renamed_article_is_shown_once_under_its_new_address() {
    let folder = folder();
    let mill = folder.serve();
    folder.rename("posts/a.md", "posts/new.md");
    let new = mill.url("/articles/posts/new/");
    mill.eventually("/feed.json", |answer| answer.text().contains(&new));
    assert_eq!(mill.titles("/rss.xml"), ["A", "B"]);
    mill.get("/articles/posts/new/").assert_status(200);
    mill.get("/articles/posts/a/").assert_status(404);
}

#[test]
fn a_directory_moved_in_brings_its_articles_and_moved_out_takes_them() {
    let folder = folder();
    folder.put("aside/deep/er/c.md", article("C", "2026-01-03"));
    folder.put("aside/d.md", article("D", "2026-01-04"));
    let mill = folder.serve();
    std::fs::rename(folder.path("aside"), folder.content("moved")).unwrap();
    mill.eventually_shows("/rss.xml", &["D", "C", "A", "B"]);
    // The new directory is watched as the old ones are.
    folder.write("moved/deep/er/e.md", article("E", "2026-01-05"));
    mill.eventually_shows("/rss.xml", &["E", "D", "C", "A", "B"]);
    std::fs::rename(folder.content("moved"), folder.path("aside")).unwrap();
    mill.eventually_shows("/rss.xml", &["A", "B"]);
}

#[test]
fn a_renamed_directory_moves_all_that_is_in_it() {
    let folder = folder();
    let mill = folder.serve();
    folder.rename("posts", "essays");
    let new = mill.url("/articles/essays/b/");
    mill.eventually("/feed.json", |answer| answer.text().contains(&new));
    mill.eventually_shows("/rss.xml", &["A", "B"]);
}

#[test]
fn a_deleted_directory_takes_its_articles() {
    let folder = folder();
    folder.write("c.md", article("C", "2026-01-03"));
    let mill = folder.serve();
    folder.remove("posts");
    mill.eventually_shows("/rss.xml", &["C"]);
}

#[test]
fn an_article_that_breaks_is_left_out_until_it_is_mended() {
    let folder = folder();
    let mill = folder.serve();
    folder.write("posts/a.md", "---\ntitle: [A\n---\n");
    mill.eventually_shows("/rss.xml", &["B"]);
    folder.write("posts/a.md", article("A mended", "2026-01-02"));
    mill.eventually_shows("/rss.xml", &["A mended", "B"]);
}

#[test]
fn an_image_that_comes_changes_or_goes_shows_in_the_enclosure() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "image: pic.png\n"));
    let mill = folder.serve();
    assert!(mill.get("/rss.xml").ok().xml().all("enclosure").is_empty());
    for size in [10, 300] {
        let bytes = png(size, size);
        folder.write("pic.png", &bytes);
        let length = format!("length=\"{}\"", bytes.len());
        let answer = mill.eventually("/rss.xml", |answer| answer.text().contains(&length));
        assert_eq!(answer.xml().one("media:content").attribute("width"), size.to_string());
        mill.eventually("/media/pic.png", |answer| answer.body == bytes);
    }
    folder.remove("pic.png");
    mill.eventually("/rss.xml", |answer| answer.xml().all("enclosure").is_empty());
    mill.eventually("/media/pic.png", |answer| answer.status == 404);
}

#[test]
fn polling_finds_what_events_would_have_told() {
    let folder = folder();
    let mill = folder.serve_with(&["--watch", "poll", "--poll", "100ms"]);
    folder.write("new/c.md", article("C", "2026-01-03"));
    mill.eventually_shows("/rss.xml", &["C", "A", "B"]);
    folder.remove("posts/a.md");
    mill.eventually_shows("/rss.xml", &["C", "B"]);
}

#[test]
fn a_content_directory_behind_a_swapped_link_is_followed() {
    let folder = Folder::new();
    folder.put("one/a.md", article("One", "2026-01-01"));
    folder.put("two/a.md", article("Two", "2026-01-01"));
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, folder.path(name)).unwrap();
    };
    link("one", "current");
    let mill = folder.serve_with(&["--content", "current"]);
    assert_eq!(mill.titles("/rss.xml"), ["One"]);
    link("two", "next");
    std::fs::rename(folder.path("next"), folder.path("current")).unwrap();
    mill.eventually_shows("/rss.xml", &["Two"]);
}

#[test]
fn a_kubernetes_volume_is_followed_through_its_swap() {
    let folder = Folder::new();
    let volume = |path: &str| folder.content(path);
    folder.write("..1/a.md", article("First", "2026-01-01"));
    std::os::unix::fs::symlink("..1", volume("..data")).unwrap();
    std::os::unix::fs::symlink("..data/a.md", volume("a.md")).unwrap();
    let mill = folder.serve();
    assert_eq!(mill.titles("/rss.xml"), ["First"]);
    folder.write("..2/a.md", article("Second", "2026-01-01"));
    std::os::unix::fs::symlink("..2", volume("..data_tmp")).unwrap();
    std::fs::rename(volume("..data_tmp"), volume("..data")).unwrap();
    mill.eventually_shows("/rss.xml", &["Second"]);
    folder.remove("..1");
    mill.eventually_shows("/rss.xml", &["Second"]);
}
