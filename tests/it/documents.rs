//! Checks that the documentation matches the program: the README's table of flags, the manual pages and the
//! completions.
//!
//! They are generated from the command line that clap defines. If one is outdated, its test fails, and
//! `FEEDMILL_WRITE=1 cargo test --test it documents::` writes it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tree::{root, sources};
use clap::{Arg, Command};
use clap_complete::Shell;
use feedmill::cli::command;

/// Asserts that a file has the wanted text, or writes it if `FEEDMILL_WRITE` is set.
#[track_caller]
fn is_current(path: &Path, wanted: &str) {
    let there = fs::read_to_string(path).unwrap_or_default();
    if there == wanted {
        return;
    }
    let name = path.strip_prefix(root()).unwrap_or(path).display();
    if std::env::var_os("FEEDMILL_WRITE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, wanted).unwrap();
        return;
    }
    panic!("{name} is outdated: FEEDMILL_WRITE=1 cargo test --test it documents::");
}

fn built() -> Command {
    let mut command = command();
    command.build();
    command
}

/// The subcommands, without clap's own `help`.
fn commands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| command.get_name() != "help")
}

/// A row of the table: `--flag VALUE`, its variable, its default and its description.
fn row(arg: &Arg) -> Option<String> {
    let long = arg.get_long().filter(|long| *long != "help" && *long != "version")?;
    let takes_value = arg.get_action().takes_values();
    let value = arg.get_value_names().filter(|_| takes_value).map(|names| format!(" {}", names[0].as_str()));
    let variable = arg.get_env().map(|name| format!("`{}`", name.to_string_lossy())).unwrap_or_default();
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let (help, default) = match help.split_once(" [default: ") {
        Some((help, default)) => (help.to_owned(), default.trim_end_matches(']').to_owned()),
        None => (help, String::new()),
    };
    let is_words = default.contains(' ');
    let default = if default.is_empty() || is_words { default } else { format!("`{default}`") };
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    let help = if values.is_empty() { help } else { format!("{help}: {}", values.join(", ")) };
    let cell = |text: &str| text.replace('|', "\\|");
    Some(format!(
        "| `--{long}{}` | {variable} | {} | {} |\n",
        cell(&value.unwrap_or_default()),
        cell(&default),
        cell(&help)
    ))
}

/// The table: the flags of `serve`, then the further flags of each other command.
fn table() -> String {
    let command = built();
    let mut table = "| flag | environment | default | means |\n| --- | --- | --- | --- |\n".to_owned();
    let mut seen = BTreeSet::new();
    for command in commands(&command) {
        let rows: String = command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some_and(|long| seen.insert(long.to_owned())))
            .filter_map(row)
            .collect();
        if !rows.is_empty() {
            let _ = write!(table, "| **{}** | | | |\n{rows}", command.get_name());
        }
    }
    table
}

#[test]
fn the_readme_lists_every_flag() {
    const START: &str = "<!-- flags: written by `cargo test --test it documents::` -->\n";
    const END: &str = "<!-- end of flags -->";
    let path = root().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(START).expect("README.md has no start marker for the table of flags");
    let (_, after) = rest.split_once(END).expect("README.md has no end marker for the table of flags");
    is_current(&path, &format!("{before}{START}\n{}\n{END}{after}", table()));
}

#[test]
fn the_manual_pages_are_current() {
    let mut command = built().disable_help_subcommand(true);
    command.build();
    let page = |command: &Command| {
        let mut page = Vec::new();
        // The pages contain no version, so that they change only when their text does.
        let command = command.clone().version(None::<&str>);
        clap_mangen::Man::new(command).source("feedmill").render(&mut page).unwrap();
        String::from_utf8(page).unwrap()
    };
    is_current(&root().join("man/feedmill.1"), &page(&command));
    for sub in commands(&command) {
        let name = format!("feedmill-{}", sub.get_name());
        is_current(&root().join(format!("man/{name}.1")), &page(sub));
    }
}

#[test]
fn the_completions_are_current() {
    for (shell, name) in [(Shell::Bash, "feedmill.bash"), (Shell::Zsh, "_feedmill"), (Shell::Fish, "feedmill.fish")] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command(), "feedmill", &mut script);
        is_current(&root().join("completions").join(name), &String::from_utf8(script).unwrap());
    }
}

/// Every key of site.yaml and of definitions is in the schema.
#[test]
fn the_example_configuration_explains_every_key() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&read("schema/site.json")).unwrap();
    let (manual, readme) = (read("feeds/site.yaml"), read("README.md"));
    for key in schema["properties"].as_object().unwrap().keys() {
        let explains = |text: &str, mark: &str| text.contains(mark);
        assert!(explains(&manual, &format!("{key}:")), "feeds/site.yaml does not explain `{key}`");
        assert!(readme.contains(key.as_str()), "README.md does not name `{key}`");
    }
}

/// Every file that the README links to exists.
#[test]
fn the_readme_links_to_files_that_exist() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files: Vec<PathBuf> = links
        .filter(|link| !link.contains("://") && !link.starts_with('#'))
        .map(|link| root().join(link.split('#').next().unwrap_or(link)))
        .collect();
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        assert!(file.exists(), "README.md links to {}", file.display());
    }
}

#[test]
fn troubleshooting_quotes_messages_of_the_program() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = text.split_once("## When something is wrong").unwrap();
    let (table, _) = rest.split_once("\n## ").unwrap();
    // All sources as one text, without the line breaks that formatting puts into sentences.
    let program: String = sources(&["src"], "rs").into_iter().map(|(_, text)| text).collect();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let quoted = row.trim_start_matches("| ").split(" | ").next().unwrap();
        for part in quoted.split('…').map(|part| part.trim_matches(['`', ' '])).filter(|part| !part.is_empty()) {
            assert!(program.contains(part), "the README quotes {part:?}, but no message contains it");
        }
    }
}
