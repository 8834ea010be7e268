//! Renders Markdown as the generators do: `CommonMark` with GitHub's tables, strikethrough, task lists,
//! autolinks, alerts and footnotes, and with emphasis beside CJK characters.
//!
//! Raw HTML passes through, so the caller must sanitise the result.

use std::borrow::Cow;

use comrak::{Arena, Options, nodes::NodeValue};

use super::cost;

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
    // Headings get ids only if the text may contain a table of contents that links to them.
    extension.header_id_prefix = body.contains("(#").then(String::new);
    options.render.r#unsafe = true;
    options
}

/// Converts Markdown without front matter and shortcodes to unsafe HTML. A body that is too expensive to
/// parse is treated as preformatted HTML: its marks are shown, and its elements, which may hide something,
/// remain elements.
pub(crate) fn to_html(body: &str) -> String {
    if cost::is_excessive(body) {
        return format!("<pre>\n{body}\n</pre>");
    }
    let _permit = cost::permit(cost::of_markdown(body));
    let body = shallow(body);
    comrak::markdown_to_html(&body, &options(&body))
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

/// Returns the first and last line (from 1) of each code block; none for a body that is too expensive to
/// parse.
pub(crate) fn code_block_lines(body: &str) -> Vec<(usize, usize)> {
    if cost::is_excessive(body) {
        return Vec::new();
    }
    let _permit = cost::permit(cost::of_markdown(body));
    let body = &shallow(body);
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, body, &options(body));
    root.descendants()
        .filter_map(|node| {
            let ast = node.data();
            matches!(ast.value, NodeValue::CodeBlock(_)).then_some((ast.sourcepos.start.line, ast.sourcepos.end.line))
        })
        .collect()
}
