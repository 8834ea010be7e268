//! Finds the places that mathematics does not extend across: code, comments, and elements that have an end or hide
//! something.

use std::ops::Range;

use super::super::shortcode::Shortcode;
use super::super::{code, hidden};

/// How many bytes of a tag are searched for its attributes.
const LONGEST_TAG: usize = 400;

/// Returns the positions, sorted.
pub(super) fn walls(body: &str, code: &[Range<usize>], tags: &[Shortcode]) -> Vec<usize> {
    // Searching the attributes of many tags takes time.
    let hides: fn(&str) -> bool = if hidden::may_occur(body) { hides } else { |_| false };
    let shown = code.iter().filter(|range| !code::is_indented(&body[(*range).clone()])).map(|range| range.start);
    let literal = tags.iter().filter(|tag| tag.is_code()).map(|tag| tag.range.start);
    let comment_ends = memchr::memmem::find_iter(body.as_bytes(), "-->");
    let elements = memchr::memchr_iter(b'<', body.as_bytes()).filter(|at| is_markup(&body[*at + 1..], hides));
    let mut walls: Vec<usize> = shown.chain(literal).chain(comment_ends).chain(elements).collect();
    walls.sort_unstable();
    walls
}

/// Returns whether the text after a `<` makes it a comment, an end tag, or a start tag that may hide its element. Others,
/// as in `a<b>c`, may be parts of a formula.
fn is_markup(rest: &str, hides: fn(&str) -> bool) -> bool {
    let is_name = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    rest.starts_with("!--") || rest.strip_prefix('/').is_some_and(is_name) || (is_name(rest) && hides(rest))
}

/// Returns whether a start tag may hide its element.
fn hides(tag: &str) -> bool {
    let head = &tag[..tag.floor_char_boundary(LONGEST_TAG)];
    let words = head.split('>').next().unwrap_or_default().split([' ', '\t', '\n', '\r', '/', '"', '\'']);
    let begins = |word: &str, name: &str| word.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
    words.skip(1).any(|word| begins(word, "hidden") || begins(word, "style"))
}
