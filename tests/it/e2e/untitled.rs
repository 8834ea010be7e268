//! Articles without a title, and what else of their meaning feeds carry: the schemes of categories, complete feeds.

use crate::driver::{Element, Folder, article, article_with, png};

fn children<'a>(parent: &'a Element, name: &str) -> Vec<&'a Element> {
    parent.children.iter().filter(|child| child.name == name).collect()
}

#[test]
fn an_untitled_note_has_no_title_in_rss_and_json_and_its_first_words_elsewhere() {
    let folder = Folder::new();
    folder.write("note.md", "---\ntitle: \"\"\ndate: 2026-01-02\n---\nIt rains & rains.\n");
    folder.write("pic.png", png(3, 3));
    folder.write("20260101.md", "---\ndate: 2026-01-01\n---\n![](pic.png)\n");
    folder.write("link.md", article("Link", "2025-01-01"));
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().xml();
    let items = rss.all("item");
    assert!(children(items[0], "title").is_empty() && children(items[1], "title").is_empty());
    assert_eq!(items[0].one("description").text, "It rains &amp; rains.");
    assert_eq!(items[1].one("description").text, "20260101", "RSS requires a title or a description");
    let json = server.get("/feed.json").ok().json();
    assert_eq!((json["items"][0].get("title"), json["items"][1].get("title")), (None, None));
    assert_eq!(json["items"][2]["title"], "Link");
    let atom = server.get("/atom.xml").ok().xml();
    let titles: Vec<&str> = atom.all("entry").iter().map(|entry| &*children(entry, "title")[0].text).collect();
    assert_eq!(titles, ["It rains & rains.", "20260101", "Link"]);
    assert!(server.get("/articles/note/").ok().text().contains("<h1 dir=\"auto\">It rains &amp; rains.</h1>"));
}

#[test]
fn a_title_that_cannot_be_seen_and_a_file_name_of_digits_are_none() {
    let folder = Folder::new();
    for (name, front, title) in [
        ("a", "title: ''\n", ""),
        ("named", "title:\n", "named"),
        ("b", "title: \"\\u200b \\uFEFF\"\n", ""),
        ("c", "title: '<span hidden>x</span>'\n", ""),
        ("2026-01-05-13", "", ""),
        ("1200", "", ""),
        ("1984-a", "", "1984-a"),
        ("1201", "title: 1201\n", "1201"),
        ("1202", "subject: Mail\n", "Mail"),
    ] {
        folder.write(&format!("{name}.md"), format!("---\n{front}date: 2026-01-05\n---\nText of {title}.\n"));
        let json = folder.serve().get("/feed.json").ok().json();
        assert_eq!(json["items"][0]["title"].as_str().unwrap_or_default(), title, "{name}: {front}");
        folder.remove(&format!("{name}.md"));
    }
    folder.write("1203.md", "---\ndate: 2026-01-05\n---\n# A heading\n\nText.\n");
    assert_eq!(folder.serve().get("/feed.json").ok().json()["items"][0]["title"], "A heading");
}

#[test]
fn a_category_has_its_slugs_name_and_the_url_of_its_kind() {
    let folder = Folder::new();
    let more = "categories: [[新媒体, 'R&copy; </b>']]\ntags: [C++]\n";
    folder.write("a.md", article_with("A", "2026-01-02", more));
    let server = folder.serve();
    let (categories, tags) = (server.url("/categories/"), server.url("/tags/"));
    let atom = server.get("/atom.xml").ok().xml();
    let written: Vec<_> =
        atom.all("category").iter().map(|one| ["term", "scheme", "label"].map(|name| one.attribute(name))).collect();
    let name = "新媒体/R&copy; </b >";
    assert_eq!(written, [["xin-mei-ti/r-copy-b", &categories, name], ["c", &tags, "C++"]]);
    server.get(&format!("/categories/{}/", written[0][0])).ok();
    let rss = server.get("/rss.xml").ok().xml();
    let written: Vec<_> = rss.all("category").iter().map(|one| (one.attribute("domain"), &*one.text)).collect();
    assert_eq!(written, [(&*categories, name), (&*tags, "C++")]);
    assert_eq!(server.get("/feed.json").json()["items"][0]["tags"], serde_json::json!(["新媒体/R&copy; </b>", "C++"]));
}

#[test]
fn a_document_with_every_article_of_its_feed_says_so() {
    let folder = Folder::new();
    for number in 1..=4 {
        folder.write(&format!("{number}.md"), article_with("A", "2026-01-02", &format!("tags: [t{}]\n", number % 2)));
    }
    folder.define("site.yaml", "feeds: {limit: 3}\n");
    folder.define("short.yaml", "title: Short\nselect: {tags: [t1]}\nmax_bytes: 1\n");
    let server = folder.serve();
    for (path, marks) in
        [("/rss.xml", 0), ("/tags/t1/rss.xml", 1), ("/tags/t1/atom.xml", 1), ("/feeds/short/rss.xml", 0)]
    {
        assert_eq!(server.get(path).ok().xml().all("fh:complete").len(), marks, "{path}");
    }
}
