//! The state of every file as of the last scan, with methods to read single articles again.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::content_roots::ContentRoots;
use super::files::ContentFiles;
use super::read::{self, Change, FileReading, FileState, ParseDepth, Patience, Whole};
use super::roots::Root;
use super::scope;
use super::stamp::FileId;
use super::tree::{FileKind, FollowedLink, ResolvedDir, Tree, TreeEntry};
use super::{ScanConfig, ScanError};
use crate::content_path::ContentPath;
use crate::library::ChangeBatch;

/// Default for the bytes of the first scan that stay in memory, because their bodies are read next.
const KEPT: usize = 64 * 1024 * 1024;

/// The state of every file as of the last scan. One thread owns it.
#[derive(Debug)]
pub struct FileSnapshot {
    /// The tree of the content directory, followed by those of the image roots.
    pub(super) trees: Vec<Tree>,
    /// The roots as they were at the last scan.
    pub(super) roots: Arc<[Root]>,
    /// Images below directories that are no longer image roots. The next scan reports them.
    pub(super) moved: BTreeSet<Arc<str>>,
    /// Whether every file counts as changed at the next scan.
    pub(super) afresh: bool,
    /// Whether a scan found a file with other names (hard links) that it may not have scanned.
    pub(super) unknown_names: bool,
    /// Hard-linked files none of whose names is an article or an image.
    pub(super) foreign_files: BTreeSet<FileId>,
    /// Number of consecutive scans that were discarded.
    pub(super) thrown: u32,
    /// Number of scans that were completed.
    pub(super) scans: u32,
    pub(super) articles: usize,
    pub(super) media: usize,
    /// Contents of files from the first scan.
    pub(super) kept: HashMap<ContentPath, Whole>,
    /// Limit for the bytes in `kept`.
    pub(super) most_kept: usize,
    /// Whether articles that are being written are read at their end.
    pub(super) patience: Patience,
    /// A separate thread pool, so that a long scan does not take threads from requests.
    pub(super) pool: Option<Arc<rayon::ThreadPool>>,
}

impl Default for FileSnapshot {
    fn default() -> Self {
        Self::new()
    }
}

impl FileSnapshot {
    /// An empty snapshot: the first scan reports every file.
    pub fn new() -> Self {
        Self::keeping(KEPT)
    }

