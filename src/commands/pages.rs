//! Article pages and images, from their files as they are now.
//!
//! The server asks by place or by path; what it gets is what the library knows
//! and the disk still has, else nothing.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::{self, Article, Detail, Outcome, Place, Source};
use crate::disk::{self, ContentFiles, Ground};
use crate::document::Document;
use crate::edition::Edition;
use crate::library::Visibility;
use crate::server::{Opened, Pool};

mod tags;

pub(super) use tags::LONG;
use tags::Tags;

/// Images of which it is kept whether they are public.
const MOST_ANSWERS: usize = 10_000;

/// Where articles and images are at this moment; the keeper replaces it.
#[derive(Debug)]
pub(super) struct SharedFiles(ArcSwap<ContentFiles>);

impl SharedFiles {
    pub(super) fn new(files: ContentFiles) -> Self {
        Self(ArcSwap::from_pointee(files))
    }

    pub(super) fn replace(&self, files: ContentFiles) {
        self.0.store(Arc::new(files));
    }
}

/// Makes pages and opens images.
#[derive(Debug)]
pub(super) struct Pages {
    files: Arc<SharedFiles>,
    kept: Mutex<Kept>,
    tags: Arc<Tags>,
    /// Whether an image is public, by its path below `/media/`, and in which edition.
    public: Mutex<HashMap<Box<str>, (u64, bool)>>,
}

#[derive(Debug)]
struct Kept {
    /// Most bytes of pages.
    most: usize,
    pages: HashMap<Place, Page>,
    questions: u64,
}

/// A rendered page, good for one state of its file and one edition.
#[derive(Debug)]
struct Page {
    digest: u64,
    serial: u64,
    document: Arc<Document>,
    asked: u64,
}

impl Pages {
    /// Pages that keep so many bytes, and tags that these threads make.
    pub(super) fn new(files: Arc<SharedFiles>, most: usize, tagging: Pool) -> Self {
        let kept = Kept { most, pages: HashMap::new(), questions: 0 };
        Self { files, kept: Mutex::new(kept), tags: Arc::new(Tags::new(tagging)), public: Mutex::default() }
    }

    /// The page of an article, if its file is still that article.
    pub(super) fn article(&self, edition: &Edition, place: &Place) -> Option<Arc<Document>> {
        let files = self.files.0.load();
        let bytes = files.article(place).ok()?;
        let digest = xxh3_64(&bytes);
        if let Some(document) = self.kept().get(place, digest, edition.serial()) {
            return Some(document);
        }
        let document = Arc::new(page(edition, files.ground(), place, &bytes)?);
        self.kept()
            .keep(place.clone(), Page { digest, serial: edition.serial(), document: Arc::clone(&document), asked: 0 });
        Some(document)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // What a panic elsewhere leaves is whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The image at a path below `/media/`, with its tag.
    pub(super) fn media(&self, edition: &Edition, key: &str) -> Option<Opened> {
        if !self.is_public(edition, key) {
            return None;
        }
        let Image { file, metadata, media_type, path } = image(edition, &self.files.0.load(), key)?;
        let tag = self.tags.of(path, &file, &metadata);
        Some(Opened { file, length: metadata.len(), media_type, tag })
    }

    /// Whether an image is public; the answer is kept for one edition, because articles may have to be read for it.
    fn is_public(&self, edition: &Edition, key: &str) -> bool {
        let lock = || self.public.lock().unwrap_or_else(PoisonError::into_inner);
        let known = { lock().get(key).filter(|(serial, _)| *serial == edition.serial()).map(|(_, public)| *public) };
        known.unwrap_or_else(|| {
            let public = is_public(edition, &self.files.0.load(), key);
            let mut known = lock();
            if known.len() >= MOST_ANSWERS {
                known.clear();
            }
            known.insert(key.into(), (edition.serial(), public));
            public
        })
    }
}

/// The page of the article at a place, of the bytes of its file, if they are
/// still the article that the edition knows.
pub(super) fn page(edition: &Edition, ground: &Ground, place: &Place, bytes: &[u8]) -> Option<Document> {
    let (article, detail) = read(edition, ground, place, bytes)?;
    Some(edition.article_page(&article, &detail))
}

/// The article at a place, of the bytes of its file, if it is published.
fn read(edition: &Edition, ground: &Ground, place: &Place, bytes: &[u8]) -> Option<(Arc<Article>, Detail)> {
    let known = edition.library().published(place.as_str())?;
    let read = article::read(&Source { place, bytes, modified: known.published }, &ground.options);
    let (Outcome::Article(article), Some(detail)) = (read.skimmed.outcome, read.detail) else {
        return None;
    };
    // Another id or date is another article until the next look knows it.
    if article.id != known.id || article.published != known.published {
        return None;
    }
    Some((article, detail))
}

/// An image, opened.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) file: File,
    pub(super) metadata: Metadata,
    media_type: &'static str,
    path: PathBuf,
}

