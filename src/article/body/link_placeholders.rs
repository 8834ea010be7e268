//! Removes the words in braces that say how a generator should copy the target of a link: `{static}/images/a.png`,
//! `{attach}a.pdf`, `{filename}b.md`, also written with vertical bars. The rest is an ordinary reference.

use std::borrow::Cow;

const WORDS: [&str; 3] = ["static", "attach", "filename"];

/// Returns the rest of a destination in Markdown behind such a word.
pub(crate) fn target(destination: &str) -> &str {
    let behind = |(open, close)| {
        let inner = destination.strip_prefix(open)?;
        WORDS.iter().find_map(|word| inner.strip_prefix(word)?.strip_prefix(close))
    };
    [('{', '}'), ('|', '|')].into_iter().find_map(behind).unwrap_or(destination)
}

/// Returns HTML without these words at the beginning of attributes.
pub(super) fn removed(html: Cow<'_, str>) -> Cow<'_, str> {
    let mut html = html;
    for word in WORDS {
        if !html.contains(word) {
            continue;
        }
        for (open, close) in [("{", "}"), ("%7B", "%7D"), ("|", "|"), ("%7C", "%7C")] {
            let written = format!("=\"{open}{word}{close}");
            if html.contains(&written) {
                html = html.replace(&written, "=\"").into();
            }
        }
    }
    html
}
