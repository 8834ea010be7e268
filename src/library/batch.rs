//! A change batch: the files that differ from the library, as found on disk.
//!
//! It contains the new state of each file but not the events that led to it, so the order of events has no
//! influence.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::article::{Full, Metadata};
use crate::content_path::ContentPath;
use crate::diagnostic::Problem;
use crate::generator::selection::Exposure;

/// The files that changed.
#[derive(Debug, Clone, Default)]
pub struct ChangeBatch {
    /// Article files by path; `None` for a file that was removed.
    pub articles: BTreeMap<ContentPath, Option<File>>,
    /// Paths that several names in a directory have, with the problem; `None` if only one name is left. The first
    /// name is among `articles`, and the others are not read.
    pub taken: BTreeMap<ContentPath, Option<Problem>>,
    /// Images and attachments by their path below `/media/`; `None` for a file that was removed.
    pub media: BTreeMap<Arc<str>, Option<MediaFacts>>,
}

impl ChangeBatch {
    /// Returns whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of changes.
    pub fn len(&self) -> usize {
        self.articles.len() + self.taken.len() + self.media.len()
    }
}

/// The new state of an article file.
#[derive(Debug, Clone)]
pub enum File {
    /// Read as far as the library needs.
    Metadata(Metadata),
    /// Read as far as an entry needs.
    Full(Box<Full>),
    /// The file could not be read.
    Unreadable(Problem),
}

impl File {
    /// Returns the metadata; `None` if the file could not be read.
    pub(crate) fn metadata(&self) -> Option<&Metadata> {
        match self {
            Self::Metadata(metadata) => Some(metadata),
            Self::Full(full) => Some(&full.skimmed),
            Self::Unreadable(_) => None,
        }
    }

    /// Returns the metadata; `None` if the file could not be read.
    pub fn metadata_mut(&mut self) -> Option<&mut Metadata> {
        match self {
            Self::Metadata(metadata) => Some(metadata),
            Self::Full(full) => Some(&mut full.skimmed),
            Self::Unreadable(_) => None,
        }
    }
}

/// The properties of a local image or attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFacts {
    /// The file.
    pub file: PathBuf,
    /// Size in bytes.
    pub length: u64,
    /// The media type according to the first bytes.
    pub media_type: &'static str,
    /// Whether the directory of the file is public.
    pub exposure: Exposure,
    /// Width in pixels, if the header contains it.
    pub width: Option<u32>,
    /// Height in pixels, if the header contains it.
    pub height: Option<u32>,
    /// Duration of a recording in seconds, if the header contains it.
    pub duration: Option<u32>,
}

impl MediaFacts {
    pub(crate) fn is_image(&self) -> bool {
        self.media_type.starts_with("image/")
    }
}
