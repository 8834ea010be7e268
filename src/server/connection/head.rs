//! Where the head of a request ends.

use memchr::memchr;

/// How much of a head has come. It ends with an empty line; empty lines before
/// it are passed over, and lines may end without a carriage return (RFC 9112,
/// 2.2), as Actix's parser has it.
#[derive(Debug, Default)]
pub(super) struct Head {
    line: Line,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// None has anything in it yet.
    #[default]
    Before,
    /// One begins.
    Empty,
    /// One has something in it.
    Begun,
}

impl Head {
    pub(super) fn began(&self) -> bool {
        self.line != Line::Before
    }

    /// How many of these bytes, which follow those of the call before, belong
    /// to the head, if it ends in them.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            if self.line == Line::Begun {
                // Whatever else such a line has in it, only its end matters.
                at += memchr(b'\n', bytes.get(at..)?)?;
            }
            self.line = match (self.line, bytes.get(at)?) {
                (Line::Empty, b'\n') => return Some(at + 1),
                (Line::Begun, b'\n') => Line::Empty,
                (line @ (Line::Before | Line::Empty), b'\r') | (line @ Line::Before, b'\n') => line,
                _ => Line::Begun,
            };
            at += 1;
        }
    }
}
