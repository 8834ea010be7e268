//! Which words are an article's summary: those of a key, or what stands above
//! a mark in the body. Each generator has its own order
//! (docs/decisions/generators.md#hexo-excerpts-visibility-external-links).
//!
//! Does not know how a summary is shown, nor what the body's beginning gives
//! where neither is there.

use crate::article::Dialect;
use crate::article::body::{self, Syntax};
use crate::syntax::front_matter::{Fields, Value};

/// Keys that go before a mark, and keys that stand in where there is none.
fn keys(dialect: Dialect) -> (&'static [&'static str], &'static [&'static str]) {
    match dialect {
        // The order of hexo-generator-feed; the other keys are those of themes.
        Dialect::Hexo => (&["description", "intro", "excerpt"], &["summary", "lede", "deck"]),
        // The order of jekyll-feed.
        Dialect::Jekyll => (&["description", "excerpt", "summary", "intro", "lede", "deck"], &[]),
        Dialect::Hugo | Dialect::Zola => (&[], &["summary", "description", "excerpt", "intro", "lede", "deck"]),
        Dialect::Plain => (&["summary", "excerpt", "description", "intro", "lede", "deck"], &[]),
    }
}

/// The author's own summary, and where in the body one ends.
pub(super) fn summary(
    fields: &Fields,
    body: &str,
    syntax: Syntax,
    dialect: Dialect,
) -> (Option<Box<str>>, Option<usize>) {
    // `summary: true` asks a theme for something.
    let of = |keys: &[&'static str]| {
        let told = |key: &&'static str| fields.get(key).filter(|value| !matches!(value, Value::Bool(_)))?.as_text();
        keys.iter().find_map(told).map(Box::from)
    };
    let (before, behind) = keys(dialect);
    let fold = fold(fields, body, syntax, dialect);
    let summary = of(before).or_else(|| if fold.is_none() { of(behind) } else { None });
    (summary, fold)
}

fn fold(fields: &Fields, body: &str, syntax: Syntax, dialect: Dialect) -> Option<usize> {
    if dialect != Dialect::Jekyll {
        return body::before_more(body).map(str::len);
    }
    // As written, blanks and all; an empty one means no excerpt.
    if let Some(Value::Text(separator)) = fields.get("excerpt_separator") {
        return Some(separator).filter(|separator| !separator.is_empty()).and_then(|separator| body.find(&**separator));
    }
    let paragraph = || (syntax == Syntax::Markdown).then(|| body.find("\n\n")).flatten();
    body::before_more(body).map(str::len).or_else(paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn told(yaml: &str, body: &str, dialect: Dialect) -> String {
        let fields = front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields;
        let (summary, fold) = summary(&fields, body, Syntax::Markdown, dialect);
        summary.map_or_else(|| fold.map_or("", |fold| &body[..fold]).trim().to_owned(), String::from)
    }

    #[test]
    fn a_mark_goes_before_the_key_in_hugo_and_behind_it_in_hexo() {
        let body = "above\n<!--more-->\nbelow";
        for (dialect, yaml, expected) in [
            (Dialect::Hugo, "summary: key\ndescription: d", "above"),
            (Dialect::Zola, "description: d", "above"),
            (Dialect::Hexo, "excerpt: key", "key"),
            (Dialect::Hexo, "excerpt: key\ndescription: d\nintro: i", "d"),
            (Dialect::Hexo, "excerpt: key\nintro: i", "i"),
            (Dialect::Hexo, "summary: of a theme", "above"),
            (Dialect::Jekyll, "excerpt: key\ndescription: d", "d"),
            (Dialect::Plain, "summary: key\ndescription: d", "key"),
        ] {
            assert_eq!(told(yaml, body, dialect), expected, "{dialect:?} {yaml}");
        }
        assert_eq!(told("summary: key\ndescription: d", "no mark", Dialect::Hugo), "key");
        assert_eq!(told("summary: true\ndescription: ''", "above\n<!--more-->", Dialect::Plain), "above");
        assert_eq!(told("summary: of a theme", "no mark", Dialect::Hexo), "of a theme");
    }

    #[test]
    fn jekylls_excerpt_is_the_first_paragraph_or_ends_at_its_separator() {
        let body = "first\nlines\n\nsecond ^^ third\n\nfourth";
        assert_eq!(told("title: x", body, Dialect::Jekyll), "first\nlines");
        assert_eq!(told("excerpt_separator: ^^", body, Dialect::Jekyll), "first\nlines\n\nsecond");
        assert_eq!(told("excerpt_separator: ''", body, Dialect::Jekyll), "");
        assert_eq!(told("excerpt_separator: ^^\nexcerpt: key", body, Dialect::Jekyll), "key");
        assert_eq!(told("title: x", "a\n\nb\n<!--more-->\nc", Dialect::Jekyll), "a\n\nb");
        assert_eq!(told("title: x", body, Dialect::Plain), "");
    }
}
