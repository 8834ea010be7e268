//! Resolves references between articles, and finds the articles that refer to another.
//!
//! A shown article is indexed under everything that its references may mean. If an article appears,
//! disappears, moves or is renamed, only the articles that refer to it are updated.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdSet;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{AffectedFeeds, Library};
use crate::article::{Article, ArticleBody, CrossReference};
use crate::content_path::{ContentPath, file_name};

impl Library {
    /// Returns the published article that a reference in the article at `from` means.
    pub(crate) fn mentioned(&self, cross_reference: &CrossReference, from: &ContentPath) -> Option<&Arc<Article>> {
        let placed = cross_reference.meanings(from).iter().find_map(|place| self.published(place.as_str()));
        placed.or_else(|| {
            names(cross_reference).flat_map(|hash| self.called(hash)).find_map(|place| self.published(place.as_str()))
        })
    }

    /// Returns the articles with a slug or title, sorted by path.
    fn called(&self, hash: u64) -> impl Iterator<Item = &ContentPath> {
        hashed(&self.names, hash)
    }

    /// Returns the hashes of the names, apart from its path, by which others may refer to an article.
    fn names_of_article(&self, article: &Article) -> Vec<u64> {
        let site = &self.rules.site;
        if !site.options.generator.refers_by_name {
            return Vec::new();
        }
        // Any other slug follows from the path already.
        let permalink_config = &site.links.permalink_config;
        let slug = permalink_config.new_post_name.is_some().then(|| slug_hash(&permalink_config.slug(&article.place)));
        // A bundle has the name of its directory.
        let place = &article.place;
        let name = if place.is_index() { file_name(place.directory()) } else { place.stem() };
        let file_name = file_name_hash(name);
        slug.into_iter().chain([title_hash(&self.name_of(article)), file_name]).collect()
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

    pub(super) fn remember_cross_references_of(&mut self, place: &ContentPath, detail: &ArticleBody) {
        for meaning in self.meanings(place, detail) {
            self.backlinks.insert((meaning, place.clone()));
        }
    }

    pub(super) fn forget_cross_references_of(&mut self, place: &ContentPath, detail: &ArticleBody) {
        for meaning in self.meanings(place, detail) {
            self.backlinks.remove(&(meaning, place.clone()));
        }
    }

    /// Returns the hashes of everything that the references of an article may mean: paths of articles, slugs
    /// and titles (Hexo searches for both), and paths of pages that articles have or should have.
    fn meanings(&self, place: &ContentPath, detail: &ArticleBody) -> BTreeSet<u64> {
        let places = |cross_reference: &CrossReference| {
            cross_reference.meanings(place).into_iter().map(|place| article_hash(&place))
        };
        let named = detail.cross_references.iter();
        let named = named.flat_map(|cross_reference| names(cross_reference).chain(places(cross_reference)));
        let pages = detail.files.iter().filter_map(|file| self.page_path_in(file)).map(|path| page_hash(&path));
        named.chain(pages).collect()
    }

    /// Marks the feeds that show an article which refers to one of the `changed` articles, published before
    /// or now.
    pub(super) fn touch_backlinks<'a>(
        &self,
        changed: impl Iterator<Item = &'a Arc<Article>>,
        affected: &mut AffectedFeeds,
    ) {
        if self.backlinks.is_empty() {
            return;
        }
        let meanings = changed.flat_map(|article| {
            let names = self.names_of_article(article).into_iter();
            let pages = [self.page_path(&article.place), article.place.page_path(), article.place.to_string()];
            names.chain(pages.map(|path| page_hash(&path))).chain([article_hash(&article.place)])
        });
        let backlinks: BTreeSet<&ContentPath> = meanings.flat_map(|meaning| hashed(&self.backlinks, meaning)).collect();
        for article in backlinks.into_iter().filter_map(|place| self.published(place.as_str())) {
            affected.extend(self.keys_of(article));
        }
    }
}

/// Returns the articles under a hash, sorted by path.
pub(super) fn hashed<H: Copy + Ord>(index: &OrdSet<(H, ContentPath)>, hash: H) -> impl Iterator<Item = &ContentPath> {
    let places = index.range((hash, ContentPath::new(""))..);
    places.take_while(move |(other, _)| *other == hash).map(|(_, place)| place)
}

fn article_hash(place: &ContentPath) -> u64 {
    xxh3_64_with_seed(place.as_str().as_bytes(), 3)
}

/// Hashes the path of a page without the `~` at the end, which distinguishes files that share a page.
fn page_hash(path: &str) -> u64 {
    xxh3_64_with_seed(path.trim_end_matches('~').as_bytes(), 2)
}

fn slug_hash(slug: &str) -> u64 {
    xxh3_64_with_seed(slug.as_bytes(), 0)
}

/// Hashes a title with another seed than a slug, so that equal texts have different hashes.
fn title_hash(title: &str) -> u64 {
    xxh3_64_with_seed(title.as_bytes(), 1)
}

/// Hashes the name of a file without its extension, in lower case.
fn file_name_hash(name: &str) -> u64 {
    xxh3_64_with_seed(name.to_lowercase().as_bytes(), 4)
}

/// Returns the hashes of the slug and the title that a reference may be.
fn names(cross_reference: &CrossReference) -> impl Iterator<Item = u64> {
    let wiki = cross_reference.file_name().into_iter().flat_map(|name| [file_name_hash(name), title_hash(name)]);
    cross_reference.name().into_iter().flat_map(|name| [slug_hash(name), title_hash(name)]).chain(wiki)
}
