//! Removes elements that browsers do not show: those with the attribute `hidden`, or with `display: none`
//! or `visibility: hidden` in their `style`; and those that serve a page and not its text ([`furniture`]).
//!
//! This is the only place that decides which elements these are. [`visible`] removes them from the HTML of
//! a body, so that content, summary, title and images are made from what is left. An HTML parser determines
//! where an element ends.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use cssparser::{Parser, Token as CssToken};
use regex::bytes::Regex;

use super::cost;
use super::html::{StartTag, Token, Tokens};

use furniture::Within;

mod furniture;
mod markdown;
mod tree;

pub(crate) use markdown::shown;

/// Marks without which nothing is hidden or furniture.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    let marks = r"(?i-u)hidden|style|class|<form|<button|/edit/|(#|\xC2[\xB6\xA7]|\xF0\x9F\x94\x97|\xE2\x88\x9E)\s*</a";
    Regex::new(marks).expect("the pattern is a constant")
});

/// Returns whether a text may contain a hidden element or furniture. Most bodies have no such mark.
pub(crate) fn may_occur(html: &str) -> bool {
    MARKS.is_match(html.as_bytes())
}

/// Returns HTML without its hidden elements and its furniture.
pub(crate) fn visible(html: &str) -> Cow<'_, str> {
    if !may_occur(html) {
        return Cow::Borrowed(html);
    }
    let found = find(html);
    match (found.first_hidden, found.cost) {
        (None, _) if !found.has_furniture => Cow::Borrowed(html),
        (None, Cost::TooHigh) => Cow::Borrowed(html),
        (Some(at), Cost::TooHigh) => Cow::Borrowed(&html[..at]),
        (_, Cost::Bearable) => {
            let _permit = cost::permit(cost::of_html(html));
            tree::without_hidden(html).map_or(Cow::Borrowed(html), Cow::Owned)
        }
    }
}

/// What was found in some HTML without parsing it into a tree.
struct HiddenParts {
    /// The position of the first hidden element.
    first_hidden: Option<usize>,
    /// Whether an element may be furniture.
    has_furniture: bool,
    cost: Cost,
}

/// Whether the HTML can be parsed into a tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cost {
    Bearable,
    /// Everything after the first hidden element is left out instead.
    TooHigh,
}

/// Deeper than articles are. Browsers stop at 512.
const DEEPEST: usize = 400;
/// Parsers repeat unclosed inline elements in each following block.
const MOST_REPEATED: usize = 200_000;
const MOST_ATTRIBUTES: usize = 200;
/// A parser's time grows with the square of their number.
const MOST_REFERENCES: usize = 50_000;

fn find(html: &str) -> HiddenParts {
    let (mut first_hidden, mut has_furniture, mut within) = (None, false, Within::Text);
    let mut open: HashMap<&str, usize> = HashMap::new();
    let (mut depth, mut inline, mut started) = (0_usize, 0_usize, 0_usize);
    let (mut deepest, mut most_inline, mut most_attributes) = (0, 0, 0);
    let mut heading = 0;
    let mut tokens = Tokens::new(html);
    loop {
        let at = tokens.position();
        match tokens.next() {
            None => break,
            Some(Token::Start(tag)) => {
                if furniture::is_heading(tag.name) {
                    (within, heading) = (Within::Heading, at);
                }
                if first_hidden.is_none() && may_hide(&tag) {
                    // The id of a heading is made of its whole text.
                    first_hidden = Some(if within == Within::Heading { heading } else { at });
                }
                has_furniture = has_furniture || furniture::may_be(&tag, within);
                most_attributes = most_attributes.max(tag.attributes().take(MOST_ATTRIBUTES + 1).count());
                started += 1;
                if !is_void(tag.name) {
                    *open.entry(tag.name).or_default() += 1;
                    depth += 1;
                    inline += usize::from(is_formatting(tag.name));
                    (deepest, most_inline) = (deepest.max(depth), most_inline.max(inline));
                }
            }
            Some(Token::End(name)) => {
                if furniture::is_heading(name) {
                    within = Within::Text;
                }
                if let Some(count) = open.get_mut(name).filter(|count| **count > 0) {
                    *count -= 1;
                    depth -= 1;
                    inline -= usize::from(is_formatting(name));
                }
            }
            Some(Token::Text(_) | Token::Raw(_)) => {}
        }
    }
    let references = html.bytes().filter(|byte| *byte == b'&').count();
    let is_bearable = deepest <= DEEPEST
        && most_inline.saturating_mul(started) <= MOST_REPEATED
        && most_attributes <= MOST_ATTRIBUTES
        && references <= MOST_REFERENCES
        && cost::of_html(html) <= cost::MOST;
    HiddenParts { first_hidden, has_furniture, cost: if is_bearable { Cost::Bearable } else { Cost::TooHigh } }
}

pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Returns whether a parser reopens an element after a block has ended it. The empty name, which means an
/// unknown element, counts too.
fn is_formatting(name: &str) -> bool {
    const NAMES: [&str; 13] = ["", "a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "u"];
    NAMES.contains(&name) || matches!(name, "tt" | "nobr")
}

/// Returns whether a tag may hide its element, without a parser, which would also decode references in the
/// style.
fn may_hide(tag: &StartTag) -> bool {
    tag.raw("style").is_some_and(|style| style.contains('&')) || hides(tag.name, &|name| tag.raw(name).map(Cow::from))
}

/// Returns whether an element of this name is hidden by its attributes. `value` returns them decoded.
fn hides<'a>(name: &str, value: &dyn Fn(&str) -> Option<Cow<'a, str>>) -> bool {
    if value("hidden").is_some() {
        return true;
    }
    // Cloudflare hides an image and moves its source to another attribute until a script has run.
    let waits = || name == "img" && value("data-cfsrc").is_some();
    value("style").is_some_and(|style| hides_by_style(&style)) && !waits()
}

/// What the declarations of one property say so far.
#[derive(Default, Clone, Copy)]
struct Said {
    hides: bool,
    important: bool,
}

impl Said {
    fn say(&mut self, said: Self) {
        if said.important || !self.important {
            *self = said;
        }
    }
}

/// Returns whether a style hides an element, in any syntax that CSS allows. Of several declarations the
/// last one applies.
fn hides_by_style(style: &str) -> bool {
    let (mut display, mut visibility) = (Said::default(), Said::default());
    let mut parser = Parser::new(style);
    let mut words: Vec<String> = Vec::new();
    loop {
        let ended = match parser.next() {
            Ok(CssToken::Semicolon) => CutOff::Declaration,
            Err(_) => CutOff::Style,
            Ok(token) => {
                words.push(match token {
                    CssToken::Ident(word) => word.trim().to_ascii_lowercase(),
                    CssToken::Colon => ":".to_owned(),
                    CssToken::Delim(sign) => sign.to_string(),
                    _ => String::new(),
                });
                continue;
            }
        };
        let words: Vec<String> = std::mem::take(&mut words);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (said, important) = match words.as_slice() {
            [said @ .., "!", "important"] => (said, true),
            said => (said, false),
        };
        match said {
            ["display", ":", "none"] => display.say(Said { hides: true, important }),
            ["visibility", ":", "hidden" | "collapse"] => visibility.say(Said { hides: true, important }),
            // Browsers ignore values that they do not know.
            ["display", ":", value] if SHOWN_AS.contains(value) => display.say(Said { hides: false, important }),
            ["visibility", ":", "visible" | "initial" | "inherit" | "unset" | "revert"] => {
                visibility.say(Said { hides: false, important });
            }
            _ => {}
        }
        if ended == CutOff::Style {
            return display.hides || visibility.hides;
        }
    }
}

/// What a token has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CutOff {
    Declaration,
    Style,
}

/// Values of `display` that show an element.
const SHOWN_AS: [&str; 16] = [
    "block",
    "inline",
    "inline-block",
    "flex",
    "inline-flex",
    "grid",
    "inline-grid",
    "table",
    "table-row",
    "table-cell",
    "inline-table",
    "list-item",
    "contents",
    "flow-root",
    "initial",
    "revert",
];

#[cfg(test)]
mod tests;
