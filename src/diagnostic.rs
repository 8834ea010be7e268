//! Problems in an author's files, with their position.
//!
//! Readers of files create problems, the library collects them, and `feedmill check`, the log and the admin
//! pages show them.

use std::fmt;
use std::sync::Arc;

mod code;

pub(crate) use code::Code;

/// The severity of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not an error: the author asked for this, and `check` only mentions it.
    Note,
    /// Something was lost or guessed, but the article is served.
    Warning,
    /// The file is left out.
    Error,
}

impl Severity {
    /// Returns `error`, `warning` or `note`, as compilers print it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A position in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (not bytes), from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a file.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// Returns the position of the byte `offset` in `text`. An offset beyond the end means the end.
    pub(crate) fn at(text: &str, offset: usize) -> Self {
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self { line: count(before.matches('\n').count() + 1), column: count(before[line_start..].chars().count() + 1) }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A problem with one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file as the author would name it: relative to the content directory, or `feeds/site.yaml`.
    pub file: Arc<str>,
    /// Position in the file, if the problem has one.
    pub position: Option<Position>,
    /// How serious the problem is.
    pub severity: Severity,
    /// The kind of the problem, stable for programs.
    pub code: Code,
    /// The description, in lower case and without a full stop.
    pub message: String,
    /// How to solve the problem, unless the message already says so.
    pub help: Option<String>,
    /// The text in the file that the problem is about, for example a link. `check` finds the position of a problem
    /// without one by it.
    pub about: Option<Arc<str>>,
}

impl Problem {
    /// Creates a problem of the kind `code`, with the severity of this kind.
    pub(crate) fn new(file: impl Into<Arc<str>>, code: Code, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            position: None,
            severity: code.severity(),
            code,
            message: message.into(),
            help: None,
            about: None,
        }
    }

    /// Returns whether this is an error or a warning rather than a note.
    pub(crate) fn is_wrong(&self) -> bool {
        self.severity > Severity::Note
    }

    /// Returns the file and the position as `posts/a.md:3:12`, which editors and terminals recognise as a link.
    pub(crate) fn place(&self) -> String {
        match self.position {
            Some(Position { line, column }) => format!("{}:{line}:{column}", self.file),
            None => self.file.to_string(),
        }
    }

    #[must_use]
    pub(crate) fn at(self, position: Position) -> Self {
        Self { position: Some(position), ..self }
    }

    #[must_use]
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds the text in the file that the problem is about.
    #[must_use]
    pub(crate) fn about(self, text: impl Into<Arc<str>>) -> Self {
        Self { about: Some(text.into()), ..self }
    }
}

impl fmt::Display for Problem {
    /// Writes `posts/a.md:3:12: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_not_bytes() {
        let text = "title: a\n日期: b";
        let offset = text.find('b').unwrap();
        assert_eq!(Position::at(text, offset), Position { line: 2, column: 5 });
    }

    #[test]
    fn an_offset_inside_a_character_means_that_character() {
        assert_eq!(Position::at("日", 1), Position::START);
        assert_eq!(Position::at("日", 99), Position { line: 1, column: 2 });
    }

    #[test]
    fn a_problem_is_printed_as_compilers_do() {
        let problem = Problem::new("posts/a.md", Code::FrontMatter, "no value").at(Position { line: 3, column: 12 });
        assert_eq!(problem.to_string(), "posts/a.md:3:12: no value");
    }
}
