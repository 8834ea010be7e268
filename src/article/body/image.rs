//! Finds the images of a body that a browser with scripts would finally load.
//!
//! It handles the lazy loading of themes (sources in `data-*`, copies in `<noscript>`, placeholders) and
//! `<picture>`. References stay as written.

use std::collections::HashSet;

use super::super::media_names;
use super::{
    ParsedBody,
    candidates::{CandidateSize, SourceCandidate, candidates, middle},
    html::{StartTag, Token, Tokens, decode},
};

/// Maximum number of images of one body, because the library stores each with every file that it may mean.
const MOST: usize = 1_000;

/// An image in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyImage {
    /// The reference as written, with character references decoded.
    pub src: Box<str>,
    /// The alternative text; empty if there is none.
    pub(crate) alt: Box<str>,
    /// Width in pixels.
    pub(crate) width: Option<u32>,
    /// Height in pixels.
    pub(crate) height: Option<u32>,
}

/// Returns whether an image is a line or a point, which is not meant to be seen.
pub(crate) fn is_pixel(width: Option<u32>, height: Option<u32>) -> bool {
    width == Some(1) || height == Some(1)
}

/// Returns the images of a body, in order and without placeholders and tracking pixels, and its other
/// references to possible local files: link targets, posters, other sizes of images.
pub fn references(body: &ParsedBody<'_>) -> (Vec<BodyImage>, Vec<Box<str>>) {
    // Two of three articles have no image, so they are not parsed.
    if !may_hold_image(body.text()) && !may_hold_file(body.text()) {
        return (Vec::new(), Vec::new());
    }
    let mut shown = SeenImages::default();
    let (mut found, mut files) = (Vec::new(), Vec::new());
    for token in Tokens::new(body.html()) {
        match token {
            Token::Start(tag) => {
                shown.enter(&tag);
                add_files(&tag, &mut files);
                if let Some(src) = shown.image(&tag) {
                    let (width, height) = size(&tag);
                    found.push(BodyImage {
                        src: src.into(),
                        alt: tag.value("alt").unwrap_or_default().into(),
                        width,
                        height,
                    });
                }
            }
            Token::End(name) => shown.leave(name),
            Token::Text(_) | Token::Raw(_) => {}
        }
    }
    (found, files)
}

/// Adds the references of a tag other than its image.
fn add_files(tag: &StartTag, files: &mut Vec<Box<str>>) {
    const ATTRIBUTES: [&str; 7] = ["href", "poster", "data", "data-src", "data-lazy-src", "cite", "src"];
    let mut add = |reference: &str| {
        // As browsers do (URL standard, section 4.4).
        let reference: String = reference.trim().chars().filter(|c| !c.is_control()).collect();
        let reference = reference.as_str();
        if (is_relative(reference) || names_media(reference))
            && files.len() < MOST
            && !files.iter().any(|known| **known == *reference)
        {
            files.push(reference.into());
        }
    };
    for name in ATTRIBUTES.into_iter().filter(|name| *name != "src" || tag.name != "img") {
        if let Some(value) = tag.value(name) {
            add(&value);
        }
    }
    for name in ["data-srcset", "data-lazy-srcset", "srcset"] {
        if let Some(value) = tag.value(name) {
            for candidate in candidates(&value) {
                add(candidate.src);
            }
        }
    }
}

/// Returns whether a reference may lead to a file of this site: it has no scheme and no host, and is more
/// than a fragment.
pub(crate) fn is_relative(reference: &str) -> bool {
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let has_scheme = reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(in_scheme)
    });
    !(reference.is_empty() || reference.starts_with(['#', '?']) || reference.starts_with("//") || has_scheme)
}

/// Returns whether a URL leads to a media file by its extension. It may be one of the site itself.
fn names_media(reference: &str) -> bool {
    let is_web = |reference: &str| ["http://", "https://", "//"].iter().any(|start| reference.starts_with(start));
    is_web(reference) && media_names::of_path(reference.split(['?', '#']).next().unwrap_or_default()).is_some()
}

/// Returns whether a link or an attribute may have a relative target.
fn may_hold_file(body: &str) -> bool {
    ["](", "]:", "href", "src", "poster", "data"].iter().any(|mark| {
        body.match_indices(mark).any(|(at, _)| {
            let target = body[at + mark.len()..].trim_start_matches([' ', '=', '"', '\'', '<']);
            !["http://", "https://", "mailto:", "#"].iter().any(|start| target.starts_with(start))
        })
    })
}

