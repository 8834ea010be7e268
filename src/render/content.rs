//! Converts the body of an article into HTML that any reader can show, and into plain text.
//!
//! [`html`] runs all steps from the body as written to valid, safe HTML; [`text`] and [`excerpt`] extract
//! and shorten plain text. The caller passes `resolve`, which maps every reference to an absolute URL, so
//! this module does not need to know where an article is published.

mod attributes;
mod balance;
mod embed;
mod pictures;
mod player;
mod rewrite;
mod sanitise;
mod settle;

use unicode_segmentation::GraphemeCursor;

use rewrite::RewriteExtent;

use crate::article::body::{
    Markup, ParsedBody, cost,
    html::{StartTag, Token, Tokens, decode, escape, is_inline},
};
use crate::name::fold;
use crate::text::{is_carried, is_unspaced};

/// The kind of reference that `resolve` is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A link, a citation, or media that is turned into a link.
    Link,
    /// An image.
    Image,
}

/// Resolves the references of a body. A closure that returns URLs is one that knows no sizes.
pub trait Resolver {
    /// Returns the absolute URL of a reference, which is trimmed and decoded; `None` to leave it out.
    fn url(&self, kind: Reference, reference: &str) -> Option<String>;

    /// Returns width and height of an image in pixels.
    fn size(&self, _reference: &str) -> Option<(u32, u32)> {
        None
    }
}

impl<F: Fn(Reference, &str) -> Option<String>> Resolver for F {
    fn url(&self, kind: Reference, reference: &str) -> Option<String> {
        self(kind, reference)
    }
}

type Resolve<'a> = &'a dyn Resolver;

/// Longer HTML, in bytes, is shown as plain text.
const LONGEST: usize = 3 << 20;

/// Maximum number of characters if a body is shown as plain text.
const MOST_TEXT: usize = 300_000;

/// Maximum number of character references in one piece of HTML; no real article has as many.
const MOST_REFERENCES: usize = 50_000;

/// Maximum number of bytes that html5ever may search when it writes text; this takes a fifth of a second.
const MOST_SEARCHED: usize = 2 << 30;

/// Converts a body to valid, safe, self-contained HTML.
///
/// `resolve` receives each reference.
pub fn html(body: &str, markup: Markup, resolve: &dyn Resolver) -> String {
    let html = ParsedBody::new(body, markup).into_html();
    let rewritten = rewrite::rewrite(&html, resolve, LONGEST);
    if rewritten.extent == RewriteExtent::Start {
        drop(rewritten);
        // URLs can be long and repeated, so leave them out to make room for more text.
        return flat(&rewrite::rewrite(&html, &|_: Reference, _: &str| None, LONGEST).html);
    }
    drop(html);
    // The total cost limits the time, the cost of each piece limits the memory.
    if cost::of_html(&rewritten.html) > 4 * cost::MOST || !rewritten.pieces().all(is_affordable) {
        return flat(&rewritten.html);
    }
    let mut safe = String::with_capacity(rewritten.html.len());
    rewritten.pieces().for_each(|piece| safe.push_str(&sanitise::sanitise(piece)));
    settle::settle(&safe).into_owned()
}

/// Returns whether html5ever can parse a piece of HTML within the memory and time granted to one article.
fn is_affordable(html: &str) -> bool {
    // html5ever needs quadratic time for the references in one text node: 160,000 of them take half a
    // second.
    let references = html.bytes().filter(|byte| *byte == b'&').count();
    references <= MOST_REFERENCES && cost::of_html(html) <= cost::MOST && searched(html) <= MOST_SEARCHED
}

/// Returns how many bytes html5ever searches when it writes text: after each character of two bytes that
/// begin with 0xC2, such as a no-break space, it searches for the end of the text again.
fn searched(html: &str) -> usize {
    const FIRST: u8 = 0xC2;
    if memchr::memchr(FIRST, html.as_bytes()).is_none() {
        return 0;
    }
    let texts = html.as_bytes().split(|byte| matches!(byte, b'<' | b'>'));
    texts.map(|text| text.len() * memchr::memchr_iter(FIRST, text).count()).sum()
}

/// Returns the text of the HTML as one paragraph, at most `MOST_TEXT` characters of it.
fn flat(html: &str) -> String {
    let text = start(html, MOST_TEXT.saturating_add(1), FirstUrl::Kept);
    format!("<p>{}</p>", escape(&excerpt(&text, MOST_TEXT)))
}

/// Returns sanitised HTML without a first heading that repeats the title. Many authors write one for themes that do not
/// show the title. A body that is nothing else stays.
pub(crate) fn below_title<'a>(html: &'a str, title: &str) -> &'a str {
    let mut tokens = Tokens::new(html);
    let first = tokens.find(|token| !matches!(token, Token::Text(text) if text.trim().is_empty()));
    let Some(Token::Start(tag)) =
        first.filter(|token| matches!(token, Token::Start(tag) if matches!(tag.name, "h1" | "h2")))
    else {
        return html;
    };
    let Some(heading) = tokens.skip_to_end(tag.name) else { return html };
    tokens.next();
    let rest = &html[tokens.position()..];
    let repeats = !heading.contains("<img") && fold(&text(heading)) == fold(title);
    if repeats && !rest.trim().is_empty() { rest } else { html }
}

