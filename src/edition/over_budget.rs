//! Feeds over their budget of bytes, each to be told of once.
//!
//! That a feed is over its budget is only known when a document of it is first
//! made, whoever asked for it. Knows paths; does not know who tells of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Edition, Published};
use crate::feed::Feed;
use crate::render;

/// Paths of feeds that nobody has been told of.
#[derive(Debug, Default)]
pub(super) struct OverBudget {
    /// So that most requests look no further.
    any: AtomicBool,
    paths: Mutex<Vec<Arc<str>>>,
}

impl OverBudget {
    fn add(&self, path: &Arc<str>) {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(path));
        self.any.store(true, Ordering::Release);
    }
}

impl Edition {
    /// The feeds that were found over their budget since this was last asked,
    /// as paths below the base. A feed that an earlier edition had over its
    /// budget is not news.
    pub fn newly_over_budget(&self) -> Vec<Arc<str>> {
        if !self.over_budget.any.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        std::mem::take(&mut *self.over_budget.paths.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn fitted<'a>(&self, published: &'a Published) -> &'a Feed {
        published.fitted.get_or_init(|| {
            let fitted = render::fit(&published.feed);
            if published.exceeds_budget(&fitted) && !published.was_over_budget {
                self.over_budget.add(&published.path);
            }
            fitted
        })
    }
}

impl Published {
    /// Whether it, or what it came from, is known to be over its budget.
    pub(super) fn is_over_budget(&self) -> bool {
        self.fitted.get().map_or(self.was_over_budget, |fitted| self.exceeds_budget(fitted))
    }

    fn exceeds_budget(&self, fitted: &Feed) -> bool {
        fitted.bodies < self.feed.bodies.min(self.feed.entries.len()) || fitted.entries.len() < self.feed.entries.len()
    }
}
