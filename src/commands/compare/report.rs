//! The reports of `compare`: for people, for scripts and for GitHub Actions.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::check::github::data;
use super::difference::{Difference, Why};
use super::parse::ParsedEntry;
use crate::text::{printable, printable_json, push};

/// The most lines of one kind that are shown for one feed.
const SHOWN: usize = 20;

pub(super) fn json(difference: &Difference) -> String {
    printed(&value(difference))
}

pub(super) fn feeds_json(found: &[(String, Difference)]) -> String {
    let feeds: Map<String, Value> = found.iter().map(|(path, difference)| (path.clone(), value(difference))).collect();
    printed(&json!({ "feeds": feeds }))
}

fn printed(value: &Value) -> String {
    printable_json(&format!("{value:#}\n")).into_owned()
}

fn value(difference: &Difference) -> Value {
    let feed: Map<String, Value> =
        difference.feed.iter().map(|(field, values)| ((*field).to_owned(), json!(values))).collect();
    json!({
        "unread": difference.unread.iter().map(|(entry, _)| &*entry.id).collect::<Vec<_>>(),
        "changed": difference
            .changed
            .iter()
            .map(|(entry, fields)| json!({"id": entry.id, "fields": fields}))
            .collect::<Vec<_>>(),
        "removed": difference.removed.iter().map(|entry| &*entry.id).collect::<Vec<_>>(),
        "feed": feed,
    })
}

/// Feeds with equal differences, for example the formats of one feed, are shown together.
pub(super) fn text(found: &[(String, Difference)]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (path, difference) in found {
        let lines = lines(difference);
        match groups.iter_mut().find(|(other, _)| *other == lines) {
            Some((_, paths)) => paths.push(path),
            None => groups.push((lines, vec![path])),
        }
    }
    let mut report = String::new();
    for (lines, paths) in &groups {
        let more = paths.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let paths: Vec<_> = paths.iter().take(SHOWN).map(|path| printable(path)).collect();
        push!(report, "{}{more}\n{lines}\n", paths.join(" "));
    }
    report + &total(found) + "\n"
}

fn lines(difference: &Difference) -> String {
    let mut lines = String::new();
    let mut add = |kind: &str, mut all: &mut dyn Iterator<Item = String>| {
        for line in (&mut all).take(SHOWN) {
            push!(lines, "  {kind:<8} {}\n", printable(&line));
        }
        match all.count() {
            0 => {}
            more => push!(lines, "  {kind:<8} … and {more} more; `--format json` lists all\n"),
        }
    };
    add(
        "unread",
        &mut difference.unread.iter().map(|(entry, why)| format!("{} ({})", shown(entry), reason(entry, why))),
    );
    add(
        "changed",
        &mut difference.changed.iter().map(|(entry, fields)| format!("{}: {}", shown(entry), fields.join(", "))),
    );
    add("removed", &mut difference.removed.iter().map(shown));
    add(
        "feed",
        &mut difference.feed.iter().map(|(field, [old, new])| {
            let [old, new] = [old, new].map(|value| value.as_deref().unwrap_or("none"));
            format!("{field}: {old} → {new}")
        }),
    );
    lines
}

fn shown(entry: &ParsedEntry) -> String {
    let date = entry.date.map_or_else(|| " ".repeat(10), |date| date.format("%Y-%m-%d").to_string());
    format!("{date}  {}", if entry.title.is_empty() { &entry.id } else { &entry.title })
}

fn reason(entry: &ParsedEntry, why: &Why) -> String {
    match why {
        Why::Id(old) => format!("its id was {old} and is {}", entry.id),
        Why::New => "new: newer than everything in the old feed".to_owned(),
        Why::Old => "older than everything in the old feed, which was shorter".to_owned(),
        Why::Between => "not in the old feed".to_owned(),
    }
}

fn total(found: &[(String, Difference)]) -> String {
    let ids = |new: bool| -> BTreeSet<&str> {
        let unread = found.iter().flat_map(|(_, difference)| &difference.unread);
        unread.filter(|(_, why)| !new || *why == Why::New).map(|(entry, _)| &*entry.id).collect()
    };
    let (unread, new) = (ids(false).len(), ids(true).len());
    let new = match new {
        0 => String::new(),
        new if new == unread => " (new)".to_owned(),
        new => format!(" ({new} of them new)"),
    };
    let unread = if unread == 1 { "1 article becomes".to_owned() } else { format!("{unread} articles become") };
    let feeds = if found.len() == 1 { "1 feed changes".to_owned() } else { format!("{} feeds change", found.len()) };
    format!("{unread} unread{new}, {feeds}")
}

pub(super) fn github(found: &[(String, Difference)]) -> String {
    let (mut report, mut seen) = (String::new(), BTreeSet::new());
    for (path, difference) in found {
        for (entry, why) in difference.unread.iter().filter(|(entry, _)| seen.insert(&*entry.id)) {
            let title = if entry.title.is_empty() { &entry.id } else { &entry.title };
            push!(report, "::error title=unread::{}\n", data(&format!("{path}: {title} ({})", reason(entry, why))));
        }
    }
    let paths: Vec<&str> = found.iter().map(|(path, _)| &**path).collect();
    push!(report, "::notice title=compare::{}\n", data(&format!("{}\n{}", total(found), paths.join("\n"))));
    report
}
