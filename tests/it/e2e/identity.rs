//! Identity: every change of an article keeps its id, except a move.

use uuid::Uuid;

use crate::driver::{Folder, TestServer, article, article_with};

const FORMATS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

/// The id of the article at a path, as the documentation defines it.
fn id_of(site: &str, place: &str) -> String {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("feedmill:{site}").as_bytes());
    format!("urn:uuid:{}", Uuid::new_v5(&namespace, place.as_bytes()))
}

#[track_caller]
fn ids(server: &TestServer, path: &str) -> Vec<String> {
    server.get(path).ok().feed().entries.into_iter().map(|entry| entry.id).collect()
}

#[test]
fn the_id_is_made_of_the_path_in_every_format_and_feed() {
    let folder = Folder::new();
    folder.write("posts/文.md", article_with("A", "2026-01-01", "categories: [x]\ntags: [y]\n"));
    let server = folder.serve();
    for place in ["", "/categories/x", "/tags/y"] {
        for format in FORMATS {
            let path = format!("{place}{format}");
            assert_eq!(ids(&server, &path), [id_of("", "posts/文.md")], "{path}");
        }
    }
}

#[test]
fn a_name_in_another_normal_form_is_the_same_path() {
    let folder = Folder::new();
    folder.write("cafe\u{301}.md", article("A", "2026-01-01"));
    assert_eq!(ids(&folder.serve(), "/rss.xml"), [id_of("", "caf\u{e9}.md")]);
}

#[test]
fn two_sites_with_different_site_ids_share_no_id() {
    let folder = Folder::new();
    folder.define("site.yaml", "site_id: second\n");
    folder.write("a.md", article("A", "2026-01-01"));
    assert_eq!(ids(&folder.serve(), "/rss.xml"), [id_of("second", "a.md")]);
}

#[test]
fn no_other_setting_changes_the_id() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let before = ids(&folder.serve(), "/atom.xml");
    folder.define(
        "site.yaml",
        "title: Other\nhome: https://home.example.org\nlanguage: zh\ntime_zone: Asia/Tokyo\n\
         article_url: ':home/:title/'\nmedia_type: specific\nfeeds: {limit: 7}\n",
    );
    folder.write("a.md", article_with("Another title", "2025-05-05", "categories: [new]\n"));
    let server = folder.serve_with(&["--base-url", "https://moved.example.org/path"]);
    assert_eq!(ids(&server, "/path/atom.xml"), before);
    assert_eq!(ids(&server, "/path/categories/new/rss.xml"), before);
}

#[test]
fn a_uri_as_id_is_used_unchanged() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-03", "id: https://old.example.org/?p=17\n"));
    folder.write("b.md", article_with("B", "2026-01-02", "guid: tag:example.org,2020:b\n"));
    folder.write("c.md", article_with("C", "2026-01-01", "uuid: old/place.md\n"));
    let server = folder.serve();
    let wanted = ["https://old.example.org/?p=17", "tag:example.org,2020:b", &id_of("", "old/place.md")];
    for path in FORMATS {
        assert_eq!(ids(&server, path), wanted, "{path}");
    }
}

#[test]
fn a_uri_that_feeds_cannot_contain_is_hashed() {
    let folder = Folder::new();
    for (day, id) in [(3, "HTTP://Old.example.org/a/../b"), (2, "tag:Example.org,2020:b"), (1, "urn:uuid:none")] {
        folder.write(&format!("{day}.md"), article_with("A", &format!("2026-01-0{day}"), &format!("id: '{id}'\n")));
    }
    let server = folder.serve();
    let wanted = ["HTTP://Old.example.org/a/../b", "tag:Example.org,2020:b", "urn:uuid:none"].map(|id| id_of("", id));
    for path in FORMATS {
        assert_eq!(ids(&server, path), wanted, "{path}");
    }
}

#[test]
fn a_moved_article_keeps_its_id_by_naming_its_old_path() {
    let folder = Folder::new();
    folder.write("old/place.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let before = ids(&server, "/rss.xml");
    folder.remove("old/place.md");
    folder.write("new/home.md", article_with("A moved", "2026-01-01", "id: old/place.md\n"));
    server.eventually_shows("/rss.xml", &["A moved"]);
    assert_eq!(ids(&server, "/rss.xml"), before);
    folder.rename("new/home.md", "third/home.md");
    let third = server.url("/articles/third/home/");
    server.eventually("/feed.json", |answer| answer.text().contains(&third));
    assert_eq!(ids(&server, "/rss.xml"), before);
}

#[test]
fn a_moved_article_without_an_id_is_a_new_one() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    assert_eq!(ids(&server, "/rss.xml"), [id_of("", "a.md")]);
    folder.rename("a.md", "b.md");
    let moved = id_of("", "b.md");
    server.eventually("/rss.xml", |answer| answer.text().contains(&moved));
    assert_eq!(ids(&server, "/rss.xml"), [moved]);
}

#[test]
fn an_edit_keeps_the_id_and_the_date_of_publication() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let before = server.get("/atom.xml").ok().feed().entries.remove(0);
    folder.write("a.md", article_with("Edited", "2026-01-01", "updated: 2026-03-01\n"));
    server.eventually_shows("/atom.xml", &["Edited"]);
    let after = server.get("/atom.xml").ok().feed().entries.remove(0);
    assert_eq!(after.id, before.id);
    assert_eq!(after.published, before.published);
    assert!(after.updated > before.updated);
}

