//! Receives file system events and passes their paths on as hints for the next scan.
//!
//! The kind of an event does not matter, because the scan finds out what happened. A watch belongs to a directory. If
//! that directory is replaced, or a link on the way to it, only the directory above reports it; therefore every name
//! on the way is watched in its parent directory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use notify::{Config, ErrorKind, Event, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::event_queue::EventQueue;
use super::feeds_dir::FeedsPaths;
use super::roots::{self, absolute};
use super::{ScanConfig, watch_probe};
use crate::lock::lock;
use crate::platform;

mod arrivals;
mod directories;
mod extents;
mod errors;
mod plan;

use arrivals::{Arrival, Arrivals};
use directories::WatchOutcome;
pub(crate) use errors::Coverage;
use errors::WatchErrors;
use plan::WatchPlan;

/// Why watching failed. The caller polls instead.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    /// There are more directories than the system lets one user watch.
    #[error("the system's limit of watched directories is reached (raise fs.inotify.max_user_watches)")]
    TooManyDirectories,
    /// The system lets this user have no more watchers.
    #[error(
        "the system's limit of watchers is reached (raise fs.inotify.max_user_instances, or the limit of open files)"
    )]
    TooManyWatchers,
    #[error("`{path}` cannot be watched: {reason}")]
    Failed {
        /// The directory that cannot be watched.
        path: PathBuf,
        /// The error message of the system.
        reason: String,
    },
}

impl WatchError {
    /// Whether a limit of the system was reached, so that watching would work if less were watched.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(self, Self::TooManyDirectories | Self::TooManyWatchers)
    }
}

/// An active watch. Events arrive until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    plan: Arc<WatchPlan>,
    errors: Arc<Mutex<WatchErrors>>,
    event_queue: EventQueue,
}

impl Watch {
    /// Also watches these hidden paths, because symbolic links lead there. Queues the new ones for a scan, because
    /// changes since the last scan brought no event.
    pub(crate) fn follow(&mut self, hidden: BTreeSet<PathBuf>) {
        let targets = self.plan.extents.follow(hidden);
        if targets.is_empty() {
            return;
        }
        let ways: Vec<PathBuf> = self.plan.extents.ways_to(&targets).into_iter().collect();
        let outcome = directories::each(&mut self.watcher, &ways);
        self.note(outcome);
        let trees = targets.iter().filter(|target| is_directory(target)).cloned().collect();
        self.walk(trees);
        for target in targets {
            self.event_queue.path(target);
        }
    }

    /// Watches directories that appeared since the last call, and those below them. Call it before scanning the paths
    /// of events: later changes then bring events of their own.
    pub(crate) fn catch_up(&mut self) {
        // Release the lock before adding watches: meanwhile the watcher's thread needs it to record errors.
        let arrivals = std::mem::take(&mut lock(&self.errors).arrivals);
        let mut start = match arrivals {
            Arrivals::Nowhere => Vec::new(),
            Arrivals::Anywhere => self.plan.extents.trees().to_vec(),
            Arrivals::At(paths) => self.arrived(paths),
        };
        let closed = lock(&self.errors).closed();
        let opened: BTreeSet<PathBuf> = closed.into_iter().filter(|path| !errors::is_closed(path)).collect();
        if !opened.is_empty() {
            lock(&self.errors).forget(&opened);
            let opened: Vec<PathBuf> = opened.into_iter().filter(|path| is_directory(path)).collect();
            for path in &opened {
                self.event_queue.path(path.clone());
            }
            start.extend(opened);
        }
        if !start.is_empty() {
            self.walk(start);
        }
    }

    /// Returns the directories at these paths, without those below another one.
    fn arrived(&mut self, paths: BTreeMap<PathBuf, Arrival>) -> Vec<PathBuf> {
        let mut start: Vec<PathBuf> = Vec::new();
        for (path, arrival) in paths {
            let metadata = fs::symlink_metadata(&path);
            let is_denied = metadata.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
            if !is_denied && !metadata.is_ok_and(|metadata| metadata.is_dir()) {
                continue;
            }
            // If a directory is moved onto an empty one that a program has open, no event reports the end of the empty
            // one. The watcher would then take the new directory for the one that it already watches.
            if arrival == Arrival::Moved {
                let _ = self.watcher.unwatch(&path);
            }
            if is_denied {
                // A directory may be here in one that we may not enter now. No event reports it again when we may.
                lock(&self.errors).close(path.parent().unwrap_or(&path));
            } else if !start.last().is_some_and(|above| path.starts_with(above)) {
                start.push(path);
            }
        }
        start
    }

