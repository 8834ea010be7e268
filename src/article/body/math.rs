//! Keeps the mathematics in Markdown as it is written.
//!
//! [`kept`] writes the characters between mathematical delimiters that mean something to Markdown or to a template
//! language as character references. The result is Markdown of the same text, so nothing after it needs to know about
//! mathematics. [`find`] decides where mathematics is.

use std::borrow::Cow;
use std::ops::Range;

mod find;
mod walls;

use super::ParsedBody;
use super::shortcode::{Shortcode, ShortcodeTags};
use crate::generator::MathDelimiters;
use crate::text::push;

/// A piece of mathematics.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Formula {
    /// From the opening to the closing delimiter.
    range: Range<usize>,
    /// The length of each delimiter that is not shown: the first backslash of `\\(` and that of `\\)`.
    unshown: usize,
}

/// The length of `\\)`.
const BACKSLASHES: usize = 3;

/// Returns the body with its mathematics as plain text.
pub(crate) fn kept<'a>(parsed: &ParsedBody<'a>, delimiters: &MathDelimiters<'_>) -> Cow<'a, str> {
    let body = parsed.text();
    if !may_hold(body, delimiters) {
        return Cow::Borrowed(body);
    }
    let tags: Vec<_> = ShortcodeTags::new(parsed).collect();
    let formulas = find::formulas(body, parsed.code(), &tags, delimiters);
    if formulas.is_empty() {
        return Cow::Borrowed(body);
    }
    // Tags that the generator runs in mathematics stay tags; `{{x}}` is more often a part of a formula.
    let runs = |mark: &Range<usize>| ["{%", "{{<", "{{%"].iter().any(|opening| body[mark.clone()].starts_with(opening));
    let mut marks = tags.iter().flat_map(Shortcode::marks).filter(runs).peekable();
    let mut out = String::with_capacity(body.len() + body.len() / 4);
    let (mut done, mut line) = (0, 0);
    for Formula { range, unshown } in formulas {
        if range.start < done {
            continue;
        }
        out.push_str(&body[done..range.start]);
        line = body[line..range.start].rfind('\n').map_or(line, |end| line + end + 1);
        let mut literal = Literal { out: &mut out, quotes: quotes(&body[line..]), at: LinePart::Middle };
        let mut from = range.start + unshown;
        while let Some(mark) = marks.next_if(|mark| mark.start < range.end) {
            if mark.start >= from && mark.end <= range.end {
                literal.write(&body[from..mark.start]);
                literal.out.push_str(&body[mark.clone()]);
                from = mark.end;
            }
        }
        if unshown > 0 {
            let close = (range.end - BACKSLASHES).max(from);
            literal.write(&body[from..close]);
            from = close + unshown;
        }
        literal.write(&body[from..range.end]);
        done = range.end;
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

fn may_hold(body: &str, delimiters: &MathDelimiters<'_>) -> bool {
    body.contains("$$")
        || (delimiters.has_dollars && (body.contains('$') || body.contains("\\\\(") || body.contains("\\\\[")))
        || delimiters.passthrough.iter().any(|[open, _]| body.contains(open.as_str()))
        || find::TAGS.iter().any(|tag| body.contains(tag))
}

/// Returns the number of quotation marks, as in `> > text`, at the beginning of a line.
fn quotes(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).filter(|byte| *byte == b'>').count()
}

/// Where in a line the next character is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LinePart {
    /// Before the text, in indentation and this many quotation marks.
    Prefix(usize),
    /// After digits that begin the text.
    Number,
    Middle,
}

/// Writes text so that Markdown shows it as it is.
struct Literal<'o> {
    out: &'o mut String,
    /// The number of quotation marks before each line.
    quotes: usize,
    at: LinePart,
}

impl Literal<'_> {
    fn write(&mut self, text: &str) {
        let mut before = ' ';
        for (place, c) in text.char_indices() {
            let after = text.as_bytes().get(place + 1).copied().unwrap_or(b' ');
            if c == '\n' {
                self.end_line();
            } else if c == '&' && refers(&text[place..]) {
                self.out.push(c);
            } else if self.is_markup(c, before, after) {
                push!(self.out, "&#{};", u32::from(c));
            } else {
                self.out.push(c);
            }
            self.advance(c);
            before = c;
        }
    }

    /// Ends a line. A blank line would end the paragraph, and two spaces or a backslash would break it.
    fn end_line(&mut self) {
        self.out.truncate(self.out.trim_end_matches([' ', '\t', '\r']).len());
        let line = self.out.rfind('\n').map_or(0, |end| end + 1);
        let is_blank = self.out[line..].bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'));
        if is_blank && matches!(self.at, LinePart::Prefix(_)) {
            self.out.truncate(line);
        } else {
            self.out.push('\n');
        }
    }

    fn advance(&mut self, c: char) {
        self.at = match (self.at, c) {
            (_, '\n') => LinePart::Prefix(self.quotes),
            (at @ LinePart::Prefix(_), ' ' | '\t' | '\r') => at,
            (LinePart::Prefix(left), '>') if left > 0 => LinePart::Prefix(left - 1),
            (LinePart::Prefix(_) | LinePart::Number, c) if c.is_ascii_digit() => LinePart::Number,
            _ => LinePart::Middle,
        };
    }

    /// Returns whether a character between these two may be markup.
    fn is_markup(&self, c: char, before: char, after: u8) -> bool {
        let is_first = match self.at {
            LinePart::Prefix(left) => c.is_ascii_punctuation() && !(c == '>' && left > 0),
            LinePart::Number => matches!(c, '.' | ')'),
            LinePart::Middle => false,
        };
        is_first
            || match c {
                '\\' | '*' | '_' | '~' | '[' | ']' | '<' | '`' | '&' | '@' => true,
                '|' => before == '\\',
                '{' => b":#./'\"{".contains(&after),
                // The name of an emoji, or an address that would become a link.
                ':' => after.is_ascii_alphanumeric() || matches!(after, b'+' | b'-' | b':' | b'/'),
                '.' => before == 'w',
                _ => false,
            }
    }
}

/// Returns whether a text begins with a reference to a character that is markup in HTML. Authors write these for
/// generators that do not keep mathematics.
fn refers(text: &str) -> bool {
    ["&lt;", "&gt;", "&amp;"].iter().any(|reference| text.starts_with(reference))
}

#[cfg(test)]
mod tests;
