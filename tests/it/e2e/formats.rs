//! The documents: what the three formats have in common, and what is specific to each.

use feed_rs::model::Entry;

use crate::driver::{Folder, TestServer, article, article_with};

const FORMATS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

fn link(entry: &Entry) -> &str {
    let main = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    &main.unwrap().href
}

#[test]
fn the_three_formats_have_the_same_ids_titles_links_and_dates() {
    let folder = Folder::new();
    for day in 1..=5 {
        let date = format!("2026-01-0{day} 10:00:00 +0800");
        let more = "updated: 2026-02-01 00:00:00 +0000\n";
        folder.write(&format!("文/{day}.md"), article_with(&format!("Day {day} 日"), &date, more));
    }
    let server = folder.serve();
    let [rss, atom, json] = FORMATS.map(|path| server.get(path).ok().feed().entries);
    assert_eq!(rss.len(), 5);
    for other in [atom, json] {
        assert_eq!(rss.len(), other.len());
        for (a, b) in rss.iter().zip(&other) {
            assert_eq!(a.id, b.id);
            assert_eq!(a.title.as_ref().unwrap().content, b.title.as_ref().unwrap().content);
            assert_eq!(link(a), link(b));
            assert_eq!(a.published, b.published);
            assert!(a.published.is_some());
        }
    }
}

#[test]
fn feeds_contain_e_mail_addresses_only_if_the_operator_wants_them() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-02 10:00:00 +0000", "author: Ann <ann@mail.example>\n"));
    folder.write("b.md", article_with("B", "2026-01-02 10:00:00 +0000", "authors: [eve@mail.example, Bob]\n"));
    folder.write("c.md", article("C", "2026-01-02 10:00:00 +0000"));
    let author = "author: {name: Desk, email: desk@mail.example}\n";
    folder.define("site.yaml", author);
    let server = folder.serve();
    let paths = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/feeds.json", "/", "/authors/", "/articles/a/"];
    for path in paths {
        assert!(!server.get(path).ok().text().contains("mail.example"), "{path}");
    }
    let rss = server.get("/rss.xml").ok().text();
    for creator in ["Ann", "eve, Bob", "Desk"] {
        assert!(rss.contains(&format!("<dc:creator>{creator}</dc:creator>")), "{creator}: {rss}");
    }
    folder.define("site.yaml", &format!("{author}feeds: {{emails: true}}\n"));
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().text();
    assert_eq!(rss.matches("mail.example").count(), 1);
    assert!(rss.contains("<managingEditor>desk@mail.example (Desk)</managingEditor>"));
    assert!(server.get("/atom.xml").ok().text().contains("<name>Ann</name><email>ann@mail.example</email>"));
}

#[test]
fn an_article_that_says_only_when_it_was_edited_has_that_date() {
    let folder = Folder::new();
    folder.write("a.md", "---\ntitle: A\nupdated: 2026-01-03 10:00:00 +0000\n---\nx\n");
    folder.write("b.md", article("B", "2026-01-02 10:00:00 +0000"));
    folder.write("old.md", article("Old", "1999-01-02 10:00:00 +0000"));
    folder.write("undated.md", "---\ntitle: Undated\n---\nx\n");
    let server = folder.serve();
    for path in FORMATS {
        let entries = server.get(path).ok().feed().entries;
        let shown: Vec<(&str, String)> = entries
            .iter()
            .map(|entry| (&*entry.title.as_ref().unwrap().content, entry.published.unwrap().date_naive().to_string()))
            .collect();
        let wanted = [("A", "2026-01-03"), ("B", "2026-01-02"), ("Old", "1999-01-02"), ("Undated", "2000-01-01")];
        assert_eq!(shown, wanted.map(|(title, date)| (title, date.to_owned())), "{path}");
    }
}

