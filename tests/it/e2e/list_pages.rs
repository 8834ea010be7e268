//! The pages of lists: `…/page/N/` below the start page, below every feed, and below the lists of all feeds.

use std::collections::BTreeSet;

use crate::driver::{Folder, TestServer, article_with};

/// A site with this many articles, newest first by number, in one category.
fn folder(articles: usize) -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example News\n");
    for n in 0..articles {
        folder.write(&format!("{n:03}.md"), numbered(n));
    }
    folder
}

fn numbered(n: usize) -> String {
    let more = format!("categories: [新媒体, Below]\ntags: [t]\nauthor: Ada\nupdated: 2026-02-{:02}\n", 1 + n % 28);
    article_with(&format!("Number {n}"), &format!("2025-{:02}-{:02}", 12 - n / 28, 28 - n % 28), &more)
}

/// The articles that a page links to, and the next page.
fn links(text: &str) -> (Vec<String>, Option<String>) {
    let of = |part: &str| part.split('"').next().unwrap().to_owned();
    let main = &text[text.find("<main").unwrap()..];
    let articles = main.split("<a href=\"/articles/").skip(1).map(of).collect();
    let next = text.split_once("<link rel=\"next\" href=\"").map(|(_, rest)| of(rest));
    (articles, next)
}

/// Follows the links to the next page, and returns the articles of each page.
fn walk(server: &TestServer, first: &str) -> Vec<Vec<String>> {
    let (mut pages, mut at) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = at {
        let (articles, next) = links(&server.get(&path).ok().text());
        pages.push(articles);
        at = next;
    }
    pages
}

#[test]
fn every_article_is_on_one_page_of_each_of_its_lists() {
    let folder = folder(65);
    let server = folder.serve();
    let lists = ["/", "/categories/xin-mei-ti/", "/categories/xin-mei-ti/below/", "/tags/t/", "/authors/ada/"];
    for list in lists {
        let pages = walk(&server, list);
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 5], "{list}");
        let all: Vec<String> = pages.concat();
        assert_eq!(all, (0..65).map(|n| format!("{n:03}/")).collect::<Vec<_>>(), "{list}");
        server.get(&format!("{list}page/4/")).assert_status(404);
        server.get(&format!("{list}page/0/")).assert_status(404);
        server.get(&format!("{list}page/02/")).assert_status(404);
    }
}

#[test]
fn articles_beyond_the_limit_of_a_feed_are_on_its_first_page() {
    let folder = folder(40);
    folder.define("site.yaml", "title: Example News\nfeeds: {limit: 5}\n");
    let server = folder.serve();
    for list in ["/", "/tags/t/"] {
        assert_eq!(walk(&server, list).iter().map(Vec::len).collect::<Vec<_>>(), [30, 10], "{list}");
    }
    // The feed does not show this article, but its page does.
    let title = numbered(20).replace("Number 20", "Another title");
    folder.write("020.md", title);
    server.eventually("/tags/t/", |page| page.text().contains("Another title"));
    assert!(server.get("/").ok().text().contains("Another title"));
}

#[test]
fn a_page_has_a_canonical_url_validators_and_its_neighbours() {
    let server = folder(65).serve();
    let page = server.get("/tags/t/page/2/").ok();
    let text = page.text();
    for part in [
        format!("<link rel=\"canonical\" href=\"{}\">", server.url("/tags/t/page/2/")),
        "<link rel=\"prev\" href=\"/tags/t/\"><link rel=\"next\" href=\"/tags/t/page/3/\">".to_owned(),
        "<title>#t · Example News · Page 2 of 3</title>".to_owned(),
        "id=\"page-subscribe\"".to_owned(),
    ] {
        assert!(text.contains(&part), "no {part} in {text}");
    }
    assert_eq!(page.must("link"), server.get("/tags/t/").ok().must("link"));
    assert!(page.must("cache-control").contains("max-age=60"), "{page}");
    for (asked, validator) in [("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")] {
        let again = server.get_with("/tags/t/page/2/", &[(asked, page.must(validator))]);
        again.assert_status(304);
    }
}

#[test]
fn the_link_header_of_a_page_has_each_feed_once() {
    let server = folder(65).serve();
    for (path, feeds) in [("/", 3), ("/page/2/", 3), ("/tags/t/", 6), ("/tags/t/page/2/", 6), ("/tags/", 3)] {
        let page = server.get(path).ok();
        let links: Vec<_> = page.must("link").split(", ").collect();
        let distinct: std::collections::HashSet<_> = links.iter().collect();
        assert_eq!((links.len(), distinct.len()), (feeds, feeds), "{path}: {links:?}");
        assert_eq!(page.text().matches("rel=\"alternate\"").count(), feeds, "{path}");
    }
}

