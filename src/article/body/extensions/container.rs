//! Recognises containers, `:::tip Title` to `:::`, as in Docusaurus, `VuePress` and Pandoc, and directives without
//! content, `::name[label]{key=value}`, as in Astro.

use super::super::html::escape;

/// Returns the title of a line that opens or closes a container, as HTML; empty if it has no title.
pub(crate) fn title(text: &str) -> Option<String> {
    let rest = text.strip_prefix(":::")?.trim_start_matches(':').trim();
    if rest.is_empty() {
        return Some(String::new());
    }
    let rest =
        rest.strip_prefix('{').and_then(|attributes| attributes.split_once('}')).map_or(rest, |(_, behind)| behind);
    let name = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(rest.len());
    let title = rest[name..].trim();
    // Docusaurus: `:::tip[Title]{.class}`.
    let title = match title.strip_prefix('[').and_then(|title| title.rsplit_once(']')) {
        Some((title, _)) => title,
        None => title.split_once('{').map_or(title, |(title, _)| title).trim(),
    };
    Some(escape(title))
}

/// Returns the label of a line that is a directive without content; empty if it has only attributes. A name alone is
/// more often that of something else, such as `::before`.
pub(crate) fn leaf(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("::").filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if !rest.starts_with(['[', '{']) {
        return None;
    }
    let (label, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    (rest.is_empty() || (rest.starts_with('{') && rest.ends_with('}'))).then_some(label)
}
