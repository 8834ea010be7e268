//! Removes the Markdown that an attribute list hides, as in `{: hidden=""}` of kramdown and `{style="display:none"}` of
//! Hugo.
//!
//! [`shown`] is called where a body is separated from its front matter, like the removal of locked parts. Where it is
//! not certain which text a list belongs to, more is hidden rather than less: a list in a line hides the line.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::extensions::attributes::{self, AttributeList};
use super::super::html::decode;
use super::super::{Markup, Syntax, code};

/// Without one of these no list hides anything.
static MARKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i-u)(hidden|style)=").expect("the pattern is a constant"));

/// Returns a body without what its attribute lists hide.
pub(crate) fn shown(body: Cow<'_, str>, markup: impl FnOnce() -> Markup) -> Cow<'_, str> {
    if !body.contains('{') || !MARKS.is_match(body.as_bytes()) || markup().syntax != Syntax::Markdown {
        return body;
    }
    let hidden = hidden(&body);
    if hidden.is_empty() {
        return body;
    }
    let mut left = String::with_capacity(body.len());
    let mut from = 0;
    for range in hidden {
        left.push_str(&body[from..range.start]);
        from = range.end;
    }
    left.push_str(&body[from..]);
    Cow::Owned(left)
}

/// Returns what is hidden, in order.
fn hidden(body: &str) -> Vec<Range<usize>> {
    let lists: Vec<(usize, AttributeList)> =
        body.match_indices('{').filter_map(|(at, _)| Some((at, attributes::parse(&body[at..])?))).collect();
    let names: HashSet<&str> =
        lists.iter().filter(|(_, list)| hides(list)).filter_map(|(_, list)| defined(list)).collect();
    let hiding = lists.iter().filter(|(_, list)| {
        defined(list).is_none() && (hides(list) || list.words.iter().any(|word| names.contains(word)))
    });
    let mut code = None;
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, list) in hiding {
        let from = found.last().map_or(0, |range| range.end);
        let code = code.get_or_insert_with(|| code::ranges(body, Syntax::Markdown));
        if *at >= from && code::containing(code, *at).is_none() {
            found.push(hidden_by(body, *at..*at + list.length, from, code));
        }
    }
    found
}

/// Returns the name of a list that is only defined here, as in `{:name: hidden=""}`.
fn defined<'a>(list: &AttributeList<'a>) -> Option<&'a str> {
    list.words.first().and_then(|word| word.strip_suffix(':'))
}

fn hides(list: &AttributeList) -> bool {
    list.values.iter().any(|(name, value)| {
        let decoded = || decode(value);
        name.eq_ignore_ascii_case("hidden") || (name.eq_ignore_ascii_case("style") && super::hides_by_style(&decoded()))
    })
}

/// Returns what a list hides. Nothing before `from` is, because it is hidden already.
fn hidden_by(body: &str, list: Range<usize>, from: usize, code: &[Range<usize>]) -> Range<usize> {
    let start = body[from..list.start].rfind('\n').map_or(from, |at| from + at + 1);
    let end = body[list.end..].find('\n').map_or(body.len(), |at| list.end + at + 1);
    let is_alone = is_blank(&body[start..list.start]) && is_blank(&body[list.end..end]);
    if !is_alone {
        return start..end;
    }
    let above = lines_above(body, from..start, code);
    if above < start { above..end } else { start..end + block_below(&body[end..]) }
}

/// Returns where the block at the end of a range begins; the end if a blank line is there. A list whose line is indented
/// belongs to the last item only.
fn lines_above(body: &str, range: Range<usize>, code: &[Range<usize>]) -> usize {
    let is_indented = body[range.end..].starts_with([' ', '\t']);
    let mut at = range.end;
    while at > range.start {
        let start = body[range.start..at - 1].rfind('\n').map_or(range.start, |end| range.start + end + 1);
        let line = body[start..at].trim_start_matches([' ', '\t', '>']);
        if let Some(code) = code::containing(code, start).filter(|code| code.end + 1 >= at) {
            return code.start.max(range.start);
        }
        if line.trim().is_empty() || (line.starts_with('#') && at < range.end) {
            return at;
        }
        at = start;
        if line.starts_with('#') || (is_indented && ["- ", "* ", "+ "].iter().any(|item| line.starts_with(item))) {
            return at;
        }
    }
    at
}

/// Returns the length of the block at the beginning of a text.
fn block_below(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| !is_blank(line)).map(str::len).sum()
}

fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t', '>', '\r', '\n']).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        super::shown(body.into(), || Markup::MARKDOWN).into_owned()
    }

    #[test]
    fn attribute_lists_hide_the_block_or_the_line_they_belong_to() {
        for (body, left) in [
            ("a\n\nHIDDEN\nHIDDEN\n{: hidden=\"\"}\n\nb\n", "a\n\n\nb\n"),
            ("a\n\n{: style='display:none'}\nHIDDEN\nHIDDEN\n\nb\n", "a\n\n\nb\n"),
            ("a\n\n## HIDDEN {hidden=true}\nb\n", "a\n\nb\n"),
            ("# HIDDEN\n{style=\"DISPLAY : none\"}\nb\n", "b\n"),
            ("# a\nHIDDEN\n{: .x hidden=hidden}\n", "# a\n"),
            ("a\n\n*HIDDEN*{: style=\"visibility:hidden\"}\n\nb", "a\n\n\nb"),
            (
                "{:secret: style=\"display&colon;none\"}\na\n\nHIDDEN\n{:secret}\n",
                "{:secret: style=\"display&colon;none\"}\na\n\n",
            ),
            ("a\n\n```\nHIDDEN\n\nHIDDEN\n```\n{: hidden=\"\"}\nb\n", "a\n\nb\n"),
            ("- a\n- HIDDEN\n  {: hidden=\"\"}\n- b\n", "- a\n- b\n"),
            ("- HIDDEN\n- HIDDEN\n{: hidden=\"\"}\n\nb\n", "\nb\n"),
            ("HIDDEN\n*HIDDEN* HIDDEN\n{: hidden=\"\"}\n\nb\n", "\nb\n"),
            ("> HIDDEN\n> {: hidden=\"\"}\n\nb\n", "\nb\n"),
            ("a\n{: hidden=''}\nHIDDEN\n{: hidden=''}\nb", "b"),
            ("{: hidden=''}", ""),
        ] {
            assert_eq!(shown(body), left, "{body:?}");
        }
    }

    #[test]
    fn other_lists_and_lists_in_code_hide_nothing() {
        for body in [
            "a\n{: .hidden style=\"color:red\"}\n",
            "`{: hidden=\"\"}` a\n",
            "```\n# a {hidden=true}\n```\n",
            "{:x: hidden=''}\n\na\n{:y}\n",
            "<p style=\"color:red\">{a}</p>\n",
        ] {
            assert_eq!(shown(body), body);
        }
    }

    #[test]
    fn many_lists_cost_little() {
        for piece in ["{: hidden=''}\n", "a\n{: hidden=''}\n", "{", "{: hidden='' ", "a {: style='x'} "] {
            super::shown(piece.repeat(100_000).into(), || Markup::MARKDOWN);
        }
    }
}
