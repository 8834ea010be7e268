//! Finds citations of documents in files, and those that do not resolve.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::tree::{root, sources};
use crate::{in_files, markdown, none};

/// The anchors of every document, by its path below the root.
type Documents = BTreeMap<String, BTreeSet<String>>;

/// Names of documents that must be cited with their path, and former notes that must not be cited.
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

fn is_named(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// The citations in a text: paths below `docs/` that end in `.md`, with their anchors. In Rust only comments
/// count, because code may name such files.
fn cited(path: &str, text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || "/._#-".contains(c);
    let mut found = Vec::new();
    for line in text.lines() {
        let line = if is_named(path, "rs") { line.split_once("//").map_or("", |(_, comment)| comment) } else { line };
        let words = line.split(|c: char| !is_path(c)).map(|word| word.trim_end_matches(['.', '-']));
        found.extend(words.filter(|word| word.starts_with("docs/") && word.contains(".md")).map(str::to_owned));
    }
    found
}

/// Targets of Markdown links within the repository, as paths from the root.
fn linked(path: &str, text: &str) -> Vec<String> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    // Removes inline code, which may contain example links.
    let prose: String = text.lines().flat_map(|line| line.split('`').step_by(2).chain(["\n"])).collect();
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let own = targets.filter(|target| !target.contains(':') && !target.contains(char::is_whitespace));
    own.map(|target| if target.starts_with('#') { format!("{path}{target}") } else { below(directory, target) })
        .collect()
}

/// Resolves a relative link against the directory of its file.
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

/// Citations and links of a file that do not lead to an existing file or heading, and citations without a
/// path.
fn unresolved(path: &str, text: &str, documents: &Documents, is_file: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let links = if is_named(path, "md") { linked(path, text) } else { Vec::new() };
    for cited in cited(path, text).into_iter().chain(links) {
        let (file, anchor) = cited.split_once('#').map_or((&cited[..], None), |(file, anchor)| (file, Some(anchor)));
        wrong.extend(match (documents.get(file), anchor) {
            (None, _) if !is_file(file) => Some(format!("there is no {file}")),
            (Some(anchors), Some(anchor)) if !anchors.contains(anchor) => Some(format!("{file} has no #{anchor}")),
            _ => None,
        });
    }
    // Documents may cite files of the same directory without a path.
    if !path.starts_with("docs/") {
        let words = text.split(|c: char| !(c.is_alphanumeric() || "/._-".contains(c)));
        let bare = words.filter(|word| BARE.contains(word) || word.contains("shared/reference"));
        wrong.extend(bare.map(|word| format!("{word} is cited without its path below docs/")));
    }
    wrong
}

/// The anchors of every document below `docs/`.
fn documents() -> Documents {
    let anchors = |text: &str| markdown::sections(text).into_iter().map(|(anchor, _)| anchor).collect();
    sources(&["docs"], "md").into_iter().map(|(path, text)| (path, anchors(&text))).collect()
}

#[test]
fn citations_resolve() {
    let documents = documents();
    assert!(documents.len() > 5, "{documents:?}");
    let mut files = sources(&["src", "tests", "benches"], "rs");
    for extension in ["md", "py", "mjs", ""] {
        files.extend(sources(&["docs", "tests", "benches", "deploy", ".ci"], extension));
    }
    for name in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "Cargo.toml"] {
        files.push((name.to_owned(), fs::read_to_string(root().join(name)).unwrap()));
    }
    // This file contains invalid examples.
    files.retain(|(path, _)| path != "tests/tree/citations.rs");
    let is_file = |path: &str| root().join(path).exists();
    none(in_files(&files, |path, text| unresolved(path, text, &documents, &is_file)));
}

