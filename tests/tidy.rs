//! Checks rules about the source code, for example that modules use only the layers below them.
//!
//! Each rule is a function from source text to a list of violations. It is tested on a planted violation
//! first, then applied to the whole tree. Uses of modules are read from the syntax tree, so that comments and
//! strings do not count.

use std::collections::BTreeSet;
use std::fs;

use named::Named;
use tree::{root, sources};

#[path = "tree/citations.rs"]
mod citations;
#[path = "tree/connections.rs"]
mod connections;
#[path = "tree/markdown.rs"]
mod markdown;
#[path = "tree/named.rs"]
mod named;
mod tree;
#[path = "tree/type_names.rs"]
mod type_names;
#[path = "tree/wrapped.rs"]
mod wrapped;

/// The first layer that may use files, clocks, sockets or the log.
const FIRST_WITH_EFFECTS: &str = "platform";
const LONGEST: usize = 400;

/// Dependencies that need no reason in Cargo.toml, because they were chosen at the start of the project.
const CHOSEN: [&str; 7] = ["actix-web", "atom_syndication", "chrono", "notify", "rss", "serde", "serde_yaml"];

fn rust_files() -> Vec<(String, String)> {
    let all = sources(&["src", "tests", "benches"], "rs");
    assert!(all.len() > 100, "only {} files were found", all.len());
    all
}

/// The modules of lib.rs, lowest layer first.
fn layers() -> Vec<String> {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules =
        library.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
    let layers: Vec<String> = modules.map(str::to_owned).collect();
    assert_eq!(layers.last().map(String::as_str), Some("commands"));
    layers
}

/// The top-level module of a file of `src`; `None` for lib.rs and main.rs.
fn layer_of(path: &str) -> Option<&str> {
    let first = path.strip_prefix("src/")?.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first)).filter(|name| !["lib", "main"].contains(name))
}

/// Layers that a module uses although they are not below it.
fn uses_above(layers: &[String], own: &str, source: &str) -> Vec<String> {
    let rank = |name: &str| layers.iter().position(|layer| layer == name);
    let Some(own_rank) = rank(own) else {
        return vec![format!("{own} is not a layer of lib.rs")];
    };
    let named = Named::of(source);
    let used = named.paths.iter().filter_map(|path| path.strip_prefix("crate::")?.split("::").next());
    let wrong: BTreeSet<&str> =
        used.filter(|used| *used != own && rank(used).is_none_or(|rank| rank > own_rank)).collect();
    wrong.into_iter().map(|used| format!("{own} uses {used}")).collect()
}

/// Paths and macros with side effects that a module of the pure core uses.
fn impurities(source: &str) -> Vec<String> {
    const PATHS: [&str; 14] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::io::stdin",
        "std::io::stdout",
        "std::io::stderr",
        "std::thread::sleep",
        "std::time::SystemTime",
        "std::time::Instant",
        "SystemTime",
        "tracing",
        "rand",
        "notify",
    ];
    const ENDS: [&str; 6] = ["Utc::now", "Local::now", "Instant::now", "SystemTime::now", "io::stdout", "io::stderr"];
    const MACROS: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];
    let named = Named::of(source);
    let is_below = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let by_path = named.paths.iter().filter(|path| {
        PATHS.iter().any(|known| is_below(path, known))
            || ENDS.iter().any(|end| **path == **end || path.ends_with(&format!("::{end}")))
    });
    let by_macro = named.macros.iter().filter(|name| MACROS.contains(&name.as_str()));
    by_path.chain(by_macro).cloned().collect()
}

/// Markers of unfinished work.
fn leftovers(source: &str) -> Vec<String> {
    // Split, so that this file does not violate its own rule.
    let words = [("TO", "DO"), ("FIX", "ME"), ("todo", "!"), ("unimplemented", "!")];
    let words = words.map(|(one, other)| format!("{one}{other}"));
    words.into_iter().filter(|word| source.contains(word.as_str())).collect()
}

/// Attributes that ignore a test. One is allowed: the tests that read the corpus are ignored when `build.rs`
/// does not find it.
fn ignores(source: &str) -> Vec<String> {
    const ALLOWED: &str = "#[cfg_attr(not(corpus), ignore = \"";
    let words = |line: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ignore");
    let is_attribute = |line: &&str| line.starts_with("#[") && words(line) || line.starts_with("ignore = ");
    let attributes = source.lines().map(str::trim).filter(is_attribute);
    attributes.filter(|line| !line.starts_with(ALLOWED)).map(str::to_owned).collect()
}

