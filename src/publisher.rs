//! The publisher: the current edition, and its replacement.
//!
//! One writer swaps a whole edition in; readers never wait and never see half
//! of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;

use crate::edition::Edition;

/// Holds the current edition.
#[derive(Debug)]
pub struct Publisher {
    current: ArcSwap<Edition>,
    number: AtomicU64,
}

impl Publisher {
    /// A publisher of a first edition.
    pub fn new(edition: Edition) -> Self {
        Self { current: ArcSwap::from_pointee(edition), number: AtomicU64::new(1) }
    }

    /// The current edition.
    pub fn current(&self) -> Arc<Edition> {
        self.current.load_full()
    }

    /// Swaps the next edition in.
    pub fn publish(&self, edition: Edition) {
        self.current.store(Arc::new(edition));
        self.number.fetch_add(1, Ordering::Relaxed);
    }

    /// How many editions were published.
    pub fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }
}