#[test]
fn every_format_has_its_media_type_with_a_charset() {
    let folder = Folder::new();
    let server = folder.serve();
    let type_of = |server: &TestServer, path| server.get(path).ok().must("content-type").to_ascii_lowercase();
    assert_eq!(type_of(&server, "/rss.xml"), "application/xml; charset=utf-8");
    assert_eq!(type_of(&server, "/atom.xml"), "application/xml; charset=utf-8");
    assert_eq!(type_of(&server, "/feed.json"), "application/feed+json; charset=utf-8");
    folder.define("site.yaml", "media_type: specific\n");
    let server = folder.serve();
    assert_eq!(type_of(&server, "/rss.xml"), "application/rss+xml; charset=utf-8");
    assert_eq!(type_of(&server, "/atom.xml"), "application/atom+xml; charset=utf-8");
}

#[test]
fn the_media_type_does_not_depend_on_the_accept_header() {
    let server = Folder::new().serve();
    let accepts = ["text/html", "*/*;q=0.1", "application/feed+json", "nonsense"];
    for path in FORMATS {
        let plain = server.get(path).ok();
        for accept in accepts {
            let answer = server.get_with(path, &[("Accept", accept)]).ok();
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            assert_eq!(answer.body, plain.body);
        }
    }
}

#[test]
fn an_rss_channel_has_what_readers_need() {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example\ndescription: What happened.\nlanguage: zh-CN\n");
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().xml();
    let channel = rss.one("channel");
    let own = |name: &str| channel.children.iter().filter(|c| c.name == name).collect::<Vec<_>>();
    assert_eq!(own("title")[0].text, "Example");
    assert_eq!(own("description")[0].text, "What happened.");
    assert!(own("language")[0].text.eq_ignore_ascii_case("zh-CN"));
    assert_eq!(own("ttl")[0].text, "30");
    assert_eq!(own("lastBuildDate").len(), 1);
    assert!(own("pubDate").is_empty(), "CommaFeed would discard backdated articles");
    let myself = own("atom:link").into_iter().find(|link| link.attribute("rel") == "self").unwrap();
    assert_eq!(myself.attribute("href"), server.url("/rss.xml"));
    let item = channel.one("item");
    assert_eq!(item.one("guid").attribute("isPermaLink"), "false");
    assert!(item.one("content:encoded").text.contains("Body of it."));
}

#[test]
fn each_document_has_its_own_url() {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [新媒体]\n"));
    let server = folder.serve();
    let place = "/categories/xin-mei-ti";
    let atom = server.get(&format!("{place}/atom.xml")).ok().xml();
    let links = atom.one("feed").children.iter().filter(|child| child.name == "link");
    let own: Vec<_> = links.filter(|link| link.attributes.get("rel").is_some_and(|rel| rel == "self")).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].attribute("href"), server.url(&format!("{place}/atom.xml")));
    let json = server.get(&format!("{place}/feed.json")).ok().json();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["feed_url"], server.url(&format!("{place}/feed.json")));
}

#[test]
fn markdown_is_rendered_and_a_summary_is_kept() {
    let folder = Folder::new();
    let body = "# Head\n\nSome **bold** and [a link](/there).\n";
    folder.write("a.md", format!("---\ntitle: A\ndate: 2026-01-01\nsummary: In short.\n---\n{body}"));
    let server = folder.serve();
    for path in FORMATS {
        let entry = server.get(path).ok().feed().entries.remove(0);
        let content = entry.content.unwrap().body.unwrap();
        assert!(content.contains("<strong>bold</strong>"), "{path}: {content}");
        assert!(!content.contains("href=\"/"), "a relative URL in {path}: {content}");
        assert!(entry.summary.unwrap().content.contains("In short."), "{path}");
    }
}

