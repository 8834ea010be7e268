//! What every file was at the last look, and how articles are read again.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::content_roots::ContentRoots;
use super::files::ContentFiles;
use super::read::{self, Change, Depth, FileState, Reading, Whole};
use super::roots::Root;
use super::scope;
use super::stamp::FileId;
use super::tree::{Entry, FollowedLink, Kind, ResolvedDir, Tree};
use super::{ScanConfig, ScanError};
use crate::content_path::ContentPath;
use crate::library::ChangeBatch;

/// Bytes kept of the first look, for the bodies that are asked for next.
const KEPT: usize = 64 * 1024 * 1024;

/// What every file was at the last look. One thread owns it.
#[derive(Debug)]
pub struct FileSnapshot {
    /// The content directory's tree, then those of the image roots.
    pub(super) trees: Vec<Tree>,
    /// The roots as they were at the last look.
    pub(super) roots: Arc<[Root]>,
    /// Images of roots that are roots no more, to be told at the next look.
    pub(super) moved: BTreeSet<Arc<str>>,
    /// Whether every file counts as changed.
    pub(super) afresh: bool,
    /// Whether a file was found that has other names, which may not have been looked at.
    pub(super) unknown_names: bool,
    /// Files with several names, none of which is of use.
    pub(super) foreign_files: BTreeSet<FileId>,
    /// Looks in a row that were thrown away.
    pub(super) thrown: u32,
    /// Looks that were settled.
    pub(super) scans: u32,
    pub(super) articles: usize,
    pub(super) images: usize,
    /// Files of the first look, as they were read.
    pub(super) kept: HashMap<ContentPath, Whole>,
    /// Most bytes of them.
    pub(super) most_kept: usize,
    /// Threads of its own, so that a long look never takes those of requests.
    pub(super) pool: Option<Arc<rayon::ThreadPool>>,
}

impl Default for FileSnapshot {
    fn default() -> Self {
        Self::new()
    }
}

impl FileSnapshot {
    /// Nothing known: everything is found at the first look.
    pub fn new() -> Self {
        Self::keeping(KEPT)
    }

    /// The same; of the files of the first look it keeps so many bytes at most
    /// until the bodies among them are asked for.
    pub fn keeping(most_kept: usize) -> Self {
        Self {
            most_kept,
            trees: Vec::new(),
            roots: Arc::new([]),
            moved: BTreeSet::new(),
            afresh: false,
            unknown_names: false,
            foreign_files: BTreeSet::new(),
            thrown: 0,
            scans: 0,
            articles: 0,
            images: 0,
            kept: HashMap::new(),
            pool: None,
        }
    }

    /// From now on it looks with these threads; without any, with those of its
    /// caller.
    pub fn look_with(&mut self, pool: Option<Arc<rayon::ThreadPool>>) {
        self.pool = pool;
    }

