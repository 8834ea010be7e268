//! Makes ordinary Markdown of what Kramdown reads differently: HTML, tables, and URLs with spaces.
//!
//! In Kramdown an HTML block ends where its element ends, whatever lines are blank or indented in it, and a line of
//! inline elements begins a paragraph. In `CommonMark` both extend to the next blank line, and the Markdown in between is
//! shown as it is written. <https://kramdown.gettalong.org/syntax.html#html-blocks>

use std::borrow::Cow;

use super::code;
use super::hidden::is_void;
use super::html::{StartTag, Token, Tokens};
use crate::text::push;

mod table;

/// Elements that are inline for Kramdown, so that a line that begins with one is a paragraph.
const INLINE: [&str; 37] = [
    "a", "abbr", "acronym", "b", "bdo", "big", "br", "button", "cite", "code", "del", "dfn", "em", "i", "img", "input",
    "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "samp", "select", "small",
    "span", "strong", "sub", "sup", "tt", "u",
];

/// The longest destination of a link, in bytes.
const LONGEST_URL: usize = 300;

/// Returns the body as other Markdown parsers read it.
pub(crate) fn ordinary(body: &str) -> Cow<'_, str> {
    let has_html = body.starts_with('<') || body.contains("\n<") || body.contains(" <");
    let mut text = Cow::Borrowed(body);
    if has_html || table::may_be_in(body) {
        let mut lines = BlockReader::new(body);
        lines.read();
        if lines.done > 0 {
            lines.out.push_str(&body[lines.done..]);
            text = Cow::Owned(lines.out);
        }
    }
    match destinations(&text) {
        Some(changed) => Cow::Owned(changed),
        None => text,
    }
}

/// Code in which nothing is changed, up to a line that ends it.
enum CodeEnd<'a> {
    Fence(&'a str),
    /// The word in the tag that ends a block of a template.
    Tag(&'static str),
}

struct BlockReader<'a> {
    body: &'a str,
    out: String,
    /// How much of the body was written.
    done: usize,
    /// How many bytes may still be searched for the ends of elements.
    budget: usize,
    /// How many elements with Markdown inside are open.
    open: usize,
}

impl<'a> BlockReader<'a> {
    fn new(body: &'a str) -> Self {
        Self { body, out: String::new(), done: 0, budget: 4 * body.len() + 4096, open: 0 }
    }

