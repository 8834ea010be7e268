//! The HTML pages, for people who click on a feed link.

use crate::driver::{Answer, Folder, TestServer, article, article_with};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.define("site.yaml", "title: Example News\n");
    folder.define("science.yaml", "title: Science digest\nselect: {tags: [新闻]}\n");
    folder.write(
        "posts/文.md",
        article_with("标题 & more", "2026-01-02", "categories: [新媒体, 趣头条]\ntags: [新闻]\nauthor: Ada\n"),
    );
    folder.write("plain.md", article("Plain", "2026-01-01"));
    folder
}

#[track_caller]
fn page(server: &TestServer, path: &str) -> Answer {
    let answer = server.get(path).ok();
    assert_eq!(answer.must("content-type").to_ascii_lowercase(), "text/html; charset=utf-8", "{path}");
    answer
}

#[test]
fn the_home_page_has_the_site_and_its_feeds() {
    let server = folder().serve();
    let text = page(&server, "/").text();
    for words in ["Example News", "Science digest", "新媒体", "新闻", "Ada", "标题 &amp; more", "Body of it."] {
        assert!(text.contains(words), "no {words} in {text}");
    }
    for address in ["/rss.xml", "/categories/xin-mei-ti/", "/feeds/science/", "/feeds.opml"] {
        assert!(text.contains(address), "no {address} in {text}");
    }
}

#[test]
fn every_kind_of_feed_is_listed_on_a_page() {
    let server = folder().serve();
    let kinds = [
        ("/categories/", "xin-mei-ti/qu-tou-tiao/"),
        ("/tags/", "xin-wen/"),
        ("/authors/", "ada/"),
        ("/feeds/", "science/"),
    ];
    for (path, below) in kinds {
        let text = page(&server, path).text();
        assert!(text.contains(&format!("{path}{below}")), "{path}: {text}");
    }
}

#[test]
fn the_page_of_a_feed_shows_its_entries_and_links_its_documents() {
    let server = folder().serve();
    for place in ["/categories/xin-mei-ti/", "/tags/xin-wen/", "/authors/ada/", "/feeds/science/"] {
        let text = page(&server, place).text();
        assert!(text.contains("标题 &amp; more"), "{place}: {text}");
        // SimplePie supports only RSS and Atom, so they come first.
        let find = |kind: &str| text.find(kind).unwrap_or_else(|| panic!("no {kind} on {place}"));
        assert!(find("application/rss+xml") < find("application/feed+json"), "{place}");
        assert!(find("application/atom+xml") < find("application/feed+json"), "{place}");
        for name in ["rss.xml", "atom.xml", "feed.json"] {
            assert!(text.contains(&server.url(&format!("{place}{name}"))), "no {name} on {place}");
        }
    }
}

#[test]
fn a_page_has_a_link_header_with_its_own_feeds_first() {
    let folder = folder();
    folder.define("science.yaml", "title: Science digest\nselect: {tags: [新闻]}\nformats: [rss, json]\n");
    let server = folder.serve();
    let link =
        |path: &str, kind: &str| format!("<{}>; rel=\"alternate\"; type=\"application/{kind}\"", server.url(path));
    let site = [link("/rss.xml", "rss+xml"), link("/atom.xml", "atom+xml"), link("/feed.json", "feed+json")];
    let own = [link("/feeds/science/rss.xml", "rss+xml"), link("/feeds/science/feed.json", "feed+json")];
    for path in ["/", "/tags/", "/articles/plain/"] {
        assert_eq!(page(&server, path).must("link"), site.join(", "), "{path}");
    }
    assert_eq!(page(&server, "/feeds/science/").must("link"), [&own[..], &site].concat().join(", "));
    // On a feed, this header would override the links in the feed itself (docs/decisions/wire.md#feed-links-in-html-pages).
    assert_eq!(server.get("/rss.xml").ok().header("link"), None);
    assert_eq!(server.get("/nothing/").header("link"), None);
}

