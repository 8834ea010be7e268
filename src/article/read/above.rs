//! Separates the part above the `more` mark from the rest of a Markdown body.
//!
//! Reference links whose definitions are below the mark get a copy of them. References to footnotes that
//! are defined below the mark are removed. Emphasis around the mark is closed.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::article::body::html::{Token, Tokens};
use crate::article::body::{Templates, markdown};

/// Maximum length of the name of a link or footnote, in bytes. `CommonMark` allows 999 characters.
const LONGEST: usize = 999;

/// Marks of emphasis that may be open where an excerpt ends.
const EMPHASIS: [&str; 6] = ["**", "*", "***", "__", "_", "~~"];

/// The longest paragraph, in bytes, in which emphasis is closed.
const LONGEST_PARAGRAPH: usize = 4096;

/// Returns the part above the mark with the end of the emphasis that contains the mark: `**a <!-- more --> b**`.
pub(super) fn closed<'a>(above: &'a str, below: &str) -> Cow<'a, str> {
    let text = above.trim_end();
    let paragraph = text.rsplit("\n\n").next().unwrap_or(text);
    let rest = below.split_once("-->").map_or("", |(_, rest)| rest).split("\n\n").next().unwrap_or_default();
    if paragraph.len() > LONGEST_PARAGRAPH || rest.trim().is_empty() {
        return Cow::Borrowed(above);
    }
    // Marks that are left in the text belong to no emphasis.
    let left = |text: &str| {
        let (html, _) = markdown::parse(text, Templates::None);
        let texts = Tokens::new(&html).filter_map(|token| match token {
            Token::Text(text) => Some(text.bytes().filter(|byte| matches!(byte, b'*' | b'_' | b'~')).count()),
            _ => None,
        });
        texts.sum::<usize>()
    };
    let open = left(paragraph);
    let mut ends = EMPHASIS.iter().filter(|end| open > 0 && paragraph.contains(*end) && rest.contains(*end));
    let end = ends.find(|end| left(&format!("{paragraph}{end}")) < open);
    end.map_or(Cow::Borrowed(above), |end| Cow::Owned(format!("{text}{end}")))
}

/// Returns the part above the mark as a Markdown text of its own.
pub(super) fn alone<'a>(above: &'a str, below: &str) -> Cow<'a, str> {
    if !above.contains('[') {
        return Cow::Borrowed(above);
    }
    let defined = below.lines().filter(|line| !line.starts_with("    ")).filter_map(|line| {
        let line = line.trim_start();
        let (name, _) = line.strip_prefix('[')?.split_once("]:")?;
        (!name.is_empty() && name.len() <= LONGEST && !name.contains(['[', ']'])).then_some((name, line))
    });
    let (notes, links): (Vec<_>, Vec<_>) = defined.partition(|(name, _)| name.starts_with('^'));
    let notes: HashSet<&str> = notes.into_iter().map(|(name, _)| &name[1..]).collect();
    let longest = notes.iter().map(|name| name.len()).max().unwrap_or(0);
    let mut alone = String::with_capacity(above.len());
    let mut rest = above;
    while let Some((before, mark)) = rest.split_once("[^") {
        alone.push_str(before);
        // Search no further than the longest name, because the text may be full of marks without an end.
        let end = mark.bytes().take(longest + 1).position(|byte| byte == b']');
        let note = end.filter(|end| notes.contains(&mark[..*end]));
        rest = note.map_or(mark, |end| &mark[end + 1..]);
        if note.is_none() {
            alone.push_str("[^");
        }
    }
    alone.push_str(rest);
    alone.push_str("\n\n");
    for (_, line) in links {
        alone.extend([line, "\n"]);
    }
    Cow::Owned(alone)
}

#[cfg(test)]
mod tests {
    use super::{alone, closed};

    #[test]
    fn emphasis_that_contains_the_mark_is_closed() {
        for (above, below, expected) in [
            ("a\n\n**b ", "<!-- more --> c** d", "a\n\n**b**"),
            ("*b\n", "<!--more-->\nc*", "*b*"),
            ("**b** 2 * 3 ", "<!--more--> 4 * 5", "**b** 2 * 3 "),
            ("**b\n\n", "<!--more-->\n\nc**", "**b\n\n"),
        ] {
            assert_eq!(closed(above, below), expected);
        }
    }

    #[test]
    fn definitions_below_the_more_mark_apply_above_it() {
        assert_eq!(alone("a [b][1] c", "\n\n[1]: https://x.example\n"), "a [b][1] c\n\n[1]: https://x.example\n");
        assert_eq!(alone("a[^1] b[^2]", "\n[^1]: note\n    [^2]: code\n"), "a b[^2]\n\n");
        assert_eq!(alone("plain", "[1]: x"), "plain");
        assert_eq!(alone("a[^日] [^b", "\n[^日]: note\n"), "a [^b\n\n");
    }

    #[test]
    fn marks_without_an_end_cost_little() {
        let open = "[^".repeat(500_000);
        for below in ["", "\n[^1]: note\n"] {
            assert_eq!(alone(&open, below).trim_end(), open);
        }
    }
}
