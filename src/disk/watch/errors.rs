//! Collects the errors of the watcher and decides what they mean for the watch.
//!
//! Most of them are harmless: directories that were deleted meanwhile and links in a loop need no watch.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use notify::ErrorKind;
use rustix::io::Errno;

use super::arrivals::Arrivals;
use super::{WatchError, words};

/// Whether the events of a watch report every change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// They do.
    #[default]
    Complete,
    /// Not for this reason: poll instead.
    Incomplete(String),
    /// Directories may lack a watch, because events were lost or a directory of the configuration appeared: start a
    /// new watch.
    Outdated,
}

/// The gaps of the current watch.
#[derive(Debug, Default)]
pub(super) struct WatchErrors {
    pub(super) coverage: Coverage,
    /// Paths of directories that may be new and not watched yet.
    pub(super) arrivals: Arrivals,
    /// Directories that we have no permission to read or to enter.
    closed: BTreeSet<PathBuf>,
}

impl WatchErrors {
    pub(super) fn note(&mut self, error: &notify::Error) {
        let said = words(error);
        let shown = error.paths.first().map_or_else(String::new, |path| path.display().to_string());
        match &error.kind {
            ErrorKind::MaxFilesWatch => self.incomplete(WatchError::TooManyDirectories.to_string()),
            // The scan reports the directory as a problem. If reading is allowed but watching is not, as with some
            // security modules, waiting for the permission would be pointless.
            ErrorKind::Io(no) if no.kind() == io::ErrorKind::PermissionDenied && !error.paths.iter().any(is_open) => {
                tracing::debug!("`{shown}` is not watched: {said}");
                self.closed.extend(error.paths.iter().cloned());
                return;
            }
            ErrorKind::Io(error) if !is_nothing(error) => {
                self.incomplete(match shown.as_str() {
                    "" => format!("events cannot be read: {said}"),
                    shown => format!("`{shown}` cannot be watched: {said}"),
                });
            }
            _ => return tracing::debug!("`{shown}` is not watched: {said}"),
        }
        tracing::warn!("the watcher reports an error, looking at everything: {said}");
    }

    /// Records that directories may lack a watch.
    pub(super) fn outdated(&mut self) {
        self.coverage = Coverage::Outdated;
    }

    /// Records why events no longer report every change. Keeps an outdated state, because the new watch that follows
    /// meets the same error if it still exists.
    fn incomplete(&mut self, why: String) {
        if self.coverage != Coverage::Outdated {
            self.coverage = Coverage::Incomplete(why);
        }
    }

    /// Records a directory that we may not enter, so that directories in it are not watched.
    pub(super) fn close(&mut self, directory: &Path) {
        if !self.closed.contains(directory) {
            self.closed.insert(directory.to_owned());
        }
    }

    /// Directories that could not be watched, or whose subdirectories could not, because we may not read them.
    pub(super) fn closed(&self) -> BTreeSet<PathBuf> {
        self.closed.clone()
    }

    /// Removes directories that can be read again.
    pub(super) fn forget(&mut self, opened: &BTreeSet<PathBuf>) {
        self.closed.retain(|directory| !opened.contains(directory));
    }
}

/// Whether a directory can be read. The system requires the same permission for a watch.
pub(super) fn is_open(directory: impl AsRef<Path>) -> bool {
    fs::read_dir(directory).is_ok()
}

/// Whether a directory still exists and may not be read.
pub(super) fn is_closed(directory: &Path) -> bool {
    fs::read_dir(directory).is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// Whether an error needs no action: the path is gone or in a loop of links, or it is too long for the system, so
/// that it can neither be watched nor read; the scan reports the latter.
pub(super) fn is_nothing(error: &io::Error) -> bool {
    let code = error.raw_os_error();
    let is_unreachable = [Errno::LOOP, Errno::NAMETOOLONG].iter().any(|known| code == Some(known.raw_os_error()));
    is_unreachable || matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
