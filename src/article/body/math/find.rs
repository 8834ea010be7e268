//! Finds mathematics: pairs of delimiters outside code, in one paragraph.
//!
//! The closing delimiters are listed first, so that many opening ones cost a binary search each.

use std::collections::HashMap;
use std::ops::Range;

use super::super::code;
use super::super::shortcode::Shortcode;
use super::Formula;
use super::walls::walls;
use crate::generator::MathDelimiters;

/// The names of tags whose content is mathematics.
pub(super) const TAGS: [&str; 5] = ["math", "katex", "mathjax", "latex", "tex"];

/// With more delimiters than this in a configuration, the last ones are ignored.
const MOST_DELIMITERS: usize = 16;

/// Which occurrences of a delimiter count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ClosingRule {
    /// All; Markdown has no effect between them.
    Passthrough,
    /// `$$`, but not three of them. A formula that begins a line and ends one may contain blank lines.
    Double,
    /// `$` by Pandoc's rule: no space beside it inside, no digit after the closing one.
    /// <https://pandoc.org/MANUAL.html#extension-tex_math_dollars>
    Single,
    /// `\\(` and `\\[`, of which Markdown leaves one backslash.
    Backslashes,
}

struct Delimiter<'a> {
    open: &'a str,
    close: &'a str,
    rule: ClosingRule,
    /// The positions of the closing delimiter, sorted.
    closers: Vec<usize>,
}

/// Returns the mathematics of a body, in order. `code` are its ranges of code, and `tags` the tags outside.
pub(super) fn formulas(
    body: &str,
    code: &[Range<usize>],
    tags: &[Shortcode],
    delimiters: &MathDelimiters<'_>,
) -> Vec<Formula> {
    let tagged = tagged(tags);
    let finder = Finder {
        body,
        delimiters: delimiters_of(body, code, delimiters),
        walls: walls(body, code, tags),
        blank_lines: lines(body, is_blank),
        items: lines(body, begins_block),
        mathematics: if delimiters.has_dollars || !delimiters.passthrough.is_empty() {
            Mathematics::Configured
        } else {
            Mathematics::Unknown
        },
    };
    let mut found = Vec::new();
    let mut skipped = tags.iter().flat_map(Shortcode::marks).peekable();
    let mut tagged = tagged.into_iter().peekable();
    let mut at = 0;
    while let Some(next) = body[at..].find(|c: char| finder.may_open(c)) {
        at += next;
        if let Some(formula) = tagged.next_if(|formula| formula.range.start <= at) {
            at = at.max(formula.range.end);
            found.push(formula);
            continue;
        }
        while skipped.next_if(|tag| tag.end <= at).is_some() {}
        if let Some(tag) = skipped.peek().filter(|tag| tag.start <= at) {
            at = tag.end;
        } else if let Some(range) = code::containing(code, at) {
            at = range.end;
        } else if let Some(formula) = finder.opened(at) {
            at = formula.range.end;
            found.push(formula);
        } else {
            at += finder.step(at);
        }
    }
    found.extend(tagged);
    found
}

/// Returns the contents of tags such as `{{< math >}}`.
fn tagged(tags: &[Shortcode]) -> Vec<Formula> {
    let mut found = Vec::new();
    let mut open: Option<&Shortcode> = None;
    for tag in tags {
        let closed = tag.name.strip_prefix('/').or_else(|| tag.name.strip_prefix("end"));
        match (open, closed.map(str::trim)) {
            (Some(start), Some(name)) if start.name == name => {
                found.push(Formula { range: start.range.end..tag.range.start, unshown: 0 });
                open = None;
            }
            (None, None) if TAGS.contains(&tag.name) => open = Some(tag),
            _ => {}
        }
    }
    found
}

