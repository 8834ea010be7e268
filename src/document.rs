//! A document: the bytes of a rendered feed or page, compressed in each content coding on demand, with the
//! values of its HTTP validators.
//!
//! The renderers create documents, the edition caches them, and the server sends them.

use std::cell::RefCell;
use std::fmt::{self, Debug, Formatter};
use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use libdeflater::{CompressionLvl, Compressor};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use crate::article::body::cost;
use crate::feed::{Catalogue, Feed, Format};

/// A content coding (RFC 9110, section 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Not compressed.
    Identity,
    /// gzip, level 6 of libdeflate, which is smaller and faster than zlib.
    Gzip,
    /// Brotli, quality 5.
    Brotli,
}

/// The kind of a document. The server derives headers from it, such as `Cache-Control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentType {
    /// A feed, or `feeds.json`. Caches may keep it as configured by `cache:` in site.yaml.
    Feed(Format),
    /// `feeds.opml`, which is handled like a feed.
    Opml,
    /// A page, which caches may keep for 60 seconds.
    Page,
    /// Another file, such as a style sheet, which caches may keep for one day.
    File,
}

/// A rendered feed or page.
#[derive(Debug)]
pub struct Document {
    identity: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    /// The media type with its charset, for example `application/xml; charset=utf-8`.
    pub media_type: &'static str,
    /// The entity tag, `W/"…"`. It is weak because it is the same for all content codings; RFC 9110,
    /// section 8.8.3.3 requires a different strong one for each.
    pub etag: String,
    /// The value of the Last-Modified header, if there is one.
    pub last_modified: Option<DateTime<Utc>>,
    pub(crate) kind: DocumentType,
    /// The value of the Link header; empty if there is none.
    pub(crate) links: String,
    grown: Option<Grown>,
}

/// Called when a document has grown by a compressed copy.
struct Grown(Box<dyn Fn() + Send + Sync>);

impl Debug for Grown {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Grown")
    }
}

/// The newest instant in a document, from which Last-Modified is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Newest {
    /// The newest instant among the entries.
    At(DateTime<Utc>),
    /// The document shows an entry from the future and has no Last-Modified, because that would be later
    /// than Date (RFC 9110, section 8.8.2.1).
    Ahead,
}

impl From<&Feed> for Newest {
    fn from(feed: &Feed) -> Self {
        if feed.ahead { Self::Ahead } else { Self::At(feed.updated) }
    }
}

impl From<&Catalogue> for Newest {
    fn from(catalogue: &Catalogue) -> Self {
        if catalogue.ahead { Self::Ahead } else { Self::At(catalogue.updated) }
    }
}

const SECONDS_OF_A_DAY: u64 = 86_400;

impl Document {
    /// Creates the document at this URL path.
    ///
    /// The entity tag includes the path, because readers repeat validators after a redirect. Last-Modified
    /// is moved back by a part of a day that depends on the bytes, so that it changes whenever they do.
    /// See docs/decisions/wire.md#the-etag-depends-on-the-url and
    /// docs/decisions/wire.md#last-modified-follows-content-not-file-times.
    pub fn new(address: &str, media_type: &'static str, kind: DocumentType, newest: Newest, identity: Vec<u8>) -> Self {
        let etag = Self::tag(address, &identity);
        let last_modified = match newest {
            Newest::Ahead => None,
            Newest::At(instant) => {
                let back = xxh3_64(&identity) % SECONDS_OF_A_DAY;
                let second = DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant);
                // Less than a day, so this cannot overflow.
                Some(second - TimeDelta::seconds(back.cast_signed()))
            }
        };
        Self {
            identity: exact(identity),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            media_type,
            etag,
            last_modified,
            kind,
            links: String::new(),
            grown: None,
        }
    }

    /// Returns the entity tag of these bytes at this URL path.
    pub(crate) fn tag(address: &str, identity: &[u8]) -> String {
        let mut hash = Xxh3Default::new();
        hash.update(address.as_bytes());
        hash.update(&[0]);
        hash.update(identity);
        format!("W/\"{:032x}\"", hash.digest128())
    }

    #[must_use]
    pub(crate) fn linked(self, links: String) -> Self {
        Self { links, ..self }
    }

    /// Registers a function that is called when the document has grown by a compressed copy.
    #[must_use]
    pub(crate) fn watched(self, grown: impl Fn() + Send + Sync + 'static) -> Self {
        Self { grown: Some(Grown(Box::new(grown))), ..self }
    }

    /// Returns the bytes in a content coding. The first call compresses them.
    pub fn bytes(&self, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Identity => self.identity.clone(),
            Encoding::Gzip => self.compressed(&self.gzip, gzip),
            Encoding::Brotli => self.compressed(&self.brotli, brotli),
        }
    }

    /// Returns whether compressing the document may have to wait for a permit.
    pub(crate) fn needs_permit(&self) -> bool {
        cost::rendering_needs_permit(self.compression_cost())
    }

    fn compression_cost(&self) -> usize {
        4 * self.identity.len()
    }

    fn compressed(&self, cell: &OnceLock<Bytes>, compress: fn(&[u8]) -> Bytes) -> Bytes {
        if let Some(bytes) = cell.get() {
            return bytes.clone();
        }
        let permit = cost::rendering_permit(self.compression_cost());
        let bytes = cell.get_or_init(|| compress(&self.identity)).clone();
        drop(permit);
        if let Some(grown) = &self.grown {
            (grown.0)();
        }
        bytes
    }

    /// Takes the compressed copy of an earlier build, which the caller knows to be of these bytes.
    pub(crate) fn adopt(&self, encoding: Encoding, compressed: Vec<u8>) {
        let cell = match encoding {
            Encoding::Identity => return,
            Encoding::Gzip => &self.gzip,
            Encoding::Brotli => &self.brotli,
        };
        cell.get_or_init(|| exact(compressed));
    }

    /// Returns the content coding to send if this one was requested: the same if it makes the document
    /// shorter, otherwise [`Encoding::Identity`].
    pub(crate) fn worthwhile(&self, encoding: Encoding) -> Encoding {
        let gains = encoding == Encoding::Identity || self.bytes(encoding).len() < self.identity.len();
        if gains { encoding } else { Encoding::Identity }
    }

    /// Returns the length in a content coding, in bytes, if it was compressed already.
    pub(crate) fn length(&self, encoding: Encoding) -> Option<usize> {
        match encoding {
            Encoding::Identity => Some(self.identity.len()),
            Encoding::Gzip => self.gzip.get().map(Bytes::len),
            Encoding::Brotli => self.brotli.get().map(Bytes::len),
        }
    }

    /// Returns the memory that the document occupies, in bytes.
    pub(crate) fn weight(&self) -> usize {
        let compressed = |cell: &OnceLock<Bytes>| cell.get().map_or(0, Bytes::len);
        self.identity.len() + compressed(&self.gzip) + compressed(&self.brotli) + 256
    }
}

