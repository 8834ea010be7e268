//! A fast parser for the simple YAML of most front matter: `key: scalar` lines, and `- item` lines below a key.
//!
//! A complete YAML parser takes a third of the load time, so this one reads the simple form without it. It returns
//! `None` at any character that could have another meaning, and the caller runs the complete parser. Both must return
//! the same fields, which a property test checks.

use super::value::{Fields, Value};

/// Maximum length of a key in bytes. The complete parser limits keys too, so longer ones are left to it.
const LONGEST_KEY: usize = 64;

/// Maximum number of digits. A longer number may be out of the complete parser's range.
const LONGEST_NUMBER: usize = 30;

/// Parses a block in the simple form; returns `None` if it may be in another.
pub(super) fn read(block: &str) -> Option<Fields> {
    if !block.chars().all(is_plain) {
        return None;
    }
    let mut fields: Vec<(String, Value)> = Vec::with_capacity(12);
    // The indentation of the list below the last key.
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

/// Whether the character is neither a control character nor one that YAML rejects or treats as a line break.
fn is_plain(c: char) -> bool {
    match c {
        '\n' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        c => c >= '\u{a0}',
    }
}

/// Parses `key: scalar`, or `key:` without a value.
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

/// Parses a scalar on one line, with or without quotes.
fn scalar(text: &str) -> Option<Value> {
    let text = text.trim_matches(' ');
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    match text.bytes().next()? {
        // For a single quote alone, `strip_suffix` fails.
        b'\'' => {
            let inside: &str = inside('\'')?;
            let quotes = inside.bytes().filter(|&byte| byte == b'\'').count();
            match quotes {
                0 => Some(Value::Text(inside.to_owned())),
                // Two quotes are an escaped quote; a single one would end the text.
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

/// Parses a scalar without quotes with the function for its first character.
fn plain(text: &str, kind: fn(&str) -> Option<Value>) -> Option<Value> {
    let bytes = text.as_bytes();
    // A key or a comment may begin here.
    let ends = bytes.windows(2).any(|pair| matches!(pair, b": " | b" #")) || bytes.ends_with(b":");
    if ends { None } else { kind(text) }
}

/// A scalar that begins with a letter is text, except for a few words.
fn word(text: &str) -> Option<Value> {
    match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        text => (!is_word(text)).then(|| Value::Text(text.to_owned())),
    }
}

/// Whether YAML gives this word a meaning of its own in some letter case.
fn is_word(text: &str) -> bool {
    ["true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A scalar that begins with a digit is a number if it has only digits, and text if it cannot be a number in any
/// notation; otherwise `None`.
fn number(text: &str) -> Option<Value> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text) {
        // serde_yaml reads a number with a leading zero as text.
        let value = if text.len() > 1 && text.starts_with('0') { Value::Text } else { Value::Number };
        return (text.len() <= LONGEST_NUMBER).then(|| value(text.to_owned()));
    }
    let is_day = text.contains('-') && text.split('-').all(digits);
    let foreign = text.bytes().any(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')));
    (is_day || foreign).then(|| Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests;
