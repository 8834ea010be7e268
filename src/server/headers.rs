//! The headers of answers, in the words that go over the wire.
//!
//! Knows who reads them and why they are there. Knows no document.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue,
    REFERRER_POLICY, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use bytes::Bytes;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};

use crate::document::Encoding;

/// Header lines in the order they are sent, as they go over the wire. A map of
/// them, as Actix has it, would cost more than all else an answer needs.
#[derive(Debug, Clone)]
pub struct Headers(Vec<u8>);

impl Headers {
    /// None yet.
    pub fn new() -> Self {
        // A feed has eleven lines in so many bytes.
        Self(Vec::with_capacity(512))
    }

    /// Adds a line of our own words.
    pub fn line(&mut self, name: &HeaderName, value: impl AsRef<[u8]>) {
        for part in [name.as_str().as_bytes(), b": ", value.as_ref(), b"\r\n"] {
            self.0.extend_from_slice(part);
        }
    }

    /// Adds a line, and tells whether it is one: nothing that came from a file
    /// is trusted to be a header, and what is none is left out.
    pub fn told(&mut self, name: &HeaderName, value: &str) -> bool {
        // RFC 9110, 5.5, without bytes that are no ASCII.
        let is_one = value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
        if is_one {
            self.line(name, value);
        }
        is_one
    }

    /// Names in small letters, and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = str::from_utf8(&self.0).unwrap_or_default();
        text.split_terminator("\r\n").filter_map(|line| line.split_once(": "))
    }

    /// All of them, with the empty line at their end.
    pub fn closed(mut self) -> Bytes {
        self.0.extend_from_slice(b"\r\n");
        self.0.into()
    }
}

const fn static_headers(value: &'static str) -> HeaderValue {
    HeaderValue::from_static(value)
}

/// Pages, in PRODUCT's times. `public` adds nothing to an answer that nobody
/// signs in for; on feeds wire.md, 17 asks for it.
pub const A_MINUTE: HeaderValue = static_headers("max-age=60");
/// 404 and 410: short, since authors mend what readers miss.
pub const FIVE_MINUTES: HeaderValue = static_headers("max-age=300");
/// Redirects and files.
pub const A_DAY: HeaderValue = static_headers("max-age=86400");
/// What is true only now.
pub const NOT_AT_ALL: HeaderValue = static_headers("no-store");

/// `text/plain` for the few words of our own.
pub const PLAIN: HeaderValue = static_headers("text/plain; charset=utf-8");
/// JSON.
pub const JSON: HeaderValue = static_headers("application/json");

/// The methods of every public address.
pub const METHODS: &str = "GET, HEAD, OPTIONS";

/// Lines that every answer has. Vary stands on identity and on errors too, or
/// a cache would hand them to everybody; and it names nothing else, since
/// Akamai keeps no answer that varies by more (wire.md, 28).
pub fn common() -> Headers {
    let mut headers = Headers::new();
    headers.line(&VARY, static_headers("Accept-Encoding"));
    headers.line(&X_CONTENT_TYPE_OPTIONS, static_headers("nosniff"));
    headers
}

/// `Allow` of a 405 and of OPTIONS.
pub fn allow(headers: &mut Headers) {
    headers.line(&ALLOW, static_headers(METHODS));
}

/// `Retry-After` of a 503, in seconds: there are readers that parse no dates
/// here (wire.md, 21).
pub fn try_again(headers: &mut Headers) {
    headers.line(&RETRY_AFTER, static_headers("5"));
}

/// Lets readers that run in a browser have the answer.
pub fn open(headers: &mut Headers) {
    headers.line(&ACCESS_CONTROL_ALLOW_ORIGIN, static_headers("*"));
}

/// Lets them see the validators, without which they cannot poll conditionally.
pub fn open_with_validators(headers: &mut Headers) {
    open(headers);
    headers.line(&ACCESS_CONTROL_EXPOSE_HEADERS, static_headers("ETag, Last-Modified"));
}

/// What a browser asks before it sends validators to another origin.
pub fn preflight(headers: &mut Headers) {
    open(headers);
    headers.line(&ACCESS_CONTROL_ALLOW_METHODS, static_headers(METHODS));
    headers.line(&ACCESS_CONTROL_ALLOW_HEADERS, static_headers("If-None-Match, If-Modified-Since"));
    headers.line(&ACCESS_CONTROL_MAX_AGE, static_headers("86400"));
}

/// On feeds: an XHTML script in a feed shown by a browser ran in Chromium
/// (wire.md, 80). Their style sheet is ours.
pub fn guard_feed(headers: &mut Headers) {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";
    headers.line(&CONTENT_SECURITY_POLICY, static_headers(policy));
}

/// On pages (wire.md, 81). Without a referrer Chinese image hosts show their
/// pictures (wire.md, 60).
pub fn guard_page(headers: &mut Headers) {
    let policy = "default-src 'none'; img-src https: http: data:; style-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    headers.line(&CONTENT_SECURITY_POLICY, static_headers(policy));
    headers.line(&REFERRER_POLICY, static_headers("no-referrer"));
}

/// On SVG, which is a document with scripts when it is opened by itself.
pub fn guard_svg(headers: &mut Headers) {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    headers.line(&CONTENT_SECURITY_POLICY, static_headers(policy));
}

/// The value of `Content-Encoding`, which identity has none of.
pub fn content_encoding(encoding: Encoding) -> Option<HeaderValue> {
    match encoding {
        Encoding::Identity => None,
        Encoding::Gzip => Some(static_headers("gzip")),
        Encoding::Brotli => Some(static_headers("br")),
    }
}

/// An instant as RFC 9110, 5.6.7 writes it. Written by hand since chrono's
/// formatter takes as long as the rest of a 304.
pub fn http_date(instant: DateTime<Utc>) -> Option<[u8; 29]> {
    const DAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    const MONTHS: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    // The form has four digits for the year.
    let year = u32::try_from(instant.year()).ok().filter(|year| *year < 10_000)?;
    let mut text = *b"Day, 00 Mon 0000 00:00:00 GMT";
    let mut two = |at: usize, number: u32| {
        let digits = [number / 10 % 10, number % 10];
        for (place, digit) in text[at..at + 2].iter_mut().zip(digits) {
            // A digit fits a byte.
            *place = b'0' + u8::try_from(digit).unwrap_or(0);
        }
    };
    two(5, instant.day());
    two(12, year / 100);
    two(14, year);
    two(17, instant.hour());
    two(20, instant.minute());
    two(23, instant.second());
    text[..3].copy_from_slice(DAYS[instant.weekday().num_days_from_monday() as usize]);
    text[8..11].copy_from_slice(MONTHS[instant.month0() as usize]);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_the_rfc_has_it() {
        for second in [0, 784_111_777, 951_782_400, 1_709_164_799, 1_767_225_599, 253_402_300_799, -1] {
            let instant = DateTime::from_timestamp(second, 0).unwrap();
            let wanted = instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            assert_eq!(http_date(instant).unwrap(), wanted.as_bytes());
        }
        assert_eq!(http_date(DateTime::from_timestamp(253_402_300_800, 0).unwrap()), None);
        assert_eq!(http_date(DateTime::<Utc>::MIN_UTC), None);
    }
}
