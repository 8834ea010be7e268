//! Requests that no HTTP library sends: pipelined, in old or unusual forms, too long, or ambiguous. Each gets
//! the right response, or the connection is closed.

use crate::driver::{Answer, Folder, TestServer, article, png};

fn serve() -> TestServer {
    let folder = Folder::new();
    folder.write("static/pic.png", png(64, 64));
    folder.write("a.md", article("A", "2026-01-01"));
    folder.serve()
}

/// A complete request without a body.
fn request(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: a.example\r\n\r\n")
}

/// Sends bytes and returns everything until the server closes the connection.
#[track_caller]
fn all_that_comes(server: &TestServer, bytes: impl AsRef<[u8]>) -> String {
    let mut connection = server.connect();
    connection.send(bytes).unwrap();
    String::from_utf8_lossy(&connection.rest().unwrap()).into_owned()
}

fn statuses(text: &str) -> Vec<&str> {
    text.split("HTTP/1.").skip(1).filter_map(|answer| answer.split(' ').nth(1)).collect()
}

#[track_caller]
fn assert_sent_ahead(server: &TestServer, order: &[(&str, &str)]) {
    let alone = |(method, path): &(&str, &str)| server.connect().ask(method, path, &[]).unwrap();
    let wanted: Vec<Answer> = order.iter().map(alone).collect();
    let mut connection = server.connect();
    let requests: Vec<_> = order.iter().map(|(method, path)| request(method, path)).collect();
    connection.send(requests.concat()).unwrap();
    for ((method, path), wanted) in order.iter().zip(wanted) {
        let answer =
            connection.answer(method).unwrap_or_else(|error| panic!("{error} at {method} {path} of {order:?}"));
        assert_eq!(answer.status, wanted.status, "{method} {path} of {order:?}");
        assert_eq!(answer.header("content-length"), wanted.header("content-length"), "{method} {path} of {order:?}");
        assert!(answer.body == wanted.body, "{method} {path} of {order:?}");
    }
    // No bytes are left over that would be taken for the next response.
    assert_eq!(connection.ask("GET", "/healthz", &[]).unwrap().ok().body, b"{\"status\":\"ok\"}\n");
}

#[test]
fn pipelined_requests_get_their_responses_in_order() {
    let server = serve();
    let paths = ["/rss.xml", "/", "/nowhere", "/articles/a/", "/media/static/pic.png", "/categories", "/healthz"];
    // Every sequence of four GET or HEAD requests.
    for pattern in 0_u32..16 {
        for first in 0..paths.len() {
            let method = |at: u32| if pattern >> at & 1 == 0 { "GET" } else { "HEAD" };
            let order: Vec<_> = (0..4).map(|at| (method(at), paths[(first + at as usize) % paths.len()])).collect();
            assert_sent_ahead(&server, &order);
        }
    }
    assert_sent_ahead(&server, &[("HEAD", "/rss.xml"), ("OPTIONS", "/"), ("HEAD", "/"), ("PUT", "/"), ("HEAD", "/")]);
    // More than Actix queues.
    let many: Vec<_> = (0..100).map(|at| (if at % 3 == 0 { "HEAD" } else { "GET" }, paths[at % paths.len()])).collect();
    assert_sent_ahead(&server, &many);
}

#[test]
fn requests_that_arrive_byte_by_byte_get_a_response() {
    let server = serve();
    let mut connection = server.connect();
    let wanted = server.get("/rss.xml").ok();
    for byte in (request("HEAD", "/rss.xml") + &request("GET", "/rss.xml")).bytes() {
        connection.send([byte]).unwrap();
    }
    assert_eq!(connection.answer("HEAD").unwrap().must("content-length"), wanted.must("content-length"));
    assert_eq!(connection.answer("GET").unwrap().body, wanted.body);
}

#[test]
fn a_connection_is_kept_until_a_request_closes_it() {
    let server = serve();
    let mut connection = server.connect();
    assert_eq!(connection.ask("GET", "/rss.xml", &[]).unwrap().ok().header("connection"), None);
    let last = connection.ask("GET", "/rss.xml", &[("Connection", "close")]).unwrap().ok();
    assert_eq!(last.must("connection"), "close");
    connection.end().unwrap();
    // Requests after the last one get no response.
    let close = "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
    assert_eq!(statuses(&all_that_comes(&server, close.to_owned() + close)), ["200"]);
}

#[test]
fn an_http_1_0_connection_is_closed_unless_the_client_keeps_it() {
    let server = serve();
    let wanted = server.get("/rss.xml").ok();
    let text = all_that_comes(&server, "GET /rss.xml HTTP/1.0\r\n\r\n");
    assert!(text.starts_with("HTTP/1.0 200 OK\r\n"), "{text}");
    assert!(text.ends_with(&wanted.text()));
    let mut connection = server.connect();
    for _ in 0..3 {
        connection.send("GET /rss.xml HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").unwrap();
        let answer = connection.answer("GET").unwrap().ok();
        assert_eq!((answer.must("connection"), answer.body == wanted.body), ("keep-alive", true));
    }
}

