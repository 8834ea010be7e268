//! Builds responses: status, headers and body.
//!
//! These functions are pure; they take what was found and return a value. The caller adds
//! `Content-Length`, `Date` and the connection headers, and drops the body of a response to HEAD.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED,
    LINK, LOCATION,
};
use bytes::Bytes;

use super::condition::{Reason, Verdict, evaluate};
use super::headers::{self, Headers};
use super::load::Waiting;
use super::media::{CHUNK, Part, Tagged};
use super::range::{Range, range, still_holds};
use super::request::RequestHeaders;
use crate::document::{Document, DocumentType};

/// A response that has not been sent yet.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: StatusCode,
    /// All headers except `Content-Length`, `Date` and those of the connection.
    pub headers: Headers,
    pub body: Body,
    /// Why this is not a 304, if it could have been one.
    pub reason: Option<Reason>,
}

#[derive(Debug)]
pub(crate) enum Body {
    /// No body: 204 and 304.
    None,
    Bytes(Bytes),
    Part(Part),
    /// Bytes in a file, of which the first are already read.
    File {
        /// The bytes that are read.
        first: Bytes,
        rest: Part,
    },
}

impl Body {
    /// Length in bytes.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Part(part) => part.length(),
            Self::File { first, rest } => first.len() as u64 + rest.length(),
        }
    }

    /// The bytes that stay in memory if the client is slow.
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

    /// A short message that must not be cached.
    pub(super) fn now(status: StatusCode, media_type: HeaderValue, text: impl Into<Bytes>) -> Self {
        let mut headers = headers::common();
        headers.line(&CONTENT_TYPE, media_type);
        headers.line(&CACHE_CONTROL, headers::NOT_AT_ALL);
        Self::new(status, headers, Body::Bytes(text.into()))
    }
}

/// 200 or 304 for a document. `feed_cache` is the `Cache-Control` of feeds.
pub(crate) fn document(request: &RequestHeaders, document: &Document, feed_cache: &str) -> Response {
    let mut headers = headers::common();
    match document.kind {
        DocumentType::Feed(_) | DocumentType::Opml if headers.line_if_valid(&CACHE_CONTROL, feed_cache) => {}
        DocumentType::File => headers.line(&CACHE_CONTROL, headers::A_DAY),
        _ => headers.line(&CACHE_CONTROL, headers::A_MINUTE),
    }
    headers.line_if_valid(&ETAG, &document.etag);
    if let Some(date) = document.last_modified.and_then(headers::http_date) {
        headers.line(&LAST_MODIFIED, date);
    }
    // Also on a 304: without these headers a browser does not show it to the reader.
    headers::open_with_validators(&mut headers);
    match verdict(request, document) {
        Verdict::NotModified => Response::new(StatusCode::NOT_MODIFIED, headers, Body::None),
        Verdict::Full(reason) => {
            let body = content(request, document, &mut headers);
            Response { reason: Some(reason), ..Response::new(StatusCode::OK, headers, body) }
        }
    }
}

fn verdict(request: &RequestHeaders, document: &Document) -> Verdict {
    let tags = request.if_none_match();
    let since = request.if_modified_since();
    evaluate(tags.as_deref(), since.as_deref(), &document.etag, document.last_modified)
}

/// Whether the response for a document is a 304.
pub(super) fn is_not_modified(request: &RequestHeaders, document: &Document) -> bool {
    verdict(request, document) == Verdict::NotModified
}

/// 404 or 410 with an error page. Conditional headers are ignored, because there is no document
/// that the client could have.
pub(crate) fn absent(request: &RequestHeaders, status: StatusCode, page: &Document) -> Response {
    let mut headers = headers::common();
    headers.line(&CACHE_CONTROL, headers::FIVE_MINUTES);
    headers::open(&mut headers);
    let body = content(request, page, &mut headers);
    Response::new(status, headers, body)
}

