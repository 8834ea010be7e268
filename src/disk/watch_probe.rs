//! Whether events come at all, found out by trying.
//!
//! Some systems take a watch and report nothing: emulated kernels, sandboxes.
//! The trial must not write, since content is often mounted read-only and
//! belongs to others. It need not: the kernel reports the opening of a
//! directory from the same place, by the same queue and for the same watch as
//! the writing of a file. So the directory is watched for openings and opened.
//! What other machines do to a share no trial can tell; the kind of file
//! system does.

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify::{Config, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};

/// An event is there within a millisecond; a loaded machine takes longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether opening a directory brings an event. Where the trial itself cannot
/// be made, nothing speaks against events.
pub(super) fn brings_event(directory: &Path) -> bool {
    is_heard(directory, || fs::read_dir(directory).is_ok())
}

/// Whether a deed in a directory that is watched brings an event, if it could
/// be done.
fn is_heard(directory: &Path, deed: impl FnOnce() -> bool) -> bool {
    if !cfg!(target_os = "linux") {
        // Elsewhere no event tells of an opening.
        return true;
    }
    let (tell, reported) = mpsc::channel();
    let config = Config::default().with_event_kinds(EventKindMask::ACCESS_OPEN);
    let handler = move |_: notify::Result<notify::Event>| {
        // Whoever has heard enough hangs up.
        let _ = tell.send(());
    };
    let Ok(mut watcher) = RecommendedWatcher::new(handler, config) else {
        return true;
    };
    if watcher.watch(directory, RecursiveMode::NonRecursive).is_err() || !deed() {
        return true;
    }
    reported.recv_timeout(PATIENCE).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_directory_that_nobody_may_write_into_brings_its_event_and_stays_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let before = fs::metadata(home.path()).unwrap().modified().unwrap();
        assert!(brings_event(home.path()));
        assert_eq!(fs::metadata(home.path()).unwrap().modified().unwrap(), before);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_deed_that_brings_no_event_is_noticed() {
        // As where the kernel takes a watch and never says anything.
        let home = tempfile::tempdir().unwrap();
        assert!(!is_heard(home.path(), || true));
    }

    #[test]
    fn what_cannot_be_tried_is_not_condemned() {
        assert!(brings_event(Path::new("/nonexistent/directory")));
    }
}