    fn read(&mut self) {
        let mut code: Option<CodeEnd<'a>> = None;
        let mut is_block_start = true;
        let mut at = 0;
        while at < self.body.len() {
            let end = self.line_end(at);
            let line = &self.body[at..end];
            let text = line.trim();
            let start = at + line.len() - line.trim_start().len();
            if let Some(until) = &code {
                let ends = match until {
                    CodeEnd::Fence(fence) => text.starts_with(fence) && text.trim_start_matches(&fence[..1]).is_empty(),
                    CodeEnd::Tag(word) => text.contains(word),
                };
                if ends {
                    code = None;
                }
                is_block_start = ends;
                at = end;
                continue;
            }
            code = opens_code(text);
            let is_near = start - at <= 3 || self.open > 0;
            if code.is_none() && is_block_start && is_near && text.starts_with('<') {
                if let Some(next) = self.html(start, end) {
                    // What follows the element begins a block.
                    at = next;
                    continue;
                }
            } else if code.is_none() && is_near && text.contains('|') {
                self.table(line, end);
            }
            is_block_start = code.is_none() && (text.is_empty() || ends_block(text));
            at = end;
        }
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.body.as_bytes()[at..]).map_or(self.body.len(), |end| at + end + 1)
    }

    /// Writes the body up to `at`.
    fn write_to(&mut self, at: usize) {
        self.out.push_str(&self.body[self.done..at]);
        self.done = at;
    }

    /// Separates what follows `at`, the end of an element, from it by a blank line. Returns where it begins.
    fn separate(&mut self, at: usize) -> usize {
        let end = self.line_end(at);
        if self.body[at..end].trim().is_empty() {
            let next = self.body[end..self.line_end(end)].trim();
            // An attribute list below an element belongs to it, and may hide it.
            if !next.is_empty() && !next.starts_with("{:") {
                self.write_to(end);
                self.out.push('\n');
            }
            return end;
        }
        self.write_to(at);
        self.out.push_str("\n\n");
        self.done += self.body[at..end].len() - self.body[at..end].trim_start().len();
        self.done
    }

    /// Reads the HTML at `at`, in the line that ends at `line_end`. Returns where the next block begins; `None` if it
    /// is read as any other line.
    fn html(&mut self, at: usize, line_end: usize) -> Option<usize> {
        let mut tokens = Tokens::new(&self.body[at..]);
        let Some(Token::Start(tag)) = tokens.next() else { return None };
        let tag_end = at + tokens.position();
        // A comment before it, or an element whose name is unknown.
        if tag.name.is_empty() || !self.body[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        if INLINE.contains(&tag.name) {
            return self.paragraph(tag_end, line_end);
        }
        if is_void(tag.name) || tag.closes_itself() {
            return Some(self.separate(tag_end));
        }
        match tag.raw("markdown") {
            Some("0") | None => {}
            Some(_) => {
                self.open += 1;
                return Some(line_end).filter(|end| self.body[tag_end..*end].trim().is_empty());
            }
        }
        let end = self.end_of(&tag, at, tag_end)?;
        let content = &self.body[at..end];
        if holds_code(content) || content.contains("markdown=") {
            return None;
        }
        if !matches!(tag.name, "pre" | "script" | "style" | "textarea") && content.contains('\n') {
            self.write_to(at);
            without_blank_lines(content, &mut self.out);
            self.done = end;
        }
        Some(self.separate(end))
    }

    /// Returns the end of the element that begins at `at` with this tag.
    fn end_of(&mut self, tag: &StartTag<'_>, at: usize, tag_end: usize) -> Option<usize> {
        let rest = &self.body[at..];
        let limit = rest.floor_char_boundary(self.budget.min(rest.len()));
        let mut tokens = Tokens::new(&rest[..limit]);
        let mut depth = 0_usize;
        while let Some(token) = tokens.next() {
            match token {
                Token::Start(inner) if inner.name == tag.name && !inner.closes_itself() => depth += 1,
                Token::End(name) if name == tag.name => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.budget = self.budget.saturating_sub(tokens.position());
                        return Some(at + tokens.position()).filter(|end| *end >= tag_end);
                    }
                }
                _ => {}
            }
        }
        self.budget = self.budget.saturating_sub(limit);
        None
    }

    /// Makes a line that has only an inline element the beginning of a paragraph. Returns where the block below begins,
    /// if there is one.
    fn paragraph(&mut self, tag_end: usize, line_end: usize) -> Option<usize> {
        let next = &self.body[line_end..self.line_end(line_end)];
        let is_alone = tag_end <= line_end && self.body[tag_end..line_end].trim().is_empty();
        if !is_alone || next.trim().is_empty() || next.trim().starts_with("{:") {
            return None;
        }
        if begins_block(next.trim()) {
            self.write_to(line_end);
            self.out.push('\n');
            return Some(line_end);
        }
        self.write_to(tag_end);
        self.out.push(' ');
        self.done = line_end + next.len() - next.trim_start().len();
        None
    }

    /// Gives a row of dashes as many columns as the row above it has.
    fn table(&mut self, header: &str, end: usize) {
        let row = self.line_end(end);
        if let Some(delimiter) = table::delimiter(header, &self.body[end..row]) {
            self.write_to(end);
            self.out.push_str(&delimiter);
            self.done = row;
        }
    }
}

/// Returns what ends the code that a line opens.
fn opens_code(text: &str) -> Option<CodeEnd<'_>> {
    for mark in ['`', '~'] {
        let rest = text.trim_start_matches(mark);
        let length = text.len() - rest.len();
        if length >= 3 && !rest.contains('`') {
            return Some(CodeEnd::Fence(&text[..length]));
        }
    }
    let word = text.strip_prefix("{%")?.trim_start_matches('-').trim_start();
    let end = if word.starts_with("highlight") {
        "endhighlight"
    } else if word.starts_with("raw") {
        "endraw"
    } else if word.starts_with("comment") {
        "endcomment"
    } else {
        return None;
    };
    (!text.contains(end)).then_some(CodeEnd::Tag(end))
}

