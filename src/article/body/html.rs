//! Tokenizes HTML as found in article files.
//!
//! It follows the HTML standard for tags, attributes, quotes, comments, raw text such as `<script>`, and
//! character references, but does not check how elements nest. It makes one pass in linear time and cannot
//! fail.
//!
//! Tokenizers of crates take 2.2 to 3.5 times as many instructions, and rendering a body runs this one three
//! times: docs/decisions/dependencies.md#html-tokenizers.

mod name;
mod reference;

pub(crate) use reference::{decode, escape};

use std::borrow::Cow;

pub(crate) use name::name_of;

/// Returns whether an element can occur within a word, so that it does not separate the text around it.
pub(crate) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | ""
    )
}

/// A piece of HTML, borrowed from its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Text as written. References are not decoded, and it may contain a lone `<`.
    Text(&'a str),
    /// The content of `<script>` and similar elements.
    Raw(&'a str),
    Start(StartTag<'a>),
    /// The name of an end tag, as in `StartTag::name`.
    End(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StartTag<'a> {
    /// In lower case; empty for an element whose name this crate does not use.
    pub name: &'static str,
    attributes: &'a str,
}

/// Elements whose content is text up to their own end tag (HTML standard, section 13.2.6.2).
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The tokens of `html`, without comments and declarations.
pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    raw: Option<&'static str>,
    /// Elements that have no end tag in the rest, to avoid searching twice.
    unended: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(html: &'a str) -> Self {
        Tokens { html, at: 0, raw: None, unended: Vec::new() }
    }

    /// Returns the start of the next token, or of a comment before it.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    /// Returns the text up to the next end tag of `name` without consuming it; `None` if there is no such
    /// tag.
    pub(crate) fn until_end(&mut self, name: &'static str) -> Option<&'a str> {
        if self.unended.contains(&name) {
            return None;
        }
        let found = end_tag(self.rest(), name);
        if found.is_none() {
            self.unended.push(name);
        }
        found.map(|end| &self.rest()[..end])
    }

    /// Like `until_end`, but consumes the text, so that the next token is the end tag.
    pub(crate) fn skip_to_end(&mut self, name: &'static str) -> Option<&'a str> {
        let inner = self.until_end(name)?;
        self.at += inner.len();
        self.raw = None;
        Some(inner)
    }

    fn raw_text(&mut self, name: &'static str) -> Option<Token<'a>> {
        let text = match self.skip_to_end(name) {
            Some(text) => text,
            // Browsers hide everything after an unclosed `<script>`. For the other elements, showing the
            // rest is better than losing the article.
            None if matches!(name, "script" | "style") => {
                let text = self.rest();
                self.at = self.html.len();
                text
            }
            None => return None,
        };
        (!text.is_empty()).then_some(Token::Raw(text))
    }

    fn to(&mut self, end: usize) -> &'a str {
        let taken = &self.rest()[..end];
        self.at += end;
        taken
    }

    /// Consumes the tag at the beginning of `rest`, whose opener is `<` or `</`.
    fn tag(&mut self, rest: &'a str, opener: &str) -> Token<'a> {
        let from = opener.len();
        let name_end = rest[from..]
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
            .map_or(rest.len(), |end| from + end);
        let mut attributes = Attributes(&rest[name_end..]);
        while attributes.next().is_some() {}
        let Some(after) = attributes.0.strip_prefix('>') else {
            // The tag is never closed. Browsers would drop the rest of the article.
            self.at = self.html.len();
            return Token::Text(rest);
        };
        let end = rest.len() - after.len();
        self.at += end;
        let name = name_of(&rest[from..name_end]);
        if opener == "</" {
            return Token::End(name);
        }
        if RAW.contains(&name) {
            self.raw = Some(name);
        }
        Token::Start(StartTag { name, attributes: &rest[name_end..end] })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(token) = self.raw.take().and_then(|name| self.raw_text(name)) {
            return Some(token);
        }
        loop {
            let rest = self.rest();
            let bytes = rest.as_bytes();
            if *bytes.first()? != b'<' {
                let end = rest.find('<').unwrap_or(rest.len());
                return Some(Token::Text(self.to(end)));
            }
            match (bytes.get(1), bytes.get(2)) {
                (Some(first), _) if first.is_ascii_alphabetic() => {
                    return Some(self.tag(rest, "<"));
                }
                (Some(b'/'), Some(first)) if first.is_ascii_alphabetic() => {
                    return Some(self.tag(rest, "</"));
                }
                (Some(b'!'), _) if rest.starts_with("<!--") => {
                    // `<!-->` is a complete comment, so search from its first hyphen.
                    let end = rest[2..].find("-->").map_or(rest.len(), |end| end + 5);
                    self.to(end);
                }
                (Some(b'!' | b'?'), _) | (Some(b'/'), Some(_)) => {
                    let end = rest.find('>').map_or(rest.len(), |end| end + 1);
                    self.to(end);
                }
                _ => {
                    let end = rest[1..].find('<').map_or(rest.len(), |end| end + 1);
                    return Some(Token::Text(self.to(end)));
                }
            }
        }
    }
}

/// Returns the position of the end tag of `name`.
pub(crate) fn end_tag(html: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = html[from..].find("</") {
        let at = from + found;
        let after = &html.as_bytes()[at + 2..];
        if after.len() > name.len()
            && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && (after[name.len()].is_ascii_whitespace() || matches!(after[name.len()], b'>' | b'/'))
        {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

impl<'a> StartTag<'a> {
    /// Returns the name and the undecoded value of each attribute.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        Attributes(self.attributes)
    }

    /// Returns whether the tag is written as `<x/>`.
    pub(crate) fn closes_itself(&self) -> bool {
        self.attributes.ends_with("/>")
    }

    /// Returns the undecoded value of an attribute. The first of several applies.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Returns the decoded and trimmed value of an attribute unless it is empty.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let raw = self.raw(name)?.trim();
        if !raw.contains('&') {
            return (!raw.is_empty()).then_some(Cow::Borrowed(raw));
        }
        let decoded = decode(raw);
        let trimmed = decoded.trim();
        (!trimmed.is_empty()).then(|| Cow::Owned(trimmed.to_owned()))
    }
}

/// Iterates over attributes and stops at `>`, which remains. The rest is empty if the tag is never closed.
struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let blank = |c: char| c.is_ascii_whitespace();
        let text = self.0.trim_start_matches(|c| blank(c) || c == '/');
        self.0 = text;
        if text.is_empty() || text.starts_with('>') {
            return None;
        }
        // A name may begin with `=` (HTML standard, section 13.2.5.32).
        let ends = |c: char| blank(c) || matches!(c, '/' | '>' | '=');
        let first = text.chars().next().map_or(0, char::len_utf8);
        let end = text[first..].find(ends).map_or(text.len(), |end| first + end);
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_start_matches(blank).strip_prefix('=') else {
            self.0 = rest;
            return Some((name, ""));
        };
        let value = value.trim_start_matches(blank);
        let quoted = [('"', value.strip_prefix('"')), ('\'', value.strip_prefix('\''))]
            .into_iter()
            .find_map(|(quote, inner)| Some((quote, inner?)));
        let (value, rest) = match quoted {
            Some((quote, inner)) => inner.split_once(quote).unwrap_or((inner, "")),
            None => value.split_at(value.find(|c| blank(c) || c == '>').unwrap_or(value.len())),
        };
        self.0 = rest;
        Some((name, value))
    }
}
