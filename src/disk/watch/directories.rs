//! Watches directories and their subdirectories, without following symbolic links.
//!
//! Each directory has a watch of its own, because the recursive mode of `notify` follows a link that replaces a
//! directory. The kernel has one watch for each inode, so a link to a directory further up would take over the events
//! of a whole tree.

use std::ffi::OsString;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use notify::{ErrorKind, PathOp, RecommendedWatcher, RecursiveMode, WatchPathConfig, Watcher as _};

use super::errors::is_nothing;
use super::extents::{Extent, Extents};
use crate::disk::content_roots::{EntryKind, list_plain, open_directory};

/// Number of directories that are passed to the watcher in one call.
const BATCH: usize = 512;

/// The errors that occurred while many directories were watched.
#[derive(Debug, Default)]
pub(super) struct WatchOutcome {
    /// Why directories are not watched; each error has their paths.
    pub(super) failed: Vec<notify::Error>,
    /// Whether a directory was replaced meanwhile, so that events of another directory may have been reported under
    /// its path.
    pub(super) replaced: bool,
}

/// Watches these directories and their subdirectories as far as `extents` allows. A directory must come before its
/// subdirectories in `start`. An error means that the system allows no more watches.
pub(super) fn walk(
    watcher: &mut RecommendedWatcher,
    start: Vec<PathBuf>,
    extents: &Extents,
) -> notify::Result<WatchOutcome> {
    let (root, mut outcome) = (filesystem_root()?, WatchOutcome::default());
    let mut level = start;
    while !level.is_empty() {
        let mut below = Vec::new();
        for batch in level.chunks(BATCH) {
            for (path, names) in watch(watcher, &root, batch, &mut outcome)? {
                let directories = names.into_iter().filter(|(_, kind)| *kind == EntryKind::Directory);
                let paths = directories.map(|(name, _)| path.join(name));
                below.extend(paths.filter(|path| extents.of(path) != Extent::Nothing));
            }
        }
        level = below;
    }
    Ok(outcome)
}

/// Watches these directories without their subdirectories.
pub(super) fn each(watcher: &mut RecommendedWatcher, paths: &[PathBuf]) -> notify::Result<WatchOutcome> {
    let (root, mut outcome) = (filesystem_root()?, WatchOutcome::default());
    for batch in paths.chunks(BATCH) {
        watch(watcher, &root, batch, &mut outcome)?;
    }
    Ok(outcome)
}

/// Options to watch a single directory, and not the target if it is a symbolic link.
pub(super) fn alone() -> WatchPathConfig {
    WatchPathConfig::new(RecursiveMode::NonRecursive).with_dereference_symlinks(false)
}

type Names = Vec<(OsString, EntryKind)>;

/// Watches directories, then lists them. In this order every name that is missing in the list brings an event later.
fn watch(
    watcher: &mut RecommendedWatcher,
    root: &OwnedFd,
    paths: &[PathBuf],
    outcome: &mut WatchOutcome,
) -> notify::Result<Vec<(PathBuf, Names)>> {
    let mut unwatched = Vec::new();
    let mut left: Vec<PathOp> = paths.iter().map(|path| PathOp::Watch(path.clone(), alone())).collect();
    while let Err(error) = watcher.update_paths(std::mem::take(&mut left)) {
        if matches!(error.source.kind, ErrorKind::MaxFilesWatch) {
            return Err(error.source);
        }
        let path = error.origin.map(PathOp::into_path).unwrap_or_default();
        outcome.failed.push(at(error.source, &path));
        unwatched.push(path);
        left = error.remaining;
    }
    let mut listed = Vec::new();
    for path in paths.iter().filter(|path| !unwatched.contains(path)) {
        match list_plain(root.as_fd(), path.strip_prefix("/").unwrap_or(path)) {
            Ok(names) => listed.push((path.clone(), names)),
            Err(error) => {
                // The directory is gone or behind a link by now, so the watch may belong to another directory, which
                // had one already. Events of that one are reported under its own path again after `unwatch`, and the
                // directory above reports what happened here.
                let _ = watcher.unwatch(path);
                outcome.replaced |= is_nothing(&error);
                outcome.failed.push(at(notify::Error::io(error), path));
            }
        }
    }
    Ok(listed)
}

fn filesystem_root() -> notify::Result<OwnedFd> {
    open_directory(Path::new("/")).map(|(root, _)| root).map_err(notify::Error::io)
}

fn at(error: notify::Error, path: &Path) -> notify::Error {
    if error.paths.is_empty() { error.add_path(path.to_owned()) } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::{Config, Event, EventKindMask};
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn a_directory_behind_a_link_is_not_watched_and_events_keep_their_own_path() {
        let home = tempfile::tempdir().unwrap();
        let home = fs::canonicalize(home.path()).unwrap();
        let (real, alias, link) = (home.join("real/d"), home.join("alias/d"), home.join("link"));
        fs::create_dir_all(&real).unwrap();
        symlink("real", home.join("alias")).unwrap();
        symlink("real/d", &link).unwrap();
        let (sender, events) = mpsc::channel::<notify::Result<Event>>();
        let config = Config::default().with_event_kinds(EventKindMask::CREATE);
        let mut watcher = RecommendedWatcher::new(sender, config).unwrap();
        let first = each(&mut watcher, std::slice::from_ref(&real)).unwrap();
        assert!(first.failed.is_empty() && !first.replaced, "{first:?}");
        let outcome = each(&mut watcher, &[alias, link, home.join("none")]).unwrap();
        assert!(outcome.failed.len() == 3 && outcome.replaced, "{outcome:?}");
        fs::create_dir(real.join("new")).unwrap();
        let event = events.recv_timeout(Duration::from_secs(20)).unwrap().unwrap();
        assert_eq!(event.paths, [real.join("new")]);
    }
}
