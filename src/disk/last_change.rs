//! When anything in some directories changed last, for `doctor`.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime};

use std::os::unix::fs::MetadataExt as _;

/// Returns the time of the last change of anything below these directories, except in directories that begin with a dot;
/// `None` if they cannot be read. Links below them are not followed.
pub(crate) fn last_change(directories: &[&Path]) -> Option<SystemTime> {
    let mut last = None;
    for directory in directories {
        if let Ok(metadata) = fs::metadata(directory) {
            last = last.max(Some(changed(&metadata)));
            below(directory, &mut last);
        }
    }
    last
}

fn below(directory: &Path, last: &mut Option<SystemTime>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let Ok(metadata) = entry.metadata() else { continue };
        *last = (*last).max(Some(changed(&metadata)));
        if metadata.is_dir() {
            below(&entry.path(), last);
        }
    }
}

/// The time of the last change of a file, also of its name, which no program can set.
fn changed(metadata: &Metadata) -> SystemTime {
    let seconds = Duration::from_secs(u64::try_from(metadata.ctime()).unwrap_or(0));
    SystemTime::UNIX_EPOCH + seconds
}
