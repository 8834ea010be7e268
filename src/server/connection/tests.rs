//! Tests of connections with a handler of their own: what is sent, in which order, and time limits.

use std::future::poll_fn;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream as Client};

use actix_service::Service as _;
use actix_web::http::header::{CONTENT_LENGTH, ETAG};
use actix_web::http::{Method, StatusCode};
use actix_web::rt::System;
use actix_web::rt::task::yield_now;
use actix_web::rt::time::timeout;
use bytes::Bytes;

use actix_web::rt::net::TcpStream;

use super::*;
use crate::server::headers::Headers;
use crate::server::request::is_last;

const LIMITS: Limits = Limits { connections: 9, bytes: 1 << 30 };

/// More than the sockets of a connection can hold.
const LARGE: usize = 16 << 20;

/// Both ends of a connection; the server's end does not block.
fn connected() -> (Client, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().unwrap();
    stream.set_nonblocking(true).unwrap();
    (client, stream)
}

fn connection(stream: Client) -> ClientConnection {
    ClientConnection::new(TcpStream::from_std(stream).unwrap().into(), &WorkerLoad::new(LIMITS))
}

fn next(request: &Request) -> TurnOwner {
    if is_last(request.head()) { TurnOwner::Nobody } else { TurnOwner::Client }
}

/// The body is the path, or large if the path says so.
async fn answer(request: Request, turn: Rc<RequestTurn>) -> Response<BoxBody> {
    // Actix decodes the requests behind this one in the meantime, if it gets them.
    yield_now().await;
    let body = match request.path() {
        "/large" => Bytes::from(vec![b'x'; LARGE]),
        path => Bytes::copy_from_slice(path.as_bytes()),
    };
    let mut headers = Headers::new();
    headers.line(&ETAG, "\"tag\"");
    if request.path() == "/none" {
        return turn.respond(StatusCode::NOT_MODIFIED, headers, Bytes::new(), None, next(&request));
    }
    headers.line(&CONTENT_LENGTH, body.len().to_string());
    let body = if request.method() == Method::HEAD { Bytes::new() } else { body };
    turn.respond(StatusCode::OK, headers, body, None, next(&request))
}

/// Sends these bytes, and returns everything that the server sends before it closes the connection,
/// without the `Date` headers.
fn received(sent: &str) -> String {
    let (mut client, stream) = connected();
    let sent = sent.replace(" HTTP/1.1\r\n", " HTTP/1.1\r\nHost: a\r\n");
    let mut received = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            System::new().block_on(async {
                let factory = service(LIMITS, std::future::pending::<()>, |_| {}, answer);
                let service = factory.new_service(()).await.unwrap();
                // The result is an error if the client sent something that is not HTTP.
                let _ = service.call(TcpStream::from_std(stream).unwrap()).await;
            });
        });
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client.write_all(sent.as_bytes()).unwrap();
        client.read_to_end(&mut received).unwrap();
    });
    let received = String::from_utf8(received).unwrap();
    let lines: Vec<&str> = received.split_inclusive("\r\n").filter(|line| !line.starts_with("date: ")).collect();
    lines.concat()
}

const OK: &str = "HTTP/1.1 200 OK\r\n";
const TAG: &str = "etag: \"tag\"\r\n";
const CLOSE: &str = "connection: close\r\n";

#[test]
fn requests_sent_ahead_get_their_own_responses_in_their_order() {
    let sent = "HEAD /a HTTP/1.1\r\n\r\nGET /bc HTTP/1.1\r\n\r\nGET /none HTTP/1.1\r\n\r\nHEAD /d HTTP/1.1\r\n\r\n\
                GET /e HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /f HTTP/1.1\r\nConnection: close\r\n\r\n\
                GET /never HTTP/1.1\r\n\r\n";
    let expected = [
        format!("{OK}{TAG}content-length: 2\r\n\r\n"),
        format!("{OK}{TAG}content-length: 3\r\n\r\n/bc"),
        format!("HTTP/1.1 304 Not Modified\r\n{TAG}\r\n"),
        format!("{OK}{TAG}content-length: 2\r\n\r\n"),
        format!("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n{TAG}content-length: 2\r\n\r\n/e"),
        format!("{OK}{CLOSE}{TAG}content-length: 2\r\n\r\n/f"),
    ];
    assert_eq!(received(sent), expected.concat());
}

#[test]
fn a_large_body_is_followed_by_the_next_response() {
    let sent = "GET /large HTTP/1.1\r\n\r\nHEAD /large HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n";
    let received = received(sent);
    let (first, rest) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(first, format!("{OK}{TAG}content-length: {LARGE}"));
    let (body, rest) = rest.split_at(LARGE);
    assert!(body.bytes().all(|byte| byte == b'x'));
    let head = format!("{OK}{TAG}content-length: {LARGE}\r\n\r\n");
    assert_eq!(rest, format!("{head}{OK}{CLOSE}{TAG}content-length: 2\r\n\r\n/b"));
}

