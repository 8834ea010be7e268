//! Watching: changes of articles become visible in their feeds.

use crate::driver::{Folder, article, article_with, png};

/// Two articles in one category, so that no feed disappears with one of them.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("posts/a.md", article_with("A", "2026-01-02", "categories: [x]\n"));
    folder.write("posts/b.md", article_with("B", "2026-01-01", "categories: [x]\n"));
    folder
}

#[test]
fn a_new_article_is_in_its_feeds_in_every_format() {
    let folder = folder();
    let server = folder.serve();
    folder.write("posts/c.md", article_with("C", "2026-01-03", "categories: [x]\ntags: [t]\nauthor: Ada\n"));
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"] {
        server.eventually_shows(path, &["C", "A", "B"]);
    }
    server.eventually_shows("/tags/t/rss.xml", &["C"]);
    server.eventually_shows("/authors/ada/feed.json", &["C"]);
    server.eventually("/articles/posts/c/", |answer| answer.status == 200);
}

#[test]
fn edits_are_noticed_whether_the_file_is_replaced_or_written_in_place() {
    let folder = folder();
    let server = folder.serve();
    folder.write("posts/a.md", article("A by rename", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["A by rename", "B"]);
    folder.write_in_place("posts/a.md", article("A in place", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["A in place", "B"]);
    server.eventually("/articles/posts/a/", |answer| answer.text().contains("A in place"));
}

#[test]
fn an_edit_of_the_body_alone_shows() {
    let folder = folder();
    let server = folder.serve();
    folder.write("posts/a.md", article("A", "2026-01-02") + "<p>One thing more.</p>\n");
    server.eventually("/rss.xml", |answer| answer.text().contains("One thing more."));
}

#[test]
fn an_article_that_changes_its_category_leaves_the_old_one() {
    let folder = folder();
    let server = folder.serve();
    folder.write("posts/a.md", article_with("A", "2026-01-02", "categories: [y]\n"));
    server.eventually_shows("/categories/y/rss.xml", &["A"]);
    server.eventually_shows("/categories/x/rss.xml", &["B"]);
}

#[test]
fn a_deleted_article_leaves_every_feed() {
    let folder = folder();
    let server = folder.serve();
    folder.remove("posts/a.md");
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/x/rss.xml"] {
        server.eventually_shows(path, &["B"]);
    }
    server.eventually("/articles/posts/a/", |answer| answer.status == 404);
    folder.remove("posts/b.md");
    server.eventually_shows("/rss.xml", &[]);
    server.eventually("/categories/x/rss.xml", |answer| answer.status == 404);
}

#[test]
fn a_renamed_article_is_shown_once_with_its_new_url() {
    let folder = folder();
    let server = folder.serve();
    folder.rename("posts/a.md", "posts/new.md");
    let new = server.url("/articles/posts/new/");
    server.eventually("/feed.json", |answer| answer.text().contains(&new));
    assert_eq!(server.titles("/rss.xml"), ["A", "B"]);
    server.get("/articles/posts/new/").assert_status(200);
    server.get("/articles/posts/a/").assert_status(404);
}

#[test]
fn a_directory_moved_in_brings_its_articles_and_moved_out_takes_them() {
    let folder = folder();
    folder.put("aside/deep/er/c.md", article("C", "2026-01-03"));
    folder.put("aside/d.md", article("D", "2026-01-04"));
    let server = folder.serve();
    std::fs::rename(folder.path("aside"), folder.content("moved")).unwrap();
    server.eventually_shows("/rss.xml", &["D", "C", "A", "B"]);
    // The new directory is watched like the others.
    folder.write("moved/deep/er/e.md", article("E", "2026-01-05"));
    server.eventually_shows("/rss.xml", &["E", "D", "C", "A", "B"]);
    std::fs::rename(folder.content("moved"), folder.path("aside")).unwrap();
    server.eventually_shows("/rss.xml", &["A", "B"]);
}

#[test]
fn a_renamed_directory_moves_all_that_is_in_it() {
    let folder = folder();
    let server = folder.serve();
    folder.rename("posts", "essays");
    let new = server.url("/articles/essays/b/");
    server.eventually("/feed.json", |answer| answer.text().contains(&new));
    server.eventually_shows("/rss.xml", &["A", "B"]);
}

#[test]
fn a_deleted_directory_takes_its_articles() {
    let folder = folder();
    folder.write("c.md", article("C", "2026-01-03"));
    let server = folder.serve();
    folder.remove("posts");
    server.eventually_shows("/rss.xml", &["C"]);
}

#[test]
fn an_article_that_becomes_invalid_is_skipped_until_it_is_corrected() {
    let folder = folder();
    let server = folder.serve();
    folder.write("posts/a.md", "---\ntitle: [A\n---\n");
    server.eventually_shows("/rss.xml", &["B"]);
    folder.write("posts/a.md", article("A mended", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["A mended", "B"]);
}

#[test]
fn changes_of_an_image_show_in_the_enclosure() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "image: pic.png\n"));
    let server = folder.serve();
    assert!(server.get("/rss.xml").ok().xml().all("enclosure").is_empty());
    for size in [10, 300] {
        let bytes = png(size, size);
        folder.write("pic.png", &bytes);
        let length = format!("length=\"{}\"", bytes.len());
        let answer = server.eventually("/rss.xml", |answer| answer.text().contains(&length));
        assert_eq!(answer.xml().one("media:content").attribute("width"), size.to_string());
        server.eventually("/media/pic.png", |answer| answer.body == bytes);
    }
    folder.remove("pic.png");
    server.eventually("/rss.xml", |answer| answer.xml().all("enclosure").is_empty());
    server.eventually("/media/pic.png", |answer| answer.status == 404);
}

#[test]
fn polling_finds_the_same_changes_as_events() {
    let folder = folder();
    let server = folder.serve_with(&["--watch", "poll", "--poll", "100ms"]);
    folder.write("new/c.md", article("C", "2026-01-03"));
    server.eventually_shows("/rss.xml", &["C", "A", "B"]);
    folder.remove("posts/a.md");
    server.eventually_shows("/rss.xml", &["C", "B"]);
}
