//! Says in what a position of Markdown is: in a tag, in the text of a link, in its destination, in a URL.
//!
//! Only the text shortly before the position is examined, so that many positions cost little.

/// More bytes than tags, links and URLs have.
const LONGEST: usize = 2_000;

/// The end of the text before a position, in the same paragraph.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Around<'a> {
    /// Takes what is around a position.
    pub(super) fn new(body: &'a str, at: usize) -> Self {
        let before = &body[body.ceil_char_boundary(at.saturating_sub(LONGEST))..at];
        let paragraph = memchr::memmem::rfind(before.as_bytes(), b"\n\n").map_or(0, |end| end + 2);
        Self { before: &before[paragraph..], after: &body[at..body.floor_char_boundary(at + LONGEST)] }
    }

    /// Whether it is in a tag of HTML.
    pub(super) fn is_tag(self) -> bool {
        let Some(start) = memchr::memrchr(b'<', self.before.as_bytes()) else { return false };
        let inside = &self.before[start + 1..];
        inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
            && !inside.contains('>')
            && self.after.find(['<', '>']).is_some_and(|end| self.after[end..].starts_with('>'))
    }

    /// Whether it is between brackets, as the text of a link or an image.
    pub(super) fn is_bracketed(self) -> bool {
        let mut closed = 0_usize;
        for at in memchr::memrchr2_iter(b'[', b']', self.before.as_bytes()) {
            match self.before.as_bytes()[at] {
                b']' => closed += 1,
                _ if closed == 0 => return true,
                _ => closed -= 1,
            }
        }
        false
    }

    /// Whether it is in the destination or the title of a link or an image, or of the definition of one.
    pub(super) fn is_destination(self) -> bool {
        let inline = memchr::memmem::rfind(self.before.as_bytes(), b"](");
        // The destination may be on the line below.
        let defined = self.before.trim_end();
        let line = &defined[memchr::memrchr(b'\n', defined.as_bytes()).map_or(0, |end| end + 1)..];
        let line = line.trim_start_matches([' ', '>']);
        let is_definition = line.starts_with('[') && !line.starts_with("[^") && line.contains("]:");
        is_definition || inline.is_some_and(|start| !self.before[start..].contains([')', '\n']))
    }

    /// Whether it is in a URL.
    pub(super) fn is_url(self) -> bool {
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"') || is_punctuation(c);
        let scheme = memchr::memmem::rfind(self.before.as_bytes(), b"://");
        scheme.is_some_and(|start| !self.before[start..].contains(ends))
    }
}

/// Whether a character is Chinese or Japanese punctuation, which is never part of a URL in such a text.
pub(super) fn is_punctuation(c: char) -> bool {
    let is_bracket_or_mark = matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301b}');
    is_bracket_or_mark || "“”‘’…！（），：；？～".contains(c)
}
