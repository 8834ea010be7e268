//! What a watch lacks: directories that could not be watched, and why.
//!
//! Errors of the watcher in, what is to be done about them out. Most are
//! nothing: what went in the meantime, and a link that leads back above itself,
//! need no watch.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use notify::ErrorKind;
use rustix::io::Errno;

use super::arrivals::Arrivals;
use super::{WatchError, words};

/// What is lacking by now.
#[derive(Debug, Default)]
pub(super) struct WatchErrors {
    /// Why events alone do not tell all any more.
    pub(super) trouble: Option<String>,
    /// Whether events were lost, and with them perhaps the coming of
    /// directories, which then have no watch.
    pub(super) lost: bool,
    /// Where directories may have come that are not watched yet.
    pub(super) arrivals: Arrivals,
    /// Directories that nobody lets us read.
    closed: BTreeSet<PathBuf>,
}

impl WatchErrors {
    /// Takes an error of the watcher in.
    pub(super) fn note(&mut self, error: &notify::Error) {
        let said = words(error);
        let shown = error.paths.first().map_or_else(String::new, |path| path.display().to_string());
        match &error.kind {
            ErrorKind::MaxFilesWatch => self.trouble = Some(WatchError::TooManyDirectories.to_string()),
            // The look reports it as a problem. Where reading is allowed and
            // watching is not, as a security module may have it, waiting for
            // the directory to open would be in vain.
            ErrorKind::Io(no) if no.kind() == io::ErrorKind::PermissionDenied && !error.paths.iter().any(is_open) => {
                tracing::debug!("`{shown}` is not watched: {said}");
                self.closed.extend(error.paths.iter().cloned());
                return;
            }
            ErrorKind::Io(error) if !is_nothing(error) => {
                self.trouble = Some(match shown.as_str() {
                    "" => format!("events cannot be read: {said}"),
                    shown => format!("`{shown}` cannot be watched: {said}"),
                });
            }
            _ => return tracing::debug!("`{shown}` is not watched: {said}"),
        }
        tracing::warn!("the watcher reports an error, looking at everything: {said}");
    }

    /// Directories that could not be watched.
    pub(super) fn closed(&self) -> BTreeSet<PathBuf> {
        self.closed.clone()
    }

    /// These directories are not closed any more.
    pub(super) fn forget(&mut self, opened: &BTreeSet<PathBuf>) {
        self.closed.retain(|directory| !opened.contains(directory));
    }
}

/// Whether a directory can be read, for which the system asks the same rights
/// as for a watch.
pub(super) fn is_open(directory: impl AsRef<Path>) -> bool {
    fs::read_dir(directory).is_ok()
}

/// Whether a directory is still there and closed.
pub(super) fn is_closed(directory: &Path) -> bool {
    fs::read_dir(directory).is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// What went since it was listed, and links in a ring, need no watch. What has a path that is too long for the system
/// cannot be watched nor read: the look reports it.
pub(super) fn is_nothing(error: &io::Error) -> bool {
    let code = error.raw_os_error();
    let is_unreachable = [Errno::LOOP, Errno::NAMETOOLONG].iter().any(|known| code == Some(known.raw_os_error()));
    is_unreachable || matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
