//! Text, URLs and languages that every format can represent.
//!
//! Their constructors remove everything that XML, a URI or a language tag cannot contain. The `rss` and
//! `atom_syndication` crates would write such characters without an error, and other programs could not
//! read the result.

use std::fmt;
use std::sync::Arc;

mod address;
mod language;
mod license;
mod printable;
mod mojibake;
mod uri;

pub(crate) use address::{Address, decode_path, encode_path, encode_query_value, host, normal_path};
pub(crate) use language::Language;
pub(crate) use license::License;
pub(crate) use mojibake::encoded_twice;
pub(crate) use printable::{printable, printable_json};
pub(crate) use uri::is_canonical_uri;

/// Appends formatted text to a `String`, like `write!`, but without a result, because it cannot fail.
macro_rules! push {
    ($text:expr, $($format:tt)*) => {{
        use std::fmt::Write as _;
        let _ = write!($text, $($format)*);
    }};
}
pub(crate) use push;

/// Text that XML 1.0 can represent and that the W3C validator does not warn about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Text(Arc<str>);

impl Text {
    /// Returns text for a single line: white space is collapsed, and characters that XML forbids are
    /// removed.
    pub(crate) fn line(text: &str) -> Self {
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

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
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

/// Inserts an invisible word joiner into each pair of characters that looks like UTF-8 encoded twice. The
/// validator no longer warns, and the text looks the same.
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

/// Returns the known word that is most similar to a misspelled one, if it is similar enough.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances = known.into_iter().map(|other| (strsim::damerau_levenshtein(word, other), other));
    let (distance, nearest) = distances.min()?;
    (distance <= 1 + word.chars().count() / 3).then_some(nearest)
}

/// The character references that are decoded in one-line text. `&amp;` is last, so that nothing is decoded
/// twice.
const ENTITIES: &[(&str, &str)] =
    &[("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];

/// Returns the text of a line that may contain markup: tags are removed, and the five entities of XML and
/// the no-break space are decoded.
pub(crate) fn plain(text: &str) -> String {
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

/// Returns whether a character is Chinese or Japanese, including punctuation. These scripts put no spaces
/// between words or sentences.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Returns whether a text shows nothing: it has only spaces, controls, and characters that Unicode calls
/// default-ignorable, such as the zero-width space.
pub(crate) fn is_invisible(text: &str) -> bool {
    let is_ignorable = |c| {
        matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}'
                | '\u{feff}' | '\u{ffa0}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'
        )
    };
    text.chars().all(|c| c.is_whitespace() || is_ignorable(c) || !is_carried(c))
}

/// Returns whether a document can contain a character. These are the characters that XML 1.0 allows
/// (section 2.2), except for C1 controls, U+FFFD and noncharacters, about which the W3C validator warns.
pub(crate) fn is_carried(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}' | '\u{fdd0}'..='\u{fdef}' => false,
        // The last two code points of every plane are noncharacters.
        c => (c as u32) & 0xfffe != 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_contains_nothing_that_xml_forbids() {
        let hostile = "a\u{0}b\u{8}c\u{b}d\u{fffe}e\u{1ffff}f\u{85}g\u{fffd}h\ti\nj";
        assert_eq!(Text::line(hostile).as_str(), "a b c def gh i j");
        assert_eq!(Text::line(" a\u{0}b\n\u{fffd}\n c ").as_str(), "a b c");
        assert_eq!(Text::line("CafÃ© & é").as_str(), "CafÃ\u{2060}© & é");
    }

    #[test]
    fn a_text_without_a_visible_character_is_invisible() {
        for text in ["", " \n\u{a0}", "\u{200b}\u{feff}", "\u{3164}\u{2800}\u{ad}", "\0\u{fffd}"] {
            assert!(is_invisible(text), "{text:?}");
        }
        for text in [".", "\u{200b}a", "字", "👩\u{200d}🔧"] {
            assert!(!is_invisible(text), "{text:?}");
        }
    }
}
