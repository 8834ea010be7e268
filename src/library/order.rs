//! The sorted articles of a feed, shared between one library and the next.
//!
//! A large group is a persistent tree, and the next library shares all but one path of it. A small group is
//! a sorted slice, because a tree needs at least half a kilobyte and most tags have a single article.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use imbl::OrdSet;

use crate::article::Article;
use crate::site::FeedOrder;

/// Up to this number of members, a sorted slice is smaller than a tree and as fast.
const FEW: usize = 64;

/// The instants by which articles are sorted.
pub(super) trait Rank {
    fn instants(article: &Article) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>);
}

/// By publication, then by the last edit.
#[derive(Clone)]
pub(super) enum ByPublished {}

/// By the last edit, then by publication.
#[derive(Clone)]
pub(super) enum ByUpdated {}

impl Rank for ByPublished {
    fn instants(article: &Article) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (article.dated(), article.updated)
    }
}

impl Rank for ByUpdated {
    fn instants(article: &Article) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (article.updated.or(article.dated()), article.dated())
    }
}

/// An article in a sorted group. Two are equal if their instants and paths are.
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
        // Rebuilding is cheaper if a large part changes.
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

/// The articles that leave and join a group.
#[derive(Default)]
pub(super) struct Edits {
    /// In their previous state, as in the group.
    pub remove: Vec<Arc<Article>>,
    /// In their new state.
    pub add: Vec<Arc<Article>>,
}

/// The articles of one feed, sorted.
#[derive(Clone)]
pub struct Members(SortedMembers);

#[derive(Clone)]
enum SortedMembers {
    Published(Sorted<ByPublished>),
    Updated(Sorted<ByUpdated>),
}

impl Members {
    /// Creates an empty group.
    pub(crate) fn none(order: FeedOrder) -> Self {
        Self(match order {
            FeedOrder::Published => SortedMembers::Published(Sorted::Few(Arc::default())),
            FeedOrder::Updated => SortedMembers::Updated(Sorted::Few(Arc::default())),
        })
    }

    /// Returns the group with some articles removed and others added.
    pub(super) fn edited(&self, edits: &Edits) -> Self {
        Self(match &self.0 {
            SortedMembers::Published(sorted) => SortedMembers::Published(sorted.edited(edits)),
            SortedMembers::Updated(sorted) => SortedMembers::Updated(sorted.edited(edits)),
        })
    }

    /// Returns the number of articles.
    pub fn len(&self) -> usize {
        match &self.0 {
            SortedMembers::Published(sorted) => sorted.len(),
            SortedMembers::Updated(sorted) => sorted.len(),
        }
    }

    /// Returns whether there are no articles.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the articles, newest first.
    pub fn newest(&self) -> Box<dyn Iterator<Item = &Arc<Article>> + '_> {
        match &self.0 {
            SortedMembers::Published(sorted) => Box::new(sorted.iter().rev().map(|Ranked(article, _)| article)),
            SortedMembers::Updated(sorted) => Box::new(sorted.iter().rev().map(|Ranked(article, _)| article)),
        }
    }

    /// Returns the articles, oldest first. Undated articles count as older than all others.
    pub(crate) fn oldest_first(&self) -> Box<dyn Iterator<Item = &Arc<Article>> + '_> {
        match &self.0 {
            SortedMembers::Published(sorted) => Box::new(sorted.iter().map(|Ranked(article, _)| article)),
            SortedMembers::Updated(sorted) => Box::new(sorted.iter().map(|Ranked(article, _)| article)),
        }
    }

    /// Returns the oldest article. An undated article counts as older than all others.
    pub(crate) fn oldest(&self) -> Option<&Arc<Article>> {
        match &self.0 {
            SortedMembers::Published(sorted) => sorted.oldest(),
            SortedMembers::Updated(sorted) => sorted.oldest(),
        }
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.newest().map(|article| &article.place)).finish()
    }
}
