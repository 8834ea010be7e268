//! The disk: what is in the content directory, the image roots and `feeds/`.
//!
//! One thread owns what is known of the files (`FileSnapshot`) and looks again where
//! it is told to. Everything comes back as values. Files of these directories are
//! opened by `ContentRoots` alone; `ContentFiles` is how other modules read an
//! article or an image after the load.
//! Events say where to look, the comparison of stamps says what is there.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::article::ParseOptions;
use crate::generator::selection::Selection;
use crate::library::ChangeBatch;
use crate::site::Origin;

mod bundle;
mod event_queue;
mod configuration;
mod conflict;
mod content_roots;
mod directory;
mod feeds_dir;
mod files;
mod filesystem;
mod hard_links;
mod image;
mod skipped;
mod dir_entry;
mod scan;
mod snapshot;
mod open;
mod read;
mod roots;
mod rules_stamp;
mod walk;
mod scope;
mod sections;
mod reconcile;
mod stamp;
mod detect;
mod tree;
mod watch_probe;
mod watch;
pub mod write;

pub use configuration::{
    ConfigEntry, ConfigKey, Configuration, ConfigurationError, FeedsRoot, RootVersion, SOURCE_POSTS, configuration,
};
pub use event_queue::{EventQueue, Pause, Wake};
pub use feeds_dir::feeds_dir;
pub use files::{ContentFiles, source_bytes};
pub use image::media_type;
pub use open::{Refusal, is_shortage, reason};
pub use roots::{may_follow, untrusted_roots};
pub use rules_stamp::RulesStamp;
pub use sections::come_or_go;
pub use skipped::{Stray, skipped};
pub use snapshot::FileSnapshot;
pub use watch::{Watch, WatchError, unreliable_events, watch};

/// What is looked at, and how it is read.
#[derive(Debug, Clone)]
pub struct ScanConfig {
    /// The content directory, as configured.
    pub content: PathBuf,
    /// Which directory that was when the rules were read. A look at another one shows nothing: it has rules of its own.
    pub root: Option<RootVersion>,
    /// Whether the rules are about to be others.
    pub rules: RulesState,
    /// Names of directories beside the content directory that hold images.
    pub image_roots: Vec<String>,
    /// Whether the operator named the content directory.
    pub content_origin: Origin,
    /// Whether site.yaml named the image roots.
    pub image_roots_origin: Origin,
    /// Which files are articles.
    pub selection: Arc<Selection>,
    /// How they are read.
    pub options: Arc<ParseOptions>,
}

/// Whether the configuration that counts is the one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesState {
    /// It is.
    Settled,
    /// Another one is being written: that no article is left may be its sign.
    Changing,
}

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedPaths {
    /// Everywhere.
    Everything,
    /// At these paths, as the watcher reported them; none at all is a look at
    /// the files that are still in doubt.
    Paths(BTreeSet<PathBuf>),
}

/// What a look showed.
#[derive(Debug)]
pub struct Scan {
    /// What is different.
    pub batch: ChangeBatch,
    /// Article files that stand, broken ones included.
    pub files: usize,
    /// Images that stand.
    pub images: usize,
    /// Files that were opened.
    pub read: usize,
    /// Files written so lately that another change might not show: with any,
    /// look again (at no paths) in two seconds.
    pub racy: usize,
    /// Whether roots or symbolic links lead elsewhere than at the last look, so
    /// that watches stand in the wrong directories.
    pub rearm: bool,
}

/// Why a look told nothing. What was known stays known.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The content directory is gone; the last state stays.
    #[error("{reason}")]
    Vanished {
        /// In a sentence.
        reason: String,
    },
    /// The directory was changed under way: look again, at everything.
    #[error("the directory was replaced while it was read")]
    Unsettled,
    /// Another directory is there than the one whose rules were read: read the rules first.
    #[error("the directory was replaced after its configuration was read")]
    Replaced,
}

#[cfg(test)]
mod tests;
