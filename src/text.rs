//! Text, addresses and languages that every format can carry.
//!
//! The only way to make one is through a constructor that takes out what XML,
//! a URI or a language tag cannot hold: the `rss` and `atom_syndication`
//! crates would write it, and read it back content.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

/// Text that XML 1.0 can carry and the W3C validator does not warn of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(Arc<str>);

impl Text {
    /// The text of one line: white space folded, what XML forbids taken out.
    pub fn line(text: &str) -> Self {
        let mut line = String::with_capacity(text.len());
        for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
            let before = line.len();
            if before > 0 {
                line.push(' ');
            }
            let word_at = line.len();
            line.extend(word.chars().filter(|&c| is_carried(c)));
            if line.len() == word_at {
                line.truncate(before);
            }
        }
        Self(line.into())
    }

    /// The text with its lines as they are, what XML forbids taken out.
    pub fn lines(text: &str) -> Self {
        if text.chars().all(is_carried) {
            return Self(text.into());
        }
        Self(text.chars().filter(|&c| is_carried(c)).collect::<String>().into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What text of one line may hold of HTML's references; `&amp;` comes last, so
/// that nothing is decoded twice.
const ENTITIES: &[(&str, &str)] =
    &[("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];

/// The text of a line that may hold mark-up: tags go, the five entities of XML
/// and the non-breaking space are what they stand for.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        if let Some(end) = rest[at..].find('>').filter(|_| is_tag) {
            rest = &rest[at + end + 1..];
        } else {
            plain.push('<');
            rest = &rest[at + 1..];
        }
    }
    plain.push_str(rest);
    if plain.contains('&') {
        for (entity, character) in ENTITIES {
            plain = plain.replace(entity, character);
        }
    }
    plain
}

/// Whether a character may stand in a document: what XML 1.0 allows (section
/// 2.2), without C1 controls and U+FFFD, which the W3C validator warns of.
pub fn is_carried(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}' => false,
        // The last two of every plane are no characters.
        c => (c as u32) & 0xfffe != 0xfffe,
    }
}

/// An absolute http, https or mailto address in ASCII.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

