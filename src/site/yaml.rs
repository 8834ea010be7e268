//! Parses the YAML files of feedmill, site.yaml and definitions, and turns the errors of serde into messages with line,
//! column and a suggestion.

use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Position, Problem};
use crate::syntax::{front_matter, locate};
use crate::text::nearest;

/// Parses a file. An empty file has all defaults; unknown keys and files above 64 KiB are errors.
pub(crate) fn parse<T: DeserializeOwned + Default>(file: &str, text: &str, code: Code) -> Result<T, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > front_matter::MOST_BYTES {
        return Err(Problem::new(file, code, "the file is larger than 64 KiB"));
    }
    if says_nothing(text) {
        return Ok(T::default());
    }
    serde_yaml::from_str::<Option<T>>(text).map(Option::unwrap_or_default).map_err(|error| problem(file, &error, code))
}

/// Returns whether a configuration contains only spaces, comments and the marks between YAML documents. An editor that
/// is saving a file may leave it like this for a moment.
pub(crate) fn says_nothing(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || matches!(line, "---" | "..."))
}

fn problem(file: &str, error: &serde_yaml::Error, code: Code) -> Problem {
    let whole = error.to_string();
    let message = whole.split(" at line ").next().unwrap_or(&whole);
    // serde names the inner path first, as in `feeds: unknown field`.
    let did_you_mean = |nearest: &str| format!("did you mean `{nearest}`?");
    let problem = if let Some((key, known)) = unknown("field", message) {
        let help = nearest(key, known.iter().copied()).map(did_you_mean);
        Problem::new(file, code, format!("unknown key `{key}`"))
            .help(help.unwrap_or_else(|| format!("known here: {}", known.join(", "))))
    } else {
        let problem = Problem::new(file, code, in_words(message));
        match unknown("variant", message).and_then(|(value, known)| nearest(value, known)) {
            Some(nearest) => problem.help(did_you_mean(nearest)),
            None => problem,
        }
    };
    match error.location() {
        Some(location) => problem.at(Position { line: number(location.line()), column: number(location.column()) }),
        None => problem.at(Position::START),
    }
}

/// Replaces the Rust terms in a message of serde with terms of YAML.
fn in_words(message: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("unit value", "nothing"),
        ("unknown variant", "unknown value"),
        ("expected usize", "expected a whole number"),
        ("expected u32", "expected a whole number"),
        ("expected a boolean", "expected true or false"),
        ("expected a string", "expected text"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected keys and values"),
        ("invalid type: sequence", "this is a list"),
        ("invalid type: map", "these are keys and values"),
        ("invalid type: ", "this is "),
        ("did not match any variant of untagged enum", "is none of the forms of"),
    ];
    WORDS.iter().fold(message.replace('\n', " "), |message, (rust, words)| message.replace(rust, words))
}

/// Returns the unknown word and the known ones from serde's message "unknown field `x`, expected one of `a`, `b`", or
/// "unknown variant `x`, expected …".
fn unknown<'a>(what: &str, message: &'a str) -> Option<(&'a str, Vec<&'a str>)> {
    let (_, rest) = message.split_once("unknown ")?;
    let (word, rest) = rest.strip_prefix(what)?.strip_prefix(" `")?.split_once('`')?;
    Some((word, rest.split('`').skip(1).step_by(2).collect()))
}

/// Returns the position of the value at a path of keys in a valid file, or of the innermost value on the way to it.
pub(crate) fn position(text: &str, path: &[&str]) -> Position {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let found = (1..=path.len()).rev().find_map(|length| locate::in_yaml(text, &path[..length]));
    found.map_or(Position::START, |(line, column)| Position { line: number(line), column: number(column) })
}

fn number(number: usize) -> u32 {
    u32::try_from(number.max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Small {
        title: Option<String>,
        limit: Option<u32>,
    }

    #[test]
    fn an_unknown_key_is_reported_with_its_line_and_a_suggestion() {
        let problem = parse::<Small>("feeds/site.yaml", "title: x\ntilte: y\n", Code::Site).unwrap_err();
        assert_eq!(problem.to_string(), "feeds/site.yaml:2:1: unknown key `tilte`");
        assert_eq!(problem.help.as_deref(), Some("did you mean `title`?"));
    }

    #[test]
    fn an_empty_file_has_all_defaults() {
        for text in ["", "# nothing\n\n", "---\n", "title:\n"] {
            let small = parse::<Small>("x", text, Code::Site).unwrap();
            assert_eq!((small.title, small.limit), (None, None), "{text:?}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_is_reported_in_plain_words() {
        let problem = parse::<Small>("x", "title: x\nlimit: many\n", Code::Site).unwrap_err();
        assert_eq!(problem.to_string(), "x:2:8: limit: this is string \"many\", expected a whole number");
    }

    #[test]
    fn the_position_of_an_inner_key_is_found() {
        let text = "\u{feff}title: x\ncache:\n  s_maxage: 1\n  max_age: 0\nredirects: {/a.xml: b}\n";
        for (path, line, column) in [
            (&["cache", "max_age"][..], 4, 12),
            (&["title"], 1, 8),
            (&["redirects", "/a.xml"], 5, 21),
            (&["title", "inner"], 1, 8),
            (&["limit"], 1, 1),
        ] {
            assert_eq!(position(text, path), Position { line, column }, "{path:?}");
        }
    }
}
