//! A least-recently-used cache of values that can be made again, limited by their total weight.
//!
//! The cache holds weak references and only asks values to free their content. A value may grow while it
//! is cached, so it reports its weight whenever that changes.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use crate::lock::lock;

/// A value whose content can be evicted, because it can be made again.
pub(super) trait Eviction {
    /// The time of the last request, in counts of `WeightedLru::questions`.
    fn asked(&self) -> &AtomicU64;
    /// The weight that the cache has recorded; 0 if the value is not in the cache.
    fn noted(&self) -> &AtomicUsize;
    /// Returns the current weight in bytes; 0 if there is nothing to evict.
    fn weight(&self) -> usize;
    fn forget(&self);
}

#[derive(Debug)]
pub(super) struct WeightedLru<T> {
    /// Maximum total weight, in bytes.
    most: usize,
    /// Current total weight, in bytes. Dropped values that did not call `gone` still count until the next
    /// eviction.
    used: AtomicUsize,
    /// Counts requests, as a clock for the time of the last request of each value.
    questions: AtomicU64,
    things: Mutex<Vec<Weak<T>>>,
}

impl<T: Eviction> WeightedLru<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, used: AtomicUsize::new(0), questions: AtomicU64::new(0), things: Mutex::default() }
    }

    pub(super) fn limit(&self) -> usize {
        self.most
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Records a request for a value.
    pub(super) fn ask(&self, thing: &T) {
        thing.asked().store(self.questions.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Records the new weight of a value that was made or has grown, and evicts others if necessary.
    pub(super) fn weigh(&self, thing: &Arc<T>) {
        let weight = thing.weight();
        let before = thing.noted().swap(weight, Ordering::Relaxed);
        if before == weight {
            return;
        }
        if before == 0 {
            lock(&self.things).push(Arc::downgrade(thing));
        }
        self.release(before);
        if self.used.fetch_add(weight, Ordering::Relaxed) + weight > self.most {
            self.clear(thing);
        }
    }

    /// Removes the weight of a value that is dropped.
    pub(super) fn gone(&self, thing: &T) {
        self.release(thing.noted().swap(0, Ordering::Relaxed));
    }

    fn release(&self, weight: usize) {
        // A concurrent eviction may already have lowered the count.
        let less = |used: usize| Some(used.saturating_sub(weight));
        let _ = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// Evicts values until a quarter of the cache is free, so that evictions are rare.
    fn clear(&self, newest: &Arc<T>) {
        let mut things = lock(&self.things);
        let asked = |thing: Arc<T>| (thing.asked().load(Ordering::Relaxed), thing);
        let mut kept: Vec<(u64, Arc<T>)> = things.iter().filter_map(Weak::upgrade).map(asked).collect();
        kept.sort_unstable_by_key(|(asked, thing)| (*asked, Arc::as_ptr(thing)));
        kept.dedup_by(|(_, one), (_, other)| Arc::ptr_eq(one, other));
        let mut used: usize = kept.iter().map(|(_, thing)| thing.noted().load(Ordering::Relaxed)).sum();
        let target = self.most / 4 * 3;
        kept.retain(|(_, thing)| {
            if used <= target || Arc::ptr_eq(thing, newest) {
                return true;
            }
            used -= thing.noted().swap(0, Ordering::Relaxed).min(used);
            thing.forget();
            false
        });
        *things = kept.iter().map(|(_, thing)| Arc::downgrade(thing)).collect();
        self.used.store(used, Ordering::Relaxed);
    }
}
