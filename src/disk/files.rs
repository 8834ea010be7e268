//! Reads single articles and media files after the load, for the pages and files that `serve` returns, and for `build` and
//! `check`.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ScanConfig;
use super::content_roots::ContentRoots;
use super::roots::Root;
use super::{media, open, read, roots};
use crate::article::body::cost::{self, Permit};
use crate::content_path::ContentPath;

/// Opens articles and media files by the rules of a scan: only regular files inside the content directory and the image
/// roots.
#[derive(Debug, Clone)]
pub(crate) struct ContentFiles {
    scan_config: ScanConfig,
    roots: Arc<[Root]>,
    /// Paths below the content directory of files that are spelled differently from their content path.
    raw: Arc<BTreeMap<ContentPath, PathBuf>>,
}

/// The bytes of an article's file. Large files hold a permit that limits how many are in memory, so keep this, or the
/// permit, until the article is rendered.
#[derive(Debug)]
pub(crate) struct ArticleBytes {
    bytes: Vec<u8>,
    permit: Option<Permit>,
}

impl ArticleBytes {
    /// Frees the bytes before the article is rendered.
    pub(crate) fn into_permit(self) -> Option<Permit> {
        self.permit
    }
}

impl Deref for ArticleBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl ContentFiles {
    pub(super) fn new(scan_config: &ScanConfig, roots: Arc<[Root]>, raw: Arc<BTreeMap<ContentPath, PathBuf>>) -> Self {
        Self { scan_config: scan_config.clone(), roots, raw }
    }

    /// The settings of the scan that these files belong to.
    pub(crate) fn scan_config(&self) -> &ScanConfig {
        &self.scan_config
    }

    /// The path of an article's file, for messages and for [`ChangedPaths`](super::ChangedPaths). To open the file,
    /// call [`Self::article`].
    pub(crate) fn article_path(&self, place: &ContentPath) -> PathBuf {
        roots::absolute(&self.scan_config.content)
            .join(self.raw.get(place).map_or(Path::new(place.as_str()), PathBuf::as_path))
    }

    /// Reads the present bytes of an article's file. Fails if the path is no longer a regular file, leads outside the
    /// roots, or is larger than `max_article_bytes`.
    pub(crate) fn article(&self, place: &ContentPath) -> io::Result<ArticleBytes> {
        match read::whole(&self.hold()?, &self.article_path(place), self.scan_config.options.max_bytes) {
            Ok(Ok(whole)) => Ok(ArticleBytes { bytes: whole.bytes, permit: whole.permit }),
            Ok(Err(trouble)) => Err(io::Error::other(trouble.message())),
            Err(refusal) => Err(refusal.into_error()),
        }
    }

    /// Whether [`Self::article`] may have to wait until other large files are read and rendered.
    pub(crate) fn needs_permit(&self, place: &ContentPath) -> bool {
        fs::metadata(self.article_path(place)).is_ok_and(|metadata| cost::file_needs_permit(metadata.len()))
    }

    /// Opens an image or attachment by the path that the library has (`MediaFacts::file`), and detects its media type.
    /// `None` if the path leads out of the roots, or the file is of another kind.
    pub(crate) fn media(&self, path: &Path) -> Option<(File, Metadata, &'static str)> {
        let (mut file, metadata) = self.hold().ok()?.open(path).ok()?;
        let opening = open::read(&mut file, media::OPENING, media::OPENING).ok()?;
        let media_type = media::media_type(&opening, &path.to_string_lossy())?;
        Some((file, metadata, media_type))
    }

    /// Opens the roots. Resolves them again if a link in the path of one was swapped since the last scan.
    fn hold(&self) -> io::Result<ContentRoots> {
        if self.roots.iter().all(Root::is_current) && !self.roots.is_empty() {
            return ContentRoots::hold(&self.roots);
        }
        ContentRoots::hold(&roots::find(&self.scan_config)?)
    }
}

/// Whether a file is what Git LFS leaves in place of a file that it has not fetched.
pub(crate) fn is_lfs_pointer(path: &Path) -> bool {
    const MOST_BYTES: u64 = 1024;
    source_bytes(path, MOST_BYTES).is_some_and(|bytes| bytes.starts_with(b"version https://git-lfs.github.com/spec/"))
}

/// Reads the file of a problem, so that `check` can show the line. `None` if the file is larger than `most` bytes,
/// cannot be read, or is a link that leads out of its directory.
pub(crate) fn source_bytes(path: &Path, most: u64) -> Option<Vec<u8>> {
    let parent = fs::canonicalize(path.parent()?).ok()?;
    let file = parent.join(path.file_name()?);
    let (bytes, metadata) = ContentRoots::of(&[parent]).ok()?.read(&file, most).ok()?;
    (metadata.len() <= most).then_some(bytes)
}
