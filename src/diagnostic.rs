//! A problem in an author's file, and where it is.
//!
//! Knows how a problem is named, placed and printed. Does not know who finds
//! problems, nor where they are printed: the library collects them, `check`
//! and the log show them.

use std::fmt;
use std::sync::Arc;

mod code;

pub use code::Code;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is wrong: the author asked for what was done, and `check` says so.
    Note,
    /// Something was lost or guessed; the article is served.
    Warning,
    /// The file is left out.
    Error,
}

impl Severity {
    /// `error`, `warning` or `note`, as compilers print it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a text, both numbers counted from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (not bytes), from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// Where the byte `offset` stands in `text`; past the end is the end.
    pub fn at(text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self { line: count(before.matches('\n').count() + 1), column: count(before[line_start..].chars().count() + 1) }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Something wrong in one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the author would name it: below the content directory, or
    /// `feeds/site.yaml`.
    pub file: Arc<str>,
    /// Where in the file, if it is about a place in it.
    pub position: Option<Position>,
    /// Whether the file is left out.
    pub severity: Severity,
    /// What kind of problem, stable for machines.
    pub code: Code,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What to do about it, where that is not plain from the message.
    pub help: Option<String>,
}

impl Problem {
    /// A problem of the kind `code`, as severe as that kind is.
    pub fn new(file: impl Into<Arc<str>>, code: Code, message: impl Into<String>) -> Self {
        Self { file: file.into(), position: None, severity: code.severity(), code, message: message.into(), help: None }
    }

    /// Whether something is wrong, which a note does not say.
    pub fn is_wrong(&self) -> bool {
        self.severity > Severity::Note
    }

    /// The same problem, at a place in the file.
    #[must_use]
    pub fn at(self, position: Position) -> Self {
        Self { position: Some(position), ..self }
    }

    /// The same problem, with a way out.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Problem {
    /// `posts/a.md:3:12: message`, the form that editors and terminals follow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
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
    fn an_offset_inside_a_character_is_that_character() {
        assert_eq!(Position::at("日", 1), Position::START);
        assert_eq!(Position::at("日", 99), Position { line: 1, column: 2 });
    }

    #[test]
    fn a_problem_prints_as_compilers_do() {
        let problem = Problem::new("posts/a.md", Code::FrontMatter, "no value").at(Position { line: 3, column: 12 });
        assert_eq!(problem.to_string(), "posts/a.md:3:12: no value");
    }
}
