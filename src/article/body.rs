//! The body of an article as written, and the facts that can be extracted before it is rendered: images,
//! the `more` mark, the first heading, the code.
//!
//! References stay as written, and nothing is sanitised; [`crate::render::content`] does both.

pub(crate) mod admonition;
pub(crate) mod candidates;
pub(crate) mod code;
pub(crate) mod code_caption;
pub(crate) mod cost;
pub(crate) mod emoji;
pub(crate) mod hidden;
pub(crate) mod html;
pub(crate) mod kramdown;
pub(crate) use crate::syntax::Templates;

mod around;
mod autolink;
mod extensions;
mod heading_ids;
pub(crate) mod link_placeholders;
mod formula;
mod parsed;
mod wiki_images;

pub mod image;
pub(crate) mod locked;
pub(crate) mod markdown;
pub(crate) mod math;
pub(crate) mod remark;
pub(crate) mod shortcode;
pub(crate) mod text;

pub(crate) use cost::is_excessive;
pub(crate) use image::BodyImage;
pub use image::references;
pub use parsed::ParsedBody;
pub(crate) use text::BodyText;

use html::{Token, Tokens};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Markup {
    pub(crate) syntax: Syntax,
    /// The template language of its tags.
    pub(crate) templates: Templates,
}

impl Markup {
    /// Markdown with tags of an unknown generator.
    pub const MARKDOWN: Self = Self { syntax: Syntax::Markdown, templates: Templates::Unknown };
    /// HTML with tags of an unknown generator.
    pub const HTML: Self = Self { syntax: Syntax::Html, templates: Templates::Unknown };
    /// HTML that was made from a body, with all tags expanded.
    pub(crate) const MADE: Self = Self { syntax: Syntax::Html, templates: Templates::None };
}

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Markdown, which may contain HTML.
    Markdown,
    /// HTML only.
    Html,
}

/// Elements that may contain a whole article.
const WRAPPERS: [&str; 9] = ["div", "section", "article", "main", "html", "body", "table", "center", "figure"];

/// Detects the language of a body by the extension of its file.
///
/// A `.md` file whose body is a single block element is HTML. Aggregators write such files, and Markdown
/// would end the HTML at every blank line.
pub fn syntax(extension: &str, body: &str) -> Syntax {
    let is = |known: &str| extension.trim_start_matches('.').eq_ignore_ascii_case(known);
    if is("html") || is("htm") || is("xhtml") {
        return Syntax::Html;
    }
    let body = body.trim_start_matches('\u{FEFF}').trim();
    if body.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
        return Syntax::Html;
    }
    if !body.starts_with('<') || !body.ends_with('>') {
        return Syntax::Markdown;
    }
    let mut tokens = Tokens::new(body);
    let Some(Token::Start(tag)) = tokens.next() else {
        return Syntax::Markdown;
    };
    // `<div markdown="1">` contains Markdown.
    if !WRAPPERS.contains(&tag.name) || tag.raw("markdown").is_some() {
        return Syntax::Markdown;
    }
    let mut depth = 1_usize;
    while let Some(token) = tokens.next() {
        match token {
            Token::Start(inner) if inner.name == tag.name => depth += 1,
            Token::End(name) if name == tag.name => {
                depth -= 1;
                if depth == 0 {
                    // With anything after the element, it is a Markdown file that begins with a box.
                    return if tokens.next().is_none() { Syntax::Html } else { Syntax::Markdown };
                }
            }
            _ => {}
        }
    }
    Syntax::Markdown
}

/// Which marks end the excerpt of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoreMark {
    /// `<!-- more -->` and the like.
    Bare,
    /// Also that of `WordPress`: `<!--more Words-->`.
    Worded,
}

/// Returns the part before `<!-- more -->`, or before Docusaurus's `<!-- truncate -->` and `{/* truncate
/// */}`, in any letter case and with any spaces. Returns `None` if there is no such mark outside code.
pub fn before_more<'a>(parsed: &ParsedBody<'a>, form: MoreMark) -> Option<&'a str> {
    let body = parsed.text();
    for (at, opening, closing) in comments(body) {
        let word = body[at + opening.len()..].trim_start();
        let is_mark = |mark: &&str| word.get(..mark.len()).is_some_and(|word| word.eq_ignore_ascii_case(mark));
        let mark = ["more", "truncate"].into_iter().find(is_mark);
        let ends = |mark: &str| word[mark.len()..].trim_start().starts_with(closing);
        let is_worded = || form == MoreMark::Worded && body[at..].starts_with("<!--more ");
        if !mark.is_some_and(ends) && !is_worded() {
            continue;
        }
        // Indented HTML resembles an indented code block of Markdown, but is not code.
        let within = code::containing(parsed.code(), at).map(|range| body[range.clone()].trim_start());
        let shown = |code: &str| {
            let first = code.lines().next().unwrap_or_default();
            code.starts_with(['`', '<']) && !code.starts_with("<!--") || first.contains("```") || first.contains("~~~")
        };
        if !within.is_some_and(shown) {
            return Some(&body[..at]);
        }
    }
    None
}

/// Returns the position of each comment, with the delimiters of its kind.
fn comments(body: &str) -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let mut html = body.match_indices("<!--").map(|(at, _)| (at, "<!--", "-->")).peekable();
    let mut mdx = body.match_indices("{/*").map(|(at, _)| (at, "{/*", "*/}")).peekable();
    std::iter::from_fn(move || {
        let mdx_first = match (html.peek(), mdx.peek()) {
            (Some((html, ..)), Some((mdx, ..))) => mdx < html,
            (html, _) => html.is_none(),
        };
        if mdx_first { mdx.next() } else { html.next() }
    })
}

/// Returns whether a text has words outside comments. A body with only `<!-- more -->` is empty on purpose.
pub(crate) fn has_words(body: &str) -> bool {
    let mut parts = body.split("<!--");
    let first = parts.next().unwrap_or_default();
    let behind = parts.map(|part| part.split_once("-->").map_or("", |(_, behind)| behind));
    std::iter::once(first).chain(behind).any(|part| part.chars().any(char::is_alphanumeric))
}

/// Number of bytes in which the first heading is searched if the body is too expensive to parse.
const BEGINNING: usize = 64 * 1024;

/// Returns the text of the first level-one heading, for articles without a title.
pub fn first_heading(body: &ParsedBody<'_>) -> Option<String> {
    let (text, markup) = (body.text(), body.markup());
    let beginning;
    let html = if markup.syntax == Syntax::Markdown && cost::is_excessive(text) {
        // A body that is too expensive is shown as text, which has no headings, but its beginning may have
        // one.
        beginning = ParsedBody::new(&text[..text.floor_char_boundary(BEGINNING)], markup);
        beginning.html()
    } else {
        body.html()
    };
    let mut heading: Option<String> = None;
    for token in Tokens::new(html) {
        match (token, &mut heading) {
            (Token::Start(tag), None) if tag.name == "h1" => heading = Some(String::new()),
            (Token::Start(tag), Some(text)) if tag.name == "br" => text.push(' '),
            (Token::Text(piece), Some(text)) => text.push_str(&html::decode(piece)),
            (Token::End("h1"), Some(text)) => {
                let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if !folded.is_empty() {
                    return Some(folded);
                }
                heading = None;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
