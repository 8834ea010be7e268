//! Requests as no library sends them: ahead of their turn, in old or odd forms, too long,
//! or made to be read in two ways. Each is answered for what it is, or the connection ends.

use crate::driver::{Answer, Connection, Folder, Mill, article, png};

fn serve() -> Mill {
    let folder = Folder::new();
    folder.write("static/pic.png", png(64, 64));
    folder.write("a.md", article("A", "2026-01-01"));
    folder.serve()
}

/// A whole request without a body.
fn request(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: a.example\r\n\r\n")
}

/// Sends bytes and takes all that comes back until the server closes.
#[track_caller]
fn all_that_comes(mill: &Mill, bytes: impl AsRef<[u8]>) -> String {
    let mut connection = mill.connect();
    connection.send(bytes).unwrap();
    String::from_utf8_lossy(&connection.rest().unwrap()).into_owned()
}

fn statuses(text: &str) -> Vec<&str> {
    text.split("HTTP/1.").skip(1).filter_map(|answer| answer.split(' ').nth(1)).collect()
}

#[track_caller]
fn assert_sent_ahead(mill: &Mill, order: &[(&str, &str)]) {
    let alone = |(method, path): &(&str, &str)| mill.connect().ask(method, path, &[]).unwrap();
    let wanted: Vec<Answer> = order.iter().map(alone).collect();
    let mut connection = mill.connect();
    let requests: Vec<_> = order.iter().map(|(method, path)| request(method, path)).collect();
    connection.send(requests.concat()).unwrap();
    for ((method, path), wanted) in order.iter().zip(wanted) {
        let answer =
            connection.answer(method).unwrap_or_else(|error| panic!("{error} at {method} {path} of {order:?}"));
        assert_eq!(answer.status, wanted.status, "{method} {path} of {order:?}");
        assert_eq!(answer.header("content-length"), wanted.header("content-length"), "{method} {path} of {order:?}");
        assert!(answer.body == wanted.body, "{method} {path} of {order:?}");
    }
    // Nothing is left over that the next answer would be taken for.
    assert_eq!(connection.ask("GET", "/healthz", &[]).unwrap().ok().body, b"{\"status\":\"ok\"}\n");
}

#[test]
fn requests_sent_ahead_are_answered_each_as_it_was_asked() {
    let mill = serve();
    let paths = ["/rss.xml", "/", "/nowhere", "/articles/a/", "/media/static/pic.png", "/categories", "/healthz"];
    // Every way to put GET and HEAD in a row of four.
    for pattern in 0_u32..16 {
        for first in 0..paths.len() {
            let method = |at: u32| if pattern >> at & 1 == 0 { "GET" } else { "HEAD" };
            let order: Vec<_> = (0..4).map(|at| (method(at), paths[(first + at as usize) % paths.len()])).collect();
            assert_sent_ahead(&mill, &order);
        }
    }
    assert_sent_ahead(&mill, &[("HEAD", "/rss.xml"), ("OPTIONS", "/"), ("HEAD", "/"), ("PUT", "/"), ("HEAD", "/")]);
    // More than Actix queues.
    let many: Vec<_> = (0..100).map(|at| (if at % 3 == 0 { "HEAD" } else { "GET" }, paths[at % paths.len()])).collect();
    assert_sent_ahead(&mill, &many);
}

#[test]
fn requests_that_come_byte_by_byte_are_answered() {
    let mill = serve();
    let mut connection = mill.connect();
    let wanted = mill.get("/rss.xml").ok();
    for byte in (request("HEAD", "/rss.xml") + &request("GET", "/rss.xml")).bytes() {
        connection.send([byte]).unwrap();
    }
    assert_eq!(connection.answer("HEAD").unwrap().must("content-length"), wanted.must("content-length"));
    assert_eq!(connection.answer("GET").unwrap().body, wanted.body);
}