fn may_hold_image(body: &str) -> bool {
    let is_image =
        |at: usize| body.as_bytes().get(at + 1..at + 4).is_some_and(|name| name.eq_ignore_ascii_case(b"img"));
    ["![", "{%", "{{"].iter().any(|opening| body.contains(opening))
        || body.match_indices('<').any(|(at, _)| is_image(at))
}

/// The images found so far, so that a lazy image and its copy in `<noscript>` count once.
#[derive(Default)]
pub(crate) struct SeenImages {
    noscript: bool,
    /// The source chosen from the `<source>` elements of the open `<picture>`.
    picture: Option<String>,
    plain: HashSet<String>,
    copies: HashSet<String>,
    count: usize,
}

impl SeenImages {
    /// Records a start tag that influences the following images.
    pub(crate) fn enter(&mut self, tag: &StartTag) {
        match tag.name {
            "noscript" => self.noscript = true,
            "picture" => self.picture = None,
            "source" if self.picture.is_none() => {
                self.picture = ["srcset", "data-srcset"]
                    .into_iter()
                    .filter_map(|name| one_of(&tag.value(name)?))
                    .find(|src| !is_blank(src));
            }
            _ => {}
        }
    }

    pub(crate) fn leave(&mut self, name: &str) {
        match name {
            "noscript" => self.noscript = false,
            "picture" => self.picture = None,
            _ => {}
        }
    }

    /// Returns the source of an `<img>` to show here; `None` for anything else.
    pub(crate) fn image(&mut self, tag: &StartTag) -> Option<String> {
        if tag.name != "img" || self.count == MOST {
            return None;
        }
        let (src, lazy) = match source(tag) {
            Some(found) => found,
            None => (self.picture.clone()?, true),
        };
        let mojibake = if self.noscript { self.plain.contains(&src) } else { lazy && self.copies.contains(&src) };
        if mojibake {
            return None;
        }
        self.count += 1;
        let seen = if self.noscript { &mut self.copies } else { &mut self.plain };
        seen.insert(src.clone());
        Some(src)
    }
}

/// Attributes in which themes, plug-ins and platforms keep the real source, most common first.
const LAZY: [&str; 34] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-actualsrc",
    "data-echo",
    "data-lazy",
    "data-lazyload",
    "data-lazyload-src",
    "data-lazy-load",
    "data-original-src",
    "data-orig-src",
    "data-orig-file",
    "data-large-file",
    "data-full-url",
    "data-hi-res-src",
    "data-croporisrc",
    "data-cfsrc",
    "data-ll-src",
    "data-sf-src",
    "data-delayed-url",
    "data-defer-src",
    "data-raw-src",
    "data-backsrc",
    "data-layzr",
    "data-url",
    "data-image",
    "data-img",
    "data-srcset",
    "data-lazy-srcset",
    "lazy-src",
    "original",
    "zoomfile",
    "file",
    "srcset",
];

/// Returns the real source of an `<img>`, and whether it was found in another attribute than `src`.
fn source(tag: &StartTag) -> Option<(String, bool)> {
    if is_point(tag) {
        return None;
    }
    let plain = tag.value("src").filter(|src| !is_blank(src));
    if let Some(src) = plain.as_ref().filter(|src| !is_stand_in(src) && !waits(tag)) {
        return Some((src.to_string(), false));
    }
    let lazy = LAZY.into_iter().find_map(|name| {
        let value = tag.value(name)?;
        let src = if name.ends_with("srcset") { one_of(&value)? } else { value.into_owned() };
        // `data-url="true"` and the sizes of a chart are not sources.
        (!is_blank(&src) && src.contains(['/', '.'])).then_some(src)
    });
    match (lazy, plain) {
        (Some(src), _) => Some((src, true)),
        // Named like a placeholder, but there is no other source, so it may be the image itself.
        (None, Some(src)) => Some((src.into_owned(), false)),
        (None, None) => None,
    }
}

