//! The body of an article as its author wrote it, and what can be learnt from it before anybody renders it.
//!
//! It knows Markdown and HTML as sources: images, the `more` mark, the first heading.
//! It deliberately does not know where the article lives: references stay as written, nothing is sanitised.

pub(crate) mod code;
pub(crate) mod html;
pub(crate) mod image;
pub(crate) mod markdown;
pub(crate) mod shortcode;

pub use image::{BodyImage, images};

use html::{Token, Tokens};

/// How a body is marked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Markup {
    /// Markdown, with HTML in it.
    Markdown,
    /// HTML alone.
    Html,
}

/// Elements that can hold a whole article.
const WRAPPERS: [&str; 9] = ["div", "section", "article", "main", "html", "body", "table", "center", "figure"];

/// The markup of a body in a file with this extension.
///
/// A `.md` whose body is one block element from its first tag to its last is HTML:
/// aggregators write such files, and Markdown would end the HTML at each blank line.
pub fn markup(extension: &str, body: &str) -> Markup {
    let is = |known: &str| extension.trim_start_matches('.').eq_ignore_ascii_case(known);
    if is("html") || is("htm") || is("xhtml") {
        return Markup::Html;
    }
    let body = body.trim_start_matches('\u{FEFF}').trim();
    if body.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
        return Markup::Html;
    }
    if !body.starts_with('<') || !body.ends_with('>') {
        return Markup::Markdown;
    }
    let mut tokens = Tokens::new(body);
    let Some(Token::Start(tag)) = tokens.next() else {
        return Markup::Markdown;
    };
    if !WRAPPERS.contains(&tag.name) {
        return Markup::Markdown;
    }
    let mut depth = 1_usize;
    while let Some(token) = tokens.next() {
        match token {
            Token::Start(inner) if inner.name == tag.name => depth += 1,
            Token::End(name) if name == tag.name => {
                depth -= 1;
                if depth == 0 {
                    // Anything behind it, and it is a Markdown file that begins with a box.
                    return if tokens.next().is_none() { Markup::Html } else { Markup::Markdown };
                }
            }
            _ => {}
        }
    }
    Markup::Markdown
}

/// The part before `<!-- more -->`, in any case and with any blanks, if there is such a mark outside code.
pub fn before_more(body: &str) -> Option<&str> {
    let mut code = None;
    let mut from = 0;
    while let Some(next) = body[from..].find("<!--") {
        let at = from + next;
        from = at + 4;
        let word = body[from..].trim_start();
        let Some(mark) = word.get(..4).filter(|word| word.eq_ignore_ascii_case("more")) else {
            continue;
        };
        if !word[mark.len()..].trim_start().starts_with("-->") {
            continue;
        }
        // Few bodies have a candidate, so only now is it worth knowing where code stands.
        let code = code.get_or_insert_with(|| code::ranges(body, markup("md", body)));
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

/// The text of the first level-one heading, for articles without a title.
pub fn first_heading(body: &str, markup: Markup) -> Option<String> {
    let rendered;
    let html = match markup {
        Markup::Html => body,
        Markup::Markdown => {
            rendered = markdown::to_html(&shortcode::replace(body, markup));
            &rendered
        }
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
