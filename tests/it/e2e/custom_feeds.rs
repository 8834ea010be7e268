//! `feeds/NAME.yaml`: feeds that an editor defines, and built-in feeds that an editor changes.

use crate::driver::{Folder, TestServer, article_with, png};

fn folder() -> Folder {
    let folder = Folder::new();
    let articles = [
        ("gossip", "2026-01-05", "categories: [科学, 娱乐]\nlanguage: zh\n"),
        ("atoms", "2026-01-04", "categories: [科学, 物理]\ntags: [lab]\nauthor: Ada\n"),
        ("stars", "2026-01-03", "categories: [科学]\ntags: [sky, lab]\nupdated: 2026-02-01\n"),
        ("film", "2026-01-02", "categories: [娱乐]\nauthor: Bob\n"),
        ("nested", "2025-06-01", "categories: [World, 科学]\n"),
    ];
    for (title, date, more) in articles {
        folder.write(&format!("{title}.md"), article_with(title, date, more));
    }
    folder
}

fn serve(definition: &str) -> TestServer {
    let folder = folder();
    folder.define("mine.yaml", definition);
    folder.serve()
}

#[track_caller]
fn assert_selects(definition: &str, titles: &[&str]) {
    assert_eq!(serve(definition).titles("/feeds/mine/rss.xml"), titles, "{definition}");
}

#[test]
fn a_definition_is_a_feed_in_all_formats_and_a_page() {
    let server = serve("title: Science without gossip\nselect: {categories: [科学]}\n");
    for format in ["rss.xml", "atom.xml", "feed.json"] {
        let feed = server.get(&format!("/feeds/mine/{format}")).ok().feed();
        assert!(feed.title.unwrap().content.contains("Science without gossip"));
    }
    assert!(server.get("/feeds/mine/").ok().text().contains("Science without gossip"));
}

#[test]
fn a_category_name_matches_at_any_level_with_its_subcategories() {
    assert_selects("select: {categories: [科学]}\n", &["gossip", "atoms", "stars", "nested"]);
}

#[test]
fn a_category_path_matches_from_the_top() {
    assert_selects("select: {categories: [科学/物理]}\n", &["atoms"]);
    assert_selects("select: {categories: [World]}\n", &["nested"]);
}

#[test]
fn every_key_must_match_and_any_value_of_a_list() {
    assert_selects("select: {categories: [科学], not_categories: [娱乐]}\n", &["atoms", "stars", "nested"]);
    assert_selects("select: {tags: [sky, lab]}\n", &["atoms", "stars"]);
    assert_selects("select: {tags: [lab], authors: [Ada]}\n", &["atoms"]);
    assert_selects("select: {authors: [ada, bob]}\n", &["atoms", "film"]);
}

#[test]
fn articles_are_selected_by_title_date_and_language() {
    assert_selects("select: {title: '^(st|fi)'}\n", &["stars", "film"]);
    assert_selects("select: {since: 2026-01-04}\n", &["gossip", "atoms"]);
    assert_selects("select: {languages: [zh]}\n", &["gossip"]);
}

#[test]
fn a_feed_can_be_ordered_by_update_and_limited() {
    assert_selects("order: updated\nlimit: 2\nselect: {categories: [科学]}\n", &["stars", "gossip"]);
}

#[test]
fn a_definition_that_selects_nothing_is_an_empty_feed() {
    assert_selects("select: {tags: [nowhere]}\n", &[]);
}

#[test]
fn a_feed_has_the_formats_its_definition_names() {
    let server = serve("formats: [rss]\nselect: {tags: [lab]}\n");
    server.get("/feeds/mine/rss.xml").assert_status(200);
    server.get("/feeds/mine/atom.xml").assert_status(404);
    server.get("/feeds/mine/feed.json").assert_status(404);
}

#[test]
fn a_definition_can_request_summaries() {
    let server = serve("content: summary\nselect: {tags: [sky]}\n");
    let rss = server.get("/feeds/mine/rss.xml").ok().xml();
    assert!(rss.all("content:encoded").is_empty());
    assert!(rss.one("item").one("description").text.contains("Body of it."));
}

