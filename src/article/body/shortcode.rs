//! Generator tags in bodies, `{% … %}`, `{{< … >}}` and `{{% … %}}`, put into words that every reader understands.
//!
//! It knows which tags show an image, a video or code, and that all others are best replaced by their inner text.
//! It deliberately does not run anything: no variables, no includes, no loops.

use std::{borrow::Cow, ops::Range};

mod shown;

pub use shown::words;

use super::{Markup, code, html::escape};

/// A generator tag and where it stands.
pub struct Shortcode<'a> {
    pub range: Range<usize>,
    pub name: &'a str,
    pub arguments: Vec<Argument<'a>>,
    /// What follows the name, as written.
    text: &'a str,
    /// What stands between it and its end tag, where that is shown as it is.
    inner: Option<(Verbatim, Range<usize>)>,
}

pub struct Argument<'a> {
    pub key: &'a str,
    pub value: &'a str,
}

/// The body with its generator tags replaced; tags inside code stay as they are.
pub fn replace(body: &str, markup: Markup) -> Cow<'_, str> {
    if !body.contains("{%") && !body.contains("{{") {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut done = 0;
    for tag in Tags::new(body, markup) {
        out.push_str(&body[done..tag.range.start]);
        match &tag.inner {
            Some((Verbatim::Raw, text)) => out.push_str(&body[text.clone()]),
            Some((Verbatim::Code, text)) => out.push_str(&code_block(&body[text.clone()], markup)),
            None => push_replacement(&mut out, body, &tag, markup),
        }
        done = tag.range.end;
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

/// The generator tags of a body outside code, in order; a tag around code is one with it.
pub struct Tags<'a> {
    body: &'a str,
    code: Vec<Range<usize>>,
    closers: Closers,
    from: usize,
}

impl<'a> Tags<'a> {
    pub fn new(body: &'a str, markup: Markup) -> Self {
        let code = if body.contains("{%") || body.contains("{{") { code::ranges(body, markup) } else { Vec::new() };
        Self { body, code, closers: Closers::default(), from: 0 }
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Shortcode<'a>;

    fn next(&mut self) -> Option<Shortcode<'a>> {
        while let Some(next) = self.body[self.from..].find('{') {
            let at = self.from + next;
            if let Some(range) = code::containing(&self.code, at) {
                self.from = range.end;
                continue;
            }
            let Some(mut tag) = read(self.body, at, &mut self.closers) else {
                self.from = at + 1;
                continue;
            };
            if let Some(kind) = Verbatim::of(tag.name)
                && let Some(inner) = inner(self.body, &tag, &mut self.closers)
            {
                tag.inner = Some((kind, inner.text));
                tag.range.end = inner.end;
            }
            self.from = tag.range.end;
            return Some(tag);
        }
        None
    }
}

/// Where marks were last found, and the names whose end tag is known not to occur again: a body full of openings
/// is searched once, whether its one closing mark is far away or missing.
#[derive(Default)]
struct Closers {
    /// A mark, from where it was looked for, and where it is.
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

fn read<'a>(body: &'a str, at: usize, closers: &mut Closers) -> Option<Shortcode<'a>> {
    // A tag is a line or a few; a stray `{{` must not swallow the article.
    const LONGEST: usize = 4096;
    let rest = &body[at..];
    let (opener, closer) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")]
        .into_iter()
        .find(|(opener, _)| rest.starts_with(opener))?;
    let start = at + opener.len();
    let close = closers.find(body, start, closer)?;
    if close - start > LONGEST {
        return None;
    }
    let range = at..close + closer.len();
    let inner = body[start..close].trim_matches(['-', '~']).trim();
    if opener == "{{" {
        return variable(inner, range);
    }
    // Hugo's way to show a shortcode: {{</* name */>}}.
    if let Some(shown) = inner.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")) {
        return Some(Shortcode { range, name: "/*", arguments: Vec::new(), text: shown, inner: None });
    }
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let (name, text) = inner.split_at(end);
    let named = name.trim_start_matches('/').starts_with(|c: char| c.is_alphabetic() || c == '_');
    named.then(|| Shortcode { range, name, arguments: arguments(text), text: text.trim(), inner: None })
}

