//! What is still to be sent of an answer, behind what Actix writes of it.
//!
//! The parts of a file are read one chunk at a time, and only when the socket
//! has room for it: a client that takes nothing holds no more than the rest of
//! one chunk.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes};
use tokio::sync::oneshot;

use crate::server::load::Waiting;
use crate::server::media::Part;
use crate::server::pool::Pool;

type Reading = oneshot::Receiver<io::Result<(Bytes, Part)>>;

/// Where the rest of a body comes from.
#[derive(Debug, Default)]
enum Rest {
    #[default]
    None,
    /// A file, read by these threads.
    File(Part, Arc<Pool>),
    /// Its next chunk is being read.
    Reading(Reading, Arc<Pool>),
}

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The lines of the answer, with the empty one at their end.
    pub(super) lines: Bytes,
    body: Bytes,
    rest: Rest,
    /// The document that `body` is a part of.
    document: Option<Waiting>,
}

impl Outgoing {
    /// What follows the lines: these bytes, which are a document of many
    /// connections unless more of a file comes behind them.
    pub(super) fn follow(&mut self, body: Bytes, rest: Option<(Part, Arc<Pool>)>) {
        self.document = rest.is_none().then(|| Waiting::document(&body));
        self.body = body;
        self.rest = rest.map_or(Rest::None, |(part, pool)| Rest::File(part, pool));
    }

    /// Whether all of it is sent.
    pub(super) fn is_done(&self) -> bool {
        self.has_nothing_here() && matches!(self.rest, Rest::None)
    }

    /// Whether the next bytes must be read first.
    pub(super) fn has_nothing_here(&self) -> bool {
        self.lines.is_empty() && self.body.is_empty()
    }

    /// What can be sent now, behind what Actix has.
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
            // The last bytes would keep the whole of a document or chunk alive.
            self.body = Bytes::new();
        }
        if self.is_done() {
            *self = Self::default();
        }
    }

    /// Reads the next chunk.
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
