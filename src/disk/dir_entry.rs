//! Classifies one name of a directory during a walk: ignored, unchanged, changed, or a directory to enter.
//!
//! Reads the metadata of a file only if there is a stamp to compare with, and opens no file.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::path::PathBuf;

use super::content_roots::EntryKind;
use super::directory::{Directory, join, normal, spelled};
use super::media;
use super::open::{self, Refusal};
use super::stamp::{Identity, Stamp};
use super::tree::FileKind;
use super::trouble::Trouble;
use super::walk::Walk;
use crate::content_path::{ContentPath, file_name};

/// A file that is new, or may have changed since the last scan.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) place: ContentPath,
    pub(super) kind: FileKind,
    /// The path of the file, if it is spelled differently from `place` (see [`spelled`]).
    pub(super) path: Option<PathBuf>,
    /// Why it cannot be read, if that is known without opening it.
    pub(super) trouble: Option<Trouble>,
}

/// The result of classifying one name.
pub(super) enum DirEntry {
    /// Ignored: neither an article nor an image, nor a directory to enter.
    Other,
    /// A file whose stamp has not changed.
    Same {
        place: ContentPath,
        kind: FileKind,
        path: Option<PathBuf>,
    },
    Changed(Changed),
    /// The path of another name in the directory, which has the same normal form and is read instead. For example, `é`
    /// can be written as one or as two code points.
    Taken(ContentPath),
    Directory {
        name: OsString,
        identity: Identity,
        link: bool,
    },
    /// The directory is being changed, so the scan has to be repeated.
    Unsettled,
}