thread_local! {
    /// Each thread makes its compressor once: to make one takes a tenth of the time of a page.
    static GZIP: RefCell<Compressor> = RefCell::new(Compressor::new(CompressionLvl::default()));
}

/// Compresses bytes with gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Bytes {
    // The time stamp in the header is zero, so that the bytes depend on the content only.
    GZIP.with_borrow_mut(|compressor| {
        let mut compressed = vec![0; compressor.gzip_compress_bound(bytes.len())];
        // The buffer has the length that libdeflate requires, so this cannot fail. Output that is not shorter
        // than the input is never sent.
        let length = compressor.gzip_compress(bytes, &mut compressed).unwrap_or(compressed.len());
        compressed.truncate(length);
        exact(compressed)
    })
}

fn brotli(bytes: &[u8]) -> Bytes {
    let mut compressed = Vec::with_capacity(bytes.len() / 5);
    // Window size 18: with 16, quality 5 is 20 to 30 times slower
    // (docs/decisions/dependencies.md#brotli-with-a-small-window). Writing to a `Vec` cannot fail, and the
    // encoder flushes when it is dropped.
    let _ = brotli::CompressorWriter::new(&mut compressed, 4096, 5, 18).write_all(bytes);
    exact(compressed)
}

/// Releases unused capacity, so that the document occupies no more memory than `weight` says.
fn exact(bytes: Vec<u8>) -> Bytes {
    bytes.into_boxed_slice().into()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn document(address: &str, body: &str) -> Document {
        let newest = DateTime::from_timestamp(1_700_000_000, 500).unwrap();
        Document::new(address, "text/plain", DocumentType::Feed(Format::Rss), Newest::At(newest), body.into())
    }

    #[test]
    fn every_content_coding_contains_the_same_bytes() {
        let body = "feedmill ".repeat(1000);
        let document = document("/rss.xml", &body);
        let mut unzipped = String::new();
        flate2::read::GzDecoder::new(&*document.bytes(Encoding::Gzip)).read_to_string(&mut unzipped).unwrap();
        assert_eq!(unzipped, body);
        let mut unbrotlied = Vec::new();
        brotli::BrotliDecompress(&mut &*document.bytes(Encoding::Brotli), &mut unbrotlied).unwrap();
        assert_eq!(unbrotlied, body.as_bytes());
    }

    #[test]
    fn a_document_that_compression_makes_longer_is_sent_uncompressed() {
        let (few, many) = (document("/robots.txt", "few"), document("/rss.xml", &"many ".repeat(100)));
        for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Brotli] {
            assert_eq!((few.worthwhile(encoding), many.worthwhile(encoding)), (Encoding::Identity, encoding));
        }
    }

    #[test]
    fn the_tag_depends_on_the_url_and_the_bytes() {
        let tags = [document("/rss.xml", "a").etag, document("/atom.xml", "a").etag, document("/rss.xml", "b").etag];
        assert_ne!(tags[0], tags[1]);
        assert_ne!(tags[0], tags[2]);
        assert_eq!(tags[0], document("/rss.xml", "a").etag);
    }

    #[test]
    fn last_modified_follows_the_bytes_and_is_never_later_than_the_newest() {
        let newest = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let modified = document("/rss.xml", "a").last_modified.unwrap();
        let expected = newest - TimeDelta::seconds((xxh3_64(b"a") % 86_400).cast_signed());
        assert_eq!(modified, expected);
        assert!(modified <= newest);
        assert_ne!(Some(modified), document("/rss.xml", "b").last_modified);
    }

    #[test]
    fn a_document_with_future_entries_has_no_last_modified_header() {
        let document =
            Document::new("/rss.xml", "text/plain", DocumentType::Feed(Format::Rss), Newest::Ahead, Vec::new());
        assert_eq!(document.last_modified, None);
    }
}