    /// Another that knows nothing.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { pool: self.pool.clone(), ..Self::keeping(self.most_kept) }
    }

    /// Everything counts as changed at the next look, because the settings by
    /// which files are read have changed.
    pub fn forget(&mut self) {
        self.afresh = true;
        self.kept.clear();
    }

    /// How articles and images are read one at a time.
    pub fn files(&self, scan_config: &ScanConfig) -> ContentFiles {
        let raw = self.trees.first().map(|tree| Arc::clone(&tree.raw)).unwrap_or_default();
        ContentFiles::new(scan_config, Arc::clone(&self.roots), raw)
    }

    /// What symbolic links lead to that is hidden, or in a directory that is not watched otherwise.
    pub fn hidden_targets(&self) -> BTreeSet<PathBuf> {
        let roots: Vec<&Path> =
            self.trees.iter().filter_map(|tree| Some(tree.resolved.as_ref()?.path.as_path())).collect();
        let targets = self.trees.iter().flat_map(|tree| {
            let files = tree.links.values().filter_map(|link| link.target.as_ref());
            files.chain(tree.followed_links.iter().map(|follow_link| &follow_link.target))
        });
        let is_heard = |below: &Path| scope::visible(below) == Some(below) && below.iter().all(scope::is_watched);
        let is_hidden = |target: &&PathBuf| !roots.iter().any(|root| target.strip_prefix(root).is_ok_and(is_heard));
        targets.filter(is_hidden).cloned().collect()
    }

    /// Reads these articles as far as an entry needs. One that is being written
    /// at this moment does not come.
    ///
    /// After an error nothing was told; the next look tells it. One of them
    /// that is not there is such an error: whether it was deleted or renamed
    /// only a look can tell.
    pub fn read_again(&mut self, scan_config: &ScanConfig, places: &[ContentPath]) -> Result<ChangeBatch, ScanError> {
        let mut kept = std::mem::take(&mut self.kept);
        let Some(tree) = self.trees.first() else {
            return Ok(ChangeBatch::default());
        };
        let Some(resolved) = tree.resolved.clone() else {
            return Err(ScanError::Unsettled);
        };
        let held = ContentRoots::hold(&self.roots).map_err(|_| ScanError::Unsettled)?;
        let places: Vec<(&ContentPath, Option<Whole>)> =
            places.iter().map(|place| (place, kept.remove(place))).collect();
        drop(kept);
        let nows: Vec<(&ContentPath, FileState)> = on(self.pool.as_ref(), || {
            places
                .into_par_iter()
                .map(|(place, whole)| {
                    let now = match whole {
                        Some(whole) => read::parse(whole, place, &scan_config.options, Depth::Full, None).into(),
                        None => read::article(
                            &held,
                            &resolved.path.join(tree.path(place.as_str())),
                            place,
                            &scan_config.options,
                            Depth::Full,
                            None,
                        ),
                    };
                    // The detail has what is wanted of the file.
                    (place, now.without_bytes())
                })
                .collect()
        });
        // Half of a tree that was swapped meanwhile is worse than none of it.
        if nows.iter().any(|(_, now)| matches!(now, FileState::Unsettled | FileState::Gone)) || !self.holds() {
            return Err(ScanError::Unsettled);
        }
        let mut batch = ChangeBatch::default();
        for (place, now) in nows {
            match now {
                FileState::Present(mut reading) => {
                    let file = reading.change.take().and_then(|change| match change {
                        Change::Article(file) => Some(file),
                        Change::Image(_) => None,
                    });
                    self.write(0, place, Kind::Article, &reading);
                    batch.articles.insert(place.clone(), file);
                }
                FileState::Writing { .. } | FileState::Unsettled | FileState::Gone => {}
            }
        }
        Ok(batch)
    }

    /// Whether all roots are the directories they were at the last look. A few
    /// questions to the system, however large the roots are.
    pub fn stands(&self) -> bool {
        self.trees.iter().all(|tree| {
            tree.resolved.as_ref().is_none_or(|resolved| ResolvedDir::of(&tree.base).is_ok_and(|now| now == *resolved))
        })
    }

    /// The same, and all links inside.
    pub fn holds(&self) -> bool {
        self.stands() && self.trees.iter().flat_map(|tree| &tree.followed_links).all(FollowedLink::holds)
    }

    /// Writes down what a file is; the entry it had comes back.
    pub(super) fn write(&mut self, tree: usize, place: &ContentPath, kind: Kind, reading: &Reading) -> Option<Entry> {
        let known = &mut self.trees[tree];
        match reading.racy_until {
            Some(until) => {
                known.racy.insert(place.clone(), until);
            }
            None => {
                known.racy.remove(place);
            }
        }
        self.unknown_names |= known.remember_names(place, reading.file) && self.scans > 0;
        let entry = Entry { stamp: reading.stamp, reported: reading.reported, kind };
        let old = known.put(place, entry);
        self.count(old, Some(entry));
        old
    }

    /// Strikes a file out; the entry it had comes back.
    pub(super) fn strike(&mut self, tree: usize, place: &ContentPath) -> Option<Entry> {
        let old = self.trees[tree].remove(place);
        self.count(old, None);
        old
    }

    fn count(&mut self, old: Option<Entry>, new: Option<Entry>) {
        let reported = |entry: Option<Entry>, kind| {
            usize::from(entry.is_some_and(|entry| entry.kind == kind && entry.reported.is_some()))
        };
        self.articles = self.articles + reported(new, Kind::Article) - reported(old, Kind::Article);
        self.images = self.images + reported(new, Kind::Image) - reported(old, Kind::Image);
    }
}

/// Runs with these threads, or with those of the caller.
pub(super) fn on<T: Send>(pool: Option<&Arc<rayon::ThreadPool>>, work: impl FnOnce() -> T + Send) -> T {
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
