//! URLs that are absolute, ASCII and percent-encoded, and the encoding of their paths.
//!
//! They follow RFC 3986 and the stricter rules of the W3C validator and some readers.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode_byte, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

/// An absolute http, https or mailto URL in ASCII, or another one made by [`Address::beyond`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

/// The characters that are percent-encoded in a path.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Address {
    /// Resolves `reference`, as an author wrote it, against the URL of the document that contains it.
    /// Returns `None` if the result is not an http, https or mailto URL.
    pub(crate) fn join(base: &Self, reference: &str) -> Option<Self> {
        Url::parse(&base.0).ok()?.join(reference.trim()).ok().and_then(|url| Self::of(&url))
    }

    /// Parses an absolute URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Url::parse(text.trim()).ok().and_then(|url| Self::of(&url))
    }

    /// Parses a URL that does not lead to a web page but may occur in a link, for example a telephone
    /// number or an FTP server.
    pub(crate) fn beyond(reference: &str) -> Option<Self> {
        let url = Url::parse(reference.trim()).ok()?;
        matches!(url.scheme(), "tel" | "sms" | "ftp" | "xmpp" | "news" | "geo" | "sip").then(|| Self::written(&url))
    }

    fn of(url: &Url) -> Option<Self> {
        match url.scheme() {
            "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => {}
            "mailto" => {}
            _ => return None,
        }
        Some(Self::written(url))
    }

    fn written(url: &Url) -> Self {
        // The url crate leaves some characters that RFC 3986 does not allow and that the validator reports
        // as `InvalidUriChar`. It also keeps escapes as written, for example in lower case.
        let composed: String = url.as_str().nfc().collect();
        let mut ascii = String::with_capacity(composed.len());
        for (at, c) in composed.char_indices() {
            match c {
                '%' => match composed.as_bytes().get(at + 1..at + 3) {
                    Some(hex) if hex.iter().all(u8::is_ascii_hexdigit) => ascii.push('%'),
                    _ => ascii.push_str("%25"),
                },
                c if c.is_ascii_lowercase() && is_hex_of_escape(&composed, at) => ascii.push(c.to_ascii_uppercase()),
                '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | ' ' => escape(c, &mut ascii),
                '[' | ']' if url.host_str().is_none_or(|host| !host.starts_with('[')) => {
                    escape(c, &mut ascii);
                }
                c if c.is_ascii_control() || !c.is_ascii() => escape(c, &mut ascii),
                c => ascii.push(c),
            }
        }
        Self(ascii.into())
    }

    /// Appends a path to this URL, which must end in a slash. The path is text that is not encoded yet.
    #[must_use]
    pub(crate) fn below(&self, path: &str) -> Self {
        Self(format!("{}{}", self.0, encode_path(path)).into())
    }

    /// Appends a path to this URL, which must end in a slash. The path is ASCII that needs no encoding.
    #[must_use]
    pub(crate) fn child(&self, path: &str) -> Self {
        debug_assert!(path.is_ascii());
        Self(format!("{}{path}", self.0).into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether RSS enclosures may use the host of this URL: a name with a dot or an IPv4 address,
    /// without user and without underscores. The validator rejects other hosts.
    /// See docs/decisions/validity.md#r8-enclosures.
    pub(crate) fn has_plain_host(&self) -> bool {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return false;
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let host = authority.split(':').next().unwrap_or_default();
        matches!(scheme, "http" | "https")
            && host.contains('.')
            && !host.ends_with(['.'])
            && host
                .split('.')
                .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
            && !host.rsplit('.').next().is_some_and(|top| top.starts_with('-'))
    }

    /// Returns the path including the query, from the first slash after the host.
    pub(crate) fn path(&self) -> &str {
        let rest = self.0.find("://").map_or(&*self.0, |at| &self.0[at + 3..]);
        rest.find('/').map_or("/", |at| &rest[at..])
    }
}

/// Returns the host of an absolute URL, with its port, and without user info.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Returns whether the byte at `at` is a digit of an escape such as `%e4`.
fn is_hex_of_escape(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let is_escape = |start: usize| {
        bytes.get(start) == Some(&b'%')
            && bytes.get(start + 1..start + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    // A `%` is not a digit, so escapes do not overlap.
    at.checked_sub(1).is_some_and(is_escape) || at.checked_sub(2).is_some_and(is_escape)
}

fn escape(c: char, into: &mut String) {
    into.extend(c.encode_utf8(&mut [0; 4]).bytes().map(percent_encode_byte));
}

/// Encodes a path: NFC, UTF-8, percent-encoded in upper case. Slashes are kept.
pub(crate) fn encode_path(path: &str) -> String {
    utf8_percent_encode(&composed(path), IN_PATH).to_string()
}

/// Returns a text in NFC. ASCII is, and most paths are ASCII.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Percent-encodes a text as the value of a parameter.
pub(crate) fn encode_query_value(value: &str) -> String {
    const IN_VALUE: &AsciiSet = &IN_PATH.add(b'&').add(b'+').add(b'=');
    utf8_percent_encode(value, IN_VALUE).to_string()
}

/// Decodes a percent-encoded path to text in NFC. Returns `None` if it is not UTF-8 or contains NUL.
pub(crate) fn decode_path(path: &str) -> Option<String> {
    let text = percent_decode_str(path).decode_utf8().ok()?;
    (!text.contains('\0')).then(|| composed(&text).into_owned())
}

/// Returns a path without `.`, `..` and empty segments; `None` if it leads above its root.
pub(crate) fn normal_path(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_absolute_and_ascii() {
        let base = Address::parse("https://例え.jp/一/二.html").unwrap();
        assert_eq!(base.as_str(), "https://xn--r8jz45g.jp/%E4%B8%80/%E4%BA%8C.html");
        let join = |reference| Address::join(&base, reference).map(|a| a.as_str().to_owned());
        assert_eq!(join("三.png?a=[b]|c").unwrap(), "https://xn--r8jz45g.jp/%E4%B8%80/%E4%B8%89.png?a=%5Bb%5D%7Cc");
        assert_eq!(join("//x.example/a b").unwrap(), "https://x.example/a%20b");
        assert_eq!(join("/100%/%e4%zz").unwrap(), "https://xn--r8jz45g.jp/100%25/%E4%25zz");
        assert_eq!(join("/de%ad%BE%ef").unwrap(), "https://xn--r8jz45g.jp/de%AD%BE%EF");
        assert_eq!(join("javascript:alert(1)"), None);
        let beyond = |reference| Address::beyond(reference).map(|address| address.as_str().to_owned());
        assert_eq!(beyond("tel:+49 30 1").unwrap(), "tel:+49%2030%201");
        assert_eq!(beyond("ftp://例え.jp/a b").unwrap(), "ftp://xn--r8jz45g.jp/a%20b");
        assert_eq!((beyond("javascript:alert(1)"), beyond("data:text/html,x"), beyond("a/b")), (None, None, None));
        assert_eq!(join("data:image/png;base64,AA"), None);
    }

    #[test]
    fn hosts_for_enclosures_are_recognised() {
        let plain = |text: &str| Address::parse(text).unwrap().has_plain_host();
        for address in
            ["https://example.org/a", "http://1.2.3.4:80/", "https://例え.jp/", "http://a-b.c.example:81/x?y"]
        {
            assert!(plain(address), "{address}");
        }
        for address in [
            "http://localhost:4000/a",
            "http://[::1]/a",
            "https://my_bucket.example.org/a",
            "https://user@example.org/a",
            "https://example.org./a",
            "https://example.-org/a",
        ] {
            assert!(!plain(address), "{address}");
        }
    }

    #[test]
    fn a_path_survives_encoding_and_decoding() {
        let path = "新 媒体/50%/a#b?.md";
        assert_eq!(decode_path(&encode_path(path)).unwrap(), path);
        assert_eq!(decode_path("%FF"), None);
        assert_eq!(decode_path("a%00"), None);
        assert_eq!(decode_path("e%CC%81").unwrap(), "é");
    }

    #[test]
    fn a_path_that_leads_above_its_root_is_rejected() {
        assert_eq!(normal_path("a/./b/../c//d").as_deref(), Some("a/c/d"));
        assert_eq!(normal_path("a/../../b"), None);
    }
}
