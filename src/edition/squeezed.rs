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
pub(super) struct Squeezed {
    /// So that most requests look no further.
    any: AtomicBool,
    paths: Mutex<Vec<Arc<str>>>,
}

impl Squeezed {
    fn add(&self, path: &Arc<str>) {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(path));
        self.any.store(true, Ordering::Release);
    }
}

impl Edition {
    /// The feeds that were found over their budget since this was last asked,
    /// as paths below the base. A feed that an earlier edition had over its
    /// budget is not news.
    pub fn newly_squeezed(&self) -> Vec<Arc<str>> {
        if !self.squeezed.any.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        std::mem::take(&mut *self.squeezed.paths.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn fitted<'a>(&self, published: &'a Published) -> &'a Feed {
        published.fitted.get_or_init(|| {
            let fitted = render::fit(&published.feed);
            if published.squeezes(&fitted) && !published.was_squeezed {
                self.squeezed.add(&published.path);
            }
            fitted
        })
    }
}

impl Published {
    /// Whether it, or what it came from, is known to be over its budget.
    pub(super) fn is_squeezed(&self) -> bool {
        self.fitted.get().map_or(self.was_squeezed, |fitted| self.squeezes(fitted))
    }

    fn squeezes(&self, fitted: &Feed) -> bool {
        fitted.bodies < self.feed.bodies.min(self.feed.entries.len()) || fitted.entries.len() < self.feed.entries.len()
    }
}
