//! The body of an article as its author wrote it, and what can be learnt from it before anybody renders it.
//!
//! It knows Markdown and HTML as sources: images, the `more` mark, the first heading.
//! It deliberately does not know where the article lives: references stay as written, nothing is sanitised.

pub(crate) mod candidates;
pub(crate) mod code;
pub(crate) mod cost;
pub(crate) mod hidden;
pub(crate) mod html;
mod extensions;

pub(crate) mod image;
pub(crate) mod locked;
pub(crate) mod markdown;
pub(crate) mod shortcode;
mod text;

pub use cost::is_excessive;
pub use image::{BodyImage, references};
pub use text::BodyText;

use std::borrow::Cow;

use html::{Token, Tokens};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Markup {
    /// What it is marked up with.
    pub syntax: Syntax,
    /// Whose tags may stand in it.
    pub templates: Templates,
}

impl Markup {
    /// Markdown of nobody known.
    pub const MARKDOWN: Self = Self { syntax: Syntax::Markdown, templates: Templates::Unknown };
    /// HTML of nobody known.
    pub const HTML: Self = Self { syntax: Syntax::Html, templates: Templates::Unknown };
}

/// What a body is marked up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Markdown, with HTML in it.
    Markdown,
    /// HTML alone.
    Html,
}

/// Who would run the tags in a body, which decides what `{{ x }}` and code mean to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Templates {
    /// Jekyll's, run everywhere, in code too.
    Liquid,
    /// Hexo's, run outside fenced code.
    Nunjucks,
    /// Hugo's shortcodes: `{{ x }}` is text.
    Hugo,
    /// Zola's shortcodes, which are calls.
    Zola,
    /// Somebody's.
    Unknown,
    /// Nobody's: the article says that its tags are text.
    None,
}

/// Elements that can hold a whole article.
const WRAPPERS: [&str; 9] = ["div", "section", "article", "main", "html", "body", "table", "center", "figure"];

/// What a body in a file with this extension is marked up with.
///
/// A `.md` whose body is one block element from its first tag to its last is HTML:
/// aggregators write such files, and Markdown would end the HTML at each blank line.
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
    if !WRAPPERS.contains(&tag.name) {
        return Syntax::Markdown;
    }
    let mut depth = 1_usize;
    while let Some(token) = tokens.next() {
        match token {
            Token::Start(inner) if inner.name == tag.name => depth += 1,
            Token::End(name) if name == tag.name => {
                depth -= 1;
                if depth == 0 {
                    // Anything behind it, and it is a Markdown file that begins with a box.
                    return if tokens.next().is_none() { Syntax::Html } else { Syntax::Markdown };
                }
            }
            _ => {}
        }
    }
    Syntax::Markdown
}

/// The part before `<!-- more -->`, or Docusaurus's `<!-- truncate -->` and `{/* truncate */}`, in any case and with any
/// blanks, if there is such a mark outside code.
pub fn before_more(body: &str) -> Option<&str> {
    let mut code = None;
    for (at, opening, closing) in comments(body) {
        let word = body[at + opening.len()..].trim_start();
        let is_mark = |mark: &&str| word.get(..mark.len()).is_some_and(|word| word.eq_ignore_ascii_case(mark));
        let mark = ["more", "truncate"].into_iter().find(is_mark);
        if !mark.is_some_and(|mark| word[mark.len()..].trim_start().starts_with(closing)) {
            continue;
        }
        // Few bodies have a candidate, so only now is it worth knowing where code stands.
        let code = code.get_or_insert_with(|| code::ranges(body, syntax("md", body)));
        // Indented HTML looks like Markdown's indented code; what only looks so is no code here.
        let within = code::containing(code, at).map(|range| body[range.clone()].trim_start());
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

/// Where comments begin, and how those of their kind begin and end.
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

/// The body as unsafe HTML: tags replaced, idioms of one generator taken out, Markdown made into HTML, hidden elements
/// left out.
pub(crate) fn to_html(body: &str, markup: Markup) -> Cow<'_, str> {
    let written = shortcode::replace(body, markup);
    let html = match markup.syntax {
        Syntax::Html => written,
        Syntax::Markdown => Cow::Owned(markdown::to_html(&extensions::plain(&written))),
    };
    match hidden::visible(&html) {
        Cow::Borrowed(shown) if shown.len() == html.len() => html,
        shown => Cow::Owned(shown.into_owned()),
    }
}

/// Bytes of a body that is too expensive to parse, in which its first heading is looked for.
const BEGINNING: usize = 64 * 1024;

/// The text of the first level-one heading, for articles without a title.
pub fn first_heading(body: &str, markup: Markup) -> Option<String> {
    let html = match markup.syntax {
        Syntax::Html => hidden::visible(body),
        // Such a body is shown as text, which has no headings; its beginning may have one all the same.
        Syntax::Markdown if cost::is_excessive(body) => to_html(&body[..body.floor_char_boundary(BEGINNING)], markup),
        Syntax::Markdown => to_html(body, markup),
    };
    let mut heading: Option<String> = None;
    for token in Tokens::new(&html) {
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
