//! The end of a look: all is written down, and what is different is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Ground;
use super::content_roots::ContentRoots;
use super::image::{self, Seen};
use super::known::Known;
use super::open::Refusal;
use super::read::{News, Now, Reading};
use super::roots::{self, Root};
use super::scan::Findings;
use super::scope::Scope;
use super::tree::Kind;
use crate::content_path::ContentPath;
use crate::diagnostic::Problem;
use crate::library::{ChangeBatch, File, ImageFacts};

/// What was seen of one tree.
pub(super) struct Survey {
    pub(super) findings: Findings,
    pub(super) scopes: Vec<Scope>,
}

impl Known {
    /// Writes all down, and says what is told.
    pub(super) fn settle(
        &mut self,
        (ground, held): (&Ground, &ContentRoots),
        roots: Vec<Root>,
        surveys: Vec<Survey>,
        read: Vec<(usize, ContentPath, Kind, Now)>,
    ) -> ChangeBatch {
        let mut batch = ChangeBatch::default();
        let before = self.owners(&surveys, &read);
        let mut fresh: BTreeMap<Arc<str>, BTreeMap<usize, ImageFacts>> = BTreeMap::new();
        for (at, (root, survey)) in roots.into_iter().zip(surveys).enumerate() {
            let Findings { gone, anchors, raw, links, .. } = survey.findings;
            for (place, _) in gone {
                let old = self.strike(at, &place);
                if old.is_some_and(|entry| entry.kind == Kind::Article && entry.told.is_some()) {
                    batch.articles.insert(self.reported_place(at, place), None);
                }
            }
            let tree = &mut self.trees[at];
            let covered = |place: &str| survey.scopes.iter().any(|scope| scope.covers(place));
            tree.standing = root.standing;
            tree.anchors.retain(|anchor| !covered(&anchor.place));
            tree.anchors.retain(|anchor| !anchors.contains(anchor));
            tree.anchors.extend(anchors);
            tree.links.retain(|place, _| !covered(place.as_str()));
            tree.links.extend(links);
            if !(raw.is_empty() && tree.raw.is_empty()) {
                let all = Arc::make_mut(&mut tree.raw);
                all.retain(|place, _| !covered(place.as_str()));
                all.extend(raw);
            }
        }
        // Of a first look all are told: as much room at once, and no more.
        let mut told: Vec<(ContentPath, Option<File>)> = Vec::with_capacity(read.len());
        let mut untold: Vec<ContentPath> = Vec::new();
        for (at, place, kind, now) in read {
            let old = match now {
                Now::Unsettled => continue,
                Now::Gone => self.strike(at, &place),
                Now::Writing { stamp, until } => {
                    let told = self.trees[at].entry(place.as_str()).and_then(|entry| entry.told);
                    let reading = Reading { stamp, told, doubtful_until: Some(until), ..Reading::nothing() };
                    self.write(at, &place, kind, &reading);
                    continue;
                }
                Now::Is(mut reading) => {
                    let news = reading.news.take();
                    let whole = reading.whole.take();
                    let old = self.write(at, &place, kind, &reading);
                    match news {
                        Some(News::Article(file)) => {
                            let reported = self.reported_place(at, place.clone());
                            let file = match file {
                                File::Unreadable(problem) if at > 0 => {
                                    File::Unreadable(Problem { file: reported.shared(), ..problem })
                                }
                                file => file,
                            };
                            told.push((reported, Some(file)));
                        }
                        Some(News::Image(facts)) => {
                            fresh.entry(place.shared()).or_default().insert(at, facts);
                        }
                        None => {}
                    }
                    if let Some(whole) = whole {
                        self.kept.insert(place.clone(), *whole);
                    }
                    // Still told, or told as something else than before.
                    if reading.told.is_some() && old.is_none_or(|old| old.kind == kind) {
                        continue;
                    }
                    old
                }
            };
            if old.is_some_and(|old| old.kind == Kind::Article && old.told.is_some()) {
                untold.push(self.reported_place(at, place));
            }
        }
        // They come in order, and of such a list a map is made at once.
        let gone = std::mem::replace(&mut batch.articles, told.into_iter().collect());
        for place in gone.into_keys().chain(untold) {
            batch.articles.entry(place).or_insert(None);
        }
        batch.images = self.tell_images((ground, held), &before, fresh);
        batch
    }

    /// The place under which a problem is reported. Names of the image roots are seen from the content directory, so that
    /// none of them is taken for a file in there.
    fn reported_place(&self, tree: usize, place: ContentPath) -> ContentPath {
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

    /// Which tree each image that may be told of belonged to until now.
    fn owners(
        &self,
        surveys: &[Survey],
        read: &[(usize, ContentPath, Kind, Now)],
    ) -> BTreeMap<Arc<str>, Option<usize>> {
        let gone = surveys.iter().flat_map(|survey| &survey.findings.gone).map(|(place, kind)| (place, *kind));
        let read = read.iter().map(|(_, place, kind, _)| (place, *kind));
        gone.chain(read)
            .filter(|(_, kind)| *kind == Kind::Image)
            .map(|(place, _)| (place.shared(), self.owner(place.as_str())))
            .collect()
    }

    /// The first tree that has an image of this path: content before roots,
    /// an earlier root before a later one.
    fn owner(&self, path: &str) -> Option<usize> {
        self.trees
            .iter()
            .position(|tree| tree.entry(path).is_some_and(|entry| entry.kind == Kind::Image && entry.told.is_some()))
    }

    fn tell_images(
        &mut self,
        (ground, held): (&Ground, &ContentRoots),
        before: &BTreeMap<Arc<str>, Option<usize>>,
        mut fresh: BTreeMap<Arc<str>, BTreeMap<usize, ImageFacts>>,
    ) -> BTreeMap<Arc<str>, Option<ImageFacts>> {
        let moved = std::mem::take(&mut self.moved);
        let mut told = BTreeMap::new();
        let paths = before.iter().map(|(path, owner)| (path.clone(), Some(*owner)));
        for (path, before) in paths.chain(moved.into_iter().map(|path| (path, None))) {
            let owner = self.owner(&path);
            let news = owner.and_then(|owner| fresh.get_mut(&path)?.remove(&owner));
            if before == Some(owner) && news.is_none() {
                continue;
            }
            let facts = match news {
                Some(news) => Some(news),
                None => match self.image_of((ground, held), owner, &path) {
                    Ok(seen) => seen.and_then(|seen| seen.facts),
                    // Nothing can be said of it now: the next look tells it.
                    Err(Refusal::Unsettled) => {
                        self.moved.insert(path);
                        continue;
                    }
                    Err(Refusal::Gone | Refusal::NoFile(_) | Refusal::Failed(_) | Refusal::Outside) => None,
                },
            };
            told.insert(path, facts);
        }
        told
    }

    /// The image that a tree has at a path, as it is now.
    fn image_of(
        &self,
        (ground, held): (&Ground, &ContentRoots),
        owner: Option<usize>,
        path: &str,
    ) -> Result<Option<Seen>, Refusal> {
        let Some((at, tree)) = owner.and_then(|at| Some((at, self.trees.get(at)?))) else {
            return Ok(None);
        };
        let Some(standing) = &tree.standing else {
            return Ok(None);
        };
        let below = tree.path(path);
        let exposure = roots::exposure(ground, at, &tree.base, &ContentPath::new(path));
        image::look(held, &standing.path.join(below), &tree.base.join(below), exposure).map(Some)
    }
}
