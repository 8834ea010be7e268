//! The headers and body of a response that are sent after the part that Actix writes.
//!
//! A file is read one chunk at a time, and only when the socket has room. A client that reads
//! nothing therefore costs at most the rest of one chunk.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes};
use tokio::sync::oneshot;

use crate::server::load::Waiting;
use crate::server::media::Part;
use crate::server::pool::Pool;

type PartReading = oneshot::Receiver<io::Result<(Bytes, Part)>>;

/// The source of the rest of a body.
#[derive(Debug, Default)]
enum Rest {
    #[default]
    None,
    /// A file, to be read by this pool.
    File(Part, Arc<Pool>),
    /// The next chunk of a file is being read.
    Reading(PartReading, Arc<Pool>),
}

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The headers, including the empty line that ends them.
    lines: Bytes,
    body: Bytes,
    rest: Rest,
    /// The document that contains `body`.
    document: Option<Waiting>,
}

impl Outgoing {
    /// Sets the headers and the body: these bytes, followed by the rest of a file. Without a file,
    /// the bytes are a document that other connections may share.
    pub(super) fn set(&mut self, lines: Bytes, body: Bytes, rest: Option<(Part, Arc<Pool>)>) {
        self.document = rest.is_none().then(|| Waiting::document(&body));
        (self.lines, self.body) = (lines, body);
        self.rest = rest.map_or(Rest::None, |(part, pool)| Rest::File(part, pool));
    }

    /// Whether headers are to be sent.
    pub(super) fn has_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether everything is sent.
    pub(super) fn is_done(&self) -> bool {
        self.has_nothing_here() && matches!(self.rest, Rest::None)
    }

    /// Whether the next bytes must first be read from the file.
    pub(super) fn has_nothing_here(&self) -> bool {
        self.lines.is_empty() && self.body.is_empty()
    }

    /// The buffers that can be sent now, with Actix's `head` first.
    pub(super) fn behind<'a>(&'a self, head: &'a [u8]) -> [IoSlice<'a>; 3] {
        [IoSlice::new(head), IoSlice::new(&self.lines), IoSlice::new(&self.body)]
    }

    pub(super) fn waiting(&self) -> Waiting {
        self.document.unwrap_or(Waiting::Own(self.body.len()))
    }

    pub(super) fn advance(&mut self, length: usize) {
        let of_lines = length.min(self.lines.len());
        self.lines.advance(of_lines);
        self.body.advance(length - of_lines);
        if self.body.is_empty() {
            // An empty slice would still keep the whole document or chunk in memory.
            self.body = Bytes::new();
        }
        if self.is_done() {
            *self = Self::default();
        }
    }

    /// Reads the next chunk of the file.
    pub(super) fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (mut reading, pool) = match std::mem::take(&mut self.rest) {
            Rest::None => return Poll::Ready(Ok(())),
            Rest::File(mut part, pool) => (pool.run(move || part.read().map(|bytes| (bytes, part))), pool),
            Rest::Reading(reading, pool) => (reading, pool),
        };
        let Poll::Ready(read) = Pin::new(&mut reading).poll(context) else {
            self.rest = Rest::Reading(reading, pool);
            return Poll::Pending;
        };
        let (bytes, part) = read.map_err(io::Error::other).flatten()?;
        self.body = bytes;
        if part.length() > 0 {
            self.rest = Rest::File(part, pool);
        }
        Poll::Ready(Ok(()))
    }
}