    /// Like [`Self::new`], but keeps at most `most_kept` bytes of the first scan until their bodies are read.
    pub(crate) fn keeping(most_kept: usize) -> Self {
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
            media: 0,
            kept: HashMap::new(),
            patience: Patience::None,
            pool: None,
        }
    }

    /// Makes scans run on the threads of `pool`; with `None`, on those of the caller.
    pub(crate) fn look_with(&mut self, pool: Option<Arc<rayon::ThreadPool>>) {
        self.pool = pool;
    }

    /// Makes scans wait for the end of an article that is being written, because other scans will follow.
    pub(crate) fn wait_for_writers(&mut self) {
        self.patience = Patience::Wait;
    }

    /// Returns an empty snapshot with the same settings.
    #[must_use]
    pub(crate) fn anew(&self) -> Self {
        Self { pool: self.pool.clone(), patience: self.patience, ..Self::keeping(self.most_kept) }
    }

    /// Makes every file count as changed at the next scan. Called when settings change that decide how files are
    /// read.
    pub fn forget(&mut self) {
        self.afresh = true;
        self.kept.clear();
    }

    /// Returns a reader for single articles and media files.
    pub(crate) fn files(&self, scan_config: &ScanConfig) -> ContentFiles {
        let raw = self.trees.first().map(|tree| Arc::clone(&tree.raw)).unwrap_or_default();
        ContentFiles::new(scan_config, Arc::clone(&self.roots), raw)
    }

    /// The targets of symbolic links that are hidden, or in a directory that would not be watched otherwise.
    pub(crate) fn hidden_targets(&self) -> BTreeSet<PathBuf> {
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

    /// Reads these articles with their bodies: those of a batch that was too large to be parsed in full at once, and
    /// those that a feed shows since another one left it. The batch omits a file that is being written.
    ///
    /// After an error nothing has been reported, and the next scan reports it. A missing file is such an error,
    /// because only a scan can find out whether it was deleted or renamed.
    pub(crate) fn read_again(
        &mut self,
        scan_config: &ScanConfig,
        places: &[ContentPath],
    ) -> Result<ChangeBatch, ScanError> {
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
        let full = |_| ParseDepth::Full;
        let nows: Vec<(&ContentPath, FileState)> = on(self.pool.as_ref(), || {
            places
                .into_par_iter()
                .map(|(place, whole)| {
                    let now = match whole {
                        Some(whole) => read::parse(whole, place, &scan_config.options, &full, None).into(),
                        None => read::article(
                            &held,
                            &resolved.path.join(tree.path(place.as_str())),
                            place,
                            &scan_config.options,
                            &full,
                            None,
                            self.patience,
                        ),
                    };
                    (place, now)
                })
                .collect()
        });
        // Never report part of a tree that was swapped meanwhile.
        if nows.iter().any(|(_, now)| matches!(now, FileState::Unsettled | FileState::Gone)) || !self.holds() {
            return Err(ScanError::Unsettled);
        }
        let mut batch = ChangeBatch::default();
        for (place, now) in nows {
            match now {
                FileState::Present(mut reading) => {
                    let file = reading.change.take().and_then(|change| match change {
                        Change::Article(file) => Some(file),
                        Change::Media(_) => None,
                    });
                    self.write(0, place, FileKind::Article, &reading);
                    batch.articles.insert(place.clone(), file);
                }
                FileState::Writing { .. } | FileState::Unsettled | FileState::Gone => {}
            }
        }
        Ok(batch)
    }

    /// Whether all roots are still the directories of the last scan. Costs a few system calls for each root, whatever
    /// its size.
    pub(crate) fn stands(&self) -> bool {
        self.trees.iter().all(|tree| {
            tree.resolved.as_ref().is_none_or(|resolved| ResolvedDir::of(&tree.base).is_ok_and(|now| now == *resolved))
        })
    }

    /// Whether the roots and all directory links below them still lead to the directories of the last scan.
    pub(crate) fn holds(&self) -> bool {
        self.stands() && self.trees.iter().flat_map(|tree| &tree.followed_links).all(FollowedLink::holds)
    }

    /// Records the state of a file and returns its previous entry.
    pub(super) fn write(
        &mut self,
        tree: usize,
        place: &ContentPath,
        kind: FileKind,
        reading: &FileReading,
    ) -> Option<TreeEntry> {
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
        let entry = TreeEntry { stamp: reading.stamp, reported: reading.reported, kind };
        let old = known.put(place, entry);
        self.count(old, Some(entry));
        old
    }

    /// Removes a file and returns its last entry.
    pub(super) fn strike(&mut self, tree: usize, place: &ContentPath) -> Option<TreeEntry> {
        let old = self.trees[tree].remove(place);
        self.count(old, None);
        old
    }

    fn count(&mut self, old: Option<TreeEntry>, new: Option<TreeEntry>) {
        let reported = |entry: Option<TreeEntry>, kind| {
            usize::from(entry.is_some_and(|entry| entry.kind == kind && entry.reported.is_some()))
        };
        self.articles = self.articles + reported(new, FileKind::Article) - reported(old, FileKind::Article);
        self.media = self.media + reported(new, FileKind::Media) - reported(old, FileKind::Media);
    }
}

/// Runs `work` on the threads of `pool`, or on the thread of the caller if there is no pool.
pub(super) fn on<T: Send>(pool: Option<&Arc<rayon::ThreadPool>>, work: impl FnOnce() -> T + Send) -> T {
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
