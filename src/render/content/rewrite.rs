//! Makes the HTML of a body self-contained: every image once, every URL absolute, embedded pages as links.
//!
//! It writes the elements and attributes that are useful in a feed reader, and passes each reference to
//! `resolve`. The result is not safe yet; [`super::sanitise`] takes care of that.

use std::collections::HashSet;

use super::{
    Reference, Resolve,
    balance::{OpenElements, closes_paragraph, is_void},
    embed::own_content,
};
use crate::article::body::{
    html::{StartTag, Token, Tokens, escape},
    image::SeenImages,
};

pub(super) struct Rewrite<'a> {
    pub(super) resolve: Resolve<'a>,
    pub(super) shown: SeenImages,
    pub(super) open: OpenElements,
    /// The paragraph that an embedded page has interrupted goes on with the next text.
    pub(super) interrupted: bool,
    /// The language of code, by the class of an element around it.
    pub(super) language: Option<String>,
    /// Position before which every `<object>` has content of its own, so that nested ones are searched once.
    own_content_until: usize,
    /// Position before which no player contains a source, so that nested ones are searched once.
    sourceless_until: usize,
    /// The ids so far. Of two elements with the same id, the first one keeps it.
    pub(super) ids: HashSet<String>,
    /// Length of the output when the last link was opened.
    link_opened: usize,
    /// Number of links that were left out because they were directly inside another link, and are not
    /// closed yet.
    inner_links: usize,
    pub(super) out: String,
    /// Writing stops when the output is longer than this, in bytes.
    longest: usize,
}

/// A new piece begins at the first position outside all elements after this many bytes.
const PIECE: usize = 128 << 10;

/// How much of the HTML was rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RewriteExtent {
    Whole,
    /// The beginning, up to the length limit; some elements are not closed.
    Start,
}

/// HTML in which every element is closed.
pub(crate) struct Rewritten {
    pub html: String,
    pub extent: RewriteExtent,
    /// Positions at which no element is open, so that the parts before and after can be parsed separately.
    breaks: Vec<usize>,
}

impl Rewritten {
    /// Returns the parts that can be parsed separately, without surrounding white space. There is nearly
    /// always just one.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.breaks.iter().copied());
        let ends = self.breaks.iter().copied().chain([self.html.len()]);
        starts.zip(ends).map(|(start, end)| {
            let piece = &self.html[start..end];
            let piece = if start == 0 { piece.trim_start() } else { piece };
            if end == self.html.len() { piece.trim_end() } else { piece }
        })
    }
}

/// Rewrites HTML so that it only contains URLs that `resolve` returned. Stops after `longest` bytes of
/// output.
pub(crate) fn rewrite(html: &str, resolve: Resolve, longest: usize) -> Rewritten {
    let mut rewrite = Rewrite {
        resolve,
        shown: SeenImages::default(),
        open: OpenElements::default(),
        interrupted: false,
        language: None,
        own_content_until: 0,
        sourceless_until: 0,
        ids: HashSet::new(),
        link_opened: 0,
        inner_links: 0,
        out: String::with_capacity((html.len() + html.len() / 8).min(longest)),
        longest,
    };
    let mut breaks = Vec::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => rewrite.text(text),
            Token::Raw(_) => {}
            Token::End(name) => rewrite.end(name),
            Token::Start(tag) => rewrite.start(&tag, &mut tokens),
        }
        let length = rewrite.out.len();
        if length > longest {
            return Rewritten { html: rewrite.out, extent: RewriteExtent::Start, breaks };
        }
        if length - breaks.last().unwrap_or(&0) > PIECE && rewrite.open.is_empty() && rewrite.out.ends_with('>') {
            breaks.push(length);
        }
    }
    rewrite.open.finish(&mut rewrite.out);
    Rewritten { html: rewrite.out, extent: RewriteExtent::Whole, breaks }
}

