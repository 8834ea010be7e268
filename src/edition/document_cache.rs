//! The shelf: rendered documents, and the HTML they are made of, each kept up
//! to a size.
//!
//! Both belong to the feed they were made from, so they are never outdated;
//! they may be forgotten, and making them again gives the same bytes.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;

use crate::document::Document;
use crate::feed::Entry;
use weighted_lru::{Eviction, WeightedLru};

mod weighted_lru;

/// Told that a document begins to be rendered; what it gives is told the end.
/// The core has no clock, whoever hands this in may have one.
pub type Observed = Box<dyn Fn() -> Box<dyn FnOnce()> + Send + Sync>;

/// HTML kept where no document is, of whose entries the next one may need it.
const PASSING: usize = 64 * 1024 * 1024;

/// Keeps count of all that was rendered.
pub struct DocumentCache {
    documents: WeightedLru<Slot>,
    /// HTML of entries, which their documents in other formats and of other
    /// feeds need soon: a quarter as much of it.
    texts: WeightedLru<Entry>,
    observed: Observed,
}

impl Debug for DocumentCache {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shelf").field("used", &self.used()).finish_non_exhaustive()
    }
}

/// A place for one document.
#[derive(Debug)]
pub struct Slot {
    document_cache: Arc<DocumentCache>,
    document: ArcSwapOption<Document>,
    /// Held while the document is made, so that it is made once however many
    /// ask.
    making: Mutex<()>,
    asked: AtomicU64,
    noted: AtomicUsize,
    /// How often it was asked for, halved with every edition.
    asks: AtomicU32,
}

impl DocumentCache {
    /// A shelf for so many bytes of documents.
    pub fn new(most: usize) -> Arc<Self> {
        Self::observed(most, Box::new(|| Box::new(|| ())))
    }

    /// A shelf for so many bytes of documents, whose renderings somebody hears
    /// of.
    pub fn observed(most: usize, observed: Observed) -> Arc<Self> {
        Arc::new(Self { documents: WeightedLru::new(most), texts: WeightedLru::new(most / 4), observed })
    }

    /// A shelf for who asks once for every document.
    pub fn passing() -> Arc<Self> {
        let observed: Observed = Box::new(|| Box::new(|| ()));
        Arc::new(Self { documents: WeightedLru::new(0), texts: WeightedLru::new(PASSING), observed })
    }

    /// Bytes of documents kept.
    pub fn used(&self) -> usize {
        self.documents.used()
    }

    /// These entries were rendered.
    pub(super) fn rendered(&self, entries: &[Arc<Entry>]) {
        for entry in entries {
            self.texts.ask(entry);
            self.texts.weigh(entry);
        }
    }
}

impl Slot {
    /// An empty place on the shelf; `asks` is how often its forerunner was
    /// asked for.
    pub fn new(document_cache: &Arc<DocumentCache>, asks: u32) -> Arc<Self> {
        Arc::new(Self {
            document_cache: Arc::clone(document_cache),
            document: ArcSwapOption::empty(),
            making: Mutex::default(),
            asked: AtomicU64::new(0),
            noted: AtomicUsize::new(0),
            asks: AtomicU32::new(asks),
        })
    }

