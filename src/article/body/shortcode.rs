//! Expands generator tags in bodies, `{% … %}`, `{{< … >}}`, `{{% … %}}` and `{{ … }}`, to what every
//! reader understands.
//!
//! This file finds tags outside code and matches them with their ends; [`shown`] decides what each becomes.
//! Nothing is executed: no variables, includes or loops.

use std::{borrow::Cow, collections::HashMap, ops::Range};

mod read;
mod shown;
mod tabs;
mod variables;

pub(crate) use shown::words;
pub(crate) use variables::{Variables, filled};

use super::{ParsedBody, Syntax, Templates, code, code_caption, html::escape};
use read::Closers;
use shown::Expansion;

/// A generator tag and its position.
pub(crate) struct Shortcode<'a> {
    pub range: Range<usize>,
    pub name: &'a str,
    pub arguments: Vec<Argument<'a>>,
    opening: Opening,
    /// The text after the name, as written.
    text: &'a str,
    /// The content between the tag and its end, if it is shown literally.
    inner: Option<(Verbatim, Range<usize>)>,
}

impl Shortcode<'_> {
    /// Returns whether the content of the tag is shown as code.
    pub(crate) fn is_code(&self) -> bool {
        matches!(self.inner, Some((Verbatim::Code, _)))
    }

    /// Returns the parts of the tag that are not text: all of a tag with code, both ends of `{% raw %}`.
    pub(crate) fn marks(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let Range { start, end } = self.range;
        let (first, last) = match &self.inner {
            Some((Verbatim::Raw, text)) => (start..text.start, Some(text.end..end)),
            _ => (start..end, None),
        };
        std::iter::once(first).chain(last)
    }
}

pub(crate) struct Argument<'a> {
    pub key: &'a str,
    pub value: &'a str,
}

/// How a tag begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// `{%`
    Block,
    /// `{{<` and `{{%`
    GoShortcode,
    /// `{{`, a call or a variable.
    Variable,
    /// `{% name(…) %}`
    Call,
}

/// Maximum number of tags that are expanded in one body. The body is cut before the next one.
const MOST: usize = 5_000;

/// Returns the body with its generator tags expanded. Tags in code stay as they are.
pub(crate) fn replace<'a>(parsed: &ParsedBody<'a>) -> Cow<'a, str> {
    let (body, markup) = (parsed.text(), parsed.markup());
    let mut tags: Vec<_> = ShortcodeTags::new(parsed).take(MOST + 1).collect();
    let body = tags.get(MOST).map_or(body, |next| &body[..next.range.start]);
    tags.truncate(MOST);
    if tags.is_empty() {
        return Cow::Borrowed(body);
    }
    let ends = ends(&tags);
    let mut out = String::with_capacity(body.len());
    let mut behind: HashMap<usize, String> = HashMap::new();
    let mut tabs_until = 0;
    let mut done = 0;
    for (at, tag) in tags.iter().enumerate() {
        if tag.range.start < done {
            continue;
        }
        let before = &body[done..tag.range.start];
        out.push_str(&if done < tabs_until { tabs::titled(before) } else { Cow::Borrowed(before) });
        done = tag.range.end;
        match &tag.inner {
            Some((Verbatim::Raw, text)) => out.push_str(&body[text.clone()]),
            Some((Verbatim::Code, text)) => out.push_str(&code_block(tag, &body[text.clone()], markup.syntax)),
            None => {
                let end = ends.get(&at).map(|end| (*end, &tags[*end].range));
                let inner = end.as_ref().map(|(_, range)| &body[tag.range.end..range.start]);
                let line = TagLine::around(body, &tag.range);
                let text = match (behind.remove(&at), shown::of(tag, inner, line, markup)) {
                    (Some(text), _) => text,
                    (None, Expansion::Text(text)) => text.into_owned(),
                    (None, Expansion::Around(text, last)) => {
                        behind.extend(end.map(|(end, _)| (end, last)));
                        text
                    }
                    (None, Expansion::Nothing) => {
                        done = end.map_or(done, |(_, range)| range.end);
                        String::new()
                    }
                };
                if tabs::holds(tag.name) {
                    tabs_until = tabs_until.max(end.map_or(0, |(_, range)| range.start));
                }
                out.push_str(&text);
                // An HTML block extends to the next blank line and would otherwise include the text below.
                if line == TagLine::Own && markup.syntax == Syntax::Markdown && text.starts_with('<') {
                    out.push('\n');
                }
            }
        }
    }
    out.push_str(&body[done..]);
    Cow::Owned(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TagLine {
    Own,
    Shared,
}

impl TagLine {
    fn around(body: &str, range: &Range<usize>) -> Self {
        let blanks = [' ', '\t'];
        let before = body[..range.start].trim_end_matches(blanks);
        let after = body[range.end..].trim_start_matches(blanks);
        let alone =
            (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with(['\n', '\r']));
        if alone { Self::Own } else { Self::Shared }
    }
}

/// Maps each tag to the tag that ends it: `endname` and `/name` end the last open `name`, `end` the last
/// open call.
fn ends(tags: &[Shortcode]) -> HashMap<usize, usize> {
    let mut ends = HashMap::new();
    let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut calls = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let closed = tag.name.strip_prefix("end").or_else(|| tag.name.strip_prefix('/'));
        let begin = match closed {
            Some("") => calls.pop(),
            Some(name) => open.get_mut(name.trim()).and_then(Vec::pop),
            None => None,
        };
        if let Some(begin) = begin {
            ends.insert(begin, at);
        } else if tag.inner.is_none() {
            if tag.opening == Opening::Call {
                calls.push(at);
            }
            open.entry(tag.name).or_default().push(at);
        }
    }
    ends
}

