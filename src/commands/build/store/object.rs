//! The objects of a build: their keys, bytes, headers and digests.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use md5::{Digest as _, Md5};
use xxhash_rust::xxh3::Xxh3Default;

use crate::cli::StoreEncoding;
use crate::commands::build::directory::unfinished;
use crate::commands::build::hosting::{self, HostingFacts};
use crate::commands::build::outputs::{Output, Outputs, SitePart};
use crate::commands::build::plan::{self, OutputPlan};
use crate::document::{Document, DocumentType, Encoding, Newest};
use crate::edition::Redirects;
use crate::feed::UNDATED;
use crate::fetch::{MOST_STORED, Payload};
use crate::server::static_headers;

/// What objects are made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ObjectSource {
    /// The URL with this number in the plan.
    Url(usize),
    /// The file of redirects for static hosts.
    RedirectFile,
    /// An object that redirects to this URL.
    Redirect(String),
}

/// Something that is published as an object, or as several with the same beginning of their keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Item {
    pub(super) part: SitePart,
    pub(super) key: String,
    pub(super) source: ObjectSource,
}

/// The bytes of an object.
#[derive(Debug)]
pub(super) enum ObjectBody {
    Bytes(Bytes),
    File(File, u64),
}

/// An object, ready to be put.
#[derive(Debug)]
pub(super) struct MadeObject {
    /// What follows the key of the item.
    pub(super) end: &'static str,
    pub(super) body: ObjectBody,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// Why an output has no object.
#[derive(Debug)]
pub(super) enum NotMade {
    /// There is nothing at the URL.
    Nothing,
    /// It is left out for this reason.
    LeftOut(String),
    /// The files changed; this message says which.
    Changed(String),
}

/// Everything that objects are made from.
pub(super) struct ObjectMaker<'a> {
    outputs: &'a Outputs,
    plan: OutputPlan,
    encoding: StoreEncoding,
}

impl<'a> ObjectMaker<'a> {
    pub(super) fn new(outputs: &'a Outputs, encoding: StoreEncoding) -> Self {
        Self { outputs, plan: outputs.plan(), encoding }
    }

    /// URLs that cannot have an object, with the reason.
    pub(super) fn left_out(&self) -> &[(String, String)] {
        &self.plan.left_out
    }

    /// All items, in the order in which they are published. Redirects are objects only where the store answers them.
    pub(super) fn items(&self, with_redirects: WithRedirects) -> Vec<Item> {
        let base = self.outputs.edition.base_path();
        let of_url = |(index, (key, address)): (usize, (&String, &String))| Item {
            part: SitePart::of(address.strip_prefix(base).unwrap_or_default()),
            key: key.clone(),
            source: ObjectSource::Url(index),
        };
        let mut items: Vec<Item> = self.plan.files.iter().zip(&self.plan.addresses).enumerate().map(of_url).collect();
        let file =
            Item { part: SitePart::Catalogue, key: hosting::REDIRECTS.to_owned(), source: ObjectSource::RedirectFile };
        items.push(file);
        if with_redirects == WithRedirects::Yes {
            items.extend(self.redirects());
        }
        items.sort_unstable();
        items
    }

    fn redirects(&self) -> Vec<Item> {
        let moved = self.outputs.edition.redirects().into_iter().filter_map(|(from, to)| match to {
            Redirects::Moved(to) => Some((plan::file_of_path(&from)?, to)),
            Redirects::Below(_) | Redirects::Gone => None,
        });
        let files = self.plan.with_others(moved).into_iter();
        files.map(|(key, to)| Item { part: SitePart::Catalogue, key, source: ObjectSource::Redirect(to) }).collect()
    }

