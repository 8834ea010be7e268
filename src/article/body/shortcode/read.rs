//! Parses one tag in the syntax of Liquid, Nunjucks, Hugo or Zola: its end, name and arguments.

use std::ops::Range;

use super::super::Templates;
use super::{Argument, Opening, Shortcode};

/// Remembers the last position of each closing delimiter, and the names without an end tag, so that a body
/// full of openings is searched only once.
#[derive(Default)]
pub(super) struct Closers {
    /// A delimiter, the position from which it was searched, and the position found.
    found: Vec<(&'static str, usize, Option<usize>)>,
    unclosed: Vec<String>,
}

impl Closers {
    fn find(&mut self, body: &str, from: usize, closer: &'static str) -> Option<usize> {
        let known = self.found.iter().position(|(mark, ..)| *mark == closer);
        if let Some((_, asked, at)) = known.map(|known| self.found[known])
            && asked <= from
            && at.is_none_or(|at| from <= at)
        {
            return at;
        }
        let at = body[from..].find(closer).map(|at| from + at);
        match known {
            Some(known) => self.found[known] = (closer, from, at),
            None => self.found.push((closer, from, at)),
        }
        at
    }
}

/// Parses the tag that begins at `at`, if there is one.
pub(super) fn tag<'a>(body: &'a str, at: usize, templates: Templates, closers: &mut Closers) -> Option<Shortcode<'a>> {
    // A tag has a few lines at most; a stray `{{` must not swallow the article.
    const LONGEST: usize = 4096;
    let rest = &body[at..];
    let (opener, closer) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}"), ("{#", "#}")]
        .into_iter()
        .find(|(opener, _)| rest.starts_with(opener))?;
    if opener == "{#" && templates != Templates::Nunjucks {
        return None;
    }
    let start = at + opener.len();
    let close = closers.find(body, start, closer)?;
    if close - start > LONGEST {
        return None;
    }
    let range = at..close + closer.len();
    let inner = body[start..close].trim_matches(['-', '~']).trim();
    let shortcode = |opening, name, text: &'a str| {
        let arguments = arguments(text);
        Shortcode { range: range.clone(), name, arguments, opening, text: text.trim(), inner: None }
    };
    // A literal tag in Hugo and Zola: {{</* name */>}}.
    if inner.len() >= 4 && inner.starts_with("/*") && inner.ends_with("*/") {
        return Some(shortcode(Opening::GoShortcode, "/*", &body[range.clone()]));
    }
    match opener {
        "{#" => Some(shortcode(Opening::Variable, "=", "")),
        "{{" => {
            let call = call(inner).map(|(name, text)| shortcode(Opening::Variable, name, text));
            let call = call.filter(|call| runs_calls(call, templates));
            call.or_else(|| {
                let text = variable(inner, templates)?;
                Some(Shortcode { text, ..shortcode(Opening::Variable, "=", "") })
            })
        }
        _ => {
            let inner = inner.strip_suffix('/').unwrap_or(inner);
            let (opening, (name, text)) = match (opener, call(inner)) {
                ("{%", Some(call)) => (Opening::Call, call),
                ("{%", None) => (Opening::Block, named(inner)),
                _ => (Opening::GoShortcode, named(inner)),
            };
            let is_name =
                name.trim_start_matches('/').trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_');
            is_name.then(|| shortcode(opening, name, text))
        }
    }
}

/// Splits a name from the rest. Hugo's end tags may have a space after their slash.
fn named(inner: &str) -> (&str, &str) {
    let slash = inner.len() - inner.trim_start_matches('/').trim_start().len();
    let end = inner[slash..].find(char::is_whitespace).map_or(inner.len(), |end| slash + end);
    inner.split_at(end)
}

/// Parses `name(arguments)`.
fn call(inner: &str) -> Option<(&str, &str)> {
    let (name, rest) = inner.strip_suffix(')')?.split_once('(')?;
    let name = name.trim_end();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':' | b'/' | b'.'));
    is_name.then_some((name, rest))
}

