//! Reads and watches the content directory, the image roots and `feeds/`, and writes the output of a build.
//!
//! One thread owns the [`FileSnapshot`], the state of every file at the last scan, and calls [`FileSnapshot::scan`]
//! with the paths that changed. Events only say where to look; a scan compares stamps to find what changed, and returns
//! a [`ChangeBatch`] for the library. `ContentRoots` is the only code that opens files of the content directory and the
//! image roots, and [`ContentFiles`] is how other modules read one article or image after the load.

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
mod hard_links;
mod duration;
mod image;
mod image_facts;
mod skipped;
mod dir_entry;
mod scan;
mod snapshot;
mod last_change;
mod media;
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
mod trouble;
mod watch_probe;
mod watch;
pub(crate) mod write;

#[cfg(test)]
pub(crate) use configuration::FeedsRoot;
pub(crate) use configuration::{ConfigEntry, ConfigKey, Configuration, ConfigurationError, RootVersion, configuration};
pub(crate) use detect::may_change_layout;
pub(crate) use event_queue::{EventQueue, Pause, Wake};
pub(crate) use feeds_dir::FeedsPaths;
pub(crate) use files::{ArticleBytes, ContentFiles, is_lfs_pointer, source_bytes};
pub(crate) use image::image_size;
pub(crate) use image_facts::{can_replace_file, image_facts, replace_file};
pub(crate) use last_change::last_change;
pub(crate) use media::media_type;
pub(crate) use open::{named_bytes, named_file, reason};
pub(crate) use roots::{may_follow, site_name, untrusted_roots};
pub(crate) use rules_stamp::RulesStamp;
pub(crate) use sections::come_or_go;
pub(crate) use skipped::{Stray, files_named, skipped};
pub use snapshot::FileSnapshot;
pub(crate) use stamp::Stamp;
pub(crate) use watch::{Coverage, Watch, unreliable_events, watch};

/// The directories that are scanned, and how their files are read.
#[derive(Debug, Clone)]
pub struct ScanConfig {
    /// The content directory, as configured.
    pub content: PathBuf,
    /// The directory that `content` led to when the configuration was read. If it leads to another one by now, which
    /// may have another configuration, a scan fails with [`ScanError::Replaced`].
    pub(crate) root: Option<RootVersion>,
    /// Whether the configuration is about to change.
    pub rules: RulesState,
    /// Names of directories next to the content directory, or to one above it in the site, that hold images. `.` is the
    /// directory of the site, and `*` each directory.
    pub(crate) image_roots: Vec<String>,
    /// How many directories the site's is above the content directory.
    pub(crate) image_levels: u8,
    /// Whether the operator named the content directory.
    pub(crate) content_origin: Origin,
    /// Whether `site.yaml` named the image roots.
    pub(crate) image_roots_origin: Origin,
    /// Which files are articles.
    pub selection: Arc<Selection>,
    /// How articles are parsed.
    pub options: Arc<ParseOptions>,
}

/// Whether the configuration in use is the one on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesState {
    /// No change is pending.
    Settled,
    /// Another configuration is being written. If no article is left, that may be the reason, so the scan fails with
    /// [`ScanError::Vanished`] instead of withdrawing all articles.
    Changing,
}

/// Which paths a scan visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedPaths {
    /// All directories.
    Everything,
    /// These paths, as the watcher reported them, and racy files whose time has come. An empty set scans only the
    /// latter.
    Paths(BTreeSet<PathBuf>),
}

/// The result of a scan.
#[derive(Debug)]
pub struct Scan {
    /// The changes since the last scan.
    pub batch: ChangeBatch,
    /// The number of article files, including invalid ones.
    pub files: usize,
    pub(crate) media: usize,
    /// The number of files that this scan had to read.
    pub(crate) read: usize,
    /// The number of racy files: written so recently that another change might leave the stamp as it is. If there are
    /// any, the caller scans again (with no paths) after two seconds.
    pub(crate) racy: usize,
    /// Whether a root leads elsewhere than at the last scan, or the target of a symbolic link was replaced, so that the
    /// watches have to be set again.
    pub(crate) rearm: bool,
}

/// Why a scan failed. The snapshot is as before, and nothing was reported.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The content directory cannot be read, is gone, or has lost all its articles. The site keeps its last state.
    #[error("{reason}")]
    Vanished {
        /// The reason, for the log.
        reason: String,
    },
    /// A directory was changed during the scan. The caller repeats the scan with [`ChangedPaths::Everything`].
    #[error("the directory was replaced while it was read")]
    Unsettled,
    /// The content directory was replaced. The caller reads its configuration before it scans again.
    #[error("the directory was replaced after its configuration was read")]
    Replaced,
}

#[cfg(test)]
mod tests;
