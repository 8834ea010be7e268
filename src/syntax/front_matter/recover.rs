//! Recovers keys, line by line, from YAML that the parser rejects.
//!
//! 107 of 43,815 real blocks are invalid. They have wrong escapes in quotes that a program wrote, `permalink:value`
//! without a space, quotes within quotes, or a colon in an author's name. Each line that looks like `key: value` or `-
//! item` is parsed separately; the other lines are lost and reported.

use super::fence::key_of;
use super::value::{Fields, Value};

/// Returns the recovered fields, and the indices of the lost lines.
pub(crate) fn recover(block: &str) -> (Fields, Vec<usize>) {
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut lost = Vec::new();
    let lines: Vec<&str> = block.lines().collect();
    let mut next = 0;
    while let Some(&line) = lines.get(next) {
        let number = next;
        next += 1;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(item) = trimmed.strip_prefix("- ").or_else(|| (trimmed == "-").then_some("")) {
            if !add_item(&mut fields, item) {
                lost.push(number);
            }
            continue;
        }
        let Some(key) = key_of(line) else {
            lost.push(number);
            continue;
        };
        let value = after(line, key);
        if matches!(value.trim(), ">" | ">-" | ">+" | "|" | "|-" | "|+") {
            let below = lines[next..].iter().take_while(|line| line.trim().is_empty() || line.starts_with(' '));
            let text: Vec<&str> = below.clone().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
            next += below.count();
            fields.push((key.to_owned(), scalar(&text.join(" "))));
            continue;
        }
        if !is_open(value) {
            let more = continuation(value, &lines[next..]);
            next += more.len();
            let whole = std::iter::once(value.trim()).chain(more).collect::<Vec<_>>().join(" ");
            fields.push((key.to_owned(), scalar_or_list(&whole)));
        } else if let Some((folded, more)) = folded(value, &lines[next..]) {
            fields.push((key.to_owned(), scalar(&folded)));
            next += more;
        } else {
            lost.push(number);
        }
    }
    (Fields(fields), lost)
}

/// Joins a quotation that continues on lines without keys. Also returns the number of these lines.
fn folded(value: &str, below: &[&str]) -> Option<(String, usize)> {
    /// Maximum number of lines in such a quotation.
    const MOST: usize = 20;
    let quote = ['"', '\''].into_iter().find(|&quote| value.trim_start().starts_with(quote))?;
    let mut folded = value.trim().to_owned();
    for (number, line) in below.iter().take(MOST).enumerate() {
        if key_of(line).is_some() {
            return None;
        }
        folded.push(' ');
        folded.push_str(line.trim());
        if line.trim_end().ends_with(quote) {
            return Some((folded, number + 1));
        }
    }
    None
}

/// The indented lines below that continue a text without quotes.
fn continuation<'a>(value: &str, below: &[&'a str]) -> Vec<&'a str> {
    if value.trim().is_empty() || value.trim().starts_with(['"', '\'', '[', '{']) {
        return Vec::new();
    }
    let goes_on = |line: &&&str| {
        let text = line.trim_start();
        let is_item = text == "-" || text.starts_with("- ");
        line.starts_with([' ', '\t'])
            && !text.is_empty()
            && !text.starts_with('#')
            && !is_item
            && key_of(text).is_none()
    };
    below.iter().take_while(goes_on).map(|line| line.trim()).collect()
}

fn after<'a>(line: &'a str, key: &str) -> &'a str {
    line[key.len()..].trim_start().trim_start_matches([':', '：'])
}

/// Whether a value opens a bracket or a quotation and does not close it. It is then unclear which of the following
/// lines belong to it. A value that closes it before the end, as in `[draft] on bees`, is text.
fn is_open(value: &str) -> bool {
    let pairs = [('[', ']'), ('{', '}'), ('"', '"'), ('\'', '\'')];
    pairs.iter().any(|&(open, close)| value.trim().strip_prefix(open).is_some_and(|rest| !rest.contains(close)))
}

fn add_item(fields: &mut [(String, Value)], item: &str) -> bool {
    let Some((_, value)) = fields.last_mut() else {
        return false;
    };
    match value {
        Value::Null => *value = Value::List(vec![scalar(item)]),
        Value::List(list) => list.push(scalar(item)),
        _ => return false,
    }
    true
}

