//! Finds the source line of a problem for the dashboard.

use crate::commands::check::place::LastRead;
use crate::commands::problems::{ProblemOrigin, below_feeds, path_of};
use crate::diagnostic::{Problem, Severity};
use crate::settings::PlaceSettings;
use crate::text::printable;

/// Characters that are shown before the position of a problem, and after it.
const AROUND: usize = 60;

/// Words in the name of a key whose value may be a secret, in lower case.
const SECRET_KEYS: [&str; 8] = ["password", "passwd", "pwd", "token", "secret", "key", "encrypt", "credential"];

/// A line of a file that a problem is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SourceLine {
    pub line: u64,
    pub column: u64,
    /// `None` if it may be secret.
    pub text: Option<LineText>,
}

/// The text of a line, split at the position of a problem.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineText {
    pub before: String,
    /// The character at the position; empty at the end of the line.
    pub at: String,
    pub after: String,
}

/// Returns the source line of a problem; `None` if it has none, or the file cannot be read.
pub(super) fn line_of(
    problem: &Problem,
    origin: ProblemOrigin,
    places: &PlaceSettings,
    last_read: &mut LastRead,
) -> Option<SourceLine> {
    // A note is about a locked article, and the line may contain its password.
    if problem.severity <= Severity::Note {
        return None;
    }
    let path = path_of(problem, origin, places);
    let can_be_shown = match origin {
        ProblemOrigin::Article => true,
        ProblemOrigin::Hidden => false,
        // The configuration of a generator has the tokens of its plugins.
        ProblemOrigin::Rules => below_feeds(problem, places).is_some(),
    };
    let position = last_read.position_of(problem, &path)?;
    let text = last_read.text_of(&path)?;
    let index = usize::try_from(position.line).ok()?.checked_sub(1)?;
    let line = text.split('\n').nth(index)?;
    let is_shown = can_be_shown && !may_be_secret(text, index);
    Some(SourceLine {
        line: position.line.into(),
        column: position.column.into(),
        text: is_shown.then(|| split(line, position.column)),
    })
}

/// Whether a line has a key whose value may be a secret, or is below such a key by its indentation.
fn may_be_secret(text: &str, index: usize) -> bool {
    let depth = |line: &str| {
        let inner = line.trim_start();
        // A list may be as deep as its key.
        (line.len() - inner.len(), inner.starts_with("- "))
    };
    let mut deepest = None;
    let before: Vec<&str> = text.split('\n').take(index + 1).collect();
    for line in before.into_iter().rev().filter(|line| !line.trim().is_empty()) {
        let depth = depth(line);
        if deepest.is_none_or(|deepest| depth < deepest) {
            if has_secret_key(line) {
                return true;
            }
            deepest = Some(depth);
        }
    }
    false
}

fn has_secret_key(line: &str) -> bool {
    // A line may have several keys, so all before the last separator counts.
    let keys = line.rfind([':', '=']).map_or("", |end| &line[..end]).to_ascii_lowercase();
    SECRET_KEYS.iter().any(|word| keys.contains(word))
}

fn split(line: &str, column: u32) -> LineText {
    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1).min(line.chars().count());
    let part =
        |from: usize, length: usize| printable(&line.chars().skip(from).take(length).collect::<String>()).into_owned();
    let from = column.saturating_sub(AROUND);
    LineText { before: part(from, column - from), at: part(column, 1), after: part(column + 1, AROUND) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_at_the_position_and_shortened() {
        let shown = split("title: [Bad", 8);
        assert_eq!((&*shown.before, &*shown.at, &*shown.after), ("title: ", "[", "Bad"));
        let end = split("ab", 9);
        assert_eq!((&*end.before, &*end.at, &*end.after), ("ab", "", ""));
        let long = split(&"x".repeat(500), 300);
        assert_eq!((long.before.len(), long.after.len()), (AROUND, AROUND));
    }

    #[test]
    fn a_line_of_a_secret_key_may_be_secret_and_so_is_what_is_below_it() {
        for text in [
            "password: hunter2: x",
            "a: 1\n  API_Token = ghp_1",
            "deploy: {repo: a, secretKey: b}",
            "passwords:\n- hunter2: x",
            "credentials:\n  a:\n\n    b: x: y",
            "pwd: |\n  hunter2",
        ] {
            assert!(may_be_secret(text, text.split('\n').count() - 1), "{text}");
        }
        for text in ["title: [Bad", "password: x\ntitle: [Bad", "the secret", "a:\n  token: x\n  b: y: z"] {
            assert!(!may_be_secret(text, text.split('\n').count() - 1), "{text}");
        }
    }
}
