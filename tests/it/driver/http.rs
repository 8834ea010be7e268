//! A minimal HTTP/1.1 client. It adds no headers, decodes nothing and follows no redirects, so that a test
//! sees the bytes on the wire.

use std::fmt;
use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use feed_rs::model::Feed;

use super::{Element, parse_xml};

pub struct Connection {
    stream: BufReader<TcpStream>,
}

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        use fmt::Write as _;
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let host = self.stream.get_ref().peer_addr()?;
            let _ = write!(request, "Host: {host}\r\n");
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        request.push_str("\r\n");
        self.send(request)?;
        self.answer(method)
    }

    /// Sends bytes unchanged, even if they are not valid HTTP.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        self.stream.get_mut().write_all(bytes.as_ref())
    }

    /// Closes the sending half of the connection and keeps reading.
    pub fn fall_silent(&self) -> Result<()> {
        self.stream.get_ref().shutdown(Shutdown::Write)
    }

    /// Reads one response to a request with this method, and nothing of the next response.
    pub fn answer(&mut self, method: &str) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| Error::other(format!("no answer: {first:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| Error::other(line.clone()))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if method != "HEAD" && status >= 200 && status != 304 && status != 204 {
            let length = answer.header("content-length").and_then(|text| text.parse().ok());
            answer.body = vec![0; length.ok_or_else(|| Error::other("no Content-Length"))?];
            self.stream.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// Reads until the server closes the connection.
    pub fn rest(mut self) -> Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest)?;
        Ok(rest)
    }

    /// Fails if the server sends anything more before it closes the connection.
    pub fn end(self) -> Result<()> {
        let rest = self.rest()?;
        if rest.is_empty() { Ok(()) } else { Err(Error::other("bytes after the answer")) }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    /// Returns the value of a header that may occur once.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} occurs twice in {self}");
        value
    }

    /// Returns the value of a header that must be present.
    #[track_caller]
    pub fn must(&self, name: &str) -> &str {
        self.header(name).unwrap_or_else(|| panic!("no {name} in {self}"))
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        self.assert_status(200);
        self
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) {
        assert_eq!(self.status, status, "in {self}");
    }

    /// Asserts that this is a permanent redirect to `url`.
    #[track_caller]
    pub fn assert_moved_to(&self, url: &str) {
        self.assert_status(301);
        assert_eq!(self.must("location"), url, "in {self}");
    }

    /// Decodes the content coding of the body.
    #[track_caller]
    pub fn decoded(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        let decoded = match self.header("content-encoding") {
            None => return self.body.clone(),
            Some("gzip") => flate2::read::GzDecoder::new(&*self.body).read_to_end(&mut plain),
            Some("br") => brotli::Decompressor::new(&*self.body, 4096).read_to_end(&mut plain),
            Some(other) => panic!("unexpected content coding {other}"),
        };
        assert!(decoded.is_ok(), "invalid content coding in {self}");
        plain
    }

    #[track_caller]
    pub fn text(&self) -> String {
        String::from_utf8(self.decoded()).unwrap()
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text()).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    #[track_caller]
    pub fn xml(&self) -> Element {
        parse_xml(&self.text())
    }

    /// Parses the body as a feed reader does.
    #[track_caller]
    pub fn feed(&self) -> Feed {
        feed_rs::parser::parse(&*self.decoded()).unwrap_or_else(|error| panic!("feed-rs: {error} in {self}"))
    }

    #[track_caller]
    pub fn titles(&self) -> Vec<String> {
        let entries = self.feed().entries.into_iter();
        entries.map(|entry| entry.title.map_or(String::new(), |title| title.content)).collect()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        write!(f, "\n{:.2000}", String::from_utf8_lossy(&self.body))
    }
}
