//! Articles by their paths.
//!
//! A persistent tree of articles, each of which is its own key. A map would store every path twice, and the
//! nodes of a hash table are mostly empty with a million entries.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::Arc;

use imbl::OrdSet;

use crate::article::Article;
use crate::content_path::ContentPath;

#[derive(Debug, Clone, Default)]
pub(super) struct Index(OrdSet<Placed>);

#[derive(Debug, Clone)]
struct Placed(Arc<Article>);

impl Index {
    pub(super) fn get(&self, place: &str) -> Option<&Arc<Article>> {
        self.0.get(place).map(|Placed(article)| article)
    }

    /// Inserts an article at its path and returns the previous one.
    pub(super) fn insert(&mut self, article: Arc<Article>) -> Option<Arc<Article>> {
        self.0.insert(Placed(article)).map(|Placed(article)| article)
    }

    pub(super) fn remove(&mut self, place: &str) -> Option<Arc<Article>> {
        self.0.remove(place).map(|Placed(article)| article)
    }

    /// Returns the articles sorted by path.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.0.iter().map(|Placed(article)| article)
    }

    /// Returns the first path that is not less than `place`.
    pub(super) fn next(&self, place: &str) -> Option<&ContentPath> {
        self.0.get_next(place).map(|Placed(article)| &article.place)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Borrow<str> for Placed {
    fn borrow(&self) -> &str {
        self.0.place.as_str()
    }
}

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.place.cmp(&other.0.place)
    }
}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Placed {}
