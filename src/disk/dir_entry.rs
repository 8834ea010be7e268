//! Classifies one name of a directory during a walk: ignored, unchanged, changed, or a directory to enter.
//!
//! Reads the metadata of a file only if there is a stamp to compare with, and opens no file.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::path::PathBuf;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::content_roots::EntryKind;
use super::directory::{Directory, join, normal, spelled};
use super::image;
use super::open::{self, OUTSIDE, Refusal};
use super::stamp::{Identity, Stamp};
use super::tree::FileKind;
use super::walk::Walk;
use crate::content_path::{ContentPath, file_name};
use crate::diagnostic::Code;

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

/// A problem because of which a file is not read.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: &'static str,
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
            return refused(directory, name, &place, FileKind::Article, outside());
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

    /// Whether a file at this path is an article, an image, or neither.
    fn wanted(&self, directory: &Directory<'_>, place: &str) -> Option<FileKind> {
        if image::is_named(file_name(place)) {
            let is_excluded = self.selection.is_some_and(|selection| selection.excludes(place));
            return (!is_excluded).then_some(FileKind::Image);
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
            Refusal::Failed(error) => refused(directory, name, place, kind, denied("file", &error)),
            Refusal::Outside => refused(directory, name, place, kind, outside()),
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
            let message = format!("this is {other}, no file");
            return refused(
                directory,
                name,
                place,
                kind,
                Trouble { code: Code::Unreadable, message, help: "remove it, or give it another name" },
            );
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

/// A name whose path is taken, because another name has the same normal form. For example, `é` can be written as one or
/// as two code points.
pub(super) fn taken(directory: &Directory<'_>, name: &OsStr, normal: &str) -> DirEntry {
    // File names cannot contain a zero byte, so this path is different from that of every file.
    let place =
        format!("{}\0{}", join(&directory.place, normal), percent_encode(name.as_encoded_bytes(), NON_ALPHANUMERIC));
    let message = format!("another name that is written `{normal}` too has this place");
    refused(
        directory,
        name,
        &place,
        FileKind::Article,
        Trouble { code: Code::PlaceTaken, message, help: "rename one of the two" },
    )
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

/// The problem of a symbolic link that leads out of the roots.
pub(super) fn outside() -> Trouble {
    Trouble {
        code: Code::Outside,
        message: OUTSIDE.to_owned(),
        help: "copy what it leads to into the content directory, or name that directory with --content or under `images.roots` in feeds/site.yaml",
    }
}

/// The problem of a file or directory (`what`) that the operating system does not let us read.
pub(super) fn denied(what: &str, error: &io::Error) -> Trouble {
    let (message, help) = match error.kind() {
        io::ErrorKind::NotFound => {
            (format!("the symbolic link leads nowhere, so the {what} cannot be read"), "mend the link or remove it")
        }
        io::ErrorKind::InvalidFilename => (
            format!("the {what} cannot be read: its path is longer than the system allows"),
            "use shorter names, or fewer directories in each other",
        ),
        io::ErrorKind::PermissionDenied => {
            (format!("the {what} cannot be read: permission denied"), "let the user that runs feedmill read it")
        }
        _ => (
            format!("the {what} cannot be read: {}", open::reason(error)),
            "see whether the disk and the mount are in order",
        ),
    };
    Trouble { code: Code::Unreadable, message, help }
}
