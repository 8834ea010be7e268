//! Recognizes copies that a program made because of conflicting edits. They are neither articles nor images.
//!
//! Files of `git mergetool` (for example `post_LOCAL_123.md`) are distinguished from an author's file by their
//! companions in the same directory, so a change of one file may concern others.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use super::dir_entry::{DirEntry, refused};
use super::directory::{Directory, join, normal};
use super::media;
use super::tree::FileKind;
use super::trouble::Trouble;
use super::walk::Walk;
use crate::content_path::file_name;
use crate::generator::selection::machine::{MergeFile, is_copy};

impl Walk<'_> {
    /// The entry for a file that is such a copy, which reports a problem if the file would otherwise be an article or
    /// an image; `None` for other files.
    pub(super) fn copy(&self, directory: &Directory<'_>, name: &OsStr, place: &str) -> Option<DirEntry> {
        let last = file_name(place);
        if !is_copy(last) && !is_merge_file(directory, last) {
            return None;
        }
        let would_count = self.selection.map_or(media::is_named(last), |selection| {
            selection.takes_as_copy(place) || (media::is_named(last) && !selection.excludes(place))
        });
        // Problems of images are reported as those of articles.
        let refused = || refused(directory, name, place, FileKind::Article, Trouble::ConflictCopy);
        Some(if would_count { refused() } else { DirEntry::Other })
    }

    /// Adds to these paths those of files that may become or stop being copies by a change there.
    pub(super) fn with_copies(&self, paths: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let mut all = paths.clone();
        for path in paths {
            let (Some(name), Some(parent)) = (path.file_name().map(normal), path.parent()) else {
                continue;
            };
            let directory = normal(parent.as_os_str());
            if let Some(file) = MergeFile::parse(&name) {
                all.extend(file.companions().map(|companion| parent.join(companion)));
            }
            let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
            let start = join(&directory, &format!("{stem}_"));
            let files = self.tree.directory(&directory);
            let from = files.partition_point(|(place, _)| place.as_str() < start.as_str());
            let copies = files[from..].iter().map(|(place, _)| place);
            let copies = copies.take_while(|place| place.as_str().starts_with(&start));
            let copies =
                copies.filter(|place| MergeFile::parse(place.file_name()).is_some_and(|file| file.is_of(&name)));
            all.extend(copies.map(|place| self.tree.path(place.as_str()).to_owned()));
        }
        all
    }
}

/// Whether a file was written by `git mergetool`. Without a companion, the name is an author's choice.
fn is_merge_file(directory: &Directory<'_>, name: &str) -> bool {
    let stands = |companion: String| fs::symlink_metadata(directory.path.join(companion)).is_ok();
    MergeFile::parse(name).is_some_and(|file| file.companions().any(stands))
}
