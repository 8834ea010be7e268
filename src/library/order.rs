//! Articles in order, shared between one library and the next.
//!
//! A large group is a persistent tree: the next one shares all but a path of
//! it. A small one is a sorted slice: a tree costs at least half a kilobyte,
//! and most tags have one article.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use imbl::OrdSet;

use crate::article::Article;
use crate::site::Order;

/// Up to so many members a sorted slice is smaller and as fast as a tree.
const FEW: usize = 64;

/// What makes an article newer than another.
pub(super) trait Rank {
    fn instants(article: &Article) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>);
}

/// By publication, then by edit.
#[derive(Clone)]
pub(super) enum ByPublished {}

/// By the last edit, then by publication.
#[derive(Clone)]
pub(super) enum ByUpdated {}

impl Rank for ByPublished {
    fn instants(article: &Article) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (article.published, article.updated)
    }
}

impl Rank for ByUpdated {
    fn instants(article: &Article) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (article.updated.or(article.published), article.published)
    }
}

/// An article in its place in an order; equal when rank and place are.
#[derive(Clone)]
struct Ranked<R>(Arc<Article>, PhantomData<R>);

impl<R: Rank> Ord for Ranked<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        R::instants(&self.0).cmp(&R::instants(&other.0)).then_with(|| self.0.place.cmp(&other.0.place))
    }
}

impl<R: Rank> PartialOrd for Ranked<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Rank> PartialEq for Ranked<R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<R: Rank> Eq for Ranked<R> {}

#[derive(Clone)]
enum Sorted<R> {
    /// Oldest first.
    Few(Arc<[Ranked<R>]>),
    Many(OrdSet<Ranked<R>>),
}

impl<R: Rank + Clone> Sorted<R> {
    fn edited(&self, edits: &Edits) -> Self {
        let ranked = |article: &Arc<Article>| Ranked(Arc::clone(article), PhantomData);
        let total = self.len() + edits.add.len();
        // Building anew is cheaper where most of it is new.
        if total <= FEW || edits.add.len() + edits.remove.len() > total / 4 {
            let mut removed: Vec<Ranked<R>> = edits.remove.iter().map(ranked).collect();
            removed.sort_unstable();
            let kept = self.iter().filter(|member| removed.binary_search(member).is_err()).cloned();
            let mut all: Vec<Ranked<R>> = kept.chain(edits.add.iter().map(ranked)).collect();
            all.sort_unstable();
            return if all.len() <= FEW { Self::Few(all.into()) } else { Self::Many(all.into_iter().collect()) };
        }
        let mut many = match self {
            Self::Few(few) => few.iter().cloned().collect(),
            Self::Many(many) => many.clone(),
        };
        for article in &edits.remove {
            many.remove(&ranked(article));
        }
        for article in &edits.add {
            many.insert(ranked(article));
        }
        if many.len() <= FEW { Self::Few(many.into_iter().collect()) } else { Self::Many(many) }
    }

    fn len(&self) -> usize {
        match self {
            Self::Few(few) => few.len(),
            Self::Many(many) => many.len(),
        }
    }

    fn iter(&self) -> Box<dyn DoubleEndedIterator<Item = &Ranked<R>> + '_> {
        match self {
            Self::Few(few) => Box::new(few.iter()),
            Self::Many(many) => Box::new(many.iter()),
        }
    }

    fn oldest(&self) -> Option<&Arc<Article>> {
        match self {
            Self::Few(few) => few.first(),
            Self::Many(many) => many.get_min(),
        }
        .map(|Ranked(article, _)| article)
    }
}

/// What leaves a group and what joins it.
#[derive(Default)]
pub(super) struct Edits {
    /// As they stood in the group.
    pub remove: Vec<Arc<Article>>,
    /// As they are now.
    pub add: Vec<Arc<Article>>,
}

/// The articles of one feed, in its order.
#[derive(Clone)]
pub struct Members(Inner);

#[derive(Clone)]
enum Inner {
    Published(Sorted<ByPublished>),
    Updated(Sorted<ByUpdated>),
}

impl Members {
    /// No articles yet.
    pub fn none(order: Order) -> Self {
        Self(match order {
            Order::Published => Inner::Published(Sorted::Few(Arc::default())),
            Order::Updated => Inner::Updated(Sorted::Few(Arc::default())),
        })
    }

    /// These articles with some gone and some more.
    pub(super) fn edited(&self, edits: &Edits) -> Self {
        Self(match &self.0 {
            Inner::Published(sorted) => Inner::Published(sorted.edited(edits)),
            Inner::Updated(sorted) => Inner::Updated(sorted.edited(edits)),
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Inner::Published(sorted) => sorted.len(),
            Inner::Updated(sorted) => sorted.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The newest first.
    pub fn newest(&self) -> Box<dyn Iterator<Item = &Arc<Article>> + '_> {
        match &self.0 {
            Inner::Published(sorted) => Box::new(sorted.iter().rev().map(|Ranked(article, _)| article)),
            Inner::Updated(sorted) => Box::new(sorted.iter().rev().map(|Ranked(article, _)| article)),
        }
    }

    /// The oldest first; undated ones are older than all others.
    pub fn oldest_first(&self) -> Box<dyn Iterator<Item = &Arc<Article>> + '_> {
        match &self.0 {
            Inner::Published(sorted) => Box::new(sorted.iter().map(|Ranked(article, _)| article)),
            Inner::Updated(sorted) => Box::new(sorted.iter().map(|Ranked(article, _)| article)),
        }
    }

    /// The oldest one; an undated one is older than all.
    pub fn oldest(&self) -> Option<&Arc<Article>> {
        match &self.0 {
            Inner::Published(sorted) => sorted.oldest(),
            Inner::Updated(sorted) => sorted.oldest(),
        }
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.newest().map(|article| &article.place)).finish()
    }
}
