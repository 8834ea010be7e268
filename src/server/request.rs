//! The parts of a request that affect the response: the method and a few headers.
//!
//! Everything else is ignored: `Host`, `X-Forwarded-*`, `Accept`, `Cookie` and the query never
//! change a response.

use std::borrow::Cow;
use std::cell::OnceCell;

use actix_web::dev::RequestHead;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
    TRANSFER_ENCODING, UPGRADE,
};
use actix_web::http::{ConnectionType, Method};

use super::negotiate;
use crate::document::Encoding;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Response with a body.
    Get,
    /// Response without a body.
    Head,
    /// Sent by browsers before a page of another origin may poll (CORS preflight).
    Options,
}

impl Verb {
    /// The verb of a method; `None` means 405.
    pub(crate) fn of(method: &Method) -> Option<Self> {
        match *method {
            Method::GET => Some(Self::Get),
            Method::HEAD => Some(Self::Head),
            Method::OPTIONS => Some(Self::Options),
            _ => None,
        }
    }
}

/// Whether this is the last request to read from the connection, because the client says so or
/// because it sent a body. We never need a body, and request smuggling relies on servers that
/// disagree about where a body ends.
pub(crate) fn is_last(head: &RequestHead) -> bool {
    let has_length = || head.headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    head.connection_type() != ConnectionType::KeepAlive
        || head.method == Method::CONNECT
        || head.headers.contains_key(TRANSFER_ENCODING)
        || head.headers.contains_key(UPGRADE)
        || has_length()
}

/// The request headers that a response depends on.
#[derive(Debug)]
pub(crate) struct RequestHeaders<'a> {
    /// GET or HEAD; OPTIONS is answered earlier.
    pub verb: Verb,
    headers: &'a HeaderMap,
    encoding: OnceCell<Encoding>,
}

impl<'a> RequestHeaders<'a> {
    /// Wraps the headers of a GET or HEAD request.
    pub(crate) fn new(verb: Verb, headers: &'a HeaderMap) -> Self {
        Self { verb, headers, encoding: OnceCell::new() }
    }

    /// The content coding that the client prefers.
    pub(crate) fn encoding(&self) -> Encoding {
        *self.encoding.get_or_init(|| negotiate::encoding(self.line(&ACCEPT_ENCODING).as_deref()))
    }

    /// All `If-None-Match` lines, joined.
    pub(crate) fn if_none_match(&self) -> Option<Cow<'a, str>> {
        self.line(&IF_NONE_MATCH)
    }

    /// `If-Modified-Since`.
    pub(crate) fn if_modified_since(&self) -> Option<Cow<'a, str>> {
        self.line(&IF_MODIFIED_SINCE)
    }

    /// `Range`, which is defined only for GET (RFC 9110, 14.2).
    pub(crate) fn range(&self) -> Option<Cow<'a, str>> {
        if self.verb == Verb::Get { self.line(&RANGE) } else { None }
    }

    /// `If-Range`.
    pub(crate) fn if_range(&self) -> Option<Cow<'a, str>> {
        self.line(&IF_RANGE)
    }

    /// All lines of a header, joined with commas. Invalid UTF-8 is replaced, not dropped: an
    /// unreadable ETag is still an ETag and takes precedence over a date.
    fn line(&self, name: &HeaderName) -> Option<Cow<'a, str>> {
        let text = |bytes| str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let mut lines = self.headers.get_all(name).map(|line| text(line.as_bytes()));
        let first = lines.next()?;
        Some(lines.fold(first, |joined, line| joined + ", " + line))
    }
}
