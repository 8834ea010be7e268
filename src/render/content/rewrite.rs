//! Makes the HTML of a body self-contained: every image once, every URL absolute, embedded media as links.
//!
//! It writes the elements and attributes that are useful in a feed reader, and passes each reference to
//! `resolve`. The result is not safe yet; [`super::sanitise`] takes care of that.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;

use super::{
    Reference,
    balance::{OpenElements, is_void},
};
use crate::article::body::{
    html::{StartTag, Token, Tokens, escape},
    image::{SeenImages, pixels, sizes},
};

/// Prefix of all ids, so that an article cannot use the ids of a reader's page.
pub(crate) const ID_PREFIX: &str = "fm-";

/// Attributes that are copied as written. The sanitiser checks on which elements they are allowed.
const KEPT: [&str; 18] = [
    "align", "alt", "char", "charoff", "colspan", "datetime", "headers", "hreflang", "lang", "rowspan", "scope",
    "size", "span", "start", "summary", "title", "width", "height",
];

type Resolve<'a> = &'a dyn Fn(Reference, &str) -> Option<String>;

pub(super) struct Rewrite<'a> {
    resolve: Resolve<'a>,
    /// Ids in this body. A fragment with another id refers to the article's own page.
    ids: HashSet<String>,
    shown: SeenImages,
    pub(super) open: OpenElements,
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
        ids: ids(html),
        shown: SeenImages::default(),
        open: OpenElements::default(),
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

/// Returns the id of an element, or the name of an old-fashioned anchor.
fn id(tag: &StartTag) -> Option<String> {
    let named = || (tag.name == "a").then(|| tag.value("name")).flatten();
    tag.value("id").or_else(named).map(std::borrow::Cow::into_owned)
}

/// Returns the name of the element to write for an element of this name; an empty name drops the tag.
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
    /// Writes text and keeps its character references. `<` and `&` that are not markup are escaped; this
    /// also avoids html5ever's slow path for a lone `&`.
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

    fn start(&mut self, tag: &StartTag, tokens: &mut Tokens) {
        match tag.name {
            "img" => self.image(tag),
            "video" | "audio" | "object" | "iframe" => {
                let inner = tokens.skip_to_end(tag.name).unwrap_or_default();
                self.media(tag, inner);
            }
            "embed" => self.media(tag, ""),
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
            // The anchor that Markdown renderers write beside a heading for use on pages.
            "a" if tag.raw("data-heading-content").is_some() => {
                tokens.skip_to_end("a");
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

    fn element(&mut self, name: &'static str, tag: &StartTag) {
        if name.is_empty() {
            // HTML ignores a line break directly after `<pre>`; here a tag that was left out separated
            // them.
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

    fn attributes(&mut self, tag: &StartTag) {
        if let Some(id) = id(tag) {
            self.attribute("id", &escape(&id));
        }
        for (name, value) in tag.attributes() {
            let Some(name) = KEPT.iter().find(|kept| name.eq_ignore_ascii_case(kept)) else {
                continue;
            };
            if tag.name == "img" && matches!(*name, "width" | "height") {
                // "auto", "50vw" and "100%" have no meaning outside their page.
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

    /// Writes the attribute if its reference resolves to a URL.
    fn address(&mut self, name: &str, reference: Option<&str>, kind: Reference) {
        if let Some(address) = reference.and_then(|reference| self.absolute(kind, reference)) {
            self.attribute(name, &escape(&address));
        }
    }

    pub(super) fn absolute(&self, kind: Reference, reference: &str) -> Option<String> {
        // Browsers remove line breaks and tabs from a URL (URL standard, section 4.4).
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
        self.ids.contains(id) || self.ids.contains(&*percent_decode_str(id).decode_utf8_lossy())
    }

    fn image(&mut self, tag: &StartTag) {
        let Some(src) = self.shown.image(tag) else {
            return;
        };
        let Some(address) = self.absolute(Reference::Image, &src) else {
            return;
        };
        self.out.push_str("<img");
        self.attribute("src", &escape(&address));
        // The reader chooses a size. The sanitiser does not check schemes in `srcset`, so do it here.
        // See docs/decisions/wire.md#srcset-has-a-good-src.
        let of_the_web = |address: &String| address.starts_with("https://") || address.starts_with("http://");
        if let Some(srcset) = sizes(tag, &|src| self.absolute(Reference::Image, src).filter(of_the_web)) {
            self.attribute("srcset", &escape(&srcset));
            if srcset.ends_with('w') {
                // HTML requires `sizes` with width descriptors, and the author's value only applies to the
                // author's page.
                self.attribute("sizes", "100vw");
            }
        }
        self.attributes(tag);
        self.picture_ends();
    }

    /// Ends every image. Some image hosts (sinaimg, qpic) reject foreign referrers but allow none, and
    /// readers should not load images that are not visible.
    pub(super) fn picture_ends(&mut self) {
        self.out.push_str(" referrerpolicy=\"no-referrer\" loading=\"lazy\">");
    }
}