#[test]
fn a_citation_that_does_not_resolve_is_found() {
    let anchors = markdown::sections("# A\n\n## `It`: works!\n\nText.\n\n```\n# no heading\n```\n## A\n");
    let anchors: BTreeSet<String> = anchors.into_iter().map(|(anchor, _)| anchor).collect();
    assert_eq!(anchors, BTreeSet::from(["a", "it-works", "a-1"].map(String::from)));
    let documents = BTreeMap::from([("docs/d/a.md".to_owned(), anchors)]);
    let seen = |path: &str, text: &str| unresolved(path, text, &documents, &|path| path == "README.md");
    for (path, text) in [
        ("src/a.rs", "/// See (docs/d/a.md#it-works)."),
        ("src/a.rs", "let path = \"docs/none.md\";"),
        ("docs/d/b.md", "[a](a.md#a-1), [b](../../README.md), [c](https://x.example/a.md)"),
        ("docs/d/a.md", "[above](#it-works)"),
    ] {
        assert!(seen(path, text).is_empty(), "{text}");
    }
    for (path, text) in [
        ("src/a.rs", "// docs/d/a.md#it-fails"),
        ("tests/rules", "docs/d/b.md"),
        ("docs/d/b.md", "[a](a.md#b)"),
        ("docs/d/b.md", "[a](../a.md)"),
        ("docs/d/a.md", "[above](#below)"),
        ("src/a.rs", "// (wire.md, 19)"),
        ("tests/a.py", "# see ../shared/reference/wire.md"),
    ] {
        assert_eq!(seen(path, text).len(), 1, "{text}");
    }
}

/// Names of tests in a document, recognised by their shape: at least three lower-case words in backquotes.
fn named_tests(text: &str) -> Vec<&str> {
    let is_name = |word: &&str| {
        word.matches('_').count() > 2 && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).filter(is_name).collect()
}

#[test]
fn invariants_name_tests_that_exist() {
    assert_eq!(
        named_tests("`it_holds_so_far`, `src/a_b_c_d.rs`, `a_b`\n`next_line_of_it`"),
        ["it_holds_so_far", "next_line_of_it"]
    );
    let sources = sources(&["src", "tests"], "rs");
    let exists = |name: &&str| sources.iter().any(|(_, text)| text.contains(&format!("fn {name}(")));
    let architecture = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let named = named_tests(&architecture);
    assert!(named.len() > 20, "only {} tests are named", named.len());
    none(named.into_iter().filter(|name| !exists(name)).map(|name| format!("docs/architecture.md: no test {name}")));
}

/// Paths of modules and functions in a document, for example `library::apply`.
fn named_modules(text: &str) -> Vec<&str> {
    let is_path = |word: &&str| {
        word.contains("::")
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == ':')
    };
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).filter(is_path).collect()
}

#[test]
fn documents_name_modules_that_exist() {
    assert_eq!(named_modules("`a::b_c`, `A::b`, `a::b`\n`a` b::c"), ["a::b_c", "a::b"]);
    let exists = |path: &str| {
        let file = |path: &str| fs::read_to_string(root().join(format!("src/{}.rs", path.replace("::", "/"))));
        let (module, name) = path.rsplit_once("::").unwrap();
        file(path).is_ok() || file(module).is_ok_and(|text| text.contains(&format!("fn {name}(")))
    };
    assert!(exists("library::apply") && exists("publisher::publish") && !exists("publisher::none"));
    for document in ["docs/architecture.md", "docs/glossary.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let missing = named_modules(&text).into_iter().filter(|path| !exists(path));
        none(missing.map(|path| format!("{document}: there is no {path}")));
    }
}

/// Paths of files in a document, for example `tests/tidy.rs`.
fn named_files(text: &str) -> Vec<&str> {
    let words = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let paths = words.filter_map(|word| word.split_whitespace().next());
    // Capitals are placeholders.
    let is_path = |word: &&str| {
        ["src/", "tests/", "benches/", "schema/", "deploy/", ".ci/"].iter().any(|start| word.starts_with(start))
            && !word.contains(|c: char| c.is_uppercase() || c == '…')
    };
    paths.filter(is_path).collect()
}

#[test]
fn documents_name_files_that_exist() {
    let text = "`tests/a.rs`, `tests/run NAME` and `tests/NAME`\n`other/a` src/b";
    assert_eq!(named_files(text), ["tests/a.rs", "tests/run"]);
    // Written by the fuzzer.
    let exists = |path: &&str| root().join(path).exists() || *path == "tests/fuzz/artifacts";
    for (document, text) in sources(&["docs"], "md") {
        let missing = named_files(&text).into_iter().filter(|path| !exists(path));
        none(missing.map(|path| format!("{document}: there is no {path}")));
    }
}
