//! Walks directories and compares what is there with the previous scan.
//!
//! Calls `stat` but opens no file. Follows symbolic links and stops at loops. If a directory has a `..data` link (a
//! Kubernetes volume), the walk reads it only through that link: the visible links are inconsistent while the kubelet
//! swaps versions.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;

use super::content_roots::{ContentRoots, EntryKind};
use super::dir_entry::{Changed, DirEntry};
use super::directory::{DATA, Directory, OUTPUT_MARK, join, normal};
use super::open::{self, Refusal};
use super::stamp::Identity;
use super::tree::{FileKind, FileLink, FollowedLink, ResolvedDir, Tree};
use super::trouble::Trouble;
use crate::content_path::{ContentPath, file_name};
use crate::generator::selection::{Selection, is_closed};
use crate::lock::{lock, recover};

#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) changed: Vec<Changed>,
    pub(super) gone: Vec<(ContentPath, FileKind)>,
    pub(super) visited: BTreeSet<Arc<str>>,
    pub(super) followed_links: Vec<FollowedLink>,
    pub(super) raw: Vec<(ContentPath, PathBuf)>,
    pub(super) links: Vec<(ContentPath, FileLink)>,
    pub(super) taken: Vec<ContentPath>,
    /// Number of article files that exist, changed or not.
    pub(super) articles: usize,
    /// Whether the tree changed during the walk, so that the result must be discarded.
    pub(super) unsettled: bool,
    /// Why the root itself could not be listed.
    pub(super) unreadable: Option<io::Error>,
}

/// The inputs of a walk and the findings that it collects.
pub(super) struct Walk<'a> {
    pub(super) tree: &'a Tree,
    /// Lists directories and follows links, but not out of the roots.
    pub(super) roots: &'a ContentRoots,
    /// Decides which files are articles; `None` in an image root.
    pub(super) selection: Option<&'a Selection>,
    /// A directory that another walk reads, so that this one skips it.
    pub(super) elsewhere: Option<Identity>,
    /// Whether every file counts as changed.
    pub(super) afresh: bool,
    /// Whether a name that was listed but is missing makes the tree count as unsettled, so that the scan is repeated.
    pub(super) strict: bool,
    pub(super) findings: Mutex<Findings>,
}

