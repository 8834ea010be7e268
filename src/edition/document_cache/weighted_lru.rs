//! A row of things that can be made again, kept up to a size.
//!
//! The least recently asked for goes first. Knows what each weighs at every
//! moment, since a thing may grow while it is kept; does not know what it is.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// What can be forgotten, since it can be made again.
pub(super) trait Eviction {
    /// When it was last asked for, by the count of all questions.
    fn asked(&self) -> &AtomicU64;
    /// What the row counts for it; nothing while it is not in the row.
    fn noted(&self) -> &AtomicUsize;
    /// What it is in bytes now; nothing when there is nothing to forget.
    fn weight(&self) -> usize;
    fn forget(&self);
}

/// Things of one kind.
#[derive(Debug)]
pub(super) struct WeightedLru<T> {
    /// Most bytes kept.
    most: usize,
    /// Bytes kept. Of things that are gone altogether too, until the next
    /// clearing, where they do not say so.
    used: AtomicUsize,
    /// Counts questions, so that things know when they were last asked for.
    questions: AtomicU64,
    things: Mutex<Vec<Weak<T>>>,
}

impl<T: Eviction> WeightedLru<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, used: AtomicUsize::new(0), questions: AtomicU64::new(0), things: Mutex::default() }
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Somebody asks for it.
    pub(super) fn ask(&self, thing: &T) {
        thing.asked().store(self.questions.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// It was made, or has grown.
    pub(super) fn weigh(&self, thing: &Arc<T>) {
        let weight = thing.weight();
        let before = thing.noted().swap(weight, Ordering::Relaxed);
        if before == weight {
            return;
        }
        if before == 0 {
            self.things.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(thing));
        }
        self.release(before);
        if self.used.fetch_add(weight, Ordering::Relaxed) + weight > self.most {
            self.clear(thing);
        }
    }

    /// It is gone altogether.
    pub(super) fn gone(&self, thing: &T) {
        self.release(thing.noted().swap(0, Ordering::Relaxed));
    }

    fn release(&self, weight: usize) {
        // A clearing may have corrected the count downwards meanwhile.
        let less = |used: usize| Some(used.saturating_sub(weight));
        let _ = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// Forgets things until a quarter of the row is free, so that clearing is
    /// rare.
    fn clear(&self, newest: &Arc<T>) {
        let mut things = self.things.lock().unwrap_or_else(PoisonError::into_inner);
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
