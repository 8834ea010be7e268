//! Measures how fast a server responds: HTTP/1.1 over a number of connections, with one request at a time on
//! each.
//!
//!     polling HOST:PORT SECONDS CONNECTIONS PATHS [HEADER…]
//!
//! PATHS is a file of paths, which are requested in turn. With the header `Connection: close` each response
//! has its own connection. Every status must be 200 or 304 and every body as long as announced; otherwise the
//! program stops. It prints the responses per second.
//!
//! General load generators parse and copy every body, which costs them more than the response costs the
//! server, so that they measure themselves. This one reads the head, lets the kernel discard the body, and
//! never sleeps, because waking it up would be work for the core of the server.

use std::io::{self, ErrorKind, Read, Write};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::SockRef;

/// `MSG_TRUNC` of Linux: the kernel discards what is received over TCP (tcp(7)).
const DROP: i32 = 0x20;

/// Heads are shorter than this; the rest of the buffer is the beginning of the body.
const HEAD: usize = 2048;

struct Client {
    stream: TcpStream,
    head: Vec<u8>,
    /// Remaining bytes of the body, once the head has been read.
    left: Option<usize>,
}

struct Load {
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    closing: bool,
    poll: Poll,
    asked: usize,
    sink: Vec<MaybeUninit<u8>>,
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, seconds, connections, paths, headers @ ..] = &*arguments else {
        return Err(wrong("polling HOST:PORT SECONDS CONNECTIONS PATHS [HEADER…]"));
    };
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let paths = std::fs::read_to_string(paths)?;
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n").into_bytes();
    let mut load = Load {
        address: address.parse().map_err(io::Error::other)?,
        requests: paths.lines().map(request).collect(),
        closing: headers.contains("Connection: close"),
        poll: Poll::new()?,
        asked: 0,
        sink: vec![MaybeUninit::uninit(); 1 << 20],
    };
    let seconds: f64 = seconds.parse().map_err(io::Error::other)?;
    let connections: usize = connections.parse().map_err(io::Error::other)?;
    println!("{}", load.run(Duration::from_secs_f64(seconds), connections)?);
    Ok(())
}

impl Load {
    /// Returns the responses per second.
    fn run(&mut self, duration: Duration, connections: usize) -> io::Result<f64> {
        let mut clients = (0..connections).map(|number| self.connect(Token(number))).collect::<io::Result<Vec<_>>>()?;
        let mut events = Events::with_capacity(connections);
        let mut answers = 0_u32;
        let began = Instant::now();
        while began.elapsed() < duration {
            self.poll.poll(&mut events, Some(Duration::ZERO))?;
            for event in &events {
                let client = &mut clients[event.token().0];
                if !self.receive(client)? {
                    continue;
                }
                answers += 1;
                if self.closing {
                    *client = self.connect(event.token())?;
                } else {
                    self.ask(client)?;
                }
            }
        }
        if answers == 0 {
            return Err(wrong("the server does not answer"));
        }
        Ok(f64::from(answers) / began.elapsed().as_secs_f64())
    }

    /// Opens a connection and sends the first request.
    fn connect(&mut self, token: Token) -> io::Result<Client> {
        // On the loopback interface this does not block.
        let stream = std::net::TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut client = Client { stream: TcpStream::from_std(stream), head: Vec::with_capacity(HEAD), left: None };
        self.ask(&mut client)?;
        self.poll.registry().register(&mut client.stream, token, Interest::READABLE)?;
        Ok(client)
    }

    fn ask(&mut self, client: &mut Client) -> io::Result<()> {
        client.head.clear();
        client.left = None;
        let request = &self.requests[self.asked % self.requests.len()];
        self.asked += 1;
        client.stream.write_all(request)
    }

    /// Reads what has arrived; returns whether the response is complete.
    fn receive(&mut self, client: &mut Client) -> io::Result<bool> {
        loop {
            let got = match client.left {
                Some(0) => return Ok(true),
                Some(left) => {
                    let most = left.min(self.sink.len());
                    SockRef::from(&client.stream).recv_with_flags(&mut self.sink[..most], DROP)
                }
                None => client.read_head(),
            };
            match (got, &mut client.left) {
                (Ok(0), _) => return Err(wrong("the connection was closed half-way")),
                (Ok(got), Some(left)) => *left -= got,
                (Ok(_), None) => client.left = body_left(&client.head)?,
                (Err(error), _) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                (Err(error), _) => return Err(error),
            }
        }
    }
}

impl Client {
    fn read_head(&mut self) -> io::Result<usize> {
        let mut buffer = [0; HEAD];
        let got = self.stream.read(&mut buffer)?;
        self.head.extend_from_slice(&buffer[..got]);
        Ok(got)
    }
}

/// Bytes of the body that did not arrive with the head; `None` until the head is complete.
fn body_left(received: &[u8]) -> io::Result<Option<usize>> {
    let Some(end) = received.windows(4).position(|end| end == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = str::from_utf8(&received[..end]).map_err(io::Error::other)?;
    let (status, lines) = head.split_once("\r\n").unwrap_or((head, ""));
    let length: usize = match status.split(' ').nth(1) {
        // A 304 may have the length of the body that it does not contain.
        Some("304") => 0,
        Some("200") => {
            let mut fields = lines.lines().filter_map(|line| line.split_once(": "));
            let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            length.and_then(|(_, length)| length.parse().ok()).ok_or_else(|| wrong("no length"))?
        }
        _ => return Err(wrong(status)),
    };
    Ok(Some((end + 4 + length).saturating_sub(received.len())))
}

fn wrong(what: &str) -> io::Error {
    io::Error::other(what.to_owned())
}
