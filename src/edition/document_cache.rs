//! Caches rendered documents and the HTML of entries, each up to a size limit.
//!
//! Both belong to the feed that they were rendered from, so they are never out of date. They may be evicted
//! at any time; rendering again gives the same bytes.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwapOption;

use crate::document::Document;
use crate::feed::Entry;
use crate::lock::lock;
use weighted_lru::{Eviction, WeightedLru};

mod weighted_lru;

/// Called when rendering begins; the function that it returns is called at the end. This lets a caller
/// measure the time, because the core reads no clock.
pub(crate) type Observed = Box<dyn Fn() -> Box<dyn FnOnce()> + Send + Sync>;

/// The cache of rendered documents and of the HTML of entries.
pub struct DocumentCache {
    documents: WeightedLru<Slot>,
    /// HTML of entries, which documents in other formats and of other feeds need soon. It may take a
    /// quarter of the size of the documents.
    texts: WeightedLru<Entry>,
    observed: Observed,
}

impl Debug for DocumentCache {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DocumentCache").field("used", &self.used()).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(crate) struct Slot {
    document_cache: Arc<DocumentCache>,
    document: ArcSwapOption<Document>,
    /// Held while the document is rendered, so that concurrent requests render it once.
    making: Mutex<()>,
    asked: AtomicU64,
    noted: AtomicUsize,
    /// Number of requests, halved with every edition.
    asks: AtomicU32,
}

impl DocumentCache {
    /// Creates a cache for up to `most` bytes of documents.
    pub fn new(most: usize) -> Arc<Self> {
        Self::observed(most, Box::new(|| Box::new(|| ())))
    }

    /// Creates a cache for up to `most` bytes of documents that reports every rendering to `observed`.
    pub(crate) fn observed(most: usize, observed: Observed) -> Arc<Self> {
        Arc::new(Self { documents: WeightedLru::new(most), texts: WeightedLru::new(most / 4), observed })
    }

    /// Creates a cache for callers that request every document once, for example `build`. It keeps up to
    /// `most` bytes of the HTML of entries, because the next document may need the same entries.
    pub(crate) fn passing(most: usize) -> Arc<Self> {
        let observed: Observed = Box::new(|| Box::new(|| ()));
        Arc::new(Self { documents: WeightedLru::new(0), texts: WeightedLru::new(most), observed })
    }

    /// Returns the size of the cached documents, in bytes.
    pub(crate) fn used(&self) -> usize {
        self.documents.used()
    }

    /// Returns the maximum size of the cached documents, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.documents.limit()
    }

    /// Records that these entries were rendered.
    pub(super) fn rendered(&self, entries: &[Arc<Entry>]) {
        for entry in entries {
            self.texts.ask(entry);
            self.texts.weigh(entry);
        }
    }
}

impl Slot {
    /// Creates an empty slot. `asks` is the number of requests taken over from its predecessor.
    pub(crate) fn new(document_cache: &Arc<DocumentCache>, asks: u32) -> Arc<Self> {
        Arc::new(Self {
            document_cache: Arc::clone(document_cache),
            document: ArcSwapOption::empty(),
            making: Mutex::default(),
            asked: AtomicU64::new(0),
            noted: AtomicUsize::new(0),
            asks: AtomicU32::new(asks),
        })
    }

    /// Returns the document, rendering it with `make` if it is not cached.
    pub(crate) fn get(self: &Arc<Self>, make: impl FnOnce() -> Document) -> Arc<Document> {
        self.count();
        match &*self.document.load() {
            Some(document) => Arc::clone(document),
            None => self.fill(make),
        }
    }

    /// Returns the document if it is cached, and counts the request in that case.
    pub(crate) fn get_kept(self: &Arc<Self>) -> Option<Arc<Document>> {
        let document = self.kept()?;
        self.count();
        Some(document)
    }

    fn count(self: &Arc<Self>) {
        self.document_cache.documents.ask(self);
        self.asks.fetch_add(1, Ordering::Relaxed);
    }

