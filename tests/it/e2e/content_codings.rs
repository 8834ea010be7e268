//! Content codings, and the headers that control caches.

use crate::driver::{Folder, TestServer, article};

const DOCUMENTS: [&str; 5] = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/feeds.json"];

fn serve_with(site: &str) -> TestServer {
    let folder = Folder::new();
    folder.define("site.yaml", site);
    folder.write("a.md", article("A", "2026-01-01"));
    folder.serve()
}

/// Values of `Accept-Encoding`, and the expected `Content-Encoding`.
const NEGOTIATED: [(&str, Option<&str>); 16] = [
    ("br,gzip", Some("br")),
    ("gzip, deflate", Some("gzip")),
    ("gzip, deflate, br", Some("br")),
    ("gzip, deflate, br, zstd", Some("br")),
    ("none", None),
    ("identity", None),
    ("", None),
    ("*", Some("br")),
    ("br;q=0, *", Some("gzip")),
    ("gzip;q=0", None),
    ("gzip;q=0.9, br;q=0.1", Some("gzip")),
    ("gzip;q=0.5, br;q=0.5, identity;q=0.4", Some("br")),
    ("gzip;q=0.2, identity;q=0.8", None),
    ("GZIP", Some("gzip")),
    ("identity;q=0", None),
    ("br;q=0, gzip;q=0, identity;q=0", None),
];

#[test]
fn the_content_coding_is_chosen_by_q_value() {
    let server = serve_with("");
    for path in DOCUMENTS {
        let plain = server.get(path).ok();
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for (accepted, wanted) in NEGOTIATED {
            let answer = server.get_with(path, &[("Accept-Encoding", accepted)]).ok();
            // If `identity` is forbidden, any other coding is allowed.
            if accepted != "identity;q=0" {
                assert_eq!(answer.header("content-encoding"), wanted, "{path} for {accepted:?}");
            }
            assert_eq!(answer.decoded(), plain.body, "{path} for {accepted:?}");
            assert_eq!(answer.must("vary"), "Accept-Encoding", "{path} for {accepted:?}");
        }
    }
}

#[test]
fn cache_times_have_the_documented_defaults() {
    let server = serve_with("");
    for path in DOCUMENTS {
        assert_eq!(
            server.get(path).ok().must("cache-control"),
            "public, max-age=1800, s-maxage=60, stale-while-revalidate=300, stale-if-error=86400",
            "{path}"
        );
    }
}

#[test]
fn cache_times_are_configurable() {
    let server = serve_with("cache: {max_age: 3601, s_maxage: 5, stale_while_revalidate: 6, stale_if_error: 7}\n");
    let rss = server.get("/rss.xml").ok();
    assert_eq!(
        rss.must("cache-control"),
        "public, max-age=3601, s-maxage=5, stale-while-revalidate=6, stale-if-error=7"
    );
    assert_eq!(rss.xml().one("ttl").text, "61", "minutes, rounded up");
}

#[test]
fn a_short_max_age_is_a_warning() {
    let server = serve_with("cache: {max_age: 60}\n");
    server.logs(&["WARN", "cache.max_age", "540"]);
    assert!(!serve_with("cache: {max_age: 540}\n").log().contains("cache.max_age"));
}

#[test]
fn a_feed_has_security_headers_and_allows_cors() {
    let server = serve_with("");
    for path in &DOCUMENTS[..3] {
        let answer = server.get(path).ok();
        assert_eq!(answer.must("x-content-type-options"), "nosniff");
        assert_eq!(
            answer.must("content-security-policy"),
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
        );
        assert_eq!(answer.must("access-control-allow-origin"), "*");
        let exposed = answer.must("access-control-expose-headers").to_ascii_lowercase();
        assert!(exposed.contains("etag") && exposed.contains("last-modified"), "{exposed}");
    }
}

#[test]
fn every_response_has_a_date() {
    let server = serve_with("");
    for path in ["/rss.xml", "/", "/nowhere", "/healthz"] {
        server.get(path).must("date");
    }
}
