//! The command line: help, suggestions, manual pages, completions, and how much is printed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use crate::driver::{Folder, Process, article, within};

const COMMANDS: [&str; 9] =
    ["serve", "build", "check", "compare", "images", "healthcheck", "init", "completions", "man"];

#[test]
fn help_fits_into_80_columns() {
    let folder = Folder::new();
    for arguments in [vec!["--help"]].into_iter().chain(COMMANDS.map(|command| vec![command, "--help"])) {
        let help = folder.run(&arguments);
        help.assert_code(0);
        for line in help.out.lines() {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn help_lists_the_flags_of_serve_and_names_variables_without_their_values() {
    let folder = Folder::new();
    let mut command = folder.command(&["--help"]);
    command.env("FEEDMILL_BASE_URL", "https://secret.example");
    let help = Process::start(command).finish();
    let words = help.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["--bind <ADDR>", "--content <DIR>", "[env: FEEDMILL_BIND]", "[env: FEEDMILL_BASE_URL]"] {
        assert!(words.contains(part), "{part} is not in\n{}", help.out);
    }
    assert!(!help.out.contains("secret"), "{}", help.out);
}

#[test]
fn an_invalid_variable_of_serve_does_not_concern_other_commands() {
    let folder = Folder::new();
    let mut command = folder.command(&["check"]);
    command.env("FEEDMILL_WATCH", "sometimes");
    Process::start(command).finish().assert_code(0);
}

#[test]
fn a_misspelled_command_flag_or_value_gets_the_nearest_one() {
    let folder = Folder::new();
    for (arguments, nearest) in [
        (&["chekc"][..], "'check'"),
        (&["--content", "content", "biuld"], "'build'"),
        (&["--bnd", "8080"], "'--bind'"),
        (&["--dialect", "hexxo"], "'hexo'"),
        (&["check", "--format", "sarfi"], "'sarif'"),
        (&["completions", "bsh"], "'bash'"),
    ] {
        let finished = folder.run(arguments);
        finished.assert_code(2);
        finished.assert_says(nearest);
    }
}

#[test]
fn a_misspelled_preset_language_or_time_zone_gets_the_nearest_one() {
    let folder = Folder::new();
    for (line, nearest) in [
        ("presets: [hexx]", "did you mean `hexo`?"),
        ("language: Englisch", "did you mean `en`?"),
        ("time_zone: Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("redircts: {}", "did you mean `redirects`?"),
    ] {
        folder.define("site.yaml", &format!("{line}\n"));
        let finished = folder.run(&["check"]);
        finished.assert_code(1);
        finished.assert_says(nearest);
    }
}

#[test]
fn completions_and_manual_pages_are_those_of_the_repository() {
    let folder = Folder::new();
    let there = |path: &str| fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    for (shell, file) in [("bash", "feedmill.bash"), ("zsh", "_feedmill"), ("fish", "feedmill.fish")] {
        let finished = folder.run(&["completions", shell]);
        finished.assert_code(0);
        let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&finished.out), lines(&there(&format!("completions/{file}"))), "{shell}");
    }
    folder.run(&["man"]).assert_says(".TH feedmill 1");
    folder.run(&["man", "pages/man1"]).assert_code(0);
    for name in ["feedmill", "feedmill-serve", "feedmill-check", "feedmill-man"] {
        let page = fs::read_to_string(folder.path(&format!("pages/man1/{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}: {page}");
    }
}

#[test]
fn quiet_leaves_problems_and_results_and_verbose_adds_details() {
    let folder = Folder::new();
    folder.write("good.md", article("Good", "2026-01-01"));
    folder.write("bad.md", "---\ndate: [2026\n---\n");
    let quiet = folder.run(&["check", "-q"]);
    quiet.assert_code(1);
    assert!(quiet.out.contains("bad.md:") && quiet.err.is_empty(), "{}", quiet.said());
    let quiet = folder.run(&["build", "--quiet", "--base-url", "https://feeds.example.org"]);
    quiet.assert_code(0);
    assert!(quiet.out.is_empty() && quiet.err.contains("bad.md:") && !quiet.err.contains("INFO"), "{}", quiet.said());
    // Without --verbose, this level would leave out the line with the address, for which the driver waits.
    let mut command = folder.command(&["--verbose", "--bind", "127.0.0.1:0", "--admin-bind", "off"]);
    command.env("RUST_LOG", "error");
    folder.start(command);
}

#[test]
fn a_port_alone_is_one_of_this_machine() {
    let server = Folder::new().serve_with(&["--bind", "0"]);
    assert!(server.address().ip().is_loopback(), "{}", server.address());
}

#[cfg(target_os = "linux")]
#[test]
fn open_starts_the_browser_with_the_home_page() {
    let folder = Folder::new();
    folder.put("bin/xdg-open", "#!/bin/sh\necho \"$1\" > opened.part && mv opened.part opened\n");
    fs::set_permissions(folder.path("bin/xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path("bin").display(), std::env::var("PATH").unwrap());
    let mut command = folder.command(&["--open", "--bind", "127.0.0.1:0", "--admin-bind", "off", "--log", "json"]);
    command.env("PATH", path).env_remove("BROWSER");
    let server = folder.start(command);
    let opened =
        within(Duration::from_secs(10), || Some(fs::read_to_string(folder.path("opened"))).transpose().ok().flatten());
    assert_eq!(opened.unwrap().trim(), server.url("/"));
}
