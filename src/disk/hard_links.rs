//! Handles files with several names (hard links). An event has one of the names, but the others have changed as well.
//!
//! If the snapshot knows the file, `scope` adds its other names. If not, one of them may be the name of an article, so
//! everything is scanned once.

use std::collections::BTreeSet;

use super::ChangedPaths;
use super::snapshot::FileSnapshot;
use super::stamp::FileId;

/// The maximum number of remembered files with several names none of which is an article or an image. Above it, the
/// list is cleared, and an event for such a file costs a full scan again.
const MOST_FOREIGN: usize = 10_000;

impl FileSnapshot {
    /// The files with several names at the changed paths that the snapshot does not know.
    pub(super) fn unknown_files(&mut self, changed_paths: &ChangedPaths) -> BTreeSet<FileId> {
        let ChangedPaths::Paths(changed_paths) = changed_paths else {
            return BTreeSet::new();
        };
        if self.foreign_files.len() > MOST_FOREIGN {
            self.foreign_files.clear();
        }
        let files = changed_paths.iter().filter_map(|hint| FileId::of(&std::fs::metadata(hint).ok()?));
        let is_known = |file: &FileId| {
            self.foreign_files.contains(file) || self.trees.iter().any(|tree| tree.names_of(*file).next().is_some())
        };
        files.filter(|file| !is_known(file)).collect()
    }

    /// Remembers which of these files have no name in the content directory or the image roots. Called after a full
    /// scan.
    pub(super) fn remember_foreign(&mut self, files: BTreeSet<FileId>) {
        let is_foreign = |file: &FileId| !self.trees.iter().any(|tree| tree.names_of(*file).next().is_some());
        let foreign: Vec<FileId> = files.into_iter().filter(is_foreign).collect();
        self.foreign_files.extend(foreign);
    }
}
