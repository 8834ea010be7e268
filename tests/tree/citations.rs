//! Citations of documents: which there are in a file, and which lead nowhere.

use std::collections::{BTreeMap, BTreeSet};

/// The anchors of every document, by its path below the root.
pub type Documents = BTreeMap<String, BTreeSet<String>>;

/// Documents that may be cited only by their path, and notes that became
/// documents.
const BARE: [&str; 9] = [
    "wire.md",
    "validity.md",
    "validators.md",
    "generators.md",
    "dependencies.md",
    "real-articles.md",
    "crates.md",
    "dialects.md",
    "PRODUCT.md",
];

/// What in a text is a citation: paths below `docs/` that end in `.md`, with
/// their anchors. Code may name files of that kind; there only comments count.
fn cited(path: &str, text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || "/._#-".contains(c);
    let mut found = Vec::new();
    for line in text.lines() {
        let line = if path.ends_with(".rs") { line.split_once("//").map_or("", |(_, comment)| comment) } else { line };
        let words = line.split(|c: char| !is_path(c)).map(|word| word.trim_end_matches(['.', '-']));
        found.extend(words.filter(|word| word.starts_with("docs/") && word.contains(".md")).map(str::to_owned));
    }
    found
}

/// Targets of links in Markdown that do not lead to another host, as paths
/// below the root.
fn linked(path: &str, text: &str) -> Vec<String> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    // Without inline code, which may show links.
    let prose: String = text.lines().flat_map(|line| line.split('`').step_by(2).chain(["\n"])).collect();
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let own = targets.filter(|target| !target.contains(':') && !target.contains(char::is_whitespace));
    own.map(|target| if target.starts_with('#') { format!("{path}{target}") } else { below(directory, target) })
        .collect()
}

/// A relative link, resolved against the directory of its file.
fn below(directory: &str, target: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Citations and links of one file that lead to no file or to no heading, and
/// those without a path.
pub fn unresolved(path: &str, text: &str, documents: &Documents, is_file: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let links = if path.ends_with(".md") { linked(path, text) } else { Vec::new() };
    for cited in cited(path, text).into_iter().chain(links) {
        let (file, anchor) = cited.split_once('#').map_or((&cited[..], None), |(file, anchor)| (file, Some(anchor)));
        match (documents.get(file), anchor) {
            (None, _) if !is_file(file) => wrong.push(format!("there is no {file}")),
            (Some(anchors), Some(anchor)) if !anchors.contains(anchor) => {
                wrong.push(format!("{file} has no #{anchor}"))
            }
            _ => {}
        }
    }
    // Documents may name their neighbours.
    if !path.starts_with("docs/") {
        let words = text.split(|c: char| !(c.is_alphanumeric() || "/._-".contains(c)));
        let bare = words.filter(|word| BARE.contains(word) || word.contains("shared/reference"));
        wrong.extend(bare.map(|word| format!("{word} is cited without its path below docs/")));
    }
    wrong
}
