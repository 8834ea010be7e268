//! Renders article pages and opens media files, from the current content of their files.
//!
//! The server calls this module for URLs that the edition maps to an article or a media file. The
//! result is `None` if the file is no longer what the library knows.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, Metadata};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::{self, Article, ArticleBody, Outcome, Source};
use crate::content_path::ContentPath;
use crate::disk::{ArticleBytes, ContentFiles, ScanConfig};
use crate::document::Document;
use crate::edition::Edition;
use crate::library::Visibility;
use crate::lock::lock;
use crate::server::{Lane, NeedsPermit, Opened, Pool};

mod tags;

pub(super) use tags::LONG;
use tags::MediaTags;

/// Most media files whose visibility is cached.
const MOST_ANSWERS: usize = 10_000;

/// The current locations of articles and media files. The updater replaces them.
#[derive(Debug)]
pub(super) struct SharedFiles(ArcSwap<ContentFiles>);

impl SharedFiles {
    pub(super) fn new(files: ContentFiles) -> Self {
        Self(ArcSwap::from_pointee(files))
    }

    pub(super) fn current(&self) -> Arc<ContentFiles> {
        self.0.load_full()
    }

    pub(super) fn replace(&self, files: ContentFiles) {
        self.0.store(Arc::new(files));
    }
}

/// Renders article pages and opens media files, with caches.
#[derive(Debug)]
pub(super) struct Pages {
    files: Arc<SharedFiles>,
    kept: Mutex<PageCache>,
    tags: Arc<MediaTags>,
    /// Whether a media file is public, and for which edition that is known. The key is the path below
    /// `/media/`.
    public: Mutex<HashMap<Box<str>, (u64, bool)>>,
}

#[derive(Debug)]
struct PageCache {
    /// Most bytes of pages.
    most: usize,
    pages: HashMap<ContentPath, CachedPage>,
    questions: u64,
}

/// A rendered page, valid for one content of its file and for one edition.
#[derive(Debug)]
struct CachedPage {
    digest: u64,
    serial: u64,
    document: Arc<Document>,
    asked: u64,
}

impl Pages {
    /// `most` limits the bytes of cached pages; `tagging` computes ETags.
    pub(super) fn new(files: Arc<SharedFiles>, most: usize, tagging: Pool) -> Self {
        let kept = PageCache { most, pages: HashMap::new(), questions: 0 };
        Self { files, kept: Mutex::new(kept), tags: Arc::new(MediaTags::new(tagging)), public: Mutex::default() }
    }

    /// The page of an article, if its file still contains that article.
    pub(super) fn article(
        &self,
        edition: &Edition,
        place: &ContentPath,
        lane: Lane,
    ) -> Result<Option<Arc<Document>>, NeedsPermit> {
        let files = self.files.0.load();
        if lane == Lane::Short && files.needs_permit(place) {
            return Err(NeedsPermit);
        }
        Ok(self.current_page(edition, &files, place))
    }

