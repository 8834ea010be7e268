//! Scans the content directory and the image roots, and returns what changed since the last scan.
//!
//! A scan walks the directories, reads the files that changed, and updates the [`FileSnapshot`] only at the end, after
//! checking that all roots and symbolic links still lead where they led at the beginning. A failed scan reports
//! nothing.

use std::collections::BTreeSet;
use std::io;
use std::num::NonZeroU64;
use std::sync::Mutex;

use super::configuration::RootVersion;
use super::content_roots::ContentRoots;
use super::directory::{DATA, Directory};
use super::open;
use super::read::FileState;
use super::reconcile::DirScan;
use super::roots::{self, Root};
use super::scope::{self, Scope};
use super::snapshot::{FileSnapshot, on};
use super::tree::{FileKind, FollowedLink, ResolvedDir, Tree, TreeEntry};
use super::walk::Walk;
use super::{ChangedPaths, RulesState, Scan, ScanConfig, ScanError};
use crate::content_path::ContentPath;

mod changed_files;

/// After this many discarded scans in a row, a file that vanishes during a scan counts as deleted.
const SLIPS: u32 = 3;

impl FileSnapshot {
    /// Scans the changed paths, or everything, and returns the changes to report to the library. Calls `progress` now
    /// and then with the number of files read so far, and of all that are to be read.
    pub fn scan(
        &mut self,
        scan_config: &ScanConfig,
        changed_paths: &ChangedPaths,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Scan, ScanError> {
        let unknown = self.unknown_files(changed_paths);
        let changed_paths = if unknown.is_empty() { changed_paths } else { &ChangedPaths::Everything };
        self.unknown_names = false;
        let mut scanned = self.scan_once(scan_config, changed_paths, progress);
        if let Ok(scan) = &mut scanned
            && self.unknown_names
            && *changed_paths != ChangedPaths::Everything
        {
            // A file got a second name (hard link). Events for its other names never come, so scan everything.
            match self.scan_once(scan_config, &ChangedPaths::Everything, progress) {
                Ok(rest) => {
                    scan.batch.articles.extend(rest.batch.articles);
                    scan.batch.media.extend(rest.batch.media);
                    scan.batch.taken.extend(rest.batch.taken);
                    (scan.read, scan.rearm) = (scan.read + rest.read, scan.rearm || rest.rearm);
                    (scan.files, scan.media, scan.racy) = (rest.files, rest.media, rest.racy);
                }
                // The first scan is reported nevertheless, because the snapshot already contains what it found; the
                // caller then scans everything once more.
                Err(_) => scan.rearm = true,
            }
        }
        if scanned.is_ok() {
            self.remember_foreign(unknown);
        }
        self.thrown = match &scanned {
            Err(ScanError::Unsettled) => self.thrown.saturating_add(1),
            Ok(_) | Err(ScanError::Vanished { .. } | ScanError::Replaced) => 0,
        };
        scanned
    }

    fn scan_once(
        &mut self,
        scan_config: &ScanConfig,
        changed_paths: &ChangedPaths,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Scan, ScanError> {
        let first = self.trees.is_empty();
        let roots = roots::find(scan_config).map_err(|error| vanished(scan_config, &error))?;
        if is_replaced(scan_config) {
            return Err(ScanError::Replaced);
        }
        let held = ContentRoots::hold(&roots).map_err(|_| ScanError::Unsettled)?;
        self.align(&roots);
        let mut dir_scans = on(self.pool.as_ref(), || self.dir_scan(scan_config, (&roots, &held), changed_paths));
        self.validate(scan_config, &roots, &dir_scans)?;
        let read = on(self.pool.as_ref(), || {
            // Only after the first scan are many bodies read next.
            let most_kept = if first { self.most_kept } else { 0 };
            self.read(scan_config, (&roots, &held), changed_paths, &dir_scans, most_kept, progress)
        });
        self.validate_read(scan_config, &roots, &dir_scans, &read)?;
        // Free the list: in the first scan it holds every file.
        for dir_scan in &mut dir_scans {
            dir_scan.findings.changed = Vec::new();
        }
        // A file that was listed and is gone now may have been renamed to a name that we listed before the rename, and
        // so missed.
        let slipped = |now: &FileState| match now {
            FileState::Unsettled => true,
            FileState::Gone => self.is_strict(),
            FileState::Writing { .. } | FileState::Present(_) => false,
        };
        let unsettled = read.iter().any(|(.., now)| slipped(now)) || !still(&roots, &dir_scans);
        if unsettled || !self.anchors_outside_hold(&dir_scans) || is_replaced(scan_config) {
            return Err(ScanError::Unsettled);
        }
        let rearm = !first && self.needs_rearm(&roots, &dir_scans);
        let opened = read.len();
        self.kept.clear();
        self.roots = roots.clone().into();
        let batch = self.reconcile((scan_config, &held), roots, dir_scans, read);
        self.afresh = false;
        self.scans = self.scans.saturating_add(1);
        let racy = self.trees.iter().map(|tree| tree.racy.len()).sum::<usize>() + self.moved.len();
        Ok(Scan { batch, files: self.articles, media: self.media, read: opened, racy, rearm })
    }

    /// Whether to discard the scan if a file vanishes between listing and reading. In a directory where files come and
    /// go all the time no scan would ever succeed, so after [`SLIPS`] attempts such a file counts as deleted.
    fn is_strict(&self) -> bool {
        self.thrown < SLIPS
    }

    /// Brings the trees into the order of the roots, with an empty tree for a new root. Notes all media files in `moved`,
    /// because another tree may provide them now, or none.
    fn align(&mut self, roots: &[Root]) {
        if self.trees.iter().map(|tree| &tree.base).eq(roots.iter().map(|root| &root.base)) {
            return;
        }
        let media = self.trees.iter().flat_map(Tree::all).filter(|(_, entry)| entry.kind == FileKind::Media);
        self.moved.extend(media.map(|(place, _)| place.shared()));
        let mut old = std::mem::take(&mut self.trees);
        for root in roots {
            let at = old.iter().position(|tree| tree.base == root.base);
            self.trees.push(at.map_or_else(|| Tree::new(root.base.clone()), |at| old.swap_remove(at)));
        }
        // If the content directory changed, keep the old tree under the new path: its articles are not found there, so
        // the scan reports them as withdrawn.
        if let Some(mut content) =
            old.into_iter().find(|tree| tree.all().any(|(_, entry)| entry.kind == FileKind::Article))
        {
            content.base = std::mem::take(&mut self.trees[0].base);
            content.resolved = None;
            self.trees[0] = content;
        }
        let reported = |kind| {
            self.trees
                .iter()
                .flat_map(Tree::all)
                .filter(|(_, entry)| entry.kind == kind && entry.reported.is_some())
                .count()
        };
        (self.articles, self.media) = (reported(FileKind::Article), reported(FileKind::Media));
    }

    fn dir_scan(
        &self,
        scan_config: &ScanConfig,
        (roots, held): (&[Root], &ContentRoots),
        changed_paths: &ChangedPaths,
    ) -> Vec<DirScan> {
        let content = roots.first().and_then(|root| root.resolved.as_ref()).map(|resolved| resolved.identity);
        let files = match changed_paths {
            ChangedPaths::Paths(changed_paths) => scope::hard_linked(&self.trees, changed_paths),
            ChangedPaths::Everything => BTreeSet::new(),
        };
        roots
            .iter()
            .zip(&self.trees)
            .enumerate()
            .map(|(at, (root, tree))| {
                let (selection, elsewhere) =
                    if at == 0 { (Some(&*scan_config.selection), None) } else { (None, content) };
                let walk = Walk {
                    tree,
                    roots: held,
                    selection,
                    elsewhere,
                    afresh: self.afresh,
                    strict: self.is_strict(),
                    findings: Mutex::default(),
                };
                let everything = vec![Scope(String::new())];
                let scopes = match (&root.resolved, changed_paths) {
                    (None, _) => everything,
                    (Some(resolved), ChangedPaths::Paths(changed_paths))
                        if root.resolved == tree.resolved && !self.afresh =>
                    {
                        scope::walk(&walk, resolved, &scope::paths(tree, resolved, changed_paths, &files))
                    }
                    (Some(resolved), _) => {
                        walk.directory(&Directory::root(resolved));
                        everything
                    }
                };
                let mut findings = walk.findings();
                // An unreadable directory has an entry among the files of its parent. The parent's listing does not
                // name it as a file, so it is in `gone` as well as in `changed`; `retain` below removes it.
                let mut gone = std::mem::take(&mut findings.gone);
                for scope in &scopes {
                    gone.extend(
                        tree.unvisited(&scope.0, &findings.visited).map(|(place, entry)| (place.clone(), entry.kind)),
                    );
                    // The scanned directory itself may have such an entry, from when it was unreadable.
                    let own = tree.entry(&scope.0).filter(|_| findings.visited.contains(scope.0.as_str()));
                    gone.extend(own.map(|entry| (ContentPath::new(&scope.0), entry.kind)));
                }
                if !gone.is_empty() {
                    let changed: BTreeSet<&ContentPath> =
                        findings.changed.iter().map(|changed| &changed.place).collect();
                    gone.retain(|(place, _)| !changed.contains(place));
                }
                findings.gone = gone;
                DirScan { findings, scopes }
            })
            .collect()
    }

    /// Rejects scans whose result is not to be trusted: directories that changed during the walk, and a content
    /// directory that lost all its articles because it was replaced, unmounted, or is being reconfigured. An empty
    /// content directory that is still the same directory is valid.
    fn validate(&self, scan_config: &ScanConfig, roots: &[Root], dir_scans: &[DirScan]) -> Result<(), ScanError> {
        if dir_scans.iter().any(|dir_scan| dir_scan.findings.unsettled) {
            return Err(ScanError::Unsettled);
        }
        let (Some(dir_scan), Some(root), Some(tree)) = (dir_scans.first(), roots.first(), self.trees.first()) else {
            return Ok(());
        };
        if let Some(error) = &dir_scan.findings.unreadable {
            return Err(vanished(scan_config, error));
        }
        let whole = dir_scan.scopes.iter().any(|scope| scope.0.is_empty());
        if dir_scan.findings.articles > 0 || self.articles == 0 {
            return Ok(());
        }
        let is_article =
            |(place, kind): &&(ContentPath, FileKind)| *kind == FileKind::Article && self.reported(0, place).is_some();
        let gone = || dir_scan.findings.gone.iter().filter(is_article).count();
        if scan_config.rules == RulesState::Changing && (whole || gone() == self.articles) {
            let reason = "no article is left by its configuration, which is being changed";
            return Err(ScanError::Vanished { reason: format!("`{}`: {reason}", scan_config.content.display()) });
        }
        if whole && is_replaced_dir(tree, root, dir_scan) {
            return Err(holds_no_article(scan_config));
        }
        Ok(())
    }

    /// Rejects a scan of another content directory that holds no article that can be read, for example a clone that has
    /// only its README so far.
    fn validate_read(
        &self,
        scan_config: &ScanConfig,
        roots: &[Root],
        dir_scans: &[DirScan],
        read: &[(usize, ContentPath, FileKind, FileState)],
    ) -> Result<(), ScanError> {
        let (Some(dir_scan), Some(root), Some(tree)) = (dir_scans.first(), roots.first(), self.trees.first()) else {
            return Ok(());
        };
        if self.articles == 0 || !is_replaced_dir(tree, root, dir_scan) {
            return Ok(());
        }
        let is_readable = |(at, _, kind, now): &(usize, ContentPath, FileKind, FileState)| {
            *at == 0 && *kind == FileKind::Article && matches!(now, FileState::Present(reading) if reading.is_article())
        };
        let changed = dir_scan.findings.changed.iter().map(|changed| &changed.place);
        let touched: BTreeSet<&ContentPath> =
            changed.chain(dir_scan.findings.gone.iter().map(|(place, _)| place)).collect();
        let is_same = |(place, entry): &(ContentPath, TreeEntry)| {
            entry.kind == FileKind::Article && entry.reported.is_some() && !touched.contains(place)
        };
        if read.iter().any(is_readable) || tree.all().any(is_same) {
            Ok(())
        } else {
            Err(holds_no_article(scan_config))
        }
    }

    /// Hash of what we last reported of a file; `None` if every file counts as changed.
    fn reported(&self, tree: usize, place: &ContentPath) -> Option<NonZeroU64> {
        self.trees[tree].entry(place.as_str()).filter(|_| !self.afresh).and_then(|entry| entry.reported)
    }

    /// Whether the links that this scan did not visit still lead where they led at the last scan.
    fn anchors_outside_hold(&self, dir_scans: &[DirScan]) -> bool {
        self.trees.iter().zip(dir_scans).all(|(tree, dir_scan)| {
            let outside = tree
                .followed_links
                .iter()
                .filter(|follow_link| !dir_scan.scopes.iter().any(|scope| scope.covers(&follow_link.place)));
            outside.into_iter().all(FollowedLink::holds)
        })
    }

    /// Whether the watches have to be set again: a root leads elsewhere, or another directory is at the target of a
    /// link. A link that leads to another path needs no new watch, because directories below the roots are watched in
    /// any case, and hidden ones by [`FileSnapshot::hidden_targets`].
    fn needs_rearm(&self, roots: &[Root], dir_scans: &[DirScan]) -> bool {
        self.trees.iter().zip(roots).zip(dir_scans).any(|((tree, root), dir_scan)| {
            let is_replaced = |now: &FollowedLink| {
                tree.followed_links.iter().any(|old| old.target == now.target && old.identity != now.identity)
            };
            tree.resolved != root.resolved || dir_scan.findings.followed_links.iter().any(is_replaced)
        })
    }
}

/// Whether the content directory was replaced after its configuration was read.
fn is_replaced(scan_config: &ScanConfig) -> bool {
    scan_config.root.as_ref().is_some_and(|root| RootVersion::of(&scan_config.content).ok().as_ref() != Some(root))
}

/// Whether the roots and the followed links still lead where they led when this scan began.
fn still(roots: &[Root], dir_scans: &[DirScan]) -> bool {
    roots.iter().all(|root| {
        root.resolved.as_ref().is_none_or(|resolved| ResolvedDir::of(&root.base).is_ok_and(|now| now == *resolved))
    }) && dir_scans.iter().flat_map(|dir_scan| &dir_scan.findings.followed_links).all(FollowedLink::holds)
}

/// Whether another directory is at the path of the content directory, or its volume is not mounted any more.
fn is_replaced_dir(tree: &Tree, root: &Root, dir_scan: &DirScan) -> bool {
    let is_volume = |follow_link: &FollowedLink| follow_link.place.is_empty() && follow_link.link.ends_with(DATA);
    let lost = tree.followed_links.iter().any(is_volume) && !dir_scan.findings.followed_links.iter().any(is_volume);
    lost || (tree.resolved.is_some() && tree.resolved != root.resolved)
}

fn holds_no_article(scan_config: &ScanConfig) -> ScanError {
    let reason = format!("another directory is at `{}` now, and it holds no article", scan_config.content.display());
    ScanError::Vanished { reason }
}

fn vanished(scan_config: &ScanConfig, error: &io::Error) -> ScanError {
    let path = scan_config.content.display();
    let reason = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no directory `{path}`"),
        io::ErrorKind::NotADirectory => format!("`{path}` is no directory"),
        _ => format!("the directory `{path}` cannot be read: {}", open::reason(error)),
    };
    ScanError::Vanished { reason }
}