/// Iterates over the generator tags of a body outside code, in order. A tag with code as its content is one
/// item.
pub(crate) struct ShortcodeTags<'a, 'c> {
    body: &'a str,
    templates: Templates,
    code: &'c [Range<usize>],
    closers: Closers,
    /// The code before this position contains no `{% endraw %}`.
    no_endraw_before: usize,
    /// The start of the code that was examined last, and whether it is a fenced block.
    fenced: Option<(usize, bool)>,
    from: usize,
}

impl<'a, 'c> ShortcodeTags<'a, 'c> {
    pub(crate) fn new(parsed: &'c ParsedBody<'a>) -> Self {
        let (body, markup) = (parsed.text(), parsed.markup());
        let openings = ["{%", "{{", "{#"].map(|opening| body.contains(opening));
        let any = openings[0] || openings[1] || (openings[2] && markup.templates == Templates::Nunjucks);
        let any = any && markup.templates != Templates::None;
        let code = if any { parsed.code() } else { &[] };
        let from = if any { 0 } else { body.len() };
        Self {
            body,
            templates: markup.templates,
            code,
            closers: Closers::default(),
            no_endraw_before: 0,
            fenced: None,
            from,
        }
    }

    fn is_fenced(&mut self, code: &Range<usize>) -> bool {
        if let Some((start, is_fenced)) = self.fenced
            && start == code.start
        {
            return is_fenced;
        }
        let written = &self.body[code.clone()];
        let is_fenced = written.trim_start().starts_with(['`', '~']) && written.contains('\n');
        self.fenced = Some((code.start, is_fenced));
        is_fenced
    }

    /// Returns a tag that is expanded even in code: Liquid expands `{% raw %}` there, as does Nunjucks
    /// outside fences, and Hugo's and Zola's `{{</* x */>}}` means the same everywhere.
    fn in_code(&mut self, at: usize, code: &Range<usize>) -> Option<Shortcode<'a>> {
        let marks = self.body[at..].trim_start_matches(['{', '<', '%', '-', ' ']);
        if !marks.starts_with("raw") && !marks.starts_with("/*") {
            return None;
        }
        let mut tag = read::tag(self.body, at, self.templates, &mut self.closers)?;
        let runs = match self.templates {
            Templates::Liquid => tag.name == "raw",
            Templates::Nunjucks => tag.name == "raw" && !self.is_fenced(code),
            _ => tag.name == "/*",
        };
        if !runs || tag.range.end > code.end {
            return None;
        }
        if tag.name == "raw" {
            // Do not search beyond the code, because many openings would cost a search each.
            let start = tag.range.end;
            let inside = self.body.get(start..code.end).filter(|_| start >= self.no_endraw_before)?;
            let Some(word) = inside.find("endraw") else {
                self.no_endraw_before = code.end;
                return None;
            };
            let Some(close) = inside[word..].find("%}").map(|close| word + close + 2) else {
                self.no_endraw_before = code.end;
                return None;
            };
            let end = inside[..word].rfind("{%")?;
            // The line breaks next to the tags are removed with them.
            let text = &inside[..end];
            let first = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text);
            let last = if inside[close..].starts_with(['\n', '\r']) { first.trim_end_matches('\n') } else { first };
            let from = start + text.len() - first.len();
            tag.range.end = start + close;
            tag.inner = Some((Verbatim::Raw, from..from + last.len()));
        } else {
            tag.name = "/* in code */";
        }
        Some(tag)
    }
}

impl<'a> Iterator for ShortcodeTags<'a, '_> {
    type Item = Shortcode<'a>;

    fn next(&mut self) -> Option<Shortcode<'a>> {
        while let Some(next) = self.body[self.from..].find('{') {
            let at = self.from + next;
            if let Some(range) = code::containing(self.code, at).cloned() {
                let tag = self.in_code(at, &range);
                self.from = tag.as_ref().map_or(at + 1, |tag| tag.range.end);
                if tag.is_some() {
                    return tag;
                }
                continue;
            }
            let Some(mut tag) = read::tag(self.body, at, self.templates, &mut self.closers) else {
                self.from = at + 1;
                continue;
            };
            if let Some(kind) = Verbatim::of(tag.name)
                && let Some(inner) = read::inner(self.body, &tag, &mut self.closers)
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

#[derive(Clone, Copy)]
enum Verbatim {
    Raw,
    Code,
}

impl Verbatim {
    fn of(name: &str) -> Option<Verbatim> {
        match name {
            "raw" | "verbatim" => Some(Verbatim::Raw),
            "codeblock" | "code" | "highlight" | "prism" | "mermaid" | "score" => Some(Verbatim::Code),
            _ => None,
        }
    }
}

fn code_block(tag: &Shortcode, text: &str, syntax: Syntax) -> String {
    if tag.text.contains("hl_inline=true") {
        return format!("<code>{}</code>", escape(text));
    }
    let text = text.trim_matches(['\n', '\r']);
    let caption = (tag.name == "codeblock").then(|| code_caption::caption(tag.text)).flatten().unwrap_or_default();
    if syntax == Syntax::Html {
        return format!("{caption}<pre><code>{}</code></pre>", escape(text));
    }
    // A fence must be longer than any run of backticks in the text.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let caption = if caption.is_empty() { caption } else { format!("\n{caption}\n") };
    format!("{caption}\n{fence}\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests;
