//! Recognises what themes put around a text for use on their own pages: line numbers, anchors beside headings, buttons
//! that copy, forms, and links to edit the page.
//!
//! Each rule requires besides a class that the element has no words of its own, so that no text of an author is lost.

use super::super::html::StartTag;
use super::tree::{Fate, Node, NodeHandle, TextSize};

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

/// Those of them that are so short that they count only within code.
const SHORT_LINE_NUMBERS: [&str; 2] = ["ln", "gl"];

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

/// What a link to the source of the page says, in lower case; the name of a place may follow, as in "edit this page on
/// GitHub".
const EDIT_PHRASES: [&str; 34] = [
    "edit",
    "edit me",
    "edit this",
    "edit page",
    "edit this page",
    "edit this post",
    "edit this article",
    "edit this file",
    "edit source",
    "improve this page",
    "improve this article",
    "suggest an edit",
    "suggest edits",
    "suggest a change",
    "suggest changes",
    "fix this page",
    "bearbeiten",
    "seite bearbeiten",
    "diese seite bearbeiten",
    "modifier cette page",
    "éditer cette page",
    "editar esta página",
    "modifica questa pagina",
    "deze pagina bewerken",
    "редактировать эту страницу",
    "редактировать",
    "编辑",
    "编辑此页",
    "编辑此页面",
    "编辑本页",
    "編輯此頁",
    "このページを編集",
    "在 github 上编辑",
    "페이지 편집",
];

/// What an anchor beside a heading says, in lower case.
const ANCHOR_LABELS: [&str; 14] = [
    "permalink",
    "permanent link",
    "direct link",
    "anchor",
    "anchor link",
    "link",
    "link to heading",
    "link to this heading",
    "link to this headline",
    "link to this section",
    "永久链接",
    "永久連結",
    "直接链接",
    "固定链接",
];

/// Those of them that the words of the heading may follow, as in "Permalink to this headline".
const ANCHOR_BEGINNINGS: [&str; 3] = ["permalink to ", "permanent link to ", "direct link to "];

/// The signs of an anchor beside a heading; a variation selector may follow.
const ANCHOR_SIGNS: [char; 6] = ['#', '¶', '§', '🔗', '∞', '\u{FE0F}'];

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
    let text = node.text_up_to(MOST_WORDS)?;
    Some(text.trim().to_lowercase())
}

/// Returns whether text has no letters and no digits; signs and spaces of zero width do not count.
fn is_sign(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

fn is_line_number(node: &Node) -> bool {
    let in_code = |node: &Node| node.around(|node| matches!(node.name(), "pre" | "code")).is_some();
    let may_be = |node: &Node| in_code(node) || node.around(|node| matches!(node.name(), "table" | "figure")).is_some();
    let numbers = |node: &Node| !node.text_without(&[]).contains(|c: char| !c.is_ascii_digit() && !c.is_whitespace());
    let is_named = |node: &Node| {
        has_class(node, |word| LINE_NUMBERS.contains(&word) && !SHORT_LINE_NUMBERS.contains(&word))
            || has_class(node, |word| SHORT_LINE_NUMBERS.contains(&word)) && in_code(node)
    };
    // Chroma marks the cells of both columns alike.
    let holds = || has_class(node, |word| word == "lntd") && node.elements().iter().any(|inner| is_named(inner));
    (is_named(node) || holds()) && may_be(node) && numbers(node)
}

/// Returns the cells beside the line numbers of a table that shows code; none of any other table, and none of a table
/// that has more than these cells or hides a part of them.
pub(super) fn code_cells(table: &Node) -> Vec<NodeHandle> {
    let mut inner = table.elements();
    let rows = inner.iter().filter(|node| node.name() == "tr").count();
    let has_more = |node: &NodeHandle| node.name() == "caption" || node.is_hidden();
    let shows_code = inner.iter().any(|node| matches!(node.name(), "pre" | "code"));
    if rows != 1 || !shows_code || inner.iter().any(has_more) {
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
    if !named && heading.is_none() {
        return false;
    }
    let text = node.text_without(&[]);
    if node.name() != "a" {
        // Words such as "link" are beside those of the heading.
        let is_beside = |heading: NodeHandle| heading.text_size().letters > TextSize::of(&text).letters;
        return node.value("aria-hidden") == "true" && heading.is_some_and(is_beside);
    }
    let leads_here = node.value("href").contains('#');
    if is_sign(&text) {
        let is_known = |c: char| ANCHOR_SIGNS.contains(&c) || c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}');
        return (named || leads_here && text.chars().all(is_known)) && !node.contains(|inner| inner == "img");
    }
    (named || node.value("aria-hidden") == "true") && heading.is_some() && leads_here && labels(&text)
}

/// Returns whether words only say that there is a link.
fn labels(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ANCHOR_LABELS.contains(&&*text) || ANCHOR_BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

fn is_copy_button(node: &Node) -> bool {
    let is_button = node.name() == "button" || node.value("role") == "button";
    let named = has_class(node, is_copy);
    let of_button = |word: &str| {
        let of_button_only = node.name() == "button" && word.contains("clipboard");
        is_copy(word) && (of_button_only || ["btn", "button"].iter().any(|part| word.contains(part)))
    };
    let says = |text: &str| COPY_WORDS.contains(&text.trim().to_lowercase().as_str());
    let Some(words) = words(node) else {
        return false;
    };
    let labels = || [node.value("aria-label"), node.value("title")];
    let is_copy_button = node.name() == "clipboard-copy"
        || has_class(node, of_button)
        || (is_button && (named || says(&words) || labels().iter().any(|label| says(label))))
        || (named && says(&words));
    is_copy_button && !shows_more(node)
}

/// Returns whether an element is or contains more than the words of a button.
fn shows_more(node: &Node) -> bool {
    let is_code = |name: &str| matches!(name, "pre" | "code");
    is_code(node.name())
        || node.contains(|name| is_code(name) || name == "img")
        || node.elements().iter().any(|inner| inner.name() == "a" && inner.value("href").starts_with("http"))
}

/// Returns whether a form is beside the text. Some platforms put the whole text into one.
fn is_aside(form: &Node) -> bool {
    let own = form.text_without(&["label", "legend", "button", "select", "textarea"]);
    let whole = form.around(|node| node.around(|_| true).is_none());
    whole.is_none_or(|whole| own.trim().len() * 2 <= whole.text_size().bytes)
}

fn is_edit(node: &Node) -> bool {
    let leads = || node.name() == "a" && node.value("href").contains("/edit/");
    (has_class(node, |word| EDITS.contains(&word)) && words(node).is_some())
        || (leads() && words(node).is_some_and(|words| says_edit(&words)) && is_alone(node))
}

/// Returns whether words in lower case say nothing but that the page can be edited, and where.
fn says_edit(words: &str) -> bool {
    let words = words.trim_matches(|c: char| !c.is_alphanumeric());
    let whole = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let without_place = [" on ", " in ", " at ", " auf ", " sur "].iter().find_map(|before| {
        let (phrase, place) = whole.rsplit_once(before)?;
        (!place.contains(' ')).then_some(phrase)
    });
    EDIT_PHRASES.contains(&&*whole) || without_place.is_some_and(|phrase| EDIT_PHRASES.contains(&phrase))
}

/// Returns whether no other words are in the block around an element.
fn is_alone(node: &Node) -> bool {
    let is_inline = |name: &str| matches!(name, "a" | "span" | "b" | "strong" | "em" | "i" | "small" | "sub" | "sup");
    let block = node.around(|outer| !is_inline(outer.name()));
    block.is_none_or(|block| block.text_size().letters == node.text_size().letters)
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
