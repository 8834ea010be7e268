//! A body's HTML made self-contained: one image once, every address absolute, every embedded thing a link.
//!
//! It knows which elements and attributes a feed reader has a use for, and asks `resolve` for each address.
//! It deliberately does not make anything safe: what it writes still goes through the sanitiser.

use std::collections::HashSet;

use super::{
    Reference,
    balance::{Open, is_void},
};
use crate::article::body::{
    html::{Tag, Token, Tokens, escape},
    image::{Shown, pixels, sizes},
};

/// Ids get this prefix, so that an article cannot take the ids of a reader's page.
pub const ID_PREFIX: &str = "fm-";

/// Attributes passed on as written; the sanitiser knows on which elements they may stand.
const KEPT: [&str; 18] = [
    "align", "alt", "char", "charoff", "colspan", "datetime", "headers", "hreflang", "lang", "rowspan", "scope",
    "size", "span", "start", "summary", "title", "width", "height",
];

type Resolve<'a> = &'a dyn Fn(Reference, &str) -> Option<String>;

pub(super) struct Rewrite<'a> {
    resolve: Resolve<'a>,
    /// Ids in this body; a fragment that names another one means the article's own page.
    ids: HashSet<String>,
    shown: Shown,
    pub(super) open: Open,
    /// How long the output was when the last link had just been opened.
    link_opened: usize,
    /// Links left out because they stood right in another, and not yet closed.
    inner_links: usize,
    pub(super) out: String,
    /// Nothing is written once there are more bytes.
    longest: usize,
}

/// A new piece begins at the first place outside all elements after so many bytes.
const PIECE: usize = 128 << 10;

/// How much of the HTML was rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// As much as may be written; elements are open at its end.
    Start,
}

/// HTML in which every element is closed.
pub struct Rewritten {
    pub html: String,
    pub extent: Extent,
    /// Where all elements are closed, so that what is before and what is behind can be read by themselves.
    breaks: Vec<usize>,
}

impl Rewritten {
    /// The parts that can be read by themselves: nearly always one, without white space around.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.breaks.iter().copied());
        let ends = self.breaks.iter().copied().chain([self.html.len()]);
        starts.zip(ends).map(|(start, end)| {
            let piece = &self.html[start..end];
            let piece = if start == 0 { piece.trim_start() } else { piece };
            if end == self.html.len() { piece.trim_end() } else { piece }
        })
    }
}

/// HTML in which every address is one that `resolve` gave; its start if that is longer than `longest`.
pub fn rewrite(html: &str, resolve: Resolve, longest: usize) -> Rewritten {
    let mut rewrite = Rewrite {
        resolve,
        ids: ids(html),
        shown: Shown::default(),
        open: Open::default(),
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
            return Rewritten { html: rewrite.out, extent: Extent::Start, breaks };
        }
        if length - breaks.last().unwrap_or(&0) > PIECE && rewrite.open.is_empty() && rewrite.out.ends_with('>') {
            breaks.push(length);
        }
    }
    rewrite.open.finish(&mut rewrite.out);
    Rewritten { html: rewrite.out, extent: Extent::Whole, breaks }
}

fn ids(html: &str) -> HashSet<String> {
    if !html.contains('#') {
        return HashSet::new();
    }
    let tags = Tokens::new(html).filter_map(|token| match token {
        Token::Start(tag) => id(&tag),
        _ => None,
    });
    tags.collect()
}

/// The id of an element, or the name of an old-fashioned anchor.
fn id(tag: &Tag) -> Option<String> {
    let named = || (tag.name == "a").then(|| tag.value("name")).flatten();
    tag.value("id").or_else(named).map(std::borrow::Cow::into_owned)
}

