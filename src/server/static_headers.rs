//! The static headers of responses, for hosts that serve the files of `feedmill build`.
//!
//! `commands::build` writes them into the configuration of the host. Headers that a host generates
//! itself are left out: validators, `Content-Encoding`, `Vary`.

use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, LAST_MODIFIED, LINK, VARY,
};

use super::headers::{self, Headers};
use super::request::{RequestHeaders, Verb};
use super::response;
use crate::document::{Document, DocumentType};

/// Header names in lower case, with their values.
pub(crate) type HeaderLines = Vec<(String, String)>;

/// The headers of every response with this document. `feed_cache` is the `Cache-Control` of feeds.
pub(crate) fn document(document: &Document, feed_cache: &str) -> HeaderLines {
    let nothing = HeaderMap::new();
    let mut lines = lines(&response::document(&RequestHeaders::new(Verb::Get, &nothing), document, feed_cache).headers);
    if matches!(document.kind, DocumentType::Feed(_)) {
        // It names the URL of one feed, and these headers are for all. The bodies have the same links.
        lines.retain(|(name, _)| *name != LINK.as_str());
    }
    lines
}

/// All headers of a response with this document that is not compressed.
pub(crate) fn of_response(document: &Document, feed_cache: &str) -> HeaderLines {
    let nothing = HeaderMap::new();
    let response = response::document(&RequestHeaders::new(Verb::Get, &nothing), document, feed_cache);
    response.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The headers of every response with a media file of this type, except `Content-Type`.
pub(crate) fn media(media_type: &str) -> HeaderLines {
    let mut all = headers::common();
    all.line(&CACHE_CONTROL, headers::A_DAY);
    headers::open_with_validators(&mut all);
    headers::guard_media(&mut all, media_type);
    lines(&all)
}

fn lines(headers: &Headers) -> HeaderLines {
    let made_by_hosts = [ETAG, LAST_MODIFIED, CONTENT_ENCODING, VARY, ACCEPT_RANGES];
    let kept = headers.iter().filter(|(name, _)| !made_by_hosts.iter().any(|made| made == name));
    let mut lines: HeaderLines = kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // Content-Type comes first, because people read these files.
    lines.sort_by_key(|(name, _)| *name != CONTENT_TYPE.as_str());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Newest;
    use crate::feed::{Format, UNDATED};

    #[test]
    fn static_headers_leave_out_what_a_host_generates_itself() {
        let feed = Document::new(
            "/",
            "application/xml; charset=utf-8",
            DocumentType::Feed(Format::Rss),
            Newest::At(UNDATED),
            b"x".to_vec(),
        );
        let lines = document(&feed, "public, max-age=7");
        assert_eq!(lines[0], ("content-type".into(), "application/xml; charset=utf-8".into()));
        let value = |name: &str| lines.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str());
        assert_eq!(value("cache-control"), Some("public, max-age=7"));
        assert_eq!(value("access-control-allow-origin"), Some("*"));
        assert_eq!((value("etag"), value("last-modified"), value("vary")), (None, None, None));
        assert!(media("image/svg+xml").iter().any(|(name, _)| name == "content-security-policy"));
        assert!(media("application/zip").iter().any(|(name, _)| name == "content-disposition"));
        let guards = ["content-security-policy", "content-disposition"];
        assert!(!media("image/png").iter().any(|(name, _)| guards.contains(&name.as_str())));
    }
}
