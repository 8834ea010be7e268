//! Makes ordinary Markdown of what the generator of the site adds to it.

use std::borrow::Cow;

use crate::article::ParseOptions;
use crate::article::body::{Markup, ParsedBody, Syntax, cost, math};
use crate::syntax::front_matter::Fields;

/// Returns a body, written for the generator of `options`, as ordinary Markdown.
pub(super) fn ordinary<'a>(text: &'a str, markup: Markup, fields: &Fields, options: &ParseOptions) -> Cow<'a, str> {
    if markup.syntax != Syntax::Markdown || cost::is_excessive(text) {
        return Cow::Borrowed(text);
    }
    let delimiters = options.site_context.math.of_article(fields, options.generator);
    math::kept(&ParsedBody::new(text, markup), &delimiters)
}
