//! Finds feeds that exceed their byte budget, so that each is reported once.
//!
//! Whether a feed exceeds its budget is known only after its first document was rendered, for whichever
//! request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::{Edition, Published};
use crate::feed::Feed;
use crate::key::FeedKey;
use crate::lock::lock;
use crate::render;

/// Paths of feeds that were not reported yet.
#[derive(Debug, Default)]
pub(super) struct OverBudget {
    /// Lets most calls return without taking the lock.
    any: AtomicBool,
    paths: Mutex<Vec<Arc<str>>>,
}

impl OverBudget {
    fn add(&self, path: &Arc<str>) {
        lock(&self.paths).push(Arc::clone(path));
        self.any.store(true, Ordering::Release);
    }
}

impl Edition {
    /// Returns the feeds that were found to exceed their budget since the last call, as paths below the
    /// base URL. A feed that already did in an earlier edition is not included.
    pub(crate) fn newly_over_budget(&self) -> Vec<Arc<str>> {
        if !self.over_budget.any.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        std::mem::take(&mut *lock(&self.over_budget.paths))
    }

    /// Returns how many entries the byte budget of a feed leaves out.
    pub(crate) fn left_out(&self, key: &FeedKey) -> usize {
        self.feeds.get(key).map_or(0, |published| {
            let wanted = published.feed.count.min(self.library.rules().wanted(key));
            wanted - self.fitted(published).entries.len().min(wanted)
        })
    }

    pub(super) fn fitted<'a>(&self, published: &'a Published) -> &'a Feed {
        let fitted = published.fitted.get_or_init(|| {
            let fitted = render::fit(&published.feed);
            if fitted.is_some() && !published.was_over_budget {
                self.over_budget.add(&published.path);
            }
            fitted
        });
        fitted.as_ref().unwrap_or(&published.feed)
    }
}

impl Published {
    /// Returns whether the feed, or its predecessor, is known to exceed its budget.
    pub(super) fn is_over_budget(&self) -> bool {
        self.fitted.get().map_or(self.was_over_budget, Option::is_some)
    }
}