/// Whether a block begins below a line.
fn ends_block(text: &str) -> bool {
    text.starts_with('#')
        || (text.starts_with("{:") && text.ends_with('}'))
        || (text.starts_with("{%") && text.ends_with("%}"))
        || (text.starts_with("<!--") && text.ends_with("-->"))
        || (text.len() >= 3 && text.bytes().all(|byte| matches!(byte, b'-' | b'*' | b'_' | b' ')))
}

/// Whether a line begins a block that ends the paragraph above it.
fn begins_block(text: &str) -> bool {
    let is_item = |rest: &str| rest.starts_with([' ', '\t']);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_tag = |text: &str| match Tokens::new(text).next() {
        Some(Token::Start(tag)) => !INLINE.contains(&tag.name),
        _ => true,
    };
    text.starts_with(['#', '>', '|'])
        || ["```", "~~~", "{%", "---", "==="].iter().any(|mark| text.starts_with(mark))
        || text.strip_prefix(['-', '*', '+']).is_some_and(is_item)
        || (number.len() < text.len() && number.strip_prefix('.').is_some_and(is_item))
        || (text.starts_with('<') && is_tag(text))
}

/// Whether HTML contains code in Markdown or in tags, which stay as they are.
fn holds_code(html: &str) -> bool {
    html.lines().map(str::trim).any(|line| opens_code(line).is_some())
}

/// Writes HTML without blank lines. Those of `pre` become references.
fn without_blank_lines(html: &str, out: &mut String) {
    let mut tokens = Tokens::new(html);
    let (mut done, mut pre) = (0, 0_usize);
    while let Some(token) = tokens.next() {
        let end = tokens.position();
        match token {
            Token::Start(tag) if tag.name == "pre" && !tag.closes_itself() => pre += 1,
            Token::End("pre") => pre = pre.saturating_sub(1),
            _ => {}
        }
        let piece = &html[done..end];
        done = end;
        let mut lines = piece.split('\n');
        out.push_str(lines.next().unwrap_or_default());
        for line in lines {
            let is_blank = out.ends_with('\n') || out.ends_with("&#10;");
            match (is_blank, pre) {
                (false, _) => push!(out, "\n{line}"),
                (true, 0) => out.push_str(line),
                (true, _) => push!(out, "&#10;{line}"),
            }
        }
    }
    out.push_str(&html[done..]);
}

/// Returns the text with spaces in the destinations of links and images encoded; `None` if there are none.
fn destinations(text: &str) -> Option<String> {
    let mut code = None;
    let (mut out, mut done) = (String::new(), 0);
    for (opening, _) in text.match_indices("](") {
        let start = opening + 2;
        let line = &text[start..text.floor_char_boundary(start + LONGEST_URL)];
        let Some(end) = destination_end(line) else { continue };
        let url = line[..end].trim();
        if start < done || !url.contains(' ') || url.contains(['<', '>', '{']) {
            continue;
        }
        let code = code.get_or_insert_with(|| code::ranges(text, super::Syntax::Markdown));
        if code::containing(code, start).is_some() {
            continue;
        }
        push!(out, "{}{}", &text[done..start], url.replace(' ', "%20"));
        done = start + line[..end].trim_end().len();
    }
    if done == 0 {
        return None;
    }
    out.push_str(&text[done..]);
    Some(out)
}

/// Returns where the destination at the beginning of `line` ends: at its parenthesis, or at the space before a title.
fn destination_end(line: &str) -> Option<usize> {
    let mut open = 0_usize;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => return Some(at),
            b')' => open -= 1,
            b'\n' => return None,
            b' ' if matches!(bytes.get(at + 1), Some(b'"' | b'\'')) && at > 0 => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
