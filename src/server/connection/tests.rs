//! Time limits of connections, and how heads are split.

use std::future::poll_fn;
use std::io::Write as _;

use actix_web::rt::System;
use actix_web::rt::time::timeout;

use super::*;
use crate::server::load::Limits;

/// Polls the connection until `enough` holds. When a head was read, the response is taken as
/// complete.
async fn waits_until(connection: &mut ClientConnection, enough: impl Fn(&ClientConnection) -> bool) {
    let mut bytes = [0; 64];
    let woken = poll_fn(|context| {
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = Pin::new(&mut *connection).poll_read(context, &mut buffer);
        assert!(!matches!(read, Poll::Ready(Err(_))));
        if connection.turn.whose.get() == TurnOwner::Server {
            connection.turn.pass();
        }
        if enough(connection) { Poll::Ready(()) } else { Poll::Pending }
    });
    timeout(Duration::from_secs(20), woken).await.expect("the connection is woken");
}

#[test]
fn an_idle_connection_is_closed_and_one_with_requests_is_not() {
    System::new().block_on(async {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        stream.set_nonblocking(true).unwrap();
        let mut connection = ClientConnection::new(
            TcpStream::from_std(stream).unwrap(),
            &WorkerLoad::new(Limits { connections: 9, bytes: 1 << 30 }),
        );
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
