//! Writes the titles of callouts as text: `> [!note]- Title`, as in Obsidian. Those of GitHub, which have no title and
//! one of five types, remain.
//! <https://help.obsidian.md/callouts>

/// The types that the Markdown parser knows.
const KNOWN: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// Returns the title of a callout, whose first line has this prefix and this text, as Markdown.
pub(crate) fn title(prefix: &str, text: &str) -> Option<String> {
    let (kind, title) = text.strip_prefix("[!").filter(|_| prefix.contains('>'))?.split_once(']')?;
    // Obsidian: `[!note|right]`.
    let kind = kind.split('|').next().unwrap_or_default();
    let is_kind = !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let folded = title.strip_prefix(['-', '+']);
    let title = folded.unwrap_or(title);
    if !is_kind || title.starts_with(['(', '[', ':']) {
        return None;
    }
    let title = title.trim();
    if title.is_empty() && folded.is_none() && KNOWN.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return None;
    }
    if title.is_empty() {
        let (first, rest) = kind.split_at(kind.chars().next().map_or(0, char::len_utf8));
        return Some(format!("**{}{}**", first.to_uppercase(), rest.to_lowercase()));
    }
    Some(if title.contains("**") { title.to_owned() } else { format!("**{title}**") })
}
