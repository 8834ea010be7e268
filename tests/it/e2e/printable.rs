//! File names and titles with terminal escapes are escaped in the log and in the reports of all commands.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;

use crate::driver::{Connection, Folder, article, article_with, png};

/// A file name with an escape sequence that sets the title of the terminal window, a bell, line ends, C1
/// controls, both separators and bidirectional overrides.
const HOSTILE: &str = "a\u{1b}]0;x\u{7}\r\n\u{7f}\u{85}\u{9b}31m\u{2028}\u{2029}\u{202e}\u{2066}::error::b";

/// A string in the syntax of YAML and JSON, with every unusual character escaped.
fn quoted(text: &str) -> String {
    let escaped = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// Files of every kind with this name, each with something that the program reports.
fn hostile_folder() -> Folder {
    let folder = Folder::new();
    folder.write(&format!("{HOSTILE}.md"), "---\ntitle: [Bad\n---\n");
    folder.write(&format!("{HOSTILE}/bad.md"), "---\ntitle: \"x\ndate: \u{1b}[31m\u{9b}\n---\n");
    folder.write(&format!("{HOSTILE}/draft.md"), article_with("D", "2026-01-01", "draft: true\n"));
    folder.write(&format!("{HOSTILE}.png"), png(3, 3));
    fs::write(folder.content("").join(OsStr::from_bytes(b"\xff\x1b\x9b\xc2.md")), "---\ntitle: [Bad\n---\n").unwrap();
    fs::write(folder.content("").join(OsStr::from_bytes(b"\xff\x1b\x9b\xc2.png")), png(3, 3)).unwrap();
    let quoted = quoted(HOSTILE);
    let more = format!(
        "categories: [{quoted}]\ntags: [{quoted}, \"a b\"]\nauthor: {quoted}\nimage: {quoted}\nid: {quoted}\ndate: {quoted}\nslug: {quoted}\n"
    );
    folder.write("one.md", article_with("One", "2026-01-01", &more.replace("date: ", "updated: ")));
    folder.write("two.md", article_with("Two", "2026-01-02", &more.replace("date: ", "expires: ")));
    folder.write("three.md", format!("---\ntitle: {quoted}\n{more}---\n<script>x</script>\n"));
    folder.define(&format!("{HOSTILE}.yaml"), "titel: x\n");
    folder.define("known.yaml", &format!("title: x\ncategory: {quoted}\nslug: {quoted}\n"));
    folder.define("site.yaml", &format!("title: {quoted}\ncategories: {{lists: path}}\n"));
    folder
}

/// Fails at the first character that a terminal or a log viewer would interpret.
#[track_caller]
fn assert_printable(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    if let Some(at) = text.find(acts) {
        let around: String = text[at..].chars().take(60).collect();
        panic!("{what} prints {around:?}");
    }
}

/// Fails at a line that does not begin like a line of the program, because a line feed in a file name
/// produced it.
#[track_caller]
fn assert_no_line_of_a_name(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let of_name = text.lines().find(|line| line.starts_with('\u{7f}') || line.starts_with('␡'));
    assert_eq!(of_name, None, "{what}");
}

#[test]
fn no_report_contains_terminal_escapes() {
    let folder = hostile_folder();
    for format in ["text", "json", "sarif", "github"] {
        for more in [&[][..], &["--deep"]] {
            let arguments = [&["check", "--format", format], more].concat();
            let output = folder.command(&arguments).output().unwrap();
            assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
            for (stream, bytes) in [("out", &output.stdout), ("err", &output.stderr)] {
                let what = format!("{arguments:?} {stream}");
                assert!(!bytes.is_empty(), "{what}");
                assert_printable(&what, bytes);
                assert_no_line_of_a_name(&what, bytes);
            }
        }
    }
}

#[test]
fn a_report_for_programs_has_the_exact_file_name() {
    let folder = hostile_folder();
    let output = folder.command(&["check", "--format", "json"]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let paths = report.as_array().unwrap().iter().filter_map(|problem| problem["path"].as_str());
    assert!(paths.filter(|path| path.contains(HOSTILE)).any(|path| folder.path(path).is_file()), "{report:#}");
}

#[test]
fn a_name_cannot_end_or_begin_a_workflow_command() {
    let output = hostile_folder().command(&["check", "--format", "github"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let is_whole = |line: &str| {
        let command =
            ["::error file=", "::warning file=", "::notice file="].iter().any(|start| line.starts_with(start));
        command && line.contains(",title=")
    };
    assert!(text.lines().all(is_whole), "{text}");
    assert!(text.contains("%0A"), "the line feed of a name is not escaped");
}

#[test]
fn a_build_prints_no_terminal_escapes() {
    let folder = hostile_folder();
    for log in ["text", "json"] {
        let out = format!("out-{HOSTILE}");
        let output = folder.command(&["build", "--log", log, "--out", &out]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_printable(&format!("{log} out"), &output.stdout);
        assert_printable(&format!("{log} err"), &output.stderr);
        assert!(!output.stderr.is_empty());
    }
    folder.put(&format!("{HOSTILE}/precious"), "mine");
    let missing = format!("no-{HOSTILE}");
    for arguments in [
        &["build", "--out", HOSTILE][..],
        &["serve", "--content", &missing],
        &["serve", "--feeds", &missing],
        &["serve", "--poll", HOSTILE],
        &["serve", "--watch", HOSTILE],
        &["serve", "--bind", HOSTILE],
        &["serve", "--base-url", HOSTILE],
        &["serve", HOSTILE],
        &["check", &format!("--{HOSTILE}")],
        &["check", "--explain", HOSTILE],
    ] {
        let output = folder.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_printable(&format!("{arguments:?}"), &output.stderr);
    }
    let output = folder.command(&["serve", "--help"]).env("FEEDMILL_CONTENT", HOSTILE).output().unwrap();
    assert_printable("--help", &output.stdout);
    let output = folder.command(&["serve"]).env("FEEDMILL_WATCH", HOSTILE).output().unwrap();
    assert_printable("the environment", &output.stderr);
    assert!(String::from_utf8_lossy(&output.stderr).contains("FEEDMILL_") || output.status.code() == Some(2));
}

#[test]
fn a_server_logs_no_terminal_escapes() {
    for format in ["text", "json"] {
        let folder = hostile_folder();
        let log = folder.path("log");
        let flags = ["--log", format, "--access-log", "on", "--drain", "0s"];
        let server = folder.serve_logging_to(&flags, File::create(&log).unwrap().into());
        for path in ["/\u{7f}\u{85}\u{9b}\u{2028}\u{202e}", "/%1b%5b2J", "/\u{feff}é"] {
            let mut connection = Connection::open(server.address()).unwrap();
            let agent = ("User-Agent", "a\u{9b}31m\u{85} \u{2028}");
            // The response may be an error.
            let _ = connection.ask("GET", path, &[agent, ("Connection", "close")]);
        }
        folder.write(&format!("new-{HOSTILE}.md"), "---\ntitle: [Bad\n---\n");
        folder.define(&format!("new-{HOSTILE}.yaml"), "titel: x\n");
        folder.write("last.md", article("Last", "2026-02-01"));
        server.eventually("/rss.xml", |answer| answer.titles().iter().any(|title| title == "Last"));
        server.eventually("/articles/last/", |answer| answer.status == 200);
        folder.remove("last.md");
        server.eventually("/articles/last/", |answer| answer.status == 404);
        assert_eq!(server.stop(), Some(0));
        let written = fs::read(&log).unwrap();
        assert_printable(format, &written);
        assert_no_line_of_a_name(format, &written);
        assert!(String::from_utf8(written).unwrap().contains("new-a"), "the problem of the new file was not logged");
    }
}