impl Walk<'_> {
    /// Classifies a name of a directory. `known` is its metadata (without following links), if the caller has read it.
    pub(super) fn dir_entry(
        &self,
        directory: &Directory<'_>,
        name: &OsStr,
        kind: EntryKind,
        known: Option<&Metadata>,
    ) -> DirEntry {
        let place = join(&directory.place, &normal(name));
        if kind != EntryKind::Directory
            && let Some(copy) = self.copy(directory, name, &place)
        {
            return copy;
        }
        if kind == EntryKind::File {
            let Some(wanted) = self.wanted(directory, &place) else {
                return DirEntry::Other;
            };
            if known.is_none() && self.tree.entry(&place).is_none() {
                // New files are read in any case, and the reader checks the type of what it opens.
                let path = spelled(directory, name, &place);
                return DirEntry::Changed(Changed {
                    place: ContentPath::new(&place),
                    kind: wanted,
                    path,
                    trouble: None,
                });
            }
            return match known.cloned().map_or_else(|| fs::symlink_metadata(directory.path.join(name)), Ok) {
                // It became something else since the directory was listed.
                Ok(metadata) if !metadata.is_file() => {
                    self.dir_entry(directory, name, EntryKind::of(&metadata), Some(&metadata))
                }
                Ok(metadata) => self.file(directory, name, &place, wanted, &metadata),
                Err(error) => self.trouble(directory, name, &place, wanted, error),
            };
        }
        if kind == EntryKind::Directory {
            if !self.enters(&place) {
                return DirEntry::Other;
            }
            return match known.cloned().map_or_else(|| fs::symlink_metadata(directory.path.join(name)), Ok) {
                Ok(metadata) if !metadata.is_dir() => {
                    self.dir_entry(directory, name, EntryKind::of(&metadata), Some(&metadata))
                }
                Ok(metadata) => {
                    DirEntry::Directory { name: name.to_owned(), identity: Identity::of(&metadata), link: false }
                }
                Err(error) => self.trouble(directory, name, &place, FileKind::Article, error),
            };
        }
        let wanted = self.wanted(directory, &place);
        if kind == EntryKind::Special {
            // Reported by `file` as unreadable, without opening it: a FIFO would block.
            return wanted.map_or(DirEntry::Other, |wanted| match fs::symlink_metadata(directory.path.join(name)) {
                Ok(metadata) => self.file(directory, name, &place, wanted, &metadata),
                Err(error) => self.trouble(directory, name, &place, wanted, error),
            });
        }
        let path = directory.path.join(name);
        let target = fs::metadata(&path);
        let is_directory = target.as_ref().is_ok_and(Metadata::is_dir);
        let is_of_use = if is_directory { self.enters(&place) } else { wanted.is_some() };
        let leads_outside = is_of_use && self.roots.leads_outside(&path);
        if !is_directory || leads_outside {
            self.link(directory, name, &place);
        }
        if leads_outside {
            return refused(directory, name, &place, FileKind::Article, Trouble::Outside);
        }
        match (target, wanted) {
            (Ok(metadata), _) if metadata.is_dir() && self.enters(&place) => {
                DirEntry::Directory { name: name.to_owned(), identity: Identity::of(&metadata), link: true }
            }
            (Ok(metadata), _) if metadata.is_dir() => DirEntry::Other,
            (Ok(metadata), Some(wanted)) => self.file(directory, name, &place, wanted, &metadata),
            (Err(error), Some(wanted)) => self.trouble(directory, name, &place, wanted, error),
            (_, None) => DirEntry::Other,
        }
    }

    /// Whether a file at this path is an article, an image or attachment, or neither.
    fn wanted(&self, directory: &Directory<'_>, place: &str) -> Option<FileKind> {
        if media::is_named(file_name(place)) {
            let is_excluded = self.selection.is_some_and(|selection| selection.excludes(place));
            return (!is_excluded).then_some(FileKind::Media);
        }
        let is_article = self.selection.is_some_and(|selection| selection.takes(place))
            && (!self.in_bundle(directory) || self.is_bundle(place));
        is_article.then_some(FileKind::Article)
    }

    /// Classifies a name whose metadata cannot be read, although a listing or an event named it.
    fn trouble(
        &self,
        directory: &Directory<'_>,
        name: &OsStr,
        place: &str,
        kind: FileKind,
        error: io::Error,
    ) -> DirEntry {
        match open::refusal(&directory.path.join(name), error) {
            Refusal::Gone if !self.strict => DirEntry::Other,
            Refusal::Gone | Refusal::Unsettled | Refusal::NoFile(_) => DirEntry::Unsettled,
            Refusal::Failed(error) => refused(directory, name, place, kind, Trouble::denied(EntryKind::File, &error)),
            Refusal::Outside => refused(directory, name, place, kind, Trouble::Outside),
        }
    }

    /// Compares the stamp of a file with that in the snapshot. Racy files count as changed.
    fn file(
        &self,
        directory: &Directory<'_>,
        name: &OsStr,
        place: &str,
        kind: FileKind,
        metadata: &Metadata,
    ) -> DirEntry {
        if let Some(other) = open::kind(metadata) {
            return refused(directory, name, place, kind, Trouble::NoFile(other));
        }
        // The snapshot has the path already, so cloning it does not allocate.
        let files = self.tree.directory(&directory.place);
        let known = files.binary_search_by(|(known, _)| known.as_str().cmp(place)).ok().and_then(|at| files.get(at));
        match known {
            Some((known, entry))
                if entry.stamp == Stamp::of(metadata)
                    && entry.kind == kind
                    && !self.afresh
                    && !self.tree.racy.contains_key(known) =>
            {
                DirEntry::Same { place: known.clone(), kind, path: spelled(directory, name, place) }
            }
            _ => DirEntry::Changed(Changed {
                place: known.map_or_else(|| ContentPath::new(place), |(known, _)| known.clone()),
                kind,
                path: spelled(directory, name, place),
                trouble: None,
            }),
        }
    }
}

/// A file that is not read, but reported with a problem.
pub(super) fn refused(
    directory: &Directory<'_>,
    name: &OsStr,
    place: &str,
    kind: FileKind,
    trouble: Trouble,
) -> DirEntry {
    DirEntry::Changed(Changed {
        place: ContentPath::new(place),
        kind,
        path: spelled(directory, name, place),
        trouble: Some(trouble),
    })
}
