//! Sorts names for readers: numbers by value, letters without their accents, Chinese by pronunciation.
//!
//! The order needs no tables of its own. It is close to CLDR for every language but equal to none: `Ö`
//! sorts with `O` even in Swedish, and tones are ignored. Different names may have equal keys, so a caller
//! that needs a total order must also compare the names.

use unicode_normalization::UnicodeNormalization as _;

use super::reading::{self, is_han};
use crate::text::Language;

/// The sort order of a site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Collation {
    han: Han,
}

/// How Chinese characters are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Han {
    /// By pinyin, as in mainland China.
    Sound,
    /// By radicals and strokes, which is the order of Unicode. Japanese and Korean read the characters
    /// differently, and Taiwan counts strokes.
    Strokes,
}

/// The first Chinese character. Put before pinyin, it sorts Chinese names after all others.
const FIRST_HAN: char = '\u{4e00}';

impl Collation {
    /// Returns the sort order of a site in `language`.
    pub(crate) fn of(language: &Language) -> Self {
        let tag = language.as_str();
        let is = |range: &str| tag.strip_prefix(range).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let by_strokes = ["ja", "ko", "zh-Hant", "zh-TW", "zh-HK", "zh-MO"].into_iter().any(is);
        Self { han: if by_strokes { Han::Strokes } else { Han::Sound } }
    }

    /// Returns the sort key of a name, to be compared byte by byte.
    pub(crate) fn key(self, name: &str) -> String {
        let mut key = String::with_capacity(name.len());
        let unified: String = name.nfkc().collect();
        let mut rest = unified.as_str();
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_digit() {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                push_number(&mut key, &rest[..end]);
                rest = &rest[end..];
            } else if self.han == Han::Sound && is_han(c) {
                let end = rest.find(|c| !is_han(c)).unwrap_or(rest.len());
                for (c, syllable) in rest.chars().zip(reading::syllables(&rest[..end])) {
                    key.push(FIRST_HAN);
                    // Characters without a known pronunciation sort last.
                    key.push_str(&if syllable.is_empty() { "~".into() } else { syllable.to_ascii_lowercase() });
                    // The space sorts `xi` before `xin`. The character itself makes the key unique.
                    key.push(' ');
                    key.push(c);
                }
                rest = &rest[end..];
            } else {
                push_letter(&mut key, c);
                rest = &rest[c.len_utf8()..];
            }
        }
        key
    }
}

fn push_letter(key: &mut String, c: char) {
    match c {
        // Latin letters with accents, and ligatures: é, ø, ß.
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
            key.push_str(&deunicode::deunicode_char(c).unwrap_or_default().to_lowercase());
        }
        'ё' | 'Ё' => key.push('е'),
        _ => key.extend(c.to_lowercase()),
    }
}

/// Writes a number so that numbers with fewer digits sort first.
fn push_number(key: &mut String, digits: &str) {
    let digits = digits.trim_start_matches('0');
    key.push('0');
    // Longer numbers are compared as if they had this many digits.
    let length = u32::try_from(digits.len()).ok().and_then(char::from_u32).unwrap_or('\u{d7ff}');
    key.push(length);
    key.push_str(digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_in_order(language: &str, names: &[&str]) {
        let collation = Collation::of(&Language::parse(language).unwrap());
        let mut sorted = names.to_vec();
        sorted.sort_unstable();
        sorted.sort_by_cached_key(|name| collation.key(name));
        assert_eq!(sorted, names);
    }

    #[test]
    fn numbers_are_sorted_by_value() {
        assert_in_order("en", &["Chapter 2", "Chapter 10", "Chapter 10b", "chapter 011", "Chapter 100", "Chapters"]);
        assert_in_order("en", &["1.2", "1.10", "2", "2024", "10000000000000000000000"]);
    }

    #[test]
    fn accents_and_letter_case_are_ignored() {
        assert_in_order("fr", &["abc", "Ärzte", "Books", "Écoles", "œuvre", "Ost", "Straße", "Strate", "zebra"]);
        assert_in_order("ru", &["Елена", "Ёлка", "иволга", "йод", "курс"]);
    }

    #[test]
    fn chinese_is_sorted_by_pronunciation_except_where_strokes_are_common() {
        // The order of ICU in Node.js for Chinese and for Japanese.
        assert_in_order("zh-CN", &["AI", "Zebra", "城市", "重庆", "行业", "科学", "书", "西", "新媒体", "饮食"]);
        assert_in_order("ja", &["AI", "カメラ", "城市", "書", "科学"]);
        assert_in_order("zh-TW", &["城市", "書", "科學"]);
    }
}
