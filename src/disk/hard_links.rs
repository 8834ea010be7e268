//! Files with several names: an event names one of them, and the others have changed as well.

use std::collections::BTreeSet;

use super::ChangedPaths;
use super::snapshot::FileSnapshot;
use super::stamp::FileId;

/// Files with several names of which none is of use: each costs one look at everything until it is known.
const MOST_FOREIGN: usize = 10_000;

impl FileSnapshot {
    /// The files with several names that are hinted at and not known: one of the names may be that of an article.
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

    /// Remembers which of these files have no name that is of use, after everything was looked at.
    pub(super) fn remember_foreign(&mut self, files: BTreeSet<FileId>) {
        let is_foreign = |file: &FileId| !self.trees.iter().any(|tree| tree.names_of(*file).next().is_some());
        let foreign: Vec<FileId> = files.into_iter().filter(is_foreign).collect();
        self.foreign_files.extend(foreign);
    }
}
