//! How Hugo makes a URL component of a text.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::url::UrlSettings;

/// Whether Hugo keeps the character at this index.
fn is_kept(characters: &[char], at: usize) -> bool {
    let c = characters[at];
    let hex = |ahead: usize| characters.get(at + ahead).is_some_and(char::is_ascii_hexdigit);
    c.is_alphanumeric() || is_combining_mark(c) || ".-_/\\#+~@".contains(c) || (c == '%' && hex(1) && hex(2))
}

/// Converts a text as Hugo does for a token. The result is in lower case, a run of spaces and plus signs becomes one
/// hyphen, and only letters, digits, combining marks and `.-_/\#~@` are kept.
pub(crate) fn urlize(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut blank = false;
    let characters: Vec<char> = text.chars().collect();
    for (at, &c) in characters.iter().enumerate() {
        if c.is_whitespace() || c == '+' {
            blank = !slug.is_empty();
        } else if is_kept(&characters, at) {
            // A space beside a hyphen adds no second one.
            if blank && c != '-' && !slug.ends_with('-') {
                slug.push('-');
            }
            blank = false;
            slug.extend(c.to_lowercase());
        }
    }
    slug
}

/// Cleans a path as Hugo's `MakePathSanitized` does: a space becomes a hyphen unless there is one beside it, other
/// characters that [`urlize`] removes are removed.
pub(crate) fn sanitize(text: &str, settings: &UrlSettings) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut path = String::with_capacity(text.len());
    let (mut blank, mut hyphen) = (false, false);
    for (at, &c) in characters.iter().enumerate() {
        if is_kept(&characters, at) {
            hyphen = c == '-';
            if std::mem::take(&mut blank) && !hyphen {
                path.push('-');
            }
            path.push(c);
        } else if c.is_whitespace() && !path.is_empty() && !hyphen {
            blank = true;
        }
    }
    if settings.removes_accents {
        path = path.nfd().filter(|&c| !is_combining_mark(c)).nfc().collect();
    }
    if settings.keeps_case { path } else { lower(&path) }
}

/// Go's `strings.ToLower`, which maps each character to one.
pub(crate) fn lower(text: &str) -> String {
    text.chars().filter_map(|c| c.to_lowercase().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hugo_removes_punctuation_and_keeps_letters() {
        for (text, slug) in [
            ("My First Post!", "my-first-post"),
            ("  Go  1.22 — news ", "go-1.22-news"),
            ("a - b", "a-b"),
            ("新媒体 Test", "新媒体-test"),
            ("C#", "c#"),
            ("100%", "100"),
            ("C++ & C#", "c-c#"),
        ] {
            assert_eq!(urlize(text), slug, "{text}");
        }
        let cleaned = |text, keeps_case, removes_accents| {
            sanitize(text, &UrlSettings { keeps_case, removes_accents, ..UrlSettings::default() })
        };
        for (text, path) in [
            ("a - b & C", "a-b-c"),
            ("A + B", "a-+-b"),
            ("a  b/ c", "a-b/-c"),
            ("What?!", "what"),
            ("新 闻：x", "新-闻x"),
            (" ) x", "x"),
            ("İΣ", "iσ"),
        ] {
            assert_eq!(cleaned(text, false, false), path, "{text}");
        }
        assert_eq!(cleaned("Über uns", true, true), "Uber-uns");
    }
}