#[test]
fn an_absolute_target_is_served_by_its_path() {
    let server = serve();
    let wanted = server.get("/rss.xml").ok();
    for target in ["http://other.example/rss.xml", "HTTP://OTHER.EXAMPLE:8080/rss.xml?a=b", "https://x.example/rss.xml"]
    {
        let mut connection = server.connect();
        connection.send(request("GET", target)).unwrap();
        assert_eq!(connection.answer("GET").unwrap().ok().body, wanted.body, "{target}");
    }
    let mut connection = server.connect();
    connection.send(request("OPTIONS", "*")).unwrap();
    connection.answer("OPTIONS").unwrap().assert_status(204);
}

#[test]
fn a_body_of_a_get_is_not_a_request_and_changes_nothing() {
    let server = serve();
    let wanted = server.get("/rss.xml").ok();
    let inner = request("GET", "/nowhere");
    let bodies = [
        format!("Content-Length: {}\r\n\r\n{inner}", inner.len()),
        format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len()),
        // A body that is announced and never sent.
        "Content-Length: 5\r\n\r\n".to_owned(),
        "Content-Length: 99999999999\r\n\r\nabc".to_owned(),
    ];
    for body in bodies {
        for method in ["GET", "POST"] {
            let mut connection = server.connect();
            connection.send(format!("{method} /rss.xml HTTP/1.1\r\nHost: a.example\r\n{body}")).unwrap();
            let answer = connection.answer(method).unwrap();
            let (status, is_feed) = if method == "GET" { (200, true) } else { (405, false) };
            assert_eq!((answer.status, answer.body == wanted.body), (status, is_feed), "{body}");
            // The connection is closed, because parsers disagree about where such a request ends.
            assert_eq!(answer.must("connection"), "close", "{body}");
            connection.fall_silent().unwrap();
            connection.end().unwrap();
        }
    }
}

#[test]
fn a_client_that_waits_before_sending_its_body_gets_a_response_at_once() {
    let server = serve();
    for (method, status) in [("GET", 200), ("PUT", 405)] {
        let mut connection = server.connect();
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
    let server = serve();
    for method in ["get", "Get", "head", "M-SEARCH", "PROPFIND", "GETS", "CONNECT"] {
        let answer = server.connect().ask(method, "/rss.xml", &[]).unwrap();
        assert_eq!((answer.status, answer.must("allow")), (405, "GET, HEAD, OPTIONS"), "{method}");
    }
}

#[test]
fn an_ambiguous_request_is_refused_and_the_connection_closed() {
    let server = serve();
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
        ("a space before the colon", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde"),
        ("a folded line", "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n"),
        ("a space before the first name", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("no host", "GET / HTTP/1.1\r\n\r\n"),
        ("an invalid name", "GET / HTTP/1.1\r\nHost: a\r\nA\0b: c\r\n\r\n"),
        ("a value with a NUL", "GET / HTTP/1.1\r\nHost: a\r\nA: b\0c\r\n\r\n"),
        ("a bare carriage return", "GET / HTTP/1.1\r\nHost: a\r\nA: b\rContent-Length: 5\r\n\r\n"),
        ("an invalid method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("an unknown version", "GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
        ("a TLS handshake", "\x16\x03\x01\x02\0\x01\0\r\n\r\n"),
    ];
    for (what, bytes) in table {
        // The next request gets no response, because it could be part of the first one.
        let text = all_that_comes(&server, bytes.to_owned() + &request("GET", "/rss.xml"));
        assert_eq!(statuses(&text), ["400"], "{what}: {text}");
    }
    assert!(!server.log().contains("ERROR"), "an invalid request was logged as an error:\n{}", server.log());
}

#[test]
fn a_head_that_is_too_long_is_refused_at_once() {
    let server = serve();
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
        let mut connection = server.connect();
        // The server may respond and close before all bytes are sent.
        let _ = connection.send(&bytes);
        let answer = connection.answer("GET").unwrap_or_else(|error| panic!("{error} for {bytes:.40}"));
        assert!(wanted.contains(&&*answer.status.to_string()), "{} for {bytes:.40}", answer.status);
    }
    server.get("/rss.xml").assert_status(200);
}

#[test]
fn a_client_that_half_closes_its_connection_still_gets_the_response() {
    let server = serve();
    for path in ["/rss.xml", "/articles/a/", "/media/static/pic.png"] {
        let wanted = server.get(path).ok();
        let mut connection = server.connect();
        connection.send(request("GET", path)).unwrap();
        connection.fall_silent().unwrap();
        assert_eq!(connection.answer("GET").unwrap().ok().body, wanted.body, "{path}");
        connection.end().unwrap();
    }
}

#[test]
fn empty_lines_before_a_request_are_skipped() {
    let server = serve();
    let mut connection = server.connect();
    for before in ["\r\n", "\n", "\r\n\r\n\r\n"] {
        connection.send(before.to_owned() + &request("GET", "/rss.xml")).unwrap();
        connection.answer("GET").unwrap().assert_status(200);
    }
    // Lines may end without a carriage return (RFC 9112, 2.2).
    connection.send("GET /rss.xml HTTP/1.1\nHost: a\n\nGET / HTTP/1.1\nHost: a\n\n").unwrap();
    for _ in 0..2 {
        connection.answer("GET").unwrap().assert_status(200);
    }
}
