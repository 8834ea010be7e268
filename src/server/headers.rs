//! Response headers and the values that several responses share.
//!
//! Each header has a comment that says which client or proxy needs it.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY,
    HeaderName, HeaderValue, REFERRER_POLICY, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use bytes::Bytes;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};

use crate::document::Encoding;

/// Header lines, stored as they are sent. With a `HeaderMap` of Actix, a response would take an
/// eighth (304) to a fifth (gzip) more instructions, see `connection`.
#[derive(Debug, Clone)]
pub(crate) struct Headers(Vec<u8>);

impl Headers {
    /// No lines yet.
    pub(crate) fn new() -> Self {
        // The eleven header lines of a feed fit into this.
        Self(Vec::with_capacity(512))
    }

    /// Adds a line whose value we know to be valid.
    pub(crate) fn line(&mut self, name: &HeaderName, value: impl AsRef<[u8]>) {
        for part in [name.as_str().as_bytes(), b": ", value.as_ref(), b"\r\n"] {
            self.0.extend_from_slice(part);
        }
    }

    /// Adds a line whose value comes from a file, and returns whether it was valid. An invalid
    /// value is left out, because it could inject headers.
    pub(crate) fn line_if_valid(&mut self, name: &HeaderName, value: &str) -> bool {
        // Field values of RFC 9110, 5.5, restricted to ASCII.
        let is_one = value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
        if is_one {
            self.line(name, value);
        }
        is_one
    }

    /// The names, in lower case, and values of all lines.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = str::from_utf8(&self.0).unwrap_or_default();
        text.split_terminator("\r\n").filter_map(|line| line.split_once(": "))
    }

    /// All lines, followed by the empty line that ends the head.
    pub(crate) fn closed(mut self) -> Bytes {
        self.0.extend_from_slice(b"\r\n");
        self.0.into()
    }
}

const fn static_headers(value: &'static str) -> HeaderValue {
    HeaderValue::from_static(value)
}

/// For pages. `public` would change nothing, because there is no authentication; feeds have it
/// nevertheless (docs/decisions/wire.md#cache-control-of-feeds).
pub(crate) const A_MINUTE: HeaderValue = static_headers("max-age=60");
/// For 404 and 410. It is short, because authors fix broken links.
pub(crate) const FIVE_MINUTES: HeaderValue = static_headers("max-age=300");
/// For redirects and files.
pub(crate) const A_DAY: HeaderValue = static_headers("max-age=86400");
/// For responses that are only valid now, such as `/readyz`.
pub(crate) const NOT_AT_ALL: HeaderValue = static_headers("no-store");

/// For short messages.
pub(crate) const PLAIN: HeaderValue = static_headers("text/plain; charset=utf-8");
/// For health and status.
pub(crate) const JSON: HeaderValue = static_headers("application/json");

/// The methods that every public URL supports.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Headers of every response. `Vary` is also sent with uncompressed responses and errors, because a
/// cache would otherwise serve them to every client. It contains nothing else, because Akamai does
/// not cache responses with other values (docs/decisions/wire.md#vary-by-accept-encoding-only).
pub(crate) fn common() -> Headers {
    let mut headers = Headers::new();
    headers.line(&VARY, static_headers("Accept-Encoding"));
    headers.line(&X_CONTENT_TYPE_OPTIONS, static_headers("nosniff"));
    headers
}

/// Adds `Allow`, for 405 and OPTIONS.
pub(crate) fn allow(headers: &mut Headers) {
    headers.line(&ALLOW, static_headers(METHODS));
}

/// Adds `Retry-After`, for 503. It is in seconds, because some readers do not parse a date here
/// (docs/decisions/wire.md#retry-after-is-in-seconds).
pub(crate) fn try_again(headers: &mut Headers) {
    headers.line(&RETRY_AFTER, static_headers("5"));
}

/// Lets readers that run in a browser fetch the response (CORS).
pub(crate) fn open(headers: &mut Headers) {
    headers.line(&ACCESS_CONTROL_ALLOW_ORIGIN, static_headers("*"));
}