#[test]
fn a_link_post_names_the_page_that_it_is_about_beside_its_permalink() {
    let folder = Folder::new();
    let keys = ["link", "external_url", "external-url", "externalUrl"];
    for (number, key) in keys.iter().enumerate() {
        let front = format!("{key}: HTTPS://other.example/a?b=1&c=ü\n");
        folder.write(&format!("a{number}.md"), article_with("A", "2026-01-02", &front));
    }
    folder.write("b.md", article_with("B", "2026-01-01", "link: /about/\ncanonical_url: https://first.example/b\n"));
    let server = folder.serve();
    let about = "https://other.example/a?b=1&c=%C3%BC";
    let json: serde_json::Value = serde_json::from_str(&server.get("/feed.json").ok().text()).unwrap();
    for (number, item) in json["items"].as_array().unwrap().iter().enumerate() {
        assert_eq!(item["external_url"].as_str(), (number < keys.len()).then_some(about));
        assert!(item["url"].as_str().unwrap().starts_with(&server.url("/articles/")));
    }
    let atom = server.get("/atom.xml").ok().text();
    assert_eq!(
        atom.matches(&format!("<link href=\"{}\" rel=\"related\"", about.replace('&', "&amp;"))).count(),
        keys.len()
    );
    let page = server.get("/articles/a0/").ok().text();
    assert!(page.find(&about.replace('&', "&amp;")).unwrap() < page.find("class=\"body\"").unwrap(), "{page}");
    assert!(
        server.get("/articles/b/").ok().text().contains("<link rel=\"canonical\" href=\"https://first.example/b\">")
    );
}

#[test]
fn comments_licences_and_contributors_are_in_the_formats_that_can_carry_them() {
    let folder = Folder::new();
    folder.define("site.yaml", "license: CC BY-SA 4.0\ncomments_url: ':url#comments'\n");
    let front = "translator: Ann\neditors: [Bob, {name: Cy, url: 'https://cy.example/'}]\nlicense: CC0-1.0\ncomments_url: talk/?a=1&b\n";
    folder.write("a.md", article_with("A", "2026-01-02", front));
    folder.write("b.md", article_with("B", "2026-01-01", "license: All rights reserved\n"));
    let server = folder.serve();
    let rss = server.get("/rss.xml").ok().text();
    for words in [
        "<creativeCommons:license>https://creativecommons.org/licenses/by-sa/4.0/</creativeCommons:license>",
        "<creativeCommons:license>https://creativecommons.org/publicdomain/zero/1.0/</creativeCommons:license>",
        &format!("<comments>{}</comments>", server.url("/articles/a/talk/?a=1&amp;b")),
        &format!("<comments>{}</comments>", server.url("/articles/b/#comments")),
    ] {
        assert_eq!(rss.matches(words).count(), 1, "{words}\n{rss}");
    }
    assert_eq!(rss.matches("<creativeCommons:license>").count(), 2, "{rss}");
    let atom = server.get("/atom.xml").ok().feed();
    let entry = &atom.entries[0];
    let names: Vec<&str> = entry.contributors.iter().map(|person| person.name.as_deref().unwrap_or_default()).collect();
    assert_eq!(names, ["Ann", "Bob", "Cy"]);
    let rel = |links: &[feed_rs::model::Link], rel: &str| {
        links.iter().find(|link| link.rel.as_deref() == Some(rel)).map(|link| link.href.clone())
    };
    assert_eq!(rel(&entry.links, "replies").unwrap(), server.url("/articles/a/talk/?a=1&b"));
    assert_eq!(rel(&entry.links, "license").unwrap(), "https://creativecommons.org/publicdomain/zero/1.0/");
    assert_eq!(rel(&atom.links, "license").unwrap(), "https://creativecommons.org/licenses/by-sa/4.0/");
    assert!(server.get("/articles/b/").ok().text().contains("All rights reserved"));
    folder.write(
        "b.md",
        article_with("B", "2026-01-01", "license: true\ncomments: false\nextra: {link: 'https://o.example/'}\n"),
    );
    let page = server.eventually("/articles/b/", |page| !page.text().contains("All rights")).text();
    assert!(!page.contains(">true<") && page.contains("href=\"https://o.example/\""), "{page}");
    server.eventually("/rss.xml", |rss| rss.text().matches("<comments>").count() == 1);
    let wrong = folder.run(&["check"]);
    wrong.assert_code(0);
    folder.define("site.yaml", "title: x\ncomments_url: /talk\n");
    assert!(folder.run(&["check"]).out.contains("site.yaml:2:15: `/talk` is not the URL of the comments"));
}