#[test]
fn a_definition_changes_the_feed_of_a_category() {
    let server = serve("category: 科学/物理\ntitle: All of physics\nlimit: 1\n");
    let feed = server.get("/categories/ke-xue/wu-li/feed.json").ok().json();
    assert!(feed["title"].as_str().unwrap().contains("All of physics"));
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_definition_changes_the_feed_of_the_site_a_tag_and_an_author() {
    let folder = folder();
    folder.define("s.yaml", "site: true\ntitle: Everything\nlimit: 2\n");
    folder.define("t.yaml", "tag: lab\ntitle: From the lab\n");
    folder.define("a.yml", "author: Ada\ntitle: Ada writes\n");
    let server = folder.serve();
    let title = |path| server.get(path).ok().feed().title.unwrap().content;
    assert!(title("/rss.xml").contains("Everything"));
    assert!(title("/tags/lab/rss.xml").contains("From the lab"));
    assert!(title("/authors/ada/rss.xml").contains("Ada writes"));
    assert_eq!(server.titles("/atom.xml").len(), 2);
}

#[test]
fn a_category_with_a_definition_exists_without_articles() {
    let folder = folder();
    folder.define("future.yaml", "category: [Plans, Far]\ntitle: Plans\n");
    let server = folder.serve();
    assert!(server.titles("/categories/plans/far/rss.xml").is_empty());
}

#[test]
fn a_configured_slug_is_used_and_the_default_one_redirects() {
    let server = serve("category: 科学\nslug: science\n");
    assert_eq!(server.titles("/categories/science/rss.xml").len(), 3);
    server.get("/categories/ke-xue/rss.xml").assert_moved_to(&server.url("/categories/science/rss.xml"));
}

#[test]
fn conditions_exclude_nest_and_look_at_paths_and_dates() {
    let folder = folder();
    folder.write("deep/er/tale.md", article_with("tale", "2025-01-01T18:00:00Z", "series: Long Tale\n"));
    let cases: [(&str, &[&str]); 11] = [
        ("{not_tags: [lab]}", &["gossip", "film", "nested", "tale"]),
        ("{not_authors: [ADA, bob]}", &["gossip", "stars", "nested", "tale"]),
        ("{title: 's', not_title: '^g'}", &["atoms", "stars", "nested"]),
        ("{until: 2026-01-03, since: 2026-01-02}", &["stars", "film"]),
        ("{until: '2025-01-01'}", &["tale"]),
        ("{until: '2025-01-01T17:59:59Z'}", &[]),
        ("{path: 'deep/*.md'}", &[]),
        ("{path: ['deep/**', 'f*.md']}", &["film", "tale"]),
        ("{taxonomies: {Series: long-tale}}", &["tale"]),
        ("{any: [{tags: sky}, {categories: 娱乐, any: [{authors: Bob}, {authors: Nemo}]}]}", &["stars", "film"]),
        ("{newer_than: 365000d, authors: Ada}", &["atoms"]),
    ];
    for (number, (conditions, _)) in cases.iter().enumerate() {
        folder.define(&format!("case{number}.yaml"), &format!("select: {conditions}\n"));
    }
    let server = folder.serve();
    for (number, (conditions, titles)) in cases.iter().enumerate() {
        assert_eq!(server.titles(&format!("/feeds/case{number}/rss.xml")), *titles, "{conditions}");
    }
}

#[test]
fn check_reports_definitions_that_select_nothing_and_names_that_do_not_exist() {
    let folder = folder();
    folder.define("labs.yaml", "select:\n  tags: [sky, lap]\n");
    folder.define(
        "none.yaml",
        "title: None\nselect:\n  any:\n    - authors: Nemo\n    - not_categories: 物里\n  since: 2090-01-01\n",
    );
    folder.define("kept.yaml", "category: Astronomy\n");
    let check = folder.run(&["check", "--deny-warnings"]);
    check.assert_code(1);
    for words in [
        "feeds/labs.yaml:2:15: no published article has the tag `lap` [warning: unknown-name]",
        "did you mean `lab`?",
        "feeds/none.yaml:4:16: no published article has the author `Nemo` [warning: ",
        "feeds/none.yaml:5:23: no published article has the category `物里` [warning: ",
        "did you mean `物理`?",
        "feeds/none.yaml:3:3: these conditions match no published article, so the feed is empty [warning: selects-nothing]",
        "feeds/kept.yaml:1:11: no published article is in this feed, so it is empty [note: empty-feed]",
    ] {
        assert!(check.out.contains(words), "{words}\n{}", check.out);
    }
    folder.define("labs.yaml", "select:\n  tags: [sky, lab]\n");
    folder.define("none.yaml", "title: All\n");
    folder.run(&["check", "--deny-warnings"]).assert_code(0);
}

#[test]
fn an_article_that_is_kept_out_of_feeds_has_only_its_page() {
    let folder = Folder::new();
    folder.write("shown.md", article_with("Shown", "2026-01-01", "categories: [a]\nfeed: {url: x}\nrss: /rss.xml\n"));
    let keys = [
        "rss: false",
        "feed: 'false'",
        "in_feed: no",
        "hiddenInRss: true",
        "disable_feed: 'True'",
        "feed_exclude: true",
        "eleventyExcludeFromCollections: true",
        "extra: {in_feed: false}",
        "params: {hiddenInRss: true}",
    ];
    for (number, key) in keys.iter().enumerate() {
        let front = format!("categories: [[a], [b]]\ntags: [t{number}]\nimage: p.png\n{key}\n");
        folder.write(&format!("kept{number}.md"), article_with("Kept", "2026-01-02", &front));
    }
    folder.write("p.png", png(4, 4));
    folder.define("mine.yaml", "title: All\n");
    let server = folder.serve();
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/categories/a/rss.xml", "/feeds/mine/rss.xml"] {
        assert_eq!(server.titles(path), ["Shown"], "{path}");
    }
    assert!(!server.get("/feeds.json").ok().text().contains("/tags/"));
    assert_eq!(server.get("/categories/b/").status, 404);
    server.get("/media/p.png").ok();
    let status = server.admin("GET", "/status").ok().text();
    assert!(status.contains("\"published\":10") && status.contains("\"not_due\":0"), "{status}");
    for number in 0..keys.len() {
        let page = server.get(&format!("/articles/kept{number}/")).ok().text();
        assert!(page.contains("/categories/a/") && !page.contains("/categories/b/"), "{page}");
    }
    folder.write("link.md", "---\ntitle: Link\ndate: 2025-01-01\n---\n[kept](kept0.md)\n");
    folder.run(&["build"]).assert_code(0);
    assert!(folder.path("dist/articles/kept0/index.html").is_file(), "links to it lead nowhere");
    folder.write("kept0.md", article_with("Kept", "2026-01-02", "categories: [[a], [b]]\n"));
    server.eventually_shows("/categories/b/rss.xml", &["Kept"]);
}

