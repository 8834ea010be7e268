//! A host of images: a socket server whose answers a test chooses byte by byte, also wrong ones.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The head of a request.
#[derive(Debug, Clone)]
pub struct ImageRequest {
    pub path: String,
    headers: Vec<(String, String)>,
}

impl ImageRequest {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

pub struct ImageHost {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<ImageRequest>>>,
}

impl ImageHost {
    /// A host at 127.0.0.1. Its thread ends with the test program.
    pub fn start(answer: impl Fn(&ImageRequest) -> Vec<u8> + Send + 'static) -> Self {
        Self::start_at([127, 0, 0, 1].into(), answer)
    }

    pub fn start_at(ip: IpAddr, answer: impl Fn(&ImageRequest) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                seen.lock().unwrap().push(request.clone());
                // The client may close the connection before the end.
                let _ = (&stream).write_all(&answer(&request));
            }
        });
        Self { address, requests }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn requests(&self) -> Vec<ImageRequest> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Option<ImageRequest> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let head = lines.map_while(Result::ok).take_while(|line| !line.is_empty());
    let headers = head.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim().to_owned()))
    });
    Some(ImageRequest { path, headers: headers.collect() })
}

/// A response with these headers, one a line, and a body.
pub fn response(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {}\r\nConnection: close\r\n\r\n", head.replace('\n', "\r\n")).as_bytes(), body].concat()
}

/// What an honest host answers: the range that was asked for.
pub fn honest(request: &ImageRequest, body: &[u8]) -> Vec<u8> {
    let range = request.header("Range").and_then(|range| range.strip_prefix("bytes=")).unwrap();
    let (first, last) = range.split_once('-').unwrap();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let last = last.min(body.len() - 1);
    let head = format!("206 Partial Content\nContent-Range: bytes {first}-{last}/{}\nETag: \"e1\"", body.len());
    response(&format!("{head}\nContent-Length: {}", last + 1 - first), &body[first..=last])
}
