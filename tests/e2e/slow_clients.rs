//! Clients that take their time, and those that only pretend to be clients: they cost
//! nobody an answer, and nobody waits for them for ever.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::driver::{Folder, Mill, article, png, within};

/// How long a head may take, with room for a busy machine.
const PATIENCE: Duration = Duration::from_secs(12);

/// Serves with no more open files than an ordinary shell allows.
fn serve() -> Mill {
    serve_with("-Sn 256").1
}

/// Serves within a limit of open files, as `ulimit` takes it.
fn serve_with(limit_of_files: &str) -> (Folder, Mill) {
    // This process opens the other ends.
    let limit = getrlimit(Resource::Nofile);
    let own = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, own).unwrap();
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    // Three megabytes behind a real head, more than sockets hold.
    let mut picture = png(9, 9);
    picture.resize(3_000_000, b'.');
    folder.write("static/pic.png", picture);
    let flags = "--log json --bind 127.0.0.1:0 --admin-bind 127.0.0.1:0";
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit {limit_of_files}; exec \"$0\" {flags}"), env!("CARGO_BIN_EXE_feedmill")]);
    shell.current_dir(folder.path(""));
    let mill = folder.start(shell);
    (folder, mill)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Whether the other side has closed; what it says before is passed over.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let mut scratch = [0; 4096];
    let closed = loop {
        match stream.read(&mut scratch) {
            Ok(0) => break true,
            Ok(_) => {}
            Err(error) => break error.kind() != std::io::ErrorKind::WouldBlock,
        }
    };
    stream.set_nonblocking(false).unwrap();
    closed
}

/// Sets the flag even when a test fails, so that the threads of a scope end.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How long polls take, the middle of them: one alone may wait for the processor.
fn middle_poll(mill: &Mill) -> Duration {
    let mut times: Vec<_> = (0..41)
        .map(|_| {
            let start = Instant::now();
            mill.get("/rss.xml").assert_status(200);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn a_thousand_dripping_connections_delay_no_poll_by_a_tenth_of_a_second() {
    let mill = serve();
    let alone = middle_poll(&mill);
    let mut dripping: Vec<TcpStream> = Vec::new();
    for at in 0..1000 {
        let mut stream = connect(mill.address());
        // Half of them have been served before.
        if at % 2 == 0 {
            stream.write_all(b"HEAD /rss.xml HTTP/1.1\r\nHost: a.example\r\n\r\n").unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
        }
        stream.write_all(b"GET /rss.xml HTTP/1.1\r\nHost: a.example\r\nX: ").unwrap();
        dripping.push(stream);
    }
    let done = AtomicBool::new(false);
    let among = thread::scope(|scope| {
        let (dripping, done) = (&mut dripping, &done);
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                for stream in dripping.iter_mut() {
                    // Who was let go meanwhile drips no more.
                    let _ = stream.write_all(b"x");
                }
                thread::park_timeout(Duration::from_millis(50));
            }
        });
        let _done = Done(done);
        middle_poll(&mill)
    });
    assert!(among < alone + Duration::from_millis(100), "{among:?} instead of {alone:?}");
    // A server without files to spare would have let them wait outside.
    assert!(!mill.log().contains("open files"), "{}", mill.log());
}

#[test]
fn connections_leave_enough_open_files_to_read_articles() {
    let (folder, mill) = serve_with("-n 512");
    let mut kept = mill.connect();
    kept.ask("GET", "/rss.xml", &[]).unwrap().assert_status(200);
    let crowd: Vec<TcpStream> = (0..700).map(|_| connect(mill.address())).collect();
    folder.write("b.md", article("B", "2026-01-02"));
    let shown =
        within(PATIENCE, || (kept.ask("GET", "/rss.xml", &[]).unwrap().ok().titles() == ["B", "A"]).then_some(()));
    assert!(shown.is_some() && !mill.log().contains("open files"), "{}", mill.log());
    drop(crowd);
}

#[test]
fn a_head_that_drips_ends_in_time_whether_it_is_the_first_of_its_connection_or_a_later_one() {
    let mill = serve();
    for served_before in [false, true] {
        let mut stream = connect(mill.address());
        if served_before {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n").unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
        }
        stream.write_all(b"GET /rss.xml HTTP/1.1\r\nHost: a.example\r\nX: ").unwrap();
        let closed = within(PATIENCE, || (stream.write_all(b"x").is_err() || is_closed(&mut stream)).then_some(()));
        assert!(closed.is_some(), "served before: {served_before}");
    }
}

#[test]
fn a_connection_on_which_nothing_is_said_is_let_go() {
    let mill = serve();
    let mut stream = connect(mill.address());
    assert!(within(PATIENCE, || is_closed(&mut stream).then_some(())).is_some());
}

#[test]
fn a_client_that_takes_its_answer_slowly_gets_all_of_it() {
    let mill = serve();
    let wanted = mill.get("/media/static/pic.png").ok().body;
    let mut stream = connect(mill.address());
    stream.write_all(b"GET /media/static/pic.png HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut all = Vec::new();
    let mut piece = [0; 14_989];
    loop {
        match stream.read(&mut piece).unwrap() {
            0 => break,
            length => all.extend_from_slice(&piece[..length]),
        }
        thread::park_timeout(Duration::from_micros(200));
    }
    assert!(all.ends_with(&wanted));
}

#[test]
fn a_client_that_goes_away_in_the_middle_costs_nothing() {
    let mill = serve();
    for _ in 0..200 {
        let mut stream = connect(mill.address());
        stream.write_all(b"GET /media/static/pic.png HTTP/1.1\r\nHost: a.example\r\n\r\n").unwrap();
    }
    let free = |text: &str| text.lines().any(|line| line == "feedmill_connections 0");
    let freed = within(PATIENCE, || free(&mill.admin("GET", "/metrics").text()).then_some(()));
    assert!(freed.is_some(), "{}", mill.admin("GET", "/metrics").text());
}

#[test]
fn a_client_that_takes_nothing_for_ten_seconds_is_let_go_and_one_that_takes_a_little_is_not() {
    let mill = serve();
    let ask = |path: &str| {
        let mut stream = connect(mill.address());
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a.example\r\n\r\n").as_bytes()).unwrap();
        stream
    };
    let (_stuck, mut slow) = (ask("/media/static/pic.png"), ask("/media/static/pic.png"));
    let (mut taken, mut piece) = (0, vec![0; 20_000]);
    let open = |count: usize| {
        let line = format!("feedmill_connections {count}");
        mill.admin("GET", "/metrics").text().lines().any(|each| each == line)
    };
    let start = Instant::now();
    let cut = within(Duration::from_secs(20), || {
        taken += slow.read(&mut piece).unwrap();
        thread::park_timeout(Duration::from_millis(100));
        (open(1)).then_some(())
    });
    assert!(cut.is_some(), "{}", mill.admin("GET", "/metrics").text());
    assert!(start.elapsed() > Duration::from_secs(8));
    while taken < 3_000_000 {
        taken += slow.read(&mut piece).unwrap();
    }
}
