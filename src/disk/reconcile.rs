//! The last step of a scan: updates the snapshot and collects the changes for the library.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ScanConfig;
use super::content_roots::ContentRoots;
use super::media::{self, Seen};
use super::open::Refusal;
use super::read::{Change, FileReading, FileState};
use super::roots::{self, Root};
use super::scope::Scope;
use super::snapshot::FileSnapshot;
use super::tree::FileKind;
use super::trouble::Trouble;
use super::walk::Findings;
use crate::content_path::ContentPath;
use crate::diagnostic::Problem;
use crate::library::{ChangeBatch, File, MediaFacts};

/// The result of walking one tree, and the parts of it that were walked.
pub(super) struct DirScan {
    pub(super) findings: Findings,
    pub(super) scopes: Vec<Scope>,
}

impl FileSnapshot {
    /// Updates the trees with the results of the walk and of reading, and returns what changed. Cannot fail: `scan` has
    /// checked everything before.
    pub(super) fn reconcile(
        &mut self,
        (scan_config, held): (&ScanConfig, &ContentRoots),
        roots: Vec<Root>,
        dir_scans: Vec<DirScan>,
        read: Vec<(usize, ContentPath, FileKind, FileState)>,
    ) -> ChangeBatch {
        let mut batch = ChangeBatch::default();
        let before = self.owners(&dir_scans, &read);
        let mut fresh: BTreeMap<Arc<str>, BTreeMap<usize, MediaFacts>> = BTreeMap::new();
        for (at, (root, dir_scan)) in roots.into_iter().zip(dir_scans).enumerate() {
            let Findings { gone, followed_links, raw, links, taken, .. } = dir_scan.findings;
            for (place, _) in gone {
                let old = self.strike(at, &place);
                if old.is_some_and(|entry| entry.kind == FileKind::Article && entry.reported.is_some()) {
                    batch.articles.insert(self.reported_path(at, place), None);
                }
            }
            let taken: BTreeSet<ContentPath> = taken.into_iter().collect();
            for place in &taken {
                if self.afresh || !self.trees[at].taken.contains(place) {
                    let path = self.reported_path(at, place.clone());
                    let problem = Trouble::PlaceTaken(place.file_name().to_owned()).problem(&path);
                    batch.taken.insert(path, Some(problem));
                }
            }
            let is_free = |place: &&ContentPath| {
                !taken.contains(*place) && dir_scan.scopes.iter().any(|scope| scope.covers(place.as_str()))
            };
            for place in self.trees[at].taken.iter().filter(is_free).cloned().collect::<Vec<_>>() {
                self.trees[at].taken.remove(&place);
                batch.taken.insert(self.reported_path(at, place), None);
            }
            let tree = &mut self.trees[at];
            tree.taken.extend(taken);
            let covered = |place: &str| dir_scan.scopes.iter().any(|scope| scope.covers(place));
            tree.resolved = root.resolved;
            tree.followed_links.retain(|follow_link| !covered(&follow_link.place));
            tree.followed_links.retain(|follow_link| !followed_links.contains(follow_link));
            tree.followed_links.extend(followed_links);
            tree.links.retain(|place, _| !covered(place.as_str()));
            tree.links.extend(links);
            if !(raw.is_empty() && tree.raw.is_empty()) {
                let all = Arc::make_mut(&mut tree.raw);
                all.retain(|place, _| !covered(place.as_str()));
                all.extend(raw);
            }
        }
        // In the first scan every file is reported, so this allocates exactly once.
        let mut reported: Vec<(ContentPath, Option<File>)> = Vec::with_capacity(read.len());
        let mut withdrawn: Vec<ContentPath> = Vec::new();
        for (at, place, kind, now) in read {
            let old = match now {
                FileState::Unsettled => continue,
                FileState::Gone => self.strike(at, &place),
                FileState::Writing { stamp, until } => {
                    let reported = self.trees[at].entry(place.as_str()).and_then(|entry| entry.reported);
                    let reading = FileReading { stamp, reported, racy_until: Some(until), ..FileReading::nothing() };
                    self.write(at, &place, kind, &reading);
                    continue;
                }
                FileState::Present(mut reading) => {
                    let change = reading.change.take();
                    let whole = reading.whole.take();
                    let old = self.write(at, &place, kind, &reading);
                    match change {
                        Some(Change::Article(file)) => {
                            let path = self.reported_path(at, place.clone());
                            let file = match file {
                                File::Unreadable(problem) if at > 0 => {
                                    File::Unreadable(Problem { file: path.shared(), ..problem })
                                }
                                file => file,
                            };
                            reported.push((path, Some(file)));
                        }
                        Some(Change::Media(facts)) => {
                            fresh.entry(place.shared()).or_default().insert(at, facts);
                        }
                        None => {}
                    }
                    if let Some(whole) = whole {
                        self.kept.insert(place.clone(), *whole);
                    }
                    // Still reported as the same kind, so nothing is withdrawn.
                    if reading.reported.is_some() && old.is_none_or(|old| old.kind == kind) {
                        continue;
                    }
                    old
                }
            };
            if old.is_some_and(|old| old.kind == FileKind::Article && old.reported.is_some()) {
                withdrawn.push(self.reported_path(at, place));
            }
        }
        // `reported` is sorted by path, so building the map from it at once is cheap. Removals are added afterwards,
        // and do not replace its entries.
        let gone = std::mem::replace(&mut batch.articles, reported.into_iter().collect());
        for place in gone.into_keys().chain(withdrawn) {
            batch.articles.entry(place).or_insert(None);
        }
        batch.media = self.tell_media((scan_config, held), &before, fresh);
        batch
    }

