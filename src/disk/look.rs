//! A look: walk, read what is different, and tell it, all or nothing.
//!
//! Nothing is written down before the end, when all roots and links are seen
//! to stand where they stood at the beginning.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use rayon::prelude::*;

use super::configuration::RootVersion;
use super::content_roots::ContentRoots;
use super::directory::{DATA, Directory};
use super::item::Changed;
use super::known::{Known, on};
use super::open;
use super::read::{self, Depth, News, Now, Reading};
use super::roots::{self, Root};
use super::scan::Walk;
use super::scope::{self, Scope};
use super::settle::Survey;
use super::tree::{Anchor, Kind, Standing, Tree};
use super::{Ground, Hints, Look, LookError, RulesState};
use crate::article::{Interner, Outcome};
use crate::content_path::ContentPath;
use crate::library::File;

/// Looks in a row that are thrown away because a file slipped away.
const SLIPS: u32 = 3;

/// With more files than that few of those that are asked for would be among
/// the kept, and fresh memory costs more than reading them again.
const KEPT_OF: usize = 20_000;

/// Files in doubt that a look at a few paths reads besides.
const DOUBTS: usize = 1000;

impl Known {
    /// Looks where the hints say and tells what is different. `progress` is
    /// told how many files were read so far.
    pub fn look(
        &mut self,
        ground: &Ground,
        hints: &Hints,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Look, LookError> {
        let unknown = self.unknown_files(hints);
        let hints = if unknown.is_empty() { hints } else { &Hints::Everything };
        self.unknown_names = false;
        let mut looked = self.look_once(ground, hints, progress);
        if let Ok(look) = &mut looked
            && self.unknown_names
            && *hints != Hints::Everything
        {
            // A hard link was made: no event tells of the other names of the file, now or later.
            let rest = self.look_once(ground, &Hints::Everything, progress)?;
            look.batch.articles.extend(rest.batch.articles);
            look.batch.images.extend(rest.batch.images);
            (look.read, look.rearm) = (look.read + rest.read, look.rearm || rest.rearm);
            (look.files, look.images, look.doubtful) = (rest.files, rest.images, rest.doubtful);
        }
        if looked.is_ok() {
            self.remember_foreign(unknown);
        }
        self.thrown = match &looked {
            Err(LookError::Unsettled) => self.thrown.saturating_add(1),
            Ok(_) | Err(LookError::Vanished { .. } | LookError::Replaced) => 0,
        };
        looked
    }

    fn look_once(
        &mut self,
        ground: &Ground,
        hints: &Hints,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Look, LookError> {
        let first = self.trees.is_empty();
        let roots = roots::find(ground).map_err(|error| vanished(ground, &error))?;
        if is_replaced(ground) {
            return Err(LookError::Replaced);
        }
        let held = ContentRoots::hold(&roots).map_err(|_| LookError::Unsettled)?;
        self.align(&roots);
        let mut surveys = on(self.pool.as_ref(), || self.survey(ground, (&roots, &held), hints));
        self.judge(ground, &roots, &surveys)?;
        let read = on(self.pool.as_ref(), || self.read(ground, (&roots, &held), hints, &surveys, first, progress));
        // Of a first look these are as many as there are files.
        for survey in &mut surveys {
            survey.findings.changed = Vec::new();
        }
        // What was listed a moment ago and is gone may stand under another name
        // that was listed before it came.
        let slipped = |now: &Now| match now {
            Now::Unsettled => true,
            Now::Gone => self.is_strict(),
            Now::Writing { .. } | Now::Is(_) => false,
        };
        let unsettled = read.iter().any(|(.., now)| slipped(now)) || !still(&roots, &surveys);
        if unsettled || !self.anchors_outside_hold(&surveys) || is_replaced(ground) {
            return Err(LookError::Unsettled);
        }
        let rearm = !first && self.leads_elsewhere(&roots, &surveys);
        let opened = read.len();
        self.kept.clear();
        self.roots = roots.clone().into();
        let batch = self.settle((ground, &held), roots, surveys, read);
        self.afresh = false;
        self.looks = self.looks.saturating_add(1);
        let doubtful = self.trees.iter().map(|tree| tree.doubtful.len()).sum::<usize>() + self.moved.len();
        Ok(Look { batch, files: self.articles, images: self.images, read: opened, doubtful, rearm })
    }

    /// Whether a file that slips away between two questions is a reason to look
    /// again. Where files come and go all the time it cannot be for ever: such
    /// a file is gone then, as the next look would find.
    fn is_strict(&self) -> bool {
        self.thrown < SLIPS
    }

    /// Brings the trees into the order of the roots.
    fn align(&mut self, roots: &[Root]) {
        if self.trees.iter().map(|tree| &tree.base).eq(roots.iter().map(|root| &root.base)) {
            return;
        }
        let images = self.trees.iter().flat_map(Tree::all).filter(|(_, entry)| entry.kind == Kind::Image);
        self.moved.extend(images.map(|(place, _)| place.shared()));
        let mut old = std::mem::take(&mut self.trees);
        for root in roots {
            let at = old.iter().position(|tree| tree.base == root.base);
            self.trees.push(at.map_or_else(|| Tree::new(root.base.clone()), |at| old.swap_remove(at)));
        }
        // Another content directory has other articles: those of the old one
        // are told as gone by being found missing in the new one.
        if let Some(mut content) = old.into_iter().find(|tree| tree.all().any(|(_, entry)| entry.kind == Kind::Article))
        {
            content.base = std::mem::take(&mut self.trees[0].base);
            content.standing = None;
            self.trees[0] = content;
        }
        let told = |kind| {
            self.trees
                .iter()
                .flat_map(Tree::all)
                .filter(|(_, entry)| entry.kind == kind && entry.told.is_some())
                .count()
        };
        (self.articles, self.images) = (told(Kind::Article), told(Kind::Image));
    }

    fn survey(&self, ground: &Ground, (roots, held): (&[Root], &ContentRoots), hints: &Hints) -> Vec<Survey> {
        let content = roots.first().and_then(|root| root.standing.as_ref()).map(|standing| standing.identity);
        let files = match hints {
            Hints::Paths(hints) => scope::hard_linked(&self.trees, hints),
            Hints::Everything => BTreeSet::new(),
        };
        roots
            .iter()
            .zip(&self.trees)
            .enumerate()
            .map(|(at, (root, tree))| {
                let (selection, elsewhere) = if at == 0 { (Some(&*ground.selection), None) } else { (None, content) };
                let walk = Walk::new(tree, held, selection, elsewhere, self.afresh, self.is_strict());
                let everything = vec![Scope(String::new())];
                let scopes = match (&root.standing, hints) {
                    (None, _) => everything,
                    (Some(standing), Hints::Paths(hints)) if root.standing == tree.standing && !self.afresh => {
                        scope::walk(&walk, standing, &scope::paths(tree, standing, hints, &files))
                    }
                    (Some(standing), _) => {
                        walk.directory(&Directory::root(standing));
                        everything
                    }
                };
                let mut findings = walk.findings();
                // A directory that cannot be read stands among the files of the
                // one above, whose listing does not name it as a file.
                let mut gone = std::mem::take(&mut findings.gone);
                for scope in &scopes {
                    gone.extend(
                        tree.unvisited(&scope.0, &findings.visited).map(|(place, entry)| (place.clone(), entry.kind)),
                    );
                    // A directory that could not be read stands among files.
                    let own = tree.entry(&scope.0).filter(|_| findings.visited.contains(scope.0.as_str()));
                    gone.extend(own.map(|entry| (ContentPath::new(&scope.0), entry.kind)));
                }
                if !gone.is_empty() {
                    let changed: BTreeSet<&ContentPath> =
                        findings.changed.iter().map(|changed| &changed.place).collect();
                    gone.retain(|(place, _)| !changed.contains(place));
                }
                findings.gone = gone;
                Survey { findings, scopes }
            })
            .collect()
    }

    /// Whether what was seen is to be believed.
    fn judge(&self, ground: &Ground, roots: &[Root], surveys: &[Survey]) -> Result<(), LookError> {
        if surveys.iter().any(|survey| survey.findings.unsettled) {
            return Err(LookError::Unsettled);
        }
        let (Some(survey), Some(root), Some(tree)) = (surveys.first(), roots.first(), self.trees.first()) else {
            return Ok(());
        };
        if let Some(error) = &survey.findings.unreadable {
            return Err(vanished(ground, error));
        }
        let whole = survey.scopes.iter().any(|scope| scope.0.is_empty());
        if survey.findings.articles > 0 || self.articles == 0 {
            return Ok(());
        }
        let is_article = |(place, kind): &&(ContentPath, Kind)| *kind == Kind::Article && self.told(0, place).is_some();
        let gone = || survey.findings.gone.iter().filter(is_article).count();
        if ground.rules == RulesState::Changing && (whole || gone() == self.articles) {
            let reason = "no article is left by its configuration, which is being changed";
            return Err(LookError::Vanished { reason: format!("`{}`: {reason}", ground.content.display()) });
        }
        if !whole {
            return Ok(());
        }
        let is_volume = |anchor: &Anchor| anchor.place.is_empty() && anchor.link.ends_with(DATA);
        let lost = tree.anchors.iter().any(is_volume) && !survey.findings.anchors.iter().any(is_volume);
        let replaced = tree.standing.is_some() && tree.standing != root.standing;
        if lost || replaced {
            let reason = format!("another directory is at `{}` now, and it holds no article", ground.content.display());
            return Err(LookError::Vanished { reason });
        }
        Ok(())
    }

    /// Reads what changed, and what is in doubt.
    fn read(
        &self,
        ground: &Ground,
        (roots, held): (&[Root], &ContentRoots),
        hints: &Hints,
        surveys: &[Survey],
        first: bool,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Vec<(usize, ContentPath, Kind, Now)> {
        let (count, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut work: Vec<(usize, ContentPath, Kind, Option<&Changed>)> = Vec::new();
        for (at, (tree, survey)) in self.trees.iter().zip(surveys).enumerate() {
            work.extend(
                survey.findings.changed.iter().map(|changed| (at, changed.place.clone(), changed.kind, Some(changed))),
            );
            work.extend(doubts(tree, survey, hints).map(|(place, kind)| (at, place, kind, None)));
        }
        let raw: Vec<BTreeMap<&ContentPath, &PathBuf>> = surveys
            .iter()
            .map(|survey| survey.findings.raw.iter().map(|(place, path)| (place, path)).collect())
            .collect();
        // In the order of the disk, and of the maps that are made of it.
        work.par_sort_unstable_by(|(_, one, ..), (_, other, ..)| one.cmp(other));
        let (total, interner) = (work.len(), Interner::default());
        let keeps = first && total <= KEPT_OF;
        work.into_par_iter()
            .map(|(at, place, kind, changed)| {
                let now = match changed.and_then(|changed| changed.trouble.as_ref()) {
                    Some(trouble) if kind == Kind::Article => {
                        read::refused(&place, trouble.clone(), self.told(at, &place)).into()
                    }
                    Some(_) => Reading::nothing().into(),
                    None => {
                        let below = raw[at]
                            .get(&place)
                            .map_or_else(|| self.trees[at].path(place.as_str()), |path| path.as_path());
                        // A place that is spelled plainly now may not have been.
                        let below = if changed.is_some_and(|changed| changed.path.is_none()) {
                            Path::new(place.as_str())
                        } else {
                            below
                        };
                        let Some(standing) = &roots[at].standing else {
                            return (at, place, kind, Now::Gone);
                        };
                        let (path, told) = (standing.path.join(below), self.told(at, &place));
                        match kind {
                            Kind::Article => read::article(held, &path, &place, &ground.options, Depth::Metadata, told),
                            Kind::Image if roots::excludes(ground, at, &roots[at].base, &place) => {
                                Reading::nothing().into()
                            }
                            Kind::Image => {
                                let exposure = roots::exposure(ground, at, &roots[at].base, &place);
                                read::image(held, &path, &roots[at].base.join(below), exposure, told)
                            }
                        }
                    }
                };
                let now = self.keep(shared(now, &interner), keeps, &kept);
                let done = count.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(128) || done == total {
                    progress(done);
                }
                (at, place, kind, now)
            })
            .collect()
    }

    /// Keeps the bytes of the first look, as many as may be kept.
    fn keep(&self, now: Now, keeps: bool, kept: &AtomicUsize) -> Now {
        let length = match &now {
            Now::Is(reading) => reading.whole.as_ref().map_or(0, |whole| whole.bytes.len()),
            _ => 0,
        };
        if keeps && kept.fetch_add(length, Ordering::Relaxed) + length <= self.most_kept {
            return now;
        }
        now.without_bytes()
    }

    /// What was told of a file, if that still counts.
    fn told(&self, tree: usize, place: &ContentPath) -> Option<NonZeroU64> {
        self.trees[tree].entry(place.as_str()).filter(|_| !self.afresh).and_then(|entry| entry.told)
    }

    fn anchors_outside_hold(&self, surveys: &[Survey]) -> bool {
        self.trees.iter().zip(surveys).all(|(tree, survey)| {
            let outside =
                tree.anchors.iter().filter(|anchor| !survey.scopes.iter().any(|scope| scope.covers(&anchor.place)));
            outside.into_iter().all(Anchor::holds)
        })
    }

    fn leads_elsewhere(&self, roots: &[Root], surveys: &[Survey]) -> bool {
        self.trees.iter().zip(roots).zip(surveys).any(|((tree, root), survey)| {
            let covered =
                tree.anchors.iter().filter(|anchor| survey.scopes.iter().any(|scope| scope.covers(&anchor.place)));
            tree.standing != root.standing
                || covered.clone().any(|anchor| !survey.findings.anchors.contains(anchor))
                || survey.findings.anchors.iter().any(|anchor| !tree.anchors.contains(anchor))
        })
    }
}

/// Files that may have changed without their stamps showing it: all of them
/// when everything is looked at, else those whose time has come.
fn doubts<'a>(
    tree: &'a Tree,
    survey: &'a Survey,
    hints: &Hints,
) -> impl Iterator<Item = (ContentPath, Kind)> + use<'a> {
    let now = SystemTime::now();
    let changed = survey.findings.changed.iter().map(|changed| &changed.place);
    let gone = survey.findings.gone.iter().map(|(place, _)| place);
    // None is in doubt at a first look, when all have changed.
    let seen: BTreeSet<&ContentPath> = changed.chain(gone).filter(|_| !tree.doubtful.is_empty()).collect();
    let (all, most) = match hints {
        Hints::Everything => (true, usize::MAX),
        Hints::Paths(_) => (false, DOUBTS),
    };
    tree.doubtful
        .iter()
        .filter(move |(place, until)| (all || **until <= now) && !seen.contains(place))
        .take(most)
        .filter_map(|(place, _)| Some((place.clone(), tree.entry(place.as_str())?.kind)))
}

/// An article with the lists that others have as well.
fn shared(mut now: Now, interner: &Interner) -> Now {
    if let Now::Is(reading) = &mut now
        && let Some(News::Article(File::Metadata(skimmed))) = &mut reading.news
        && let Outcome::Article(article) = &mut skimmed.outcome
        && let Some(article) = Arc::get_mut(article)
    {
        interner.share(article);
    }
    now
}

/// Whether the content directory is another one than that whose rules these are.
fn is_replaced(ground: &Ground) -> bool {
    ground.root.as_ref().is_some_and(|root| RootVersion::of(&ground.content).ok().as_ref() != Some(root))
}

/// Whether the roots and the links that were followed lead where they led.
fn still(roots: &[Root], surveys: &[Survey]) -> bool {
    roots.iter().all(|root| {
        root.standing.as_ref().is_none_or(|standing| Standing::of(&root.base).is_ok_and(|now| now == *standing))
    }) && surveys.iter().flat_map(|survey| &survey.findings.anchors).all(Anchor::holds)
}

fn vanished(ground: &Ground, error: &io::Error) -> LookError {
    let path = ground.content.display();
    let reason = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no directory `{path}`"),
        io::ErrorKind::NotADirectory => format!("`{path}` is no directory"),
        _ => format!("the directory `{path}` cannot be read: {}", open::reason(error)),
    };
    LookError::Vanished { reason }
}
