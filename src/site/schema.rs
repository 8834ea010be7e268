//! Tests that the JSON Schemas for editors agree with the parser: they must have the same keys at every path, and the
//! same words where only certain words are valid.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::definition::Definition;
use super::{RawSite, SiteInputs};
use crate::syntax::date::Zones;

const SITE: &str = include_str!("../../schema/site.json");
const DEFINITION: &str = include_str!("../../schema/definition.json");

type Parse = fn(&str) -> Result<(), String>;

fn site(text: &str) -> Result<(), String> {
    let message =
        |problem: crate::diagnostic::Problem| format!("{problem} {}", problem.help.as_deref().unwrap_or_default());
    let written = RawSite::parse("site.yaml", text).map_err(message)?;
    written
        .check(SiteInputs::new(crate::generator::plain::PLAIN))
        .map(drop)
        .map_err(|problems| problems.into_iter().map(message).collect())
}

fn definition(text: &str) -> Result<(), String> {
    let message =
        |problem: crate::diagnostic::Problem| format!("{problem} {}", problem.help.as_deref().unwrap_or_default());
    Definition::parse("x.yaml", "x", text, &Zones::default()).map(drop).map_err(message)
}

/// Returns the valid keys or words that the parser lists in its message about an unknown one.
fn known(complaint: &str) -> BTreeSet<String> {
    let list = complaint.split_once("known here: ").or_else(|| complaint.split_once("expected one of "));
    let list = list.or_else(|| complaint.split_once("expected ")).map_or("", |(_, list)| list);
    let words = list.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| !word.is_empty() && *word != "or").map(str::to_owned).collect()
}

/// Collects the keys of every object in a schema and the words of every `enum`, by path.
fn places(
    schema: &Value,
    path: &str,
    keys: &mut BTreeMap<String, BTreeSet<String>>,
    words: &mut BTreeMap<String, BTreeSet<String>>,
) {
    if let Some(properties) = schema["properties"].as_object() {
        keys.insert(path.to_owned(), properties.keys().cloned().collect());
        for (key, schema) in properties {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            places(schema, &path, keys, words);
        }
    }
    for (schema, path) in [(schema, path.to_owned()), (&schema["items"], format!("{path}[]"))] {
        if let Some(list) = schema["enum"].as_array() {
            words.insert(path, list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        }
    }
}

/// Returns YAML with a value at a path; the path of an element of a list ends in `[]`.
fn at(path: &str, value: &str) -> String {
    let (path, value) = match path.strip_suffix("[]") {
        Some(path) => (path, format!("[{value}]")),
        None => (path, value.to_owned()),
    };
    let depth = path.split('.').filter(|key| !key.is_empty()).count();
    let keys = path.split('.').filter(|key| !key.is_empty());
    let open = keys.fold(String::new(), |open, key| open + "{" + key + ": ");
    format!("{open}{value}{}\n", "}".repeat(depth))
}

/// Asserts that the parser accepts exactly the keys and words of a schema.
fn agree(schema: &str, parse: Parse) {
    const STRANGE: &str = "qqqqqqqqqqqqqqqqqqqqqqqqq";
    let schema: Value = serde_json::from_str(schema).unwrap();
    let (mut keys, mut words) = (BTreeMap::new(), BTreeMap::new());
    places(&schema, "", &mut keys, &mut words);
    assert!(keys.len() > 1 && words.len() > 2, "{keys:?} {words:?}");
    for (path, keys) in keys {
        let complaint = parse(&at(&path, &format!("{{{STRANGE}: 1}}"))).unwrap_err();
        assert_eq!(known(&complaint), keys, "at `{path}`: {complaint}");
    }
    for (path, words) in words {
        for word in &words {
            parse(&at(&path, word)).unwrap_or_else(|error| panic!("{path}: {word}: {error}"));
        }
        let complaint = parse(&at(&path, STRANGE)).unwrap_err();
        let known = known(&complaint);
        assert!(words.is_subset(&known) || known.is_empty(), "at `{path}`: {words:?}, but {complaint}");
    }
}

#[test]
fn the_schema_of_site_yaml_has_the_keys_and_words_of_the_parser() {
    agree(SITE, site);
}

#[test]
fn the_schema_of_definitions_has_the_keys_and_words_of_the_parser() {
    agree(DEFINITION, definition);
}