fn delimiters_of<'a>(body: &str, code: &[Range<usize>], written: &'a MathDelimiters<'a>) -> Vec<Delimiter<'a>> {
    let passthrough = written.passthrough.iter().take(MOST_DELIMITERS);
    let passthrough = passthrough.map(|[open, close]| (open.as_str(), close.as_str(), ClosingRule::Passthrough));
    let others = [
        ("$$", "$$", ClosingRule::Double),
        ("\\\\[", "\\\\]", ClosingRule::Backslashes),
        ("\\\\(", "\\\\)", ClosingRule::Backslashes),
        ("$", "$", ClosingRule::Single),
    ];
    let others = others.into_iter().take(if written.has_dollars { others.len() } else { 1 });
    let all = passthrough.chain(others).filter(|(open, close, _)| !open.is_empty() && !close.is_empty());
    let mut known: HashMap<(&str, bool), Vec<usize>> = HashMap::new();
    all.map(|(open, close, rule)| {
        let find = || {
            let places = memchr::memmem::find_iter(body.as_bytes(), close);
            places.filter(|at| code::containing(code, *at).is_none() && closes(body, *at, rule)).collect()
        };
        let closers = known.entry((close, rule == ClosingRule::Passthrough)).or_insert_with(find).clone();
        Delimiter { open, close, rule, closers }
    })
    .collect()
}

/// Returns whether a delimiter at this position closes.
fn closes(body: &str, at: usize, rule: ClosingRule) -> bool {
    let (before, rest) = body.split_at(at);
    let is_escaped = || before.bytes().rev().take(MOST_BACKSLASHES).take_while(|byte| *byte == b'\\').count() % 2 == 1;
    match rule {
        ClosingRule::Passthrough | ClosingRule::Backslashes => true,
        ClosingRule::Double => !before.ends_with('$') && !rest[2..].starts_with('$') && !is_escaped(),
        ClosingRule::Single => {
            let beside = |c: char| c.is_whitespace() || c == '$';
            let follows = |c: char| c.is_ascii_digit() || c == '$';
            !before.ends_with(beside) && !rest[1..].starts_with(follows) && !is_escaped()
        }
    }
}

/// The number of backslashes that are counted before a delimiter.
const MOST_BACKSLASHES: usize = 100;

/// Returns the start of each line for which this holds.
fn lines(body: &str, holds: fn(&str) -> bool) -> Vec<usize> {
    let mut at = 0;
    let lines = body.split_inclusive('\n').filter_map(|line| {
        let start = at;
        at += line.len();
        holds(line).then_some(start)
    });
    lines.collect()
}

/// Returns whether a line is blank or contains only quotation marks.
fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>'))
}

/// Returns whether a line begins an item of a list or a heading.
fn begins_block(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '\t', '>']);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let heading = || text.strip_prefix('#').map(|rest| rest.trim_start_matches('#'));
    let rest = if number.len() < text.len() {
        number.strip_prefix(['.', ')'])
    } else {
        text.strip_prefix(['-', '*', '+']).or_else(heading)
    };
    rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// What is known of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mathematics {
    Configured,
    /// Dollar signs may mean something else: a process id, a price.
    Unknown,
}

struct Finder<'a> {
    body: &'a str,
    delimiters: Vec<Delimiter<'a>>,
    walls: Vec<usize>,
    /// The starts of lines that end a paragraph.
    blank_lines: Vec<usize>,
    /// The starts of lines that begin a list item or a heading, and in formulas on lines of their own are text.
    items: Vec<usize>,
    /// Whether the site says that it has mathematics.
    mathematics: Mathematics,
}

