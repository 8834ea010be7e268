//! A server on a real listener, and a client that reads byte by byte.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use chrono::DateTime;
use tokio::sync::oneshot;

use super::super::listen::{BACKLOG, bind};
use super::super::*;
use crate::article::{Source, read};
use crate::document::Newest;
use crate::edition::DocumentCache;
use crate::library::{ChangeBatch, File, Library, MediaFacts};
use crate::site::sample::rules;

/// Long enough for any machine; a test that passes never waits this long.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);

fn document(address: &str, media_type: &'static str, kind: DocumentType, body: &str) -> Arc<Document> {
    let newest = Newest::At(DateTime::from_timestamp(1_700_000_000, 0).unwrap());
    Arc::new(Document::new(address, media_type, kind, newest, body.into()))
}

const SITE: &str = "base_url: http://a.example\nredirects: {/old.xml: /rss.xml}\ngone: [/dead.xml]\n";

fn publisher(body: &str) -> Arc<Publisher> {
    let rules = rules(SITE, crate::generator::plain::PLAIN);
    let mut batch = ChangeBatch::default();
    for name in ["a.md", "b.md", "large.md", "panic.md"] {
        let place = ContentPath::new(name);
        let text = format!("---\ntitle: {name}\ndate: 2026-01-01\n---\n{body}\n");
        let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
        let file = File::Full(Box::new(read(&source, &rules.site.options)));
        batch.articles.insert(place, Some(file));
    }
    for name in ["short.png", "long.png", "cut.png", "huge.png", "lost.png", "soon.png"] {
        let facts = MediaFacts {
            file: name.into(),
            length: 1,
            media_type: "image/png",
            exposure: crate::generator::selection::Exposure::Public,
            width: None,
            height: None,
            duration: None,
        };
        batch.media.insert(name.into(), Some(facts));
    }
    let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    let (library, _) = Library::empty(rules, now).apply(batch, now);
    Arc::new(Publisher::new(Edition::first(library, DocumentCache::new(1 << 20))))
}

/// Two mebibytes and a bit.
const LONG: usize = 2 * 1024 * 1024 + 77;

/// More than the sockets of a connection can hold.
pub(super) fn large() -> String {
    // An odd length, so that no two chunks are equal.
    "seventeen letters".repeat(3 << 19)
}

pub(super) fn long() -> Vec<u8> {
    (0..LONG).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

/// The senders that complete the ETag of `soon.png`.
pub(super) static TAGS: Mutex<Vec<oneshot::Sender<String>>> = Mutex::new(Vec::new());

fn open_image(key: &str) -> Option<Opened> {
    let bytes = match key {
        "long.png" => long(),
        "short.png" | "soon.png" => b"0123456789".to_vec(),
        "cut.png" | "huge.png" => Vec::new(),
        _ => return None,
    };
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let length = match key {
        // Shorter than the length that is reported.
        "cut.png" => 10,
        "huge.png" => 256 * 1024 * 1024,
        _ => bytes.len() as u64,
    };
    if key == "huge.png" {
        file.set_len(length).unwrap();
    }
    let mut tag = ETag::Known("\"tag\"".into());
    if key == "soon.png" {
        let (sender, receiver) = oneshot::channel();
        TAGS.lock().unwrap().push(sender);
        tag = ETag::Pending(receiver);
    }
    Some(Opened { file, length, media_type: "image/png", tag })
}

pub(super) struct Served {
    pub(super) running: Option<Running>,
    pub(super) address: SocketAddr,
    pub(super) count: Arc<Counters>,
    pub(super) health: Arc<Health>,
}

pub(super) fn serve_all() -> Served {
    serve_within(Size { workers: 2, connections: 1000, answers: 1 << 30 })
}

pub(super) fn serve_within(size: Size) -> Served {
    serve_articles("Text.", size, Pool::start("files", 2).unwrap())
}

/// Serves articles with this body.
pub(super) fn serve_articles(body: &str, size: Size, files: Pool) -> Served {
    let bound = bind("127.0.0.1:0").unwrap();
    let address = bound.address();
    let (count, health) = (Arc::new(Counters::new()), Arc::new(Health::new()));
    health.loaded();
    let state = AppState {
        publisher: publisher(body),
        article: Box::new(|_, place, lane| match place.as_str() {
            "a.md" => Ok(Some(document("/articles/a/", "text/html; charset=utf-8", DocumentType::Page, "an article"))),
            "large.md" if lane == Lane::Short => Err(NeedsPermit),
            "large.md" => {
                Ok(Some(document("/articles/large/", "text/html; charset=utf-8", DocumentType::Page, &large())))
            }
            "panic.md" => panic!("as asked"),
            _ => Ok(None),
        }),
        media: Box::new(|_, key, _| Ok(open_image(key))),
        files: Arc::new(files),
        health: Arc::clone(&health),
        count: Arc::clone(&count),
        access_log: AccessLog::On,
        proxies: TrustedProxies::default(),
        reader_count: ReaderCount::On,
    };
    let running = run(vec![Listener::Tcp(bound.listen(BACKLOG).unwrap())], state, size, Box::new(|| {})).unwrap();
    Served { running: Some(running), address, count, health }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop(Duration::ZERO);
        }
    }
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

pub(super) struct TestClient(pub(super) TcpStream);

impl TestClient {
    pub(super) fn of(served: &Served) -> Self {
        Self::at(served.address)
    }

    pub(super) fn at(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Self(stream)
    }

    pub(super) fn send(&mut self, method: &str, path: &str, headers: &str) {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        self.0.write_all(request.as_bytes()).unwrap();
    }

    /// Reads exactly one response to a request with this method.
    pub(super) fn receive(&mut self, method: &str) -> Reply {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let status = head[9..12].parse().unwrap();
        let mut reply = Reply { status, head, body: Vec::new() };
        let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
        if method != "HEAD" {
            reply.body = vec![0; length];
            self.0.read_exact(&mut reply.body).unwrap();
        }
        reply
    }

    pub(super) fn ask(&mut self, method: &str, path: &str, headers: &str) -> Reply {
        self.send(method, path, headers);
        self.receive(method)
    }
}
