//! Finds Hugo's leaf bundles: a directory with an `index.md` is one article, and the other text files in it and below
//! are parts of it.
//!
//! [`Selection::is_bundle`](crate::generator::selection::Selection::is_bundle) decides by the name; this file looks for
//! such names, and opens no file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::directory::{Directory, join, normal};
use super::tree::FileKind;
use super::walk::Walk;

/// The index names to look for if the directory is not listed. An index of another name is in the snapshot, or is a
/// changed path itself, and then the whole directory is scanned (see [`Walk::widened`]).
const USUAL: [&str; 2] = ["index.md", "index.html"];

impl Walk<'_> {
    /// Whether a file at this path makes its directory a bundle.
    pub(super) fn is_bundle(&self, place: &str) -> bool {
        self.selection.is_some_and(|selection| selection.is_bundle(place))
    }

    /// Whether the text files of a directory are parts of a bundle, in this directory or above it.
    pub(super) fn in_bundle(&self, directory: &Directory<'_>) -> bool {
        *directory.bundle.get_or_init(|| {
            // Asked first, because it is cheap and false for most generators.
            self.is_bundle(&join(&directory.place, USUAL[0]))
                && (self.below_bundle(directory) || self.holds_index(directory))
        })
    }

    /// Decides [`Self::in_bundle`] by the names in the directory, which the caller has listed.
    pub(super) fn judge_bundle<'n>(&self, directory: &Directory<'_>, mut names: impl Iterator<Item = &'n str>) {
        let holds_index = names.any(|name| self.is_bundle(&join(&directory.place, name)));
        // The cell is empty: `in_bundle` is not called before the names are listed.
        let _ = directory.bundle.set(holds_index || self.below_bundle(directory));
    }

    fn below_bundle(&self, directory: &Directory<'_>) -> bool {
        let mut above = directory.above;
        // The target of a `..data` link has the same path as the directory with the link.
        while let Some(same) = above.filter(|above| above.place == directory.place) {
            above = same.above;
        }
        above.is_some_and(|above| self.in_bundle(above))
    }

    /// Whether a directory that is not listed has an index, by the snapshot or on the disk.
    fn holds_index(&self, directory: &Directory<'_>) -> bool {
        let start = join(&directory.place, "index.");
        let files = self.tree.directory(&directory.place);
        let from = files.partition_point(|(place, _)| place.as_str() < start.as_str());
        let known = files[from..]
            .iter()
            .take_while(|(place, _)| place.as_str().starts_with(&start))
            .any(|(place, entry)| entry.kind == FileKind::Article && self.is_bundle(place.as_str()));
        known || USUAL.iter().any(|name| fs::symlink_metadata(directory.path.join(name)).is_ok())
    }

    /// The paths to scan. Instead of an index, its whole directory, because the other files in it become parts of the
    /// bundle or stop being parts.
    pub(super) fn widened(&self, paths: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let widened = |path: &PathBuf| match path.parent() {
            Some(above) if self.is_bundle(&normal(path.as_os_str())) => above.to_owned(),
            _ => Path::to_owned(path),
        };
        paths.iter().map(widened).collect()
    }
}
