//! Removes Markdown extensions that only one generator supports and that others would show as text:
//! Kramdown's attribute lists and `{#ids}`, the placeholder of a table of contents, containers (`:::tip`), the titles of
//! callouts (`[!note] Title`), abbreviations, and the comments and imports of MDX.
//!
//! It works on lines, and on braces in lines, outside code. The result is ordinary Markdown.

use std::borrow::Cow;
use std::ops::Range;

pub(crate) mod attributes;
mod callout;
pub(crate) mod caption;
mod container;
pub(crate) mod elements;

use attributes::LineKind;

use super::code;

/// Returns the body as ordinary Markdown. `code` returns the ranges of its code.
pub(crate) fn plain<'a, 'c>(body: &'a str, code: impl FnOnce() -> Cow<'c, [Range<usize>]>) -> Cow<'a, str> {
    if !may_hold(body) {
        return Cow::Borrowed(body);
    }
    let code = code();
    let joined = attributes::on_one_line(body, &code);
    let body: &str = &joined;
    let last = |end| body.rfind(end).unwrap_or(0);
    let ends = [("{:/", last("{:/")), ("*/}", last("*/}"))];
    let mut lines = LineWriter { out: String::with_capacity(body.len()), skipped: None, last: 0, blank: true };
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim_start_matches([' ', '\t', '>']);
        let start = at + line.len() - text.len();
        let in_code = code::containing(&code, start).is_some() || code::containing(&code, at).is_some();
        if in_code {
            lines.write(line);
        } else {
            let spans = |place: usize| code::containing(&code, at + place).is_some();
            let below =
                Below { text: &body[at + line.len()..], ends: ends.map(|(end, last)| (end, last > at + line.len())) };
            lines.read(line, text.trim_end(), &below, &spans);
        }
        at += line.len();
    }
    Cow::Owned(lines.out)
}

/// Returns whether the body may contain an extension. Most bodies do not, and code need not be located in
/// them.
fn may_hold(body: &str) -> bool {
    [
        "{:", "{#", "{.", "){", "`{", "{/*", "{' '}", "{\" \"}", ":::", "*[", "[!", "::", "toc]", "TOC]", "_TOC_]",
        "${toc}",
    ]
    .iter()
    .any(|mark| body.contains(mark))
        || ["import ", "export "].iter().any(|word| body.starts_with(word) || body.contains(&format!("\n{word}")))
        || body.contains("\n{")
}

/// The text after a line.
struct Below<'a> {
    text: &'a str,
    /// The strings that end a comment, and whether each occurs.
    ends: [(&'static str, bool); 2],
}

impl Below<'_> {
    /// Whether the next line is blank, or there is none.
    fn begins_blank(&self) -> bool {
        self.text.split('\n').next().is_none_or(|line| line.trim().is_empty())
    }

    fn has(&self, wanted: &str) -> bool {
        self.ends.iter().any(|(end, there)| *end == wanted && *there)
    }
}

struct LineWriter {
    out: String,
    /// The string that ends the part being skipped.
    skipped: Option<&'static str>,
    /// Start of the last line.
    last: usize,
    /// Whether the last line is blank.
    blank: bool,
}

impl LineWriter {
    fn write(&mut self, line: &str) {
        self.last = self.out.len();
        self.blank = line.trim().is_empty();
        self.out.push_str(line);
    }

