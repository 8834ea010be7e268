//! Clients that do not read their responses.

use std::io::{ErrorKind, Read as _};
use std::thread;

use super::driver::{TAGS, serve_articles, serve_within};
use super::*;
use crate::article::body::cost;

/// A server with one worker, and memory for the responses of about five slow clients.
fn serve() -> driver::Served {
    serve_within(Size { workers: 1, connections: 100, answers: 1 << 20 })
}

fn status(client: &mut TestClient) -> String {
    let mut first = [0; 12];
    client.0.read_exact(&mut first).unwrap();
    String::from_utf8_lossy(&first[9..]).into_owned()
}

/// Whether the server closed the connection in any way. Data before the end is skipped.
fn is_cut(client: &mut TestClient) -> bool {
    client.0.set_nonblocking(true).unwrap();
    loop {
        match client.0.read(&mut [0; 8192]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

#[test]
fn above_the_budget_large_responses_are_refused_and_small_ones_are_not() {
    let served = serve();
    for path in ["/media/huge.png", "/articles/large/"] {
        let mut slow: Vec<TestClient> = Vec::new();
        let refused = (0..40).find_map(|_| {
            let mut client = TestClient::of(&served);
            client.send("GET", path, "");
            let status = status(&mut client);
            slow.push(client);
            (status == "503").then_some(())
        });
        assert!(refused.is_some(), "no response was refused");
        let mut last = slow.pop().unwrap();
        let mut rest = String::new();
        last.0.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("retry-after: 5") && rest.contains("connection: close"), "{rest}");
        assert_eq!(TestClient::of(&served).ask("GET", "/rss.xml", "").status, 200);
        assert_eq!(TestClient::of(&served).ask("GET", "/media/short.png", "").status, 200);
        assert_eq!(TestClient::of(&served).ask("HEAD", path, "").status, 200);
        // Clients that have read nothing for a second are closed in favour of the next one.
        let start = Instant::now();
        let admitted = loop {
            let mut client = TestClient::of(&served);
            client.send("GET", path, "");
            if status(&mut client) == "200" {
                break client;
            }
            assert!(start.elapsed() < DEADLINE, "no slow client was closed");
            thread::yield_now();
        };
        while !slow.iter_mut().any(is_cut) {
            assert!(start.elapsed() < DEADLINE, "the slowest client was not closed");
            thread::yield_now();
        }
        drop((slow, admitted));
        // The memory is free again.
        let start = Instant::now();
        while !served.count.text(&served.health).contains("feedmill_connections 0\n") {
            assert!(start.elapsed() < DEADLINE);
            thread::yield_now();
        }
    }
}

#[test]
fn requests_that_wait_for_memory_to_render_do_not_delay_others() {
    let size = Size { workers: 1, connections: 100, answers: 1 << 30 };
    let served = serve_articles(&"words ".repeat(100_000), size, Pool::with("files", 2, 2).unwrap());
    // All memory for rendering is taken.
    let permit = cost::rendering_permit(usize::MAX);
    let mut clients: Vec<TestClient> = (0..10).map(|_| TestClient::of(&served)).collect();
    for (client, path) in clients.iter_mut().zip(["/rss.xml", "/atom.xml", "/feed.json"].iter().cycle()) {
        client.send("GET", path, "Accept-Encoding: br\r\n");
        client.0.set_nonblocking(true).unwrap();
    }
    // One request occupies a thread, two wait, and the others are refused.
    let (start, mut refused) = (Instant::now(), 0);
    while refused < 7 {
        assert!(start.elapsed() < DEADLINE, "{refused} requests were refused");
        for path in ["/healthz", "/", "/articles/a/", "/media/short.png"] {
            assert_eq!(TestClient::of(&served).ask("GET", path, "").status, 200, "{path}");
        }
        clients.retain_mut(|client| {
            let has_answer = client.0.peek(&mut [0]).is_ok();
            if has_answer {
                client.0.set_nonblocking(false).unwrap();
                let reply = client.receive("GET");
                assert_eq!((reply.status, reply.header("retry-after")), (503, Some("5")));
                refused += 1;
            }
            !has_answer
        });
    }
    assert!(clients.len() >= 2, "{}", clients.len());
    drop(permit);
    for mut client in clients {
        client.0.set_nonblocking(false).unwrap();
        assert_eq!(client.receive("GET").status, 200);
    }
}

#[test]
fn a_large_response_arrives_while_other_clients_are_slow() {
    let served = serve();
    let slow: Vec<TestClient> = (0..20)
        .map(|_| {
            let mut client = TestClient::of(&served);
            client.send("GET", "/media/huge.png", "");
            client
        })
        .collect();
    let start = Instant::now();
    loop {
        let mut client = TestClient::of(&served);
        let reply = client.ask("GET", "/articles/large/", "");
        if reply.status == 200 {
            assert!(reply.body == large().as_bytes());
            break;
        }
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("5")));
        assert!(start.elapsed() < DEADLINE, "the request was never admitted");
        thread::yield_now();
    }
    drop(slow);
}

#[test]
fn above_the_number_of_connections_the_longest_idle_one_is_closed() {
    let served = serve_within(Size { workers: 1, connections: 20, answers: 1 << 20 });
    let mut idle: Vec<TestClient> = (0..20).map(|_| TestClient::of(&served)).collect();
    for client in &mut idle {
        assert_eq!(client.ask("GET", "/rss.xml", "").status, 200);
    }
    let start = Instant::now();
    let mut more = Vec::new();
    while !idle.iter_mut().any(is_cut) {
        assert!(start.elapsed() < DEADLINE, "no idle connection was closed");
        let mut client = TestClient::of(&served);
        // The request may have to wait until an idle connection is closed.
        client.0.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        client.send("GET", "/rss.xml", "");
        let mut first = [0; 12];
        if client.0.read_exact(&mut first).is_ok() {
            more.push(client);
        }
    }
}

#[test]
fn an_etag_is_computed_as_long_as_a_client_waits_for_it() {
    let served = serve_within(Size { workers: 1, connections: 100, answers: 1 << 20 });
    let start = Instant::now();
    let next = || loop {
        if let Some(sender) = TAGS.lock().unwrap().pop() {
            return sender;
        }
        assert!(start.elapsed() < DEADLINE, "no tag was requested");
        thread::yield_now();
    };
    let mut client = TestClient::of(&served);
    client.send("HEAD", "/media/soon.png", "");
    let made = next();
    // Other clients get responses in the meantime.
    assert_eq!(TestClient::of(&served).ask("GET", "/media/short.png", "").status, 200);
    assert!(!made.is_closed());
    made.send("\"made\"".into()).unwrap();
    assert_eq!(client.receive("HEAD").header("etag"), Some("\"made\""));
    client.send("HEAD", "/media/soon.png", "");
    let wanted = next();
    drop(client);
    while !wanted.is_closed() {
        assert!(start.elapsed() < DEADLINE, "the tag is computed although the client left");
        thread::yield_now();
    }
    let mut client = TestClient::of(&served);
    client.send("GET", "/media/soon.png", "");
    drop(next());
    assert_eq!(client.receive("GET").status, 500, "the tag could not be computed");
}
