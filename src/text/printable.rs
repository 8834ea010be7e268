//! Makes text from files and requests safe to print in a terminal, a log or a report.

use std::borrow::Cow;

use super::push;

/// Returns whether a character controls a terminal or a log instead of being displayed: control characters
/// (C0, DEL, C1), the line and paragraph separators, and the controls that reorder the text around them.
fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Replaces each control character, including line breaks, by a visible one: the control picture of C0 and
/// DEL (`␛`), otherwise U+FFFD. The number of characters does not change, so columns stay correct.
/// For example, `a\u{1b}[2J\n.md` becomes `a␛[2J␊.md`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let picture = |c: char| match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(|c| if acts(c) { picture(c) } else { c }).collect())
}

/// Escapes the control characters in JSON that JSON writers leave as they are. These occur in strings only,
/// so the value stays the same.
pub(crate) fn printable_json(json: &str) -> Cow<'_, str> {
    let is_raw = |c: char| acts(c) && !c.is_ascii_whitespace();
    if !json.contains(is_raw) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_raw(c) {
            push!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns all control characters: C0, DEL, C1, separators and the controls of direction.
    fn hostile() -> String {
        let ranges = ['\0'..='\u{1f}', '\u{7f}'..='\u{9f}', '\u{2028}'..='\u{202e}', '\u{2066}'..='\u{2069}'];
        ranges.into_iter().flatten().collect()
    }

    #[test]
    fn no_control_character_is_printed_and_columns_do_not_change() {
        let printed = printable(&hostile()).into_owned();
        assert!(!printed.contains(acts), "{printed:?}");
        assert_eq!(printed.chars().count(), hostile().chars().count());
        assert_eq!(printable("a\u{1b}]0;x\u{7}\u{7f}\u{85}\u{202e}b\tc"), "a␛]0;x␇␡\u{fffd}\u{fffd}b␉c");
        assert!(matches!(printable("图 文 é שלום \u{200f}"), Cow::Borrowed(_)), "ordinary text must not be copied");
    }

    #[test]
    fn json_keeps_its_value_and_contains_no_control_character() {
        let value = serde_json::json!({ "title": hostile(), "one\u{9b}": ["\u{2028}"] });
        let json = printable_json(&format!("{value:#}\n")).into_owned();
        assert!(!json.contains(|c| acts(c) && c != '\n'), "{json:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
        assert!(matches!(printable_json("{\n\t\"a\": 1\r\n}\n"), Cow::Borrowed(_)));
    }
}
