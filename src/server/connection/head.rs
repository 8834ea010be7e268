//! Finds the end of a request head.

use memchr::memchr;

/// The state of a head of which only a part may have arrived. A head ends with an empty line. Empty
/// lines before it are skipped, and lines may end without a carriage return (RFC 9112, 2.2), as in
/// Actix's parser.
#[derive(Debug, Default)]
pub(super) struct Head {
    line: HeadLine,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum HeadLine {
    /// Only empty lines so far.
    #[default]
    Before,
    /// At the beginning of a line.
    Empty,
    /// Inside a line that is not empty.
    Begun,
}

impl Head {
    pub(super) fn began(&self) -> bool {
        self.line != HeadLine::Before
    }

    /// Takes the bytes that follow those of the previous call. If the head ends in them, returns
    /// how many of them belong to it.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            if self.line == HeadLine::Begun {
                // The content of the line does not matter, only where it ends.
                at += memchr(b'\n', bytes.get(at..)?)?;
            }
            self.line = match (self.line, bytes.get(at)?) {
                (HeadLine::Empty, b'\n') => return Some(at + 1),
                (HeadLine::Begun, b'\n') => HeadLine::Empty,
                (line @ (HeadLine::Before | HeadLine::Empty), b'\r') | (line @ HeadLine::Before, b'\n') => line,
                _ => HeadLine::Begun,
            };
            at += 1;
        }
    }
}
