//! No rule of the wire without a test: `tests/wire/rules` names them, number by number, and
//! here they are looked for. And what only the tree as a whole can show: that nothing in it
//! fetches anything, and that operators are told what they alone can do.

use std::fs;

use tree::{root, sources};

mod tree;

/// The names of all functions that are tests.
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

/// What is wrong with a list of rules, of which these numbers are promised.
fn faults(rules: &str, promised: impl Iterator<Item = u32>, tests: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = rules.lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<(u32, &str)> = lines
        .map(|line| line.split_once(' ').unwrap_or((line, "")))
        .map(|(number, rest)| (number.parse().unwrap_or_else(|_| panic!("no number: {number}")), rest))
        .collect();
    for number in promised {
        if lines.iter().filter(|(each, _)| *each == number).count() != 1 {
            faults.push(format!("{number} does not stand there once"));
        }
    }
    for (number, rest) in lines {
        if rest.strip_prefix("put off: ").is_some_and(|why| !why.is_empty()) {
            continue;
        }
        if rest.is_empty() {
            faults.push(format!("{number} has no test"));
        }
        let missing = rest.split_whitespace().filter(|name| !tests.contains(name));
        faults.extend(missing.map(|name| format!("{number}: there is no test {name}")));
    }
    faults
}

#[test]
fn every_rule_of_the_wire_has_its_test() {
    let sources = sources(&["src", "tests"], "rs");
    let rules = fs::read_to_string(root().join("tests/wire/rules")).unwrap();
    let promised = (1..=34).chain(40..=63).chain(76..=81).chain(84..=88);
    let promised = promised.filter(|number| ![82, 83].contains(number));
    let faults = faults(&rules, promised, &tests(&sources));
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_rule_that_lost_its_test_is_seen() {
    let tests = tests(&[]);
    assert_eq!(faults("# a remark\n1 put off: later\n", 1..=1, &tests), [""; 0]);
    assert_eq!(faults("1 a\n", 1..=2, &["a"]), ["2 does not stand there once"]);
    assert_eq!(faults("1 a b\n2\n", 1..=2, &["a"]), ["1: there is no test b", "2 has no test"]);
}

#[test]
fn nothing_is_fetched_from_anybody() {
    // Asking a running server whether it is ready is the only question ever put to anybody.
    let asks = |text: &str| text.contains("TcpStream::connect") || text.contains("UdpSocket");
    let askers: Vec<_> = sources(&["src"], "rs")
        .into_iter()
        // Tests talk to the servers they start.
        .filter(|(path, text)| {
            !["tests.rs", "tests/driver.rs"].iter().any(|end| path.ends_with(end))
                && asks(text.split("mod tests").next().unwrap())
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(askers, ["src/commands/healthcheck.rs"]);
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for client in ["reqwest", "ureq", "hyper", "curl", "awc", "isahc", "attohttpc", "native-tls", "rustls"] {
        assert!(!lock.contains(&format!("name = \"{client}\"\n")), "{client} could fetch something");
    }
}

#[test]
fn operators_are_told_what_a_cdn_must_leave_alone() {
    let manual = fs::read_to_string(root().join("README.md")).unwrap();
    let chapter = manual.split("## Behind nginx or a CDN").nth(1).and_then(|rest| rest.split("\n## ").next());
    let chapter = chapter.expect("the chapter is there");
    for words in ["bot challenges", "403", "s-maxage"] {
        assert!(chapter.contains(words), "{words}");
    }
}
