//! Recognises what themes put around a text for use on their own pages: line numbers, anchors beside headings, buttons
//! that copy, forms, and links to edit the page.
//!
//! Each rule requires besides a class that the element has no words of its own, so that no text of an author is lost.

use super::super::html::StartTag;
use super::tree::{Fate, Node, NodeHandle};

/// Classes of line numbers: Hexo's and Rouge's gutter, Chroma's `lnt` and `ln`, Pygments, Prism, highlight.js, GitHub.
const LINE_NUMBERS: [&str; 14] = [
    "gutter",
    "rouge-gutter",
    "gl",
    "ln",
    "lnt",
    "lineno",
    "linenos",
    "linenodiv",
    "linenumber",
    "line-number",
    "line-numbers",
    "line-numbers-rows",
    "hljs-ln-numbers",
    "blob-num",
];

/// Classes of links beside a heading that lead to it.
const ANCHORS: [&str; 13] = [
    "headerlink",
    "header-anchor",
    "header-link",
    "heading-anchor",
    "heading-link",
    "headline-anchor",
    "hash-link",
    "hanchor",
    "anchor",
    "anchor-link",
    "anchorjs-link",
    "td-heading-self-link",
    "zola-anchor",
];

/// Classes of links that lead to the source of the page.
const EDITS: [&str; 12] = [
    "edit-this-page",
    "theme-edit-this-page",
    "edit-page",
    "edit-page-link",
    "edit-link",
    "edit-post",
    "edit-post-link",
    "post-edit-link",
    "page-edit",
    "edit-on-github",
    "edit-github",
    "mw-editsection",
];

/// Words of a link that leads to the source of the page, in lower case.
const EDIT_WORDS: [&str; 16] = [
    "edit",
    "improve",
    "suggest",
    "fix",
    "bearbeiten",
    "modifier",
    "éditer",
    "editar",
    "modifica",
    "bewerk",
    "править",
    "редактировать",
    "编辑",
    "編輯",
    "編集",
    "편집",
];

/// What a button that copies says, in lower case.
const COPY_WORDS: [&str; 9] =
    ["copy", "copied", "copy code", "copy to clipboard", "复制", "复制代码", "複製", "コピー", "복사"];

/// More characters than the words of any furniture but a form have.
const MOST_WORDS: usize = 60;

/// Where a tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Heading,
    Text,
}

pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Returns whether a tag may begin an element of furniture, so that a parser should look.
pub(super) fn may_be(tag: &StartTag, within: Within) -> bool {
    let has = |name: &str, part: &str| tag.raw(name).is_some_and(|value| value.contains(part));
    matches!(tag.name, "form" | "button")
        || (within == Within::Heading && (has("aria-hidden", "true") || tag.name == "a" && has("href", "#")))
        || (tag.name == "a" && has("href", "/edit/"))
        || tag.raw("class").is_some_and(|class| {
            let is_known = |word: &str| {
                [LINE_NUMBERS.as_slice(), &ANCHORS, &EDITS].into_iter().any(|words| words.contains(&word))
                    || is_copy(word)
            };
            class.split_ascii_whitespace().any(is_known)
        })
}

/// Returns whether a class is that of a button which copies.
fn is_copy(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    class.contains("clipboard") || class.contains("copy") && !class.contains("copyright")
}

pub(super) fn fate(node: &Node) -> Fate {
    match node.name() {
        "" => return Fate::Kept,
        "form" if is_aside(node) => return Fate::Removed,
        "table" if !code_cells(node).is_empty() => return Fate::Cells,
        _ => {}
    }
    let is_removed = is_line_number(node) || is_copy_button(node) || is_edit(node) || only_edits(node);
    match is_anchor(node) {
        true if !id(node).is_empty() => Fate::Id,
        false if !is_removed => Fate::Kept,
        _ => Fate::Removed,
    }
}

/// Returns the id of an element, or the name of an old-fashioned anchor.
pub(super) fn id(node: &Node) -> String {
    let id = node.value("id");
    if id.is_empty() { node.value("name") } else { id }
}

fn has_class(node: &Node, wanted: impl Fn(&str) -> bool) -> bool {
    node.value("class").split_ascii_whitespace().any(wanted)
}

