//! Categories: the tree, the names, and the paths made of them.

use sha2::{Digest, Sha256};

use crate::driver::{Folder, article_with};

fn in_categories(title: &str, date: &str, categories: &str) -> String {
    article_with(title, date, &format!("categories: {categories}\n"))
}

/// The six hex digits at the end of a long slug.
fn digits(folded_name: &str) -> String {
    let digest = Sha256::digest(folded_name.as_bytes());
    format!("{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2])
}

#[test]
fn a_list_is_one_path_and_the_parents_hold_what_is_below() {
    let folder = Folder::new();
    folder.write("a.md", in_categories("A", "2026-01-03", "[新媒体, 趣头条]"));
    folder.write("b.md", in_categories("B", "2026-01-02", "[新媒体]"));
    folder.write("c.md", in_categories("C", "2026-01-01", "[科学]"));
    let server = folder.serve();
    assert_eq!(server.titles("/categories/xin-mei-ti/qu-tou-tiao/rss.xml"), ["A"]);
    assert_eq!(server.titles("/categories/xin-mei-ti/rss.xml"), ["A", "B"]);
    assert_eq!(server.titles("/categories/ke-xue/rss.xml"), ["C"]);
    server.get("/categories/qu-tou-tiao/rss.xml").assert_status(404);
}

#[test]
fn site_yaml_can_make_a_list_a_set() {
    let folder = Folder::new();
    folder.define("site.yaml", "categories: {lists: set}\n");
    folder.write("a.md", in_categories("A", "2026-01-03", "[Red, Blue]"));
    let server = folder.serve();
    assert_eq!(server.titles("/categories/red/rss.xml"), ["A"]);
    assert_eq!(server.titles("/categories/blue/rss.xml"), ["A"]);
    server.get("/categories/red/blue/rss.xml").assert_status(404);
}

#[test]
fn a_list_is_a_set_in_a_jekyll_directory_and_a_path_in_a_hexo_directory() {
    let jekyll = Folder::new();
    jekyll.write("_posts/2026-01-03-a.md", in_categories("A", "2026-01-03", "[red, blue]"));
    let server = jekyll.serve();
    assert_eq!(server.titles("/categories/blue/rss.xml"), ["A"]);

    let hexo = Folder::new();
    hexo.put("source/_posts/a.md", in_categories("A", "2026-01-03", "[red, blue]"));
    let server = hexo.serve_with(&["--content", "source/_posts"]);
    assert_eq!(server.titles("/categories/red/blue/rss.xml"), ["A"]);
}

#[test]
fn a_list_of_lists_puts_an_article_into_several_categories() {
    let folder = Folder::new();
    folder.write("a.md", in_categories("A", "2026-01-03", "[[Red, Dark], [Blue]]"));
    let server = folder.serve();
    for path in ["red", "red/dark", "blue"] {
        assert_eq!(server.titles(&format!("/categories/{path}/rss.xml")), ["A"], "{path}");
    }
}

#[test]
fn a_single_string_is_one_category() {
    let folder = Folder::new();
    folder.write("a.md", in_categories("A", "2026-01-03", "Open Source"));
    assert_eq!(folder.serve().titles("/categories/open-source/rss.xml"), ["A"]);
}

#[test]
fn spellings_of_one_name_are_one_category_titled_like_the_oldest() {
    let folder = Folder::new();
    let spellings = ["Open Source", "open-source", "OPEN_SOURCE", "Ｏｐｅｎ Source"];
    for (number, spelling) in spellings.iter().enumerate() {
        let date = format!("2026-01-0{}", number + 1);
        folder.write(&format!("{number}.md"), in_categories(spelling, &date, spelling));
    }
    folder.define("site.yaml", "title: Example\n");
    let server = folder.serve();
    let feed = server.get("/categories/open-source/rss.xml").ok().feed();
    assert_eq!(feed.entries.len(), 4);
    assert_eq!(feed.title.unwrap().content, "Open Source · Example");
    assert_eq!(server.get("/feeds.json").json()["feeds"].as_array().unwrap().len(), 2);
}

#[test]
fn the_title_of_a_feed_is_its_path_and_the_site() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example News\n");
    folder.write("a.md", in_categories("A", "2026-01-03", "[新媒体, 趣头条]"));
    let server = folder.serve();
    let json = server.get("/categories/xin-mei-ti/qu-tou-tiao/feed.json").ok().json();
    assert_eq!(json["title"], "新媒体 / 趣头条 · Example News");
}

#[test]
fn the_older_of_two_names_with_one_slug_gets_the_short_slug() {
    let folder = Folder::new();
    folder.write("old.md", in_categories("Old", "2026-01-01", "[事实]"));
    folder.write("new.md", in_categories("New", "2026-01-02", "[实事]"));
    let server = folder.serve();
    assert_eq!(server.titles("/categories/shi-shi/rss.xml"), ["Old"]);
    let long = format!("/categories/shi-shi-{}/rss.xml", digits("实事"));
    assert_eq!(server.titles(&long), ["New"]);
}

