//! What definitions ask about the texts of articles: their length, matches of regular expressions, images.
//!
//! The text of an article is not kept, so the questions are answered when its file is read. Most sites ask nothing,
//! and then no body is parsed for it.

use regex::{Regex, RegexBuilder};

use super::body::ParsedBody;
use super::body::html::{Token, Tokens, decode, is_inline};
use crate::text::is_unspaced;

/// What the definitions of a site ask about every article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextQueries {
    /// Whether the length of the text is needed.
    pub(crate) words: bool,
    /// The images that count, if any definition asks for them.
    pub(crate) images: Option<ImageQuery>,
    /// Whether it matters that audio is attached.
    pub(crate) audio: bool,
    /// Regular expressions for the text, without duplicates.
    pub(crate) patterns: Vec<Pattern>,
}

/// Which images may be the lead image of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageQuery {
    FrontMatter,
    FrontMatterOrBody,
}

/// The answers for one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextFacts {
    /// The number of words; a character counts as one in scripts without spaces.
    pub words: u32,
    /// Whether front matter or text names an image that may be the lead image.
    pub names_image: bool,
    /// Whether front matter attaches audio.
    pub names_audio: bool,
    /// Whether each of [`TextQueries::patterns`] matches.
    matches: Box<[bool]>,
}

/// A regular expression of a definition. Two are equal if their texts are equal.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Pattern {
    /// Maximum size of a compiled expression, in bytes: matching takes time in proportion to it.
    const LARGEST: usize = 1 << 20;

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        RegexBuilder::new(text).size_limit(Self::LARGEST).build().map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_owned(),
            error => {
                let reason = error.to_string();
                let last = reason.lines().last().unwrap_or_default();
                format!("the regular expression cannot be read: {}", last.trim_start_matches("error: "))
            }
        })
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TextQueries {
    /// Returns whether no definition asks anything.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the answers for an article.
    pub(super) fn answers(
        &self,
        body: &ParsedBody<'_>,
        names_image: impl FnOnce(ImageQuery) -> bool,
        names_audio: impl FnOnce() -> bool,
    ) -> TextFacts {
        let is_text_needed = self.words || !self.patterns.is_empty();
        let text = if is_text_needed { visible(body.html()) } else { String::new() };
        TextFacts {
            words: words(&text),
            names_image: self.images.is_some_and(names_image),
            names_audio: self.audio && names_audio(),
            matches: self.patterns.iter().map(|pattern| pattern.is_match(&text)).collect(),
        }
    }

    /// Returns whether the text of an article matches an expression.
    pub(crate) fn is_match(&self, pattern: &Pattern, facts: &TextFacts) -> bool {
        let index = self.patterns.iter().position(|known| known == pattern);
        index.and_then(|index| facts.matches.get(index)).copied().unwrap_or(false)
    }
}

/// Returns the text of HTML on one line, as a reader sees it.
fn visible(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut is_apart = false;
    for token in Tokens::new(html) {
        match token {
            Token::Text(piece) => {
                for c in decode(piece).chars() {
                    if c.is_whitespace() {
                        is_apart = true;
                        continue;
                    }
                    if is_apart && !text.is_empty() {
                        text.push(' ');
                    }
                    is_apart = false;
                    text.push(c);
                }
            }
            Token::Start(tag) => is_apart |= !is_inline(tag.name),
            Token::End(name) => is_apart |= !is_inline(name),
            Token::Raw(_) => {}
        }
    }
    text
}

/// Counts words. Those of scripts without spaces cannot be told apart, so each of their characters counts.
fn words(text: &str) -> u32 {
    let (mut count, mut is_within) = (0, false);
    for c in text.chars() {
        if is_unspaced(c) {
            count += u32::from(c.is_alphanumeric());
            is_within = false;
        } else if c.is_alphanumeric() {
            count += u32::from(!is_within);
            is_within = true;
        } else if c.is_whitespace() {
            is_within = false;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::body::Markup;

    #[test]
    fn words_are_counted_as_readers_see_them() {
        for (html, count) in [
            ("", 0),
            ("<p>One &amp; two</p><p>three-four it's</p>", 4),
            ("<p>水车 2026，x</p>", 4),
            ("<b>o</b>ne<br>two<script>three</script>", 2),
            ("<ul><li>a<li>b</ul>", 2),
        ] {
            assert_eq!(words(&visible(html)), count, "{html}");
        }
    }

    #[test]
    fn each_expression_is_answered_for_itself() {
        let body = ParsedBody::new("One *two*", Markup::MARKDOWN);
        let pattern = |text| Pattern::parse(text).unwrap();
        let queries = TextQueries {
            words: true,
            patterns: vec![pattern("^One two$"), pattern("three")],
            ..TextQueries::default()
        };
        let facts = queries.answers(&body, |_| unreachable!(), || unreachable!());
        assert_eq!((facts.words, facts.names_image), (2, false));
        let matched = ["^One two$", "three", "unknown"].map(|text| queries.is_match(&pattern(text), &facts));
        assert_eq!(matched, [true, false, false]);
    }
}
