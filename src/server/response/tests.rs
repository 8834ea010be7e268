//! Responses to the requests of readers, browsers and proxies.

use actix_web::http::header::{HeaderMap, HeaderName};
use chrono::DateTime;

use super::super::request::Verb;
use super::*;
use crate::document::Newest;
use crate::feed::Format;

const FEED: DocumentType = DocumentType::Feed(Format::Rss);
const FEED_CACHE: &str = "public, max-age=1800, s-maxage=60";

fn made(kind: DocumentType) -> Document {
    let media_type = match kind {
        DocumentType::Feed(_) | DocumentType::Opml => "application/xml; charset=utf-8",
        DocumentType::Page => "text/html; charset=utf-8",
        DocumentType::File => "text/css; charset=utf-8",
    };
    let newest = Newest::At(DateTime::from_timestamp(1_700_000_000, 0).unwrap());
    Document::new("/it", media_type, kind, newest, "feedmill ".repeat(100).into())
}

fn lines(headers: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    map
}

fn ask(kind: DocumentType, headers: &[(&str, &str)]) -> Response {
    let map = lines(headers);
    document(&RequestHeaders::new(Verb::Get, &map), &made(kind), FEED_CACHE)
}

/// The value of a header, which must not be repeated.
#[track_caller]
fn one<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let mut found = response.headers.iter().filter(|(each, _)| *each == name);
    let value = found.next().map(|(_, value)| value);
    assert!(found.next().is_none(), "{name} is repeated");
    value
}

#[test]
fn a_304_has_the_validators_and_cache_times_of_the_200_and_nothing_of_a_body() {
    for kind in [FEED, DocumentType::Page, DocumentType::File] {
        for encoding in ["identity", "gzip", "br"] {
            let full = ask(kind, &[("accept-encoding", encoding)]);
            assert_eq!((full.status.as_u16(), full.reason), (200, Some(Reason::NoValidator)));
            let tag = made(kind).etag;
            let short = ask(kind, &[("accept-encoding", encoding), ("if-none-match", &tag)]);
            assert_eq!((short.status.as_u16(), short.reason), (304, None));
            assert!(matches!(short.body, Body::None));
            for name in ["etag", "last-modified", "cache-control", "vary"] {
                assert!(one(&full, name).is_some(), "{name}");
                assert_eq!(one(&short, name), one(&full, name), "{name}");
            }
            for name in ["content-type", "content-encoding", "content-length"] {
                assert_eq!(one(&short, name), None, "{name}");
            }
        }
    }
}

#[test]
fn every_encoding_is_named_and_has_the_same_tag() {
    for (request, wanted) in [("identity", None), ("gzip", Some("gzip")), ("gzip, br", Some("br"))] {
        let response = ask(FEED, &[("accept-encoding", request)]);
        assert_eq!(one(&response, "content-encoding"), wanted);
        assert_eq!(one(&response, "etag").unwrap(), made(FEED).etag);
        assert_eq!(one(&response, "vary"), Some("Accept-Encoding"));
    }
}

#[test]
fn a_header_sent_in_several_lines_is_one() {
    let lines = [("accept-encoding", "deflate"), ("accept-encoding", "gzip")];
    assert_eq!(one(&ask(FEED, &lines), "content-encoding"), Some("gzip"));
    let tag = made(FEED).etag;
    let lines = [("if-none-match", "\"other\""), ("if-none-match", &*tag)];
    assert_eq!(ask(FEED, &lines).status, 304);
}

#[test]
fn a_tag_that_is_no_text_still_silences_the_date() {
    let known = ask(FEED, &[]);
    let date = one(&known, "last-modified").unwrap();
    let mut map = lines(&[("if-modified-since", date)]);
    let request = |map: &HeaderMap| document(&RequestHeaders::new(Verb::Get, map), &made(FEED), FEED_CACHE).status;
    assert_eq!(request(&map), 304);
    map.insert(actix_web::http::header::IF_NONE_MATCH, HeaderValue::from_bytes(b"\"\xff\"").unwrap());
    assert_eq!(request(&map), 200);
}

#[test]
fn the_date_matches_exactly_or_not_at_all() {
    let known = ask(FEED, &[]);
    let date = one(&known, "last-modified").unwrap();
    assert_eq!(ask(FEED, &[("if-modified-since", date)]).status, 304);
    let response = ask(FEED, &[("if-modified-since", "Sat, 01 Jan 2050 00:00:00 GMT")]);
    assert_eq!((response.status.as_u16(), response.reason), (200, Some(Reason::DateDiffers)));
}

#[test]
fn a_document_that_is_ahead_has_a_tag_and_no_date() {
    let ahead = Document::new("/it", "text/plain", FEED, Newest::Ahead, Vec::new());
    let map = HeaderMap::new();
    let response = document(&RequestHeaders::new(Verb::Get, &map), &ahead, FEED_CACHE);
    assert_eq!(one(&response, "last-modified"), None);
    assert!(one(&response, "etag").is_some());
}

