//! What is answered: status, headers and body, from what was found.
//!
//! Pure: a value for values. Knows HTTP. Knows neither sockets nor where
//! documents come from. Content-Length, Date and the lines of the connection are
//! added by who sends it, and the body of an answer to HEAD is dropped there.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED,
    LINK, LOCATION,
};
use bytes::Bytes;

use super::condition::{Reason, Verdict, judge};
use super::headers::{self, Headers};
use super::load::Waiting;
use super::media::{CHUNK, Part, Tagged};
use super::negotiate::encoding;
use super::range::{Range, range, still_holds};
use super::request::RequestHeaders;
use crate::document::{Document, Keep};

/// An answer, not yet sent.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// All lines but Content-Length, Date and those of the connection.
    pub headers: Headers,
    /// The body that GET gets.
    pub body: Body,
    /// Why it is no 304, where it could have been one.
    pub reason: Option<Reason>,
}

/// The body of an answer.
#[derive(Debug)]
pub enum Body {
    /// None at all: 204 and 304.
    None,
    /// In memory.
    Bytes(Bytes),
    /// In a file.
    Part(Part),
    /// In a file whose first bytes are read.
    File {
        /// These bytes.
        first: Bytes,
        /// The rest of the file.
        rest: Part,
    },
}

impl Body {
    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Part(part) => part.length(),
            Self::File { first, rest } => first.len() as u64 + rest.length(),
        }
    }

    /// What of it waits in memory for a slow client.
    pub(super) fn waiting(&self) -> Waiting {
        match self {
            Self::Bytes(bytes) => Waiting::document(bytes),
            Self::None => Waiting::Own(0),
            Self::Part(_) | Self::File { .. } => Waiting::Own(CHUNK),
        }
    }
}

impl Response {
    fn new(status: StatusCode, headers: Headers, body: Body) -> Self {
        Self { status, headers, body, reason: None }
    }

    /// An answer of our own words, which depend on the moment.
    pub(super) fn now(status: StatusCode, media_type: HeaderValue, text: impl Into<Bytes>) -> Self {
        let mut headers = headers::common();
        headers.line(&CONTENT_TYPE, media_type);
        headers.line(&CACHE_CONTROL, headers::NOT_AT_ALL);
        Self::new(status, headers, Body::Bytes(text.into()))
    }
}

/// 200 or 304 for a document. `feed_cache` is the Cache-Control of feeds.
pub fn document(request: &RequestHeaders, document: &Document, feed_cache: &str) -> Response {
    let mut headers = headers::common();
    match document.keep {
        Keep::Feed if headers.told(&CACHE_CONTROL, feed_cache) => {}
        Keep::Feed | Keep::Page => headers.line(&CACHE_CONTROL, headers::A_MINUTE),
        Keep::Day => headers.line(&CACHE_CONTROL, headers::A_DAY),
    }
    headers.told(&ETAG, &document.etag);
    if let Some(date) = document.last_modified.and_then(headers::http_date) {
        headers.line(&LAST_MODIFIED, date);
    }
    if document.keep == Keep::Feed {
        // On a 304 too: a browser hides it from the reader otherwise.
        headers::open_with_validators(&mut headers);
    }
    let tags = request.if_none_match();
    let since = request.if_modified_since();
    match judge(tags.as_deref(), since.as_deref(), &document.etag, document.last_modified) {
        Verdict::Known => Response::new(StatusCode::NOT_MODIFIED, headers, Body::None),
        Verdict::Full(reason) => {
            let body = content(request, document, &mut headers);
            Response { reason: Some(reason), ..Response::new(StatusCode::OK, headers, body) }
        }
    }
}

/// 404 or 410 with its page. Conditions do not count: there is nothing that a
/// client could have.
pub fn absent(request: &RequestHeaders, status: StatusCode, page: &Document) -> Response {
    let mut headers = headers::common();
    headers.line(&CACHE_CONTROL, headers::FIVE_MINUTES);
    headers::open(&mut headers);
    let body = content(request, page, &mut headers);
    Response::new(status, headers, body)
}

/// The body of a document and the lines that describe it.
fn content(request: &RequestHeaders, document: &Document, headers: &mut Headers) -> Body {
    headers.line(&CONTENT_TYPE, document.media_type);
    match document.keep {
        Keep::Feed => headers::guard_feed(headers),
        Keep::Page => {
            headers::guard_page(headers);
            if !document.links.is_empty() {
                headers.told(&LINK, &document.links);
            }
        }
        Keep::Day => {}
    }
    let encoding = document.worthwhile(encoding(request.accept_encoding().as_deref()));
    if let Some(coding) = headers::content_encoding(encoding) {
        headers.line(&CONTENT_ENCODING, coding);
    }
    Body::Bytes(document.bytes(encoding))
}

