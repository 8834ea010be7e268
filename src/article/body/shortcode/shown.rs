//! What a generator tag would show.
//!
//! It knows which tags show an image, a link or words, and which stand around a quotation or a fold.
//! It deliberately does not know where a tag's end is, nor whether there is one.

use std::borrow::Cow;

mod around;
mod image;
mod link;
mod words;

use super::super::{Markup, Templates, html::escape};
use super::{Argument, Line, Opening, Shortcode, read};
use image::image;
use link::link;
pub use words::words;

/// What stands in the place of a tag.
pub enum Shown<'a> {
    /// Itself alone; what stands between it and its end is shown besides.
    Text(Cow<'a, str>),
    /// Before what stands between it and its end, and behind it.
    Around(String, String),
    /// Nothing, up to its end.
    Nothing,
}

/// What a tag shows; `inner` stands between it and its end, if it has one.
pub fn of<'a>(tag: &Shortcode<'a>, inner: Option<&str>, line: Line, markup: Markup) -> Shown<'a> {
    match (tag.name, inner) {
        ("=", _) => return Shown::Text(tag.text.into()),
        ("/*", _) => return Shown::Text(escape(&unescaped(tag)).into()),
        ("/* in code */", _) => return Shown::Text(unescaped(tag).into()),
        ("comment" | "capture" | "set" | "macro" | "schema" | "stylesheet" | "javascript", Some(_)) => {
            return Shown::Nothing;
        }
        // What is told of each is not known.
        ("for" | "tablerow", Some(inner)) if inner.contains("{{") => return Shown::Nothing,
        (_, Some(inner)) => {
            if let Some(around) = around::of(tag, inner, line, markup.syntax) {
                return around;
            }
        }
        (_, None) => {}
    }
    if let Some(address) = read::address_of(tag) {
        return Shown::Text(address.into());
    }
    let shown = image(tag).or_else(|| link(tag)).map(Cow::Owned);
    // Whoever runs none of these has no themes either.
    let words = || {
        words::of(tag, inner.is_some()).filter(|_| markup.templates != Templates::Hugo || tag.opening == Opening::Hugo)
    };
    Shown::Text(shown.or_else(words).unwrap_or_default())
}

/// Whether a tag shows an image or a link.
pub fn shows(tag: &Shortcode) -> bool {
    image(tag).or_else(|| link(tag)).is_some()
}

/// A tag that is only shown, without the marks that say so.
fn unescaped(tag: &Shortcode) -> String {
    tag.text.replacen("/*", "", 1).replacen("*/", "", 1)
}

impl<'a> Shortcode<'a> {
    /// The first value that one of these keys has.
    fn value(&self, keys: &[&str]) -> Option<&'a str> {
        let of = |key: &&str| self.arguments.iter().find(|argument| argument.key == *key && !argument.value.is_empty());
        keys.iter().find_map(of).map(|argument| argument.value)
    }

    /// Values without a key.
    fn positional(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.arguments.iter().filter(|Argument { key, .. }| key.is_empty()).map(|argument| argument.value)
    }

    /// The parts between commas, quotation marks off.
    fn parts(&self) -> Vec<&'a str> {
        let quotes = ['"', '\''];
        self.text.split([',', '，']).map(|part| part.trim().trim_matches(quotes).trim()).collect()
    }

    /// What it is called, or the file that it includes: `{% include youtube.html id="x" %}`.
    fn kind(&self) -> &'a str {
        let included = || {
            let file = self.positional().next()?.rsplit('/').next()?;
            self.value(&["provider"]).or_else(|| file.split('.').next())
        };
        if matches!(self.name, "include" | "include_relative" | "include_cached" | "render" | "partial") {
            included().unwrap_or_default()
        } else {
            self.name
        }
    }
}
