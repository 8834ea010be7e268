//! A log that is not read: the program serves, watches and stops as usual, and counts the lines it drops.

use std::io::{BufRead as _, BufReader, PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Signal;

use crate::driver::{Finished, Folder, Process, article};

/// A pipe that is full.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = pipe().unwrap();
    let flags = fcntl_getfl(&writer).unwrap();
    fcntl_setfl(&writer, flags | OFlags::NONBLOCK).unwrap();
    while writer.write(&[b'\n'; 4096]).is_ok() {}
    // The program must get a blocking pipe, because the pipes of usual logs are.
    fcntl_setfl(&writer, flags).unwrap();
    (reader, writer)
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.write("bad.md", "---\ntitle: [Bad\n---\n");
    folder
}

/// Sends requests whose log lines fill the queue of a mebibyte and the pipe.
fn fill_the_log(server: &crate::driver::TestServer) {
    let long = format!("/{}", "a".repeat(8000));
    for _ in 0..160 {
        server.get(&long).assert_status(404);
    }
}

#[test]
fn a_server_whose_log_is_a_full_pipe_serves_watches_and_stops() {
    let folder = folder();
    let (_reader, writer) = full_pipe();
    let mut server = folder.serve_logging_to(&["--access-log", "on", "--drain", "100ms"], writer.into());
    fill_the_log(&server);
    folder.write("b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
    assert_eq!(server.get("/readyz").ok().json()["stale"], false);
    let metrics = server.admin("GET", "/metrics").ok().text();
    let dropped = metrics.lines().find_map(|line| line.strip_prefix("feedmill_log_lines_dropped_total "));
    assert!(dropped.unwrap().parse::<u64>().unwrap() > 0, "{metrics}");
    server.signal(Signal::TERM);
    assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
}

#[test]
fn a_second_signal_ends_a_server_whose_log_is_a_full_pipe() {
    let (_reader, writer) = full_pipe();
    let mut server = folder().serve_logging_to(&["--drain", "60s"], writer.into());
    server.signal(Signal::TERM);
    server.eventually("/readyz", |answer| answer.status == 503);
    server.signal(Signal::TERM);
    assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
}

#[test]
fn a_reader_that_comes_back_gets_whole_lines_and_the_number_of_those_dropped() {
    let folder = folder();
    let (reader, writer) = pipe().unwrap();
    let server = folder.serve_logging_to(&["--log", "json", "--access-log", "on", "--drain", "0s"], writer.into());
    fill_the_log(&server);
    let mut lines = BufReader::new(reader).lines();
    let lost = lines.find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).expect("incomplete line");
        line["message"].as_str()?.contains("were dropped").then(|| line["lines"].as_u64())
    });
    assert!(lost.flatten().expect("the gap was not reported") > 0);
    // From now on no line is missing.
    server.get("/afterwards").assert_status(404);
    assert!(lines.any(|line| line.unwrap().contains("/afterwards")));
}

#[test]
fn a_server_outlives_the_reader_of_its_log() {
    let folder = folder();
    let (reader, writer) = pipe().unwrap();
    let mut server = folder.serve_logging_to(&["--access-log", "on", "--drain", "100ms"], writer.into());
    drop(reader);
    folder.write("b.md", article("B", "2026-01-02"));
    server.eventually_shows("/rss.xml", &["B", "A"]);
    server.signal(Signal::TERM);
    assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
}

/// Runs a command that ends by itself, with a log that is not read.
fn run_unread(folder: &Folder, arguments: &[&str]) -> Finished {
    let (_reader, writer) = full_pipe();
    Process::start_logging_to(folder.command(arguments), Stdio::from(writer)).finish()
}

#[test]
fn an_error_at_the_start_ends_the_program_even_if_its_log_is_not_read() {
    let folder = folder();
    for arguments in [
        &["serve", "--content", "missing"][..],
        &["serve", "--poll", "soon"],
        &["serve", "--no-such-flag"],
        &["build", "--out", "content"],
        &["check", "--content", "missing"],
    ] {
        run_unread(&folder, arguments).assert_code(2);
    }
    run_unread(&folder, &["healthcheck", "--bind", "127.0.0.1:1"]).assert_code(1);
}

#[test]
fn build_and_check_work_even_if_their_log_is_not_read() {
    let folder = folder();
    run_unread(&folder, &["build"]).assert_code(0);
    assert!(folder.path("dist/rss.xml").is_file());
    let checked = run_unread(&folder, &["check", "--deep"]);
    checked.assert_code(1);
    assert!(checked.out.contains("bad.md"), "the report is incomplete:\n{}", checked.out);
}

#[test]
fn a_signal_ends_a_check_whose_report_is_not_read() {
    let folder = folder();
    for number in 0..600 {
        folder.write(&format!("{number}-{}.md", "long".repeat(50)), "---\ntitle: [Bad\n---\n");
    }
    for signal in [Signal::TERM, Signal::INT] {
        let (mut reader, writer) = pipe().unwrap();
        let mut child = folder.command(&["check"]).stdout(writer).stderr(Stdio::null()).spawn().unwrap();
        // The report has begun, and is longer than the pipe's buffer.
        reader.read_exact(&mut [0]).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
        let ended = crate::driver::within(Duration::from_secs(10), || child.try_wait().unwrap());
        assert!(ended.is_some_and(|status| !status.success()), "{ended:?}");
    }
}

#[test]
fn a_slow_reader_gets_the_whole_output_of_a_check() {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    let (mut reader, writer) = full_pipe();
    let mut child = folder.command(&["check"]).stdout(writer.try_clone().unwrap()).stderr(writer).spawn().unwrap();
    let waited = crate::driver::within(Duration::from_secs(1), || child.try_wait().unwrap());
    assert!(waited.is_none(), "the check waited for its reader: {waited:?}");
    let mut report = String::new();
    reader.read_to_string(&mut report).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(report.trim_end().ends_with("no errors and no warnings in 1 article and no categories"), "{report}");
}
