//! Pages: which article has which URL below `/articles/`.
//!
//! A page has the path of its file without extension and a last `index`, so `a.md`, `a.html` and `a/index.md` want
//! the same one. The first file by path has it; each of the others has its whole path, `a.md`, with a `~` behind it
//! for every file that wants that path too. Drafts and broken files count, so URLs depend on nothing but the paths
//! of article files.
//!
//! Files that share a page are rare, so only these are in the index. The others are found by asking for each
//! extension.

use std::collections::BTreeSet;

use imbl::OrdSet;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{AffectedFeeds, Library, membership};
use crate::article::selection::EXTENSIONS;
use crate::article::{Article, Place};

/// From this many files on, the index is made anew.
const MANY: usize = 10_000;

/// Files by the hashes of the pages they want: those that share one, and those that no extension leads to, such as
/// `a.Md` and `Index.md`.
pub(super) type PageIndex = OrdSet<(u64, Place)>;

/// A file whose page is not the one it wants.
pub struct PageConflict {
    /// The file.
    pub place: Place,
    /// The first file by path.
    pub owner: Place,
}

impl Library {
    /// The path of an article's page below `/articles/`, without a slash at the end.
    pub fn page_path(&self, place: &Place) -> String {
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

    /// The published article whose page has this path; else one whose page would, if another file had not the same.
    pub fn article_of_page(&self, path: &str) -> Option<&Article> {
        let own = path.trim_end_matches('~');
        let wanting = self.wanting(path);
        let others = [Place::new(path), Place::new(own)].into_iter().chain(self.wanting(own));
        let published = |place: &Place| self.published(place.as_str()).map(|article| &**article);
        let has_page = |article: &&Article| self.page_path(&article.place) == path;
        let found = wanting.iter().cloned().chain(others).filter_map(|place| published(&place)).find(has_page);
        found.or_else(|| wanting.iter().find_map(published))
    }

    /// The files whose pages are not those they want.
    pub fn conflicting_pages(&self) -> impl Iterator<Item = PageConflict> {
        self.pages.iter().filter_map(|(_, place)| {
            self.published(place.as_str())?;
            let owner = self.with_page(&place.page_path()).first().copied().filter(|owner| *owner != place)?.clone();
            Some(PageConflict { place: place.clone(), owner })
        })
    }

    /// The files in the index that want this page, by path.
    fn with_page(&self, path: &str) -> Vec<&Place> {
        if self.pages.is_empty() {
            return Vec::new();
        }
        let hash = hash(path);
        let files = self.pages.range((hash, Place::new(""))..).take_while(|(other, _)| *other == hash);
        files.map(|(_, place)| place).filter(|place| place.page_path() == path).collect()
    }

    /// The files that want this page, in the index or not; none twice.
    fn wanting(&self, path: &str) -> Vec<Place> {
        let shared = self.with_page(path);
        if !shared.is_empty() {
            return shared.into_iter().cloned().collect();
        }
        let names = EXTENSIONS
            .iter()
            .flat_map(|extension| [format!("{path}.{extension}"), format!("{path}/index.{extension}")]);
        let files = names.filter(|name| self.has_file(name)).map(|name| Place::new(&name));
        files.filter(|place| place.page_path() == path).collect()
    }

    /// Brings the index up to date. The articles come back whose pages have other URLs now; `moved` are the paths at
    /// which a file came or went.
    pub(super) fn settle_pages_since(&mut self, before: &Self, moved: &BTreeSet<Place>) -> Vec<Place> {
        let is_first = before.articles.len() == 0;
        if is_first || moved.len() >= MANY {
            self.pages = self.all_pages();
        } else {
            for place in moved.iter().filter(|place| is_named(place)) {
                self.settle_page(place);
            }
        }
        if is_first || (self.pages.is_empty() && before.pages.is_empty()) {
            return Vec::new();
        }
        let mut changed_pages: BTreeSet<Place> = BTreeSet::new();
        for place in moved.iter().filter(|place| is_named(place)) {
            let wanted = place.page_path();
            changed_pages.extend(before.with_page(&wanted).into_iter().chain(self.with_page(&wanted)).cloned());
            // Another file may have this page instead of its own.
            let other = wanted.trim_end_matches('~');
            changed_pages.insert(Place::new(other));
            changed_pages.extend(self.with_page(other).into_iter().cloned());
        }
        let is_known = |place: &Place| before.published(place.as_str()).and(self.published(place.as_str())).is_some();
        let is_other = |place: &Place| is_known(place) && before.page_path(place) != self.page_path(place);
        changed_pages.into_iter().filter(is_other).collect()
    }

    /// Marks the feeds that show articles whose pages have other URLs.
    pub(super) fn touch_pages(&self, repaged: &[Place], affected: &mut AffectedFeeds) {
        for article in repaged.iter().filter_map(|place| self.published(place.as_str())) {
            affected.extend(membership::keys(&self.rules, article));
        }
    }

    /// Puts a file that came into the index, or takes one that went out of it.
    fn settle_page(&mut self, place: &Place) {
        let wanted = place.page_path();
        let hash = hash(&wanted);
        if self.has_file(place.as_str()) {
            let others: Vec<Place> = self.wanting(&wanted).into_iter().filter(|other| other != place).collect();
            if others.is_empty() && is_regular(place, &wanted) {
                return;
            }
            self.pages.extend(others.into_iter().chain([place.clone()]).map(|place| (hash, place)));
            return;
        }
        self.pages.remove(&(hash, place.clone()));
        if let [last] = self.with_page(&wanted)[..]
            && is_regular(last, &wanted)
        {
            let last = last.clone();
            self.pages.remove(&(hash, last));
        }
    }

    /// The whole index.
    fn all_pages(&self) -> PageIndex {
        let articles = self.articles.iter().map(|article| article.place.clone());
        let broken = self.problems.keys().map(|path| Place::new(path));
        let files: BTreeSet<Place> = self.hidden.keys().cloned().chain(broken).filter(is_named).collect();
        let files: Vec<Place> =
            articles.chain(files.into_iter().filter(|place| self.articles.get(place.as_str()).is_none())).collect();
        let keyed = |place: &Place| {
            let wanted = place.page_path();
            (hash(&wanted), place.clone(), is_regular(place, &wanted))
        };
        let mut keyed: Vec<(u64, Place, bool)> = files.par_iter().with_min_len(MANY / 10).map(keyed).collect();
        keyed.par_sort_unstable_by_key(|(hash, ..)| *hash);
        let groups = keyed.chunk_by(|one, other| one.0 == other.0);
        let shared = groups.filter(|group| group.len() > 1 || !group[0].2).flatten();
        shared.map(|(hash, place, _)| (*hash, place.clone())).collect()
    }
}

fn hash(path: &str) -> u64 {
    xxh3_64(path.as_bytes())
}

/// Whether the name is that of an article: directories that cannot be read are among the broken files.
fn is_named(place: &Place) -> bool {
    EXTENSIONS.iter().any(|extension| place.extension().eq_ignore_ascii_case(extension))
        && !place.as_str().contains('\0')
}

/// Whether a file is found from its page by asking for each extension.
fn is_regular(place: &Place, page: &str) -> bool {
    let rest = place.as_str().strip_prefix(page).unwrap_or_default();
    let extension = rest.strip_prefix("/index").unwrap_or(rest).strip_prefix('.');
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}
