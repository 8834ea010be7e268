//! Decides which article has which page below `/articles/`.
//!
//! A page has the path of its file without the extension and without a final `index`, so `a.md`, `a.html`
//! and `a/index.md` claim the same page. The first file by path gets it. The page of each other file has
//! its whole path, `a.md`, followed by a `~` for every file that claims that path too. Drafts and broken
//! files count, so URLs depend only on the paths of article files.
//!
//! Files that share a page are rare, so only these are in the index. The others are found by trying each
//! extension.

use std::collections::BTreeSet;

use imbl::OrdSet;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{AffectedFeeds, Library};
use crate::article::Article;
use crate::content_path::{ContentPath, is_article_extension};

/// From this number of files on, the index is rebuilt.
const MANY: usize = 10_000;

/// Files by the hashes of the pages they claim: those that share a page, and those that trying the
/// extensions does not find, such as `a.Md` and `Index.md`.
pub(super) type PageIndex = OrdSet<(u64, ContentPath)>;

/// A file whose page is not the one it claims.
pub(crate) struct PageConflict {
    pub place: ContentPath,
    /// The file that has the page.
    pub owner: ContentPath,
}

impl Library {
    /// Returns the path of an article's page below `/articles/`, without a slash at the end.
    pub(crate) fn page_path(&self, place: &ContentPath) -> String {
        let wanted = place.page_path();
        if self.with_page(&wanted).first().is_none_or(|owner| *owner == place) {
            return wanted;
        }
        let mut path = if place.is_long() { wanted + "~" } else { place.to_string() };
        while !self.wanting(&path).is_empty() {
            path.push('~');
        }
        path
    }

    /// Returns the published article whose page has this path, otherwise one that claims the path but has
    /// another page.
    pub(crate) fn article_of_page(&self, path: &str) -> Option<&Article> {
        let own = path.trim_end_matches('~');
        let wanting = self.wanting(path);
        let others = [ContentPath::new(path), ContentPath::new(own)].into_iter().chain(self.wanting(own));
        let published = |place: &ContentPath| self.published(place.as_str()).map(|article| &**article);
        let has_page = |article: &&Article| self.page_path(&article.place) == path;
        let found = wanting.iter().cloned().chain(others).filter_map(|place| published(&place)).find(has_page);
        found.or_else(|| wanting.iter().find_map(published))
    }

    /// Returns the files whose pages are not those they claim.
    pub(crate) fn conflicting_pages(&self) -> impl Iterator<Item = PageConflict> {
        self.pages.iter().filter_map(|(_, place)| {
            self.published(place.as_str())?;
            let owner = self.with_page(&place.page_path()).first().copied().filter(|owner| *owner != place)?.clone();
            Some(PageConflict { place: place.clone(), owner })
        })
    }

    /// Returns the files in the index that claim this page, by path.
    fn with_page(&self, path: &str) -> Vec<&ContentPath> {
        if self.pages.is_empty() {
            return Vec::new();
        }
        let hash = hash(path);
        let files = self.pages.range((hash, ContentPath::new(""))..).take_while(|(other, _)| *other == hash);
        files.map(|(_, place)| place).filter(|place| place.page_path() == path).collect()
    }

    /// Returns the files that claim this page, in the index or not, without duplicates.
    fn wanting(&self, path: &str) -> Vec<ContentPath> {
        let shared = self.with_page(path);
        if !shared.is_empty() {
            return shared.into_iter().cloned().collect();
        }
        let files = ContentPath::of_page(path).filter(|name| self.has_file(name)).map(|name| ContentPath::new(&name));
        files.filter(|place| place.page_path() == path).collect()
    }

    /// Updates the index and returns the articles whose pages have new URLs. `moved` contains the paths at
    /// which a file was added or removed.
    pub(super) fn update_pages_since(&mut self, before: &Self, moved: &BTreeSet<ContentPath>) -> Vec<ContentPath> {
        let is_first = before.articles.len() == 0;
        if is_first || moved.len() >= MANY {
            self.pages = self.all_pages();
        } else {
            for place in moved.iter().filter(|place| is_named(place)) {
                self.update_page(place);
            }
        }
        if is_first || (self.pages.is_empty() && before.pages.is_empty()) {
            return Vec::new();
        }
        let mut changed_pages: BTreeSet<ContentPath> = BTreeSet::new();
        for place in moved.iter().filter(|place| is_named(place)) {
            let wanted = place.page_path();
            changed_pages.extend(before.with_page(&wanted).into_iter().chain(self.with_page(&wanted)).cloned());
            // Another file may have this page instead of its own.
            let other = wanted.trim_end_matches('~');
            changed_pages.insert(ContentPath::new(other));
            changed_pages.extend(self.with_page(other).into_iter().cloned());
        }
        let is_known =
            |place: &ContentPath| before.articles.get(place.as_str()).and(self.articles.get(place.as_str())).is_some();
        let is_other = |place: &ContentPath| is_known(place) && before.page_path(place) != self.page_path(place);
        changed_pages.into_iter().filter(is_other).collect()
    }

    /// Marks the feeds that show articles whose pages have new URLs.
    pub(super) fn touch_pages(&self, repaged: &[ContentPath], affected: &mut AffectedFeeds) {
        for article in repaged.iter().filter_map(|place| self.published(place.as_str())) {
            affected.extend(self.keys_of(article));
        }
    }

    /// Adds a new file to the index, or removes a deleted one.
    fn update_page(&mut self, place: &ContentPath) {
        let wanted = place.page_path();
        let hash = hash(&wanted);
        if self.has_file(place.as_str()) {
            let others: Vec<ContentPath> = self.wanting(&wanted).into_iter().filter(|other| other != place).collect();
            if others.is_empty() && place.is_usual(&wanted) {
                return;
            }
            self.pages.extend(others.into_iter().chain([place.clone()]).map(|place| (hash, place)));
            return;
        }
        self.pages.remove(&(hash, place.clone()));
        if let [last] = self.with_page(&wanted)[..]
            && last.is_usual(&wanted)
        {
            let last = last.clone();
            self.pages.remove(&(hash, last));
        }
    }

    fn all_pages(&self) -> PageIndex {
        let articles = self.articles.iter().map(|article| article.place.clone());
        let broken = self.problems.keys().map(|path| ContentPath::new(path));
        let files: BTreeSet<ContentPath> = self.hidden.keys().cloned().chain(broken).filter(is_named).collect();
        let files: Vec<ContentPath> =
            articles.chain(files.into_iter().filter(|place| self.articles.get(place.as_str()).is_none())).collect();
        let keyed = |place: &ContentPath| {
            let wanted = place.page_path();
            (hash(&wanted), place.clone(), place.is_usual(&wanted))
        };
        let mut keyed: Vec<(u64, ContentPath, bool)> = files.par_iter().with_min_len(MANY / 10).map(keyed).collect();
        keyed.par_sort_unstable_by_key(|(hash, ..)| *hash);
        let groups = keyed.chunk_by(|one, other| one.0 == other.0);
        let shared = groups.filter(|group| group.len() > 1 || !group[0].2).flatten();
        shared.map(|(hash, place, _)| (*hash, place.clone())).collect()
    }
}

fn hash(path: &str) -> u64 {
    xxh3_64(path.as_bytes())
}

/// Returns whether the file name is that of an article; broken files include unreadable directories.
fn is_named(place: &ContentPath) -> bool {
    is_article_extension(place.extension())
}
