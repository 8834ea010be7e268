//! What every file below one root was at the last look.
//!
//! By directory, so that a look at one directory compares with that directory
//! alone. Compact: forty bytes a file besides its place, which is shared with
//! the library.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::stamp::{FileId, Identity, Stamp};
use crate::content_path::ContentPath;

/// What a file is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Article,
    Image,
}

/// One file at the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) stamp: Stamp,
    /// What was told of it, hashed; none where it is nobody's business.
    pub(super) reported: Option<std::num::NonZeroU64>,
    pub(super) kind: Kind,
}

/// A directory that was reached through a symbolic link, or stands behind one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FollowedLink {
    /// The directory's own place below the root; empty at the top.
    pub(super) place: String,
    /// The link.
    pub(super) link: PathBuf,
    /// Where it led.
    pub(super) target: PathBuf,
    pub(super) identity: Identity,
}

impl FollowedLink {
    /// Whether the link still leads there.
    pub(super) fn holds(&self) -> bool {
        ResolvedDir::of(&self.link).is_ok_and(|now| now.path == self.target && now.identity == self.identity)
    }
}

/// A directory, resolved.
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

/// A symbolic link that does not lead to a directory that is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileLink {
    /// Its path below the root.
    pub(super) raw: PathBuf,
    /// What it leads to, resolved; `None` if that does not exist.
    pub(super) target: Option<PathBuf>,
}

/// One root and all that was found below it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The root as configured.
    pub(super) base: PathBuf,
    pub(super) resolved: Option<ResolvedDir>,
    pub(super) followed_links: Vec<FollowedLink>,
    /// Paths below the root that are not spelled as their places are.
    pub(super) raw: Arc<BTreeMap<ContentPath, PathBuf>>,
    /// Links to files, to nothing or to the outside.
    pub(super) links: BTreeMap<ContentPath, FileLink>,
    /// Files with several names (hard links) by what they are: an event names one of the names only.
    hard_links: BTreeMap<FileId, BTreeSet<ContentPath>>,
    hard_linked: BTreeMap<ContentPath, FileId>,
    /// Files read so soon after a change that another might not show, and
    /// until when.
    pub(super) racy: BTreeMap<ContentPath, SystemTime>,
    directories: BTreeMap<Arc<str>, Vec<(ContentPath, Entry)>>,
}

impl Tree {
    pub(super) fn new(base: PathBuf) -> Self {
        Self { base, ..Self::default() }
    }

    /// The files of one directory, in the order of their places.
    pub(super) fn directory(&self, place: &str) -> &[(ContentPath, Entry)] {
        self.directories.get(place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn entry(&self, place: &str) -> Option<&Entry> {
        let files = self.directory(home(place));
        let at = files.binary_search_by(|(known, _)| known.as_str().cmp(place)).ok()?;
        files.get(at).map(|(_, entry)| entry)
    }

    /// Whether another name of this place was turned away.
    pub(super) fn is_contested(&self, place: &str) -> bool {
        let files = self.directory(home(place));
        let next = files.partition_point(|(known, _)| known.as_str() <= place);
        files
            .get(next)
            .is_some_and(|(known, _)| known.as_str().strip_prefix(place).is_some_and(|rest| rest.starts_with('\0')))
    }

    /// The files of directories at and below a place that `visited` does not name.
    pub(super) fn unvisited<'a>(
        &'a self,
        place: &'a str,
        visited: &'a BTreeSet<Arc<str>>,
    ) -> impl Iterator<Item = &'a (ContentPath, Entry)> {
        // Below the top is everything; below `a` is `a` itself and what lies
        // between `a/` and `a0`, the next character.
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

    /// Every file.
    pub(super) fn all(&self) -> impl Iterator<Item = &(ContentPath, Entry)> {
        self.directories.values().flatten()
    }

    /// Writes down what a file is, and returns what it was.
    pub(super) fn put(&mut self, place: &ContentPath, entry: Entry) -> Option<Entry> {
        let home = home(place.as_str());
        let files = match self.directories.get_mut(home) {
            Some(files) => files,
            None => self.directories.entry(home.into()).or_default(),
        };
        // A first look brings places in order: at the end nothing moves.
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

    /// Strikes a file out, and returns what it was.
    pub(super) fn remove(&mut self, place: &ContentPath) -> Option<Entry> {
        let home = home(place.as_str());
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

    /// Remembers which file a place belongs to, if the file has other names as well. Returns whether this is the first of
    /// its names that is known.
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

    /// Which file is, or was at the last look, at a place, if it has other names as well.
    pub(super) fn hard_linked(&self, place: &str) -> Option<FileId> {
        self.hard_linked.get(place).copied()
    }

    /// The names of a file, as paths below the root.
    pub(super) fn names_of(&self, file: FileId) -> impl Iterator<Item = &Path> {
        self.hard_links.get(&file).into_iter().flatten().map(|place| self.path(place.as_str()))
    }

    pub(super) fn has_hard_links(&self) -> bool {
        !self.hard_links.is_empty()
    }

    /// Where the file at a place is, below the root.
    pub(super) fn path<'a>(&'a self, place: &'a str) -> &'a Path {
        self.raw.get(place).map_or(Path::new(place), PathBuf::as_path)
    }
}

/// The directory whose list a place stands in.
fn home(place: &str) -> &str {
    // A file whose place was taken stands beside the one that took it.
    let place = place.split('\0').next().unwrap_or(place);
    place.rfind('/').map_or("", |at| &place[..at])
}

#[cfg(test)]
impl Tree {
    /// Writes down a file's present stamp, as if it had been read with it.
    pub(super) fn pretend(&mut self, place: &str, path: &Path) {
        let entry = Entry { stamp: Stamp::of(&std::fs::metadata(path).unwrap()), ..*self.entry(place).unwrap() };
        self.put(&ContentPath::new(place), entry);
    }
}