#[test]
fn a_connection_is_kept_until_somebody_asks_to_close_it() {
    let mill = serve();
    let mut connection = mill.connect();
    assert_eq!(connection.ask("GET", "/rss.xml", &[]).unwrap().ok().header("connection"), None);
    let last = connection.ask("GET", "/rss.xml", &[("Connection", "close")]).unwrap().ok();
    assert_eq!(last.must("connection"), "close");
    connection.end().unwrap();
    // What was sent after the last request is not answered.
    let close = "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
    assert_eq!(statuses(&all_that_comes(&mill, close.to_owned() + close)), ["200"]);
}

#[test]
fn a_client_of_http_1_0_is_answered_and_the_connection_closed_unless_it_wants_to_keep_it() {
    let mill = serve();
    let wanted = mill.get("/rss.xml").ok();
    let text = all_that_comes(&mill, "GET /rss.xml HTTP/1.0\r\n\r\n");
    assert!(text.starts_with("HTTP/1.0 200 OK\r\n"), "{text}");
    assert!(text.ends_with(&wanted.text()));
    let mut connection = mill.connect();
    for _ in 0..3 {
        connection.send("GET /rss.xml HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").unwrap();
        let answer = connection.answer("GET").unwrap().ok();
        assert_eq!((answer.must("connection"), answer.body == wanted.body), ("keep-alive", true));
    }
}

#[test]
fn an_absolute_target_is_answered_by_its_path() {
    let mill = serve();
    let wanted = mill.get("/rss.xml").ok();
    for target in ["http://other.example/rss.xml", "HTTP://OTHER.EXAMPLE:8080/rss.xml?a=b", "https://x.example/rss.xml"]
    {
        let mut connection = mill.connect();
        connection.send(request("GET", target)).unwrap();
        assert_eq!(connection.answer("GET").unwrap().ok().body, wanted.body, "{target}");
    }
    let mut connection = mill.connect();
    connection.send(request("OPTIONS", "*")).unwrap();
    connection.answer("OPTIONS").unwrap().assert_status(204);
}

#[test]
fn a_body_that_comes_with_a_get_is_no_request_and_changes_nothing() {
    let mill = serve();
    let wanted = mill.get("/rss.xml").ok();
    let inner = request("GET", "/nowhere");
    let bodies = [
        format!("Content-Length: {}\r\n\r\n{inner}", inner.len()),
        format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len()),
        // Promised and never sent.
        "Content-Length: 5\r\n\r\n".to_owned(),
        "Content-Length: 99999999999\r\n\r\nabc".to_owned(),
    ];
    for body in bodies {
        for method in ["GET", "POST"] {
            let mut connection = mill.connect();
            connection.send(format!("{method} /rss.xml HTTP/1.1\r\nHost: a.example\r\n{body}")).unwrap();
            let answer = connection.answer(method).unwrap();
            let (status, is_feed) = if method == "GET" { (200, true) } else { (405, false) };
            assert_eq!((answer.status, answer.body == wanted.body), (status, is_feed), "{body}");
            // Whoever sends one is not heard again: where it ends is a matter of opinion.
            assert_eq!(answer.must("connection"), "close", "{body}");
            connection.fall_silent().unwrap();
            connection.end().unwrap();
        }
    }
}

#[test]
fn who_asks_before_sending_a_body_is_answered_at_once() {
    let mill = serve();
    for (method, status) in [("GET", 200), ("PUT", 405)] {
        let mut connection = mill.connect();
        let head = "/rss.xml HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
        connection.send(format!("{method} {head}")).unwrap();
        let mut answer = connection.answer(method).unwrap();
        if answer.status == 100 {
            answer = connection.answer(method).unwrap();
        }
        assert_eq!(answer.status, status, "{method}");
    }
}

#[test]
fn a_method_in_another_case_is_another_method() {
    let mill = serve();
    for method in ["get", "Get", "head", "M-SEARCH", "PROPFIND", "GETS", "CONNECT"] {
        let answer = mill.connect().ask(method, "/rss.xml", &[]).unwrap();
        assert_eq!((answer.status, answer.must("allow")), (405, "GET, HEAD, OPTIONS"), "{method}");
    }
}

