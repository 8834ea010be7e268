//! The shelf: rendered documents, kept up to a size.
//!
//! A document belongs to the feed it was rendered from, so it is never
//! outdated; it may be forgotten, and rendering it again gives the same bytes.
//! The least recently asked for goes first.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::ArcSwapOption;

use crate::document::Document;

/// Told that a document begins to be rendered; what it gives is told the end.
/// The core has no clock, whoever hands this in may have one.
pub type Observed = Box<dyn Fn() -> Box<dyn FnOnce()> + Send + Sync>;

/// Keeps count of all rendered documents.
pub struct Shelf {
    /// Most bytes kept.
    most: usize,
    /// Bytes kept, roughly: encodings that were asked for later are counted at
    /// the next clearing.
    used: AtomicUsize,
    /// Counts questions, so that cells know when they were last asked.
    questions: AtomicU64,
    cells: Mutex<Vec<Weak<Cell>>>,
    observed: Observed,
}

impl Debug for Shelf {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shelf").field("most", &self.most).field("used", &self.used).finish_non_exhaustive()
    }
}

/// A place for one document.
#[derive(Debug)]
pub struct Cell {
    shelf: Arc<Shelf>,
    document: ArcSwapOption<Document>,
    /// Held while the document is made, so that it is made once however many
    /// ask.
    making: Mutex<()>,
    asked: AtomicU64,
    /// How often it was asked for, halved with every edition.
    asks: AtomicU32,
}

impl Shelf {
    /// A shelf for so many bytes.
    pub fn new(most: usize) -> Arc<Self> {
        Self::observed(most, Box::new(|| Box::new(|| ())))
    }

    /// A shelf for so many bytes, whose renderings somebody hears of.
    pub fn observed(most: usize, observed: Observed) -> Arc<Self> {
        let (used, questions, cells) = (AtomicUsize::new(0), AtomicU64::new(0), Mutex::default());
        Arc::new(Self { most, used, questions, cells, observed })
    }

    /// Bytes of documents kept, roughly.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    fn keep(self: &Arc<Self>, cell: &Arc<Cell>, weight: usize) {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.push(Arc::downgrade(cell));
        if self.used.fetch_add(weight, Ordering::Relaxed) + weight > self.most {
            self.clear(&mut cells, cell);
        }
    }

    /// Forgets documents until a quarter of the shelf is free, so that
    /// clearing is rare.
    fn clear(&self, cells: &mut Vec<Weak<Cell>>, newest: &Arc<Cell>) {
        let mut kept: Vec<(u64, Arc<Cell>)> =
            cells.iter().filter_map(Weak::upgrade).map(|cell| (cell.asked.load(Ordering::Relaxed), cell)).collect();
        kept.sort_unstable_by_key(|(asked, cell)| (*asked, Arc::as_ptr(cell)));
        kept.dedup_by(|(_, one), (_, other)| Arc::ptr_eq(one, other));
        let weight = |cell: &Cell| cell.document.load().as_ref().map_or(0, |document| document.weight());
        let mut used: usize = kept.iter().map(|(_, cell)| weight(cell)).sum();
        let target = self.most / 4 * 3;
        kept.retain(|(_, cell)| {
            if used <= target || Arc::ptr_eq(cell, newest) {
                return true;
            }
            used -= weight(cell);
            cell.document.store(None);
            false
        });
        *cells = kept.iter().map(|(_, cell)| Arc::downgrade(cell)).collect();
        self.used.store(used, Ordering::Relaxed);
    }
}

impl Cell {
    /// An empty place on the shelf; `asks` is how often its forerunner was
    /// asked for.
    pub fn new(shelf: &Arc<Shelf>, asks: u32) -> Arc<Self> {
        Arc::new(Self {
            shelf: Arc::clone(shelf),
            document: ArcSwapOption::empty(),
            making: Mutex::default(),
            asked: AtomicU64::new(0),
            asks: AtomicU32::new(asks),
        })
    }

    /// The document, made by `make` if it is not here.
    pub fn get(self: &Arc<Self>, make: impl FnOnce() -> Document) -> Arc<Document> {
        self.asked.store(self.shelf.questions.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        self.asks.fetch_add(1, Ordering::Relaxed);
        match &*self.document.load() {
            Some(document) => Arc::clone(document),
            None => self.fill(make),
        }
    }

    /// Makes the document if it is not here; nobody asked for it yet.
    pub fn fill(self: &Arc<Self>, make: impl FnOnce() -> Document) -> Arc<Document> {
        // A panic while rendering poisons the lock; what it guards is whole.
        let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = &*self.document.load() {
            return Arc::clone(document);
        }
        let done = (self.shelf.observed)();
        let document = Arc::new(make());
        done();
        self.document.store(Some(Arc::clone(&document)));
        drop(making);
        self.shelf.keep(self, document.weight());
        document
    }

    /// The document, if it is kept; nobody asks for it.
    pub fn kept(&self) -> Option<Arc<Document>> {
        self.document.load_full()
    }

    /// How often it was asked for of late.
    pub fn asks(&self) -> u32 {
        self.asks.load(Ordering::Relaxed)
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        let weight = self.document.load().as_ref().map_or(0, |document| document.weight());
        // The count may have been corrected downwards meanwhile.
        let _ = self
            .shelf
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| Some(used.saturating_sub(weight)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Keep, Newest};
    use crate::feed::UNDATED;

    fn document(size: usize) -> Document {
        Document::new("/", "text/plain", Keep::Page, Newest::At(UNDATED), vec![b'x'; size])
    }

    #[test]
    fn a_document_is_made_once_however_many_ask() {
        let shelf = Shelf::new(1 << 20);
        let cell = Cell::new(&shelf, 0);
        let made = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    cell.get(|| {
                        made.fetch_add(1, Ordering::Relaxed);
                        document(10)
                    })
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
        assert_eq!(cell.asks(), 16);
    }

    #[test]
    fn the_least_recently_asked_for_is_forgotten_first() {
        let shelf = Shelf::new(10_000);
        let cells: Vec<_> = (0..4).map(|_| Cell::new(&shelf, 0)).collect();
        for cell in &cells[..3] {
            cell.get(|| document(2_500));
        }
        cells[0].get(|| document(2_500));
        cells[3].get(|| document(2_500));
        let kept: Vec<bool> = cells.iter().map(|cell| cell.document.load().is_some()).collect();
        assert_eq!(kept, [true, false, false, true]);
        assert!(shelf.used() <= 10_000);
    }

    #[test]
    fn a_dropped_cell_frees_its_part_of_the_shelf() {
        let shelf = Shelf::new(10_000);
        let cell = Cell::new(&shelf, 0);
        cell.get(|| document(2_500));
        drop(cell);
        assert_eq!(shelf.used(), 0);
    }
}
