//! The first property, for the running program: after each batch of 1 to 40 edits, its responses become those
//! of a library that is read afresh, document by document and validator by validator. Tested with events and
//! with polling.
//!
//! The server runs without privileges, so that it cannot read files without permissions. It rescans only
//! every ten minutes: a change that neither an event reports nor a comparison finds stays unnoticed and fails
//! the test. During every eighth batch the server is stopped and the kernel's event queue is full, so that no
//! event reports the changes.
//!
//! `FEEDMILL_PROPERTY_OPERATIONS` is the number of edits for each way of watching. `FEEDMILL_PROPERTY_SEED`
//! repeats a failure.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DurationRound as _, TimeDelta, Utc};
use feedmill::document::Encoding;
use feedmill::edition::{Edition, Found};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use rustix::process::Signal;

use super::editions::{Watched, addresses};
use super::edits::{Home, edit};
use super::rules::DIALECTS;
use super::unprivileged::without_rights;
use crate::driver::{Answer, Connection, TestServer, within};

const DEADLINE: Duration = Duration::from_secs(30);

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// Copies the program to a directory where every user may run it, because only root may be able to read the
/// build directory.
fn program() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = home.path().join("feedmill");
    // `cp` writes the copy, not this process: a child that another thread forks meanwhile would inherit the
    // open file, and a program that is open for writing cannot be executed.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_feedmill")).arg(&program).status().unwrap();
    assert!(copied.success());
    (home, program)
}

fn serve(program: &Path, home: &Home, flags: &[&str]) -> TestServer {
    let mut command = Command::new(program);
    command.current_dir(home.root().path()).env_clear().args(["--content", "content", "--feeds", "feeds"]);
    command.args(["--bind", "127.0.0.1:0", "--admin-bind", "127.0.0.1:0", "--log", "text"]).args(flags);
    TestServer::start(command, Arc::clone(home.root()))
}

/// The response that `edition` requires for a path, as text.
fn expected(edition: &Edition, address: &str) -> String {
    match edition.find(address) {
        Found::Document(document) => {
            let date = document.last_modified.map(|date| date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
            let bytes = document.bytes(Encoding::Identity);
            format!("200 {:?} {date:?}\n{}", Some(&document.etag), String::from_utf8_lossy(&bytes))
        }
        Found::Moved(address) => format!("301 {address}"),
        Found::Gone => "410".to_owned(),
        Found::Missing => "404".to_owned(),
        Found::Article(_) => "200 article".to_owned(),
        Found::Media(path) => format!("200 {}", edition.library().media(&path).unwrap().length),
    }
}

/// A response as text, in the same form as `expected`.
fn answered(answer: &Answer, edition: &Edition, address: &str) -> String {
    let status = answer.status;
    match edition.find(address) {
        Found::Document(_) => {
            let text = String::from_utf8_lossy(&answer.body);
            format!("{status} {:?} {:?}\n{text}", answer.header("etag"), answer.header("last-modified"))
        }
        Found::Moved(_) => format!("{status} {}", answer.header("location").unwrap_or_default()),
        Found::Gone | Found::Missing => status.to_string(),
        Found::Article(_) => format!("{status} article"),
        // `media` tests which images are public: an edition does not know which images the pages of articles
        // show.
        Found::Media(path) if status == 404 => format!("200 {}", edition.library().media(&path).unwrap().length),
        Found::Media(_) => format!("{status} {}", answer.body.len()),
    }
}

/// Returns the first difference between the responses and the disk.
fn difference(server: &TestServer, home: &Home) -> Option<String> {
    let watched = Watched::new(home, Utc::now());
    let fresh = &watched.edition;
    let mut connection = None;
    for address in addresses(fresh) {
        let mut ask = || {
            let kept = connection.take();
            let mut open = kept.map_or_else(|| Connection::open(server.address()), Ok)?;
            let answer = open.ask("GET", &address, &[])?;
            connection = Some(open);
            Ok::<_, std::io::Error>(answer)
        };
        // The server may have closed the kept connection since the last request.
        let answer = ask().or_else(|_| ask()).unwrap();
        let (expected, answered) = (expected(fresh, &address), answered(&answer, fresh, &address));
        if expected != answered {
            let lines = expected.lines().zip(answered.lines()).filter(|(one, other)| one != other);
            let (one, other) = lines.last().unwrap_or((&expected, &answered));
            return Some(format!("{address}\nserved: {other}\nfresh: {one}"));
        }
    }
    let known = server.admin("GET", "/status").ok().json();
    let library = fresh.library();
    let (served, there) = (&known["articles"], library.published_count());
    if served["published"] != there || served["hidden"].as_array().unwrap().len() != library.hidden().count() {
        return Some(format!("served: {served}\nfresh: {there} published, {} hidden", library.hidden().count()));
    }
    let all = known["problems"].as_array().unwrap().iter();
    // Without the lines: /status finds some when it is asked, and those of the library may be unknown.
    let mut served_problems: Vec<String> = all
        .map(|problem| {
            let [file, code, message, help] = ["file", "code", "message", "help"].map(|key| &problem[key]);
            format!("{file}: {code} {message} {help}")
        })
        .collect();
    let said = |text: &str| serde_json::Value::from(text).to_string();
    let mut there: Vec<String> = watched
        .problems()
        .iter()
        .map(|problem| {
            let help = problem.help.as_deref().map_or_else(|| "null".to_owned(), said);
            format!("{}: {} {} {help}", said(&problem.file), said(problem.code.as_str()), said(&problem.message))
        })
        .collect();
    served_problems.sort();
    there.sort();
    (served_problems != there).then(|| format!("problems\nserved: {served_problems:?}\nfresh: {there:?}"))
}

fn check_property(flags: &'static [&'static str]) {
    let (_kept, program) = program();
    let (operations, seed) =
        (number("FEEDMILL_PROPERTY_OPERATIONS", 300), number("FEEDMILL_PROPERTY_SEED", rand_seed()));
    without_rights(move || {
        let home = Home::new(
            Utc::now().duration_trunc(TimeDelta::hours(1)).unwrap(),
            DIALECTS[usize::try_from(seed % 5).unwrap()],
        );
        let server = serve(&program, &home, flags);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
        let batches = prop::collection::vec(edit(), 1..=40);
        let (mut done, mut number) = (0, 0);
        while done < operations {
            let batch = batches.new_tree(&mut runner).unwrap().current();
            done += batch.len() as u64;
            number += 1;
            if number % 8 == 0 && flags.contains(&"events") {
                server.deafen(&home.content());
            }
            for edit in &batch {
                home.act(edit);
            }
            home.mend();
            server.signal(Signal::CONT);
            if home.has_unwatched_name() {
                assert_eq!(server.admin("POST", "/reload").status, 202);
            }
            let mut last = None;
            let agreed = within(DEADLINE, || {
                last = difference(&server, &home);
                last.is_none().then_some(())
            });
            assert!(
                agreed.is_some(),
                "FEEDMILL_PROPERTY_SEED={seed}, {flags:?}, after {done} edits: {}\nthe last batch: {batch:?}\n{}",
                last.unwrap(),
                server.log()
            );
        }
    });
}

/// Returns a new seed for each run.
fn rand_seed() -> u64 {
    Utc::now().timestamp_micros().unsigned_abs()
}

#[test]
fn with_events_responses_become_those_of_a_fresh_library() {
    check_property(&["--watch", "events"]);
}

#[test]
fn with_polling_responses_become_those_of_a_fresh_library() {
    check_property(&["--watch", "poll", "--poll", "100ms"]);
}
