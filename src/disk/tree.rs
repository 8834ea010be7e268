//! The state of every file below one root, as the last scan found it.
//!
//! Files are grouped by directory, so that a scan of one directory compares with that directory only. An entry takes
//! forty bytes besides its path, and the library shares the path.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::stamp::{FileId, Identity, Stamp};
use crate::content_path::{ContentPath, directory};

/// Whether a file is published as an article or as an image or attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Article,
    Media,
}

/// The state of one file at the last scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub(super) stamp: Stamp,
    /// Hash of what we last reported to the library; `None` if the file is ignored.
    pub(super) reported: Option<std::num::NonZeroU64>,
    pub(super) kind: FileKind,
}

/// A symbolic link that the scan followed into a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FollowedLink {
    /// Path of the directory below the root, as the link is named; empty for the root itself.
    pub(super) place: String,
    pub(super) link: PathBuf,
    /// The directory it led to, without links.
    pub(super) target: PathBuf,
    pub(super) identity: Identity,
}

impl FollowedLink {
    /// Whether the link still leads to the same directory.
    pub(super) fn holds(&self) -> bool {
        ResolvedDir::of(&self.link).is_ok_and(|now| now.path == self.target && now.identity == self.identity)
    }
}

/// A directory by its path without symbolic links, with its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResolvedDir {
    pub(super) path: PathBuf,
    pub(super) identity: Identity,
}

impl ResolvedDir {
    pub(super) fn of(path: &Path) -> std::io::Result<Self> {
        let path = std::fs::canonicalize(path)?;
        let metadata = std::fs::metadata(&path)?;
        if !metadata.is_dir() {
            return Err(std::io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { path, identity: Identity::of(&metadata) })
    }
}

/// A symbolic link that the scan does not follow into a directory: it leads to a file, to nothing or outside the
/// roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileLink {
    /// Path of the link below the root.
    pub(super) raw: PathBuf,
    /// The resolved target; `None` if it does not exist.
    pub(super) target: Option<PathBuf>,
}

/// Whether the file at a path has other names (hard links).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linked {
    To(FileId),
    No,
    /// The last scan did not read the metadata of a file there.
    Unknown,
}

/// One root and everything that scans found below it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The root as configured, links unresolved.
    pub(super) base: PathBuf,
    pub(super) resolved: Option<ResolvedDir>,
    pub(super) followed_links: Vec<FollowedLink>,
    /// On-disk paths below the root that differ from their content paths, for example names in normal form D.
    pub(super) raw: Arc<BTreeMap<ContentPath, PathBuf>>,
    /// Links to files, to nothing or to the outside.
    pub(super) links: BTreeMap<ContentPath, FileLink>,
    /// Paths that other names in the directory have too. Those names are not read.
    pub(super) taken: BTreeSet<ContentPath>,
    /// Names of each file that has several (hard links): an event reports only one of them.
    hard_links: BTreeMap<FileId, BTreeSet<ContentPath>>,
    hard_linked: BTreeMap<ContentPath, FileId>,
    /// Racy files: they were read so soon after a change that their stamp might not show the next one. The time says
    /// until when.
    pub(super) racy: BTreeMap<ContentPath, SystemTime>,
    directories: BTreeMap<Arc<str>, Vec<(ContentPath, TreeEntry)>>,
}

impl Tree {
    pub(super) fn new(base: PathBuf) -> Self {
        Self { base, ..Self::default() }
    }

