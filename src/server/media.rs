//! Files under `/media/`: what the disk found, and how it is sent.
//!
//! Knows an open file and a length. Knows no path: which file may be opened
//! is decided before.

use std::fs::File;
use std::future::Future;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web;
use bytes::Bytes;

/// An image that may be served.
#[derive(Debug)]
pub struct Media {
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
#[derive(Debug)]
pub struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

/// Read at once up to here, so that a failing disk is a 500 and not half an
/// answer; sent in pieces of this size beyond.
const PIECE: u64 = 1024 * 1024;

impl Part {
    /// From `first` up to and without `end`.
    pub(super) fn new(file: File, first: u64, end: u64) -> Self {
        Self { file: Arc::new(file), at: first, end }
    }

    /// What is left of it, in bytes.
    pub fn length(&self) -> u64 {
        self.end - self.at
    }

    /// Whether it is read in one go.
    pub(super) fn is_short(&self) -> bool {
        self.length() <= PIECE
    }

    /// Reads its first piece. A file that became shorter is an error: the
    /// length has been promised.
    pub(super) fn read(&self) -> io::Result<Bytes> {
        // A piece fits memory.
        let length = usize::try_from(self.length().min(PIECE)).unwrap_or(0);
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, self.at)?;
        Ok(bytes.into())
    }
}

type Reading = Pin<Box<dyn Future<Output = io::Result<Bytes>>>>;

/// A part too long for one read, sent as fast as the client takes it.
pub(super) struct Pieces {
    part: Part,
    length: u64,
    reading: Option<Reading>,
}

impl Pieces {
    pub(super) fn new(part: Part) -> Self {
        Self { length: part.length(), part, reading: None }
    }

    fn next(&self) -> Reading {
        let piece = Part { file: Arc::clone(&self.part.file), ..self.part };
        Box::pin(async move {
            let read = web::block(move || piece.read()).await;
            read.map_err(io::Error::other)?
        })
    }
}

impl MessageBody for Pieces {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.length)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.part.length() == 0 {
            return Poll::Ready(None);
        }
        let mut reading = self.reading.take().unwrap_or_else(|| self.next());
        match reading.as_mut().poll(context) {
            Poll::Pending => {
                self.reading = Some(reading);
                Poll::Pending
            }
            Poll::Ready(Ok(bytes)) => {
                self.part.at += bytes.len() as u64;
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Ready(Err(error)) => {
                tracing::warn!(%error, "an image broke off in the middle: it cannot be read");
                Poll::Ready(Some(Err(error)))
            }
        }
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
