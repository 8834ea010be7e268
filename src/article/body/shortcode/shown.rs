//! Decides what a generator tag expands to: an image, a link, words, or something around its content.
//! [`super`] finds the tags and their ends.

use std::borrow::Cow;

mod around;
mod image;
mod link;
mod words;

use super::super::{Markup, Templates, html::escape};
use super::{Argument, Opening, Shortcode, TagLine, read};
use image::image;
use link::link;
pub(crate) use words::words;

pub(crate) enum Expansion<'a> {
    /// This text. The content of the tag follows.
    Text(Cow<'a, str>),
    /// Text before and after the content of the tag.
    Around(String, String),
    /// Nothing, and the content is dropped.
    Nothing,
}

/// Returns what a tag expands to; `inner` is the content up to its end, if it has one.
pub(crate) fn of<'a>(tag: &Shortcode<'a>, inner: Option<&str>, line: TagLine, markup: Markup) -> Expansion<'a> {
    match (tag.name, inner) {
        ("=", _) => return Expansion::Text(tag.text.into()),
        ("/*", _) => return Expansion::Text(escape(&unescaped(tag)).into()),
        ("/* in code */", _) => return Expansion::Text(unescaped(tag).into()),
        ("comment" | "capture" | "set" | "macro" | "schema" | "stylesheet" | "javascript", Some(_)) => {
            return Expansion::Nothing;
        }
        // The values of each iteration are unknown.
        ("for" | "tablerow", Some(inner)) if inner.contains("{{") => return Expansion::Nothing,
        (_, Some(inner)) => {
            if let Some(around) = around::of(tag, inner, line, markup.syntax) {
                return around;
            }
        }
        (_, None) => {}
    }
    if let Some(address) = read::address_of(tag) {
        return Expansion::Text(address.into());
    }
    let shown = image(tag).or_else(|| link(tag)).map(Cow::Owned);
    // Hugo's themes do not run tags of other generators.
    let words = || {
        words::of(tag, inner)
            .filter(|_| markup.templates != Templates::GoShortcodes || tag.opening == Opening::GoShortcode)
    };
    Expansion::Text(shown.or_else(words).unwrap_or_default())
}

/// Returns whether a tag expands to an image or a link.
pub(crate) fn shows(tag: &Shortcode) -> bool {
    image(tag).or_else(|| link(tag)).is_some()
}

/// Returns a literal tag without the marks that make it literal.
fn unescaped(tag: &Shortcode) -> String {
    tag.text.replacen("/*", "", 1).replacen("*/", "", 1)
}

impl<'a> Shortcode<'a> {
    /// Returns the value of the first of these keys that has one.
    fn value(&self, keys: &[&str]) -> Option<&'a str> {
        let of = |key: &&str| self.arguments.iter().find(|argument| argument.key == *key && !argument.value.is_empty());
        keys.iter().find_map(of).map(|argument| argument.value)
    }

    /// Returns the values without a key.
    fn positional(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.arguments.iter().filter(|Argument { key, .. }| key.is_empty()).map(|argument| argument.value)
    }

    /// Returns the text split at commas, without quotation marks.
    fn parts(&self) -> Vec<&'a str> {
        let quotes = ['"', '\''];
        self.text.split([',', '，']).map(|part| part.trim().trim_matches(quotes).trim()).collect()
    }

    /// Returns the name, or the name of an included file: `{% include youtube.html id="x" %}`.
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