/// Returns the plain text of sanitised HTML: a space between blocks, white space collapsed, character
/// references decoded.
pub fn text(html: &str) -> String {
    start(html, usize::MAX, FirstUrl::Kept)
}

/// Returns the text of sanitised HTML, shortened to at most `limit` characters, for use as a summary.
pub(crate) fn summary(html: &str, limit: usize) -> String {
    // One character more than the limit shows that the text goes on.
    excerpt(&start(html, limit.saturating_add(1), FirstUrl::LeftOut), limit)
}

/// What is done with a first paragraph that is only a URL.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FirstUrl {
    Kept,
    /// It is left out if there is other text.
    LeftOut,
}

/// Returns the first `most` characters of the plain text.
fn start(html: &str, most: usize, first_url: FirstUrl) -> String {
    let mut url = String::new();
    let text = text_of(html, most, &mut |out| {
        let is_url = first_url == FirstUrl::LeftOut && is_url(out);
        if is_url && url.is_empty() {
            url.clone_from(out);
        }
        is_url
    });
    if text.is_empty() { url } else { text }
}

/// Returns whether a text is a URL and nothing else.
fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(' ')
}

/// Like [`start`]. At the end of each block it asks whether to leave out the text so far.
fn text_of(html: &str, most: usize, leaves_out: &mut dyn FnMut(&String) -> bool) -> String {
    let mut out = String::with_capacity(most.saturating_mul(4).min(html.len() / 2));
    let mut room = most;
    let (mut blank, mut apart) = (false, false);
    let mut in_note_mark = false;
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            // Words about a page or a file that is not shown say nothing of the text.
            Token::Start(tag) if is_left_out(&tag) => {
                tokens.skip_to_end(tag.name);
                blank = true;
            }
            Token::Start(tag) if is_note_mark(&tag) => in_note_mark = true,
            Token::End("a") => in_note_mark = false,
            Token::Text(_) if in_note_mark => {}
            Token::Text(piece) => {
                for c in decode(piece).chars() {
                    if c.is_whitespace() {
                        blank = true;
                        apart |= c != '\n';
                    } else if is_carried(c) {
                        // The end of a line does not separate words in a script that has no spaces.
                        let parts = apart || !is_unspaced(c) || !out.chars().next_back().is_some_and(is_unspaced);
                        let gap = (blank && parts && !out.is_empty()).then_some(' ');
                        for c in gap.into_iter().chain([c]) {
                            let Some(left) = room.checked_sub(1) else {
                                return out;
                            };
                            out.push(c);
                            room = left;
                        }
                        (blank, apart) = (false, false);
                    }
                }
            }
            Token::Start(StartTag { name, .. }) | Token::End(name) if !is_inline(name) => {
                blank = true;
                apart |= name != "br";
                if !out.is_empty() && leaves_out(&out) {
                    room += out.chars().count();
                    out.clear();
                }
            }
            Token::Start(_) | Token::End(_) | Token::Raw(_) => {}
        }
    }
    if !out.is_empty() && leaves_out(&out) {
        out.clear();
    }
    out
}

/// Returns whether an element replaces an embedded page, or shows a file with a player.
fn is_left_out(tag: &StartTag) -> bool {
    matches!(tag.name, "audio" | "video") || (tag.name == "p" && tag.raw("class") == Some(embed::EMBED))
}

/// Returns whether a link is a footnote number or the arrow that leads back from a footnote. Neither
/// belongs to the text.
fn is_note_mark(tag: &StartTag) -> bool {
    let holds = |name, mark| tag.raw(name).is_some_and(|value| value.contains(mark));
    tag.name == "a" && (holds("id", "fnref") || holds("href", "#fnref"))
}

/// Shortens text to at most `limit` characters, including the `…`. The cut is between words or beside a CJK
/// character.
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
    // A grapheme cluster, which readers see as one character, can have many code points: flags, families,
    // letters with combining marks.
    let whole = boundaries_from(text, end);
    // If the last word is longer than half the limit, cut inside the word.
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

/// Returns the boundaries of grapheme clusters, in descending order, starting with the last one that is not
/// after `end`.
fn boundaries_from(text: &str, end: usize) -> impl Iterator<Item = usize> + Clone {
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    // The cursor has the whole text, so it never asks for more context.
    let first = matches!(cursor.is_boundary(text, 0), Ok(true)).then_some(end);
    let before = std::iter::from_fn(move || cursor.prev_boundary(text, 0).ok().flatten());
    first.into_iter().chain(before)
}

/// Returns whether a character is part of a word in a script that separates words by spaces. Thai, Lao,
/// Burmese, Khmer and CJK do not.
fn is_word(c: char) -> bool {
    let unparted = is_unspaced(c)
        || matches!(c, '\u{AC00}'..='\u{D7AF}' | '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}');
    (c.is_alphanumeric() || matches!(c, '\'' | '’' | '_' | '.' | '-')) && !unparted
}

#[cfg(test)]
mod tests;
