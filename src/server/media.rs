//! Files under `/media/`: what the disk found, and how it is read.
//!
//! Which file may be opened is decided before.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use tokio::sync::oneshot;

/// A file that may be served, as soon as its tag is known.
#[derive(Debug)]
pub struct Opened {
    /// Open for reading.
    pub file: File,
    /// In bytes.
    pub length: u64,
    /// By its first bytes.
    pub media_type: &'static str,
    /// Strong, with its quotes.
    pub tag: Tag,
}

/// A strong tag.
#[derive(Debug)]
pub enum Tag {
    /// It is made.
    Known(String),
    /// It is being made, for as long as this receiver is there.
    Pending(oneshot::Receiver<String>),
}

/// A file that may be served, with its tag.
#[derive(Debug)]
pub struct Tagged {
    /// Open for reading.
    pub file: File,
    /// In bytes.
    pub length: u64,
    /// By its first bytes.
    pub media_type: &'static str,
    /// Strong, with its quotes.
    pub etag: String,
}

/// The bytes of a file from one offset up to another.
#[derive(Debug, Clone)]
pub struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

/// Bytes read at once: what a client that reads slowly costs, besides its
/// socket.
pub(super) const CHUNK: usize = 64 * 1024;

impl Part {
    /// From `first` up to and without `end`.
    pub(super) fn new(file: File, first: u64, end: u64) -> Self {
        Self { file: Arc::new(file), at: first, end }
    }

    /// What is left of it, in bytes.
    pub fn length(&self) -> u64 {
        self.end - self.at
    }

    /// Reads the next chunk. A file that became shorter is an error: the length
    /// has been promised.
    pub(super) fn read(&mut self) -> io::Result<Bytes> {
        // A chunk fits memory.
        let length = usize::try_from(self.length()).unwrap_or(CHUNK).min(CHUNK);
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, self.at)?;
        self.at += length as u64;
        Ok(bytes.into())
    }
}

/// The length of a body that is not sent, for HEAD.
pub(super) struct Promised(pub(super) u64);

impl MessageBody for Promised {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        Poll::Ready(None)
    }
}