/// Functions that return the URL they are given.
const ADDRESSES: [&str; 6] = ["url_for", "full_url_for", "url", "get_url", "relative_url", "absolute_url"];

/// Returns whether a generator runs this call, so that it is not text.
fn runs_calls(call: &Shortcode, templates: Templates) -> bool {
    match templates {
        Templates::Liquid | Templates::Nunjucks | Templates::Tera => true,
        Templates::GoShortcodes | Templates::None => false,
        // Most articles that contain one are about a template language.
        Templates::Unknown => ADDRESSES.contains(&call.name) || super::shown::shows(call),
    }
}

/// Returns what a variable, or a call that only names a URL, expands to: `{{ "/path" | url }}`, `{{
/// site.baseurl }}`. Any other one expands to nothing if the generator runs it, and is text otherwise.
fn variable(inner: &str, templates: Templates) -> Option<&str> {
    const ROOTS: [&str; 8] = ["site", "page", "post", "include", "layout", "paginator", "jekyll", "collections"];
    let (first, filter) = inner.split_once('|').unwrap_or((inner, ""));
    let first = first.trim();
    let quoted = first.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
    if let Some(text) = quoted.filter(|_| !filter.is_empty()) {
        return Some(text);
    }
    match templates {
        Templates::Liquid | Templates::Nunjucks => Some(""),
        Templates::GoShortcodes | Templates::Tera | Templates::Unknown | Templates::None => {
            let root = first.split_once('.').filter(|(_, field)| !field.is_empty()).map(|(root, _)| root);
            let known = root.is_some_and(|root| ROOTS.contains(&root)) && templates == Templates::Unknown;
            (known || matches!(first, "site.baseurl" | "site.url" | "site.github.url")).then_some("")
        }
    }
}

pub(super) fn address_of<'a>(call: &Shortcode<'a>) -> Option<&'a str> {
    let mut given = call.arguments.iter().filter(|argument| matches!(argument.key, "" | "path"));
    given.next().map(|argument| argument.value).filter(|_| ADDRESSES.contains(&call.name))
}

/// Parses words, "quoted words" and key=value, separated by spaces or commas.
fn arguments(text: &str) -> Vec<Argument<'_>> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | '，');
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(separates);
    while !rest.is_empty() {
        let key_end = rest
            .find(|c: char| separates(c) || matches!(c, '=' | '"' | '\'' | '/' | '.' | ':'))
            .filter(|end| *end > 0 && rest[*end..].trim_start().starts_with('='));
        let (key, value) = match key_end {
            Some(end) => (&rest[..end], rest[end..].trim_start()[1..].trim_start()),
            None => ("", rest),
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(separates).unwrap_or(value.len())),
        };
        found.push(Argument { key, value });
        rest = after.trim_start_matches(separates);
    }
    found
}

pub(super) struct TagContent {
    pub text: Range<usize>,
    pub end: usize,
}

/// Returns the content between a tag and its `{% end… %}` or `{{< /… >}}`.
pub(super) fn inner(body: &str, tag: &Shortcode, closers: &mut Closers) -> Option<TagContent> {
    if closers.unclosed.iter().any(|name| name == tag.name) {
        return None;
    }
    let start = tag.range.end;
    let mut from = start;
    let opener = if body[tag.range.clone()].starts_with("{{") { "{{" } else { "{%" };
    while let Some(at) = closers.find(body, from, opener) {
        if let Some(closing) = self::tag(body, at, Templates::GoShortcodes, closers) {
            let closed = closing.name.strip_prefix("end").or_else(|| closing.name.strip_prefix('/')).map(str::trim);
            if closed == Some(tag.name) || (closed == Some("") && tag.opening == Opening::Call) {
                return Some(TagContent { text: start..at, end: closing.range.end });
            }
        }
        from = at + 2;
    }
    closers.unclosed.push(tag.name.to_owned());
    None
}