/// Also lets them read the validators, which they need for conditional requests.
pub(crate) fn open_with_validators(headers: &mut Headers) {
    open(headers);
    headers.line(&ACCESS_CONTROL_EXPOSE_HEADERS, static_headers("ETag, Last-Modified"));
}

/// Answers the preflight of a browser that wants to send headers to another origin.
pub(crate) fn preflight(headers: &mut Headers) {
    open(headers);
    headers.line(&ACCESS_CONTROL_ALLOW_METHODS, static_headers(METHODS));
    // The asterisk does not include `Authorization`, and older browsers do not know it.
    let allowed = "*, Authorization, If-None-Match, If-Modified-Since";
    headers.line(&ACCESS_CONTROL_ALLOW_HEADERS, static_headers(allowed));
    headers.line(&ACCESS_CONTROL_MAX_AGE, static_headers("86400"));
}

/// For feeds. Chromium ran an XHTML script in a feed that it displayed
/// (docs/decisions/wire.md#security-headers-of-feeds). The style sheet of a feed is our own.
pub(crate) fn guard_feed(headers: &mut Headers) {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";
    headers.line(&CONTENT_SECURITY_POLICY, static_headers(policy));
}

/// For pages (docs/decisions/wire.md#security-headers-of-pages). Some Chinese image hosts serve
/// their images only to requests without a referrer (docs/decisions/wire.md#no-referrer).
pub(crate) fn guard_page(headers: &mut Headers) {
    let policy = "default-src 'none'; img-src https: http: data:; media-src https: http:; style-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    headers.line(&CONTENT_SECURITY_POLICY, static_headers(policy));
    headers.line(&REFERRER_POLICY, static_headers("no-referrer"));
}

/// For a media file of a type that needs more than `nosniff`. SVG can contain scripts when it is opened as a document,
/// and an EPUB is an archive of pages. The viewers of browsers for PDF give its scripts no access to the site, and do not
/// work in a sandbox.
pub(crate) fn guard_media(headers: &mut Headers, media_type: &str) {
    match media_type {
        "image/svg+xml" => {
            let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
            headers.line(&CONTENT_SECURITY_POLICY, static_headers(policy));
        }
        "application/epub+zip" | "application/zip" => {
            headers.line(&CONTENT_DISPOSITION, static_headers("attachment"));
        }
        _ => {}
    }
}

/// The value of `Content-Encoding`; `None` for identity.
pub(crate) fn content_encoding(encoding: Encoding) -> Option<HeaderValue> {
    match encoding {
        Encoding::Identity => None,
        Encoding::Gzip => Some(static_headers("gzip")),
        Encoding::Brotli => Some(static_headers("br")),
    }
}

/// Formats an instant as RFC 9110, 5.6.7 requires. The formatter of chrono takes as long as
/// everything else in a 304.
pub(crate) fn http_date(instant: DateTime<Utc>) -> Option<[u8; 29]> {
    const DAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    const MONTHS: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    // The format has four digits for the year.
    let year = u32::try_from(instant.year()).ok().filter(|year| *year < 10_000)?;
    let mut text = *b"Day, 00 Mon 0000 00:00:00 GMT";
    let mut two = |at: usize, number: u32| {
        let digits = [number / 10 % 10, number % 10];
        for (place, digit) in text[at..at + 2].iter_mut().zip(digits) {
            // A digit always fits in a byte.
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
    fn dates_have_the_format_of_the_rfc() {
        for second in [0, 784_111_777, 951_782_400, 1_709_164_799, 1_767_225_599, 253_402_300_799, -1] {
            let instant = DateTime::from_timestamp(second, 0).unwrap();
            let wanted = instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            assert_eq!(http_date(instant).unwrap(), wanted.as_bytes());
        }
        assert_eq!(http_date(DateTime::from_timestamp(253_402_300_800, 0).unwrap()), None);
        assert_eq!(http_date(DateTime::<Utc>::MIN_UTC), None);
    }
}