/// 301 to the one address of what was asked for, without the query: it never
/// chose anything.
pub fn moved(address: &str) -> Option<Response> {
    let mut headers = headers::common();
    headers.told(&LOCATION, address).then_some(())?;
    headers.line(&CACHE_CONTROL, headers::A_DAY);
    // A browser follows for a reader only where it may look.
    headers::open(&mut headers);
    Some(Response::new(StatusCode::MOVED_PERMANENTLY, headers, Body::Bytes(Bytes::new())))
}

/// 200, 206, 304 or 416 for a file.
pub fn media(request: &RequestHeaders, media: Tagged) -> Response {
    let mut headers = headers::common();
    headers.line(&CACHE_CONTROL, headers::A_DAY);
    headers.told(&ETAG, &media.etag);
    let reason = match judge(request.if_none_match().as_deref(), None, &media.etag, None) {
        Verdict::Known => return Response::new(StatusCode::NOT_MODIFIED, headers, Body::None),
        Verdict::Full(reason) => reason,
    };
    headers.line(&ACCEPT_RANGES, "bytes");
    let held = request.range().filter(|_| still_holds(request.if_range().as_deref(), &media.etag));
    let asked_for = held.map_or(Range::Whole, |header| range(&header, media.length));
    let length = media.length;
    if asked_for == Range::Unsatisfiable {
        headers.line(&CONTENT_RANGE, format!("bytes */{length}"));
        return Response::new(StatusCode::RANGE_NOT_SATISFIABLE, headers, Body::Bytes(Bytes::new()));
    }
    headers.line(&CONTENT_TYPE, media.media_type);
    if media.media_type.starts_with("image/svg") {
        headers::guard_svg(&mut headers);
    }
    if let Range::Part { first, last } = asked_for {
        headers.line(&CONTENT_RANGE, format!("bytes {first}-{last}/{length}"));
        let body = Body::Part(Part::new(media.file, first, last + 1));
        return Response::new(StatusCode::PARTIAL_CONTENT, headers, body);
    }
    let body = Body::Part(Part::new(media.file, 0, length));
    Response { reason: Some(reason), ..Response::new(StatusCode::OK, headers, body) }
}

/// 204 for OPTIONS: what may be asked, and by whom.
pub fn options() -> Response {
    let mut headers = headers::common();
    headers::allow(&mut headers);
    headers::preflight(&mut headers);
    Response::new(StatusCode::NO_CONTENT, headers, Body::None)
}

/// 405, for any address: methods are judged before it.
pub fn method_not_allowed() -> Response {
    let mut headers = headers::common();
    headers::allow(&mut headers);
    headers.line(&CONTENT_TYPE, headers::PLAIN);
    let body = Bytes::from_static(b"only GET, HEAD and OPTIONS are answered here\n");
    Response::new(StatusCode::METHOD_NOT_ALLOWED, headers, Body::Bytes(body))
}

/// 414: no address of ours is that long.
pub fn address_too_long() -> Response {
    let words = Bytes::from_static(b"this address is longer than any that exists here\n");
    Response::now(StatusCode::URI_TOO_LONG, headers::PLAIN, words)
}

/// 503: clients that read slowly hold all memory that there is for answers.
pub fn busy() -> Response {
    let words = Bytes::from_static(b"the server is busy; please try again in a few seconds\n");
    let mut response = Response::now(StatusCode::SERVICE_UNAVAILABLE, headers::PLAIN, words);
    headers::try_again(&mut response.headers);
    response
}

/// 500 after a panic. Nobody may keep it.
pub fn failed() -> Response {
    let words = Bytes::from_static(b"something went wrong here; please try again later\n");
    Response::now(StatusCode::INTERNAL_SERVER_ERROR, headers::PLAIN, words)
}

/// 503 while the clock is wrong: a feed without the articles that are not due
/// would be taken for the truth.
pub fn clock_is_wrong() -> Response {
    let words = Bytes::from_static(b"the clock of this server is wrong; please try again later\n");
    let mut response = Response::now(StatusCode::SERVICE_UNAVAILABLE, headers::PLAIN, words);
    headers::try_again(&mut response.headers);
    response
}

#[cfg(test)]
mod tests;
