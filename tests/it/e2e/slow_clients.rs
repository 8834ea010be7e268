//! Slow clients, and clients that never send a whole request: they do not delay other clients, and their
//! connections are closed in time.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::driver::{Done, Folder, TestServer, article, png, within};

/// The time limit for a request head, with a margin for a busy machine.
const PATIENCE: Duration = Duration::from_secs(12);

/// Serves with the limit of open files of an ordinary shell.
fn serve() -> TestServer {
    serve_with("-Sn 256").1
}

/// Serves with a limit of open files in the syntax of `ulimit`.
fn serve_with(limit_of_files: &str) -> (Folder, TestServer) {
    // This process opens the other ends of the connections.
    let limit = getrlimit(Resource::Nofile);
    let own = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, own).unwrap();
    let folder = Folder::new();
    folder.write("a.md", article("A", "2026-01-01"));
    // Three megabytes after a valid PNG header, more than socket buffers hold.
    let mut picture = png(9, 9);
    picture.resize(3_000_000, b'.');
    folder.write("static/pic.png", picture);
    let flags = "--log json --bind 127.0.0.1:0 --admin-bind 127.0.0.1:0";
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit {limit_of_files}; exec \"$0\" {flags}"), env!("CARGO_BIN_EXE_feedmill")]);
    shell.current_dir(folder.path(""));
    let server = folder.start(shell);
    (folder, server)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Whether the server has closed the connection; what it sends before is discarded.
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

/// The median duration of several polls, because a single one may wait for the processor.
fn middle_poll(server: &TestServer) -> Duration {
    let mut times: Vec<_> = (0..41)
        .map(|_| {
            let start = Instant::now();
            server.get("/rss.xml").assert_status(200);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn a_thousand_slow_connections_delay_no_poll_by_a_tenth_of_a_second() {
    let server = serve();
    let alone = middle_poll(&server);
    let mut dripping: Vec<TcpStream> = Vec::new();
    for at in 0..1000 {
        let mut stream = connect(server.address());
        // Half of them have received a response before.
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
                    // Writing fails once the server has closed the connection.
                    let _ = stream.write_all(b"x");
                }
                thread::park_timeout(Duration::from_millis(50));
            }
        });
        let _done = Done(done);
        middle_poll(&server)
    });
    assert!(among < alone + Duration::from_millis(100), "{among:?} instead of {alone:?}");
    // A server that has reached the limit of open files would have kept them waiting.
    assert!(!server.log().contains("open files"), "{}", server.log());
}

#[test]
fn connections_leave_enough_open_files_to_read_articles() {
    let (folder, server) = serve_with("-n 512");
    let mut kept = server.connect();
    kept.ask("GET", "/rss.xml", &[]).unwrap().assert_status(200);
    let crowd: Vec<TcpStream> = (0..700).map(|_| connect(server.address())).collect();
    folder.write("b.md", article("B", "2026-01-02"));
    let shown =
        within(PATIENCE, || (kept.ask("GET", "/rss.xml", &[]).unwrap().ok().titles() == ["B", "A"]).then_some(()));
    assert!(shown.is_some() && !server.log().contains("open files"), "{}", server.log());
    drop(crowd);
}

#[test]
fn a_slow_head_times_out_whether_it_is_the_first_of_its_connection_or_a_later_one() {
    let server = serve();
    for served_before in [false, true] {
        let mut stream = connect(server.address());
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
fn an_idle_connection_is_closed() {
    let server = serve();
    let mut stream = connect(server.address());
    assert!(within(PATIENCE, || is_closed(&mut stream).then_some(())).is_some());
}

#[test]
fn a_client_that_reads_slowly_gets_the_whole_response() {
    let server = serve();
    let wanted = server.get("/media/static/pic.png").ok().body;
    let mut stream = connect(server.address());
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
fn a_client_that_disconnects_during_a_response_leaves_nothing_behind() {
    let server = serve();
    for _ in 0..200 {
        let mut stream = connect(server.address());
        stream.write_all(b"GET /media/static/pic.png HTTP/1.1\r\nHost: a.example\r\n\r\n").unwrap();
    }
    let free = |text: &str| text.lines().any(|line| line == "feedmill_connections 0");
    let freed = within(PATIENCE, || free(&server.admin("GET", "/metrics").text()).then_some(()));
    assert!(freed.is_some(), "{}", server.admin("GET", "/metrics").text());
}

#[test]
fn a_client_that_reads_nothing_for_ten_seconds_is_disconnected_and_a_slow_one_is_not() {
    let server = serve();
    let ask = |path: &str| {
        let mut stream = connect(server.address());
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a.example\r\n\r\n").as_bytes()).unwrap();
        stream
    };
    let (_stuck, mut slow) = (ask("/media/static/pic.png"), ask("/media/static/pic.png"));
    let (mut taken, mut piece) = (0, vec![0; 20_000]);
    let open = |count: usize| {
        let line = format!("feedmill_connections {count}");
        server.admin("GET", "/metrics").text().lines().any(|each| each == line)
    };
    let start = Instant::now();
    let cut = within(Duration::from_secs(20), || {
        taken += slow.read(&mut piece).unwrap();
        thread::park_timeout(Duration::from_millis(100));
        (open(1)).then_some(())
    });
    assert!(cut.is_some(), "{}", server.admin("GET", "/metrics").text());
    assert!(start.elapsed() > Duration::from_secs(8));
    while taken < 3_000_000 {
        taken += slow.read(&mut piece).unwrap();
    }
}