/// Returns the body of a document and adds the headers that describe it.
fn content(request: &RequestHeaders, document: &Document, headers: &mut Headers) -> Body {
    headers.line(&CONTENT_TYPE, document.media_type);
    match document.kind {
        DocumentType::Feed(_) | DocumentType::Opml => headers::guard_feed(headers),
        DocumentType::Page => headers::guard_page(headers),
        DocumentType::File => {}
    }
    if !document.links.is_empty() {
        headers.line_if_valid(&LINK, &document.links);
    }
    let encoding = document.worthwhile(request.encoding());
    if let Some(coding) = headers::content_encoding(encoding) {
        headers.line(&CONTENT_ENCODING, coding);
    }
    Body::Bytes(document.bytes(encoding))
}

/// 301 to the canonical URL, without the query. `None` if the URL is not a valid header value.
pub(crate) fn moved(address: &str) -> Option<Response> {
    let mut headers = headers::common();
    headers.line_if_valid(&LOCATION, address).then_some(())?;
    headers.line(&CACHE_CONTROL, headers::A_DAY);
    // A browser follows a redirect for a reader only if CORS allows it.
    headers::open(&mut headers);
    Some(Response::new(StatusCode::MOVED_PERMANENTLY, headers, Body::Bytes(Bytes::new())))
}

/// 200, 206, 304 or 416 for a file below `/media/`.
pub(crate) fn media(request: &RequestHeaders, media: Tagged) -> Response {
    let mut headers = headers::common();
    headers.line(&CACHE_CONTROL, headers::A_DAY);
    headers::open_with_validators(&mut headers);
    headers.line_if_valid(&ETAG, &media.etag);
    let reason = match evaluate(request.if_none_match().as_deref(), None, &media.etag, None) {
        Verdict::NotModified => return Response::new(StatusCode::NOT_MODIFIED, headers, Body::None),
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
    headers::guard_media(&mut headers, media.media_type);
    if let Range::Part { first, last } = asked_for {
        headers.line(&CONTENT_RANGE, format!("bytes {first}-{last}/{length}"));
        let body = Body::Part(Part::new(media.file, first, last + 1));
        return Response::new(StatusCode::PARTIAL_CONTENT, headers, body);
    }
    let body = Body::Part(Part::new(media.file, 0, length));
    Response { reason: Some(reason), ..Response::new(StatusCode::OK, headers, body) }
}

/// 204 for OPTIONS: the allowed methods and the CORS headers.
pub(crate) fn options() -> Response {
    let mut headers = headers::common();
    headers::allow(&mut headers);
    headers::preflight(&mut headers);
    Response::new(StatusCode::NO_CONTENT, headers, Body::None)
}

/// 405, for any URL: the method is checked first.
pub(crate) fn method_not_allowed() -> Response {
    let mut headers = headers::common();
    headers::allow(&mut headers);
    headers.line(&CONTENT_TYPE, headers::PLAIN);
    let body = Bytes::from_static(b"only GET, HEAD and OPTIONS are allowed\n");
    Response::new(StatusCode::METHOD_NOT_ALLOWED, headers, Body::Bytes(body))
}

/// 414: none of our URLs is this long.
pub(crate) fn address_too_long() -> Response {
    let words = Bytes::from_static(b"this URL is longer than any URL of this site\n");
    Response::now(StatusCode::URI_TOO_LONG, headers::PLAIN, words)
}

/// 503: slow clients hold all the memory that is reserved for responses, or too many requests wait for
/// memory to render.
pub(crate) fn busy() -> Response {
    let words = Bytes::from_static(b"the server is busy; please try again in a few seconds\n");
    let mut response = Response::now(StatusCode::SERVICE_UNAVAILABLE, headers::PLAIN, words);
    headers::try_again(&mut response.headers);
    response
}

/// 500 after a panic. It is never cached.
pub(crate) fn failed() -> Response {
    let words = Bytes::from_static(b"internal server error; please try again later\n");
    Response::now(StatusCode::INTERNAL_SERVER_ERROR, headers::PLAIN, words)
}

/// 503 while the clock is wrong. A feed that lacks the articles that seem not to be due would look
/// like a valid feed.
pub(crate) fn clock_is_wrong() -> Response {
    let words = Bytes::from_static(b"the clock of this server is wrong; please try again later\n");
    let mut response = Response::now(StatusCode::SERVICE_UNAVAILABLE, headers::PLAIN, words);
    headers::try_again(&mut response.headers);
    response
}

#[cfg(test)]
mod tests;
