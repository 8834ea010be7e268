//! What is asked: the headers of a request that decide an answer.
//!
//! Knows the headers' names and which methods there are. Looks at nothing
//! else: Host, X-Forwarded-*, Accept, Cookie and the query change no answer.

use std::borrow::Cow;

use actix_web::dev::RequestHead;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
    TRANSFER_ENCODING, UPGRADE,
};
use actix_web::http::{ConnectionType, Method};

/// The methods that documents answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// With a body.
    Get,
    /// The same without one.
    Head,
    /// What browsers ask before they let a page of another origin poll.
    Options,
}

impl Verb {
    /// The verb of a method, unless it is 405.
    pub fn of(method: &Method) -> Option<Self> {
        match *method {
            Method::GET => Some(Self::Get),
            Method::HEAD => Some(Self::Head),
            Method::OPTIONS => Some(Self::Options),
            _ => None,
        }
    }
}

/// Whether nothing more is to be read from a connection after this request:
/// the client says so, or it sent a body. No answer needs one, and where it
/// ends is what those disagree about who smuggle requests.
pub fn is_last(head: &RequestHead) -> bool {
    let has_length = || head.headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    head.connection_type() != ConnectionType::KeepAlive
        || head.method == Method::CONNECT
        || head.headers.contains_key(TRANSFER_ENCODING)
        || head.headers.contains_key(UPGRADE)
        || has_length()
}

/// A request as an answer needs it.
#[derive(Debug)]
pub struct RequestHeaders<'a> {
    /// GET or HEAD: who asks for OPTIONS is answered before.
    pub verb: Verb,
    headers: &'a HeaderMap,
}

impl<'a> RequestHeaders<'a> {
    /// The request with these headers.
    pub fn new(verb: Verb, headers: &'a HeaderMap) -> Self {
        Self { verb, headers }
    }

    /// All lines of `Accept-Encoding`.
    pub fn accept_encoding(&self) -> Option<Cow<'a, str>> {
        self.line(&ACCEPT_ENCODING)
    }

    /// All lines of `If-None-Match`.
    pub fn if_none_match(&self) -> Option<Cow<'a, str>> {
        self.line(&IF_NONE_MATCH)
    }

    /// `If-Modified-Since`.
    pub fn if_modified_since(&self) -> Option<Cow<'a, str>> {
        self.line(&IF_MODIFIED_SINCE)
    }

    /// `Range`, which is defined for GET alone (RFC 9110, 14.2).
    pub fn range(&self) -> Option<Cow<'a, str>> {
        if self.verb == Verb::Get { self.line(&RANGE) } else { None }
    }

    /// `If-Range`.
    pub fn if_range(&self) -> Option<Cow<'a, str>> {
        self.line(&IF_RANGE)
    }

    /// All lines of a header, joined. Bytes that are no text stay something:
    /// a tag that cannot be read is a tag nonetheless.
    fn line(&self, name: &HeaderName) -> Option<Cow<'a, str>> {
        let text = |bytes| str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let mut lines = self.headers.get_all(name).map(|line| text(line.as_bytes()));
        let first = lines.next()?;
        Some(lines.fold(first, |joined, line| joined + ", " + line))
    }
}
