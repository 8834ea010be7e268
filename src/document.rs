//! A document: the bytes of a rendered feed or page, in each encoding, with
//! its validators.
//!
//! Knows how bytes are compressed and named. Knows neither what they show nor
//! who asks for them.

use std::fmt::{self, Debug, Formatter};
use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use libdeflater::{CompressionLvl, Compressor};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// How bytes travel (RFC 9110, 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// gzip, level 6 of libdeflate: smaller than zlib's, in less time.
    Gzip,
    /// Brotli, quality 5.
    Brotli,
}

/// How long caches may keep an answer: the classes of URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keep {
    /// Feeds, OPML and feeds.json: as `cache:` of site.yaml says.
    Feed,
    /// Pages: 60 seconds.
    Page,
    /// Images and other files: a day.
    Day,
}

/// A rendered feed or page.
#[derive(Debug)]
pub struct Document {
    identity: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    /// With charset, such as `application/xml; charset=utf-8`.
    pub media_type: &'static str,
    /// The entity tag, `W/"…"`, equal for all encodings (RFC 9110, 8.8.3.3
    /// asks a strong one to differ for each).
    pub etag: String,
    /// The second of the Last-Modified header, where it has one.
    pub last_modified: Option<DateTime<Utc>>,
    /// How long caches may keep it.
    pub keep: Keep,
    /// The value of its Link header; empty where it has none.
    pub links: String,
    grown: Option<Grown>,
}

/// Told when a document has grown by an encoding.
struct Grown(Box<dyn Fn() + Send + Sync>);

impl Debug for Grown {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Grown")
    }
}

/// The newest instant a document speaks of, from which Last-Modified is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newest {
    /// The newest among the entries it shows.
    At(DateTime<Utc>),
    /// It shows an entry that is not due: no Last-Modified, since it would be
    /// later than Date (RFC 9110, 8.8.2.1).
    Ahead,
}

const SECONDS_OF_A_DAY: u64 = 86_400;

impl Document {
    /// The document of these bytes at this address.
    ///
    /// The address is part of the tag: readers replay validators over
    /// redirects (docs/decisions/wire.md#the-etag-depends-on-the-url).
    pub fn new(address: &str, media_type: &'static str, keep: Keep, newest: Newest, identity: Vec<u8>) -> Self {
        let mut hash = Xxh3Default::new();
        hash.update(address.as_bytes());
        hash.update(&[0]);
        hash.update(&identity);
        let last_modified = match newest {
            Newest::Ahead => None,
            Newest::At(instant) => {
                let back = xxh3_64(&identity) % SECONDS_OF_A_DAY;
                let second = DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant);
                // Less than a day always fits.
                Some(second - TimeDelta::seconds(back.cast_signed()))
            }
        };
        Self {
            identity: exact(identity),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            media_type,
            etag: format!("W/\"{:032x}\"", hash.digest128()),
            last_modified,
            keep,
            links: String::new(),
            grown: None,
        }
    }

    /// The same document with a Link header.
    #[must_use]
    pub fn linked(self, links: String) -> Self {
        Self { links, ..self }
    }

    /// The same document; whoever keeps it is told when it has grown by an
    /// encoding.
    #[must_use]
    pub fn watched(self, grown: impl Fn() + Send + Sync + 'static) -> Self {
        Self { grown: Some(Grown(Box::new(grown))), ..self }
    }

    /// The bytes in an encoding, compressed by whoever asks first.
    pub fn bytes(&self, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Identity => self.identity.clone(),
            Encoding::Gzip => self.compressed(&self.gzip, gzip),
            Encoding::Brotli => self.compressed(&self.brotli, brotli),
        }
    }

    fn compressed(&self, cell: &OnceLock<Bytes>, compress: fn(&[u8]) -> Bytes) -> Bytes {
        if let Some(bytes) = cell.get() {
            return bytes.clone();
        }
        let bytes = cell.get_or_init(|| compress(&self.identity)).clone();
        if let Some(grown) = &self.grown {
            (grown.0)();
        }
        bytes
    }

    /// The encoding to send where this one is asked for: itself, unless it
    /// makes the bytes longer.
    pub fn worthwhile(&self, encoding: Encoding) -> Encoding {
        let gains = encoding == Encoding::Identity || self.bytes(encoding).len() < self.identity.len();
        if gains { encoding } else { Encoding::Identity }
    }

    /// How long it is in an encoding, in bytes, if somebody asked for that one.
    pub fn length(&self, encoding: Encoding) -> Option<usize> {
        match encoding {
            Encoding::Identity => Some(self.identity.len()),
            Encoding::Gzip => self.gzip.get().map(Bytes::len),
            Encoding::Brotli => self.brotli.get().map(Bytes::len),
        }
    }

    /// What it costs to keep, in bytes.
    pub fn weight(&self) -> usize {
        let compressed = |cell: &OnceLock<Bytes>| cell.get().map_or(0, Bytes::len);
        self.identity.len() + compressed(&self.gzip) + compressed(&self.brotli) + 256
    }
}

fn gzip(bytes: &[u8]) -> Bytes {
    // The header's time stays zero: the bytes are a function of the content.
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut compressed = vec![0; compressor.gzip_compress_bound(bytes.len())];
    // It says of this length that it suffices; what is longer than the bytes themselves is never sent.
    let length = compressor.gzip_compress(bytes, &mut compressed).unwrap_or(compressed.len());
    compressed.truncate(length);
    exact(compressed)
}

fn brotli(bytes: &[u8]) -> Bytes {
    let mut compressed = Vec::with_capacity(bytes.len() / 5);
    // Window 18: at 16 quality 5 is 20 to 30 times slower
    // (docs/decisions/dependencies.md#brotli-with-a-small-window).
    // Writing to a Vec cannot fail; the encoder flushes when dropped.
    let _ = brotli::CompressorWriter::new(&mut compressed, 4096, 5, 18).write_all(bytes);
    exact(compressed)
}

/// What is kept takes no more memory than it weighs: room that was reserved
/// and not needed goes back.
fn exact(bytes: Vec<u8>) -> Bytes {
    bytes.into_boxed_slice().into()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn document(address: &str, body: &str) -> Document {
        let newest = DateTime::from_timestamp(1_700_000_000, 500).unwrap();
        Document::new(address, "text/plain", Keep::Feed, Newest::At(newest), body.into())
    }

    #[test]
    fn every_encoding_holds_the_same_bytes() {
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
    fn what_compression_would_make_longer_is_sent_as_it_is() {
        let (few, many) = (document("/robots.txt", "few"), document("/rss.xml", &"many ".repeat(100)));
        for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Brotli] {
            assert_eq!((few.worthwhile(encoding), many.worthwhile(encoding)), (Encoding::Identity, encoding));
        }
    }

    #[test]
    fn the_tag_tells_addresses_and_bytes_apart() {
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
    fn a_document_that_is_ahead_has_no_last_modified() {
        let document = Document::new("/rss.xml", "text/plain", Keep::Feed, Newest::Ahead, Vec::new());
        assert_eq!(document.last_modified, None);
    }
}
