//! The end: it comes in time, polls are answered until then, and the exit code is 0.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::driver::{Folder, Mill, article};

fn serve(drain: &str) -> Mill {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.serve_with(&["--drain", drain])
}

#[test]
fn both_signals_end_it_with_0_within_the_drain_time_and_a_second() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut mill = serve("200ms");
        let start = Instant::now();
        mill.signal(signal);
        assert_eq!(mill.exit(Duration::from_secs(10)), Some(0));
        assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
    }
}

#[test]
fn while_it_drains_it_is_not_ready_and_still_answers_polls() {
    let mut mill = serve("3s");
    mill.signal(Signal::TERM);
    let busy = mill.eventually("/readyz", |answer| answer.status == 503);
    let seconds: u32 = busy.must("retry-after").parse().expect("readers know no dates there");
    assert!(seconds > 0);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    mill.get("/healthz").assert_status(200);
    assert_eq!(mill.exit(Duration::from_secs(10)), Some(0));
}

#[test]
fn a_reader_that_keeps_its_connection_does_not_hold_the_stop_up() {
    let mut mill = serve("200ms");
    let mut idle = crate::driver::Connection::open(mill.address()).unwrap();
    idle.ask("GET", "/rss.xml", &[]).unwrap().assert_status(200);
    let start = Instant::now();
    mill.signal(Signal::TERM);
    assert_eq!(mill.exit(Duration::from_secs(10)), Some(0));
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for first in [Signal::TERM, Signal::INT] {
        let mut mill = serve("60s");
        // A request under way would be waited for.
        let mut half = std::net::TcpStream::connect(mill.address()).unwrap();
        std::io::Write::write_all(&mut half, b"GET /rss.xml HTTP/1.1\r\nHost: a\r\n").unwrap();
        let start = Instant::now();
        mill.signal(first);
        if first == Signal::TERM {
            mill.eventually("/readyz", |answer| answer.status == 503);
        }
        mill.signal(Signal::TERM);
        assert_eq!(mill.exit(Duration::from_secs(10)), Some(0));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

#[test]
fn an_interrupt_does_not_drain_and_a_second_signal_ends_the_drain() {
    let mut mill = serve("60s");
    mill.signal(Signal::INT);
    assert_eq!(mill.exit(Duration::from_secs(10)), Some(0));
    let mut mill = serve("60s");
    mill.signal(Signal::TERM);
    mill.eventually("/readyz", |answer| answer.status == 503);
    assert_eq!(mill.titles("/rss.xml"), ["A"]);
    mill.signal(Signal::TERM);
    assert_eq!(mill.exit(Duration::from_secs(10)), Some(0));
}