/// The element that is written for another one; empty for none.
fn written_as(name: &'static str) -> &'static str {
    match name {
        "section" | "main" | "address" | "form" | "fieldset" | "dialog" | "body" => "div",
        "legend" => "p",
        "menu" | "dir" => "ul",
        "listing" | "xmp" => "pre",
        "a" | "abbr" | "acronym" | "article" | "aside" | "b" | "bdi" | "blockquote" | "br" | "caption" | "center"
        | "cite" | "code" | "col" | "colgroup" | "data" | "dd" | "del" | "details" | "dfn" | "div" | "dl" | "dt"
        | "em" | "figcaption" | "figure" | "footer" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup"
        | "hr" | "i" | "ins" | "kbd" | "li" | "mark" | "nav" | "ol" | "p" | "pre" | "q" | "rp" | "rt" | "ruby"
        | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "summary" | "sup" | "table" | "tbody"
        | "td" | "tfoot" | "th" | "thead" | "time" | "tr" | "tt" | "u" | "ul" | "var" | "wbr" => name,
        _ => "",
    }
}

impl Rewrite<'_> {
    /// References stay; `<` and `&` that mean themselves are escaped, which also spares
    /// html5ever its slow path for a lone `&`.
    fn text(&mut self, text: &str) {
        let mut rest = text;
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
        if name == "a" && self.inner_links > 0 {
            self.inner_links -= 1;
            return;
        }
        let name = written_as(name);
        if !name.is_empty() && !is_void(name) {
            self.open.end(name, &mut self.out);
        }
    }

    fn start(&mut self, tag: &Tag, tokens: &mut Tokens) {
        match tag.name {
            "img" => self.image(tag),
            "video" | "audio" | "object" | "iframe" => {
                let inner = tokens.skip_to_end(tag.name).unwrap_or_default();
                self.media(tag, inner);
            }
            "embed" => self.media(tag, ""),
            // Only pictures and words of these would be left, torn out of their places.
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
            // The link beside a heading that Markdown renderers write for pages.
            "a" if tag.raw("data-heading-content").is_some() => {
                tokens.skip_to_end("a");
            }
            // Markdown links the bare address in `<a href="…">https://…</a>` once more.
            "a" if self.out.len() == self.link_opened && self.open.contains("a") => {
                self.inner_links += 1;
            }
            _ => {
                self.shown.enter(tag);
                self.element(written_as(tag.name), tag);
            }
        }
    }

    fn element(&mut self, name: &'static str, tag: &Tag) {
        if name.is_empty() {
            // HTML drops a line break right after `<pre>`; the tag left out stood between them.
            if self.out.ends_with("<pre>") {
                self.out.push('\n');
            }
            return;
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

    fn attributes(&mut self, tag: &Tag) {
        if let Some(id) = id(tag) {
            self.attribute("id", &escape(&id));
        }
        for (name, value) in tag.attributes() {
            let Some(name) = KEPT.iter().find(|kept| name.eq_ignore_ascii_case(kept)) else {
                continue;
            };
            if tag.name == "img" && matches!(*name, "width" | "height") {
                // "auto", "50vw" and "100%" mean nothing outside their page.
                if let Some(pixels) = pixels(value) {
                    self.attribute(name, &pixels.to_string());
                }
            } else {
                self.attribute(name, &value.replace('"', "&quot;"));
            }
        }
    }

    pub(super) fn attribute(&mut self, name: &str, escaped: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.out.push_str(escaped);
        self.out.push('"');
    }

    /// Writes the attribute if its reference leads anywhere.
    fn address(&mut self, name: &str, reference: Option<&str>, kind: Reference) {
        if let Some(address) = reference.and_then(|reference| self.absolute(kind, reference)) {
            self.attribute(name, &escape(&address));
        }
    }

    pub(super) fn absolute(&self, kind: Reference, reference: &str) -> Option<String> {
        // Browsers drop line breaks and tabs inside an address (URL standard, 4.4).
        let reference: String = reference.trim().chars().filter(|c| !c.is_control()).collect();
        match reference.strip_prefix('#') {
            None if reference.is_empty() => None,
            Some("") => None,
            Some(id) if self.names(id) && !id.starts_with(ID_PREFIX) => {
                (self.resolve)(kind, &format!("#{ID_PREFIX}{id}"))
            }
            None | Some(_) => (self.resolve)(kind, &reference),
        }
    }

    fn names(&self, id: &str) -> bool {
        self.ids.contains(id) || self.ids.contains(&percent_decoded(id))
    }

    fn image(&mut self, tag: &Tag) {
        let Some(src) = self.shown.image(tag) else {
            return;
        };
        let Some(address) = self.absolute(Reference::Image, &src) else {
            return;
        };
        self.out.push_str("<img");
        self.attribute("src", &escape(&address));
        // Whoever shows it chooses (wire.md, 57). The sanitiser does not look at schemes in here.
        let of_the_web = |address: &String| address.starts_with("https://") || address.starts_with("http://");
        if let Some(srcset) = sizes(tag, &|src| self.absolute(Reference::Image, src).filter(of_the_web)) {
            self.attribute("srcset", &escape(&srcset));
            if srcset.ends_with('w') {
                // What HTML asks for beside widths; the author's words mean the author's page.
                self.attribute("sizes", "100vw");
            }
        }
        self.attributes(tag);
        self.picture_ends();
    }

    /// The end of every image: image hosts refuse foreign referrers but allow
    /// none (sinaimg, qpic), and readers need not load what nobody sees.
    pub(super) fn picture_ends(&mut self) {
        self.out.push_str(" referrerpolicy=\"no-referrer\" loading=\"lazy\">");
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
