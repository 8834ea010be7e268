//! What every answer with a document or an image says of it, for hosts that
//! serve the files of a build.
//!
//! Knows the headers that answers have. Leaves out what a host makes itself:
//! validators, the content coding, Vary.

use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, LAST_MODIFIED, VARY,
};

use super::headers::{self, Headers};
use super::request::{RequestHeaders, Verb};
use super::response;
use crate::document::Document;

/// Header names in small letters, and their values.
pub type Lines = Vec<(String, String)>;

/// The lines of every answer with this document; `feed_cache` is the
/// Cache-Control of feeds.
pub fn document(document: &Document, feed_cache: &str) -> Lines {
    let nothing = HeaderMap::new();
    lines(&response::document(&RequestHeaders::new(Verb::Get, &nothing), document, feed_cache).headers)
}

/// The lines of every answer with an image of this media type, the type apart.
pub fn image(media_type: &str) -> Lines {
    let mut all = headers::common();
    all.line(&CACHE_CONTROL, headers::A_DAY);
    if media_type.starts_with("image/svg") {
        headers::guard_svg(&mut all);
    }
    lines(&all)
}

fn lines(headers: &Headers) -> Lines {
    let made_by_hosts = [ETAG, LAST_MODIFIED, CONTENT_ENCODING, VARY, ACCEPT_RANGES];
    let kept = headers.iter().filter(|(name, _)| !made_by_hosts.iter().any(|made| made == name));
    let mut lines: Lines = kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // The type first, as people read it.
    lines.sort_by_key(|(name, _)| *name != CONTENT_TYPE.as_str());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Keep, Newest};
    use crate::feed::UNDATED;

    #[test]
    fn a_host_is_told_all_that_it_does_not_make_itself() {
        let feed = Document::new("/", "application/xml; charset=utf-8", Keep::Feed, Newest::At(UNDATED), b"x".to_vec());
        let lines = document(&feed, "public, max-age=7");
        assert_eq!(lines[0], ("content-type".into(), "application/xml; charset=utf-8".into()));
        let value = |name: &str| lines.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str());
        assert_eq!(value("cache-control"), Some("public, max-age=7"));
        assert_eq!(value("access-control-allow-origin"), Some("*"));
        assert_eq!((value("etag"), value("last-modified"), value("vary")), (None, None, None));
        assert!(image("image/svg+xml").iter().any(|(name, _)| name == "content-security-policy"));
        assert!(!image("image/png").iter().any(|(name, _)| name == "content-security-policy"));
    }
}