#[test]
fn a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_ends() {
    let mill = serve();
    let table = [
        (
            "a length and chunks",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        ("two lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"),
        ("two equal lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde"),
        ("a list of lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde"),
        ("a signed length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde"),
        ("a negative length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        ("chunks under another name", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("two codings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        (
            "coding twice",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        ("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a blank before the colon", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde"),
        ("a folded line", "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n"),
        ("a blank before the first name", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("no host", "GET / HTTP/1.1\r\n\r\n"),
        ("a name that is none", "GET / HTTP/1.1\r\nHost: a\r\nA\0b: c\r\n\r\n"),
        ("a value with a zero", "GET / HTTP/1.1\r\nHost: a\r\nA: b\0c\r\n\r\n"),
        ("a bare carriage return", "GET / HTTP/1.1\r\nHost: a\r\nA: b\rContent-Length: 5\r\n\r\n"),
        ("a method that is none", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a version that is none", "GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
        ("no request at all", "\x16\x03\x01\x02\0\x01\0\r\n\r\n"),
    ];
    for (what, bytes) in table {
        // What follows must not be answered: it could be part of the first.
        let text = all_that_comes(&mill, bytes.to_owned() + &request("GET", "/rss.xml"));
        assert_eq!(statuses(&text), ["400"], "{what}: {text}");
    }
    assert!(!mill.log().contains("ERROR"), "what strangers send is no error of ours:\n{}", mill.log());
}

#[test]
fn too_much_of_a_head_is_refused_and_never_waited_for() {
    let mill = serve();
    let long = |length: usize| request("GET", &format!("/{}", "a".repeat(length - 1)));
    let headers = |count: usize, length: usize| {
        let lines: Vec<_> = (0..count).map(|at| format!("X-{at}: {}\r\n", "a".repeat(length))).collect();
        format!("GET /rss.xml HTTP/1.1\r\nHost: a.example\r\n{}\r\n", lines.concat())
    };
    for (bytes, wanted) in [
        (long(8192), &["404"][..]),
        (long(8193), &["414"]),
        (long(60_000), &["414"]),
        (long(70_000), &["400", "414"]),
        (long(200_000), &["431"]),
        (headers(60, 100), &["200"]),
        (headers(1000, 5), &["431"]),
        (headers(90, 2000), &["431"]),
        ("GET /".to_owned() + &"a".repeat(200_000), &["431"]),
    ] {
        let mut connection = mill.connect();
        // A server that has read enough may close while the rest is on its way.
        let _ = connection.send(&bytes);
        let answer = connection.answer("GET").unwrap_or_else(|error| panic!("{error} for {bytes:.40}"));
        assert!(wanted.contains(&&*answer.status.to_string()), "{} for {bytes:.40}", answer.status);
    }
    mill.get("/rss.xml").assert_status(200);
}

#[test]
fn a_client_that_falls_silent_after_its_request_still_gets_the_answer() {
    let mill = serve();
    for path in ["/rss.xml", "/articles/a/", "/media/static/pic.png"] {
        let wanted = mill.get(path).ok();
        let mut connection = mill.connect();
        connection.send(request("GET", path)).unwrap();
        connection.fall_silent().unwrap();
        assert_eq!(connection.answer("GET").unwrap().ok().body, wanted.body, "{path}");
        connection.end().unwrap();
    }
}

#[test]
fn empty_lines_before_a_request_are_passed_over() {
    let mill = serve();
    let mut connection = mill.connect();
    for before in ["\r\n", "\n", "\r\n\r\n\r\n"] {
        connection.send(before.to_owned() + &request("GET", "/rss.xml")).unwrap();
        connection.answer("GET").unwrap().assert_status(200);
    }
    // Lines that end without a carriage return are read too (RFC 9112, 2.2).
    connection.send("GET /rss.xml HTTP/1.1\nHost: a\n\nGET / HTTP/1.1\nHost: a\n\n").unwrap();
    for _ in 0..2 {
        connection.answer("GET").unwrap().assert_status(200);
    }
}

#[test]
fn a_connection_that_never_says_a_word_costs_nobody_an_answer() {
    let mill = serve();
    let silent: Vec<Connection> = (0..100).map(|_| mill.connect()).collect();
    mill.get("/rss.xml").assert_status(200);
    drop(silent);
}