#[test]
fn articles_are_selected_by_their_text_its_length_images_and_series() {
    let folder = Folder::new();
    folder.write("pic.png", png(3, 3));
    for (title, date, more, body) in [
        ("tides", "2026-01-05", "series: Long Tale\n", "The ti**de**s turn &amp; turn.\n\nAgain.\n"),
        ("cover", "2026-01-04", "cover: pic.png\n", "One two three.\n"),
        ("inline", "2026-01-03", "", "水车水车水车 ![mill](pic.png)\n"),
        ("short", "2026-01-02", "", "<!-- the tides --> One.\n"),
    ] {
        folder.write(&format!("{title}.md"), article_with(title, date, more).replace("<p>Body of it.</p>\n", body));
    }
    for (conditions, titles) in [
        ("text: 'tides turn & .*Again'", &["tides"][..]),
        ("words: '4..'", &["tides", "inline"]),
        ("words: '..3'", &["cover", "short"]),
        ("words: '3..3'", &["cover"]),
        ("has_image: true", &["cover", "inline"]),
        ("has_image: false", &["tides", "short"]),
        ("series: long-tale", &["tides"]),
        ("any: [{text: 水车}, {words: '1..1'}]", &["inline", "short"]),
    ] {
        folder.define("mine.yaml", &format!("select: {{{conditions}}}\n"));
        assert_eq!(folder.serve().titles("/feeds/mine/rss.xml"), titles, "{conditions}");
    }
    // Other conditions, and another text, take effect in the running server.
    let server = folder.serve();
    folder.define("mine.yaml", "select: {text: tides}\n");
    server.eventually_shows("/feeds/mine/rss.xml", &["tides"]);
    folder.write("short.md", article_with("short", "2026-01-02", "") + "No tides.\n");
    server.eventually_shows("/feeds/mine/rss.xml", &["tides", "short"]);
}

#[test]
fn a_feed_may_select_articles_with_audio() {
    let folder = Folder::new();
    for (day, (name, fields)) in [
        ("key", "audio: https://x.example/stream\n"),
        ("extension", "attachments: [a.pdf, a.OGG?x=1]\n"),
        ("type", "enclosure: {url: 'https://x.example/file', type: audio/mpeg}\n"),
        ("wordpress", "enclosure: |\n  https://x.example/a.mp3\n  1234\n  audio/mpeg\n"),
        ("film", "enclosure: https://x.example/a.mp4\n"),
        ("paper", "attachments: a.pdf\n"),
        ("switch", "audio: true\n"),
        ("plain", ""),
    ]
    .into_iter()
    .enumerate()
    {
        folder.write(&format!("{name}.md"), article_with(name, &format!("2026-01-{:02}", 28 - day), fields));
    }
    folder.define("mine.yaml", "select: {has_audio: true}\n");
    folder.define("others.yaml", "select: {any: [{has_audio: false}]}\n");
    let server = folder.serve();
    assert_eq!(server.titles("/feeds/mine/rss.xml"), ["key", "extension", "type", "wordpress"]);
    assert_eq!(server.titles("/feeds/others/rss.xml"), ["film", "paper", "switch", "plain"]);
    folder.write("plain.md", article_with("plain", "2026-01-21", "mp3: a.mp3\n"));
    server.eventually_shows("/feeds/mine/rss.xml", &["key", "extension", "type", "wordpress", "plain"]);
}
