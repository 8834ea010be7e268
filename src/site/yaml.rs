//! Parses the YAML files of feedmill, site.yaml and definitions, and turns the errors of serde into messages with line,
//! column and a suggestion.

use serde::de::{DeserializeOwned, IgnoredAny};

use crate::diagnostic::{Code, Position, Problem};
use crate::syntax::yaml_error::{self, YamlMistake};
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
    // Syntax first: of a list that is not closed, the parser would say that it is no text.
    if let Err(error) = serde_yaml::from_str::<IgnoredAny>(text) {
        let YamlMistake { message, help, place } = yaml_error::explain(text, &error);
        return Err(Problem::new(file, code, message).at(at(place)).help(help));
    }
    if let Some((key, place)) = locate::repeated_key(text) {
        let problem = Problem::new(file, code, format!("the key `{key}` is given twice"));
        return Err(problem.at(at(place)).help("keep one of the two"));
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
    problem.at(error.location().map_or(Position::START, |location| at((location.line(), location.column()))))
}

/// Replaces serde's message about a wrong type, such as `limit: invalid type: string "x", expected usize`, and the terms
/// of Rust in other messages.
fn in_words(message: &str) -> String {
    let message = message.replace('\n', " ");
    let wrong = ["invalid type: ", "invalid value: "].iter().find_map(|start| message.split_once(start));
    if let Some((path, (found, expected))) =
        wrong.and_then(|(path, rest)| Some((path, rest.rsplit_once(", expected ")?)))
    {
        return format!("{path}expected {}, found {}", wanted(expected), given(found));
    }
    message.replace("unknown variant", "unknown value")
}

/// What a key expects, in terms of YAML.
fn wanted(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "a boolean" => "true or false",
        "a string" => "text",
        "a sequence" => "a list",
        "a map" => "keys and values",
        _ if expected.starts_with("struct ") => "keys and values",
        _ => expected,
    }
}

/// What was written instead, in terms of YAML.
fn given(found: &str) -> &str {
    match found {
        "unit value" => "nothing",
        "sequence" => "a list",
        "map" => "keys and values",
        _ => {
            let kinds = ["integer ", "floating point ", "boolean ", "string "];
            kinds.iter().find_map(|kind| found.strip_prefix(kind)).unwrap_or(found)
        }
    }
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
    found.map_or(Position::START, at)
}

fn at((line, column): (usize, usize)) -> Position {
    Position { line: number(line), column: number(column) }
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
        assert_eq!(problem.to_string(), "x:2:8: limit: expected a whole number, found \"many\"");
        for (text, words) in [
            ("title: [a]\n", "title: expected text, found a list"),
            ("limit: -1\n", "limit: expected a whole number, found `-1`"),
            ("limit: 1.5\n", "limit: expected a whole number, found `1.5`"),
            ("- a\n", "expected keys and values, found a list"),
            ("a\n", "expected keys and values, found \"a\""),
            ("title: a\ntitle: b\n", "the key `title` is given twice"),
            ("title: [a\nlimit: 1\n", "the bracket `[` that opens here is not closed"),
        ] {
            let problem = parse::<Small>("x", text, Code::Site).unwrap_err();
            assert_eq!(problem.message, words, "{text}");
        }
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