/// Parses `[a, b]` or a single value.
fn scalar_or_list(text: &str) -> Value {
    let text = text.trim();
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inside) => Value::List(inside.split([',', '，']).map(scalar).filter(|value| !value.is_blank()).collect()),
        None => scalar(text),
    }
}

fn scalar(text: &str) -> Value {
    let text = text.trim();
    // Removes all pairs of stacked quotes, as in `"""'x'"""`.
    let mut inside = text;
    while let Some(within) = ['"', '\''].iter().find_map(|&quote| inside.strip_prefix(quote)?.strip_suffix(quote)) {
        inside = within;
    }
    match inside {
        "" if text.is_empty() => Value::Null,
        "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        // `''` is an escaped `'` in single quotes, `\"` an escaped `"` in double quotes.
        _ => Value::Text(inside.replace("''", "'").replace("\\\"", "\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indented_lines_continue_a_text() {
        let (fields, lost) =
            recover("title: ,\n  it's\n\tall\ntags: >-\n  a\n\n  b\nsummary: |\n x\ndate: 2020-01-01\n");
        let text = |key| fields.get(key).and_then(Value::as_text);
        assert_eq!((text("title"), text("tags"), text("summary")), (Some(", it's all"), Some("a b"), Some("x")));
        assert_eq!((text("date"), lost.len()), (Some("2020-01-01"), 0));
        let (fields, lost) = recover("title: &copy; x\n  # y\n  sub: z\ntags: a\n  - b\nauthor: 'x'\n  y\n");
        let text = |key| fields.get(key).and_then(Value::as_text);
        assert_eq!((text("title"), text("sub"), text("tags")), (Some("&copy; x"), None, Some("a")));
        assert_eq!((text("author"), &*lost), (Some("x"), &[2, 4, 6][..]));
    }

    #[test]
    fn title_date_and_categories_survive_broken_lines() {
        let block = "title: \"\"Calibeating\": Beating\"\ndate:2021-01-01\ncategories:\n - a\n - b: c\nauthor: X: Y\n%%%\ntags: [x, 'y']\n";
        let (fields, lost) = recover(block);
        let text = |key| fields.get(key).and_then(Value::as_text);
        assert_eq!(text("title"), Some("\"Calibeating\": Beating"));
        assert_eq!(text("date"), Some("2021-01-01"));
        assert_eq!(text("author"), Some("X: Y"));
        assert_eq!(fields.get("categories").unwrap().elements().len(), 2);
        assert_eq!(fields.get("tags").unwrap().elements()[1].as_text(), Some("y"));
        assert_eq!(lost, [6]);
    }

    #[test]
    fn a_quotation_over_several_lines_is_one_value() {
        let (fields, lost) = recover("title: \"P\\'olya's\n  urn\n\"\ndate: 2020-01-01\nauthor: 'x\ntags: y\n");
        let text = |key| fields.get(key).and_then(Value::as_text);
        assert_eq!(
            (text("title"), text("date"), text("tags")),
            (Some("P\\'olya's urn"), Some("2020-01-01"), Some("y"))
        );
        assert_eq!(lost, [4]);
    }

    #[test]
    fn a_value_with_an_unclosed_bracket_or_quotation_is_lost() {
        let (fields, lost) = recover("title: [unclosed\ndate: \"2021\ntags: {a\nauthor: x\n");
        assert_eq!(fields.0.len(), 1);
        assert_eq!(lost, [0, 1, 2]);
    }

    #[test]
    fn a_bracket_that_closes_before_the_end_of_the_line_is_text() {
        for title in ["[draft] on bees", "\"bees\" and 'ants'", "{% x %} bees", "'bees' at work"] {
            let (fields, lost) = recover(&format!("title: {title}\n"));
            assert_eq!((fields.get("title").and_then(Value::as_text), &*lost), (Some(title), &[][..]));
        }
    }

    #[test]
    fn stacked_quotes_are_removed() {
        let (fields, _) = recover("title: \"\"\"\"'Linus Torvalds'\"\"\"\"\n");
        assert_eq!(fields.get("title").and_then(Value::as_text), Some("Linus Torvalds"));
    }
}
