//! Finds the position of problems that the library reports, such as a duplicate id or a missing
//! image.
//!
//! The library does not store line numbers, so the text that the problem is about is searched for in
//! the file. If it is not found, the position is the beginning of the file, so that every problem
//! has a line and a column to jump to.

use std::path::{Path, PathBuf};

use super::Located;
use crate::diagnostic::{Position, Problem};
use crate::disk;

/// The file that was read last, because the problems of a file follow one another.
#[derive(Debug, Default)]
pub(in crate::commands) struct LastRead(Option<(PathBuf, Option<String>)>);

impl LastRead {
    /// Sets the position of a problem that has none.
    pub(super) fn complete(&mut self, Located { problem, path }: &mut Located) {
        if problem.position.is_none() {
            problem.position = Some(self.position_of(problem, path).unwrap_or(Position::START));
        }
    }

    /// The position of a problem: its own, or that of the text that it is about.
    pub(in crate::commands) fn position_of(&mut self, problem: &Problem, path: &Path) -> Option<Position> {
        problem.position.or_else(|| place_of(self.text_of(path)?, problem.about.as_ref()?))
    }

    /// The text of a file, with line ends normalised as for other positions. `None` if the file is
    /// missing or very large.
    pub(in crate::commands) fn text_of(&mut self, path: &Path) -> Option<&str> {
        if self.0.as_ref().is_none_or(|(last, _)| last != path) {
            self.0 = Some((path.to_owned(), text_of(path)));
        }
        self.0.as_ref().and_then(|(_, text)| text.as_deref())
    }
}

fn text_of(path: &Path) -> Option<String> {
    const LARGEST: u64 = 16 << 20;
    let text = String::from_utf8_lossy(&disk::source_bytes(path, LARGEST)?).replace("\r\n", "\n").replace('\r', "\n");
    Some(text.trim_start_matches('\u{feff}').to_owned())
}

/// The first position of a text that is not part of a longer word or path.
fn place_of(text: &str, named: &str) -> Option<Position> {
    let is_whole = |at: &usize| {
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '%');
        let before = text[..*at].chars().next_back().is_some_and(joins);
        let after = text[*at + named.len()..].chars().next().is_some_and(joins);
        !((before && named.starts_with(joins)) || (after && named.ends_with(joins)))
    };
    if named.is_empty() {
        return None;
    }
    text.match_indices(named).map(|(at, _)| at).find(is_whole).map(|at| Position::at(text, at))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_problem_is_located_at_the_text_it_is_about_or_at_the_beginning() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.md");
        fs::write(&path, "\u{feff}---\r\ntitle: samed in/same\r\nid: same\r\n封面: '/新/a.png'\r\n---\r\n").unwrap();
        let problem = || Problem::new("a.md", Code::LeadImage, "`same`");
        for (problem, line, column) in [
            (problem().about("same"), 3, 5),
            (problem().about("/新/a.png"), 4, 6),
            (problem().about("/b.png"), 1, 1),
            (problem(), 1, 1),
        ] {
            let mut located = Located { problem, path: path.clone() };
            LastRead::default().complete(&mut located);
            assert_eq!(located.problem.position, Some(Position { line, column }), "{located:?}");
        }
        let large = directory.path().join("large.md");
        fs::File::create(&large).unwrap().set_len((16 << 20) + 1).unwrap();
        assert_eq!((text_of(&large), text_of(directory.path())), (None, None));
        let mut located = Located { problem: problem().about("x"), path: directory.path().join("b.md") };
        LastRead::default().complete(&mut located);
        assert_eq!(located.problem.position, Some(Position::START));
    }
}
