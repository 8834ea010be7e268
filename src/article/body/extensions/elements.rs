//! Lets Markdown parse the content of HTML elements that ask for it: `<div markdown="1">`, as in Kramdown and
//! Python-Markdown. Other parsers need blank lines around such content.

use std::borrow::Cow;
use std::ops::Range;

use super::super::hidden::is_void;
use super::super::html::{StartTag, Token, Tokens};
use super::super::{code, markdown};

/// The most bytes of a tag, and the most open elements that are searched for the start of one that ends.
const LONGEST_TAG: usize = 1000;
const DEEPEST: usize = 100;

/// How the content of an element is parsed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Blocks,
    Inline,
    /// It is left as HTML.
    Raw,
}

/// Returns the body with blank lines around the content of such elements.
pub(crate) fn opened<'a, 'c>(body: &'a str, code: impl FnOnce() -> Cow<'c, [Range<usize>]>) -> Cow<'a, str> {
    if !body.contains(" markdown=") && !body.contains(" markdown>") {
        return Cow::Borrowed(body);
    }
    let mut edits = edits(body, &code());
    if edits.is_empty() {
        return Cow::Borrowed(body);
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(body.len() + edits.len() * 2);
    let mut done = 0;
    for (range, edit) in edits {
        if range.start >= done {
            out.push_str(&body[done..range.start]);
            match edit {
                BodyEdit::Text(text) => out.push_str(text),
                // That of elements inside is a part of this one.
                BodyEdit::Inline => out.push_str(&markdown::inline(body[range.clone()].trim())),
            }
            done = range.end;
        }
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// What replaces a range.
#[derive(Clone, Copy)]
enum BodyEdit {
    Text(&'static str),
    /// The HTML of the range as Markdown without blocks.
    Inline,
}

/// Returns the ranges to replace, and what replaces them.
fn edits(body: &str, code: &[Range<usize>]) -> Vec<(Range<usize>, BodyEdit)> {
    let mut edits = Vec::new();
    let mut open: Vec<(&'static str, Inside, usize)> = Vec::new();
    for at in memchr::memchr_iter(b'<', body.as_bytes()) {
        if code::containing(code, at).is_some_and(|code| !code::is_indented(&body[code.clone()])) {
            continue;
        }
        let head = &body[at..body.floor_char_boundary(at + LONGEST_TAG)];
        let mut tokens = Tokens::new(head);
        match tokens.next() {
            Some(Token::Start(tag)) if !tag.name.is_empty() && !tag.closes_itself() && !is_void(tag.name) => {
                open.push((tag.name, content(&tag), at + tokens.position()));
            }
            Some(Token::End(name)) => {
                let from = open.len().saturating_sub(DEEPEST);
                let Some(start) = open[from..].iter().rposition(|(opened, ..)| *opened == name) else { continue };
                let (_, content, inside) = open[from + start];
                open.truncate(from + start);
                let inside = inside..at;
                match content {
                    // Otherwise the Markdown after it would be a part of this HTML.
                    Inside::Raw if is_block(name) && open.last().is_some_and(|outer| outer.1 == Inside::Blocks) => {
                        let end = at + tokens.position();
                        edits.push((end..end, BodyEdit::Text("\n\n")));
                    }
                    Inside::Raw => {}
                    Inside::Inline => edits.push((inside, BodyEdit::Inline)),
                    Inside::Blocks => separate(body, inside, at + tokens.position(), &mut edits),
                }
            }
            _ => {}
        }
    }
    edits
}

/// Separates the content of an element, whose end tag ends at `end`, from its tags by blank lines.
fn separate(body: &str, inside: Range<usize>, end: usize, edits: &mut Vec<(Range<usize>, BodyEdit)>) {
    let text = &body[inside.clone()];
    edits.push((inside.start..inside.start, BodyEdit::Text("\n\n")));
    let margin = text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(margin).min().unwrap_or(0);
    let mut at = inside.start;
    for line in text.split_inclusive('\n') {
        // The first line continues the one of the tag.
        if at > inside.start && margin > 0 && !line.trim().is_empty() {
            edits.push((at..at + margin, BodyEdit::Text("")));
        }
        at += line.len();
    }
    edits.push((inside.start + text.trim_end().len()..inside.end, BodyEdit::Text("\n\n")));
    if body[end..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
        edits.push((end..end, BodyEdit::Text("\n\n")));
    }
}

/// Returns whether an element begins and ends a block.
fn is_block(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "p" | "div" | "table" | "ul" | "ol" | "dl")
        || matches!(name, "blockquote" | "figure" | "figcaption" | "section" | "article" | "aside" | "header")
        || matches!(name, "footer" | "details" | "center" | "iframe" | "video" | "pre")
}

fn margin(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn content(tag: &StartTag) -> Inside {
    let Some(value) = tag.raw("markdown") else { return Inside::Raw };
    let is_inline = matches!(tag.name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" | "dt" | "caption")
        || matches!(tag.name, "span" | "a" | "b" | "em" | "i" | "strong" | "small" | "sub" | "sup" | "summary");
    match value {
        "0" => Inside::Raw,
        "span" => Inside::Inline,
        "block" => Inside::Blocks,
        _ if is_inline => Inside::Inline,
        _ => Inside::Blocks,
    }
}

#[cfg(test)]
mod tests {
    use super::opened;
    use crate::article::body::{Syntax, code};

    #[test]
    fn the_content_of_elements_that_ask_for_it_is_separated_from_their_tags() {
        for (written, left) in [
            ("<div markdown=\"1\">\n**b**\n</div>\nc", "<div markdown=\"1\">\n\n\n**b**\n\n</div>\n\n\nc"),
            ("<div markdown>*b*</div>", "<div markdown>\n\n*b*\n\n</div>"),
            (
                "<details markdown=\"1\"><summary>S</summary>\n**b**\n</details>",
                "<details markdown=\"1\">\n\n<summary>S</summary>\n\n\n**b**\n\n</details>",
            ),
            ("<p markdown='span'>*b*</p>", "<p markdown='span'><em>b</em></p>"),
            ("<td markdown=\"1\">\n    *b*\n\n      c\n    </td>", "<td markdown=\"1\">\n\n\n*b*\n\n  c\n\n</td>"),
        ] {
            assert_eq!(opened(written, || code::ranges(written, Syntax::Markdown).into()), left, "{written}");
        }
        for text in ["<div>\n*b*\n</div> markdown=", "<div markdown=\"0\">*b*</div>", "`<div markdown=\"1\">a</div>`"] {
            assert_eq!(opened(text, || code::ranges(text, Syntax::Markdown).into()), text);
        }
    }

    #[test]
    fn many_elements_cost_little() {
        let start = std::time::Instant::now();
        for bulk in
            ["<div markdown=1>", "<div markdown=1>\n a\n</div>\n", "</div>", "<a markdown=1></b>", "<i markdown=1>"]
        {
            let ends = "</i>".repeat(2_000);
            let body = format!("<p markdown=1>{}{ends}", bulk.repeat(10_000));
            opened(&body, || Vec::new().into());
        }
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