#[test]
fn one_backdated_article_takes_neither_slug_nor_spelling_of_a_category() {
    let folder = Folder::new();
    for day in 1..=3 {
        folder.write(
            &format!("old-{day}.md"),
            in_categories(&format!("Old {day}"), &format!("2026-01-0{day}"), "[事实]"),
        );
        folder.write(&format!("open-{day}.md"), in_categories("Open", &format!("2026-02-0{day}"), "[Open Source]"));
    }
    folder.define("site.yaml", "title: Example\n");
    let server = folder.serve();
    let old = ["Old 3", "Old 2", "Old 1"];
    assert_eq!(server.titles("/categories/shi-shi/rss.xml"), old);
    folder.write("taker.md", in_categories("Taker", "1990-01-01", "[[实事], [OpenSource]]"));
    let long = format!("/categories/shi-shi-{}/rss.xml", digits("实事"));
    server.eventually_shows(&long, &["Taker"]);
    assert_eq!(server.titles("/categories/shi-shi/rss.xml"), old);
    let feed = server.get("/categories/open-source/rss.xml").ok().feed();
    assert_eq!((feed.entries.len(), feed.title.unwrap().content.as_str()), (4, "Open Source · Example"));
    // An article without a date counts as older than all others.
    folder.write("taker.md", "---\ntitle: Taker\ncategories: [[实事], [OpenSource]]\n---\nundated\n");
    server.eventually(&long, |answer| answer.text().contains("undated"));
    assert_eq!(server.titles("/categories/shi-shi/rss.xml"), old);
    server.get("/categories/open-source/rss.xml").ok();
}

#[test]
fn a_name_that_cannot_be_transliterated_still_has_a_slug() {
    let folder = Folder::new();
    folder.write("a.md", in_categories("A", "2026-01-01", "['！？']"));
    let server = folder.serve();
    let list = server.get("/feeds.json").ok().json();
    let feeds = list["feeds"].as_array().unwrap();
    let feed = feeds.iter().find(|feed| feed["kind"] == "category").unwrap();
    let path = server.path_of(feed["rss"].as_str().unwrap());
    assert!(path.starts_with("/categories/n-"), "{path}");
    assert_eq!(server.titles(&path), ["A"]);
}

#[test]
fn a_category_without_articles_is_not_found() {
    let folder = Folder::new();
    folder.write("a.md", in_categories("A", "2026-01-01", "[here]"));
    let server = folder.serve();
    server.get("/categories/elsewhere/rss.xml").assert_status(404);
    server.get("/categories/here/below/rss.xml").assert_status(404);
}

#[test]
fn a_category_named_page_has_its_long_slug_at_every_level() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\n");
    folder.define("x.yaml", "category: x\nslug: page\n");
    folder.write("a.md", in_categories("A", "2026-01-01", "[Page, '2']"));
    folder.write("b.md", in_categories("B", "2026-01-02", "[x, page]"));
    folder.write("c.md", article_with("C", "2026-01-03", "tags: page\nauthor: page\n"));
    let server = folder.serve();
    server.logs(&["x.yaml", "`page` is reserved"]);
    let long = format!("page-{}", digits("page"));
    for (short, long) in [
        ("/categories/page/rss.xml", format!("/categories/{long}/rss.xml")),
        ("/categories/page/2/", format!("/categories/{long}/2/")),
        ("/categories/x/page/", format!("/categories/x/{long}/")),
    ] {
        server.get(&long).ok();
        let moved = server.get(short);
        assert_eq!((moved.status, server.path_of(moved.must("location"))), (301, long));
    }
    server.get("/tags/page/").ok();
    server.get("/authors/page/").ok();
}

#[test]
fn a_category_of_hundreds_of_levels_keeps_its_article_and_every_url_works() {
    let folder = Folder::new();
    let names: Vec<String> = (0..500).map(|n| format!("{n} {}", "long ".repeat(15))).collect();
    folder.write("a.md", in_categories("A", "2026-01-01", &format!("[{}]", names.join(", "))));
    folder.write("b.md", in_categories("B", "2026-01-02", "[x]"));
    let server = folder.serve();
    assert_eq!(server.titles("/rss.xml"), ["B", "A"]);
    let list = server.get("/feeds.json").ok().json();
    let paths: Vec<&str> = list["feeds"].as_array().unwrap().iter().filter_map(|feed| feed["rss"].as_str()).collect();
    assert_eq!(paths.len(), 34);
    for path in paths {
        server.get(&server.path_of(path)).ok();
    }
    folder.run(&["build", "--base-url", "http://a.example"]).assert_code(0);
    let output = folder.run(&["check"]).said();
    assert!(output.contains("a.md:4:13: `categories` has 500 levels, of which the first 32 count"), "{output}");
}
