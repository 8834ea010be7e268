//! The content of an entry: HTML that stands on its own in any reader, and the plain text of it.
//!
//! It knows the way from a body as written to valid, safe HTML, and how to shorten text.
//! It deliberately does not know where an article lives: `resolve` answers for every address.

mod balance;
mod media;
mod rewrite;
mod sanitise;
mod settle;

use unicode_segmentation::GraphemeCursor;

use rewrite::Extent;

use crate::article::body::{
    Markup, cost,
    html::{Tag, Token, Tokens, decode, escape},
    to_html,
};
use crate::text::is_carried;

/// What kind of address is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// Of a link, a citation, or media that becomes one.
    Link,
    /// Of an image.
    Image,
}

/// Longer HTML is shown as text.
const LONGEST: usize = 3 << 20;

/// As many characters of a body are shown where all of it is shown as text.
const MOST_TEXT: usize = 300_000;

/// More character references than any article has.
const MOST_REFERENCES: usize = 50_000;

/// Valid, safe, self-contained HTML of a body.
///
/// `resolve` gets each reference trimmed and decoded, and gives the absolute address or `None` to leave it out.
/// A reference to an id of this body comes as `#fm-…`, since that is what the id is called in the result.
pub fn html(body: &str, markup: Markup, resolve: &dyn Fn(Reference, &str) -> Option<String>) -> String {
    let body = body.strip_prefix('\u{FEFF}').unwrap_or(body);
    let html = to_html(body, markup);
    let rewritten = rewrite::rewrite(&html, resolve, LONGEST);
    if rewritten.extent == Extent::Start {
        drop(rewritten);
        // Addresses may be long and used often: without them the start has more text.
        return flat(&rewrite::rewrite(&html, &|_, _| None, LONGEST).html);
    }
    drop(html);
    // Time is bounded by all of it, memory by each piece.
    if cost::of_html(&rewritten.html) > 4 * cost::MOST || !rewritten.pieces().all(is_affordable) {
        return flat(&rewritten.html);
    }
    let mut safe = String::with_capacity(rewritten.html.len());
    rewritten.pieces().for_each(|piece| safe.push_str(&sanitise::sanitise(piece)));
    settle::settle(&safe).into_owned()
}

/// Whether html5ever can read a piece of HTML in the memory and time that one article may take.
fn is_affordable(html: &str) -> bool {
    // In one text it is quadratic in them: 160,000 take half a second.
    let references = html.bytes().filter(|byte| *byte == b'&').count();
    references <= MOST_REFERENCES && cost::of_html(html) <= cost::MOST
}

/// One paragraph of the text, as much as is shown of it.
fn flat(html: &str) -> String {
    format!("<p>{}</p>", escape(&summary(html, MOST_TEXT)))
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
    start(html, usize::MAX)
}

/// What stands in for a summary: the text of sanitised HTML, in at most `limit` characters.
pub fn summary(html: &str, limit: usize) -> String {
    // One character more tells that there is more.
    excerpt(&start(html, limit.saturating_add(1)), limit)
}

/// The plain text up to so many characters.
fn start(html: &str, most: usize) -> String {
    let mut out = String::with_capacity(most.saturating_mul(4).min(html.len() / 2));
    let mut room = most;
    let (mut blank, mut typed) = (false, false);
    let mut in_note_mark = false;
    for token in Tokens::new(html) {
        match token {
            Token::Start(tag) if is_note_mark(&tag) => in_note_mark = true,
            Token::End("a") => in_note_mark = false,
            Token::Text(_) if in_note_mark => {}
            Token::Text(piece) => {
                for c in decode(piece).chars() {
                    if c.is_whitespace() {
                        blank = true;
                        typed |= c != '\n';
                    } else if is_carried(c) {
                        // A line or a paragraph that ends parts no sentences where no blank does.
                        let parts = typed || !is_han(c) || !out.chars().next_back().is_some_and(is_han);
                        let gap = (blank && parts && !out.is_empty()).then_some(' ');
                        for c in gap.into_iter().chain([c]) {
                            let Some(left) = room.checked_sub(1) else {
                                return out;
                            };
                            out.push(c);
                            room = left;
                        }
                        (blank, typed) = (false, false);
                    }
                }
            }
            Token::Start(tag) => blank |= !is_inline(tag.name),
            Token::End(name) => blank |= !is_inline(name),
            Token::Raw(_) => {}
        }
    }
    out
}

/// The number of a note, or the arrow that leads back from it: words to follow, none to read.
fn is_note_mark(tag: &Tag) -> bool {
    let holds = |name, mark| tag.raw(name).is_some_and(|value| value.contains(mark));
    tag.name == "a" && (holds("id", "fm-fnref") || holds("href", "#fm-fnref"))
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
    let parts_words = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        before.zip(after).is_some_and(|(before, after)| !is_word(before) || !is_word(after))
    };
    // What readers see as one character has many: flags, families, letters with signs above and below.
    let whole = boundaries_from(text, end);
    // A word longer than half the room is cut where it must be.
    let last = whole.clone().next().unwrap_or(0);
    let cut = whole.take_while(|at| *at > end / 2).find(|at| parts_words(*at)).unwrap_or(last);
    let opens_or_parts = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '-' | '(' | '[' | '，' | '；' | '：' | '、' | '（' | '【' | '“' | '《' | '「'
            )
    };
    format!("{}…", text[..cut].trim_end_matches(opens_or_parts))
}

/// Where what readers see as one character begins: the last such place up to `end`, then those before it.
fn boundaries_from(text: &str, end: usize) -> impl Iterator<Item = usize> + Clone {
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    // The whole text is there, so that the cursor never asks for more of it.
    let first = matches!(cursor.is_boundary(text, 0), Ok(true)).then_some(end);
    let before = std::iter::from_fn(move || cursor.prev_boundary(text, 0).ok().flatten());
    first.into_iter().chain(before)
}

/// Of Chinese and Japanese, their punctuation included, which have no blanks between words or sentences.
fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Part of a word that is written with blanks around it; Thai, Lao, Burmese and Khmer are not, nor is CJK.
fn is_word(c: char) -> bool {
    let unparted = is_han(c)
        || matches!(c, '\u{AC00}'..='\u{D7AF}' | '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}');
    (c.is_alphanumeric() || matches!(c, '\'' | '’' | '_' | '.' | '-')) && !unparted
}

#[cfg(test)]
mod tests;
