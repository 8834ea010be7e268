//! Expands tags that have content: quotations with their source, folds with their summary, boxes with their
//! title, buttons.

use super::super::super::{Syntax, html::escape};
use super::link::address_in;
use super::{Expansion, Opening, Shortcode, TagLine};

/// Returns what a tag puts around `inner`; `None` if it adds nothing.
pub(crate) fn of<'a>(tag: &Shortcode, inner: &str, line: TagLine, syntax: Syntax) -> Option<Expansion<'a>> {
    let around = |before: &str, behind: &str| Some(Expansion::Around(before.to_owned(), behind.to_owned()));
    // Markdown parses the content of HTML only after a blank line.
    let gap = if syntax == Syntax::Markdown { "\n\n" } else { "" };
    match tag.name {
        "a" | "btn" | "button" | "link" | "cta" => {
            let address = tag.value(&["href", "url", "link", "relref", "to"]).filter(|_| !inner.contains('\n'))?;
            around(&format!("<a href=\"{}\">", escape(address)), "</a>")
        }
        "blockquote" | "quote" | "cq" | "centerquote" | "pullquote" => {
            let source = source(tag).map(|source| format!("<p>{source}</p>\n")).unwrap_or_default();
            match line {
                TagLine::Own => around(&format!("<blockquote>{gap}"), &format!("{gap}{source}</blockquote>{gap}")),
                TagLine::Shared => around("<q>", &format!("</q>{}", source.replace("<p>", " ").replace("</p>\n", ""))),
            }
        }
        _ if FOLDS.contains(&tag.name) => {
            let summary = escape(&summary(tag)?);
            match line {
                TagLine::Own => {
                    around(&format!("<details><summary>{summary}</summary>{gap}"), &format!("{gap}</details>{gap}"))
                }
                TagLine::Shared => around(&format!("<strong>{summary}</strong> "), ""),
            }
        }
        _ => {
            let title = escape(title(tag)?);
            match line {
                TagLine::Own => around(&format!("<p><strong>{title}</strong></p>{gap}"), ""),
                TagLine::Shared => around(&format!("<strong>{title}</strong> "), ""),
            }
        }
    }
}

/// Tags that fold their content.
const FOLDS: [&str; 12] = [
    "details",
    "expand",
    "collapse",
    "accordion",
    "spoiler",
    "fold",
    "folding",
    "hideToggle",
    "hideBlock",
    "hidetoggle",
    "toggle",
    "expandable",
];

/// Returns what a fold shows while it is closed.
fn summary(tag: &Shortcode) -> Option<String> {
    let label = match tag.value(&["summary", "title", "header", "label"]) {
        Some(label) => label.to_owned(),
        None if tag.opening == Opening::GoShortcode => tag.positional().next()?.to_owned(),
        None => {
            let parts = tag.parts();
            // Volantis: a colour, then the summary. Butterfly: the summary, then colours.
            let at = usize::from(tag.name == "folding" && parts.len() > 1);
            parts
                .get(at)?
                .split_once('=')
                .filter(|(key, _)| key.trim().is_ascii())
                .map_or(parts[at], |(_, label)| label.trim())
                .to_owned()
        }
    };
    (!label.is_empty()).then_some(label)
}

/// Returns the title of a box or a tab.
fn title<'a>(tag: &Shortcode<'a>) -> Option<&'a str> {
    let named = || tag.value(&["title", "header", "heading"]);
    match tag.name {
        "notice" | "admonition" | "callout" => {
            named().or_else(|| tag.positional().nth(1).filter(|_| tag.opening == Opening::GoShortcode))
        }
        "tab" | "step" | "panel" => named().or_else(|| tag.value(&["name"])).or_else(|| tag.positional().next()),
        "alert" | "card" | "note" | "hint" | "tip" | "info" | "warning" | "caution" | "danger" | "important"
        | "box" => named(),
        _ => None,
    }
}

/// Returns the source of a quotation as HTML, from `{% blockquote Author, Source https://… Title %}` or
/// from keys.
fn source(tag: &Shortcode) -> Option<String> {
    let (who, address, what) = if tag.arguments.iter().any(|argument| !argument.key.is_empty()) {
        (
            tag.value(&["author", "name", "by"]).unwrap_or_default(),
            tag.value(&["link", "url", "href"]),
            tag.value(&["title", "source", "cite"]),
        )
    } else if matches!(tag.name, "blockquote" | "quote") {
        match tag.text.find("http").and_then(|at| Some((at, address_in(&tag.text[at..])?))) {
            Some((at, address)) => (&tag.text[..at], Some(address), Some(&tag.text[at + address.len()..])),
            None => (tag.text, None, None),
        }
    } else {
        // These may be class names.
        return None;
    };
    let what = what.map(str::trim).filter(|what| !what.is_empty());
    let shown = match (address, what) {
        (Some(address), what) => format!("<a href=\"{}\">{}</a>", escape(address), escape(what.unwrap_or(address))),
        (None, what) => escape(what.unwrap_or_default()),
    };
    let parts = [escape(who.trim().trim_matches('"')), shown];
    let known: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    (!known.is_empty()).then(|| format!("— {}", known.join(", ")))
}
