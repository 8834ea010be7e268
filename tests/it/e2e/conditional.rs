//! Conditional requests: a reader that has the current document gets 304, and a reader with another one gets
//! a full response.

use chrono::{DateTime, TimeDelta, Utc};

use crate::driver::{Connection, Folder, TestServer, article, article_with};

const DOCUMENTS: [&str; 5] = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/feeds.json"];
const FEEDS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

fn serve() -> TestServer {
    let folder = Folder::new();
    folder.write("a.md", article_with("A", "2026-01-01", "categories: [x, y]\n"));
    folder.write("b.md", article("B", "2026-01-02"));
    folder.serve()
}

/// The opaque part of a weak tag.
#[track_caller]
fn opaque(tag: &str) -> &str {
    let inside = tag.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or_else(|| panic!("not a weak tag: {tag}"))
}

#[test]
fn every_document_has_a_short_weak_tag() {
    let server = serve();
    for path in DOCUMENTS {
        let answer = server.get(path).ok();
        assert!(!opaque(answer.must("etag")).is_empty());
        assert!(answer.must("etag").len() <= 128, "{path}");
        assert!(answer.header("expires").is_none(), "Miniflux would drop the validators");
    }
}

#[test]
fn every_document_has_its_own_tag() {
    let server = serve();
    // `x` and `x/y` contain the same article.
    let places = ["", "/categories/x", "/categories/x/y"];
    let mut tags: Vec<_> = places
        .iter()
        .flat_map(|place| FEEDS.map(|format| server.get(&format!("{place}{format}")).ok()))
        .map(|answer| answer.must("etag").to_owned())
        .collect();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 9);
}

#[test]
fn the_tag_is_the_same_in_every_content_coding() {
    let server = serve();
    for path in DOCUMENTS {
        let tag = server.get(path).ok().must("etag").to_owned();
        for encoding in ["identity", "gzip", "br", "gzip, deflate, br, zstd"] {
            let answer = server.get_with(path, &[("Accept-Encoding", encoding)]).ok();
            assert_eq!(answer.must("etag"), tag, "{path} as {encoding}");
        }
    }
}

#[test]
fn a_known_tag_gets_304_however_an_intermediary_changed_it() {
    let server = serve();
    for path in DOCUMENTS {
        let tag = server.get(path).ok().must("etag").to_owned();
        let x = opaque(&tag);
        let forms = [
            tag.clone(),
            format!("\"{x}\""),
            x.to_owned(),
            format!("\"{x}-gzip\""),
            format!("W/\"{x}-br\""),
            format!("\"{x}--gzip\""),
            format!("\"{x};gzip\""),
            format!("\"{x}\"-gzip"),
            format!("\"other\", W/\"{x}\""),
            format!("\"other\",\"{x}\" , \"third\""),
            "*".to_owned(),
        ];
        for form in forms {
            let answer = server.get_with(path, &[("If-None-Match", &form)]);
            assert_eq!(answer.status, 304, "{path} with {form}");
        }
    }
}

#[test]
fn another_tag_gets_a_full_response() {
    let server = serve();
    for path in DOCUMENTS {
        let tag = server.get(path).ok().must("etag").to_owned();
        let x = opaque(&tag);
        for form in ["\"other\"", "W/\"other\"", "", "\"\"", "W/", &x[..x.len() - 1], &format!("{x}0")] {
            server.get_with(path, &[("If-None-Match", form)]).ok();
        }
    }
}

#[test]
fn a_304_has_the_headers_of_the_200_and_no_body() {
    let server = serve();
    for path in DOCUMENTS {
        for encoding in ["identity", "gzip", "br"] {
            let full = server.get_with(path, &[("Accept-Encoding", encoding)]).ok();
            let headers = [("Accept-Encoding", encoding), ("If-None-Match", full.must("etag"))];
            let short = server.get_with(path, &headers);
            short.assert_status(304);
            for name in ["etag", "last-modified", "cache-control", "vary"] {
                assert_eq!(short.header(name), full.header(name), "{name} of {path}");
            }
            short.must("date");
        }
    }
}

#[test]
fn if_modified_since_matches_only_the_exact_time() {
    let server = serve();
    for path in FEEDS {
        let modified = server.get(path).ok().must("last-modified").to_owned();
        let instant = DateTime::parse_from_rfc2822(&modified).unwrap().to_utc();
        let ask = |value: &str| server.get_with(path, &[("If-Modified-Since", value)]).status;
        let form = |instant: DateTime<Utc>, form: &str| instant.format(form).to_string();
        let usual = "%a, %d %b %Y %H:%M:%S GMT";
        for same in [usual, "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"] {
            assert_eq!(ask(&form(instant, same)), 304, "{}", form(instant, same));
        }
        for seconds in [-1, 1, -86400 * 365, 86400] {
            let other = instant + TimeDelta::seconds(seconds);
            assert_eq!(ask(&form(other, usual)), 200, "{seconds}");
        }
        assert_eq!(ask(&form(Utc::now(), usual)), 200);
        assert_eq!(ask("garbage"), 200);
        assert_eq!(ask("0"), 200);
    }
}

#[test]
fn if_none_match_takes_precedence_over_if_modified_since() {
    let server = serve();
    for path in FEEDS {
        let answer = server.get(path).ok();
        let since = ("If-Modified-Since", answer.must("last-modified"));
        server.get_with(path, &[("If-None-Match", "\"other\""), since]).ok();
        let both = [("If-None-Match", answer.must("etag")), ("If-Modified-Since", "garbage")];
        server.get_with(path, &both).assert_status(304);
    }
}

#[test]
fn last_modified_is_at_most_the_newest_entry_and_now() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-02T00:00:00Z"));
    let server = folder.serve();
    let instant = |path| {
        let answer = server.get(path).ok();
        DateTime::parse_from_rfc2822(answer.must("last-modified")).unwrap().to_utc()
    };
    let newest: DateTime<Utc> = "2026-01-02T00:00:00Z".parse().unwrap();
    for path in FEEDS {
        assert!(instant(path) <= newest, "{path}");
        assert!(instant(path) > newest - TimeDelta::days(1), "{path}");
    }
}

#[test]
fn a_changed_body_changes_both_validators() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    let before = FEEDS.map(|path| server.get(path).ok());
    folder.write("a.md", article("A", "2026-01-01") + "<p>More of it.</p>\n");
    for (path, old) in FEEDS.iter().zip(before) {
        let new = server.eventually(path, |answer| answer.text().contains("More of it."));
        assert_ne!(new.must("etag"), old.must("etag"), "{path}");
        assert_ne!(new.must("last-modified"), old.must("last-modified"), "{path}");
        let replay = [("If-None-Match", old.must("etag"))];
        server.get_with(path, &replay).ok();
        let replay = [("If-Modified-Since", old.must("last-modified"))];
        server.get_with(path, &replay).ok();
    }
}

#[test]
fn one_connection_carries_many_polls() {
    let server = serve();
    let mut connection = Connection::open(server.address()).unwrap();
    let first = connection.ask("GET", "/rss.xml", &[]).unwrap().ok();
    for _ in 0..20 {
        let tag = ("If-None-Match", first.must("etag"));
        connection.ask("GET", "/rss.xml", &[tag]).unwrap().assert_status(304);
        connection.ask("HEAD", "/rss.xml", &[]).unwrap().assert_status(200);
        assert_eq!(connection.ask("GET", "/rss.xml", &[]).unwrap().ok().body, first.body);
    }
}
