//! Parses a configuration file in YAML, TOML or JSON.
//!
//! If the YAML as a whole is invalid, each top-level key is parsed separately with the lines indented below it. A
//! template or an unclosed quotation then loses only its own key.

use super::ConfigError;
use crate::diagnostic::Position;
use crate::syntax::data_error::{self, DataMistake};
use crate::syntax::front_matter::{Fields, Value, from_yaml, prepare, too_deep};
use crate::syntax::yaml_error::{self, YamlMistake};

/// Maximum size of a configuration. The largest ones of themes have 60 KB.
const MOST_BYTES: usize = 1024 * 1024;

/// Maximum number of lost parts that are reported.
const MOST_LOST: usize = 100;

/// Returns the fields of the file, and an error for each part that was lost.
pub(crate) fn fields(file_name: &str, text: &str) -> Result<(Fields, Vec<ConfigError>), ConfigError> {
    if text.len() > MOST_BYTES {
        return Err(error(Position::START, "the configuration is larger than 1 MiB"));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "toml" => toml(&text).map(|fields| (fields, Vec::new())),
        "json" => json(&text).map(|fields| (fields, Vec::new())),
        _ => yaml(&text),
    }
}

fn error(position: Position, message: impl Into<String>) -> ConfigError {
    ConfigError { line: position.line, column: position.column, message: message.into() }
}

fn unreadable(text: &str, language: &str, mistake: &DataMistake) -> ConfigError {
    let DataMistake { message, help, offset } = mistake;
    error(Position::at(text, *offset), format!("the {language} cannot be read: {message}; {help}"))
}

fn toml(text: &str) -> Result<Fields, ConfigError> {
    match ::toml::from_str(text) {
        Ok(Value::Map(fields)) => Ok(fields),
        Ok(_) => Ok(Fields::default()),
        Err(reason) => Err(unreadable(text, "TOML", &data_error::of_toml(text, &reason))),
    }
}

fn json(text: &str) -> Result<Fields, ConfigError> {
    match serde_json::from_str(text) {
        Ok(Value::Map(fields)) => Ok(fields),
        Ok(_) => Ok(Fields::default()),
        Err(reason) => Err(unreadable(text, "JSON", &data_error::of_json(text, &reason))),
    }
}

fn yaml(text: &str) -> Result<(Fields, Vec<ConfigError>), ConfigError> {
    let prepared = prepare(text);
    if too_deep(&prepared).is_none()
        && let Ok(fields) = from_yaml(&prepared)
    {
        return Ok((fields.unwrap_or_default(), Vec::new()));
    }
    let mut fields = Vec::new();
    let mut lost = Vec::new();
    for (line, block) in blocks(&prepared) {
        if let Some(offset) = too_deep(block) {
            let position = Position::at(block, offset);
            lost.push(error(shifted(position, line), "the YAML is nested deeper than 32 levels"));
            continue;
        }
        match from_yaml(block) {
            Ok(Some(read)) => fields.extend(read.0),
            Ok(None) => lost.push(error(shifted(Position::START, line), "this is not a key with a value")),
            Err(reason) => {
                let YamlMistake { message, help, place } = yaml_error::explain(block, &reason);
                let position = Position { line: number(place.0), column: number(place.1) };
                let message = format!("the YAML cannot be read: {message}; {help}");
                lost.push(error(shifted(position, line), message));
            }
        }
    }
    match lost.first() {
        Some(reason) if fields.is_empty() => Err(reason.clone()),
        _ => {
            lost.truncate(MOST_LOST);
            Ok((Fields(fields), lost))
        }
    }
}

/// Splits the text into its top-level keys, each with the lines that belong to it and the number of lines above it.
fn blocks(text: &str) -> Vec<(u32, &str)> {
    let mut blocks: Vec<(u32, usize, usize)> = Vec::new();
    let mut end = 0;
    for (number, line) in (0_u32..).zip(text.split_inclusive('\n')) {
        let start = end;
        end += line.len();
        // A list, or a bracket that closes one, may follow its key without indentation.
        let continues = line.trim().is_empty()
            || line.starts_with([' ', '#', ']', '}'])
            || line.starts_with("- ")
            || line.trim_end() == "-";
        if line.starts_with("---") || line.trim_end() == "..." || line.starts_with('%') {
            continue;
        }
        match blocks.last_mut().filter(|(_, _, last)| continues && *last == start) {
            Some((_, _, last)) => *last = end,
            None if continues => {}
            None => blocks.push((number, start, end)),
        }
    }
    blocks.into_iter().map(|(line, start, end)| (line, &text[start..end])).collect()
}

fn shifted(position: Position, lines: u32) -> Position {
    Position { line: position.line.saturating_add(lines), column: position.column }
}

fn number(number: usize) -> u32 {
    u32::try_from(number.max(1)).unwrap_or(u32::MAX)
}
