//! What is asked: the headers of a request that decide an answer.
//!
//! Knows the headers' names and which methods there are. Looks at nothing
//! else: Host, X-Forwarded-*, Accept, Cookie and the query change no answer.

use std::borrow::Cow;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
};

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

/// A request as an answer needs it.
#[derive(Debug)]
pub struct Asked<'a> {
    /// GET or HEAD: who asks for OPTIONS is answered before.
    pub verb: Verb,
    headers: &'a HeaderMap,
}

impl<'a> Asked<'a> {
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
        let mut lines = self.headers.get_all(name).map(|line| String::from_utf8_lossy(line.as_bytes()));
        let first = lines.next()?;
        Some(lines.fold(first, |joined, line| joined + ", " + line))
    }
}
