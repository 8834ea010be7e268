//! Reads the files that a scan found changed, and those that are racy.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use rayon::prelude::*;

use crate::article::{Interner, Outcome};
use crate::content_path::ContentPath;
use crate::disk::content_roots::ContentRoots;
use crate::disk::dir_entry::Changed;
use crate::disk::read::{self, Change, FileReading, FileState, ParseDepth};
use crate::disk::reconcile::DirScan;
use crate::disk::roots::{self, Root};
use crate::disk::snapshot::FileSnapshot;
use crate::disk::tree::{FileKind, Tree};
use crate::disk::{ChangedPaths, ScanConfig};

/// The maximum number of files whose articles are parsed in full at once, whether a feed shows them or not. Of more
/// files only the metadata is parsed, because few of their bodies are needed: `FileSnapshot::read_again` reads those.
const SMALL: usize = 256;

/// The maximum number of bytes of these files together, because their bodies are in memory until the library has chosen.
const SMALL_BYTES: usize = 8 * 1024 * 1024;

/// With more files than this, few of the requested ones would be among those kept in memory, and allocating memory
/// costs more than reading them again.
const KEPT_OF: usize = 20_000;

/// The maximum number of racy files that a scan of a few paths reads as well.
const MAX_RACY: usize = 1000;

impl FileSnapshot {
    /// Reads the changed files and the racy ones in parallel. Each result has the index of its tree. Keeps at most
    /// `most_kept` bytes.
    pub(super) fn read(
        &self,
        scan_config: &ScanConfig,
        (roots, held): (&[Root], &ContentRoots),
        changed_paths: &ChangedPaths,
        dir_scans: &[DirScan],
        most_kept: usize,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Vec<(usize, ContentPath, FileKind, FileState)> {
        let (count, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut work: Vec<(usize, ContentPath, FileKind, Option<&Changed>)> = Vec::new();
        for (at, (tree, dir_scan)) in self.trees.iter().zip(dir_scans).enumerate() {
            work.extend(
                dir_scan
                    .findings
                    .changed
                    .iter()
                    .map(|changed| (at, changed.place.clone(), changed.kind, Some(changed))),
            );
            work.extend(racy_files(tree, dir_scan, changed_paths).map(|(place, kind)| (at, place, kind, None)));
        }
        let raw: Vec<BTreeMap<&ContentPath, &PathBuf>> = dir_scans
            .iter()
            .map(|dir_scan| dir_scan.findings.raw.iter().map(|(place, path)| (place, path)).collect())
            .collect();
        // Sorted by path, because files of one directory are often close to each other on the disk, and because the
        // caller builds sorted maps from the result.
        work.par_sort_unstable_by(|(_, one, ..), (_, other, ..)| one.cmp(other));
        let (total, interner) = (work.len(), Interner::default());
        let most_kept = if total <= KEPT_OF { most_kept } else { 0 };
        let parsed = AtomicUsize::new(0);
        let depth = |length| {
            let is_small = total <= SMALL && parsed.fetch_add(length, Ordering::Relaxed) + length <= SMALL_BYTES;
            if is_small { ParseDepth::Full } else { ParseDepth::Metadata }
        };
        work.into_par_iter()
            .map(|(at, place, kind, changed)| {
                let is_excluded = || at > 0 && roots::excludes(scan_config, at, &roots[at].base, &place);
                let now = match changed.and_then(|changed| changed.trouble.as_ref()) {
                    Some(trouble) if kind == FileKind::Article && !is_excluded() => {
                        read::refused(&place, trouble, self.reported(at, &place)).into()
                    }
                    Some(_) => FileReading::nothing().into(),
                    None => {
                        let below = raw[at]
                            .get(&place)
                            .map_or_else(|| self.trees[at].path(place.as_str()), |path| path.as_path());
                        // The tree may hold the spelling of an earlier scan, although the file has the plain name now.
                        let below = if changed.is_some_and(|changed| changed.path.is_none()) {
                            Path::new(place.as_str())
                        } else {
                            below
                        };
                        let Some(resolved) = &roots[at].resolved else {
                            return (at, place, kind, FileState::Gone);
                        };
                        let (path, reported) = (resolved.path.join(below), self.reported(at, &place));
                        match kind {
                            FileKind::Article => read::article(
                                held,
                                &path,
                                &place,
                                &scan_config.options,
                                &depth,
                                reported,
                                self.patience,
                            ),
                            FileKind::Media if roots::excludes(scan_config, at, &roots[at].base, &place) => {
                                FileReading::nothing().into()
                            }
                            FileKind::Media => {
                                let exposure = roots::exposure(scan_config, at, &roots[at].base, &place);
                                read::media(held, &path, &roots[at].base.join(below), exposure, reported)
                            }
                        }
                    }
                };
                let mut now = shared(now, &interner);
                if let FileState::Present(reading) = &mut now {
                    // Keep the bytes until they exceed `most_kept`, because their bodies are read next.
                    reading.whole.take_if(|whole| {
                        let length = whole.bytes.len();
                        most_kept == 0 || kept.fetch_add(length, Ordering::Relaxed) + length > most_kept
                    });
                }
                let done = count.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(128) || done == total {
                    progress(done, total);
                }
                (at, place, kind, now)
            })
            .collect()
    }
}

/// Files that may have changed without a visible change of their stamps: all of them in a full scan, otherwise those
/// whose time has come.
fn racy_files<'a>(
    tree: &'a Tree,
    dir_scan: &'a DirScan,
    changed_paths: &ChangedPaths,
) -> impl Iterator<Item = (ContentPath, FileKind)> + use<'a> {
    let now = SystemTime::now();
    let changed = dir_scan.findings.changed.iter().map(|changed| &changed.place);
    let gone = dir_scan.findings.gone.iter().map(|(place, _)| place);
    // Skip building the set if no file is racy, as in the first scan, in which all files are changed.
    let seen: BTreeSet<&ContentPath> = changed.chain(gone).filter(|_| !tree.racy.is_empty()).collect();
    let (all, most) = match changed_paths {
        ChangedPaths::Everything => (true, usize::MAX),
        ChangedPaths::Paths(_) => (false, MAX_RACY),
    };
    tree.racy
        .iter()
        .filter(move |(place, until)| (all || **until <= now) && !seen.contains(place))
        .take(most)
        .filter_map(|(place, _)| Some((place.clone(), tree.entry(place.as_str())?.kind)))
}

/// Replaces the tag and author lists of an article by shared copies if other articles have the same lists.
fn shared(mut now: FileState, interner: &Interner) -> FileState {
    if let FileState::Present(reading) = &mut now
        && let Some(Change::Article(file)) = &mut reading.change
        && let Some(skimmed) = file.metadata_mut()
        && let Outcome::Article(article) = &mut skimmed.outcome
        && let Some(article) = Arc::get_mut(article)
    {
        interner.share(article);
    }
    now
}
