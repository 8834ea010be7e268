//! The content of an entry: HTML that stands on its own in any reader, and the plain text of it.
//!
//! It knows the way from a body as written to valid, safe HTML, and how to shorten text.
//! It deliberately does not know where an article lives: `resolve` answers for every address.

mod balance;
mod media;
mod rewrite;
mod sanitise;
mod settle;

use std::borrow::Cow;

use crate::article::body::{
    Markup,
    html::{Token, Tokens, decode, escape},
    markdown, shortcode,
};

/// What kind of address is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// Of a link, a citation, or media that becomes one.
    Link,
    /// Of an image.
    Image,
}

/// Longer HTML is shown as text: html5ever needs many times its size in memory.
const LONGEST: usize = 4 << 20;

/// More character references than any article has.
const MOST_REFERENCES: usize = 50_000;

/// Valid, safe, self-contained HTML of a body.
///
/// `resolve` gets each reference trimmed and decoded, and gives the absolute address or `None` to leave it out.
/// A reference to an id of this body comes as `#fm-…`, since that is what the id is called in the result.
pub fn html(body: &str, markup: Markup, resolve: &dyn Fn(Reference, &str) -> Option<String>) -> String {
    let body = body.strip_prefix('\u{FEFF}').unwrap_or(body);
    let written = shortcode::replace(body, markup);
    let html = match markup {
        Markup::Html => written,
        Markup::Markdown if written.len() > LONGEST => return flat(&written),
        Markup::Markdown => Cow::Owned(markdown::to_html(&written)),
    };
    let rewritten = rewrite::rewrite(&html, resolve);
    // In one text html5ever is quadratic in them too: 160,000 take half a second.
    let references = rewritten.bytes().filter(|byte| *byte == b'&').count();
    if rewritten.len() > LONGEST || references > MOST_REFERENCES {
        return flat(&rewritten);
    }
    settle::settle(&sanitise::sanitise(rewritten.trim())).into_owned()
}

/// One paragraph of all the text.
fn flat(html: &str) -> String {
    format!("<p>{}</p>", escape(&text(html)))
}

/// Elements that do not part the words around them.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | ""
    )
}

/// The plain text of sanitised HTML: blocks parted by a blank, white space folded, references decoded.
pub fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut blank = false;
    for token in Tokens::new(html) {
        match token {
            Token::Text(piece) => {
                for c in decode(piece).chars() {
                    if c.is_whitespace() {
                        blank = true;
                    } else {
                        if blank && !out.is_empty() {
                            out.push(' ');
                        }
                        blank = false;
                        out.push(c);
                    }
                }
            }
            Token::Start(tag) => blank |= !is_inline(tag.name),
            Token::End(name) => blank |= !is_inline(name),
            Token::Raw(_) => {}
        }
    }
    sanitise::carried(out)
}

/// At most `limit` characters, `…` included, cut between words or beside a CJK character.
pub fn excerpt(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let Some(room) = limit.checked_sub(1) else {
        return String::new();
    };
    let end = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
    let cut = (0..=end).rev().filter(|at| text.is_char_boundary(*at)).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[*at..].chars().next();
        before.zip(after).is_some_and(|(before, after)| {
            !joins(after) && before != '\u{200D}' && (!is_word(before) || !is_word(after))
        })
    });
    // A word longer than half the room is cut where it must be.
    let cut = cut.filter(|cut| *cut > end / 2).unwrap_or_else(|| {
        let whole = |at: &usize| text.is_char_boundary(*at) && !text[*at..].chars().next().is_some_and(joins);
        (1..=end).rev().find(whole).unwrap_or(end)
    });
    let opens_or_parts = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '-' | '(' | '[' | '，' | '；' | '：' | '、' | '（' | '【' | '“' | '《' | '「'
            )
    };
    format!("{}…", text[..cut].trim_end_matches(opens_or_parts))
}

/// Belongs to the character before it.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{200D}' | '\u{20E3}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{3099}' | '\u{309A}' | '\u{E0020}'..='\u{E007F}')
}

/// Part of a word that is written with blanks around it.
fn is_word(c: char) -> bool {
    let cjk = matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}');
    (c.is_alphanumeric() || matches!(c, '\'' | '’' | '_' | '.' | '-')) && !cjk
}

#[cfg(test)]
mod tests;
