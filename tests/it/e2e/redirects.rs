//! Permanent redirects from old or inexact paths to the right one, each in one hop.

use sha2::{Digest, Sha256};

use crate::driver::{Folder, TestServer, article_with};

fn serve_with(site: &str) -> TestServer {
    let folder = Folder::new();
    folder.define("site.yaml", site);
    folder.write(
        "posts/a.md",
        article_with("A", "2026-01-01", "categories: [新媒体, Café]\ntags: [新闻]\nauthor: 李白\n"),
    );
    folder.serve()
}

fn serve() -> TestServer {
    serve_with("")
}

/// Follows one redirect, and asserts that its target does not redirect again.
#[track_caller]
fn assert_redirects(server: &TestServer, from: &str, to: &str) {
    server.get(from).assert_moved_to(&server.url(to));
    server.get(to).assert_status(200);
}

#[test]
fn a_missing_slash_is_added() {
    let server = serve();
    for path in [
        "/categories",
        "/categories/xin-mei-ti",
        "/categories/xin-mei-ti/cafe",
        "/tags/xin-wen",
        "/authors/li-bai",
        "/articles/posts/a",
        "/feeds",
        "/tags",
        "/authors",
    ] {
        assert_redirects(&server, path, &format!("{path}/"));
    }
}

#[test]
fn index_html_redirects_to_its_directory() {
    let server = serve();
    for path in ["/", "/categories/", "/categories/xin-mei-ti/", "/articles/posts/a/"] {
        assert_redirects(&server, &format!("{path}index.html"), path);
    }
}

#[test]
fn the_unicode_name_redirects_to_the_slug_in_any_case_and_normal_form() {
    let server = serve();
    let names = [
        "/categories/%E6%96%B0%E5%AA%92%E4%BD%93",
        "/categories/%e6%96%b0%e5%aa%92%e4%bd%93",
        // Percent-encoded twice.
        "/categories/%25E6%2596%25B0%25E5%25AA%2592%25E4%25BD%2593",
    ];
    for name in names {
        for rest in ["/", "/rss.xml", "/atom.xml", "/feed.json"] {
            assert_redirects(&server, &format!("{name}{rest}"), &format!("/categories/xin-mei-ti{rest}"));
        }
    }
    for name in ["Caf%C3%A9", "caf%c3%a9", "Cafe%CC%81"] {
        let from = format!("/categories/xin-mei-ti/{name}/rss.xml");
        assert_redirects(&server, &from, "/categories/xin-mei-ti/cafe/rss.xml");
    }
    assert_redirects(&server, "/tags/%E6%96%B0%E9%97%BB/rss.xml", "/tags/xin-wen/rss.xml");
    assert_redirects(&server, "/authors/%E6%9D%8E%E7%99%BD/", "/authors/li-bai/");
}

#[test]
fn unicode_names_in_a_path_and_a_missing_slash_redirect_in_one_hop() {
    let server = serve();
    let from = "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/Caf%C3%A9";
    assert_redirects(&server, from, "/categories/xin-mei-ti/cafe/");
}