/// Returns the text if it is no longer than words of furniture.
fn words(node: &Node) -> Option<String> {
    let text = node.text_without(&[]);
    (text.chars().nth(MOST_WORDS).is_none()).then(|| text.trim().to_lowercase())
}

/// Returns whether text has no letters and no digits; signs and spaces of zero width do not count.
fn is_sign(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

fn is_line_number(node: &Node) -> bool {
    let in_code = || node.around(|node| matches!(node.name(), "pre" | "code" | "table" | "figure")).is_some();
    let numbers = |node: &Node| !node.text_without(&[]).contains(|c: char| !c.is_ascii_digit() && !c.is_whitespace());
    let is_named = |node: &Node| has_class(node, |word| LINE_NUMBERS.contains(&word));
    // Chroma marks the cells of both columns alike.
    let holds = || has_class(node, |word| word == "lntd") && node.elements().iter().any(|inner| is_named(inner));
    (is_named(node) || holds()) && in_code() && numbers(node)
}

/// Returns the cells beside the line numbers of a table that shows code; none of any other table.
pub(super) fn code_cells(table: &Node) -> Vec<NodeHandle> {
    let mut inner = table.elements();
    let rows = inner.iter().filter(|node| node.name() == "tr").count();
    if rows != 1 {
        return Vec::new();
    }
    inner.retain(|node| matches!(node.name(), "td" | "th"));
    let all = inner.len();
    inner.retain(|cell| !is_line_number(cell));
    if inner.len() < all { inner } else { Vec::new() }
}

fn is_anchor(node: &Node) -> bool {
    let named = has_class(node, |word| ANCHORS.contains(&word));
    let heading = node.around(|node| is_heading(node.name()));
    let shows_image = || node.elements().iter().any(|inner| inner.name() == "img");
    let text = node.text_without(&[]);
    let leads_here = || node.value("href").contains('#');
    if node.name() == "a" && is_sign(&text) && !shows_image() && (named || heading.is_some() && leads_here()) {
        return true;
    }
    // Words such as "Permalink to this heading" are beside those of the heading.
    let is_beside = |heading: &NodeHandle| {
        heading.text_without(&[]).chars().filter(|c| c.is_alphanumeric()).count()
            > text.chars().filter(|c| c.is_alphanumeric()).count()
    };
    heading.is_some_and(|heading| {
        (node.value("aria-hidden") == "true" || named && node.name() == "a") && is_beside(&heading)
    })
}

fn is_copy_button(node: &Node) -> bool {
    let is_button = node.name() == "button" || node.value("role") == "button";
    let named = has_class(node, is_copy);
    let of_button = |word: &str| is_copy(word) && ["btn", "button", "clipboard"].iter().any(|part| word.contains(part));
    let says = |text: &str| COPY_WORDS.contains(&text.trim().to_lowercase().as_str());
    let Some(words) = words(node) else {
        return false;
    };
    let labels = || [node.value("aria-label"), node.value("title")];
    node.name() == "clipboard-copy"
        || has_class(node, of_button)
        || (is_button && (named || says(&words) || labels().iter().any(|label| says(label))))
        || (named && says(&words))
}

/// Returns whether a form is beside the text. Some platforms put the whole text into one.
fn is_aside(form: &Node) -> bool {
    let own = form.text_without(&["label", "legend", "button", "select", "textarea"]);
    let whole = form.around(|node| node.around(|_| true).is_none());
    whole.is_none_or(|whole| own.trim().len() * 2 <= whole.text_without(&[]).trim().len())
}

fn is_edit(node: &Node) -> bool {
    let leads = || node.name() == "a" && node.value("href").contains("/edit/");
    let says = |words: &String| EDIT_WORDS.iter().any(|word| words.contains(word));
    (has_class(node, |word| EDITS.contains(&word)) && words(node).is_some())
        || (leads() && words(node).is_some_and(|words| says(&words)))
}

/// Returns whether nothing but links to the source is in a block.
fn only_edits(node: &Node) -> bool {
    if !matches!(node.name(), "p" | "li" | "div" | "footer") || words(node).is_none() {
        return false;
    }
    let children = node.children();
    let mut shown = children.iter().filter(|child| !child.name().is_empty() || !is_sign(&child.text_without(&[])));
    shown.clone().next().is_some() && shown.all(|child| is_edit(child))
}
