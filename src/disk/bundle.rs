//! Hugo's leaf bundles: a directory with an `index.md` is one article, and the
//! other texts in it and below are its parts.
//!
//! Stats and never opens. Which names make a bundle, the selection says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::directory::{Directory, join, normal};
use super::tree::Kind;
use super::walk::Walk;

/// Names by which a bundle is known without a listing; others were seen at an
/// earlier look, or bring their whole directory with them.
const USUAL: [&str; 2] = ["index.md", "index.html"];

impl Walk<'_> {
    pub(super) fn is_bundle(&self, place: &str) -> bool {
        self.selection.is_some_and(|selection| selection.is_bundle(place))
    }

    /// Whether the texts of a directory are parts of an article there or above.
    pub(super) fn in_bundle(&self, directory: &Directory<'_>) -> bool {
        *directory.bundle.get_or_init(|| {
            // Most directories are in no generator that has bundles.
            self.is_bundle(&join(&directory.place, USUAL[0]))
                && (self.below_bundle(directory) || self.holds_index(directory))
        })
    }

    /// The same, now that the names in it are known.
    pub(super) fn judge_bundle<'n>(&self, directory: &Directory<'_>, mut names: impl Iterator<Item = &'n str>) {
        let holds_index = names.any(|name| self.is_bundle(&join(&directory.place, name)));
        // Nobody has asked before the names were known.
        let _ = directory.bundle.set(holds_index || self.below_bundle(directory));
    }

    fn below_bundle(&self, directory: &Directory<'_>) -> bool {
        let mut above = directory.above;
        // Behind `..data` is the same place once more.
        while let Some(same) = above.filter(|above| above.place == directory.place) {
            above = same.above;
        }
        above.is_some_and(|above| self.in_bundle(above))
    }

    fn holds_index(&self, directory: &Directory<'_>) -> bool {
        let start = join(&directory.place, "index.");
        let files = self.tree.directory(&directory.place);
        let from = files.partition_point(|(place, _)| place.as_str() < start.as_str());
        let known = files[from..]
            .iter()
            .take_while(|(place, _)| place.as_str().starts_with(&start))
            .any(|(place, entry)| entry.kind == Kind::Article && self.is_bundle(place.as_str()));
        known || USUAL.iter().any(|name| fs::symlink_metadata(directory.path.join(name)).is_ok())
    }

    /// The paths to look at: where a bundle may have come or gone, all of its
    /// directory.
    pub(super) fn widened(&self, paths: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let widened = |path: &PathBuf| match path.parent() {
            Some(above) if self.is_bundle(&normal(path.as_os_str())) => above.to_owned(),
            _ => Path::to_owned(path),
        };
        paths.iter().map(widened).collect()
    }
}