    /// The path under which a file is reported. Files of image roots get a path relative to the content directory, for
    /// example `../images/a.md`, so that they are not confused with files inside it.
    fn reported_path(&self, tree: usize, place: ContentPath) -> ContentPath {
        if tree == 0 {
            return place;
        }
        let (content, root) = (&self.trees[0].base, &self.trees[tree].base);
        match root.file_name() {
            Some(name) if Some(root.as_path()) != content.parent() => {
                ContentPath::new(&format!("../{}/{place}", name.to_string_lossy()))
            }
            _ => ContentPath::new(&format!("../{place}")),
        }
    }

    /// For each media file that is gone or was read: the index of the tree that provided it before this scan.
    fn owners(
        &self,
        dir_scans: &[DirScan],
        read: &[(usize, ContentPath, FileKind, FileState)],
    ) -> BTreeMap<Arc<str>, Option<usize>> {
        let gone = dir_scans.iter().flat_map(|dir_scan| &dir_scan.findings.gone).map(|(place, kind)| (place, *kind));
        let read = read.iter().map(|(_, place, kind, _)| (place, *kind));
        gone.chain(read)
            // A media file that becomes a copy of a file in conflict is reported as an article is.
            .filter(|(place, kind)| *kind == FileKind::Media || media::is_named(place.file_name()))
            .map(|(place, _)| (place.shared(), self.owner(place.as_str())))
            .collect()
    }

    /// The first tree that has a media file at this path. The content directory comes first, then the image roots in their
    /// configured order.
    fn owner(&self, path: &str) -> Option<usize> {
        self.trees.iter().position(|tree| {
            tree.entry(path).is_some_and(|entry| entry.kind == FileKind::Media && entry.reported.is_some())
        })
    }

    /// The media files to report: those that changed, and those that another tree provides now, for example because a file
    /// in the content directory that had the same path was deleted.
    fn tell_media(
        &mut self,
        (scan_config, held): (&ScanConfig, &ContentRoots),
        before: &BTreeMap<Arc<str>, Option<usize>>,
        mut fresh: BTreeMap<Arc<str>, BTreeMap<usize, MediaFacts>>,
    ) -> BTreeMap<Arc<str>, Option<MediaFacts>> {
        let moved = std::mem::take(&mut self.moved);
        let mut reported = BTreeMap::new();
        let paths = before.iter().map(|(path, owner)| (path.clone(), Some(*owner)));
        for (path, before) in paths.chain(moved.into_iter().map(|path| (path, None))) {
            let owner = self.owner(&path);
            let change = owner.and_then(|owner| fresh.get_mut(&path)?.remove(&owner));
            if before == Some(owner) && change.is_none() {
                continue;
            }
            let facts = match change {
                Some(change) => Some(change),
                None => match self.media_of((scan_config, held), owner, &path) {
                    Ok(seen) => seen.and_then(|seen| seen.facts),
                    // The file cannot be read at the moment: the next scan reports it.
                    Err(Refusal::Unsettled) => {
                        self.moved.insert(path);
                        continue;
                    }
                    Err(Refusal::Gone | Refusal::NoFile(_) | Refusal::Failed(_) | Refusal::Outside) => None,
                },
            };
            reported.insert(path, facts);
        }
        reported
    }

    /// Reads the media file at a path of the tree `owner`; `None` if there is no such tree.
    fn media_of(
        &self,
        (scan_config, held): (&ScanConfig, &ContentRoots),
        owner: Option<usize>,
        path: &str,
    ) -> Result<Option<Seen>, Refusal> {
        let Some((at, tree)) = owner.and_then(|at| Some((at, self.trees.get(at)?))) else {
            return Ok(None);
        };
        let Some(resolved) = &tree.resolved else {
            return Ok(None);
        };
        let below = tree.path(path);
        let exposure = roots::exposure(scan_config, at, &tree.base, &ContentPath::new(path));
        media::inspect(held, &resolved.path.join(below), &tree.base.join(below), exposure).map(Some)
    }
}
