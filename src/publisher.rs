//! The publisher holds the current edition and replaces it.
//!
//! A single writer swaps in a complete edition; readers never wait and never see a partial one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;

use crate::edition::Edition;

/// The current edition, shared by all requests.
#[derive(Debug)]
pub(crate) struct Publisher {
    current: ArcSwap<Edition>,
    number: AtomicU64,
}

impl Publisher {
    /// Creates a publisher with a first edition.
    pub(crate) fn new(edition: Edition) -> Self {
        Self { current: ArcSwap::from_pointee(edition), number: AtomicU64::new(1) }
    }

    pub(crate) fn current(&self) -> Arc<Edition> {
        self.current.load_full()
    }

    pub(crate) fn publish(&self, edition: Edition) {
        self.current.store(Arc::new(edition));
        self.number.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of editions published so far.
    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }
}