/// Returns the image that a tag without another source contains in its URL. Images of one point are placeholders.
pub(crate) fn embedded(tag: &StartTag) -> Option<String> {
    const POINTS: [&str; 3] = ["R0lGODlhAQABA", "R0lGODdhAQABA", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"];
    const TYPES: [&str; 8] = ["png", "jpeg", "jpg", "gif", "webp", "avif", "bmp", "svg+xml"];
    if tag.name != "img" || is_point(tag) || source(tag).is_some() {
        return None;
    }
    let src = tag.value("src")?;
    let (media_type, data) = src.strip_prefix("data:image/")?.split_once(',')?;
    let is_image = TYPES.contains(&media_type.split(';').next().unwrap_or_default());
    (is_image && data.len() > 32 && !POINTS.iter().any(|point| data.starts_with(point))).then(|| src.into_owned())
}

/// Returns a `srcset` of all sizes in which a tag offers its image, with each URL as returned by `resolve`.
pub(crate) fn sizes(tag: &StartTag, resolve: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let offered = ["data-srcset", "data-lazy-srcset", "srcset"];
    offered.into_iter().find_map(|name| listed(&tag.value(name)?, resolve))
}

fn listed(srcset: &str, resolve: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut found: Vec<(CandidateSize, String)> = Vec::new();
    for SourceCandidate { src, size } in candidates(srcset) {
        let alike = found.first().is_none_or(|(first, _)| first.is_width() == size.is_width());
        // HTML forbids lists that mix both kinds of sizes or repeat a size.
        let new = alike && found.iter().all(|(other, _)| *other != size);
        if new
            && !is_blank(src)
            && let Some(address) = resolve(src)
        {
            // A comma at either end of a URL would be taken for a separator.
            found.push((size, address.replace(',', "%2C")));
        }
    }
    let parts: Vec<String> = found.into_iter().map(|(size, address)| format!("{address} {size}")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns whether a tag waits for a script to load its image, so that `src` is a placeholder whatever its
/// name.
fn waits(tag: &StartTag) -> bool {
    const LOADERS: [&str; 6] = ["lazy", "lozad", "unveil", "b-lazy", "progressive", "post-img-lazyload"];
    let class = tag.raw("class").unwrap_or_default().to_ascii_lowercase();
    LOADERS.iter().any(|loader| class.contains(loader))
}

/// Returns whether an image is at most one pixel in size, as tracking pixels are.
fn is_point(tag: &StartTag) -> bool {
    let side = |name: &str| {
        let attribute = tag.raw(name).map(|value| value.trim().trim_end_matches("px").to_owned());
        let in_style = || {
            let style = style(tag);
            let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
            rules.find(|(property, _)| *property == name).map(|(_, value)| value.trim_end_matches("px").to_owned())
        };
        attribute.or_else(in_style).is_some_and(|value| matches!(&*value, "0" | "1"))
    };
    side("width") && side("height")
}

/// Returns the style of a tag in lower case, without white space.
fn style(tag: &StartTag) -> String {
    let style = tag.raw("style").unwrap_or_default();
    style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the reference to show from a `srcset`. If there is only one, it is used whatever its descriptor.
fn one_of(srcset: &str) -> Option<String> {
    let candidates = candidates(srcset);
    let first = || srcset.split_ascii_whitespace().map(|part| part.trim_matches(',')).find(|part| !part.is_empty());
    middle(&candidates).or_else(first).map(str::to_owned)
}

fn file_name(src: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
}

/// Returns whether a reference can never be an image of the article.
pub(crate) fn is_blank(src: &str) -> bool {
    let scheme = src.get(..5).unwrap_or_default();
    if src.is_empty() || scheme.eq_ignore_ascii_case("data:") || scheme.eq_ignore_ascii_case("about") {
        return true;
    }
    let name = file_name(src);
    let stem = name.split('.').next().unwrap_or_default();
    matches!(stem, "1x1" | "blank" | "spacer" | "pixel" | "transparent" | "clear" | "grey" | "gray")
        && (name.contains(".gif") || stem == "1x1" || name.ends_with("blank.png"))
}

/// Returns whether a reference is probably a placeholder. This counts only if the tag has another source.
fn is_stand_in(src: &str) -> bool {
    const WORDS: [&str; 17] = [
        "1px",
        "dot.",
        "trans.",
        "dummy",
        "lqip",
        "1x1",
        "blank",
        "spacer",
        "placeholder",
        "loading",
        "loader",
        "lazy",
        "transparent",
        "pixel",
        "grey",
        "gray",
        "default",
    ];
    let name = file_name(src);
    WORDS.iter().any(|word| name.contains(word))
}

/// Returns width and height in pixels, from their attributes or from `data-size` ("600,800", "600x800").
fn size(tag: &StartTag) -> (Option<u32>, Option<u32>) {
    let width = tag.raw("width").and_then(pixels);
    let height = tag.raw("height").and_then(pixels);
    if width.is_some() || height.is_some() {
        return (width, height);
    }
    let both = tag.raw("data-size").and_then(|value| {
        let (width, height) = value.split_once([',', 'x', 'X', '*'])?;
        Some((pixels(width)?, pixels(height)?))
    });
    both.unzip()
}

/// Parses a length in pixels: `600` or `600px`, but not a percentage.
pub(crate) fn pixels(written: &str) -> Option<u32> {
    let decoded = decode(written.trim());
    let number = decoded.strip_suffix("px").unwrap_or(&decoded).trim_end();
    number.parse().ok().filter(|pixels| *pixels > 0)
}
