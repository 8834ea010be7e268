//! The first law of the program itself: after each batch of 1 to 40 deeds, what
//! the running server answers becomes, document by document and validator by
//! validator, what a library read afresh gives; by events and by polling.
//!
//! The server runs without rights, so that closed files are closed to it. It
//! looks at everything every ten minutes only, so what events do not tell, and
//! no comparison finds, stays wrong and is seen. Every eighth batch happens while
//! it stands still and the kernel's queue is full, so that no event tells of it.
//! `FEEDMILL_LAW_OPERATIONS` says
//! how many deeds each way, `FEEDMILL_LAW_SEED` makes a failure again.

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

use crate::deeds::{Home, deed};
use crate::driver::{Answer, Connection, Mill, within};
use crate::editions::{Watched, addresses};
use crate::nobody::without_rights;
use crate::rules::DIALECTS;

const DEADLINE: Duration = Duration::from_secs(30);

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// A copy of the program that everybody may run: it may have been built where
/// only the superuser looks.
fn program() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = home.path().join("feedmill");
    // By another process: what this one holds open for writing a child forked meanwhile would hold too, and a
    // program that is being written cannot be run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_feedmill")).arg(&program).status().unwrap();
    assert!(copied.success());
    (home, program)
}

fn serve(program: &Path, home: &Home, flags: &[&str]) -> Mill {
    let mut command = Command::new(program);
    command.current_dir(home.root().path()).env_clear().args(["--content", "content", "--feeds", "feeds"]);
    command.args(["--bind", "127.0.0.1:0", "--admin-bind", "127.0.0.1:0", "--log", "text"]).args(flags);
    Mill::start(command, Arc::clone(home.root()))
}

/// What a server that was told nothing wrong answers at an address.
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
        Found::Media(path) => format!("200 {}", edition.library().image(&path).unwrap().length),
    }
}

/// The same of an answer.
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
        // Which images are public, `media` tests: an edition does not know what the pages of articles show.
        Found::Media(path) if status == 404 => format!("200 {}", edition.library().image(&path).unwrap().length),
        Found::Media(_) => format!("{status} {}", answer.body.len()),
    }
}

/// The first difference between what is served and what is on the disk.
fn difference(mill: &Mill, home: &Home) -> Option<String> {
    let watched = Watched::new(home, Utc::now());
    let fresh = &watched.edition;
    let mut connection = None;
    for address in addresses(fresh) {
        let mut ask = || {
            let kept = connection.take();
            let mut open = kept.map_or_else(|| Connection::open(mill.address()), Ok)?;
            let answer = open.ask("GET", &address, &[])?;
            connection = Some(open);
            Ok::<_, std::io::Error>(answer)
        };
        // A kept connection may be closed between two questions.
        let answer = ask().or_else(|_| ask()).unwrap();
        let (expected, answered) = (expected(fresh, &address), answered(&answer, fresh, &address));
        if expected != answered {
            let lines = expected.lines().zip(answered.lines()).filter(|(one, other)| one != other);
            let (one, other) = lines.last().unwrap_or((&expected, &answered));
            return Some(format!("{address}\nserved: {other}\nafresh: {one}"));
        }
    }
    let known = mill.admin("GET", "/status").ok().json();
    let library = fresh.library();
    let (served, there) = (&known["articles"], library.published_count());
    if served["published"] != there || served["hidden"].as_array().unwrap().len() != library.hidden().count() {
        return Some(format!("served: {served}\nafresh: {there} published, {} hidden", library.hidden().count()));
    }
    let all = known["problems"].as_array().unwrap().iter();
    let mut told: Vec<String> = all
        .map(|problem| {
            let [file, line, code, message, help] =
                ["file", "line", "code", "message", "help"].map(|key| &problem[key]);
            format!("{file}:{line}: {code} {message} {help}")
        })
        .collect();
    let said = |text: &str| serde_json::Value::from(text).to_string();
    let mut there: Vec<String> = watched
        .problems()
        .iter()
        .map(|problem| {
            let line = problem.position.map_or_else(|| "null".to_owned(), |position| position.line.to_string());
            let help = problem.help.as_deref().map_or_else(|| "null".to_owned(), said);
            format!("{}:{line}: {} {} {help}", said(&problem.file), said(problem.code.as_str()), said(&problem.message))
        })
        .collect();
    told.sort();
    there.sort();
    (told != there).then(|| format!("problems\nserved: {told:?}\nafresh: {there:?}"))
}

fn holds(flags: &'static [&'static str]) {
    let (_kept, program) = program();
    let (operations, seed) = (number("FEEDMILL_LAW_OPERATIONS", 300), number("FEEDMILL_LAW_SEED", rand_seed()));
    without_rights(move || {
        let home = Home::new(
            Utc::now().duration_trunc(TimeDelta::hours(1)).unwrap(),
            DIALECTS[usize::try_from(seed % 5).unwrap()],
        );
        let mill = serve(&program, &home, flags);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
        let batches = prop::collection::vec(deed(), 1..=40);
        let (mut done, mut number) = (0, 0);
        while done < operations {
            let batch = batches.new_tree(&mut runner).unwrap().current();
            done += batch.len() as u64;
            number += 1;
            if number % 8 == 0 && flags.contains(&"events") {
                mill.deafen(&home.content());
            }
            for deed in &batch {
                home.act(deed);
            }
            home.mend();
            mill.signal(Signal::CONT);
            let mut last = None;
            let agreed = within(DEADLINE, || {
                last = difference(&mill, &home);
                last.is_none().then_some(())
            });
            assert!(
                agreed.is_some(),
                "FEEDMILL_LAW_SEED={seed}, {flags:?}, after {done} deeds: {}\nthe last were {batch:?}\n{}",
                last.unwrap(),
                mill.log()
            );
        }
    });
}

/// Another one each time, unless one is given.
fn rand_seed() -> u64 {
    Utc::now().timestamp_micros().unsigned_abs()
}

#[test]
fn by_events_what_is_served_becomes_what_a_fresh_reading_gives() {
    holds(&["--watch", "events"]);
}

#[test]
fn by_polling_what_is_served_becomes_what_a_fresh_reading_gives() {
    holds(&["--watch", "poll", "--poll", "100ms"]);
}