#[test]
fn a_date_without_a_zone_is_shown_as_it_was_written() {
    let folder = folder();
    folder.define("site.yaml", "time_zone: Asia/Shanghai\n");
    folder.write("eve.md", article_with("Eve", "2025-11-09", "categories: Eve\nupdated: 2025-11-10\n"));
    let server = folder.serve();
    assert!(page(&server, "/articles/eve/").text().contains("9 November 2025"));
    assert!(page(&server, "/articles/eve/").text().contains("updated 10 November 2025"));
    assert!(page(&server, "/categories/eve/").text().contains("9 November 2025"));
    assert!(page(&server, "/categories/").text().contains("<time datetime=\"2025-11-10\">10 November 2025</time>"));
}

#[test]
fn every_link_of_a_feed_is_a_page() {
    let server = folder().serve();
    let feed = server.get("/feed.json").ok().json();
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["url"], server.url("/articles/posts/%E6%96%87/"));
    assert_eq!(items[1]["url"], server.url("/articles/plain/"));
    for item in items {
        let text = page(&server, &server.path_of(item["url"].as_str().unwrap())).text();
        assert!(text.contains("Body of it."), "{text}");
        assert!(!text.contains("noindex"), "{text}");
    }
}

#[test]
fn an_index_file_is_the_page_of_its_directory() {
    let folder = Folder::new();
    folder.write("trip/index.md", article("Trip", "2026-01-01"));
    folder.write("notes.zh.md", article("Notes", "2026-01-02"));
    let server = folder.serve();
    assert_eq!(server.get("/feed.json").json()["items"][1]["url"], server.url("/articles/trip/"));
    page(&server, "/articles/trip/");
    page(&server, &server.path_of(server.get("/feed.json").json()["items"][0]["url"].as_str().unwrap()));
}

#[test]
fn the_page_of_an_article_links_to_the_article_on_the_web_site() {
    let folder = folder();
    let site = "home: https://news.example.org\narticle_url: ':home/:year/:month/:day/:title/'\n";
    folder.define("site.yaml", site);
    let server = folder.serve();
    let elsewhere = "https://news.example.org/2026/01/01/plain/";
    assert_eq!(server.get("/feed.json").json()["items"][1]["url"], elsewhere);
    let text = page(&server, "/articles/plain/").text();
    assert!(text.contains("rel=\"canonical\"") && text.contains(elsewhere), "{text}");
    assert!(text.contains("noindex"), "{text}");
}

#[test]
fn pages_allow_no_scripts_and_send_no_referrer() {
    let server = folder().serve();
    for path in ["/", "/categories/", "/categories/xin-mei-ti/", "/articles/plain/"] {
        let answer = page(&server, path);
        let policy = answer.must("content-security-policy");
        for rule in ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.must("referrer-policy"), "no-referrer");
        assert_eq!(answer.must("x-content-type-options"), "nosniff");
        assert!(answer.must("cache-control").contains("max-age=60"), "{answer}");
        assert!(!answer.text().contains("<script"), "{path}");
    }
}

#[test]
fn markup_of_authors_is_escaped_on_every_page() {
    let folder = Folder::new();
    let evil = "<img src=x onerror=alert(1)>";
    let more = format!("categories: ['{evil}']\ntags: ['{evil}']\nauthor: '{evil}'\n");
    let body = "<svg onload=alert(2)><a href=\"javascript:alert(3)\">x</a>";
    folder.write("a.md", article_with(evil, "2026-01-01", &more) + body);
    folder.define("site.yaml", &format!("title: '{evil}'\n"));
    let server = folder.serve();
    let list = server.get("/feeds.json").ok().json();
    let feeds = list["feeds"].as_array().unwrap();
    let mut paths: Vec<_> = feeds.iter().map(|feed| server.path_of(feed["page"].as_str().unwrap())).collect();
    paths.extend(["/", "/categories/", "/articles/a/"].map(str::to_owned));
    for path in paths {
        let text = page(&server, &path).text();
        for active in ["<img src=x", "<svg", "javascript:", "onload="] {
            assert!(!text.contains(active), "{active} on {path}: {text}");
        }
    }
}