/// Returns the name of the element to write for an element of this name; an empty name drops the tag.
fn written_as(name: &'static str) -> &'static str {
    match name {
        "section" | "main" | "address" | "form" | "fieldset" | "dialog" | "body" => "div",
        "legend" => "p",
        "menu" | "dir" => "ul",
        "listing" | "xmp" => "pre",
        // The validator does not allow `bdo`, whose purpose is its `dir`.
        "bdo" => "span",
        "a" | "abbr" | "acronym" | "article" | "aside" | "b" | "bdi" | "blockquote" | "br" | "caption" | "center"
        | "cite" | "code" | "col" | "colgroup" | "data" | "dd" | "del" | "details" | "dfn" | "div" | "dl" | "dt"
        | "em" | "figcaption" | "figure" | "footer" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup"
        | "hr" | "i" | "ins" | "kbd" | "li" | "mark" | "nav" | "ol" | "p" | "picture" | "pre" | "q" | "rp" | "rt"
        | "ruby" | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "summary" | "sup" | "table"
        | "tbody" | "td" | "tfoot" | "th" | "thead" | "time" | "tr" | "tt" | "u" | "ul" | "var" | "wbr" => name,
        _ => "",
    }
}

impl Rewrite<'_> {
    /// Writes text and keeps its character references. `<` and `&` that are not markup are escaped; this
    /// also avoids html5ever's slow path for a lone `&`.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        if self.interrupted && !text.trim().is_empty() {
            self.resume();
            rest = text.trim_start();
        }
        while let Some(at) = rest.find(['<', '&']).filter(|_| self.out.len() <= self.longest) {
            self.out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let number = |rest: &str| rest.trim_start_matches(['x', 'X']).starts_with(|c: char| c.is_ascii_hexdigit());
            let refers =
                after.starts_with(|c: char| c.is_ascii_alphabetic()) || after.strip_prefix('#').is_some_and(number);
            self.out.push_str(match rest.as_bytes()[at] {
                b'<' => "&lt;",
                _ if refers => "&",
                _ => "&amp;",
            });
            rest = after;
        }
        self.out.push_str(rest);
    }

    pub(super) fn end(&mut self, name: &'static str) {
        self.shown.leave(name);
        self.interrupted &= !closes_paragraph(name);
        if name == "pre" {
            self.language = None;
        }
        if name == "a" && self.inner_links > 0 {
            self.inner_links -= 1;
            return;
        }
        let name = written_as(name);
        if !name.is_empty() && !is_void(name) {
            self.open.end(name, &mut self.out);
        }
    }

    fn start(&mut self, tag: &StartTag, tokens: &mut Tokens) {
        match tag.name {
            "img" => self.image(tag),
            "source" => self.source(tag),
            "video" | "audio" => {
                let inner = match Tokens::position(tokens) {
                    at if at < self.sourceless_until => "",
                    _ => tokens.until_end(tag.name).unwrap_or_default(),
                };
                if self.player(tag, inner) {
                    tokens.skip_to_end(tag.name);
                } else {
                    // Its content is shown in its place.
                    self.sourceless_until = self.sourceless_until.max(Tokens::position(tokens) + inner.len());
                }
            }
            "object" if Tokens::position(tokens) < self.own_content_until => {}
            "object" => {
                let inner = tokens.until_end("object").unwrap_or_default();
                if let Some(end) = own_content(inner) {
                    self.own_content_until = Tokens::position(tokens) + end;
                } else {
                    tokens.skip_to_end("object");
                    self.embed(tag, inner);
                }
            }
            "iframe" | "lite-youtube" | "lite-vimeo" => {
                let inner = tokens.skip_to_end(tag.name).unwrap_or_default();
                self.embed(tag, inner);
            }
            "embed" => self.embed(tag, ""),
            "script" => self.script(tag),
            // Only images and words without their context would be left of these.
            "svg" | "template" | "select" | "datalist" | "annotation" | "title" | "noembed" | "noframes" => {
                tokens.skip_to_end(tag.name);
            }
            "noscript" => {
                let image = |inner: &str| inner.as_bytes().windows(4).any(|tag| tag.eq_ignore_ascii_case(b"<img"));
                if tokens.until_end("noscript").is_none_or(image) {
                    self.shown.enter(tag);
                } else {
                    tokens.skip_to_end("noscript");
                }
            }
            "xmp" | "textarea" => {
                let text = tokens.skip_to_end(tag.name).unwrap_or_default();
                self.element("pre", tag);
                self.out.push_str(&if tag.name == "xmp" { escape(text) } else { text.replace('<', "&lt;") });
                self.end("pre");
            }
            "input" if tag.raw("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) => {
                self.out.push(if tag.raw("checked").is_some() { '☑' } else { '☐' });
            }
            // In `<a href="…">https://…</a>`, Markdown turns the bare URL into a second link.
            "a" if self.out.len() == self.link_opened && self.open.contains("a") => {
                self.inner_links += 1;
            }
            _ => {
                self.shown.enter(tag);
                self.element(written_as(tag.name), tag);
            }
        }
    }

    pub(super) fn element(&mut self, name: &'static str, tag: &StartTag) {
        if name.is_empty() {
            // HTML ignores a line break directly after `<pre>`; here a tag that was left out separated
            // them.
            if self.out.ends_with("<pre>") {
                self.out.push('\n');
            }
            return;
        }
        if self.interrupted {
            match name {
                "br" => return,
                _ if closes_paragraph(name) => self.interrupted = false,
                _ => self.resume(),
            }
        }
        if !self.open.start(name, &mut self.out) {
            return;
        }
        self.out.push('<');
        self.out.push_str(name);
        self.attributes(tag);
        if name == "a" {
            self.address("href", tag.value("href").as_deref(), Reference::Link);
        }
        self.address("cite", tag.value("cite").as_deref(), Reference::Link);
        self.out.push('>');
        if name == "a" && tag.raw("href").is_some() {
            self.link_opened = self.out.len();
        }
    }

    /// Begins the rest of a paragraph that was interrupted.
    pub(super) fn resume(&mut self) {
        self.interrupted = false;
        if self.open.start("p", &mut self.out) {
            self.out.push_str("<p>");
        }
    }

    pub(super) fn absolute(&self, kind: Reference, reference: &str) -> Option<String> {
        // Browsers remove line breaks and tabs from a URL (URL standard, section 4.4).
        let reference: String = reference.trim().chars().filter(|c| !c.is_control()).collect();
        if matches!(&*reference, "" | "#") {
            return None;
        }
        self.resolve.url(kind, &reference)
    }
}
