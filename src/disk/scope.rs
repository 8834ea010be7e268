//! Maps the paths of events to the parts of a tree that are scanned again.
//!
//! A path from an event may no longer exist, be behind a link or be inside a volume that was swapped. The scan covers
//! at least everything that the event can be about.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;

use super::directory::{DATA, Directory, OUTPUT_MARK, normal};
use super::stamp::{FileId, Identity};
use super::tree::{Linked, ResolvedDir, Tree};
use super::walk::Walk;
use crate::content_path::ContentPath;
use crate::generator::selection::is_closed;

/// A scanned part of a tree: a path and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope(pub(super) String);

impl Scope {
    pub(super) fn covers(&self, place: &str) -> bool {
        let scope = self.0.as_str();
        scope.is_empty() || place.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The paths below the root of `tree` that the events affect. Also returns the links whose targets may have changed.
pub(super) fn paths(
    tree: &Tree,
    resolved: &ResolvedDir,
    changed_paths: &BTreeSet<PathBuf>,
    files: &BTreeSet<FileId>,
) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for hint in changed_paths {
        for name in names(tree, resolved, hint) {
            if let Ok(path) = name.strip_prefix(&resolved.path)
                && let Some(path) = visible(path)
            {
                found.insert(unambiguous(tree, resolved, path));
            }
        }
    }
    // An event reports only one name of a file with hard links.
    found.extend(files.iter().flat_map(|file| tree.names_of(*file)).map(|name| unambiguous(tree, resolved, name)));
    // No event at the link reports a change of its target.
    found.extend(
        tree.links.values().filter_map(|link| visible(&link.raw)).map(|link| unambiguous(tree, resolved, link)),
    );
    // Links that lead elsewhere now, whether an event reported it or not.
    for follow_link in tree.followed_links.iter().filter(|follow_link| !follow_link.holds()) {
        if let Some(path) = follow_link.link.strip_prefix(&resolved.path).ok().and_then(visible) {
            found.insert(unambiguous(tree, resolved, path));
        }
    }
    found
}

/// The hard-linked files at these paths, both as they are now and as they were at the last scan: a name may be
/// deleted right after the file was written. A name that the trees do not know, for example of a file that is not an
/// article, may have been one of any hard-linked file.
pub(super) fn hard_linked(trees: &[Tree], changed_paths: &BTreeSet<PathBuf>) -> BTreeSet<FileId> {
    let mut found = BTreeSet::new();
    if !trees.iter().any(Tree::has_hard_links) {
        return found;
    }
    for hint in changed_paths {
        found.extend(fs::metadata(hint).ok().and_then(|metadata| FileId::of(&metadata)));
        for (tree, resolved) in trees.iter().filter_map(|tree| Some((tree, tree.resolved.as_ref()?))) {
            for name in names(tree, resolved, hint) {
                let Ok(below) = name.strip_prefix(&resolved.path) else { continue };
                match tree.linked(&normal(below.as_os_str())) {
                    Linked::To(file) => found.extend([file]),
                    Linked::No => {}
                    Linked::Unknown => {
                        found.extend(trees.iter().flat_map(Tree::hard_linked));
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// Every path that the tree knows for the path of an event: the kernel reports a directory under only one of its
/// names.
fn names(tree: &Tree, resolved: &ResolvedDir, hint: &Path) -> BTreeSet<PathBuf> {
    let moved = |path: &Path, from: &Path, to: &Path| path.strip_prefix(from).ok().map(|rest| to.join(rest));
    let mut names = BTreeSet::from([hint.to_owned()]);
    names.extend(moved(hint, &tree.base, &resolved.path));
    for follow_link in &tree.followed_links {
        names.extend(moved(hint, &follow_link.link, &follow_link.target));
    }
    for name in names.clone() {
        for follow_link in &tree.followed_links {
            names.extend(moved(&name, &follow_link.target, &follow_link.link));
        }
    }
    names
}

/// The part of a path that is scanned; `None` if it is hidden. The swap of a volume (`..data`) and the mark of a
/// build's output affect the directory that contains them.
pub(super) fn visible(path: &Path) -> Option<&Path> {
    for part in path.components() {
        let Component::Normal(name) = part else {
            return None;
        };
        if name.as_bytes().starts_with(b"..") || name == OUTPUT_MARK {
            let hidden = path.ancestors().filter(|above| above.file_name() == Some(name)).last()?;
            return hidden.parent();
        }
        if name.as_bytes().starts_with(b".") {
            return None;
        }
    }
    Some(path)
}

/// Whether directories with this name are watched: those that a scan enters, and the versions of a Kubernetes volume.
pub(super) fn is_watched(name: &OsStr) -> bool {
    name.as_bytes().starts_with(b"..") || !is_closed(&normal(name))
}

/// The path, or the longest prefix of it that names a single file or directory. Where a name has two spellings, only
/// a scan of their directory decides which one counts.
fn unambiguous(tree: &Tree, resolved: &ResolvedDir, path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let name = part.as_os_str();
        if OsStr::new(&normal(name)) != name || has_double(&resolved.path.join(&plain), name) {
            return plain;
        }
        plain.push(part);
    }
    let Some(place) = plain.to_str() else {
        return PathBuf::new();
    };
    let scope = Scope(place.to_owned());
    let odd = |(known, _): (&ContentPath, _)| scope.covers(known.as_str());
    let spelled_otherwise = tree
        .raw
        .range::<str, _>((std::ops::Bound::Included(place), std::ops::Bound::Unbounded))
        .next()
        .is_some_and(odd);
    if spelled_otherwise || tree.taken.contains(place) { PathBuf::new() } else { plain }
}

/// Whether the directory also has the decomposed spelling (normal form D) of a name, which macOS writes.
fn has_double(directory: &Path, name: &OsStr) -> bool {
    name.to_str().filter(|name| !name.is_ascii()).is_some_and(|name| {
        let decomposed: String = name.nfd().collect();
        decomposed != name && fs::symlink_metadata(directory.join(decomposed)).is_ok()
    })
}

/// Scans each of these paths and returns what the scans covered.
pub(super) fn walk(walk: &Walk<'_>, resolved: &ResolvedDir, paths: &BTreeSet<PathBuf>) -> Vec<Scope> {
    let root = Directory::root(resolved);
    let mut scopes: Vec<Scope> = Vec::new();
    for path in &walk.widened(&walk.with_copies(paths)) {
        // A directory sorts before the paths below it.
        let place = path.to_string_lossy();
        if !scopes.last().is_some_and(|scope| scope.covers(&place)) {
            scopes.extend(descend(walk, &root, path));
        }
    }
    scopes
}

fn descend(walk: &Walk<'_>, directory: &Directory<'_>, path: &Path) -> Option<Scope> {
    let mut parts = path.components();
    let Some(part) = parts.next() else {
        walk.directory(directory);
        return Some(Scope(directory.place.clone()));
    };
    let stands = |name: &str| fs::symlink_metadata(directory.path.join(name)).is_ok();
    if stands(DATA) || stands(OUTPUT_MARK) {
        walk.directory(directory);
        return Some(Scope(directory.place.clone()));
    }
    let name = part.as_os_str();
    match fs::metadata(directory.path.join(name)) {
        Ok(metadata) if metadata.is_dir() => {
            let below = Directory::below(directory, name, Identity::of(&metadata));
            let is_link = fs::symlink_metadata(&below.path).is_ok_and(|metadata| metadata.is_symlink());
            if !walk.enters(&below.place) || (is_link && walk.roots.leads_outside(&below.path)) {
                // A file may have had this name until now.
                walk.name(directory, name);
                return Some(Scope(below.place.clone()));
            }
            if !walk.may_enter(&below) {
                return None;
            }
            if is_link {
                walk.follow_link(&below);
            }
            if below.is_too_deep() {
                walk.directory(&below);
                return Some(Scope(below.place.clone()));
            }
            descend(walk, &below, parts.as_path())
        }
        _ => {
            walk.name(directory, name);
            Some(Scope(Directory::below(directory, name, Identity::nowhere()).place))
        }
    }
}
