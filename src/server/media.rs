//! Files below `/media/`: an open file, its ETag, and how its bytes are read.
//!
//! The function in `AppState::media` decides which files may be opened.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;

/// An open file whose ETag may not be known yet.
#[derive(Debug)]
pub(crate) struct Opened {
    pub file: File,
    /// Length in bytes.
    pub length: u64,
    /// Detected from the first bytes of the file.
    pub media_type: &'static str,
    /// The strong ETag.
    pub tag: ETag,
}

/// A strong ETag, with its quotes.
#[derive(Debug)]
pub(crate) enum ETag {
    Known(String),
    /// Being computed. Dropping the receiver cancels the computation.
    Pending(oneshot::Receiver<String>),
}

/// An open file with its ETag.
#[derive(Debug)]
pub(crate) struct Tagged {
    pub file: File,
    /// Length in bytes.
    pub length: u64,
    /// Detected from the first bytes of the file.
    pub media_type: &'static str,
    /// The strong ETag, with its quotes.
    pub etag: String,
}

/// A range of bytes of a file that is still to be read.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

/// Bytes per read. A slow client costs this much memory, plus its socket buffers.
pub(super) const CHUNK: usize = 64 * 1024;

impl Part {
    /// The bytes from `first` (included) to `end` (excluded).
    pub(super) fn new(file: File, first: u64, end: u64) -> Self {
        Self { file: Arc::new(file), at: first, end }
    }

    /// Bytes that have not been read yet.
    pub(crate) fn length(&self) -> u64 {
        self.end - self.at
    }

    /// Reads the next chunk. Fails if the file became shorter, because its length has already been
    /// sent.
    pub(super) fn read(&mut self) -> io::Result<Bytes> {
        // `CHUNK` fits in a `usize`.
        let length = usize::try_from(self.length()).unwrap_or(CHUNK).min(CHUNK);
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, self.at)?;
        self.at += length as u64;
        Ok(bytes.into())
    }
}
