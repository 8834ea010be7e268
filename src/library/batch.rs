//! A change batch: what the disk found different, file by file.
//!
//! Says what is there now, never how it came to be: the order of events leaves
//! no trace.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::article::selection::Exposure;
use crate::article::{Full, Metadata, Place};
use crate::diagnostic::Problem;

/// Files that are different now.
#[derive(Debug, Clone, Default)]
pub struct ChangeBatch {
    /// Article files by place; none for one that is gone.
    pub articles: BTreeMap<Place, Option<File>>,
    /// Images by their path below `/media/`; none for one that is gone.
    pub images: BTreeMap<Arc<str>, Option<ImageFacts>>,
}

impl ChangeBatch {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty() && self.images.is_empty()
    }
}

/// What an article file is now.
#[derive(Debug, Clone)]
pub enum File {
    /// Read as far as the library needs.
    Metadata(Metadata),
    /// Read as far as an entry needs.
    Full(Box<Full>),
    /// It could not be read.
    Unreadable(Problem),
}

/// What is known of an image of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// The file.
    pub file: PathBuf,
    /// Bytes.
    pub length: u64,
    /// By its first bytes.
    pub media_type: &'static str,
    /// Who may see it.
    pub exposure: Exposure,
    /// Pixels, where the header tells.
    pub width: Option<u32>,
    /// Pixels, where the header tells.
    pub height: Option<u32>,
}
