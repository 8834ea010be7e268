//! Checks that every rule of docs/decisions/wire.md is quoted in `tests/wire/rules`, with tests that exist. Two further
//! tests look at the whole tree: nothing opens outgoing connections, and the manual explains what operators must
//! configure in a CDN.

use std::fs;

use crate::tree::{root, sources};

#[path = "../tree/markdown.rs"]
mod markdown;

/// The names of all test functions.
fn tests(sources: &[(String, String)]) -> Vec<&str> {
    let mut names = Vec::new();
    for (_, text) in sources {
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[") {
                is_test |= line == "#[test]";
            } else if let Some(name) = line.strip_prefix("fn ").filter(|_| is_test) {
                names.push(name.split('(').next().unwrap());
                is_test = false;
            }
        }
    }
    names
}

/// One rule of `tests/wire/rules`: its text, the section that explains it, and its tests.
struct Rule<'a> {
    words: &'a str,
    citation: &'a str,
    tests: Vec<&'a str>,
}

fn rules(text: &str) -> Vec<Rule<'_>> {
    let blocks = text.split("\n\n").filter(|block| !block.starts_with('#'));
    let rule = |block| {
        let mut lines = str::lines(block).map(str::trim);
        let (words, citation) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        Rule { words, citation, tests: lines.collect() }
    };
    blocks.map(rule).collect()
}

/// The rules of a document that must be kept, as citation and text.
fn promised(path: &str, document: &str) -> Vec<(String, String)> {
    let sections = markdown::sections(document).into_iter();
    let rules = sections.map(|(anchor, paragraph)| (format!("{path}#{anchor}"), paragraph.replace("**", "")));
    rules.filter(|(_, words)| ["MUST", "SHOULD"].iter().any(|verb| words.starts_with(verb))).collect()
}

/// The faults of a list of rules that should contain all of `promised`.
fn faults(rules: &[Rule], promised: &[(String, String)], tests: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (citation, words) in promised {
        if rules.iter().filter(|rule| rule.citation == citation && rule.words == words).count() != 1 {
            faults.push(format!("{citation} is not listed exactly once, with the same words"));
        }
    }
    for Rule { words, citation, tests: own } in rules {
        if !promised.iter().any(|(promised, _)| promised == citation) {
            faults.push(format!("{citation} is not a rule"));
        }
        if own.is_empty() {
            faults.push(format!("no test: {words}"));
        }
        let missing = own.iter().filter(|name| !tests.contains(name));
        faults.extend(missing.map(|name| format!("{citation}: there is no test {name}")));
    }
    faults
}

#[test]
fn every_rule_of_the_wire_has_its_test() {
    const DOCUMENT: &str = "docs/decisions/wire.md";
    let sources = sources(&["src", "tests"], "rs");
    let text = fs::read_to_string(root().join("tests/wire/rules")).unwrap();
    let promised = promised(DOCUMENT, &fs::read_to_string(root().join(DOCUMENT)).unwrap());
    assert!(promised.len() > 70, "only {} rules were found", promised.len());
    let faults = faults(&rules(&text), &promised, &tests(&sources));
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_rule_without_its_test_is_found() {
    let document = "# D\n\nText.\n\n## Do it\n\n**MUST** do it.\n\nBecause.\n\n## Later\n\n**Deferred:** do more.\n";
    let promised = promised("d.md", document);
    assert_eq!(promised, [("d.md#do-it".to_owned(), "MUST do it.".to_owned())]);
    let seen = |text| faults(&rules(text), &promised, &["a"]);
    assert_eq!(seen("# a remark\n\nMUST do it.\n    d.md#do-it\n    a\n"), [""; 0]);
    assert_eq!(seen("MUST do it.\n    d.md#do-it\n    a\n    b\n"), ["d.md#do-it: there is no test b"]);
    assert_eq!(seen("MUST do it.\n    d.md#do-it\n"), ["no test: MUST do it."]);
    assert_eq!(seen("MUST.\n    d.md#do-it\n    a\n"), ["d.md#do-it is not listed exactly once, with the same words"]);
    let more = "MUST do it.\n    d.md#do-it\n    a\n\nMUST do more.\n    d.md#later\n    a\n";
    assert_eq!(seen(more), ["d.md#later is not a rule"]);
}

#[test]
fn the_manual_says_what_a_cdn_must_not_block() {
    let chapter = fs::read_to_string(root().join("docs/cdn.md")).unwrap();
    for words in ["bot challenges", "403", "s-maxage"] {
        assert!(chapter.contains(words), "{words}");
    }
}
