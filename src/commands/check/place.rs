//! Where in its file a problem is that only the whole library shows: an id that is taken, an image that is missing.
//!
//! The library keeps no lines. What the problem names between backticks stands in the file, so it is looked for there;
//! what is about a whole file is at its beginning, so that every problem has a line and a column to jump to.

use std::path::Path;

use super::Located;
use crate::diagnostic::Position;
use crate::disk;

/// Gives a problem its place.
pub(super) fn complete(Located { problem, path }: &mut Located) {
    if problem.position.is_none() {
        let named = problem.message.split('`').nth(1);
        let found = named.and_then(|named| place_of(&text_of(path)?, named));
        problem.position = Some(found.unwrap_or(Position::START));
    }
}

/// The text of the file that a problem is about, its lines ended as those of positions are.
pub(super) fn text_of(path: &Path) -> Option<String> {
    const LARGEST: u64 = 16 << 20;
    let text = String::from_utf8_lossy(&disk::source_bytes(path, LARGEST)?).replace("\r\n", "\n").replace('\r', "\n");
    Some(text.trim_start_matches('\u{feff}').to_owned())
}

/// Where a text first stands by itself, and not inside a longer word or path.
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
    use crate::diagnostic::{Code, Problem};

    #[test]
    fn a_problem_stands_where_what_it_names_stands_and_else_at_the_beginning() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.md");
        fs::write(&path, "\u{feff}---\r\ntitle: samed in/same\r\nid: same\r\n封面: '/新/a.png'\r\n---\r\n").unwrap();
        for (message, line, column) in [
            ("the id `same` belongs to b.md", 3, 5),
            ("the lead image `/新/a.png` does not exist", 4, 6),
            ("the lead image `/b.png` does not exist", 1, 1),
            ("nothing is left", 1, 1),
        ] {
            let mut located = Located { problem: Problem::new("a.md", Code::LeadImage, message), path: path.clone() };
            complete(&mut located);
            assert_eq!(located.problem.position, Some(Position { line, column }), "{message}");
        }
        let large = directory.path().join("large.md");
        fs::File::create(&large).unwrap().set_len((16 << 20) + 1).unwrap();
        assert_eq!((text_of(&large), text_of(directory.path())), (None, None));
        let gone =
            Located { problem: Problem::new("b.md", Code::Unreadable, "`x`"), path: directory.path().join("b.md") };
        let mut located = gone;
        complete(&mut located);
        assert_eq!(located.problem.position, Some(Position::START));
    }
}
