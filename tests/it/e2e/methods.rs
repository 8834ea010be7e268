//! Methods, queries, ranges, and paths that are not found.

use crate::driver::{Answer, Folder, TestServer, article_with, png};

fn serve() -> TestServer {
    let folder = Folder::new();
    folder.define("site.yaml", "gone: [/dead.xml, /buried/]\n");
    folder.write("static/pic.png", png(1, 1));
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [x]\n"));
    folder.serve()
}

/// A path for each status that a GET request can have, and for each kind of response.
const ALL_SORTS: [(&str, u16); 20] = [
    ("/", 200),
    ("/rss.xml", 200),
    ("/atom.xml", 200),
    ("/feed.json", 200),
    ("/feeds.opml", 200),
    ("/feeds.json", 200),
    ("/categories/", 200),
    ("/categories/x/", 200),
    ("/articles/a/", 200),
    ("/media/static/pic.png", 200),
    ("/feed.css", 200),
    ("/favicon.ico", 200),
    ("/robots.txt", 200),
    ("/healthz", 200),
    ("/readyz", 200),
    ("/categories/x", 301),
    ("/articles/a/index.html", 301),
    ("/nowhere", 404),
    ("/media/none.png", 404),
    ("/dead.xml", 410),
];

#[test]
fn head_responds_like_get_without_a_body() {
    let server = serve();
    for (path, status) in ALL_SORTS {
        for coding in ["identity", "br"] {
            let ask = |method| server.ask(method, path, &[("Accept-Encoding", coding)]);
            // The length of /readyz may change from one request to the next, because it contains an age.
            let mut pairs = std::iter::repeat_with(|| (ask("GET"), ask("HEAD"))).take(50);
            let same = |(get, head): &(Answer, Answer)| head.must("content-length") == get.body.len().to_string();
            let (get, head) = pairs.find(same).unwrap_or_else(|| panic!("{path}: never the same length"));
            assert_eq!((get.status, head.status), (status, status), "{path}");
            let headers = |answer: Answer| {
                let mut headers = answer.headers;
                headers.retain(|(name, _)| name != "date");
                headers.sort();
                headers
            };
            assert_eq!(headers(head), headers(get), "{path}");
        }
    }
}

#[test]
fn every_response_varies_by_accept_encoding_only() {
    let server = serve();
    for (path, _) in ALL_SORTS {
        let known = server.get(path);
        for method in ["GET", "HEAD", "OPTIONS", "POST"] {
            assert_eq!(server.ask(method, path, &[]).must("vary"), "Accept-Encoding", "{method} {path}");
        }
        if let Some(tag) = known.header("etag") {
            let short = server.get_with(path, &[("If-None-Match", tag)]);
            assert_eq!((short.status, short.must("vary")), (304, "Accept-Encoding"), "{path}");
        }
    }
    let long = format!("/{}", "a".repeat(9000));
    let part = [("Range", "bytes=999999-")];
    for answer in [server.get(&long), server.get_with("/media/static/pic.png", &part)] {
        assert_eq!(answer.must("vary"), "Accept-Encoding", "{answer}");
    }
}

#[test]
fn no_response_has_expires_and_no_feed_has_no_cache() {
    let server = serve();
    for (path, _) in ALL_SORTS {
        let answer = server.get(path);
        assert_eq!(answer.header("expires"), None, "{path}");
        if ["/rss.xml", "/atom.xml", "/feed.json"].contains(&path) {
            let cache = answer.must("cache-control");
            for word in ["no-cache", "no-store", "must-revalidate", "immutable", "private"] {
                assert!(!cache.contains(word), "{path}: {cache}");
            }
        }
    }
}

#[test]
fn head_supports_conditional_requests() {
    let server = serve();
    let head = server.head("/rss.xml");
    head.assert_status(200);
    let known = [("If-None-Match", head.must("etag"))];
    server.ask("HEAD", "/rss.xml", &known).assert_status(304);
    let known = [("If-Modified-Since", head.must("last-modified"))];
    server.ask("HEAD", "/rss.xml", &known).assert_status(304);
}

#[test]
fn the_method_is_checked_before_the_path() {
    let server = serve();
    for path in ["/rss.xml", "/", "/nowhere", "/dead.xml", "/categories/x", "/healthz"] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            let answer = server.ask(method, path, &[("Content-Length", "0")]);
            answer.assert_status(405);
            let mut allowed: Vec<_> = answer.must("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, ["GET", "HEAD", "OPTIONS"], "{method} {path}");
        }
    }
}

#[test]
fn options_allows_conditional_requests_of_browser_readers() {
    let server = serve();
    for path in ["/rss.xml", "/nowhere"] {
        let headers = [
            ("Origin", "https://reader.example"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "if-none-match"),
        ];
        let answer = server.ask("OPTIONS", path, &headers);
        answer.assert_status(204);
        assert_eq!(answer.must("access-control-allow-origin"), "*");
        let allowed = answer.must("access-control-allow-headers").to_ascii_lowercase();
        assert!(allowed.contains("if-none-match"), "{answer}");
        assert!(allowed.contains("if-modified-since"), "{answer}");
    }
}

#[test]
fn a_query_is_ignored() {
    let server = serve();
    for (path, _) in ALL_SORTS.into_iter().filter(|(path, status)| *status == 200 && *path != "/readyz") {
        let plain = server.get(path).ok();
        for query in ["?_=1234", "?", "?null", "?a=b&c=%FF"] {
            let asked = server.get(&format!("{path}{query}")).ok();
            assert_eq!(asked.body, plain.body, "{path}{query}");
            assert_eq!(asked.header("etag"), plain.header("etag"), "{path}{query}");
        }
    }
}

#[test]
fn a_range_of_a_document_is_the_whole_document() {
    let server = serve();
    for path in ["/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/"] {
        let whole = server.get(path).ok();
        let asked = server.get_with(path, &[("Range", "bytes=0-9")]).ok();
        assert_eq!(asked.body, whole.body, "{path}");
    }
}

#[test]
fn an_unknown_path_is_404_for_five_minutes() {
    let server = serve();
    let paths = [
        "/nowhere",
        "/categories/none/rss.xml",
        "/articles/none/",
        "/tags/x/feed.json",
        "/feeds/none/rss.xml",
        "/metrics",
        "/status",
    ];
    for path in paths {
        let answer = server.get(path);
        answer.assert_status(404);
        assert!(answer.must("cache-control").contains("max-age=300"), "{answer}");
        assert!(answer.body.len() < 4096, "{path}");
    }
}

#[test]
fn a_removed_path_is_410_for_five_minutes() {
    let server = serve();
    let answer = server.get("/dead.xml");
    answer.assert_status(410);
    assert!(answer.must("cache-control").contains("max-age=300"), "{answer}");
}

#[test]
fn paths_that_cannot_be_decoded_are_not_found() {
    let server = serve();
    for path in
        ["/%FF", "/categories/%FF/rss.xml", "/articles/%C3%28/", "/%", "/%zz", "/categories/%00/", "/media/%FF.png"]
    {
        let answer = server.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {answer}");
    }
}

#[test]
fn a_reader_that_polls_often_is_not_limited() {
    let server = serve();
    let tag = server.get("/rss.xml").ok().must("etag").to_owned();
    for _ in 0..300 {
        server.get_with("/rss.xml", &[("If-None-Match", &tag)]).assert_status(304);
    }
}
