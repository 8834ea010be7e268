//! The dashboard that is shipped for Grafana asks for metrics that exist, by labels that they have.

use std::collections::{BTreeMap, BTreeSet};

use crate::driver::{Folder, article};

const DASHBOARD: &str = include_str!("../../deploy/grafana/feedmill.json");

/// The labels of each series in the text form, by the series' name.
fn series(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
        let labels = found.entry(name.to_owned()).or_default();
        labels.extend(rest.split(['{', ',']).filter_map(|part| Some(part.split_once("=\"")?.0.to_owned())));
    }
    found
}

fn texts(value: &serde_json::Value, key: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, value) in map {
                match value.as_str() {
                    Some(text) if name == key => found.push(text.to_owned()),
                    _ => texts(value, key, found),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, key, found)),
        _ => {}
    }
}

#[test]
fn every_query_names_a_metric_and_labels_that_are_there() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let mill = folder.serve();
    mill.get_with("/rss.xml", &[("Accept-Encoding", "gzip")]).assert_status(200);
    let series = series(&mill.admin("GET", "/metrics").ok().text());
    let mut queries = Vec::new();
    texts(&serde_json::from_str(DASHBOARD).unwrap(), "expr", &mut queries);
    assert!(queries.len() > 15, "{queries:?}");
    for query in &queries {
        let words = || query.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let names: Vec<&str> = words().filter(|word| word.starts_with("feedmill_")).collect();
        assert!(!names.is_empty(), "{query}");
        for name in &names {
            assert!(series.contains_key(*name), "no metric {name}, for {query}");
        }
        // Prometheus adds these two.
        let known: BTreeSet<&str> = names.iter().flat_map(|name| &series[*name]).map(String::as_str).collect();
        let grouped = query.split("by (").skip(1).filter_map(|rest| rest.split(')').next());
        let selected = query.split(['{', ',']).filter_map(|part| Some(part.split_once("=\"")?.0));
        for label in grouped.flat_map(|labels| labels.split(", ")).chain(selected) {
            assert!(["job", "instance"].contains(&label) || known.contains(label), "no label {label}, for {query}");
        }
    }
}
