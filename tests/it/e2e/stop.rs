//! Shutdown: it ends in time with exit code 0, and polls get responses until then.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::driver::{Folder, TestServer, article};

fn serve(drain: &str) -> TestServer {
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    folder.serve_with(&["--drain", drain])
}

#[test]
fn both_signals_end_it_with_0_within_a_second_after_the_drain() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = serve("200ms");
        let start = Instant::now();
        server.signal(signal);
        assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
        assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
    }
}

#[test]
fn while_it_drains_it_is_not_ready_and_still_responds_to_polls() {
    let mut server = serve("3s");
    server.signal(Signal::TERM);
    let busy = server.eventually("/readyz", |answer| answer.status == 503);
    let seconds: u32 = busy.must("retry-after").parse().expect("some readers do not support dates here");
    assert!(seconds > 0);
    assert_eq!(server.titles("/rss.xml"), ["A"]);
    server.get("/healthz").assert_status(200);
    assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
}

#[test]
fn a_reader_with_a_kept_connection_does_not_delay_the_stop() {
    let mut server = serve("200ms");
    let mut idle = crate::driver::Connection::open(server.address()).unwrap();
    idle.ask("GET", "/rss.xml", &[]).unwrap().assert_status(200);
    let start = Instant::now();
    server.signal(Signal::TERM);
    assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for first in [Signal::TERM, Signal::INT] {
        let mut server = serve("60s");
        // The server would wait for a request that has begun.
        let mut half = std::net::TcpStream::connect(server.address()).unwrap();
        std::io::Write::write_all(&mut half, b"GET /rss.xml HTTP/1.1\r\nHost: a\r\n").unwrap();
        let start = Instant::now();
        server.signal(first);
        if first == Signal::TERM {
            server.eventually("/readyz", |answer| answer.status == 503);
        }
        server.signal(Signal::TERM);
        assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

#[test]
fn an_interrupt_does_not_drain() {
    let mut server = serve("60s");
    server.signal(Signal::INT);
    assert_eq!(server.exit(Duration::from_secs(10)), Some(0));
}
