//! Articles that bodies name: which one is meant, and who speaks of it.
//!
//! A shown article is remembered under all that its mentions may mean, so that
//! one that appears, goes, moves or is called otherwise later is noticed by
//! those alone who speak of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdSet;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{AffectedFeeds, Library, membership};
use crate::article::{Article, CrossReference, Detail, Dialect, Place};

/// What a mention may mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Meaning {
    /// The article at a place.
    At(Place),
    /// The article of a slug or title, by its hash: Hexo looks for both.
    Called(u64),
    /// An article that has, or wants, the page whose path has this hash.
    Page(u64),
}

impl Library {
    /// The published article that a mention in the article at `from` means.
    pub fn mentioned(&self, cross_reference: &CrossReference, from: &Place) -> Option<&Arc<Article>> {
        let placed = cross_reference.meanings(from).iter().find_map(|place| self.published(place.as_str()));
        placed.or_else(|| {
            names(cross_reference).flat_map(|hash| self.called(hash)).find_map(|place| self.published(place.as_str()))
        })
    }

    /// The articles of a slug or title, in the order of places.
    fn called(&self, hash: u64) -> impl Iterator<Item = &Place> {
        hashed(&self.names, hash)
    }

    /// By which names besides its place others may speak of an article.
    fn names_of_article(&self, article: &Article) -> Vec<u64> {
        let site = &self.rules.site;
        if site.options.dialect != Dialect::Hexo {
            return Vec::new();
        }
        // Any other slug is what its place already says.
        let hexo_config = &site.generator.hexo_config;
        let slug = hexo_config.new_post_name.is_some().then(|| slug_hash(&hexo_config.slug(&article.place)));
        slug.into_iter().chain([title_hash(&article.title)]).collect()
    }

    pub(super) fn remember_names_of(&mut self, article: &Article) {
        for hash in self.names_of_article(article) {
            self.names.insert((hash, article.place.clone()));
        }
    }

    pub(super) fn forget_names_of(&mut self, article: &Article) {
        for hash in self.names_of_article(article) {
            self.names.remove(&(hash, article.place.clone()));
        }
    }

    pub(super) fn remember_cross_references_of(&mut self, place: &Place, detail: &Detail) {
        for meaning in self.meanings(place, detail) {
            self.backlinks.entry(meaning).or_default().insert(place.clone());
        }
    }

    pub(super) fn forget_cross_references_of(&mut self, place: &Place, detail: &Detail) {
        for meaning in self.meanings(place, detail) {
            if let Some(backlinks) = self.backlinks.get_mut(&meaning) {
                backlinks.remove(place);
                if OrdSet::is_empty(backlinks) {
                    self.backlinks.remove(&meaning);
                }
            }
        }
    }

    /// All that an article may mean.
    fn meanings(&self, place: &Place, detail: &Detail) -> BTreeSet<Meaning> {
        let places = |cross_reference: &CrossReference| cross_reference.meanings(place).into_iter().map(Meaning::At);
        let named = detail
            .cross_references
            .iter()
            .flat_map(|cross_reference| names(cross_reference).map(Meaning::Called).chain(places(cross_reference)));
        let pages = detail.files.iter().filter_map(|file| self.page_path_in(file)).map(|path| page_hash(&path));
        named.chain(pages.map(Meaning::Page)).collect()
    }

    /// The feeds that show an article which names one of these, published
    /// before or now.
    pub(super) fn touch_backlinks<'a>(
        &self,
        changed: impl Iterator<Item = &'a Arc<Article>>,
        affected: &mut AffectedFeeds,
    ) {
        if self.backlinks.is_empty() {
            return;
        }
        let meanings = changed.flat_map(|article| {
            let names = self.names_of_article(article).into_iter().map(Meaning::Called);
            let pages = [self.page_path(&article.place), article.place.page_path(), article.place.to_string()];
            let pages = pages.into_iter().map(|path| Meaning::Page(page_hash(path.trim_end_matches('~'))));
            names.chain(pages).chain([Meaning::At(article.place.clone())])
        });
        let backlinks: BTreeSet<&Place> =
            meanings.filter_map(|meaning| self.backlinks.get(&meaning)).flatten().collect();
        for article in backlinks.into_iter().filter_map(|place| self.published(place.as_str())) {
            affected.extend(membership::keys(&self.rules, article));
        }
    }
}

/// The places under a hash, in their order.
pub(super) fn hashed<H: Copy + Ord>(index: &OrdSet<(H, Place)>, hash: H) -> impl Iterator<Item = &Place> {
    let places = index.range((hash, Place::new(""))..);
    places.take_while(move |(other, _)| *other == hash).map(|(_, place)| place)
}

/// Files that share a page have their own with a `~` or more behind it.
fn page_hash(path: &str) -> u64 {
    xxh3_64_with_seed(path.trim_end_matches('~').as_bytes(), 2)
}

fn slug_hash(slug: &str) -> u64 {
    xxh3_64_with_seed(slug.as_bytes(), 0)
}

/// A title is no slug, though both may be one text.
fn title_hash(title: &str) -> u64 {
    xxh3_64_with_seed(title.as_bytes(), 1)
}

/// The slug, then the title, that a mention may be.
fn names(cross_reference: &CrossReference) -> impl Iterator<Item = u64> {
    cross_reference.name().into_iter().flat_map(|name| [slug_hash(name), title_hash(name)])
}
