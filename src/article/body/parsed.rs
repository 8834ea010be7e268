//! A body whose code and HTML are found at most once, by the first caller that needs them.
//!
//! `article::read` makes title, summary, images and cross-references from one value of this type, and keeps the HTML
//! for the feed if one of them needed it.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::html::{Token, Tokens};
use super::{
    BodyText, Markup, Syntax, autolink, code, extensions, formula, hidden, link_placeholders, markdown, shortcode,
    wiki_images,
};

/// A body as written, with what was found in it so far.
#[derive(Debug)]
pub struct ParsedBody<'a> {
    text: &'a str,
    markup: Markup,
    /// The lines of code blocks, if the HTML was made from the text as it is.
    blocks: OnceCell<Vec<(usize, usize)>>,
    code: OnceCell<Vec<Range<usize>>>,
    html: OnceCell<Cow<'a, str>>,
}

impl<'a> ParsedBody<'a> {
    /// Parses nothing yet.
    pub fn new(text: &'a str, markup: Markup) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self { text, markup, blocks: OnceCell::new(), code: OnceCell::new(), html: OnceCell::new() }
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The language of the text.
    pub(crate) fn markup(&self) -> Markup {
        self.markup
    }

    /// Returns the byte ranges of code, sorted and without overlaps.
    pub(crate) fn code(&self) -> &[Range<usize>] {
        self.code.get_or_init(|| match self.blocks.get() {
            Some(blocks) => code::ranges_around(self.text, blocks),
            None => code::ranges(self.text, self.markup.syntax),
        })
    }

    /// Returns the body as unsafe HTML: with tags expanded, without extensions of particular generators and hidden
    /// elements.
    pub(crate) fn html(&self) -> &str {
        self.html.get_or_init(|| {
            let written = shortcode::replace(self);
            let html = match self.markup.syntax {
                Syntax::Html if self.markup == Markup::MADE => written,
                Syntax::Html => {
                    let ranges = || code::ranges(&written, Syntax::Html).into();
                    match extensions::caption::shown(&written, Syntax::Html, ranges) {
                        Cow::Borrowed(_) => written,
                        Cow::Owned(shown) => Cow::Owned(shown),
                    }
                }
                Syntax::Markdown => {
                    let bounded = autolink::bounded(wiki_images::expanded(written));
                    Cow::Owned(autolink::unmarked(self.rendered(&bounded)))
                }
            };
            let html = link_placeholders::removed(html);
            // Before formulas are rewritten, because that would lose the attributes that hide them.
            let html = match hidden::visible(&html) {
                Cow::Borrowed(shown) if shown.len() == html.len() => html,
                shown => Cow::Owned(shown.into_owned()),
            };
            match formula::readable(&html) {
                Cow::Borrowed(_) => html,
                Cow::Owned(readable) => Cow::Owned(readable),
            }
        })
    }

    /// Renders Markdown whose tags are expanded.
    fn rendered(&self, written: &str) -> String {
        let captioned = extensions::caption::shown(written, Syntax::Markdown, || self.code_of(written));
        let opened = extensions::elements::opened(&captioned, || self.code_of(&captioned));
        let plain = extensions::plain(&opened, || self.code_of(&opened));
        let (html, blocks) = markdown::parse(&plain, self.markup.templates);
        if self.is_own(&plain) {
            // Without effect if they are known.
            let _ = self.blocks.set(blocks);
        }
        html
    }

    fn is_own(&self, text: &str) -> bool {
        std::ptr::eq(text, self.text)
    }

    /// Returns the code in a text that was made from the body.
    fn code_of(&self, text: &str) -> Cow<'_, [Range<usize>]> {
        if self.is_own(text) { Cow::Borrowed(self.code()) } else { Cow::Owned(code::ranges(text, Syntax::Markdown)) }
    }

    /// Like [`Self::html`], for callers that need nothing else.
    pub(crate) fn into_html(self) -> Cow<'a, str> {
        self.html();
        self.html.into_inner().unwrap_or_default()
    }

    /// Returns what to keep of the body until it is rendered: its HTML if that was needed already, so that Markdown is
    /// parsed once, or else the text. HTML that is much longer than the text would take too much memory.
    pub(crate) fn kept(&self) -> BodyText {
        match self.html.get() {
            Some(html) if html.len() <= 2 * self.text.len() && has_text(html) => BodyText::new(html, Markup::MADE),
            _ => self.as_written(),
        }
    }

    /// Returns the text to keep.
    pub(crate) fn as_written(&self) -> BodyText {
        BodyText::new(self.text, self.markup)
    }
}

/// Whether HTML has any text besides its tags.
fn has_text(html: &str) -> bool {
    Tokens::new(html).any(|token| matches!(token, Token::Text(text) if !text.trim().is_empty()))
}
