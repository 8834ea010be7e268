//! Writes the boxes of Python-Markdown as ordinary Markdown: `!!! note "Title"` and `??? note`, whose content is
//! indented by four spaces.
//! <https://python-markdown.github.io/extensions/admonition/>

use std::borrow::Cow;

use super::html::escape;
use super::markdown;

/// The indentation of the content.
const INDENT: usize = 4;

/// Returns Markdown without such boxes: their titles, and their content without its indentation.
pub(crate) fn unfolded(body: &str) -> Cow<'_, str> {
    if !["!!!", "???"].iter().any(|mark| body.contains(mark)) {
        return Cow::Borrowed(body);
    }
    let mut writer = Writer { out: String::with_capacity(body.len()), open: Vec::new(), fence: None, in_list: false };
    let mut lines = body.split_inclusive('\n').peekable();
    let mut found = false;
    while let Some(line) = lines.next() {
        let next = lines.peek().copied().unwrap_or_default();
        found |= writer.line(line, next);
    }
    writer.close(0);
    if found { Cow::Owned(writer.out) } else { Cow::Borrowed(body) }
}

/// The first line of a box.
struct AdmonitionLine<'a> {
    title: Cow<'a, str>,
    /// The attribute of `<details>`; `None` if the box cannot be folded.
    folds: Option<&'static str>,
    /// Whether it is text unless its content follows, because it has no title.
    needs_content: bool,
}

struct OpenBox {
    /// The column at which the content begins.
    content: usize,
    folds: bool,
}

struct Writer {
    out: String,
    open: Vec<OpenBox>,
    /// The character of the fence that is open, and how often it is repeated.
    fence: Option<(char, usize)>,
    /// Whether the last text without indentation was an item of a list, which may contain boxes.
    in_list: bool,
}

impl Writer {
    /// Writes a line. Returns whether it opened a box.
    fn line(&mut self, line: &str, next: &str) -> bool {
        let text = line.trim();
        if text.is_empty() {
            self.out.push('\n');
            return false;
        }
        let (columns, rest) = indentation(line);
        self.close(columns);
        let columns = columns - INDENT * self.open.len();
        if columns == 0 && self.open.is_empty() {
            let item = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            self.in_list = item.starts_with(['-', '*', '+', '.', ')']);
        }
        let is_code = self.fence.is_some() || (columns >= INDENT && !self.in_list);
        let has_content = indentation(next).0 >= indentation(line).0 + INDENT;
        let opening = opening(text).filter(|opening| !is_code && (has_content || !opening.needs_content));
        let margin = " ".repeat(columns);
        if let Some(AdmonitionLine { title, folds, .. }) = opening {
            let title = markdown::inline(&title);
            self.out.push('\n');
            match folds {
                Some(attribute) => {
                    self.out.extend([&margin, "<details", attribute, "><summary>", &title, "</summary>\n\n"]);
                }
                None if title.is_empty() => {}
                None => self.out.extend([&margin, "<p><strong>", &title, "</strong></p>\n\n"]),
            }
            self.open.push(OpenBox { content: indentation(line).0 + INDENT, folds: folds.is_some() });
            return true;
        }
        self.note_fence(text);
        if self.open.is_empty() {
            self.out.push_str(line);
        } else {
            self.out.extend([&margin, rest]);
        }
        false
    }

    /// Closes the boxes whose content begins behind this column.
    fn close(&mut self, column: usize) {
        while let Some(last) = self.open.pop_if(|last| last.content > column) {
            self.fence = None;
            if !self.out.ends_with('\n') {
                self.out.push('\n');
            }
            self.out.push('\n');
            if last.folds {
                self.out.extend([&" ".repeat(last.content - INDENT * (self.open.len() + 1)), "</details>\n\n"]);
            }
        }
    }

    fn note_fence(&mut self, text: &str) {
        let Some(mark) = text.chars().next().filter(|c| matches!(c, '`' | '~')) else { return };
        let length = text.chars().take_while(|c| *c == mark).count();
        match self.fence {
            Some((open, most)) if open == mark && length >= most && text.len() == length => self.fence = None,
            None if length >= 3 => self.fence = Some((mark, length)),
            _ => {}
        }
    }
}

/// Returns the width of the indentation, and the text after it.
fn indentation(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches([' ', '\t']);
    let width = |columns: usize, byte: u8| if byte == b'\t' { columns / INDENT * INDENT + INDENT } else { columns + 1 };
    (line[..line.len() - rest.len()].bytes().fold(0, width), rest)
}

/// Parses the first line of a box.
fn opening(text: &str) -> Option<AdmonitionLine<'_>> {
    let (folds, rest) = match (text.strip_prefix("!!!"), text.strip_prefix("???")) {
        (Some(rest), _) => (None, rest),
        (None, Some(rest)) => match rest.strip_prefix('+') {
            Some(rest) => (Some(" open"), rest),
            None => (Some(""), rest),
        },
        (None, None) => return None,
    };
    let rest = rest.trim_start();
    let (kinds, title) = match rest.split_once('"') {
        Some((kinds, title)) => (kinds.trim_end(), Some(title.strip_suffix('"')?)),
        None => (rest, None),
    };
    let is_kind = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if !kinds.chars().all(is_kind) || (title.is_none() && kinds.is_empty()) {
        return None;
    }
    let needs_content = title.is_none();
    let kind = kinds.split(' ').next().unwrap_or_default();
    let title = title.map_or_else(|| Cow::Owned(escape(&capitalised(kind))), Cow::Borrowed);
    Some(AdmonitionLine { title, folds, needs_content })
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_become_titles_and_text_without_indentation() {
        for (written, left) in [
            ("!!! note\n    a\n\n    b\n\nc\n", "\n<p><strong>Note</strong></p>\n\na\n\nb\n\n\nc\n"),
            ("!!! note \"A *b*\"\n    c\nd", "\n<p><strong>A <em>b</em></strong></p>\n\nc\n\nd"),
            ("!!! danger inline end \"\"\n\ta\n", "\n\na\n\n".strip_prefix('\n').unwrap()),
            (
                "??? tip\n    a\n    ???+ b \"C\"\n        d\n    e\n",
                "\n<details><summary>Tip</summary>\n\na\n\n<details open><summary>C</summary>\n\nd\n\n</details>\n\ne\n\n\
                 </details>\n\n",
            ),
            ("- x\n\n    !!! note\n        a\n", "- x\n\n\n    <p><strong>Note</strong></p>\n\n    a\n\n"),
            ("!!! a\n    ```\n    b\n\n      c\n    ```\n", "\n<p><strong>A</strong></p>\n\n```\nb\n\n  c\n```\n\n"),
        ] {
            assert_eq!(unfolded(written), left, "{written}");
        }
    }

    #[test]
    fn text_that_resembles_a_box_stays() {
        for text in
            ["!!! so loud\n\ntext", "!!! note\ntext", "```\n!!! note\n    a\n```\n", "    !!! note\n        a\n", "???"]
        {
            assert_eq!(unfolded(text), text);
        }
    }
}