    /// Processes a line. `text` is the line without its prefix, `below` what follows it; `is_code` returns
    /// whether a position in the line is in code.
    fn read(&mut self, line: &str, text: &str, below: &Below, is_code: &dyn Fn(usize) -> bool) {
        if let Some(end) = self.skipped {
            let ends = if end.is_empty() { text.is_empty() } else { text.contains(end) };
            if !ends {
                return;
            }
            self.skipped = None;
            let behind = if end.is_empty() { line } else { line.split_once(end).map_or("", |(_, behind)| behind) };
            // Kramdown closes with `{:/}` or with a name.
            let behind = if end == "{:/" { behind.split_once('}').map_or("", |(_, behind)| behind) } else { behind };
            self.write(behind);
            return;
        }
        let prefix = &line[..line.len() - line.trim_start_matches([' ', '\t', '>']).len()];
        let ending = &line[line.trim_end_matches(['\n', '\r']).len()..];
        if text.starts_with("{:toc") && self.is_item() {
            // The list item becomes the table of contents.
            self.out.truncate(self.last);
        } else if attributes::is_list(text) || is_contents(text) || is_abbreviation(text) {
            // The line contains nothing else. It becomes a blank line only if one already precedes it, so that
            // the text above and below stays one paragraph if it was one.
            if is_contents(text) || self.blank {
                self.write(ending);
            }
        } else if let Some(title) = callout::title(prefix, text) {
            self.write(&format!("{prefix}{title}{ending}{prefix}{ending}"));
        } else if let Some(label) = container::leaf(text).filter(|_| self.blank && below.begins_blank()) {
            self.write(&format!("{prefix}{label}{ending}"));
        } else if text.starts_with("{::comment}") && !text.contains("{:/") {
            self.skipped = Some("{:/").filter(|end| below.has(end));
            self.write(ending);
        } else if self.blank && is_module(text) {
            // A JavaScript statement extends to the next blank line.
            self.skipped = Some("");
        } else if let Some(title) = container::title(text) {
            let title = if title.is_empty() {
                String::new()
            } else {
                format!("<p><strong>{title}</strong></p>{ending}{prefix}{ending}")
            };
            self.write(&format!("{prefix}{ending}{prefix}{title}{ending}"));
            self.blank = true;
        } else {
            let is_heading = text.starts_with('#') || below.text.starts_with("===") || below.text.starts_with("---");
            let kind = if is_heading { LineKind::Heading } else { LineKind::Text };
            let (kept, open) = attributes::taken_out(line, kind, is_code);
            self.skipped = open.filter(|end| below.has(end));
            if self.skipped.is_none() && open.is_some() {
                self.write(line);
            } else {
                self.write(&kept);
            }
        }
    }

    /// Returns whether the last line is a list item.
    fn is_item(&self) -> bool {
        let last = self.out[self.last..].trim_start();
        let number = last.trim_start_matches(|c: char| c.is_ascii_digit());
        last.starts_with(['*', '-', '+']) || (number.len() < last.len() && number.starts_with('.'))
    }
}

/// Returns whether a line is the placeholder of a table of contents.
fn is_contents(text: &str) -> bool {
    let inner = text.strip_prefix(['@', '$']).unwrap_or(text);
    let brackets = |c: char| matches!(c, '[' | ']' | '{' | '}' | '_');
    let bracketed = inner.len() > 4 && inner.starts_with(['[', '{']) && inner.ends_with([']', '}']);
    bracketed && inner.len() <= 12 && inner.trim_matches(brackets).eq_ignore_ascii_case("toc")
}

/// Returns whether a line is `*[HTML]: Hypertext Markup Language`.
fn is_abbreviation(text: &str) -> bool {
    text.strip_prefix("*[").and_then(|rest| rest.split_once(']')).is_some_and(|(_, rest)| rest.starts_with(':'))
}

/// Returns whether a line is `import X from 'y'` or `export const x = …`.
fn is_module(text: &str) -> bool {
    let quoted = |rest: &str| rest.trim_end_matches(';').ends_with(['"', '\'']);
    match (text.strip_prefix("import "), text.strip_prefix("export ")) {
        (Some(rest), _) => {
            (rest.contains(" from ") && quoted(rest)) || (rest.starts_with(['"', '\'']) && quoted(rest)) || rest == "{"
        }
        (None, Some(rest)) => {
            ["const ", "default ", "function ", "let ", "async function "].iter().any(|word| rest.starts_with(word))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