impl Finder<'_> {
    fn may_open(&self, c: char) -> bool {
        matches!(c, '$' | '\\' | '(' | ':') || self.delimiters.iter().any(|delimiter| delimiter.open.starts_with(c))
    }

    /// Returns the formula that a delimiter at this position opens.
    fn opened(&self, at: usize) -> Option<Formula> {
        let rest = &self.body[at..];
        let delimiter = self.delimiters.iter().find(|delimiter| rest.starts_with(delimiter.open))?;
        let inner = &rest[delimiter.open.len()..];
        let opens = match delimiter.rule {
            ClosingRule::Passthrough | ClosingRule::Backslashes => true,
            ClosingRule::Double => !inner.starts_with('$'),
            ClosingRule::Single => !inner.starts_with(char::is_whitespace),
        };
        if !opens {
            return None;
        }
        let start = at + delimiter.open.len();
        if inner.starts_with(delimiter.close) {
            return None;
        }
        let close = next(&delimiter.closers, start + 1)?;
        let end = close + delimiter.close.len();
        let is_free = |places: &[usize]| next(places, at + 1).is_none_or(|place| place >= close);
        let before = &self.body[..at];
        let is_block = || delimiter.rule == ClosingRule::Double && begins_line(before) && ends_line(&self.body[end..]);
        let is_alone = || starts_line(before) || (begins_line(before) && ends_line(inner));
        let is_display = || delimiter.open.len() > 1 && is_alone();
        let ends_before = !is_free(&self.walls)
            || !(is_free(&self.blank_lines) || is_block())
            || !(is_free(&self.items) || is_display());
        let is_doubtful = delimiter.rule == ClosingRule::Double && self.mathematics == Mathematics::Unknown;
        if ends_before
            || self.leaves_cell(at, close)
            || (is_doubtful && !ends_line(inner) && !looks_mathematical(&self.body[start..close]))
        {
            return None;
        }
        let unshown = usize::from(delimiter.rule == ClosingRule::Backslashes);
        Some(Formula { range: at..end, unshown })
    }

    /// Returns whether the text between these positions begins in the cell of a table and leaves it.
    fn leaves_cell(&self, start: usize, end: usize) -> bool {
        // Lines are longer than this in no table.
        const LONGEST_ROW: usize = 4096;
        let head = &self.body[self.body[..start].ceil_char_boundary(start.saturating_sub(LONGEST_ROW))..start];
        let row = head.rsplit('\n').next().unwrap_or(head).trim_start_matches([' ', '\t', '>']);
        let inside = &self.body[start..end];
        row.starts_with('|')
            && inside.bytes().take(LONGEST_ROW).enumerate().any(|(at, byte)| {
                byte == b'\n' || (byte == b'|' && at.checked_sub(1).is_none_or(|at| inside.as_bytes()[at] != b'\\'))
            })
    }

    /// Returns how many bytes to skip if nothing opens at this position.
    fn step(&self, at: usize) -> usize {
        let rest = &self.body[at..];
        let target = |ends: &[char]| rest.find(|c: char| c.is_whitespace() || ends.contains(&c)).unwrap_or(rest.len());
        let first = rest.chars().next().map_or(1, char::len_utf8);
        match rest.as_bytes()[0] {
            b'$' => rest.bytes().take_while(|byte| *byte == b'$').count(),
            // An escaped character opens nothing.
            b'\\' => first + rest[first..].chars().next().map_or(0, char::len_utf8),
            b'(' if self.body[..at].ends_with(']') => target(&[')']).max(first),
            b':' if rest.starts_with("://") => target(&[')', '>', '"', ']']),
            _ => first,
        }
    }
}

/// Returns whether text between dollar signs in a line may be mathematics, and not prose between two of them.
fn looks_mathematical(inside: &str) -> bool {
    let is_spaced = inside.starts_with([' ', '\t']) || inside.ends_with([' ', '\t']);
    let has_signs = || inside.contains(['\\', '^', '_', '=', '{', '<']);
    !inside.contains("](") && !inside.contains("://") && (!is_spaced || has_signs())
}

/// Returns the first of these positions that is not before `from`.
fn next(places: &[usize], from: usize) -> Option<usize> {
    places.get(places.partition_point(|place| *place < from)).copied()
}

/// Returns whether only the marks of quotations are before a position in its line.
fn starts_line(before: &str) -> bool {
    let left = before.trim_end_matches([' ', '\t', '>']);
    left.is_empty() || left.ends_with('\n')
}

/// Returns whether only the marks of quotations and lists are before a position in its line.
fn begins_line(before: &str) -> bool {
    let is_mark = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\t' | '>' | '-' | '*' | '+' | '.' | ')');
    let left = before.trim_end_matches(is_mark);
    left.is_empty() || left.ends_with('\n')
}

fn ends_line(after: &str) -> bool {
    let rest = after.trim_start_matches([' ', '\t', '\r']);
    rest.is_empty() || rest.starts_with('\n')
}