/// What a path keeps besides letters and digits: everything else, and every
/// `%` that starts no escape, is percent-encoded.
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
    /// The address that `reference`, as an author wrote it, has where `base`
    /// is the document it stands in. None where it leads to no http, https or
    /// mailto address.
    pub fn join(base: &Self, reference: &str) -> Option<Self> {
        Url::parse(&base.0).ok()?.join(reference.trim()).ok().and_then(|url| Self::of(&url))
    }

    /// The absolute address in `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Url::parse(text.trim()).ok().and_then(|url| Self::of(&url))
    }

    fn of(url: &Url) -> Option<Self> {
        match url.scheme() {
            "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => {}
            "mailto" => {}
            _ => return None,
        }
        // The url crate leaves some characters that RFC 3986 does not allow
        // and the validator calls InvalidUriChar.
        let mut ascii = String::with_capacity(url.as_str().len());
        for c in url.as_str().nfc() {
            match c {
                '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | ' ' => escape(c, &mut ascii),
                '[' | ']' if url.host_str().is_none_or(|host| !host.starts_with('[')) => {
                    escape(c, &mut ascii);
                }
                c if c.is_ascii_control() || !c.is_ascii() => escape(c, &mut ascii),
                c => ascii.push(c),
            }
        }
        Some(Self(ascii.into()))
    }

    /// The address of `path` below this one, which ends in a slash; the path
    /// is text, not yet encoded.
    #[must_use]
    pub fn below(&self, path: &str) -> Self {
        Self(format!("{}{}", self.0, encode_path(path)).into())
    }

    /// The address of `path` below this one, which ends in a slash; the path
    /// is ASCII that needs no encoding.
    #[must_use]
    pub fn child(&self, path: &str) -> Self {
        debug_assert!(path.is_ascii());
        Self(format!("{}{path}", self.0).into())
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its path, query and all, from the first slash after the host.
    pub fn path(&self) -> &str {
        let rest = self.0.find("://").map_or(&*self.0, |at| &self.0[at + 3..]);
        rest.find('/').map_or("/", |at| &rest[at..])
    }
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

fn escape(c: char, into: &mut String) {
    use fmt::Write as _;
    let mut bytes = [0; 4];
    for byte in c.encode_utf8(&mut bytes).bytes() {
        // Writing to a String cannot fail.
        let _ = write!(into, "%{byte:02X}");
    }
}

/// A path of text, percent-encoded: NFC, UTF-8, upper-case hex, slashes kept.
pub fn encode_path(path: &str) -> String {
    let composed: String = path.nfc().collect();
    utf8_percent_encode(&composed, IN_PATH).to_string()
}

/// A percent-encoded path as text in NFC; none where it is no UTF-8 or holds
/// a NUL.
pub fn decode_path(path: &str) -> Option<String> {
    let text = percent_decode_str(path).decode_utf8().ok()?;
    (!text.contains('\0')).then(|| text.nfc().collect())
}

/// A language tag that the W3C validator accepts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Arc<str>);

impl Language {
    /// The tag in `text`, with hyphens and its parts in their usual case:
    /// `zh_cn` is `zh-CN`, `english` is none. The validator knows two- and
    /// three-letter primary subtags only (validity.md, G10).
    pub fn parse(text: &str) -> Option<Self> {
        // What the validator's ISO 639 list lacks, by what it has.
        const REPLACED: &[(&str, &str)] = &[
            ("iw", "he"),
            ("in", "id"),
            ("ji", "yi"),
            ("cmn", "zh"),
            ("yue", "zh"),
            ("cn", "zh"),
            ("jp", "ja"),
            ("kr", "ko"),
            ("cz", "cs"),
        ];
        let text = text.trim();
        let text = text.split('.').next().unwrap_or(text);
        let mut tag = String::new();
        for (position, part) in text.split(['-', '_']).enumerate() {
            if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            let lower = part.to_ascii_lowercase();
            if position == 0 {
                if !(2..=3).contains(&lower.len()) || !lower.bytes().all(|b| b.is_ascii_lowercase()) {
                    return None;
                }
                tag.push_str(REPLACED.iter().find(|(old, _)| *old == lower).map_or(&lower, |(_, new)| new));
            } else {
                tag.push('-');
                match part.len() {
                    2 => tag.push_str(&part.to_ascii_uppercase()),
                    4 if lower.bytes().all(|b| b.is_ascii_lowercase()) => {
                        tag.push_str(&lower[..1].to_ascii_uppercase());
                        tag.push_str(&lower[1..]);
                    }
                    _ => tag.push_str(&lower),
                }
            }
        }
        Some(Self(tag.into()))
    }

    /// What is said where nothing is known: `und` (RFC 5646).
    pub fn undetermined() -> Self {
        Self("und".into())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_holds_nothing_that_xml_cannot_carry() {
        let hostile = "a\u{0}b\u{8}c\u{b}d\u{fffe}e\u{1ffff}f\u{85}g\u{fffd}h\ti\nj";
        assert_eq!(Text::lines(hostile).as_str(), "abcdefgh\ti\nj");
        assert_eq!(Text::line(" a\u{0}b\n\u{fffd}\n c ").as_str(), "a b c");
    }

    #[test]
    fn addresses_are_absolute_and_ascii() {
        let base = Address::parse("https://例え.jp/一/二.html").unwrap();
        assert_eq!(base.as_str(), "https://xn--r8jz45g.jp/%E4%B8%80/%E4%BA%8C.html");
        let join = |reference| Address::join(&base, reference).map(|a| a.as_str().to_owned());
        assert_eq!(join("三.png?a=[b]|c").unwrap(), "https://xn--r8jz45g.jp/%E4%B8%80/%E4%B8%89.png?a=%5Bb%5D%7Cc");
        assert_eq!(join("//x.example/a b").unwrap(), "https://x.example/a%20b");
        assert_eq!(join("javascript:alert(1)"), None);
        assert_eq!(join("data:image/png;base64,AA"), None);
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
    fn language_tags_are_mended_or_refused() {
        let tag = |text| Language::parse(text).map(|language| language.as_str().to_owned());
        assert_eq!(tag("zh_cn").unwrap(), "zh-CN");
        assert_eq!(tag("zh-hant-tw").unwrap(), "zh-Hant-TW");
        assert_eq!(tag("en_US.UTF-8").unwrap(), "en-US");
        assert_eq!(tag("iw").unwrap(), "he");
        assert_eq!(tag("english"), None);
        assert_eq!(tag(""), None);
    }
}
