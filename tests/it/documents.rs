//! Checks that the documentation matches the program: the tables of the manual, the manual pages, the completions, and
//! the commands that readers are told to type.
//!
//! Tables, pages and completions are generated from the command line that clap defines, the schema of site.yaml and the
//! codes of problems. If one is outdated, its test fails, and `FEEDMILL_WRITE=1 cargo test --test it documents::` writes
//! it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::driver::{Folder, article};
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

/// Asserts that a page has this text between two comments, or writes it.
#[track_caller]
fn holds(page: &str, what: &str, wanted: &str) {
    let (start, end) = (
        format!("<!-- {what}: written by `cargo test --test it documents::` -->\n"),
        format!("<!-- end of {what} -->"),
    );
    let path = root().join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{page} has no {start}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{page} has no {end}"));
    is_current(&path, &format!("{before}{start}\n{wanted}\n{end}{after}"));
}

#[test]
fn the_manual_lists_every_command_and_flag() {
    let mut rows = "| command | |\n| --- | --- |\n".to_owned();
    let command = built();
    for command in commands(&command) {
        let _ = writeln!(rows, "| `feedmill {}` | {} |", command.get_name(), command.get_about().unwrap());
    }
    holds("docs/commands.md", "flags", &format!("{rows}\n{}", table()));
}

#[test]
fn the_manual_explains_every_key_of_site_yaml() {
    let schema: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("schema/site.json")).unwrap()).unwrap();
    let mut table = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    let mut rows = |prefix: &str, properties: &serde_json::Map<String, serde_json::Value>| {
        for (key, about) in properties {
            let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
            let default = about.get("default").map(|default| format!("`{default}`")).unwrap_or_default();
            let text =
                cell(about["description"].as_str().unwrap_or_else(|| panic!("{prefix}{key} has no description")));
            let _ = writeln!(table, "| `{prefix}{key}` | {} | {} | {text} |", cell(&kind(about)), cell(&default));
        }
    };
    for (key, about) in schema["properties"].as_object().unwrap() {
        rows("", &serde_json::Map::from_iter([(key.clone(), about.clone())]));
        if let Some(inner) = about.get("properties").and_then(|inner| inner.as_object()) {
            rows(&format!("{key}."), inner);
        }
    }
    holds("docs/configuration.md", "keys", &table);
}

/// What a schema allows, in words.
fn kind(about: &serde_json::Value) -> String {
    if let Some(words) = about.get("enum").and_then(|words| words.as_array()) {
        return words
            .iter()
            .map(|word| format!("`{}`", word.as_str().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join(", ");
    }
    if let Some(choices) = ["oneOf", "anyOf"].iter().find_map(|key| about.get(*key)?.as_array()) {
        let kinds: BTreeSet<String> = choices.iter().map(kind).collect();
        return kinds.into_iter().collect::<Vec<_>>().join(" or ");
    }
    match about["type"].as_str().unwrap_or_default() {
        "string" => "text".to_owned(),
        "boolean" => "true, false".to_owned(),
        "integer" => "number".to_owned(),
        "array" => about.get("items").map_or_else(|| "list".to_owned(), |items| format!("list of {}", kind(items))),
        _ => "keys".to_owned(),
    }
}

#[test]
fn the_manual_explains_every_problem_code() {
    let all = Folder::new().run(&["check", "--explain", "all"]);
    let mut table = "| code | | meaning |\n| --- | --- | --- |\n".to_owned();
    for entry in all.out.trim_end().split("\n\n") {
        let (head, meaning) = entry.split_once('\n').unwrap();
        let (code, severity) = head.trim_end_matches(')').split_once(" (").unwrap();
        let _ = writeln!(table, "| `{code}` | {severity} | {} |", meaning.trim().replace('|', "\\|"));
    }
    holds("docs/troubleshooting.md", "codes", &table);
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
    let manual = read("feeds/site.yaml");
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(manual.contains(&format!("{key}:")), "feeds/site.yaml does not explain `{key}`");
    }
}

#[test]
fn troubleshooting_quotes_messages_of_the_program() {
    let text = fs::read_to_string(root().join("docs/troubleshooting.md")).unwrap();
    let (table, _) = text.split_once("\n## ").unwrap();
    // All sources as one text, without the line breaks that formatting puts into sentences.
    let program: String = sources(&["src"], "rs").into_iter().map(|(_, text)| text).collect();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let quoted = row.trim_start_matches("| ").split(" | ").next().unwrap();
        for part in quoted.split('…').map(|part| part.trim_matches(['`', ' '])).filter(|part| !part.is_empty()) {
            assert!(program.contains(part), "the manual quotes {part:?}, but no message contains it");
        }
    }
}

#[test]
fn the_book_has_every_page_of_the_manual() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    for (path, _) in sources(&["docs"], "md") {
        let page = path.trim_start_matches("docs/");
        assert!(page == "SUMMARY.md" || summary.contains(&format!("({page})")), "docs/SUMMARY.md has no {page}");
    }
}

/// The pages whose commands are run.
fn pages_for_users() -> Vec<(String, String)> {
    let is_for_users = |path: &str| {
        let maintainers = ["architecture", "glossary", "testing", "debugging", "releasing", "decisions/"];
        !maintainers.iter().any(|name| path.starts_with(&format!("docs/{name}")))
    };
    let mut pages: Vec<_> = sources(&["docs"], "md").into_iter().filter(|(path, _)| is_for_users(path)).collect();
    pages.push(("README.md".to_owned(), fs::read_to_string(root().join("README.md")).unwrap()));
    pages
}