    /// Makes the objects of an item.
    pub(super) fn make(&self, item: &Item) -> Result<Vec<MadeObject>, NotMade> {
        let edition = &self.outputs.edition;
        let file = |bytes: Vec<u8>| {
            let kind = DocumentType::File;
            Document::new("/", "text/plain; charset=utf-8", kind, Newest::At(UNDATED), bytes)
        };
        match &item.source {
            ObjectSource::Redirect(to) => Ok(vec![MadeObject {
                end: "",
                body: ObjectBody::Bytes(Bytes::new()),
                headers: vec![
                    ("cache-control", "max-age=86400".to_owned()),
                    ("x-amz-website-redirect-location", to.clone()),
                ],
            }]),
            ObjectSource::RedirectFile => {
                let text = HostingFacts::of(edition, &self.plan.addresses).file(hosting::REDIRECTS);
                Ok(self.documents(&file(text.into_bytes()), &[]))
            }
            ObjectSource::Url(index) => match self.outputs.output(&self.plan.addresses[*index]) {
                Output::Document(document) | Output::Page(document, _) => {
                    Ok(self.documents(&document, &self.plan.companions(*index)))
                }
                Output::Media(media) => {
                    let length = media.metadata.len();
                    if let Some(reason) = unfinished(&media.metadata) {
                        return Err(NotMade::LeftOut(reason));
                    }
                    if length > MOST_STORED {
                        let gib = MOST_STORED >> 30;
                        return Err(NotMade::LeftOut(format!(
                            "it is longer than {gib} GiB, which is the most of an object"
                        )));
                    }
                    let headers = media_headers(media.media_type);
                    Ok(vec![MadeObject { end: "", body: ObjectBody::File(media.file, length), headers }])
                }
                Output::Changed(reason) => Err(NotMade::Changed(reason)),
                Output::Missing(reason) => Err(NotMade::LeftOut(reason)),
                Output::Nothing => Err(NotMade::Nothing),
            },
        }
    }

    fn documents(&self, document: &Document, companions: &[Encoding]) -> Vec<MadeObject> {
        let headers: Vec<_> = static_headers::document(document, self.outputs.edition.feed_cache())
            .into_iter()
            .filter_map(kept)
            .collect();
        let made = |end: &'static str, encoding: Encoding| {
            let coding = match encoding {
                Encoding::Identity => None,
                Encoding::Gzip => Some(("content-encoding", "gzip".to_owned())),
                Encoding::Brotli => Some(("content-encoding", "br".to_owned())),
            };
            let headers = headers.iter().cloned().chain(coding).collect();
            MadeObject { end, body: ObjectBody::Bytes(document.bytes(encoding)), headers }
        };
        match self.encoding {
            StoreEncoding::Identity => vec![made("", Encoding::Identity)],
            StoreEncoding::Gzip => vec![made("", document.worthwhile(Encoding::Gzip))],
            StoreEncoding::Siblings => {
                let worthwhile = |encoding: &&Encoding| document.worthwhile(**encoding) == **encoding;
                let others = companions.iter().filter(worthwhile).map(|encoding| made(plan::end(*encoding), *encoding));
                std::iter::once(made("", Encoding::Identity)).chain(others).collect()
            }
        }
    }
}

/// Whether redirects are objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithRedirects {
    Yes,
    No,
}

/// The headers that a store keeps with an object.
fn kept((name, value): (String, String)) -> Option<(&'static str, String)> {
    let name = ["content-type", "cache-control", "content-disposition"].into_iter().find(|kept| *kept == name)?;
    Some((name, value))
}

/// The headers of a media file. A store has no policy that keeps a document from running its scripts, so a file that needs
/// one is downloaded when it is opened by itself; images in pages are shown nevertheless.
fn media_headers(media_type: &str) -> Vec<(&'static str, String)> {
    let lines = static_headers::media(media_type);
    let needs_policy = lines.iter().any(|(name, _)| name == "content-security-policy");
    let mut headers = vec![("content-type", media_type.to_owned())];
    headers.extend(lines.into_iter().filter_map(kept));
    if needs_policy {
        headers.push(("content-disposition", "attachment".to_owned()));
    }
    headers
}

/// Bytes of a file that are read at a time.
const CHUNK: usize = 64 * 1024;