/// Names of dependencies without a reason.
fn unexplained(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
            continue;
        }
        let Some((name, rest)) = line.split_once(" = ").filter(|_| inside) else {
            continue;
        };
        if !CHOSEN.contains(&name.trim()) && !rest.contains(" # ") {
            found.push(name.trim().to_owned());
        }
    }
    found
}

fn is_shapeless(path: &str) -> bool {
    let parts = path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    parts.into_iter().any(|part| ["utils", "util", "helpers", "helper", "common", "types", "misc"].contains(&part))
}

/// Fails with the list of violations, if there are any.
#[track_caller]
fn none(found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn in_files(files: &[(String, String)], rule: impl Fn(&str, &str) -> Vec<String>) -> Vec<String> {
    files
        .iter()
        .flat_map(|(path, text)| rule(path, text).into_iter().map(move |found| format!("{path}: {found}")))
        .collect()
}

#[test]
fn modules_use_only_the_layers_below() {
    let layers = layers();
    none(in_files(&sources(&["src"], "rs"), |path, text| {
        layer_of(path).map(|own| uses_above(&layers, own, text)).unwrap_or_default()
    }));
}

#[test]
fn a_use_of_a_layer_above_is_found() {
    let layers = ["text", "feed", "disk"].map(String::from);
    let seen = |source| uses_above(&layers, "feed", source);
    assert_eq!(seen("use crate::{text::Text, disk::{Known, Look}};"), ["feed uses disk"]);
    assert_eq!(seen("fn f() { crate::disk::watch(); }"), ["feed uses disk"]);
    assert_eq!(seen("fn f() { assert!(crate::disk::there()); }"), ["feed uses disk"]);
    assert_eq!(seen("type T = Vec<crate::nowhere::T>;"), ["feed uses nowhere"]);
    assert!(
        seen("use crate::text; use crate::feed::Feed; fn f() { panic!(\"crate::disk\") } // crate::disk").is_empty()
    );
    assert!(seen("#[cfg(test)] mod tests { use crate::disk; }").is_empty(), "tests may use other layers");
    assert_eq!(uses_above(&layers, "other", ""), ["other is not a layer of lib.rs"]);
}

#[test]
fn every_module_is_listed_as_a_layer() {
    let layers: BTreeSet<String> = layers().into_iter().collect();
    let files = sources(&["src"], "rs");
    let modules: BTreeSet<String> = files.iter().filter_map(|(path, _)| layer_of(path)).map(str::to_owned).collect();
    assert_eq!(modules, layers);
}

#[test]
fn the_core_is_pure() {
    let layers = layers();
    let world = layers.iter().position(|layer| layer == FIRST_WITH_EFFECTS).unwrap();
    none(in_files(&sources(&["src"], "rs"), |path, text| {
        // Test modules may open files.
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        let is_pure = layer_of(path).is_some_and(|own| layers[..world].iter().any(|layer| layer == own));
        if is_pure && !is_test { impurities(text) } else { Vec::new() }
    }));
}

#[test]
fn side_effects_are_found() {
    for source in [
        "use std::fs;",
        "use std::{io::{self, Write}, fs::File};",
        "fn f() { std::env::var(\"x\"); }",
        "use std::time::{Duration, Instant};",
        "fn f() -> SystemTime { SystemTime::now() }",
        "fn f() { let now = chrono::Utc::now(); }",
        "fn f() { let now = Local::now(); }",
        "fn f() { println!(\"x\"); }",
        "fn f() { dbg!(1); }",
        "fn f() { tracing::info!(\"x\"); }",
        "fn f() { io::stdout().lock(); }",
        "fn f() { std::thread::sleep(d); }",
        "fn f() { assert!(rand::random()); }",
    ] {
        assert!(!impurities(source).is_empty(), "{source}");
    }
    assert!(impurities("use std::io::{Read, Write}; use std::time::Duration; // println!").is_empty());
}

/// Macros that write to standard output or standard error directly instead of through the queue of the log.
/// They would block on a pipe that is not read, and print terminal escapes from articles.
fn unqueued(source: &str) -> Vec<String> {
    let named = Named::of(source);
    let is_print = |name: &&String| ["eprintln", "eprint", "println", "print", "dbg"].contains(&name.as_str());
    named.macros.iter().filter(is_print).cloned().collect()
}

#[test]
fn standard_error_is_written_through_the_queue_of_the_log() {
    assert_eq!(unqueued("fn f() { eprintln!(\"x\"); }"), ["eprintln"]);
    assert!(unqueued("fn f() { tracing::warn!(\"x\"); } // eprintln!").is_empty());
    none(in_files(&sources(&["src"], "rs"), |_, text| unqueued(text)));
}

/// Calls that open a file by its path, or read a whole file.
fn opens(source: &str) -> Vec<String> {
    const CALLS: [&str; 7] =
        ["fs::read", "fs::read_to_string", "File::open", "OpenOptions::new", "fs::open", "openat", "openat2"];
    let named = Named::of(source);
    let is_call = |path: &&String| CALLS.iter().any(|call| **path == **call || path.ends_with(&format!("::{call}")));
    let is_read = |word: &&String| ["read_to_end", "read_to_string"].contains(&word.as_str());
    named.paths.iter().filter(is_call).chain(named.identifiers.iter().filter(is_read)).cloned().collect()
}

#[test]
fn content_files_are_opened_and_read_in_one_place() {
    // The other files that open or read something: the operator's `feeds/`, the output of `build`, the limits in
    // /proc and /sys, and the answers of hosts.
    const ALLOWED: [&str; 9] = [
        "src/platform/linux.rs",
        "src/disk/image_facts.rs",
        "src/fetch/client.rs",
        "src/disk/content_roots.rs",
        "src/disk/open.rs",
        "src/disk/write/",
        "src/commands/limits.rs",
        "src/commands/healthcheck.rs",
        "src/server/counters/process.rs",
    ];
    for source in [
        "fn f() { std::fs::read(p); }",
        "use std::fs::File; fn f() { File::open(p); }",
        "use rustix::fs::openat;",
        "fn f() { file.take(9).read_to_end(&mut bytes); }",
    ] {
        assert_eq!(opens(source).len(), 1, "{source}");
    }
    assert!(opens("fn f() { roots.open(p); read::article(p); }").is_empty());
    none(in_files(&sources(&["src"], "rs"), |path, text| {
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        if is_test || ALLOWED.iter().any(|allowed| path.starts_with(allowed)) { Vec::new() } else { opens(text) }
    }));
}

/// Identifiers that name a static site generator.
fn generators_named(source: &str) -> Vec<String> {
    let names_one = |word: &String| {
        let word = word.to_lowercase();
        ["hexo", "jekyll", "hugo", "zola"].iter().any(|generator| word.contains(generator))
    };
    let named = Named::of(source);
    named.identifiers.into_iter().chain(named.paths).filter(names_one).collect()
}

#[test]
fn generators_are_named_in_one_module() {
    for source in ["fn f(hexo_slug: &str) {}", "enum E { Hugo }", "fn f() { x::jekyll(); }", "use a::zola::ZOLA;"] {
        assert!(!generators_named(source).is_empty(), "{source}");
    }
    assert!(
        generators_named("/// As Hugo does.\nfn f() { \"hugo\"; } #[cfg(test)] mod tests { fn hugo() {} }").is_empty()
    );
    none(in_files(&sources(&["src"], "rs"), |path, text| {
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let is_allowed = is_test || path.starts_with("src/generator");
        if is_allowed { Vec::new() } else { generators_named(text) }
    }));
}

#[test]
fn every_file_has_a_header() {
    let rule =
        |_: &str, text: &str| if text.starts_with("//! ") { vec![] } else { vec!["opens without `//!`".to_owned()] };
    assert_eq!(rule("", "use std::fs;").len(), 1);
    assert!(rule("", "//! Parses dates.").is_empty());
    none(in_files(&rust_files(), rule));
}

#[test]
fn no_file_is_too_long() {
    let rule = |_: &str, text: &str| match text.lines().count() {
        lines if lines > LONGEST => vec![format!("{lines} lines")],
        _ => vec![],
    };
    assert_eq!(rule("", &"\n".repeat(LONGEST + 1)), [format!("{} lines", LONGEST + 1)]);
    none(in_files(&rust_files(), rule));
}

#[test]
fn no_module_has_a_meaningless_name() {
    assert!(is_shapeless("src/disk/utils.rs") && is_shapeless("tests/common/mod.rs"));
    assert!(!is_shapeless("src/media_types.rs"));
    none(rust_files().into_iter().map(|(path, _)| path).filter(|path| is_shapeless(path)));
}

#[test]
fn no_marker_of_unfinished_work_is_left() {
    assert_eq!(leftovers(concat!("// TO", "DO later")).len(), 1);
    assert_eq!(leftovers(concat!("fn f() { todo", "!() }")).len(), 1);
    none(in_files(&rust_files(), |_, text| leftovers(text)));
}

#[test]
fn only_tests_of_the_corpus_are_ignored_and_only_without_it() {
    for test in [
        "#[ignore]",
        "    #[ignore = \"slow\"]",
        "#[cfg_attr(not(unix), ignore)]",
        "#[cfg_attr(\n  x,\n  ignore = \"\"",
    ] {
        assert_eq!(ignores(test).len(), 1, "{test}");
    }
    assert!(ignores("#[test]\n#[cfg_attr(not(corpus), ignore = \"why\")]\nfn f() { ignore(); }").is_empty());
    assert_eq!(ignores("#[cfg_attr(not(corpus), ignore)]").len(), 1, "without a reason");
    none(in_files(&rust_files(), |_, text| ignores(text)));
}

#[test]
fn every_test_belongs_to_a_program_of_cargo_toml() {
    let is_compiled = |path: &str| {
        path == "tests/tidy.rs" || ["it", "tree", "fuzz"].iter().any(|part| path.starts_with(&format!("tests/{part}/")))
    };
    assert!(is_compiled("tests/it/wire.rs") && !is_compiled("tests/other.rs") && !is_compiled("tests/other/main.rs"));
    none(sources(&["tests"], "rs").into_iter().map(|(path, _)| path).filter(|path| !is_compiled(path)));
}

#[test]
fn tests_do_not_sleep() {
    let rule = |_: &str, text: &str| {
        let named = Named::of(text);
        let sleeps = named.paths.iter().any(|path| path.ends_with("thread::sleep") || path == "sleep");
        if sleeps { vec!["sleeps".to_owned()] } else { vec![] }
    };
    assert_eq!(rule("tests/a.rs", "fn f() { std::thread::sleep(d); }"), ["sleeps"]);
    assert_eq!(rule("tests/a.rs", "use std::thread::{sleep, spawn};"), ["sleeps"]);
    assert!(rule("tests/a.rs", "fn f() { \"thread::sleep\"; }").is_empty());
    none(in_files(&sources(&["tests"], "rs"), rule));
    let sleeping = |_: &str, text: &str| {
        if text.contains(concat!("thread::", "sleep")) { vec!["sleeps".to_owned()] } else { vec![] }
    };
    let units =
        sources(&["src"], "rs").into_iter().filter(|(path, _)| path.ends_with("/tests.rs") || path.contains("/tests/"));
    none(in_files(&units.collect::<Vec<_>>(), sleeping));
}

#[test]
fn only_one_module_chooses_by_the_system() {
    let chooses = |path: &str, text: &str| {
        let is_elsewhere = text.contains("target_os") && path != "src/platform.rs";
        if is_elsewhere { vec!["chooses by the system".to_owned()] } else { vec![] }
    };
    assert_eq!(chooses("src/main.rs", "#[cfg(target_os = \"linux\")]").len(), 1);
    none(in_files(&sources(&["src"], "rs"), chooses));
}

#[test]
fn every_dependency_has_a_reason() {
    assert_eq!(unexplained("[dependencies]\na = \"1\"\nb = \"2\" # because\nserde = \"1\"\n[profile]\nc = 1\n"), ["a"]);
    assert_eq!(unexplained("[dev-dependencies]\na = \"1\"\n"), ["a"]);
    none(unexplained(&fs::read_to_string(root().join("Cargo.toml")).unwrap()));
}

#[test]
fn nothing_is_unsafe() {
    let forbids = |manifest: &str| manifest.lines().any(|line| line.trim() == "unsafe_code = \"forbid\"");
    assert!(!forbids("[lints.rust]\n# unsafe_code = \"forbid\"\nunsafe_code = \"deny\"\n"));
    assert!(forbids(&fs::read_to_string(root().join("Cargo.toml")).unwrap()));
}