#[test]
fn the_stylesheet_the_icon_and_robots_txt_exist() {
    let server = folder().serve();
    let css = server.get("/feed.css").ok();
    assert!(css.must("content-type").starts_with("text/css"), "{css}");
    assert!(!css.body.is_empty());
    let icon = server.get("/favicon.ico").ok();
    assert!(icon.must("content-type").starts_with("image/"), "{:?}", icon.headers);
    let robots = server.get("/robots.txt").ok();
    assert!(robots.must("content-type").starts_with("text/plain"), "{robots}");
    assert!(robots.text().to_ascii_lowercase().contains("user-agent: *"), "{robots}");
}

#[test]
fn every_article_has_its_own_page_whatever_the_name_of_its_file() {
    let folder = Folder::new();
    let names = [
        "a.Md",
        "b.MARKDOWN",
        "notes/Index.md",
        "c.html",
        "c.md",
        "c/index.md",
        "c.md.md",
        "C.md",
        "50%.md",
        "q?h#.md",
        "b\\s.md",
        "nl\nx.md",
        "x .md",
        "x..md",
        "%2e%2e.md",
        "d/index.html.md",
        "d.md",
        "'\"<&>.md",
        "😀.md",
    ];
    for name in names {
        folder.write(name, article(&name.replace('\n', " "), "2026-01-01"));
    }
    let server = folder.serve();
    let feed = server.get("/feed.json").ok().json();
    let pages: Vec<(String, String)> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["title"].as_str().unwrap().to_owned(), server.path_of(item["url"].as_str().unwrap())))
        .collect();
    assert_eq!(pages.len(), names.len());
    let different: std::collections::BTreeSet<&String> = pages.iter().map(|(_, path)| path).collect();
    assert_eq!(different.len(), names.len(), "{pages:?}");
    let finished = folder.run(&["build", "--base-url", "https://feeds.example.org", "--out", "out"]);
    assert_eq!(finished.code, Some(0), "{}", finished.err);
    for (title, path) in &pages {
        let shown = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let page = server.get(path).ok();
        assert!(page.text().contains(&shown), "{title} is not at {path}: {page}");
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned();
        assert!(folder.path("out").join(format!("{}index.html", &decoded[1..])).exists(), "{path} was not built");
    }
    let page = |title: &str| &pages.iter().find(|(known, _)| known == title).unwrap().1;
    assert_eq!((page("c.html").as_str(), page("c/index.md").as_str()), ("/articles/c/", "/articles/c/index.md/"));
}

#[test]
fn a_broken_link_loses_its_target_or_links_to_the_home() {
    let folder = Folder::new();
    let links =
        "[1](b.md) [2](/articles/b/) [3](nothing.html) [4](/nothing/) [5](#x) [6](https://x.example/a) ![7](no.png)\n";
    folder.write("a.md", format!("---\ntitle: A\ndate: 2026-01-02\n---\n{links}"));
    folder.write("b.md", article("B", "2026-01-01"));
    let links = |server: &TestServer| {
        let html = server.get("/feed.json").ok().json()["items"][0]["content_html"].as_str().unwrap().to_owned();
        let targets =
            html.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace(&server.url(""), ""));
        (targets.collect::<Vec<_>>(), html.contains("<img"))
    };
    let server = folder.serve();
    let own = ["/articles/b/", "/articles/b/", "/articles/a/#x", "https://x.example/a"].map(str::to_owned).to_vec();
    assert_eq!(links(&server), (own, false));
    folder.define("site.yaml", "home: https://home.example.org/\n");
    let server = folder.serve();
    let (targets, _) = links(&server);
    for target in ["https://home.example.org/nothing.html", "https://home.example.org/nothing/"] {
        assert!(targets.iter().any(|known| known == target), "{targets:?}");
    }
}
