//! Finds the summary that an author wrote: the value of a key, or the text above a mark in the body.
//!
//! Each generator looks for them in its own order
//! (docs/decisions/generators.md#hexo-excerpts-visibility-external-links). If an article has neither, the feed makes
//! a summary of the beginning of the body.

use std::borrow::Cow;

use super::above;
use crate::article::body::{self, BodyText, MoreMark, ParsedBody, Syntax};
use crate::generator::{Excerpt, SummaryRules};
use crate::syntax::front_matter::{Fields, Value};

/// Returns the summary in front matter, and the excerpt of the body.
pub(super) fn summary(
    fields: &Fields,
    body: &ParsedBody<'_>,
    rules: &SummaryRules,
) -> (Option<Box<str>>, Option<BodyText>) {
    // `summary: true` is a switch of a theme.
    let of = |keys: &[&'static str]| {
        let text_of = |key: &&'static str| fields.get(key).filter(|value| !matches!(value, Value::Bool(_)))?.as_text();
        keys.iter().find_map(text_of).map(Box::from)
    };
    let excerpt = excerpt(fields, body, rules.excerpt);
    let summary = of(rules.before_mark).or_else(|| if excerpt.is_none() { of(rules.after_mark) } else { None });
    let excerpt = excerpt.map(|excerpt| match body.markup().syntax {
        Syntax::Markdown => {
            let below = &body.text()[excerpt.len()..];
            let closed = above::closed(excerpt, below);
            above::alone(&closed, below).into_owned().into()
        }
        Syntax::Html => Cow::Borrowed(excerpt),
    });
    (summary, excerpt.map(|excerpt| BodyText::new(&excerpt, body.markup())))
}

/// Returns the excerpt of the body, with which it begins.
fn excerpt<'a>(fields: &Fields, body: &ParsedBody<'a>, excerpt: Excerpt) -> Option<&'a str> {
    let form = if excerpt == Excerpt::WordedMark { MoreMark::Worded } else { MoreMark::Bare };
    if excerpt != Excerpt::Separator {
        return body::before_more(body, form);
    }
    let text = body.text();
    // Jekyll does not trim the separator; an empty one disables the excerpt.
    if let Some(Value::Text(separator)) = fields.get("excerpt_separator") {
        let separator = Some(&**separator).filter(|separator| !separator.is_empty());
        return separator.and_then(|separator| Some(&text[..text.find(separator)?]));
    }
    let paragraph = || Some(text).filter(|_| body.markup().syntax == Syntax::Markdown)?.split_once("\n\n");
    body::before_more(body, form).or_else(|| Some(paragraph()?.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Generator;
    use crate::syntax::front_matter;

    fn summary_of(yaml: &str, body: &str, generator: Generator) -> String {
        let fields = front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields;
        let (summary, above) = summary(&fields, &ParsedBody::new(body, body::Markup::MARKDOWN), &generator.summaries);
        let above = || above.map_or_else(String::new, |above| above.text().trim().to_owned());
        summary.map_or_else(above, String::from)
    }

    #[test]
    fn hugo_prefers_the_mark_to_the_key_and_hexo_the_key_to_the_mark() {
        let body = "above\n<!--more-->\nbelow";
        for (generator, yaml, expected) in [
            (crate::generator::hugo::HUGO, "summary: key\ndescription: d", "above"),
            (crate::generator::zola::ZOLA, "description: d", "above"),
            (crate::generator::hexo::HEXO, "excerpt: key", "key"),
            (crate::generator::hexo::HEXO, "excerpt: key\ndescription: d\nintro: i", "d"),
            (crate::generator::hexo::HEXO, "excerpt: key\nintro: i", "i"),
            (crate::generator::hexo::HEXO, "summary: of a theme", "above"),
            (crate::generator::jekyll::JEKYLL, "excerpt: key\ndescription: d", "d"),
            (crate::generator::plain::PLAIN, "summary: key\ndescription: d", "key"),
        ] {
            assert_eq!(summary_of(yaml, body, generator), expected, "{generator:?} {yaml}");
        }
        assert_eq!(summary_of("summary: key\ndescription: d", "no mark", crate::generator::hugo::HUGO), "key");
        assert_eq!(
            summary_of("summary: true\ndescription: ''", "above\n<!--more-->", crate::generator::plain::PLAIN),
            "above"
        );
        assert_eq!(summary_of("summary: of a theme", "no mark", crate::generator::hexo::HEXO), "of a theme");
        for (generator, expected) in [(crate::generator::plain::PLAIN, "above"), (crate::generator::hexo::HEXO, "")] {
            assert_eq!(summary_of("title: x", "above\n\n<!--more Read on-->\n\nbelow", generator), expected);
        }
    }

    #[test]
    fn jekyll_takes_the_first_paragraph_or_the_text_before_the_separator() {
        let body = "first\nlines\n\nsecond ^^ third\n\nfourth";
        assert_eq!(summary_of("title: x", body, crate::generator::jekyll::JEKYLL), "first\nlines");
        assert_eq!(
            summary_of("excerpt_separator: ^^", body, crate::generator::jekyll::JEKYLL),
            "first\nlines\n\nsecond"
        );
        assert_eq!(summary_of("excerpt_separator: ''", body, crate::generator::jekyll::JEKYLL), "");
        assert_eq!(summary_of("excerpt_separator: ^^\nexcerpt: key", body, crate::generator::jekyll::JEKYLL), "key");
        assert_eq!(summary_of("title: x", "a\n\nb\n<!--more-->\nc", crate::generator::jekyll::JEKYLL), "a\n\nb");
        assert_eq!(summary_of("title: x", body, crate::generator::plain::PLAIN), "");
    }
}
