//! Watches directories and those below them, following no symbolic link.
//!
//! One watch for each directory. The watcher's own recursion is not used: it follows a link that took the place of a
//! directory, and one inode has one watch, so that a link that leads up takes the events of a whole tree.

use std::ffi::OsString;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use notify::{ErrorKind, PathOp, RecommendedWatcher, RecursiveMode, WatchPathConfig, Watcher as _};

use super::errors::is_nothing;
use super::extents::{Extent, Extents};
use crate::disk::content_roots::{EntryKind, list_plain, open_directory};

/// How many directories the watcher is asked for at once.
const BATCH: usize = 512;

/// What watching many directories brought besides watches.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Directories that are not watched, and why.
    pub(super) failed: Vec<notify::Error>,
    /// Whether a directory was replaced at that moment, so that events of another one may have come under its path.
    pub(super) replaced: bool,
}

/// Watches these directories, and those below them as far as the extents say. Of directories that one walk names, those
/// above come first. An error means that the system watches no more of them.
pub(super) fn walk(
    watcher: &mut RecommendedWatcher,
    start: Vec<PathBuf>,
    extents: &Extents,
) -> notify::Result<Outcome> {
    let (root, mut outcome) = (filesystem_root()?, Outcome::default());
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

/// Watches these directories alone.
pub(super) fn each(watcher: &mut RecommendedWatcher, paths: &[PathBuf]) -> notify::Result<Outcome> {
    let (root, mut outcome) = (filesystem_root()?, Outcome::default());
    for batch in paths.chunks(BATCH) {
        watch(watcher, &root, batch, &mut outcome)?;
    }
    Ok(outcome)
}

/// How one directory is watched.
pub(super) fn alone() -> WatchPathConfig {
    WatchPathConfig::new(RecursiveMode::NonRecursive).with_dereference_symlinks(false)
}

type Names = Vec<(OsString, EntryKind)>;

/// Watches directories, and lists them afterwards: what comes later brings an event.
fn watch(
    watcher: &mut RecommendedWatcher,
    root: &OwnedFd,
    paths: &[PathBuf],
    outcome: &mut Outcome,
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
                // It is gone or behind a link by now. The watch may belong to another directory, which has one already.
                // Its own events come again, and what happened here is an event of the directory above.
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
    fn a_directory_behind_a_link_is_not_watched_and_keeps_the_events_of_its_own_path() {
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
