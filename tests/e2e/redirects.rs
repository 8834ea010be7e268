//! Old and careless addresses lead to the right one, for ever and in one hop.

use sha2::{Digest, Sha256};

use crate::driver::{Folder, Mill, article_with};

fn serve_with(site: &str) -> Mill {
    let folder = Folder::new();
    folder.define("site.yaml", site);
    folder.write(
        "posts/a.md",
        article_with("A", "2026-01-01", "categories: [新媒体, Café]\ntags: [新闻]\nauthor: 李白\n"),
    );
    folder.serve()
}

fn serve() -> Mill {
    serve_with("")
}

/// Follows one redirect, which must be the only one.
#[track_caller]
fn assert_leads(mill: &Mill, from: &str, to: &str) {
    mill.get(from).assert_moved_to(&mill.url(to));
    mill.get(to).assert_status(200);
}

#[test]
fn a_missing_slash_is_added() {
    let mill = serve();
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
        assert_leads(&mill, path, &format!("{path}/"));
    }
}

#[test]
fn index_html_leads_to_its_directory() {
    let mill = serve();
    for path in ["/", "/categories/", "/categories/xin-mei-ti/", "/articles/posts/a/"] {
        assert_leads(&mill, &format!("{path}index.html"), path);
    }
}

#[test]
fn the_unicode_name_leads_to_the_slug_in_any_case_and_form() {
    let mill = serve();
    let names = [
        "/categories/%E6%96%B0%E5%AA%92%E4%BD%93",
        "/categories/%e6%96%b0%e5%aa%92%e4%bd%93",
        // Encoded once more on the way.
        "/categories/%25E6%2596%25B0%25E5%25AA%2592%25E4%25BD%2593",
    ];
    for name in names {
        for rest in ["/", "/rss.xml", "/atom.xml", "/feed.json"] {
            assert_leads(&mill, &format!("{name}{rest}"), &format!("/categories/xin-mei-ti{rest}"));
        }
    }
    for name in ["Caf%C3%A9", "caf%c3%a9", "Cafe%CC%81"] {
        let from = format!("/categories/xin-mei-ti/{name}/rss.xml");
        assert_leads(&mill, &from, "/categories/xin-mei-ti/cafe/rss.xml");
    }
    assert_leads(&mill, "/tags/%E6%96%B0%E9%97%BB/rss.xml", "/tags/xin-wen/rss.xml");
    assert_leads(&mill, "/authors/%E6%9D%8E%E7%99%BD/", "/authors/li-bai/");
}

#[test]
fn unicode_names_lead_through_a_whole_path_and_to_its_slash_in_one_hop() {
    let mill = serve();
    let from = "/categories/%E6%96%B0%E5%AA%92%E4%BD%93/Caf%C3%A9";
    assert_leads(&mill, from, "/categories/xin-mei-ti/cafe/");
}

#[test]
fn the_long_slug_leads_to_the_short_one() {
    let mill = serve();
    let digest = Sha256::digest("新媒体".as_bytes());
    let long = format!("xin-mei-ti-{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2]);
    assert_leads(&mill, &format!("/categories/{long}/rss.xml"), "/categories/xin-mei-ti/rss.xml");
    assert_leads(&mill, &format!("/categories/{long}/cafe/"), "/categories/xin-mei-ti/cafe/");
}

#[test]
fn an_address_of_an_old_generator_is_moved_by_site_yaml() {
    let mill = serve_with("redirects: {/old.xml: /rss.xml, /blog/feed/: /categories/}\n");
    assert_leads(&mill, "/old.xml", "/rss.xml");
    assert_leads(&mill, "/blog/feed/xin-mei-ti/rss.xml", "/categories/xin-mei-ti/rss.xml");
    assert_leads(&mill, "/blog/feed/", "/categories/");
}

#[test]
fn redirects_that_follow_each_other_are_one_hop() {
    let mill =
        serve_with("redirects: {/first.xml: /second.xml, /second.xml: /rss.xml, /third.xml: /categories/xin-mei-ti}\n");
    assert_leads(&mill, "/first.xml", "/rss.xml");
    assert_leads(&mill, "/third.xml", "/categories/xin-mei-ti/");
}

#[test]
fn a_redirect_is_kept_for_a_day_and_its_address_is_ascii() {
    let mill = serve_with("redirects: {/old.xml: /rss.xml}\n");
    for path in ["/old.xml", "/categories/xin-mei-ti"] {
        let answer = mill.get(path);
        answer.assert_status(301);
        assert!(answer.must("cache-control").contains("max-age=86400"), "{answer}");
        assert!(answer.must("location").bytes().all(|byte| (0x21..0x7f).contains(&byte)));
    }
}

#[test]
fn a_path_with_two_slashes_never_leads_to_another_host() {
    let mill = serve();
    for path in
        ["//evil.example", "//evil.example/", "//evil.example/index.html", "/\\evil.example", "/%2F/evil.example"]
    {
        let answer = mill.get(path);
        if let Some(location) = answer.header("location") {
            assert!(location.starts_with(&mill.url("/")), "{path} leads to {location}");
            assert!(!location.starts_with(&mill.url("//")), "{path} leads to {location}");
        }
    }
}