    /// The files of one directory, sorted by path.
    pub(super) fn directory(&self, place: &str) -> &[(ContentPath, TreeEntry)] {
        self.directories.get(place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn entry(&self, place: &str) -> Option<&TreeEntry> {
        let files = self.directory(directory(place));
        let at = files.binary_search_by(|(known, _)| known.as_str().cmp(place)).ok()?;
        files.get(at).map(|(_, entry)| entry)
    }

    /// The files in the directories at and below `place` that are not in `visited`.
    pub(super) fn unvisited<'a>(
        &'a self,
        place: &'a str,
        visited: &'a BTreeSet<Arc<str>>,
    ) -> impl Iterator<Item = &'a (ContentPath, TreeEntry)> {
        // Everything is below the top. At and below `a` are `a` itself and the keys between `a/` and `a0`, because
        // `0` is the character after `/`.
        let own = self.directories.get_key_value(place).filter(|_| !place.is_empty());
        let (from, to) = match place {
            "" => (String::new(), None),
            place => (format!("{place}/"), Some(format!("{place}0"))),
        };
        self.directories
            .range::<str, _>((std::ops::Bound::Included(from.as_str()), std::ops::Bound::Unbounded))
            .take_while(move |(directory, _)| to.as_ref().is_none_or(|to| &***directory < to.as_str()))
            .chain(own)
            .filter(move |(directory, _)| !visited.contains(&**directory))
            .flat_map(|(_, files)| files)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Every file below this root.
    pub(super) fn all(&self) -> impl Iterator<Item = &(ContentPath, TreeEntry)> {
        self.directories.values().flatten()
    }

    /// Records the state of a file and returns the previous one.
    pub(super) fn put(&mut self, place: &ContentPath, entry: TreeEntry) -> Option<TreeEntry> {
        let home = directory(place.as_str());
        let files = match self.directories.get_mut(home) {
            Some(files) => files,
            None => self.directories.entry(home.into()).or_default(),
        };
        // The first scan reports files in order, so most of them are appended.
        if files.last().is_none_or(|(last, _)| last < place) {
            files.push((place.clone(), entry));
            return None;
        }
        match files.binary_search_by(|(known, _)| known.cmp(place)) {
            Ok(at) => Some(std::mem::replace(&mut files[at].1, entry)),
            Err(at) => {
                files.insert(at, (place.clone(), entry));
                None
            }
        }
    }

    /// Removes a file and returns its last state.
    pub(super) fn remove(&mut self, place: &ContentPath) -> Option<TreeEntry> {
        let home = directory(place.as_str());
        let files = self.directories.get_mut(home)?;
        let at = files.binary_search_by(|(known, _)| known.cmp(place)).ok()?;
        let (_, entry) = files.remove(at);
        if files.is_empty() {
            self.directories.remove(home);
        }
        self.racy.remove(place);
        self.forget_names(place);
        Some(entry)
    }

    /// Records which file the path belongs to, if that file has other names (hard links). Returns whether this is its
    /// first known name.
    pub(super) fn remember_names(&mut self, place: &ContentPath, file: Option<FileId>) -> bool {
        if self.hard_linked.get(place) == file.as_ref() {
            return false;
        }
        self.forget_names(place);
        let Some(file) = file else {
            return false;
        };
        self.hard_linked.insert(place.clone(), file);
        let names = self.hard_links.entry(file).or_default();
        names.insert(place.clone());
        names.len() == 1
    }

    fn forget_names(&mut self, place: &ContentPath) {
        let Some(file) = self.hard_linked.remove(place) else {
            return;
        };
        if let Some(names) = self.hard_links.get_mut(&file) {
            names.remove(place);
            if names.is_empty() {
                self.hard_links.remove(&file);
            }
        }
    }

    /// Whether the file that had this path at the last scan has other names as well.
    pub(super) fn linked(&self, place: &str) -> Linked {
        match self.hard_linked.get(place) {
            Some(file) => Linked::To(*file),
            None if self.entry(place).is_some_and(|entry| entry.stamp != Stamp::NONE) => Linked::No,
            None => Linked::Unknown,
        }
    }

    /// Every file with several names of which at least one is known.
    pub(super) fn hard_linked(&self) -> impl Iterator<Item = FileId> {
        self.hard_links.keys().copied()
    }

    /// The known names of a file, as paths below the root.
    pub(super) fn names_of(&self, file: FileId) -> impl Iterator<Item = &Path> {
        self.hard_links.get(&file).into_iter().flatten().map(|place| self.path(place.as_str()))
    }

    pub(super) fn has_hard_links(&self) -> bool {
        !self.hard_links.is_empty()
    }

    /// The on-disk path below the root of the file with this content path.
    pub(super) fn path<'a>(&'a self, place: &'a str) -> &'a Path {
        self.raw.get(place).map_or(Path::new(place), PathBuf::as_path)
    }
}

#[cfg(test)]
impl Tree {
    /// Records the current stamp of a file, as if the scan had read it with that stamp.
    pub(super) fn pretend(&mut self, place: &str, path: &Path) {
        let entry = TreeEntry { stamp: Stamp::of(&std::fs::metadata(path).unwrap()), ..*self.entry(place).unwrap() };
        self.put(&ContentPath::new(place), entry);
    }
}