/// The images that are public, by their paths below `/media/`: articles that no feed shows are read for it.
pub(super) fn public_images(edition: &Edition, files: &ContentFiles) -> BTreeSet<Arc<str>> {
    let library = edition.library();
    let mut public = BTreeSet::new();
    let mut unread: BTreeSet<Place> = BTreeSet::new();
    for path in library.images() {
        match library.visibility(path) {
            Visibility::Public => drop(public.insert(Arc::clone(path))),
            Visibility::IfReferredBy(places) => unread.extend(places),
            Visibility::Private => {}
        }
    }
    public.par_extend(unread.par_iter().flat_map_iter(|place| images_of(edition, files, place)));
    public
}

/// The images that a published article refers to, by its file as it is now.
fn images_of(edition: &Edition, files: &ContentFiles, place: &Place) -> BTreeSet<Arc<str>> {
    let read = || {
        let (_, detail) = read(edition, files.ground(), place, &files.article(place).ok()?)?;
        Some(edition.library().images_of(place, &detail))
    };
    read().unwrap_or_default()
}

/// Whether the image at a path below `/media/` is public.
fn is_public(edition: &Edition, files: &ContentFiles, key: &str) -> bool {
    match edition.library().visibility(key) {
        Visibility::Public => true,
        Visibility::IfReferredBy(places) => places.iter().any(|place| images_of(edition, files, place).contains(key)),
        Visibility::Private => false,
    }
}

/// The image at a path below `/media/`, opened; nothing that leads out of the
/// content directory and the image roots, and nothing but an image.
pub(super) fn image(edition: &Edition, files: &ContentFiles, key: &str) -> Option<Image> {
    let path = edition.library().image(key)?.file.clone();
    let (mut file, metadata) = files.image(&path).ok()?;
    let mut start = Vec::with_capacity(1024);
    (&mut file).take(1024).read_to_end(&mut start).ok()?;
    let media_type = disk::media_type(&start)?;
    Some(Image { file, metadata, media_type, path })
}

impl Kept {
    fn get(&mut self, place: &Place, digest: u64, serial: u64) -> Option<Arc<Document>> {
        self.questions += 1;
        let page = self.pages.get_mut(place).filter(|page| page.digest == digest && page.serial == serial)?;
        page.asked = self.questions;
        Some(Arc::clone(&page.document))
    }

    fn keep(&mut self, place: Place, mut page: Page) {
        page.asked = self.questions;
        self.pages.insert(place, page);
        // Counted anew, since pages grow by encodings while they are kept.
        if self.pages.values().map(|page| page.document.weight()).sum::<usize>() <= self.most {
            return;
        }
        // The half that was asked for least recently goes, so that this is rare.
        let mut asked: Vec<u64> = self.pages.values().map(|page| page.asked).collect();
        asked.sort_unstable();
        let median = asked.get(asked.len() / 2).copied().unwrap_or(0);
        self.pages.retain(|_, page| page.asked > median);
    }
}
