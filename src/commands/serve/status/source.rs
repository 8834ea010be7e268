//! Finds the source line of a problem for the dashboard.

use std::path::PathBuf;

use crate::commands::check::place::LastRead;
use crate::diagnostic::{Position, Problem, Severity};
use crate::settings::PlaceSettings;
use crate::text::printable;

/// Characters that are shown before the position of a problem, and after it.
const AROUND: usize = 60;

/// A line of a file, split at the position of a problem.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SourceLine {
    pub line: u64,
    pub column: u64,
    pub before: String,
    /// The character at the position; empty at the end of the line.
    pub at: String,
    pub after: String,
}

/// The file that a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProblemOf {
    /// A file in `feeds/`, or of the generator's configuration.
    Rules,
    /// A file in the content directory.
    Article,
}

/// Returns the source line of a problem; `None` if it has none, or the file cannot be read.
pub(super) fn line_of(
    problem: &Problem,
    of: ProblemOf,
    places: &PlaceSettings,
    last_read: &mut LastRead,
) -> Option<SourceLine> {
    // A note is about a locked article, and the line may contain its password.
    if problem.severity <= Severity::Note {
        return None;
    }
    let path = path_of(&problem.file, of, places);
    let position = last_read.position_of(problem, &path)?;
    split(last_read.text_of(&path)?, position)
}

fn path_of(file: &str, of: ProblemOf, places: &PlaceSettings) -> PathBuf {
    match of {
        ProblemOf::Article => places.content.join(file),
        ProblemOf::Rules => {
            let name = places.feeds.file_name().map(|name| format!("{}/", name.to_string_lossy()));
            let below = name.as_deref().and_then(|name| file.strip_prefix(name));
            below.map_or_else(|| PathBuf::from(file), |below| places.feeds.join(below))
        }
    }
}

fn split(text: &str, position: Position) -> Option<SourceLine> {
    let line = text.split('\n').nth(usize::try_from(position.line).ok()?.checked_sub(1)?)?;
    let column = usize::try_from(position.column).ok()?.saturating_sub(1).min(line.chars().count());
    let part =
        |from: usize, length: usize| printable(&line.chars().skip(from).take(length).collect::<String>()).into_owned();
    let from = column.saturating_sub(AROUND);
    Some(SourceLine {
        line: position.line.into(),
        column: position.column.into(),
        before: part(from, column - from),
        at: part(column, 1),
        after: part(column + 1, AROUND),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_at_the_position_and_shortened() {
        let shown = split("a\ntitle: [Bad", Position { line: 2, column: 8 }).unwrap();
        assert_eq!((&*shown.before, &*shown.at, &*shown.after), ("title: ", "[", "Bad"));
        let end = split("ab", Position { line: 1, column: 9 }).unwrap();
        assert_eq!((&*end.before, &*end.at, &*end.after), ("ab", "", ""));
        let long = split(&"x".repeat(500), Position { line: 1, column: 300 }).unwrap();
        assert_eq!((long.before.len(), long.after.len()), (AROUND, AROUND));
        assert_eq!(split("a", Position { line: 2, column: 1 }), None);
    }
}
