//! Lists every file below the content directory, and why its name makes it no article.
//!
//! Used by `check`, which accounts for every file. Walks as a scan does: it follows symbolic links, stops at loops
//! and reads a directory with a `..data` link through that link. Opens no file.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::content_roots::{ContentRoots, EntryKind};
use super::directory::{DATA, join, normal};
use super::stamp::Identity;
use super::tree::ResolvedDir;
use crate::content_path::file_name;
use crate::generator::selection::machine::{self, MergeFile};
use crate::generator::selection::{NoArticle, Selection, is_closed};

/// A file or a skipped directory below the content directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stray {
    /// Content path; that of a directory ends with a slash.
    pub place: String,
    /// Why its name makes it no article; `None` if the name is that of an article.
    pub why: Option<NoArticle>,
}

/// All files below the content directory, and the directories that are not entered, sorted by path.
pub(crate) fn skipped(content: &Path, selection: &Selection) -> Vec<Stray> {
    let mut strays = Vec::new();
    // The scan reports a content directory that cannot be read.
    if let Ok(ResolvedDir { path, .. }) = ResolvedDir::of(content)
        && let Ok(roots) = ContentRoots::of(std::slice::from_ref(&path))
    {
        Skipped { roots: &roots, selection, strays: &mut strays }.walk(&path, "", &mut Vec::new());
    }
    strays.sort();
    strays
}

/// The files with these names below a directory, relative to it. Visits a limited number of names, follows no links and
/// opens no file.
pub(crate) fn files_named(directory: &Path, names: &BTreeSet<OsString>) -> Vec<PathBuf> {
    const MOST_NAMES: usize = 200_000;
    let (mut found, mut left, mut open) = (Vec::new(), MOST_NAMES, vec![directory.to_owned()]);
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(&below).into_iter().flatten().flatten().take(left) {
            left -= 1;
            let name = entry.file_name();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !is_closed(&normal(&name)) {
                open.push(entry.path());
            } else if kind.is_file() && names.contains(&name) {
                found.extend(entry.path().strip_prefix(directory).map(Path::to_owned));
            }
        }
    }
    found.sort();
    found
}

struct Skipped<'a> {
    roots: &'a ContentRoots,
    selection: &'a Selection,
    strays: &'a mut Vec<Stray>,
}

impl Skipped<'_> {
    fn walk(&mut self, directory: &Path, place: &str, above: &mut Vec<Identity>) {
        let data = directory.join(DATA);
        let directory = if data.is_dir() { data.as_path() } else { directory };
        // The scan reports what cannot be read or leads outside.
        let (Ok(metadata), Ok(names)) = (fs::metadata(directory), self.roots.list(directory)) else {
            return;
        };
        let identity = Identity::of(&metadata);
        if above.contains(&identity) {
            return;
        }
        above.push(identity);
        for (name, kind) in names {
            let (path, place) = (directory.join(&name), join(place, &normal(&name)));
            if kind != EntryKind::Directory && !(kind == EntryKind::Symlink && path.is_dir()) {
                let stands = |companion: String| fs::symlink_metadata(directory.join(companion)).is_ok();
                let merge_file = MergeFile::parse(file_name(&place));
                let is_copy = merge_file.is_some_and(|file| file.companions().any(stands));
                let why = if is_copy { Some(NoArticle::ConflictCopy) } else { self.selection.refusal(&place) };
                self.strays.push(Stray { place, why });
            } else if self.selection.enters(&place) {
                self.walk(&path, &place, above);
            } else {
                let is_machine_made = machine::is_directory(file_name(&place));
                let why = if is_machine_made { NoArticle::MachineDirectory } else { NoArticle::ClosedDirectory };
                self.strays.push(Stray { place: format!("{place}/"), why: Some(why) });
            }
        }
        above.pop();
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::syntax::glob::Globs;

    #[test]
    fn every_file_is_listed_and_loops_end() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::create_dir_all(root.join("posts/node_modules/x")).unwrap();
        for file in ["a.md", "README.md", "style.css", "posts/b.html", "posts/b.md~", "posts/node_modules/x/c.md"] {
            fs::write(root.join(file), "x").unwrap();
        }
        symlink(root, root.join("posts/loop")).unwrap();
        let selection = Selection::new(crate::generator::plain::PLAIN, Globs::default(), root, &|_| false);
        let found: Vec<(String, Option<NoArticle>)> =
            skipped(root, &selection).into_iter().map(|stray| (stray.place, stray.why)).collect();
        let expected = [
            ("README.md", None),
            ("a.md", None),
            ("posts/b.html", None),
            ("posts/b.md~", Some(NoArticle::HiddenFile)),
            ("posts/node_modules/", Some(NoArticle::ClosedDirectory)),
            ("style.css", Some(NoArticle::NoText)),
        ];
        assert_eq!(found, expected.map(|(place, why)| (place.to_owned(), why)));
    }
}
