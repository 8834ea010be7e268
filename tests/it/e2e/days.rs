//! Articles whose dates have no time.

use crate::driver::{Folder, TestServer, article, article_with};

/// Returns title and date of each item, newest first.
fn dates(server: &TestServer) -> Vec<(String, String)> {
    let feed = server.get("/feed.json").ok().json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    feed["items"].as_array().unwrap().iter().map(|item| (text(&item["title"]), text(&item["date_published"]))).collect()
}

fn expected(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(title, date)| ((*title).to_owned(), (*date).to_owned())).collect()
}

#[test]
fn articles_of_a_day_without_times_differ_by_a_second_each() {
    let folder = Folder::new();
    folder.define(
        "site.yaml",
        "time_zone: Asia/Shanghai\ndefault_time: '23:30'\nhome: https://news.example.org\n\
         article_url: ':home/:year/:month/:day/:hour:minute:second/:title/'\n",
    );
    folder.write("a.md", article("A", "2026-01-02"));
    folder.write("b.md", article("B", "2026-01-02 00:00"));
    // The day in the name of the file counts, too.
    folder.write("2026-01-02-c.md", "---\ntitle: C\n---\nc\n");
    folder.write("d.md", article("D", "January 2, 2026"));
    folder.write("e.md", article("E", "2026-01-03"));
    // It counts, so that the others do not change when it expires.
    folder.write("aa.md", article_with("Expired", "2026-01-02", "expiryDate: 2026-01-05\n"));
    let server = folder.serve();
    let rows = [
        ("E", "2026-01-03T15:30:00Z"),
        ("D", "2026-01-02T15:30:03Z"),
        ("A", "2026-01-02T15:30:01Z"),
        ("C", "2026-01-02T15:30:00Z"),
        ("B", "2026-01-01T16:00:00Z"),
    ];
    assert_eq!(dates(&server), expected(&rows));
    let feed = server.get("/feed.json").json();
    assert_eq!(feed["items"][1]["url"], "https://news.example.org/2026/01/02/000000/d/");
    assert!(server.get("/articles/d/").ok().text().contains("2 January 2026"));
    server.get("/articles/a/").ok();
}

#[test]
fn an_article_added_to_a_day_moves_those_after_it() {
    let folder = Folder::new();
    for name in ["b", "d", "f"] {
        folder.write(&format!("{name}.md"), article(name, "2026-01-02"));
    }
    let server = folder.serve();
    let before = dates(&server);
    folder.write("c.md", article("c", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["f", "d", "c", "b"]);
    let rows = [
        ("f", "2026-01-02T00:00:03Z"),
        ("d", "2026-01-02T00:00:02Z"),
        ("c", "2026-01-02T00:00:01Z"),
        ("b", "2026-01-02T00:00:00Z"),
    ];
    assert_eq!(dates(&server), expected(&rows));
    assert_eq!(dates(&folder.serve()), expected(&rows));
    // An edit keeps the second.
    folder.write("d.md", article("edited", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["f", "edited", "c", "b"]);
    assert_eq!(dates(&server)[1].1, "2026-01-02T00:00:02Z");
    server.get("/articles/d/").ok();
    folder.write("d.md", article("d", "2026-01-02"));
    folder.remove("c.md");
    server.eventually_shows("/rss.xml", &["f", "d", "b"]);
    assert_eq!(dates(&server), before);
}

#[test]
fn an_old_feed_with_one_date_a_day_has_nothing_unread_in_comparison() {
    let folder = Folder::new();
    for name in ["a", "b", "c"] {
        folder.write(&format!("{name}.md"), article(name, "2026-01-02"));
    }
    folder.define("site.yaml", "base_url: https://feeds.example.org\n");
    let rss = folder.serve().get("/rss.xml").ok().text();
    let old = rss.replace("00:00:01 GMT", "00:00:00 GMT").replace("00:00:02 GMT", "00:00:00 GMT");
    assert_ne!(old, rss);
    folder.put("old.xml", &old);
    let compared = folder.run(&["compare", "old.xml"]);
    compared.assert_code(0);
    // Ids and links of another program: the day is enough to recognise an article.
    folder.put("old.xml", old.replace("urn:uuid:", "urn:old:").replace("/articles/", "/posts/"));
    let compared = folder.run(&["compare", "old.xml", "--format", "json"]);
    compared.assert_code(1);
    let report: serde_json::Value = serde_json::from_str(&compared.out).unwrap();
    assert_eq!((report["removed"].as_array().unwrap().len(), report["changed"].as_array().unwrap().len()), (0, 3));
}

#[test]
fn a_default_time_that_is_not_a_time_is_an_error() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-02"));
    folder.define("site.yaml", "title: T\ndefault_time: noon\n");
    let check = folder.run(&["check"]);
    check.assert_code(1);
    check.assert_says("feeds/site.yaml:2:15: `noon` is not a time of day");
}
