//! Makes ordinary Markdown of what the generator of the site adds to it: boxes, remarks, captions, mathematics, names of emoji.

use std::borrow::Cow;

use crate::article::ParseOptions;
use crate::article::body::{Markup, ParsedBody, Syntax, admonition, code_caption, cost, emoji, kramdown, math, remark};
use crate::generator::MarkdownExtension;
use crate::syntax::front_matter::Fields;

/// Returns a body, written for the generator of `options`, as ordinary Markdown.
pub(super) fn ordinary<'a>(text: &'a str, markup: Markup, fields: &Fields, options: &ParseOptions) -> Cow<'a, str> {
    if markup.syntax != Syntax::Markdown || cost::is_excessive(text) {
        return Cow::Borrowed(text);
    }
    let mut text = Cow::Borrowed(text);
    let uses = |extension| options.generator.markdown.contains(&extension);
    if uses(MarkdownExtension::Admonitions) {
        text = then(text, admonition::unfolded);
    }
    if uses(MarkdownExtension::Remarks) {
        text = then(text, |text| remark::removed(&ParsedBody::new(text, markup)));
    }
    if uses(MarkdownExtension::CodeCaptions) {
        text = then(text, |text| code_caption::shown(&ParsedBody::new(text, markup)));
    }
    if uses(MarkdownExtension::Kramdown) && !options.site_context.is_common_mark {
        text = then(text, kramdown::ordinary);
    }
    let delimiters = options.site_context.math.of_article(fields, options.generator);
    text = then(text, |text| math::kept(&ParsedBody::new(text, markup), &delimiters));
    if options.site_context.has_emoji || uses(MarkdownExtension::Emoji) {
        text = then(text, |text| emoji::named(&ParsedBody::new(text, markup)));
    }
    text
}

/// Applies a step that changes few texts.
fn then<'a>(text: Cow<'a, str>, step: impl for<'b> Fn(&'b str) -> Cow<'b, str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => step(text),
        Cow::Owned(text) => match step(&text) {
            Cow::Owned(changed) => Cow::Owned(changed),
            Cow::Borrowed(_) => Cow::Owned(text),
        },
    }
}