    /// The document, made by `make` if it is not here.
    pub fn get(self: &Arc<Self>, make: impl FnOnce() -> Document) -> Arc<Document> {
        self.document_cache.documents.ask(self);
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
        let done = (self.document_cache.observed)();
        let cell = Arc::downgrade(self);
        let document = Arc::new(make().watched(move || {
            // Somebody may hold a document that was forgotten long ago: its
            // cell then holds another one, or none, which is weighed in vain.
            if let Some(cell) = cell.upgrade() {
                cell.document_cache.documents.weigh(&cell);
            }
        }));
        done();
        self.document.store(Some(Arc::clone(&document)));
        drop(making);
        self.document_cache.documents.weigh(self);
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

impl Eviction for Slot {
    fn asked(&self) -> &AtomicU64 {
        &self.asked
    }

    fn noted(&self) -> &AtomicUsize {
        &self.noted
    }

    fn weight(&self) -> usize {
        self.document.load().as_ref().map_or(0, |document| document.weight())
    }

    fn forget(&self) {
        self.document.store(None);
    }
}

impl Eviction for Entry {
    fn asked(&self) -> &AtomicU64 {
        &self.body.html.asked
    }

    fn noted(&self) -> &AtomicUsize {
        &self.body.html.noted
    }

    fn weight(&self) -> usize {
        self.body.html.weight()
    }

    fn forget(&self) {
        self.body.html.forget();
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.document_cache.documents.gone(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Encoding;
    use crate::document::{Keep, Newest};
    use crate::feed::UNDATED;
    use crate::render::{self, sample};

    fn document(size: usize) -> Document {
        Document::new("/", "text/plain", Keep::Page, Newest::At(UNDATED), vec![b'x'; size])
    }

    #[test]
    fn a_document_is_made_once_however_many_ask() {
        let document_cache = DocumentCache::new(1 << 20);
        let cell = Slot::new(&document_cache, 0);
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
        let document_cache = DocumentCache::new(10_000);
        let cells: Vec<_> = (0..4).map(|_| Slot::new(&document_cache, 0)).collect();
        for cell in &cells[..3] {
            cell.get(|| document(2_500));
        }
        cells[0].get(|| document(2_500));
        cells[3].get(|| document(2_500));
        let kept: Vec<bool> = cells.iter().map(|cell| cell.document.load().is_some()).collect();
        assert_eq!(kept, [true, false, false, true]);
        assert!(document_cache.used() <= 10_000);
    }

    #[test]
    fn a_dropped_cell_frees_its_part_of_the_shelf() {
        let document_cache = DocumentCache::new(10_000);
        let cell = Slot::new(&document_cache, 0);
        cell.get(|| document(2_500));
        drop(cell);
        assert_eq!(document_cache.used(), 0);
    }

    #[test]
    fn a_document_that_is_compressed_weighs_more_and_others_give_way() {
        let document_cache = DocumentCache::new(10_000);
        let cells: Vec<_> = (0..3).map(|_| Slot::new(&document_cache, 0)).collect();
        let random: Vec<u8> =
            (0..3_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).step_by(4).collect();
        let make = || Document::new("/", "text/plain", Keep::Page, Newest::At(UNDATED), random.clone());
        let documents: Vec<_> = cells.iter().map(|cell| cell.get(make)).collect();
        assert_eq!(document_cache.used(), 3 * (3_000 + 256));
        documents[2].bytes(Encoding::Gzip);
        let kept: usize = cells.iter().filter_map(|cell| cell.kept()).map(|document| document.weight()).sum();
        assert_eq!(document_cache.used(), kept);
        assert!(kept <= 10_000, "{kept}");
        assert!(cells[0].kept().is_none() && cells[2].kept().is_some());
        // One that was forgotten counts for nothing, whoever holds it.
        documents[0].bytes(Encoding::Brotli);
        assert_eq!(document_cache.used(), kept);
    }

    fn entry(number: usize, source: &str) -> Arc<Entry> {
        let mut entry = sample::bare(number, "");
        entry.body.source = source.into();
        Arc::new(entry)
    }

    #[test]
    fn the_html_of_entries_is_forgotten_and_comes_out_the_same() {
        let entries: Vec<Arc<Entry>> =
            (0..8).map(|number| entry(number, &format!("<p>{}</p>", "word ".repeat(400)))).collect();
        let before: Vec<Arc<str>> = entries.iter().map(|entry| render::html(entry)).collect();
        let document_cache = DocumentCache::new(32_000);
        for entry in &entries {
            document_cache.rendered(std::slice::from_ref(entry));
        }
        let kept = || entries.iter().map(|entry| entry.body.html.weight()).sum::<usize>();
        assert!(kept() <= 8_000 && kept() > 0, "{}", kept());
        assert_eq!(entries[0].body.html.weight(), 0, "the first was asked for longest ago");
        assert_eq!(entries.iter().map(|entry| render::html(entry)).collect::<Vec<_>>(), before);
        assert_eq!(document_cache.used(), 0, "documents have their own part");
    }
}
