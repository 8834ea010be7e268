//! The Grafana dashboard in `deploy/` queries only metrics and labels that exist.

use std::collections::{BTreeMap, BTreeSet};

use crate::driver::{Folder, article};

const DASHBOARD: &str = include_str!("../../../deploy/grafana/feedmill.json");

/// The labels of each series in the text format, by the name of the series.
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
fn every_query_uses_metrics_and_labels_that_exist() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let server = folder.serve();
    server.get_with("/rss.xml", &[("Accept-Encoding", "gzip")]).assert_status(200);
    let series = series(&server.admin("GET", "/metrics").ok().text());
    let mut queries = Vec::new();
    texts(&serde_json::from_str(DASHBOARD).unwrap(), "expr", &mut queries);
    assert!(queries.len() > 15, "{queries:?}");
    for query in &queries {
        let words = || query.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let names: Vec<&str> = words().filter(|word| word.starts_with("feedmill_")).collect();
        assert!(!names.is_empty(), "{query}");
        for name in &names {
            assert!(series.contains_key(*name), "unknown metric {name} in {query}");
        }
        // Prometheus adds these two labels.
        let known: BTreeSet<&str> = names.iter().flat_map(|name| &series[*name]).map(String::as_str).collect();
        let grouped = query.split("by (").skip(1).filter_map(|rest| rest.split(')').next());
        let selected = query.split(['{', ',']).filter_map(|part| Some(part.split_once("=\"")?.0));
        for label in grouped.flat_map(|labels| labels.split(", ")).chain(selected) {
            assert!(["job", "instance"].contains(&label) || known.contains(label), "unknown label {label} in {query}");
        }
    }
}