#[test]
fn an_invalid_head_and_an_unwanted_body_end_the_connection() {
    let bad = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    assert_eq!(received("GET /a HTTP/1.1\r\nno header\r\n\r\nGET /b HTTP/1.1\r\n\r\n"), bad);
    let body = "GET /b HTTP/1.1\r\n\r\n";
    let sent = format!("GET /a HTTP/1.1\r\nContent-Length: 9\r\n\r\n{body}{body}");
    assert_eq!(received(&sent), format!("{OK}{CLOSE}{TAG}content-length: 2\r\n\r\n/a"));
}

#[test]
fn the_next_head_is_read_after_the_response_is_sent() {
    System::new().block_on(async {
        let (mut client, stream) = connected();
        let mut connection = connection(stream);
        client.write_all(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n").unwrap();
        let mut bytes = [0; 64];
        let mut buffer = ReadBuf::new(&mut bytes);
        poll_fn(|context| Pin::new(&mut connection).poll_read(context, &mut buffer)).await.unwrap();
        assert_eq!(buffer.filled(), b"GET /a HTTP/1.1\r\n\r\n");
        // The socket is full before the response begins.
        let filled = poll_fn(|context| {
            let mut filled = 0;
            while let Poll::Ready(written) = Pin::new(&mut connection).poll_write(context, &[b'x'; 4096]) {
                filled += written.unwrap();
            }
            Poll::Ready(filled)
        });
        let filled = filled.await;
        let turn = Rc::clone(&connection.turn);
        drop(turn.respond(StatusCode::OK, Headers::new(), Bytes::from_static(b"body"), None, TurnOwner::Client));
        let mut bytes = [0; 64];
        let mut buffer = ReadBuf::new(&mut bytes);
        poll_fn(|context| {
            assert!(Pin::new(&mut connection).poll_flush(context).is_pending());
            assert!(Pin::new(&mut connection).poll_read(context, &mut buffer).is_pending());
            Poll::Ready(())
        })
        .await;
        let reader = std::thread::spawn(move || {
            let mut received = vec![0; filled + b"\r\nbody".len()];
            client.read_exact(&mut received).unwrap();
            (client, received)
        });
        poll_fn(|context| Pin::new(&mut connection).poll_flush(context)).await.unwrap();
        let (_client, received) = reader.join().unwrap();
        assert_eq!(&received[filled..], b"\r\nbody");
        poll_fn(|context| Pin::new(&mut connection).poll_read(context, &mut buffer)).await.unwrap();
        assert_eq!(buffer.filled(), b"GET /b HTTP/1.1\r\n\r\n");
    });
}

/// Polls the connection until `enough` holds. When a head was read, the response is taken as
/// complete.
async fn waits_until(connection: &mut ClientConnection, enough: impl Fn(&ClientConnection) -> bool) {
    let mut bytes = [0; 64];
    let woken = poll_fn(|context| {
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = Pin::new(&mut *connection).poll_read(context, &mut buffer);
        assert!(!matches!(read, Poll::Ready(Err(_))));
        if connection.turn.whose.get() == TurnOwner::Server {
            connection.turn.whose.set(TurnOwner::Client);
        }
        if enough(connection) { Poll::Ready(()) } else { Poll::Pending }
    });
    timeout(Duration::from_secs(20), woken).await.expect("the connection is woken");
}

#[test]
fn an_idle_connection_is_closed_and_one_with_requests_is_not() {
    System::new().block_on(async {
        let (mut client, stream) = connected();
        let mut connection = connection(stream);
        connection.pause = Duration::from_millis(10);
        let mut bytes = [0; 64];
        for _ in 0..3 {
            client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
            let mut buffer = ReadBuf::new(&mut bytes);
            poll_fn(|context| Pin::new(&mut connection).poll_read(context, &mut buffer)).await.unwrap();
            assert!(buffer.filled().ends_with(b"\r\n\r\n"));
            // No request comes for a while, but not for too long.
            waits_until(&mut connection, |connection| connection.looks > LOOKS / 2).await;
        }
        waits_until(&mut connection, |connection| connection.looks == LOOKS).await;
        let mut buffer = ReadBuf::new(&mut bytes);
        connection.looks = LOOKS - 1;
        poll_fn(|context| Pin::new(&mut connection).poll_read(context, &mut buffer)).await.unwrap();
        assert_eq!(buffer.filled().len(), 0, "the end");
    });
}

#[test]
fn a_head_ends_with_its_empty_line_however_its_bytes_are_split() {
    let table = [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET"),
        ("GET / HTTP/1.1\nHost: a\n\n", ""),
        ("\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", "\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", "\n"),
    ];
    for (head, behind) in table {
        let bytes = format!("{head}{behind}").into_bytes();
        assert_eq!(Head::default().end(&bytes), Some(head.len()), "{head:?}");
        for split in 0..head.len() {
            let mut scan = Head::default();
            assert_eq!(scan.end(&bytes[..split]), None, "{head:?} at {split}");
            assert_eq!(scan.end(&bytes[split..]), Some(head.len() - split), "{head:?} at {split}");
        }
    }
    let mut scan = Head::default();
    assert_eq!(scan.end(b"\r\n\r\n\n"), None);
    assert!(!scan.began());
}
