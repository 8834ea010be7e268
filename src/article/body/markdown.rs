//! Markdown to HTML, as the generators read it.
//!
//! It knows the dialect: `CommonMark` with GitHub's tables, strikethrough, task lists, bare addresses, alerts and footnotes, emphasis beside CJK letters.
//! It deliberately does not judge raw HTML: that passes through, and whoever shows the result must sanitise it.

use std::borrow::Cow;

use comrak::{Arena, Options, nodes::NodeValue};

use super::cost;

/// More notes than that are no notes.
const MOST_NOTES: usize = 1000;

fn options(body: &str) -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.autolink = true;
    // Each mention of a note is a link back from it: text that is nothing but
    // notes comes out fifteen times as long.
    extension.footnotes = body.matches("[^").count() <= MOST_NOTES;
    extension.table = true;
    extension.strikethrough = true;
    extension.tasklist = true;
    extension.alerts = true;
    extension.cjk_friendly_emphasis = true;
    // Kramdown's and Hugo's; elsewhere nobody begins a line so.
    extension.description_lists = ["\n: ", "\n:\t", "\n : "].iter().any(|item| body.contains(item));
    // Headings get ids only where a table of contents may ask for them.
    extension.header_id_prefix = body.contains("(#").then(String::new);
    options.render.r#unsafe = true;
    options
}

/// Markdown without front matter and shortcodes, as unsafe HTML. What costs too much to parse is HTML as it is, in
/// lines: its marks are shown, and its elements, which may hide something, are elements still.
pub fn to_html(body: &str) -> String {
    if cost::is_excessive(body) {
        return format!("<pre>\n{body}\n</pre>");
    }
    let _permit = cost::permit(cost::of_markdown(body));
    let body = shallow(body);
    comrak::markdown_to_html(&body, &options(&body))
}

/// Quotes nested beyond sense cost quadratic time: longer runs of `>` are cut.
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

/// First and last line (from 1) of each code block; none are known of a body that costs too much to parse.
pub fn code_block_lines(body: &str) -> Vec<(usize, usize)> {
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
