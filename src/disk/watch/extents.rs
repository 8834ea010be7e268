//! Decides which directories are watched.
//!
//! These are the directories below the content directory and the image roots, except those that a scan never enters:
//! `.git` and `node_modules` of a repository may have more directories than the system lets one user watch. If a
//! symbolic link leads into such a directory, its target is watched as well.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::disk::scope;

/// How much of a directory is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The directory and all directories below it.
    Whole,
    /// The directory itself and the directories on the way to a watched one below it.
    Way,
    Nothing,
}

/// The watched directories, by path.
#[derive(Debug)]
pub(super) struct Extents {
    /// The content directory and the image roots, resolved, without those that another one covers.
    trees: Vec<PathBuf>,
    /// Other directories below the trees that are watched without their subdirectories.
    single: BTreeSet<PathBuf>,
    /// Targets of symbolic links that would not be watched otherwise.
    followed: ArcSwap<BTreeSet<PathBuf>>,
}

impl Extents {
    /// Builds the extents from trees and from single directories. Also returns the single directories outside the
    /// trees.
    pub(super) fn new(
        trees: impl IntoIterator<Item = PathBuf>,
        single: impl IntoIterator<Item = PathBuf>,
    ) -> (Self, BTreeSet<PathBuf>) {
        let mut outermost: Vec<PathBuf> = Vec::new();
        for tree in trees {
            if !outermost.iter().any(|known| covers(known, &tree)) {
                outermost.retain(|known| !covers(&tree, known));
                outermost.push(tree);
            }
        }
        let is_inside = |path: &PathBuf| outermost.iter().any(|tree| path.starts_with(tree));
        let (single, outside) = single.into_iter().partition(is_inside);
        (Self { trees: outermost, single, followed: ArcSwap::default() }, outside)
    }

    pub(super) fn trees(&self) -> &[PathBuf] {
        &self.trees
    }

    /// How much of the directory at this path is watched.
    pub(super) fn of(&self, path: &Path) -> Extent {
        if self.trees.iter().any(|tree| covers(tree, path)) {
            return Extent::Whole;
        }
        if !self.trees.iter().any(|tree| path.starts_with(tree)) {
            return Extent::Nothing;
        }
        let followed = self.followed.load();
        if path.ancestors().any(|above| followed.contains(above) && covers(above, path)) {
            return Extent::Whole;
        }
        if leads_to_one_of(&followed, path) || leads_to_one_of(&self.single, path) {
            return Extent::Way;
        }
        Extent::Nothing
    }

    /// Whether a path is the target of a symbolic link, is below one or is on the way to one.
    pub(super) fn follows(&self, path: &Path) -> bool {
        let followed = self.followed.load();
        path.ancestors().any(|above| followed.contains(above)) || leads_to_one_of(&followed, path)
    }

    /// Replaces the link targets that are watched as well. Returns the new ones.
    pub(super) fn follow(&self, targets: BTreeSet<PathBuf>) -> Vec<PathBuf> {
        let before = self.followed.load_full();
        let new = targets.difference(&before).cloned().collect();
        self.followed.store(Arc::new(targets));
        new
    }

    /// The directories on the way from a tree to these paths, parents first.
    pub(super) fn ways_to(&self, paths: &[PathBuf]) -> BTreeSet<PathBuf> {
        let above = paths.iter().flat_map(|path| path.ancestors().skip(1));
        let is_below = |path: &&Path| self.trees.iter().any(|tree| path.starts_with(tree));
        above.filter(is_below).map(Path::to_owned).collect()
    }
}

/// Whether watching `above` with its subdirectories includes `path`: scans skip no directory on the way.
fn covers(above: &Path, path: &Path) -> bool {
    path.strip_prefix(above).is_ok_and(|below| below.iter().all(scope::is_watched))
}

fn leads_to_one_of(paths: &BTreeSet<PathBuf>, path: &Path) -> bool {
    // Paths below `path` sort after it, before all others with its first components.
    let next = paths.range::<Path, _>((Bound::Included(path), Bound::Unbounded)).next();
    next.is_some_and(|next| next.starts_with(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_that_no_scan_enters_are_watched_only_if_a_link_leads_there() {
        let trees = ["/s/content", "/s/static", "/s/static/.x"].map(PathBuf::from);
        let single = ["/s", "/s/content/.feeds", "/s/feeds"].map(PathBuf::from);
        let (extents, outside) = Extents::new(trees, single);
        assert_eq!(outside, ["/s", "/s/feeds"].map(PathBuf::from).into());
        let of = |path: &str| extents.of(Path::new(path));
        for whole in ["/s/content", "/s/content/a/b", "/s/content/..2026/a", "/s/static", "/s/static/.x/a"] {
            assert_eq!(of(whole), Extent::Whole, "{whole}");
        }
        for nothing in ["/s", "/s/content/.git", "/s/content/a/node_modules/b", "/s/contents", "/s/static/.y"] {
            assert_eq!(of(nothing), Extent::Nothing, "{nothing}");
        }
        assert_eq!(of("/s/content/.feeds"), Extent::Way);
        let targets = BTreeSet::from(["/s/content/.a/b/c", "/s/content/x/node_modules/p/a.md"].map(PathBuf::from));
        assert_eq!(extents.follow(targets.clone()), targets.clone().into_iter().collect::<Vec<_>>());
        assert_eq!(extents.follow(targets), Vec::<PathBuf>::new());
        for (path, extent) in [
            ("/s/content/.a", Extent::Way),
            ("/s/content/.a/b", Extent::Way),
            ("/s/content/.a/c", Extent::Nothing),
            ("/s/content/.a/b/c", Extent::Whole),
            ("/s/content/.a/b/c/d", Extent::Whole),
            ("/s/content/.a/b/c/.d", Extent::Nothing),
            ("/s/content/x/node_modules/p", Extent::Way),
            ("/s/content/x/node_modules/q", Extent::Nothing),
        ] {
            assert_eq!(of(path), extent, "{path}");
        }
        let ways = extents.ways_to(&["/s/content/.a/b/c".into()]);
        assert_eq!(ways, ["/s/content", "/s/content/.a", "/s/content/.a/b"].map(PathBuf::from).into());
    }
}