#[test]
fn other_urls_of_a_page_lead_to_it_in_one_hop() {
    let server = folder(65).serve();
    for (from, to) in [
        ("/page/1/", "/"),
        ("/page/2", "/page/2/"),
        ("/page/2/index.html", "/page/2/"),
        ("/categories/xin-mei-ti/page/1/", "/categories/xin-mei-ti/"),
        ("/categories/%E6%96%B0%E5%AA%92%E4%BD%93/page/2/", "/categories/xin-mei-ti/page/2/"),
        ("/categories/%E6%96%B0%E5%AA%92%E4%BD%93/page/1", "/categories/xin-mei-ti/"),
        ("/categories/page/1/", "/categories/"),
    ] {
        server.get(from).assert_moved_to(&server.url(to));
    }
    server.get("/categories/%E6%96%B0%E5%AA%92%E4%BD%93/page/9/").assert_status(404);
}

#[test]
fn a_category_called_page_has_its_long_slug() {
    let folder = folder(31);
    folder.write("page.md", article_with("Page", "2026-01-01", "categories: [[Page, '2']]\n"));
    let server = folder.serve();
    let feeds = server.get("/feeds.json").ok().json();
    let pages: Vec<&str> =
        feeds["feeds"].as_array().unwrap().iter().map(|feed| feed["page"].as_str().unwrap()).collect();
    let page = pages.iter().find(|page| page.contains("/categories/page-")).unwrap();
    server.get(&server.path_of(page)).ok();
    assert_eq!(server.get("/categories/page/2/").must("location"), format!("{page}2/"));
}

#[test]
fn a_long_list_of_feeds_has_pages_with_an_index() {
    let folder = Folder::new();
    for n in 0..115 {
        let more = format!("tags: [first {n}, second {n}]\ncategories: [[Top {}, Child {n}]]\n", n / 40);
        folder.write(&format!("{n}.md"), article_with("T", "2026-01-01", &more));
    }
    let server = folder.serve();
    for (list, pages) in [("/tags/", 3), ("/categories/", 2)] {
        let mut feeds = BTreeSet::new();
        for number in 1..=pages {
            let path = if number == 1 { list.to_owned() } else { format!("{list}page/{number}/") };
            let text = server.get(&path).ok().text();
            // All tags begin with two letters, all categories with one name of three.
            let index = text.split_once("<ol class=\"index\">").unwrap().1.split_once("</ol>").unwrap().0;
            assert_eq!(index.matches("<li>").count(), if list == "/tags/" { 2 } else { 3 }, "{index}");
            let rows = text.split("<p><a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
            feeds.extend(rows.filter(|path| path.starts_with(list)));
        }
        assert_eq!(feeds.len(), if list == "/tags/" { 230 } else { 118 }, "{list}");
        server.get(&format!("{list}page/{}/", pages + 1)).assert_status(404);
    }
}

#[test]
fn build_writes_the_pages_that_serve_sends() {
    let folder = folder(65);
    let server = folder.serve_with(&["--base-url", "https://feeds.example.org"]);
    let finished = folder.run(&["build", "--base-url", "https://feeds.example.org", "--out", "out"]);
    assert_eq!(finished.code, Some(0), "{}", finished.err);
    for path in
        ["", "page/2/", "page/3/", "tags/t/page/2/", "categories/xin-mei-ti/below/page/3/", "authors/ada/page/2/"]
    {
        let built = std::fs::read(folder.path("out").join(path).join("index.html")).unwrap();
        assert_eq!(built, server.get(&format!("/{path}")).ok().body, "{path}");
    }
    assert!(!folder.path("out/page/4").exists() && !folder.path("out/page/1").exists());
}

#[test]
fn pages_work_on_any_host_before_the_public_url_does() {
    let folder = folder(1);
    folder.write("images/a.png", include_bytes!("../../../content/images/two-hours.png"));
    let body = "![picture](/images/a.png)\n\n[home](/) [number](000.md)\n";
    folder
        .write("pictured.md", article_with("Pictured", "2026-01-01", "categories: [c]\ncover: /images/a.png\n") + body);
    let server = folder.serve_with(&["--base-url", "https://feeds.example.org"]);
    for path in ["/", "/articles/pictured/", "/categories/c/", "/categories/"] {
        let text = server.get(path).ok().text();
        let main = &text[text.find("<body").unwrap()..];
        for attribute in ["src=\"", "href=\""] {
            for (at, _) in main.match_indices(attribute) {
                let url = main[at + attribute.len()..].split('"').next().unwrap();
                assert!(!url.starts_with("https://feeds.example.org"), "{path}: {url}");
            }
        }
    }
    assert!(server.get("/feed.json").text().contains("https://feeds.example.org/media/"));
}
