//! Hexo's `slugize`, which makes a URL component of a text.

use unicode_normalization::UnicodeNormalization as _;

/// Letters that Hexo replaces although Unicode does not decompose them.
const UNFOLDED: &[(char, &str)] = &[
    ('ß', "s"),
    ('Æ', "AE"),
    ('æ', "ae"),
    ('Œ', "OE"),
    ('œ', "oe"),
    ('Ø', "O"),
    ('ø', "o"),
    ('Ł', "L"),
    ('ł', "l"),
    ('Đ', "D"),
    ('đ', "d"),
    ('Ħ', "H"),
    ('ħ', "h"),
    ('ı', "i"),
    ('Ŧ', "T"),
    ('ŧ', "t"),
];

/// The characters that Hexo replaces in addition to white space.
const SPECIAL: &str = "~`!@#$%^&*()-_+=[]{}|\\;:\"'<>,.?/";

/// Hexo's `slugize`. Latin letters lose their diacritics; white space and ASCII punctuation become hyphens; everything
/// else stays, including CJK punctuation. Letter case stays too, and callers convert it if they need to.
pub(crate) fn slugize(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut put = |c: char| {
        if c.is_whitespace() || c == '\u{feff}' || SPECIAL.contains(c) {
            if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        } else {
            slug.push(c);
        }
    };
    for c in text.chars().filter(|&c| c > '\u{1f}') {
        match UNFOLDED.iter().find(|(folded, _)| *folded == c) {
            Some((_, letters)) => letters.chars().for_each(&mut put),
            None => put(latin_base(c)),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Returns the ASCII letter below a Latin letter's diacritics or of a full-width form. Other characters stay, because
/// in other scripts such letters, for example が and й, are letters of their own.
fn latin_base(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let wide = matches!(c, '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    let base = if wide { c.nfkd().next() } else { std::iter::once(c).nfd().next() };
    base.filter(char::is_ascii_alphabetic).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexo_keeps_chinese_characters_and_punctuation() {
        for (text, slug) in [
            ("新 媒体。测试", "新-媒体。测试"),
            ("Hello World", "Hello-World"),
            ("C", "C"),
            ("C++", "C"),
            ("C#", "C"),
            ("Łódź à la carte", "Lodz-a-la-carte"),
            ("a/b", "a-b"),
            ("--x__y--", "x-y"),
            ("が　й", "が-й"),
            ("ＡＢＣ", "ABC"),
            ("a\u{8}b", "ab"),
            ("?!", ""),
        ] {
            assert_eq!(slugize(text), slug, "{text}");
        }
    }
}
