//! Shows the titles of tabs and timeline entries, which Hexo's themes write in comments: `<!-- tab
//! Title@icon -->`.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::super::html::escape;

/// Returns whether comments inside a tag of this name are titles.
pub(super) fn holds(name: &str) -> bool {
    matches!(name, "tabs" | "subtabs" | "subsubtabs" | "timeline")
}

/// Returns the text with these titles made visible.
pub(super) fn titled(text: &str) -> Cow<'_, str> {
    if !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        let (inside, after) = comment.split_once("-->").unwrap_or((comment, ""));
        shown.push_str(before);
        let trimmed = inside.trim();
        let title = ["tab ", "timeline "].into_iter().find_map(|word| trimmed.strip_prefix(word));
        match title.map(|title| title.split('@').next().unwrap_or_default().trim()).filter(|title| !title.is_empty()) {
            // Writing to a String cannot fail.
            Some(title) => _ = writeln!(shown, "<p><strong>{}</strong></p>", escape(title)),
            None => shown.extend(["<!--", inside, "-->"]),
        }
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}
