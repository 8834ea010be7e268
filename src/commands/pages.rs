//! Article pages and images, from their files as they are now.
//!
//! The server asks by place or by path; what it gets is what the library knows
//! and the disk still has, else nothing.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use crate::article::{self, Outcome, Place, Source};
use crate::disk::{self, ContentFiles, Ground};
use crate::document::Document;
use crate::edition::Edition;
use crate::server::Media;

/// Tags of images kept, a hundred bytes each.
const MOST_TAGS: usize = 10_000;

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
    tags: Mutex<HashMap<PathBuf, (Stamp, String)>>,
}

/// What tells one state of a file from another: device, inode, size, and the
/// times of the last change to its bytes and to the inode.
type Stamp = (u64, u64, u64, (i64, i64), (i64, i64));

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
    /// Pages that keep so many bytes.
    pub(super) fn new(files: Arc<SharedFiles>, most: usize) -> Self {
        let kept = Kept { most, pages: HashMap::new(), questions: 0 };
        Self { files, kept: Mutex::new(kept), tags: Mutex::default() }
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
    pub(super) fn media(&self, edition: &Edition, key: &str) -> Option<Media> {
        let Image { mut file, metadata, media_type, path, start } = image(edition, &self.files.0.load(), key)?;
        let stamp = (
            metadata.dev(),
            metadata.ino(),
            metadata.size(),
            (metadata.mtime(), metadata.mtime_nsec()),
            (metadata.ctime(), metadata.ctime_nsec()),
        );
        let etag = self.tag(&path, stamp, &mut file, &start)?;
        Some(Media { file, length: metadata.len(), media_type, etag })
    }

    /// A strong tag of all bytes, made once for a state of the file.
    fn tag(&self, path: &Path, stamp: Stamp, file: &mut File, start: &[u8]) -> Option<String> {
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tag)) = tags.get(path).filter(|(known, _)| *known == stamp) {
            return Some(tag.clone());
        }
        drop(tags);
        let mut hash = Xxh3Default::new();
        hash.update(start);
        let mut piece = vec![0; 64 * 1024];
        loop {
            match file.read(&mut piece).ok()? {
                0 => break,
                read => hash.update(&piece[..read]),
            }
        }
        let tag = format!("\"{:032x}\"", hash.digest128());
        tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        if tags.len() >= MOST_TAGS {
            tags.clear();
        }
        tags.insert(path.to_owned(), (stamp, tag.clone()));
        Some(tag)
    }
}

/// The page of the article at a place, of the bytes of its file, if they are
/// still the article that the edition knows.
pub(super) fn page(edition: &Edition, ground: &Ground, place: &Place, bytes: &[u8]) -> Option<Document> {
    let known = edition.library().published(place.as_str())?;
    let read = article::read(&Source { place, bytes, modified: known.published }, &ground.manner);
    let (Outcome::Article(article), Some(detail)) = (read.skimmed.outcome, read.detail) else {
        return None;
    };
    // Another id or date is another article until the next look knows it.
    if article.id != known.id || article.published != known.published {
        return None;
    }
    Some(edition.article_page(&article, &detail))
}

/// An image, opened.
#[derive(Debug)]
pub(super) struct Image {
    /// Read up to the end of `start`.
    pub(super) file: File,
    metadata: Metadata,
    media_type: &'static str,
    path: PathBuf,
    start: Vec<u8>,
}

/// The image at a path below `/media/`, opened; nothing that leads out of the
/// content directory and the image roots, and nothing but an image.
pub(super) fn image(edition: &Edition, files: &ContentFiles, key: &str) -> Option<Image> {
    let path = edition.library().image(key)?.file.clone();
    let (mut file, metadata) = files.image(&path).ok()?;
    let mut start = Vec::with_capacity(1024);
    (&mut file).take(1024).read_to_end(&mut start).ok()?;
    let media_type = disk::media_type(&start)?;
    Some(Image { file, metadata, media_type, path, start })
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