impl ObjectBody {
    /// Calls `take` with all bytes.
    fn each(&self, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => take(bytes),
            Self::File(file, length) => {
                let (mut chunk, mut at) = (vec![0; CHUNK], 0);
                while at < *length {
                    let wanted = usize::try_from(*length - at).unwrap_or(CHUNK).min(CHUNK);
                    file.read_exact_at(&mut chunk[..wanted], at)?;
                    take(&chunk[..wanted]);
                    at += wanted as u64;
                }
            }
        }
        Ok(())
    }

    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    pub(super) fn content(&self) -> Payload<'_> {
        match self {
            Self::Bytes(bytes) => Payload::Bytes(bytes),
            Self::File(file, length) => Payload::File(file, *length),
        }
    }
}

/// The MD5 of an object, which is its `ETag` in most stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Md5Digest([u8; 16]);

impl Md5Digest {
    pub(super) fn of(body: &ObjectBody) -> io::Result<Self> {
        let mut hash = Md5::new();
        body.each(|bytes| hash.update(bytes))?;
        Ok(Self(hash.finalize().into()))
    }

    /// As the header Content-MD5 has it.
    pub(super) fn header(self) -> String {
        BASE64_STANDARD.encode(self.0)
    }

    pub(super) fn is_etag(self, etag: &str) -> bool {
        let digits = etag.as_bytes();
        digits.len() == 32
            && self.0.iter().zip(digits.chunks(2)).all(|(byte, digits)| {
                str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()) == Some(*byte)
            })
    }
}

impl MadeObject {
    /// The digest of the bytes and the headers, by which an object is recognised as unchanged.
    pub(super) fn digest(&self) -> io::Result<u64> {
        let mut hash = Xxh3Default::new();
        for (name, value) in &self.headers {
            hash.update(name.as_bytes());
            hash.update(&[0]);
            hash.update(value.as_bytes());
            hash.update(&[0]);
        }
        self.body.each(|bytes| hash.update(bytes))?;
        Ok(hash.digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_md5_of_an_object_is_its_etag() {
        let md5 = Md5Digest::of(&ObjectBody::Bytes(Bytes::from_static(b"x"))).unwrap();
        assert!(md5.is_etag("9dd4e461268c8034f5c8564e155c67a6") && md5.is_etag("9DD4E461268C8034F5C8564E155C67A6"));
        for other in ["", "9dd4e461268c8034f5c8564e155c67a6-2", "9dd4e461268c8034f5c8564e155c67a7"] {
            assert!(!md5.is_etag(other), "{other}");
        }
        assert_eq!(md5.header(), "ndTkYSaMgDT1yFZOFVxnpg==");
    }

    #[test]
    fn media_that_must_not_run_is_an_attachment_in_a_store() {
        let dispositions = |media_type: &str| -> Vec<String> {
            let headers = media_headers(media_type).into_iter();
            headers.filter(|(name, _)| *name == "content-disposition").map(|(_, value)| value).collect()
        };
        for media_type in ["application/zip", "application/epub+zip", "image/svg+xml"] {
            assert_eq!(dispositions(media_type), ["attachment"], "{media_type}");
        }
        assert!(dispositions("image/png").is_empty() && dispositions("application/pdf").is_empty());
    }

    #[test]
    fn a_file_has_the_digest_of_its_bytes_and_headers() {
        use std::io::Write as _;
        let (mut file, all) = (tempfile::tempfile().unwrap(), Bytes::from(vec![7; 100_000]));
        file.write_all(&all).unwrap();
        let made = |body, cache: &str| MadeObject { end: "", body, headers: vec![("cache-control", cache.to_owned())] };
        let bytes = made(ObjectBody::Bytes(all.clone()), "a").digest().unwrap();
        assert_eq!(made(ObjectBody::File(file, 100_000), "a").digest().unwrap(), bytes);
        assert_ne!(made(ObjectBody::Bytes(all), "b").digest().unwrap(), bytes);
    }
}