#[test]
fn ids_can_be_tag_uris_with_the_uuid() {
    let folder = Folder::new();
    folder.define("site.yaml", "ids: tag:example.org,2021\n");
    folder.write("a.md", article("A", "2026-01-01"));
    let uuid = id_of("", "a.md").replace("urn:uuid:", "");
    let server = folder.serve();
    for path in FORMATS {
        assert_eq!(ids(&server, path), [format!("tag:example.org,2021:{uuid}")]);
    }
}

#[test]
fn the_id_of_a_feed_survives_changes_of_its_path_and_title() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    let id = |server: &TestServer, path| server.get(path).ok().feed().id;
    let server = folder.serve();
    let (site, category) = (id(&server, "/atom.xml"), id(&server, "/categories/x/atom.xml"));
    assert!(site.starts_with("urn:uuid:"), "{site}");
    assert_ne!(site, category);
    folder.define("site.yaml", "title: Other\n");
    let server = folder.serve_with(&["--base-url", "https://moved.example.org"]);
    assert_eq!(id(&server, "/atom.xml"), site);
    assert_eq!(id(&server, "/categories/x/atom.xml"), category);
}

#[test]
fn a_claim_does_not_take_the_id_of_an_existing_file() {
    let folder = Folder::new();
    folder.write("m.md", article("M", "2026-01-02"));
    folder.write("n.md", article_with("N", "2020-01-01", "id: m.md\n"));
    folder.write("o.md", article_with("O", "2019-01-01", &format!("id: {}\n", id_of("", "m.md"))));
    let capitals = id_of("", "n.md").replace("urn:uuid:", "").to_uppercase();
    folder.write("p.md", article_with("P", "2018-01-01", &format!("id: urn:uuid:{capitals}\n")));
    let server = folder.serve();
    for path in FORMATS {
        assert_eq!(ids(&server, path), ["m.md", "n.md", "o.md", "p.md"].map(|place| id_of("", place)), "{path}");
    }
    let checked = folder.run(&["check"]);
    assert!(checked.out.contains("the id `m.md` belongs to m.md"), "{}", checked.out);
}

#[test]
fn files_that_are_not_published_own_the_ids_of_their_paths() {
    let folder = Folder::new();
    folder.write("draft.md", article_with("D", "2026-01-01", "draft: true\n"));
    folder.write("held.md", article("H", "2099-01-01"));
    folder.write("expired.md", article_with("E", "2026-01-01", "expires: 2026-01-02\n"));
    folder.write("broken.md", "---\nauthor: [\ndate: 'open\n---\n");
    let names = ["draft", "held", "expired", "broken"];
    for (day, name) in names.iter().enumerate() {
        folder.write(
            &format!("to-{name}.md"),
            article_with("T", &format!("2026-02-0{}", 9 - day), &format!("id: {name}.md\n")),
        );
        let uri = id_of("", &format!("{name}.md"));
        folder.write(
            &format!("uri-{name}.md"),
            article_with("U", &format!("2026-01-2{}", 9 - day), &format!("id: {uri}\n")),
        );
    }
    let own = |prefix: &str| names.map(|name| id_of("", &format!("{prefix}-{name}.md")));
    let server = folder.serve();
    assert_eq!(ids(&server, "/feed.json"), [own("to"), own("uri")].concat());
    // When the file is gone, the first claim gets the id.
    folder.remove("draft.md");
    let mut wanted = [own("to"), own("uri")].concat();
    wanted[0] = id_of("", "draft.md");
    let taken = wanted[0].clone();
    server.eventually("/feed.json", |answer| answer.text().contains(&taken));
    assert_eq!(ids(&server, "/feed.json"), wanted);
    folder.write("draft.md", article_with("D", "2026-01-01", "draft: true\n"));
    server.eventually("/feed.json", |answer| !answer.text().contains(&taken));
    assert_eq!(ids(&server, "/feed.json"), [own("to"), own("uri")].concat());
}

#[test]
fn the_first_claim_by_path_gets_the_id_whatever_the_dates() {
    let folder = Folder::new();
    let uri = "id: https://old.example.org/?p=17\n";
    folder.write("b.md", article_with("B", "2001-01-01", uri));
    folder.write("a.md", article_with("A", "2026-01-01", uri));
    let server = folder.serve();
    assert_eq!(ids(&server, "/atom.xml"), ["https://old.example.org/?p=17", &id_of("", "b.md")]);
    folder.remove("a.md");
    server.eventually_shows("/atom.xml", &["B"]);
    assert_eq!(ids(&server, "/atom.xml"), ["https://old.example.org/?p=17"]);
}

#[test]
fn permalinks_as_ids_cannot_be_taken() {
    let folder = Folder::new();
    folder.define("site.yaml", "ids: permalink\nbase_url: https://f.example.org\narticle_url: ':base/:name/'\n");
    folder.write("b.md", article_with("B", "2026-01-02", "id: https://f.example.org/c/\n"));
    folder.write("c.md", article("C", "2026-01-01"));
    folder.write("x/c.md", article("XC", "2001-01-01"));
    let server = folder.serve();
    let found = ids(&server, "/feed.json");
    assert_eq!(found[0], "https://f.example.org/b/");
    assert_eq!(found[1], "https://f.example.org/c/");
    assert_eq!(found[2], id_of("", "x/c.md"));
}
