//! Text, addresses and languages that every format can carry.
//!
//! The only way to make one is through a constructor that takes out what XML,
//! a URI or a language tag cannot hold: the `rss` and `atom_syndication`
//! crates would write it, and read it back content.

use std::fmt;
use std::sync::Arc;

mod address;
mod language;
mod printable;
mod mojibake;
mod uri;

pub use address::{Address, decode_path, encode_path, normal_path};
pub use language::Language;
pub use mojibake::encoded_twice;
pub use printable::{printable, printable_json};
pub use uri::is_canonical_uri;

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
        Self(apart(line).into())
    }

    /// The text with its lines as they are, what XML forbids taken out.
    pub fn lines(text: &str) -> Self {
        Self(apart(text.chars().filter(|&c| is_carried(c)).collect()).into())
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

/// What looks encoded twice, with an invisible word joiner in each pair: nobody
/// sees a difference, and nobody's words change.
fn apart(text: String) -> String {
    let pairs = encoded_twice(&text);
    if pairs.is_empty() {
        return text;
    }
    let mut joined = String::with_capacity(text.len() + pairs.len() * 3);
    let mut from = 0;
    for at in pairs {
        joined.push_str(&text[from..at]);
        joined.push('\u{2060}');
        from = at;
    }
    joined.push_str(&text[from..]);
    joined
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
/// 2.2), without C1 controls, U+FFFD and noncharacters, which the W3C
/// validator warns of, as of HTML that holds them.
pub fn is_carried(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}' | '\u{fdd0}'..='\u{fdef}' => false,
        // The last two of every plane are no characters.
        c => (c as u32) & 0xfffe != 0xfffe,
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
        assert_eq!(Text::line("CafÃ© & é").as_str(), "CafÃ\u{2060}© & é");
    }
}
