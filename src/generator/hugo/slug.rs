//! How Hugo makes a URL component of a text.

use unicode_normalization::char::is_combining_mark;

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

/// Converts a path as Hugo does. It differs from [`urlize`] in two ways: every space becomes a hyphen, and plus signs
/// are kept.
pub(crate) fn urlize_path(text: &str) -> String {
    let characters: Vec<char> = text.chars().map(|c| if c == ' ' { '-' } else { c }).collect();
    let stays = (0..characters.len()).filter(|&at| is_kept(&characters, at));
    stays.flat_map(|at| characters[at].to_lowercase()).collect()
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
        for (text, slug) in
            [("a - b & C", "a---b--c"), ("C++ & C#", "c++--c#"), ("What?!", "what"), ("新 闻：x", "新-闻x")]
        {
            assert_eq!(urlize_path(text), slug, "{text}");
        }
    }
}