/// `{{ "/path" | url }}` and `{{ site.baseurl }}`; any other variable is left to be read as it stands,
/// since most articles that hold one talk about a template language.
fn variable(inner: &str, range: Range<usize>) -> Option<Shortcode<'_>> {
    let (first, filter) = inner.split_once('|').unwrap_or((inner, ""));
    let first = first.trim();
    let text = match first {
        "site.baseurl" | "site.url" | "site.github.url" => "",
        _ => first
            .strip_prefix(['"', '\''])
            .and_then(|rest| rest.strip_suffix(['"', '\'']))
            .filter(|_| !filter.is_empty())?,
    };
    Some(Shortcode { range, name: "=", arguments: Vec::new(), text, inner: None })
}

/// Words, "quoted words" and key=value, separated by blanks or commas.
fn arguments(text: &str) -> Vec<Argument<'_>> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | '，');
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(separates);
    while !rest.is_empty() {
        let key_end = rest
            .find(|c: char| separates(c) || matches!(c, '=' | '"' | '\'' | '/' | '.' | ':'))
            .filter(|end| *end > 0 && rest[*end..].starts_with('='));
        let (key, value) = match key_end {
            Some(end) => (&rest[..end], &rest[end + 1..]),
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

#[derive(Clone, Copy)]
enum Verbatim {
    Raw,
    Code,
}

impl Verbatim {
    fn of(name: &str) -> Option<Verbatim> {
        match name {
            "raw" | "verbatim" | "comment" => Some(Verbatim::Raw),
            "codeblock" | "code" | "highlight" | "prism" => Some(Verbatim::Code),
            _ => None,
        }
    }
}

struct Inner {
    text: Range<usize>,
    end: usize,
}

/// What stands between a tag and its `{% end… %}` or `{{< /… >}}`.
fn inner(body: &str, tag: &Shortcode, closers: &mut Closers) -> Option<Inner> {
    if closers.unclosed.iter().any(|name| name == tag.name) {
        return None;
    }
    let start = tag.range.end;
    let mut from = start;
    while let Some(at) = closers.find(body, from, if body[tag.range.clone()].starts_with("{{") { "{{" } else { "{%" }) {
        if let Some(closing) = read(body, at, closers)
            && [closing.name.strip_prefix("end"), closing.name.strip_prefix('/')].contains(&Some(tag.name))
        {
            return Some(Inner { text: start..at, end: closing.range.end });
        }
        from = at + 2;
    }
    closers.unclosed.push(tag.name.to_owned());
    None
}

fn code_block(text: &str, markup: Markup) -> String {
    let text = text.trim_matches(['\n', '\r']);
    if markup == Markup::Html {
        return format!("<pre><code>{}</code></pre>", escape(text));
    }
    // A fence must be longer than any run of backticks that it holds.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n{fence}\n{text}\n{fence}\n")
}

fn push_replacement(out: &mut String, body: &str, tag: &Shortcode, markup: Markup) {
    let text = match tag.name {
        "=" => Cow::Borrowed(tag.text),
        "/*" => Cow::Owned(escape(&body[tag.range.clone()].replacen("/*", "", 1).replacen("*/", "", 1))),
        "asset_path" => Cow::Borrowed(tag.arguments.first().map_or("", |first| first.value)),
        "post_link" => Cow::Owned(escape(&words(tag))),
        // Volantis: the text follows the first comma.
        "p" | "span" | "note" => Cow::Borrowed(tag.text.split_once([',', '，']).map_or("", |(_, text)| text.trim())),
        _ => shown::image(tag).or_else(|| shown::video(tag)).map_or(Cow::Borrowed(""), Cow::Owned),
    };
    let blanks = [' ', '\t'];
    let before = body[..tag.range.start].trim_end_matches(blanks);
    let after = body[tag.range.end..].trim_start_matches(blanks);
    let alone = (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with(['\n', '\r']));
    out.push_str(&text);
    // An HTML block goes on to the next blank line, and would take the text below with it.
    if alone && markup == Markup::Markdown && text.starts_with('<') {
        out.push('\n');
    }
}