impl Walk<'_> {
    pub(super) fn findings(self) -> Findings {
        recover(self.findings.into_inner())
    }

    fn find(&self, note: impl FnOnce(&mut Findings)) {
        note(&mut lock(&self.findings));
    }

    pub(super) fn enters(&self, place: &str) -> bool {
        if let Some(selection) = self.selection {
            return selection.enters(place);
        }
        !is_closed(file_name(place))
    }

    /// Whether a directory is neither one of its own ancestors (a loop of links) nor read by another walk.
    pub(super) fn may_enter(&self, directory: &Directory<'_>) -> bool {
        !directory.loops() && self.elsewhere != Some(directory.identity)
    }

    /// Walks a directory and everything below it.
    pub(super) fn directory(&self, directory: &Directory<'_>) {
        if !self.may_enter(directory) {
            return;
        }
        if directory.is_too_deep() {
            return self.report_below(directory);
        }
        let names = match self.roots.list(&directory.path) {
            Ok(names) => names,
            Err(refusal) => return self.unlisted(&directory.place, refusal),
        };
        if names.iter().any(|(name, _)| name == OUTPUT_MARK) {
            return self.note(directory, Vec::new());
        }
        if names.iter().any(|(name, kind)| name == DATA && *kind == EntryKind::Symlink)
            && let Ok(data) = ResolvedDir::of(&directory.path.join(DATA))
        {
            let behind = Directory {
                path: data.path.clone(),
                place: directory.place.clone(),
                raw: directory.raw.join(DATA),
                identity: data.identity,
                above: Some(directory),
                depth: directory.depth + 1,
                bundle: OnceLock::new(),
            };
            let link = directory.path.join(DATA);
            self.find(|found| {
                found.followed_links.push(FollowedLink {
                    place: directory.place.clone(),
                    link,
                    target: data.path,
                    identity: data.identity,
                });
            });
            if behind.loops() {
                return;
            }
            return match self.roots.list(&behind.path) {
                Ok(names) => self.names(&behind, names),
                Err(refusal) => self.unlisted(&behind.place, refusal),
            };
        }
        self.names(directory, names);
    }

    /// Reports each article at and below a directory that is too deep to be read. Follows no links, because they
    /// could lead deeper without end.
    fn report_below(&self, directory: &Directory<'_>) {
        let mut left = vec![(directory.path.clone(), directory.place.clone())];
        while let Some((path, place)) = left.pop() {
            let names = match self.roots.list(&path) {
                Ok(names) if names.iter().any(|(name, _)| name == OUTPUT_MARK) => continue,
                Ok(names) => names,
                Err(refusal) => {
                    self.unlisted(&place, refusal);
                    continue;
                }
            };
            for (name, kind) in names.iter().filter(|(name, _)| !name.as_encoded_bytes().starts_with(b".")) {
                let place = join(&place, &normal(name));
                if *kind == EntryKind::Directory && self.enters(&place) {
                    left.push((path.join(name), place));
                } else if *kind == EntryKind::File && self.selection.is_some_and(|selection| selection.takes(&place)) {
                    let (place, trouble) = (ContentPath::new(&place), Some(Trouble::TooDeep));
                    let changed = Changed { place, kind: FileKind::Article, path: None, trouble };
                    self.find(|found| found.changed.push(changed));
                }
            }
        }
    }

    /// Examines one name in a directory, whatever it is now. Called for the paths of events.
    pub(super) fn name(&self, directory: &Directory<'_>, name: &OsStr) {
        let place = ContentPath::new(&join(&directory.place, &normal(name)));
        let dir_entry = match fs::symlink_metadata(directory.path.join(name)) {
            Ok(metadata) => self.dir_entry(directory, name, EntryKind::of(&metadata), Some(&metadata)),
            Err(error) => match open::refusal(&directory.path.join(name), error) {
                Refusal::Unsettled => DirEntry::Unsettled,
                _ => DirEntry::Other,
            },
        };
        let stands = matches!(dir_entry, DirEntry::Same { .. } | DirEntry::Changed(_));
        if let Some(entry) = self.tree.entry(place.as_str()).filter(|_| !stands) {
            self.find(|found| found.gone.push((place, entry.kind)));
        }
        self.take(directory, vec![dir_entry]);
    }

    /// Records a link to a file or to nothing, because no event reports a change of its target.
    pub(super) fn link(&self, directory: &Directory<'_>, name: &OsStr, place: &str) {
        let target = fs::canonicalize(directory.path.join(name)).ok();
        let link = FileLink { raw: directory.raw.join(name), target };
        self.find(|found| found.links.push((ContentPath::new(place), link)));
    }

    fn names(&self, directory: &Directory<'_>, names: Vec<(OsString, EntryKind)>) {
        let mut names: Vec<(String, OsString, EntryKind)> = names
            .into_iter()
            .filter(|(name, _)| !name.as_encoded_bytes().starts_with(b"."))
            .map(|(name, kind)| (normal(&name), name, kind))
            .collect();
        names.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        self.judge_bundle(directory, names.iter().map(|(normal, ..)| normal.as_str()));
        let items = names
            .par_iter()
            .enumerate()
            .with_min_len(64)
            .map(|(at, (normal, name, kind))| {
                let first = at.checked_sub(1).and_then(|before| names.get(before)).filter(|before| before.0 == *normal);
                match (self.dir_entry(directory, name, *kind, None), first) {
                    (
                        DirEntry::Same { kind: FileKind::Article, .. }
                        | DirEntry::Changed(Changed { kind: FileKind::Article, .. })
                        | DirEntry::Directory { .. },
                        Some(_),
                    ) => DirEntry::Taken(ContentPath::new(&join(&directory.place, normal))),
                    (DirEntry::Same { .. } | DirEntry::Changed(_), Some(_)) => DirEntry::Other,
                    (dir_entry, _) => dir_entry,
                }
            })
            .collect();
        self.note(directory, items);
    }

    /// Records all entries of a directory, and as gone the known files that are no longer among them.
    fn note(&self, directory: &Directory<'_>, items: Vec<DirEntry>) {
        let known = self.tree.directory(&directory.place);
        let here: BTreeSet<&str> = items
            .iter()
            .filter_map(|dir_entry| match dir_entry {
                DirEntry::Same { place, .. } | DirEntry::Changed(Changed { place, .. }) => Some(place.as_str()),
                _ => None,
            })
            .filter(|_| !known.is_empty())
            .collect();
        let gone: Vec<(ContentPath, FileKind)> = known
            .iter()
            .filter(|(place, _)| !here.contains(place.as_str()))
            .map(|(place, entry)| (place.clone(), entry.kind))
            .collect();
        self.find(|found| {
            found.visited.insert(directory.place.as_str().into());
            found.gone.extend(gone);
        });
        self.take(directory, items);
    }

    fn take(&self, directory: &Directory<'_>, items: Vec<DirEntry>) {
        let mut directories = Vec::new();
        self.find(|found| {
            for dir_entry in items {
                match dir_entry {
                    DirEntry::Other => {}
                    DirEntry::Taken(place) => found.taken.push(place),
                    DirEntry::Unsettled => found.unsettled = true,
                    DirEntry::Same { place, kind, path } => {
                        found.articles += usize::from(kind == FileKind::Article);
                        found.raw.extend(path.map(|path| (place, path)));
                    }
                    DirEntry::Changed(changed) => {
                        found.articles += usize::from(changed.kind == FileKind::Article && changed.trouble.is_none());
                        found.raw.extend(changed.path.clone().map(|path| (changed.place.clone(), path)));
                        found.changed.push(changed);
                    }
                    DirEntry::Directory { name, identity, link } => directories.push((name, identity, link)),
                }
            }
        });
        directories.into_par_iter().for_each(|(name, identity, link)| {
            let below = Directory::below(directory, &name, identity);
            if link {
                self.follow_link(&below);
            }
            self.directory(&below);
        });
    }

    pub(super) fn follow_link(&self, directory: &Directory<'_>) {
        if let Ok(resolved) = ResolvedDir::of(&directory.path) {
            self.find(|found| {
                found.followed_links.push(FollowedLink {
                    place: directory.place.clone(),
                    link: directory.path.clone(),
                    target: resolved.path,
                    identity: directory.identity,
                });
            });
        }
    }

    /// Records that a directory could not be listed: the scan is repeated, or the directory is reported as a problem.
    fn unlisted(&self, place: &str, refusal: Refusal) {
        if place.is_empty() {
            return self.find(|found| match refusal {
                Refusal::Unsettled => found.unsettled = true,
                refusal => found.unreadable = Some(refusal.into_error()),
            });
        }
        let trouble = match refusal {
            Refusal::Gone => return,
            Refusal::Unsettled | Refusal::NoFile(_) => return self.find(|found| found.unsettled = true),
            Refusal::Failed(error) => Trouble::denied(EntryKind::Directory, &error),
            Refusal::Outside => Trouble::Outside,
        };
        let (place, trouble) = (ContentPath::new(place), Some(trouble));
        self.find(|found| found.changed.push(Changed { place, kind: FileKind::Article, path: None, trouble }));
    }
}
