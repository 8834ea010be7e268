//! How each generator makes a part of an address out of a text.
//!
//! Every function is one generator's own rule, so that an address comes out
//! as the web site has it, collisions and all. What comes out is text:
//! percent-encoding is the address's business. feedmill's own slugs are made
//! in `name`, and have nothing to do with these.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters that Hexo unfolds though Unicode does not decompose them.
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

/// What Hexo replaces besides white space.
const SPECIAL: &str = "~`!@#$%^&*()-_+=[]{}|\\;:\"'<>,.?/";

/// Hexo's `slugize`: Latin letters lose their marks, white space and ASCII
/// punctuation become hyphens, all else stays, CJK punctuation too. Letter
/// case stays; whoever wants it lower lowers it.
pub fn hexo(text: &str) -> String {
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

/// The ASCII letter under a Latin letter's marks, or in its full width; any
/// other character as it is: が and й are letters of their own.
fn latin_base(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let wide = matches!(c, '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    let base = if wide { c.nfkd().next() } else { std::iter::once(c).nfd().next() };
    base.filter(char::is_ascii_alphabetic).unwrap_or(c)
}

/// Jekyll's `slugify` in its default mode: letters and digits of any script
/// stay, in lower case, every run of others is a hyphen.
pub fn jekyll(text: &str) -> String {
    hyphenated(text, |_| false).to_lowercase()
}

/// Jekyll's `slugify` in the mode `pretty`, which `:title` uses: case and the
/// punctuation that addresses carry stay.
pub fn jekyll_pretty(text: &str) -> String {
    hyphenated(text, |c| "._~!$&'()+,;=@".contains(c))
}

fn hyphenated(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || is_combining_mark(c) || kept(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// What Hugo leaves in an address.
fn stays_in_hugo(characters: &[char], at: usize) -> bool {
    let c = characters[at];
    let hex = |ahead: usize| characters.get(at + ahead).is_some_and(char::is_ascii_hexdigit);
    c.is_alphanumeric() || is_combining_mark(c) || ".-_/\\#+~@".contains(c) || (c == '%' && hex(1) && hex(2))
}

/// Hugo's way with a word of a pattern: lower case, a run of blanks and plus
/// signs is one hyphen, and what is neither letter, digit, mark nor one of
/// `.-_/\#~@` disappears.
pub fn hugo(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut blank = false;
    let characters: Vec<char> = text.chars().collect();
    for (at, &c) in characters.iter().enumerate() {
        if c.is_whitespace() || c == '+' {
            blank = !slug.is_empty();
        } else if stays_in_hugo(&characters, at) {
            // A blank beside a written hyphen adds none.
            if blank && c != '-' && !slug.ends_with('-') {
                slug.push('-');
            }
            blank = false;
            slug.extend(c.to_lowercase());
        }
    }
    slug
}

/// Hugo's way with a part of a path: lower case, every blank is a hyphen, and
/// the same disappears.
pub fn hugo_path(text: &str) -> String {
    let characters: Vec<char> = text.chars().map(|c| if c == ' ' { '-' } else { c }).collect();
    let stays = (0..characters.len()).filter(|&at| stays_in_hugo(&characters, at));
    stays.flat_map(|at| characters[at].to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexo_keeps_chinese_and_its_punctuation() {
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
            assert_eq!(hexo(text), slug, "{text}");
        }
    }

    #[test]
    fn jekyll_has_a_default_and_a_pretty_mode() {
        assert_eq!(jekyll("The _config.yml file"), "the-config-yml-file");
        assert_eq!(jekyll_pretty("The _config.yml file"), "The-_config.yml-file");
        assert_eq!(jekyll("Été à 新媒体!"), "été-à-新媒体");
        assert_eq!(jekyll("--?--"), "");
    }

    #[test]
    fn hugo_drops_punctuation_and_keeps_letters() {
        for (text, slug) in [
            ("My First Post!", "my-first-post"),
            ("  Go  1.22 — news ", "go-1.22-news"),
            ("a - b", "a-b"),
            ("新媒体 Test", "新媒体-test"),
            ("C#", "c#"),
            ("100%", "100"),
            ("C++ & C#", "c-c#"),
        ] {
            assert_eq!(hugo(text), slug, "{text}");
        }
        for (text, slug) in
            [("a - b & C", "a---b--c"), ("C++ & C#", "c++--c#"), ("What?!", "what"), ("新 闻：x", "新-闻x")]
        {
            assert_eq!(hugo_path(text), slug, "{text}");
        }
    }
}