    fn current_page(&self, edition: &Edition, files: &ContentFiles, place: &ContentPath) -> Option<Arc<Document>> {
        let bytes = files.article(place).ok()?;
        let digest = xxh3_64(&bytes);
        if let Some(document) = self.kept().get(place, digest, edition.serial()) {
            return Some(document);
        }
        let document = Arc::new(page(edition, files.scan_config(), place, bytes)?);
        self.kept().keep(
            place.clone(),
            CachedPage { digest, serial: edition.serial(), document: Arc::clone(&document), asked: 0 },
        );
        Some(document)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, PageCache> {
        // The cache is consistent after every statement, so a poisoned lock is harmless.
        lock(&self.kept)
    }

    /// Opens the media file at a path below `/media/`, with its ETag.
    pub(super) fn media(&self, edition: &Edition, key: &str, lane: Lane) -> Result<Option<Opened>, NeedsPermit> {
        Ok(self.is_public(edition, key, lane)?.then(|| self.public_file(edition, key)).flatten())
    }

    fn public_file(&self, edition: &Edition, key: &str) -> Option<Opened> {
        let OpenMedia { file, metadata, media_type, path } = open_media(edition, &self.files.0.load(), key)?;
        let tag = self.tags.of(path, &file, &metadata);
        Some(Opened { file, length: metadata.len(), media_type, tag })
    }

    /// Whether a media file is public. The result is cached per edition, because articles may have to
    /// be read for it.
    fn is_public(&self, edition: &Edition, key: &str, lane: Lane) -> Result<bool, NeedsPermit> {
        let cached = || lock(&self.public);
        let known = { cached().get(key).filter(|(serial, _)| *serial == edition.serial()).map(|(_, public)| *public) };
        if let Some(public) = known {
            return Ok(public);
        }
        let files = self.files.0.load();
        let public = match edition.library().visibility(key) {
            Visibility::Public => true,
            Visibility::Private => false,
            Visibility::IfReferredBy(places) => {
                if lane == Lane::Short && places.iter().any(|place| files.needs_permit(place)) {
                    return Err(NeedsPermit);
                }
                places.iter().any(|place| media_of(edition, &files, place).contains(key))
            }
        };
        let mut known = cached();
        if known.len() >= MOST_ANSWERS {
            known.clear();
        }
        known.insert(key.into(), (edition.serial(), public));
        Ok(public)
    }
}

/// Renders the page of an article from the bytes of its file. `None` if they are no longer the
/// article that the edition knows.
pub(super) fn page(
    edition: &Edition,
    scan_config: &ScanConfig,
    place: &ContentPath,
    bytes: ArticleBytes,
) -> Option<Document> {
    page_and_body(edition, scan_config, place, bytes).map(|(document, _)| document)
}

/// Like [`page`], with the text that the page was rendered from.
pub(super) fn page_and_body(
    edition: &Edition,
    scan_config: &ScanConfig,
    place: &ContentPath,
    bytes: ArticleBytes,
) -> Option<(Document, ArticleBody)> {
    let (article, detail) = read(edition, scan_config, place, &bytes)?;
    let _permit = bytes.into_permit();
    Some((edition.article_page(&article, &detail), detail))
}

/// Parses an article from the bytes of its file. `None` if it is not published.
fn read(
    edition: &Edition,
    scan_config: &ScanConfig,
    place: &ContentPath,
    bytes: &[u8],
) -> Option<(Arc<Article>, ArticleBody)> {
    let known = edition.library().published(place.as_str())?;
    let read = article::read(&Source { place, bytes, modified: known.published }, &scan_config.options);
    let (Outcome::Article(article), Some(detail)) = (read.skimmed.outcome, read.detail) else {
        return None;
    };
    let article = Article::at_second(&article, known.second.unwrap_or(0));
    // With another id or date it is another article, until the next scan finds it.
    (article.id == known.id && article.published == known.published).then_some((article, detail))
}

#[derive(Debug)]
pub(super) struct OpenMedia {
    pub(super) file: File,
    pub(super) metadata: Metadata,
    pub(super) media_type: &'static str,
    path: PathBuf,
}

/// Returns all public media files by their paths below `/media/`. Reads the articles that no feed shows,
/// because they may refer to media files.
pub(super) fn public_media(edition: &Edition, files: &ContentFiles) -> BTreeSet<Arc<str>> {
    let library = edition.library();
    let mut public = BTreeSet::new();
    let mut unread: BTreeSet<ContentPath> = BTreeSet::new();
    for path in library.media_paths() {
        match library.visibility(path) {
            Visibility::Public => drop(public.insert(Arc::clone(path))),
            Visibility::IfReferredBy(places) => unread.extend(places),
            Visibility::Private => {}
        }
    }
    public.par_extend(unread.par_iter().flat_map_iter(|place| media_of(edition, files, place)));
    public
}

/// The media files that a published article refers to, according to the current content of its file.
fn media_of(edition: &Edition, files: &ContentFiles, place: &ContentPath) -> BTreeSet<Arc<str>> {
    let read = || {
        let (_, detail) = read(edition, files.scan_config(), place, &files.article(place).ok()?)?;
        Some(edition.library().media_of(place, &detail))
    };
    read().unwrap_or_default()
}

/// Opens the media file at a path below `/media/`. `None` if the path leads out of the content directory
/// and the image roots, or if the file is of another type.
pub(super) fn open_media(edition: &Edition, files: &ContentFiles, key: &str) -> Option<OpenMedia> {
    let path = edition.library().media(key)?.file.clone();
    let (file, metadata, media_type) = files.media(&path)?;
    Some(OpenMedia { file, metadata, media_type, path })
}

impl PageCache {
    fn get(&mut self, place: &ContentPath, digest: u64, serial: u64) -> Option<Arc<Document>> {
        self.questions += 1;
        let page = self.pages.get_mut(place).filter(|page| page.digest == digest && page.serial == serial)?;
        page.asked = self.questions;
        Some(Arc::clone(&page.document))
    }

    fn keep(&mut self, place: ContentPath, mut page: CachedPage) {
        // A larger one would evict most others.
        if page.document.weight() > self.most / 2 {
            return;
        }
        page.asked = self.questions;
        self.pages.insert(place, page);
        // The sum is computed each time, because cached pages grow when they are compressed.
        if self.pages.values().map(|page| page.document.weight()).sum::<usize>() <= self.most {
            return;
        }
        // Removing half of the pages, those requested least recently, makes this rare.
        let mut asked: Vec<u64> = self.pages.values().map(|page| page.asked).collect();
        asked.sort_unstable();
        let median = asked.get(asked.len() / 2).copied().unwrap_or(0);
        self.pages.retain(|_, page| page.asked > median);
    }
}