    /// Renders the document if it is not cached, without counting a request.
    pub(crate) fn fill(self: &Arc<Self>, make: impl FnOnce() -> Document) -> Arc<Document> {
        // A panic while rendering poisons the lock, but the guarded state is still valid.
        let making = lock(&self.making);
        if let Some(document) = &*self.document.load() {
            return Arc::clone(document);
        }
        let done = (self.document_cache.observed)();
        let cell = Arc::downgrade(self);
        let document = Arc::new(make().watched(move || {
            // A caller may hold a document that was evicted long ago. Its slot then has another document or
            // none, and weighing it again does no harm.
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

    /// Returns the document if it is cached, without counting a request.
    pub(crate) fn kept(&self) -> Option<Arc<Document>> {
        self.document.load_full()
    }

    /// Returns the number of recent requests.
    pub(crate) fn asks(&self) -> u32 {
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
    use crate::article::body::{BodyText, Markup};
    use crate::document::Encoding;
    use crate::document::{DocumentType, Newest};
    use crate::feed::UNDATED;
    use crate::render::{self, sample};

    fn document(size: usize) -> Document {
        Document::new("/", "text/plain", DocumentType::Page, Newest::At(UNDATED), vec![b'x'; size])
    }

    #[test]
    fn concurrent_requests_render_a_document_once() {
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
    fn the_least_recently_used_document_is_evicted_first() {
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
    fn a_dropped_slot_frees_its_part_of_the_cache() {
        let document_cache = DocumentCache::new(10_000);
        let cell = Slot::new(&document_cache, 0);
        cell.get(|| document(2_500));
        drop(cell);
        assert_eq!(document_cache.used(), 0);
    }

    #[test]
    fn a_compressed_document_weighs_more_and_evicts_others() {
        let document_cache = DocumentCache::new(10_000);
        let cells: Vec<_> = (0..3).map(|_| Slot::new(&document_cache, 0)).collect();
        let random: Vec<u8> =
            (0..3_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).step_by(4).collect();
        let make = || Document::new("/", "text/plain", DocumentType::Page, Newest::At(UNDATED), random.clone());
        let documents: Vec<_> = cells.iter().map(|cell| cell.get(make)).collect();
        assert_eq!(document_cache.used(), 3 * (3_000 + 256));
        documents[2].bytes(Encoding::Gzip);
        let kept: usize = cells.iter().filter_map(|cell| cell.kept()).map(|document| document.weight()).sum();
        assert_eq!(document_cache.used(), kept);
        assert!(kept <= 10_000, "{kept}");
        assert!(cells[0].kept().is_none() && cells[2].kept().is_some());
        // An evicted document no longer counts, even if a caller holds it.
        documents[0].bytes(Encoding::Brotli);
        assert_eq!(document_cache.used(), kept);
    }

    fn entry(number: usize, source: &str) -> Arc<Entry> {
        let mut entry = sample::bare(number, "");
        entry.body.source = BodyText::new(source, Markup::HTML);
        Arc::new(entry)
    }

    #[test]
    fn the_html_of_entries_is_evicted_and_rendered_identically() {
        let entries: Vec<Arc<Entry>> =
            (0..8).map(|number| entry(number, &format!("<p>{}</p>", "word ".repeat(400)))).collect();
        let before: Vec<Arc<str>> = entries.iter().map(|entry| render::html(entry)).collect();
        let document_cache = DocumentCache::new(32_000);
        for entry in &entries {
            document_cache.rendered(std::slice::from_ref(entry));
        }
        let kept = || entries.iter().map(|entry| entry.body.html.weight()).sum::<usize>();
        assert!(kept() <= 8_000 && kept() > 0, "{}", kept());
        assert_eq!(entries[0].body.html.weight(), 0, "the least recently used entry must be evicted");
        assert_eq!(entries.iter().map(|entry| render::html(entry)).collect::<Vec<_>>(), before);
        assert_eq!(document_cache.used(), 0, "entries must not use the space of documents");
    }
}
