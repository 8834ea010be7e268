//! What every file was at the last look, and how articles are read again.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::content_roots::ContentRoots;
use super::files::ContentFiles;
use super::read::{self, Depth, News, Now, Reading, Whole};
use super::roots::Root;
use super::scope;
use super::stamp::FileId;
use super::tree::{Anchor, Entry, Kind, Standing, Tree};
use super::{Ground, LookError};
use crate::content_path::ContentPath;
use crate::library::ChangeBatch;

/// Bytes kept of the first look, for the bodies that are asked for next.
const KEPT: usize = 64 * 1024 * 1024;

/// What every file was at the last look. One thread owns it.
#[derive(Debug)]
pub struct Known {
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
    pub(super) looks: u32,
    pub(super) articles: usize,
    pub(super) images: usize,
    /// Files of the first look, as they were read.
    pub(super) kept: HashMap<ContentPath, Whole>,
    /// Most bytes of them.
    pub(super) most_kept: usize,
    /// Threads of its own, so that a long look never takes those of requests.
    pub(super) pool: Option<Arc<rayon::ThreadPool>>,
}

impl Default for Known {
    fn default() -> Self {
        Self::new()
    }
}

impl Known {
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
            looks: 0,
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
    pub fn files(&self, ground: &Ground) -> ContentFiles {
        let raw = self.trees.first().map(|tree| Arc::clone(&tree.raw)).unwrap_or_default();
        ContentFiles::new(ground, Arc::clone(&self.roots), raw)
    }

    /// What symbolic links lead to that is hidden, or in a directory that is not watched otherwise.
    pub fn hidden_targets(&self) -> BTreeSet<PathBuf> {
        let roots: Vec<&Path> =
            self.trees.iter().filter_map(|tree| Some(tree.standing.as_ref()?.path.as_path())).collect();
        let targets = self.trees.iter().flat_map(|tree| {
            let files = tree.links.values().filter_map(|link| link.target.as_ref());
            files.chain(tree.anchors.iter().map(|anchor| &anchor.target))
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
    pub fn read_again(&mut self, ground: &Ground, places: &[ContentPath]) -> Result<ChangeBatch, LookError> {
        let mut kept = std::mem::take(&mut self.kept);
        let Some(tree) = self.trees.first() else {
            return Ok(ChangeBatch::default());
        };
        let Some(standing) = tree.standing.clone() else {
            return Err(LookError::Unsettled);
        };
        let held = ContentRoots::hold(&self.roots).map_err(|_| LookError::Unsettled)?;
        let places: Vec<(&ContentPath, Option<Whole>)> =
            places.iter().map(|place| (place, kept.remove(place))).collect();
        drop(kept);
        let nows: Vec<(&ContentPath, Now)> = on(self.pool.as_ref(), || {
            places
                .into_par_iter()
                .map(|(place, whole)| {
                    let now = match whole {
                        Some(whole) => read::parse(whole, place, &ground.options, Depth::Full, None).into(),
                        None => read::article(
                            &held,
                            &standing.path.join(tree.path(place.as_str())),
                            place,
                            &ground.options,
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
        if nows.iter().any(|(_, now)| matches!(now, Now::Unsettled | Now::Gone)) || !self.holds() {
            return Err(LookError::Unsettled);
        }
        let mut batch = ChangeBatch::default();
        for (place, now) in nows {
            match now {
                Now::Is(mut reading) => {
                    let file = reading.news.take().and_then(|news| match news {
                        News::Article(file) => Some(file),
                        News::Image(_) => None,
                    });
                    self.write(0, place, Kind::Article, &reading);
                    batch.articles.insert(place.clone(), file);
                }
                Now::Writing { .. } | Now::Unsettled | Now::Gone => {}
            }
        }
        Ok(batch)
    }

    /// Whether all roots are the directories they were at the last look. A few
    /// questions to the system, however large the roots are.
    pub fn stands(&self) -> bool {
        self.trees.iter().all(|tree| {
            tree.standing.as_ref().is_none_or(|standing| Standing::of(&tree.base).is_ok_and(|now| now == *standing))
        })
    }

    /// The same, and all links inside.
    pub fn holds(&self) -> bool {
        self.stands() && self.trees.iter().flat_map(|tree| &tree.anchors).all(Anchor::holds)
    }

    /// Writes down what a file is; the entry it had comes back.
    pub(super) fn write(&mut self, tree: usize, place: &ContentPath, kind: Kind, reading: &Reading) -> Option<Entry> {
        let known = &mut self.trees[tree];
        match reading.doubtful_until {
            Some(until) => {
                known.doubtful.insert(place.clone(), until);
            }
            None => {
                known.doubtful.remove(place);
            }
        }
        self.unknown_names |= known.remember_names(place, reading.file) && self.looks > 0;
        let entry = Entry { stamp: reading.stamp, told: reading.told, kind };
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
        let told = |entry: Option<Entry>, kind| {
            usize::from(entry.is_some_and(|entry| entry.kind == kind && entry.told.is_some()))
        };
        self.articles = self.articles + told(new, Kind::Article) - told(old, Kind::Article);
        self.images = self.images + told(new, Kind::Image) - told(old, Kind::Image);
    }
}

/// Runs with these threads, or with those of the caller.
pub(super) fn on<T: Send>(pool: Option<&Arc<rayon::ThreadPool>>, work: impl FnOnce() -> T + Send) -> T {
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
