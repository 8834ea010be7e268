//! The plain form of YAML that most front matter is written in: `key: scalar`
//! lines, and `- item` lines below a key.
//!
//! A parser of all of YAML takes a third of a load's time, so this form is read
//! without one. Knows only what it is sure of: where a character might mean
//! more it gives up, and the parser reads the whole. What is read here the
//! parser reads to the same values, and what the parser refuses is not read
//! here; a property test compares them.

use super::value::{Fields, Value};

/// Longer keys are none to the parser, which looks ahead for so long only.
const LONGEST_KEY: usize = 64;

/// With more digits a number may be too large to be one.
const LONGEST_NUMBER: usize = 30;

/// The fields of a block in the plain form; none where it may be another.
pub(super) fn read(block: &str) -> Option<Fields> {
    if !block.chars().all(is_plain) {
        return None;
    }
    let mut fields: Vec<(String, Value)> = Vec::with_capacity(12);
    // How far the list below the last key is indented, once there is one.
    let mut list_at: Option<usize> = None;
    for line in block.split('\n') {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if content.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(item) = content.strip_prefix("- ") {
            let (_, value) = fields.last_mut()?;
            match (value, list_at) {
                (Value::List(items), Some(at)) if at == indent => items.push(scalar(item)?),
                (value @ Value::Null, None) => {
                    *value = Value::List(vec![scalar(item)?]);
                    list_at = Some(indent);
                }
                _ => return None,
            }
        } else if indent == 0 {
            fields.push(entry(line)?);
            list_at = None;
        } else {
            return None;
        }
    }
    (!fields.is_empty()).then_some(Fields(fields))
}

/// Neither a control nor what YAML takes for a line end, or refuses.
fn is_plain(c: char) -> bool {
    match c {
        '\n' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        c => c >= '\u{a0}',
    }
}

/// `key: scalar`, or `key:` with nothing behind it yet.
fn entry(line: &str) -> Option<(String, Value)> {
    let (key, rest) = line.split_at(line.bytes().position(|byte| byte == b':')?);
    let named = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && key.len() <= LONGEST_KEY
        && !is_word(key);
    let behind = &rest[1..];
    let value = match behind.trim_matches(' ') {
        _ if !named => return None,
        "" => Value::Null,
        value if behind.starts_with(' ') => scalar(value)?,
        _ => return None,
    };
    Some((key.to_owned(), value))
}

/// A scalar on one line, in quotes or not.
fn scalar(text: &str) -> Option<Value> {
    let text = text.trim_matches(' ');
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    match text.bytes().next()? {
        // One quote alone would be both the first and the last.
        b'\'' => {
            let inside: &str = inside('\'')?;
            let quotes = inside.bytes().filter(|&byte| byte == b'\'').count();
            match quotes {
                0 => Some(Value::Text(inside.to_owned())),
                // Two quotes are one; any other is the end of the text.
                _ if inside.matches("''").count() * 2 == quotes => Some(Value::Text(inside.replace("''", "'"))),
                _ => None,
            }
        }
        b'"' => inside('"').filter(|inside| !inside.contains(['"', '\\'])).map(|inside| Value::Text(inside.to_owned())),
        first if first.is_ascii_alphabetic() || !first.is_ascii() => plain(text, word),
        first if first.is_ascii_digit() => plain(text, number),
        _ => None,
    }
}

/// A scalar without quotes, of which `kind` tells what it is.
fn plain(text: &str, kind: fn(&str) -> Option<Value>) -> Option<Value> {
    let bytes = text.as_bytes();
    // A key, or a remark, may begin here.
    let ends = bytes.windows(2).any(|pair| matches!(pair, b": " | b" #")) || bytes.ends_with(b":");
    if ends { None } else { kind(text) }
}

/// What begins with a letter is text, save a few words.
fn word(text: &str) -> Option<Value> {
    match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        text => (!is_word(text)).then(|| Value::Text(text.to_owned())),
    }
}

/// Whether a text, in some case of letters, means something else than itself.
fn is_word(text: &str) -> bool {
    ["true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What begins with a digit is a number, or text if no number could be written
/// so; there are more ways to write numbers than are known here.
fn number(text: &str) -> Option<Value> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text) {
        // A zero in front makes it text.
        let value = if text.len() > 1 && text.starts_with('0') { Value::Text } else { Value::Number };
        return (text.len() <= LONGEST_NUMBER).then(|| value(text.to_owned()));
    }
    let is_day = text.contains('-') && text.split('-').all(digits);
    let foreign = text.bytes().any(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')));
    (is_day || foreign).then(|| Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests;
