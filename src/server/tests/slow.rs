//! Clients that do not read what they asked for.

use std::io::{ErrorKind, Read as _};
use std::thread;

use super::driver::{TAGS, serve_within};
use super::*;

/// One worker, with room for the answers of about five slow clients.
fn serve() -> driver::Served {
    serve_within(Size { workers: 1, connections: 100, answers: 1 << 20 })
}

fn status(client: &mut Client) -> String {
    let mut first = [0; 12];
    client.0.read_exact(&mut first).unwrap();
    String::from_utf8_lossy(&first[9..]).into_owned()
}

/// Whether the server ended it, in whatever way; what it says before is passed
/// over.
fn is_cut(client: &mut Client) -> bool {
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
fn beyond_the_budget_large_answers_are_refused_and_polls_are_not() {
    let served = serve();
    for path in ["/media/huge.png", "/articles/large/"] {
        let mut slow: Vec<Client> = Vec::new();
        let refused = (0..40).find_map(|_| {
            let mut client = Client::of(&served);
            client.send("GET", path, "");
            let status = status(&mut client);
            slow.push(client);
            (status == "503").then_some(())
        });
        assert!(refused.is_some(), "all were admitted");
        let mut last = slow.pop().unwrap();
        let mut rest = String::new();
        last.0.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("retry-after: 5") && rest.contains("connection: close"), "{rest}");
        assert_eq!(Client::of(&served).ask("GET", "/rss.xml", "").status, 200);
        assert_eq!(Client::of(&served).ask("GET", "/media/short.png", "").status, 200);
        assert_eq!(Client::of(&served).ask("HEAD", path, "").status, 200);
        // Those that have read nothing for a second make room for the next.
        let start = Instant::now();
        let admitted = loop {
            let mut client = Client::of(&served);
            client.send("GET", path, "");
            if status(&mut client) == "200" {
                break client;
            }
            assert!(start.elapsed() < DEADLINE, "nothing was given up");
            thread::yield_now();
        };
        while !slow.iter_mut().any(is_cut) {
            assert!(start.elapsed() < DEADLINE, "the slowest does not go");
            thread::yield_now();
        }
        drop((slow, admitted));
        // What they held is free again.
        let start = Instant::now();
        while !served.count.text(&served.health).contains("feedmill_connections 0\n") {
            assert!(start.elapsed() < DEADLINE);
            thread::yield_now();
        }
    }
}

#[test]
fn a_large_answer_that_is_read_arrives_whatever_others_do() {
    let served = serve();
    let slow: Vec<Client> = (0..20)
        .map(|_| {
            let mut client = Client::of(&served);
            client.send("GET", "/media/huge.png", "");
            client
        })
        .collect();
    let start = Instant::now();
    loop {
        let mut client = Client::of(&served);
        let reply = client.ask("GET", "/articles/large/", "");
        if reply.status == 200 {
            assert!(reply.body == large().as_bytes());
            break;
        }
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("5")));
        assert!(start.elapsed() < DEADLINE, "it is never admitted");
        thread::yield_now();
    }
    drop(slow);
}

#[test]
fn beyond_the_number_of_connections_the_longest_idle_one_is_closed() {
    let served = serve_within(Size { workers: 1, connections: 20, answers: 1 << 20 });
    let mut idle: Vec<Client> = (0..20).map(|_| Client::of(&served)).collect();
    for client in &mut idle {
        assert_eq!(client.ask("GET", "/rss.xml", "").status, 200);
    }
    let start = Instant::now();
    let mut more = Vec::new();
    while !idle.iter_mut().any(is_cut) {
        assert!(start.elapsed() < DEADLINE, "all are kept");
        let mut client = Client::of(&served);
        // It may have to wait until an idle one is closed.
        client.0.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        client.send("GET", "/rss.xml", "");
        let mut first = [0; 12];
        if client.0.read_exact(&mut first).is_ok() {
            more.push(client);
        }
    }
}

#[test]
fn a_tag_is_waited_for_as_long_as_the_client_is_there() {
    let served = serve_within(Size { workers: 1, connections: 100, answers: 1 << 20 });
    let start = Instant::now();
    let next = || loop {
        if let Some(sender) = TAGS.lock().unwrap().pop() {
            return sender;
        }
        assert!(start.elapsed() < DEADLINE, "it was never asked for");
        thread::yield_now();
    };
    let mut client = Client::of(&served);
    client.send("HEAD", "/media/soon.png", "");
    let made = next();
    // Others are answered meanwhile.
    assert_eq!(Client::of(&served).ask("GET", "/media/short.png", "").status, 200);
    assert!(!made.is_closed());
    made.send("\"made\"".into()).unwrap();
    assert_eq!(client.receive("HEAD").header("etag"), Some("\"made\""));
    client.send("HEAD", "/media/soon.png", "");
    let wanted = next();
    drop(client);
    while !wanted.is_closed() {
        assert!(start.elapsed() < DEADLINE, "it is made for no client");
        thread::yield_now();
    }
    let mut client = Client::of(&served);
    client.send("GET", "/media/soon.png", "");
    drop(next());
    assert_eq!(client.receive("GET").status, 500, "no tag could be made");
}