#[test]
fn the_long_slug_redirects_to_the_short_one() {
    let server = serve();
    let digest = Sha256::digest("新媒体".as_bytes());
    let long = format!("xin-mei-ti-{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2]);
    assert_redirects(&server, &format!("/categories/{long}/rss.xml"), "/categories/xin-mei-ti/rss.xml");
    assert_redirects(&server, &format!("/categories/{long}/cafe/"), "/categories/xin-mei-ti/cafe/");
}

#[test]
fn both_long_slugs_of_a_name_with_a_configured_slug_redirect() {
    let folder = Folder::new();
    folder.define("news.yaml", "category: 新媒体\nslug: news\n");
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [新媒体, 子]\n"));
    let digest = Sha256::digest("新媒体".as_bytes());
    let hash = format!("{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2]);
    folder.run(&["build", "--base-url", "https://f.example"]).assert_code(0);
    let redirects = std::fs::read_to_string(folder.path("dist/_redirects")).unwrap();
    let server = folder.serve();
    for from in [format!("news-{hash}"), format!("xin-mei-ti-{hash}"), "xin-mei-ti".to_owned()] {
        assert_redirects(&server, &format!("/categories/{from}/rss.xml"), "/categories/news/rss.xml");
        assert_redirects(&server, &format!("/categories/{from}/zi/"), "/categories/news/zi/");
        assert!(redirects.contains(&format!("/categories/{from}/ https://f.example/categories/news/ 301\n")), "{from}");
    }
}

#[test]
fn a_name_read_by_words_redirects_from_its_slug_by_characters() {
    let folder = Folder::new();
    let metadata = "categories: [重庆, 行业]\ntags: [音乐]\nauthor: 曾小明\n";
    folder.write("a.md", article_with("A", "2026-01-01", metadata));
    let moved = [
        ("categories/zhong-qing/", "categories/chong-qing/"),
        ("categories/zhong-qing/xing-ye/", "categories/chong-qing/hang-ye/"),
        ("categories/zhong-qing/hang-ye/", "categories/chong-qing/hang-ye/"),
        ("tags/yin-le/", "tags/yin-yue/"),
        ("authors/ceng-xiao-ming/", "authors/zeng-xiao-ming/"),
    ];
    folder.run(&["build", "--base-url", "https://f.example"]).assert_code(0);
    let redirects = std::fs::read_to_string(folder.path("dist/_redirects")).unwrap();
    let server = folder.serve();
    for (from, to) in moved {
        for file in ["", "rss.xml", "atom.xml", "feed.json"] {
            assert_redirects(&server, &format!("/{from}{file}"), &format!("/{to}{file}"));
            let line = format!("/{from}{file} https://f.example/{to}{file} 301\n");
            assert!(redirects.contains(&line), "{line}{redirects}");
        }
    }
}

#[test]
fn a_published_slug_is_not_taken_by_a_name_that_is_read_so_now() {
    let folder = Folder::new();
    // 崇庆 was /chong-qing/, and 重庆 was /zhong-qing/.
    let categories = [("重庆", "2026-01-01"), ("中青", "2026-01-02"), ("崇庆", "2026-01-03")];
    for (index, (name, date)) in categories.into_iter().enumerate() {
        folder.write(&format!("{index}.md"), article_with(name, date, &format!("categories: [{name}]\n")));
    }
    let server = folder.serve();
    let long = |name: &str, slug: &str| {
        let digest = Sha256::digest(name.as_bytes());
        format!("/categories/{slug}-{:02x}{:02x}{:02x}/rss.xml", digest[0], digest[1], digest[2])
    };
    assert_eq!(server.titles("/categories/chong-qing/rss.xml"), ["崇庆"]);
    assert_eq!(server.titles(&long("中青", "zhong-qing")), ["中青"]);
    assert_redirects(&server, "/categories/zhong-qing/rss.xml", &long("重庆", "chong-qing"));
    assert_redirects(&server, &long("重庆", "zhong-qing"), &long("重庆", "chong-qing"));
    let checked = folder.run(&["check"]);
    assert!(
        checked.out.contains("`中青` would have `zhong-qing`, a former slug of the category `重庆`"),
        "{}",
        checked.out
    );
}

#[test]
fn site_yaml_redirects_urls_of_an_old_generator() {
    let server = serve_with("redirects: {/old.xml: /rss.xml, /blog/feed/: /categories/}\n");
    assert_redirects(&server, "/old.xml", "/rss.xml");
    assert_redirects(&server, "/blog/feed/xin-mei-ti/rss.xml", "/categories/xin-mei-ti/rss.xml");
    assert_redirects(&server, "/blog/feed/", "/categories/");
}

#[test]
fn chained_redirects_take_one_hop() {
    let server =
        serve_with("redirects: {/first.xml: /second.xml, /second.xml: /rss.xml, /third.xml: /categories/xin-mei-ti}\n");
    assert_redirects(&server, "/first.xml", "/rss.xml");
    assert_redirects(&server, "/third.xml", "/categories/xin-mei-ti/");
}

#[test]
fn a_redirect_is_cached_for_a_day_and_its_location_is_ascii() {
    let server = serve_with("redirects: {/old.xml: /rss.xml}\n");
    for path in ["/old.xml", "/categories/xin-mei-ti"] {
        let answer = server.get(path);
        answer.assert_status(301);
        assert!(answer.must("cache-control").contains("max-age=86400"), "{answer}");
        assert!(answer.must("location").bytes().all(|byte| (0x21..0x7f).contains(&byte)));
    }
}

#[test]
fn an_unknown_path_is_not_found_however_it_is_spelled() {
    let server = serve();
    let paths = [
        "/categories/%FF/rss.xml",
        "/categories/%E6%96/rss.xml",
        // Overlong UTF-8 encodings of `/` and `.`.
        "/categories/%C0%AF/rss.xml",
        "/%C0%AE%C0%AE/etc/passwd",
        "/media/%E0%80%AFetc",
        "/categories/xin-mei-ti%00/rss.xml",
        "/%00",
        "/..%2f..%2fetc%2fpasswd",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/..%5c..%5cetc%5cpasswd",
        "/media/..\\..\\etc",
        "/articles/..%2f..%2f..%2fetc%2fpasswd/",
        "/articles/posts/a.md",
        "/categories/../../etc/passwd",
        "/%25%32%35",
        // Encoded twice with an unknown name, and encoded three times.
        "/categories/%25E6%2596%25B0/rss.xml",
        "/categories/%2525E6%252596%2525B0%2525E5%2525AA%252592%2525E4%2525BD%252593/rss.xml",
        "/%",
        "/%zz",
        "/categories/%",
    ];
    for path in paths {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}: {answer}");
        assert!(answer.body.len() < 4096, "{path}");
    }
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

#[test]
fn the_path_of_the_base_url_is_part_of_every_redirect() {
    let folder = Folder::new();
    folder.define("site.yaml", "redirects: {/old.xml: /rss.xml}\n");
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [新媒体]\n"));
    let server = folder.serve_with(&["--base-url", "https://example.org/news"]);
    for (from, to) in [
        ("/news", "/news/"),
        ("/news/index.html", "/news/"),
        ("/news/old.xml", "/news/rss.xml"),
        ("/news/categories/xin-mei-ti", "/news/categories/xin-mei-ti/"),
        ("/news/categories/%E6%96%B0%E5%AA%92%E4%BD%93/rss.xml", "/news/categories/xin-mei-ti/rss.xml"),
        ("/news/articles/a", "/news/articles/a/"),
    ] {
        server.get(from).assert_moved_to(&format!("https://example.org{to}"));
        server.get(to).assert_status(200);
    }
    server.get("/old.xml").assert_status(404);
}

#[test]
fn redirects_and_gone_match_exactly() {
    let server = serve_with("redirects: {/old.xml: /rss.xml, /blog/: /categories/}\ngone: [/dead.xml, /buried/]\n");
    for path in ["/old.xml/x", "/old.xmlx", "/OLD.xml", "/a/old.xml", "/dead.xmlx", "/dead.xml/a"] {
        server.get(path).assert_status(404);
    }
    for path in ["/dead.xml", "/dead.xml?a=b", "/%64ead.xml", "/buried/"] {
        let answer = server.get(path);
        answer.assert_status(410);
        assert!(answer.must("cache-control").contains("max-age=300"), "{answer}");
    }
    assert_redirects(&server, "/%6Fld.xml?utm_source=x", "/rss.xml");
}

#[test]
fn a_path_with_two_slashes_never_redirects_to_another_host() {
    let server = serve();
    for path in
        ["//evil.example", "//evil.example/", "//evil.example/index.html", "/\\evil.example", "/%2F/evil.example"]
    {
        let answer = server.get(path);
        if let Some(location) = answer.header("location") {
            assert!(location.starts_with(&server.url("/")), "{path} redirects to {location}");
            assert!(!location.starts_with(&server.url("//")), "{path} redirects to {location}");
        }
    }
}

#[test]
fn a_configured_redirect_applies_with_and_without_the_slash_at_the_end() {
    let server = serve_with("redirects: {/old: /tags/, /blog/: /authors/, /feed.xml: /rss.xml}\ngone: [/never/]\n");
    for (from, to) in [
        ("/old", "/tags/"),
        ("/old/", "/tags/"),
        ("/blog", "/authors/"),
        ("/blog/", "/authors/"),
        ("/feed.xml/", "/rss.xml"),
        // A page of this site is at its own URL.
        ("/tags", "/tags/"),
    ] {
        assert_redirects(&server, from, to);
    }
    server.get("/never").assert_status(410);
    server.get("/never/").assert_status(410);
}
