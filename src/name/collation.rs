//! The order that people look names up in: numbers by their size, letters
//! without their marks, Chinese by its sound.
//!
//! A plain order that needs no tables of its own, near to what CLDR makes of
//! every language and not its equal in any: a Swede finds `Ö` beside `O`, a
//! tone counts for nothing. It tells names apart no better than their readers
//! do; who needs a total order compares the names as well.

use unicode_normalization::UnicodeNormalization as _;

use crate::text::Language;

/// How names are ordered on a site.
#[derive(Debug, Clone, Copy)]
pub struct Collation {
    han: Han,
}

/// What Chinese characters are looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Han {
    /// Pinyin, as the mainland does.
    Sound,
    /// Radicals and strokes, which is how Unicode has them: Japanese and Korean
    /// read them otherwise, and Taiwan counts strokes.
    Strokes,
}

/// The first Chinese character of all; before those of pinyin it keeps Chinese
/// names together, behind every other.
const FIRST_HAN: char = '\u{4e00}';

impl Collation {
    /// The order of a site in `language`.
    pub fn of(language: &Language) -> Self {
        let tag = language.as_str();
        let is = |range: &str| tag.strip_prefix(range).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let by_strokes = ["ja", "ko", "zh-Hant", "zh-TW", "zh-HK", "zh-MO"].into_iter().any(is);
        Self { han: if by_strokes { Han::Strokes } else { Han::Sound } }
    }

    /// What to compare, byte by byte, instead of the name.
    pub fn key(self, name: &str) -> String {
        let mut key = String::with_capacity(name.len());
        let unified: String = name.nfkc().collect();
        let mut rest = unified.as_str();
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_digit() {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                push_number(&mut key, &rest[..end]);
                rest = &rest[end..];
            } else {
                self.push(&mut key, c);
                rest = &rest[c.len_utf8()..];
            }
        }
        key
    }

    fn push(self, key: &mut String, c: char) {
        match c {
            // Latin with marks and ligatures: é, ø, ß.
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                key.push_str(&deunicode::deunicode_char(c).unwrap_or_default().to_lowercase());
            }
            'ё' | 'Ё' => key.push('е'),
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' if self.han == Han::Sound => {
                key.push(FIRST_HAN);
                // Without a known sound it stands after all that have one.
                key.push_str(&deunicode::deunicode_char(c).map_or_else(|| "~".into(), str::to_lowercase));
                // A blank, so that `xi` comes before `xin`; one character, one place.
                key.push(' ');
                key.push(c);
            }
            _ => key.extend(c.to_lowercase()),
        }
    }
}

/// A number so that the one with fewer digits comes first.
fn push_number(key: &mut String, digits: &str) {
    let digits = digits.trim_start_matches('0');
    key.push('0');
    // A name of more digits than that is compared as if it had so many.
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
    fn numbers_stand_by_their_size() {
        assert_in_order("en", &["Chapter 2", "Chapter 10", "Chapter 10b", "chapter 011", "Chapter 100", "Chapters"]);
        assert_in_order("en", &["1.2", "1.10", "2", "2024", "10000000000000000000000"]);
    }

    #[test]
    fn marks_and_letter_case_part_no_letters() {
        assert_in_order("fr", &["abc", "Ärzte", "Books", "Écoles", "œuvre", "Ost", "Straße", "Strate", "zebra"]);
        assert_in_order("ru", &["Елена", "Ёлка", "иволга", "йод", "курс"]);
    }

    #[test]
    fn chinese_is_found_by_its_sound_where_it_is_read_so() {
        // As ICU in Node.js has them, for Chinese and for Japanese.
        assert_in_order("zh-CN", &["AI", "Zebra", "城市", "科学", "书", "西", "新媒体", "行业", "饮食"]);
        assert_in_order("ja", &["AI", "カメラ", "城市", "書", "科学"]);
        assert_in_order("zh-TW", &["城市", "書", "科學"]);
    }
}
