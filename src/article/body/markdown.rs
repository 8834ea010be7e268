//! Renders Markdown as the generators do: `CommonMark` with GitHub's tables, strikethrough, task lists,
//! autolinks, alerts and footnotes, and with emphasis beside CJK characters.
//!
//! Raw HTML passes through, so the caller must sanitise the result.

use std::borrow::Cow;

use comrak::{Arena, Node, Options, nodes::NodeValue, options::Plugins};

use super::heading_ids::HeadingIds;
use super::{Templates, cost};
use crate::text::push;

#[cfg(test)]
thread_local! {
    /// How many bodies this thread has parsed.
    pub(crate) static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Maximum number of bytes that are shown of a body that is too expensive to parse.
const LONGEST_TEXT: usize = 300_000;

/// With more references to footnotes than this, footnotes are disabled.
const MOST_NOTES: usize = 1000;

fn options(body: &str) -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.autolink = true;
    // Every reference to a footnote gets a backlink, so a text that consists of references would become
    // fifteen times as long.
    extension.footnotes = body.matches("[^").count() <= MOST_NOTES;
    extension.table = true;
    extension.strikethrough = true;
    extension.tasklist = true;
    extension.alerts = true;
    extension.cjk_friendly_emphasis = true;
    // An extension of Kramdown and Hugo; with other generators, lines do not begin like this.
    extension.description_lists = ["\n: ", "\n:\t", "\n : "].iter().any(|item| body.contains(item));
    options.render.r#unsafe = true;
    options
}

/// Converts Markdown without front matter and shortcodes to unsafe HTML. A body that is too expensive to
/// parse is treated as preformatted HTML: its marks are shown, and its elements, which may hide something,
/// remain elements.
///
/// Also returns the first and last line (from 1) of each code block.
pub(crate) fn parse(body: &str, templates: Templates) -> (String, Vec<(usize, usize)>) {
    let mut html = String::new();
    let blocks = parsed(body, |root, options| {
        // Writing to a String cannot fail.
        let headings = HeadingIds::new(templates);
        let mut plugins = Plugins::default();
        plugins.render.heading_adapter = Some(&headings);
        let _ = comrak::format_html_with_plugins(root, options, &mut html, &plugins);
        code_blocks(root)
    });
    match blocks {
        Some(blocks) => (html, blocks),
        None => (format!("<pre>\n{}\n</pre>", &body[..body.floor_char_boundary(LONGEST_TEXT)]), Vec::new()),
    }
}

/// Converts the Markdown of a title or a caption to unsafe HTML without a paragraph.
pub(crate) fn inline(text: &str) -> String {
    // A heading contains no blocks. The last sign would otherwise be lost if the text ends with one.
    let (html, _) = parse(&format!("# {} #", one_line(text)), Templates::None);
    let html = html.trim();
    let inside = html.strip_prefix("<h1").and_then(|html| html.split_once('>')?.1.strip_suffix("</h1>"));
    inside.unwrap_or(html).to_owned()
}

/// Joins the lines of a text, with an element where Markdown has a line break.
fn one_line(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.trim().lines() {
        let kept = line.trim();
        match kept.strip_suffix('\\').filter(|kept| !kept.ends_with('\\')) {
            Some(kept) => push!(joined, "{kept}<br> "),
            None if line.ends_with("  ") => push!(joined, "{kept}<br> "),
            None => push!(joined, "{kept} "),
        }
    }
    joined.truncate(joined.trim_end().len());
    joined
}

/// Returns the first and last line (from 1) of each code block; none for a body that is too expensive to
/// parse.
pub(crate) fn code_block_lines(body: &str) -> Vec<(usize, usize)> {
    parsed(body, |root, _| code_blocks(root)).unwrap_or_default()
}

/// Parses a body and applies `then` to its syntax tree; `None` if it is too expensive to parse.
fn parsed<T>(body: &str, then: impl FnOnce(Node<'_>, &Options<'_>) -> T) -> Option<T> {
    if cost::is_excessive(body) {
        return None;
    }
    #[cfg(test)]
    PARSED.set(PARSED.get() + 1);
    let _permit = cost::permit(cost::of_markdown(body));
    let body = shallow(body);
    let (arena, options) = (Arena::new(), options(&body));
    Some(then(comrak::parse_document(&arena, &body, &options), &options))
}

fn code_blocks(root: Node<'_>) -> Vec<(usize, usize)> {
    root.descendants()
        .filter_map(|node| {
            let ast = node.data();
            matches!(ast.value, NodeValue::CodeBlock(_)).then_some((ast.sourcepos.start.line, ast.sourcepos.end.line))
        })
        .collect()
}

/// Shortens long runs of `>`, because deeply nested quotes take quadratic time.
fn shallow(body: &str) -> Cow<'_, str> {
    const DEEPEST: usize = 100;
    let too_deep = ">".repeat(DEEPEST + 1);
    if !body.contains(&too_deep) {
        return Cow::Borrowed(body);
    }
    let mut run = 0;
    let kept = body.chars().filter(|c| {
        run = if *c == '>' { run + 1 } else { 0 };
        run <= DEEPEST
    });
    Cow::Owned(kept.collect())
}