    fn walk(&mut self, start: Vec<PathBuf>) {
        let outcome = directories::walk(&mut self.watcher, start, &self.plan.extents);
        self.note(outcome);
    }

    fn note(&self, outcome: notify::Result<WatchOutcome>) {
        match outcome {
            Ok(outcome) => {
                let mut errors = lock(&self.errors);
                outcome.failed.iter().for_each(|error| errors.note(error));
                drop(errors);
                if outcome.replaced {
                    self.event_queue.everything();
                }
            }
            Err(error) => lock(&self.errors).note(&error),
        }
    }

    /// Whether the events report every change.
    pub(crate) fn coverage(&self) -> Coverage {
        lock(&self.errors).coverage.clone()
    }
}

fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// Why events would not report every change, as a sentence; `None` if they are reliable.
pub(crate) fn unreliable_events(scan_config: &ScanConfig, feeds: FeedsPaths<'_>) -> Option<String> {
    let content = absolute(&scan_config.content);
    let beside = roots::beside(&content, scan_config);
    let mut all =
        std::iter::once(content.as_path()).chain(beside.iter().map(PathBuf::as_path)).chain([feeds.directory]);
    let kind = all.find_map(|path| Some((path, platform::without_events(path)?)));
    if let Some((path, kind)) = kind {
        return Some(format!("`{}` is on {kind}, which reports no changes made elsewhere", path.display()));
    }
    (!watch_probe::brings_event(&content)).then(|| format!("a trial at `{}` brought no event", content.display()))
}

/// Watches the content directory, the image roots and the operator's files as they are now. When a scan returns
/// `rearm`, start a new watch and drop the old one.
///
/// Scan everything afterwards, because earlier changes are not reported.
pub(crate) fn watch(
    scan_config: &ScanConfig,
    feeds: FeedsPaths<'_>,
    event_queue: &EventQueue,
) -> Result<Watch, WatchError> {
    let plan = Arc::new(WatchPlan::new(scan_config, feeds));
    let errors = Arc::new(Mutex::new(WatchErrors::default()));
    let handler = {
        let (plan, event_queue, errors) = (Arc::clone(&plan), event_queue.clone(), Arc::clone(&errors));
        move |event: notify::Result<Event>| plan.handle(event, &event_queue, &errors)
    };
    let failed = |path: &Path, error: &notify::Error| match &error.kind {
        ErrorKind::MaxFilesWatch => WatchError::TooManyDirectories,
        ErrorKind::Io(error) if error.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error()) => {
            WatchError::TooManyWatchers
        }
        _ => WatchError::Failed { path: path.to_owned(), reason: words(error) },
    };
    let config = Config::default().with_event_kinds(EventKindMask::CORE).with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(handler, config).map_err(|error| failed(&scan_config.content, &error))?;
    for path in &plan.single {
        match watcher.watch(path, RecursiveMode::NonRecursive) {
            Ok(()) => {}
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => return Err(failed(path, &error)),
            // We may not read a directory on the way to a root. Its owner will hardly replace it; if so, the periodic
            // rescan notices.
            Err(error) => tracing::debug!(path = %path.display(), error = words(&error), "not watched"),
        }
    }
    for tree in plan.extents.trees() {
        watcher.watch_with(tree, directories::alone()).map_err(|error| failed(tree, &error))?;
    }
    let outcome = directories::walk(&mut watcher, plan.extents.trees().to_vec(), &plan.extents)
        .map_err(|error| failed(&scan_config.content, &error))?;
    let watch = Watch { watcher, plan, errors, event_queue: event_queue.clone() };
    watch.note(Ok(outcome));
    Ok(watch)
}

fn words(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::Io(error) => super::open::reason(error),
        ErrorKind::PathNotFound => io::Error::from(io::ErrorKind::NotFound).to_string(),
        ErrorKind::Generic(text) => text.clone(),
        kind => format!("{kind:?}"),
    }
}
