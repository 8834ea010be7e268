//! Tests whether the kernel delivers file system events at all.
//!
//! Some systems accept a watch and report nothing, for example emulated kernels and sandboxes. The test must not
//! write, because content is often mounted read-only and belongs to other users. It need not: the kernel reports that
//! a directory is opened through the same queue and watch as a write. So it watches the directory for openings and
//! opens it. No test can find out whether changes that other machines make to a network share are reported; the kind
//! of file system decides that.

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify::{Config, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::platform::OPENINGS_BRING_EVENTS;

/// An event usually arrives within a millisecond; a loaded machine may take longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether opening a directory brings an event. Returns true if that cannot be tested.
pub(super) fn brings_event(directory: &Path) -> bool {
    is_heard(directory, || fs::read_dir(directory).is_ok())
}

/// Whether an action in a watched directory brings an event. Returns true if the watch or the action fails.
fn is_heard(directory: &Path, action: impl FnOnce() -> bool) -> bool {
    if !OPENINGS_BRING_EVENTS {
        return true;
    }
    let (tell, reported) = mpsc::channel();
    let config = Config::default().with_event_kinds(EventKindMask::ACCESS_OPEN);
    let handler = move |_: notify::Result<notify::Event>| {
        // Sending fails once the receiver has its first event and is dropped.
        let _ = tell.send(());
    };
    let Ok(mut watcher) = RecommendedWatcher::new(handler, config) else {
        return true;
    };
    if watcher.watch(directory, RecursiveMode::NonRecursive).is_err() || !action() {
        return true;
    }
    reported.recv_timeout(PATIENCE).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn opening_a_read_only_directory_brings_an_event_and_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let before = fs::metadata(home.path()).unwrap().modified().unwrap();
        assert!(brings_event(home.path()));
        assert_eq!(fs::metadata(home.path()).unwrap().modified().unwrap(), before);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_action_without_an_event_is_detected() {
        // Like a kernel that accepts a watch and reports nothing.
        let home = tempfile::tempdir().unwrap();
        assert!(!is_heard(home.path(), || true));
    }

    #[test]
    fn events_count_as_working_if_they_cannot_be_tested() {
        assert!(brings_event(Path::new("/nonexistent/directory")));
    }
}