/// The commands of a page: lines of examples that begin with `$ feedmill`, and code in sentences and tables that begins
/// with `feedmill`. Those with a placeholder in capitals are left out.
fn typed(text: &str) -> BTreeSet<String> {
    let mut found = Vec::new();
    let (mut is_example, mut fences) = (false, 0);
    for line in text.replace("\\\n", " ").lines() {
        if line.starts_with("```") {
            fences += 1;
            is_example = line == "```console";
        } else if fences % 2 == 1 {
            let command = line.strip_prefix("$ ").filter(|_| is_example).unwrap_or_default();
            let command = command.split("  #").next().unwrap_or_default();
            found.extend(command.split("&&").map(str::trim).map(str::to_owned));
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    let is_placeholder = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c == '…');
    found.retain(|command| {
        command.split_whitespace().next() == Some("feedmill")
            && command.split_whitespace().nth(1).is_some()
            && !command.contains(['…', '[', '|'])
            && !command.split_whitespace().any(is_placeholder)
    });
    found.into_iter().map(|command| command.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn every_command_of_readme_and_manual_runs() {
    let folder = Folder::new();
    // The current directory looks like a site of several generators, beside a checkout with the examples.
    copy(&root().join("examples"), &folder.path("examples"));
    copy(&root().join("examples/hexo/source"), &folder.path("source"));
    folder.write("a.md", article("A", "2026-01-01"));
    let line = "192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET /rss.xml HTTP/1.1\" 200 1 \"-\" \"Reader\"\n";
    folder.put("access.log", line);
    let build = |out: &str| {
        folder.run(&["build", "-q", "--base-url", "https://feeds.example.org", "--out", out]).assert_code(0);
    };
    ["old", "dist"].into_iter().for_each(build);
    for (from, to) in [("rss.xml", "new.xml"), ("atom.xml", "old.xml"), ("atom.xml", "atom.xml")] {
        fs::copy(folder.path("old").join(from), folder.path(to)).unwrap();
    }
    let mut count = 0;
    for (page, text) in pages_for_users() {
        for command in typed(&text) {
            count += 1;
            let mut arguments: Vec<&str> = command.split(' ').skip(1).collect();
            let first = arguments.first().copied().unwrap_or_default();
            if arguments.len() == 1 && !first.starts_with('-') && first != "init" {
                // In sentences it is the name of a command.
                folder.run(&[first, "--help"]).assert_code(0);
            }
            // A name alone is run only where the command needs no argument.
            if arguments.len() == 1 && !first.starts_with('-') && !["check", "init", "man"].contains(&first) {
                continue;
            }
            if first.starts_with('-') || first == "serve" {
                arguments.retain(|argument| *argument != "--open");
                let bound = arguments.iter().position(|argument| *argument == "--bind");
                if let Some(at) = bound {
                    arguments.drain(at..at + 2);
                }
                arguments.extend(["--bind", "127.0.0.1:0", "--admin-bind", "off", "--log", "json"]);
                let _ = folder.start(folder.command(&arguments));
                continue;
            }
            // Each page begins without what `init` wrote.
            let _ = fs::remove_file(folder.path("feeds/site.yaml"));
            let finished = folder.run(&arguments);
            let expected: &[i32] = match first {
                "compare" => &[0, 1],
                // There is no server at the default port.
                "healthcheck" => &[1],
                _ => &[0],
            };
            assert!(
                finished.code.is_some_and(|code| expected.contains(&code)),
                "{page}: {command}\n{}",
                finished.said()
            );
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn commands_are_found_in_examples_and_in_sentences() {
    let text = "Use `feedmill check` or `feedmill --content DIR`.\n```console\n$ feedmill a \\\n  b  # c\n$ x && feedmill d\nfeedmill e\n```\n```yaml\nfeedmill f\n```\n";
    assert_eq!(Vec::from_iter(typed(text)), ["feedmill a b", "feedmill check", "feedmill d"]);
}

/// Every example can be served as its page says, and is without a problem.
#[test]
fn every_example_has_articles_and_feeds_and_no_problem() {
    let page = fs::read_to_string(root().join("docs/examples.md")).unwrap();
    let commands = typed(&page);
    let names: Vec<String> = fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let folder = Folder::new();
        copy(&root().join("examples"), &folder.path("examples"));
        let command = commands.iter().find(|command| command.contains(&format!("examples/{name}")));
        let command = command.unwrap_or_else(|| panic!("docs/examples.md has no command for {name}"));
        let arguments: Vec<&str> = command.split(' ').skip(1).collect();
        let check = folder.run(&[&["check", "--deep", "--deny-warnings"][..], &arguments].concat());
        check.assert_code(0);
        let server = folder.serve_with(&arguments);
        assert!(server.titles("/atom.xml").len() >= 2, "{name}: {}", check.said());
        for path in ["/", "/rss.xml", "/feed.json", "/feeds.opml"] {
            server.get(path).ok();
        }
    }
}

/// Copies a directory of the repository into that of a test.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
