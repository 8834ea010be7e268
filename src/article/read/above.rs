//! Separates the part above the `more` mark from the rest of a Markdown body.
//!
//! Reference links whose definitions are below the mark get a copy of them. References to footnotes that
//! are defined below the mark are removed.

use std::borrow::Cow;
use std::collections::HashSet;

/// Maximum length of the name of a link or footnote, in bytes. `CommonMark` allows 999 characters.
const LONGEST: usize = 999;

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
    use super::alone;

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