#[test]
fn each_kind_is_kept_as_long_as_promised_and_never_expires() {
    let table = [(FEED, FEED_CACHE), (DocumentType::Page, "max-age=60"), (DocumentType::File, "max-age=86400")];
    for (kind, wanted) in table {
        let response = ask(kind, &[]);
        assert_eq!(one(&response, "cache-control"), Some(wanted));
        assert_eq!(one(&response, "expires"), None, "Miniflux drops the validators if there is one");
        assert_eq!(one(&response, "x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn every_document_is_open_to_readers_in_browsers() {
    let feed = ask(FEED, &[]);
    assert_eq!(one(&feed, "access-control-allow-origin"), Some("*"));
    assert_eq!(one(&feed, "access-control-expose-headers"), Some("ETag, Last-Modified"));
    assert_eq!(one(&ask(DocumentType::Page, &[]), "access-control-allow-origin"), Some("*"));
    let tag = made(FEED).etag;
    let known = ask(FEED, &[("if-none-match", &tag)]);
    assert_eq!(one(&known, "access-control-allow-origin"), Some("*"));
}

#[test]
fn no_script_runs_in_a_feed_or_on_a_page() {
    let policy = |kind| one(&ask(kind, &[]), "content-security-policy").map(str::to_owned);
    let feed = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";
    assert_eq!(policy(FEED).unwrap(), feed);
    let page = "default-src 'none'; img-src https: http: data:; media-src https: http:; style-src 'self'; \
                base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    assert_eq!(policy(DocumentType::Page).unwrap(), page);
    assert_eq!(one(&ask(DocumentType::Page, &[]), "referrer-policy"), Some("no-referrer"));
}

#[test]
fn an_invalid_cache_control_falls_back_to_the_default() {
    let map = HeaderMap::new();
    let response = document(&RequestHeaders::new(Verb::Get, &map), &made(FEED), "a\nb");
    assert_eq!((response.status.as_u16(), one(&response, "cache-control")), (200, Some("max-age=60")));
}

#[test]
fn what_is_absent_is_kept_for_five_minutes_and_compressed_as_asked() {
    let map = lines(&[("accept-encoding", "gzip"), ("if-none-match", "*")]);
    for status in [StatusCode::NOT_FOUND, StatusCode::GONE] {
        let response = absent(&RequestHeaders::new(Verb::Get, &map), status, &made(DocumentType::Page));
        assert_eq!(response.status, status);
        assert_eq!(one(&response, "cache-control"), Some("max-age=300"));
        assert_eq!(one(&response, "content-encoding"), Some("gzip"));
        assert_eq!(one(&response, "vary"), Some("Accept-Encoding"));
        assert_eq!(one(&response, "etag"), None);
    }
}

#[test]
fn a_redirect_names_one_address_for_a_day() {
    let response = moved("https://feeds.example/categories/x/rss.xml").unwrap();
    assert_eq!(response.status, 301);
    assert_eq!(one(&response, "location"), Some("https://feeds.example/categories/x/rss.xml"));
    assert_eq!(one(&response, "cache-control"), Some("max-age=86400"));
    assert_eq!(one(&response, "vary"), Some("Accept-Encoding"));
    assert!(moved("https://a.example/\r\nSet-Cookie: a=b").is_none());
}

#[test]
fn options_lets_readers_in_browsers_poll_conditionally() {
    let response = options();
    assert_eq!(response.status, 204);
    assert_eq!(one(&response, "allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(one(&response, "access-control-allow-origin"), Some("*"));
    assert_eq!(
        one(&response, "access-control-allow-headers"),
        Some("*, Authorization, If-None-Match, If-Modified-Since")
    );
    assert_eq!(one(&response, "access-control-max-age"), Some("86400"));
}

type ExpectedLines = &'static [(&'static str, &'static str)];

fn image(verb: Verb, media_type: &'static str, headers: &[(&str, &str)]) -> Response {
    // Nothing is read here, so any file will do.
    let file = std::fs::File::open("/dev/null").unwrap();
    let media = Tagged { file, length: 100, media_type, etag: "\"abc\"".into() };
    super::media(&RequestHeaders::new(verb, &lines(headers)), media)
}

#[test]
fn an_image_is_sent_whole_in_part_or_not_at_all() {
    let table: [(ExpectedLines, u16, Option<&str>, u64); 8] = [
        (&[], 200, None, 100),
        (&[("range", "bytes=4-11")], 206, Some("bytes 4-11/100"), 8),
        (&[("range", "bytes=-5")], 206, Some("bytes 95-99/100"), 5),
        (&[("range", "bytes=100-")], 416, Some("bytes */100"), 0),
        (&[("range", "bytes=0-1,4-5")], 200, None, 100),
        (&[("range", "bytes=4-11"), ("if-range", "\"abc\"")], 206, Some("bytes 4-11/100"), 8),
        (&[("range", "bytes=4-11"), ("if-range", "\"xyz\"")], 200, None, 100),
        (&[("range", "bytes=4-11"), ("if-none-match", "\"abc\"")], 304, None, 0),
    ];
    for (headers, status, range, length) in table {
        let response = image(Verb::Get, "image/png", headers);
        assert_eq!(response.status.as_u16(), status, "{headers:?}");
        assert_eq!(one(&response, "content-range"), range, "{headers:?}");
        assert_eq!(response.body.length(), length, "{headers:?}");
        assert_eq!(one(&response, "etag"), Some("\"abc\""));
        assert_eq!(one(&response, "cache-control"), Some("max-age=86400"));
        assert_eq!(one(&response, "x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(image(Verb::Head, "image/png", &[("range", "bytes=4-11")]).status, 200);
}

#[test]
fn no_script_runs_in_an_svg_image() {
    let drawing = image(Verb::Get, "image/svg+xml", &[]);
    let policy = one(&drawing, "content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
    assert_eq!(one(&image(Verb::Get, "image/png", &[]), "content-security-policy"), None);
}
