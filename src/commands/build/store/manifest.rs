//! The manifest of a store: what is published below the prefix, and who publishes at the moment.
//!
//! It is the object `.feedmill`, as compressed text. During a publish it is a claim: it has the digests of the
//! last complete publish beside those that are to replace them, so that another publisher knows which keys are ours
//! wherever the first one stopped.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};

use bytes::Bytes;
use libdeflater::Decompressor;
use xxhash_rust::xxh3::Xxh3Default;

use crate::document::gzip;
use crate::fetch::is_plain_key;
use crate::text::push;

/// The key of the manifest.
pub(super) const KEY: &str = ".feedmill";
const FIRST_LINE: &str = "feedmill manifest 1";
/// Most bytes of an uncompressed manifest.
const LONGEST: usize = 2 << 30;

/// Whether a publish came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Complete,
    /// A publish is under way, or stopped in the middle.
    Claimed,
}

/// Whether the store honours conditional writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conditions {
    Untried,
    Honoured,
    Missing,
}

/// What is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ManifestEntry {
    /// The digest of the object in the last complete publish.
    pub(super) published: Option<u64>,
    /// The digest of the object that a claim is to put.
    pub(super) pending: Option<u64>,
    /// When the document was dropped, in seconds since 1970.
    pub(super) dropped: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// A random number, which is different in each manifest that is written.
    pub(super) writer: u64,
    pub(super) state: State,
    pub(super) conditions: Conditions,
    /// The digest of everything that is published, or is to be.
    pub(super) content: u64,
    pub(super) entries: BTreeMap<String, ManifestEntry>,
}

/// Why a manifest cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not a manifest, or damaged.
    Damaged,
    /// A newer version of feedmill wrote it.
    Newer,
}

impl Manifest {
    pub(super) fn new(
        state: State,
        conditions: Conditions,
        content: u64,
        entries: BTreeMap<String, ManifestEntry>,
    ) -> Self {
        // `RandomState` has random keys, and is different each time.
        let writer = RandomState::new().hash_one((std::process::id(), std::time::SystemTime::now()));
        Self { writer, state, conditions, content, entries }
    }

    /// The bytes of the object.
    pub(super) fn bytes(&self) -> Bytes {
        let mut text = format!("{FIRST_LINE}\n");
        let state = if self.state == State::Complete { "complete" } else { "claimed" };
        let conditions = match self.conditions {
            Conditions::Untried => "untried",
            Conditions::Honoured => "honoured",
            Conditions::Missing => "missing",
        };
        push!(text, "{:016x} {state} {conditions} {:016x}\n", self.writer, self.content);
        for (key, entry) in &self.entries {
            for digest in [entry.published, entry.pending] {
                match digest {
                    Some(digest) => push!(text, "{digest:016x} "),
                    None => text.push_str("- "),
                }
            }
            match entry.dropped {
                Some(second) => push!(text, "{second} "),
                None => text.push_str("- "),
            }
            // A key may have any character, and a line has one key.
            text.push_str(&key.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D"));
            text.push('\n');
        }
        gzip(text.as_bytes())
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = unzipped(bytes).ok_or(Unreadable::Damaged)?;
        let mut lines = text.lines();
        match lines.next() {
            Some(FIRST_LINE) => {}
            Some(line) if line.starts_with("feedmill manifest ") => return Err(Unreadable::Newer),
            _ => return Err(Unreadable::Damaged),
        }
        let parse = || {
            let mut head = lines.next()?.split(' ');
            let writer = number(head.next()?)?;
            let state = match head.next()? {
                "complete" => State::Complete,
                "claimed" => State::Claimed,
                _ => return None,
            };
            let conditions = match head.next()? {
                "untried" => Conditions::Untried,
                "honoured" => Conditions::Honoured,
                "missing" => Conditions::Missing,
                _ => return None,
            };
            let content = number(head.next()?)?;
            let entries = lines.map(entry).collect::<Option<_>>()?;
            Some(Self { writer, state, conditions, content, entries })
        };
        parse().ok_or(Unreadable::Damaged)
    }

    /// Whether the last complete publish had articles.
    pub(super) fn has_articles(&self, base: &str) -> bool {
        let articles = format!("{base}articles/");
        let mut below = self.entries.range(articles.clone()..).take_while(|(key, _)| key.starts_with(&articles));
        below.any(|(_, entry)| entry.published.is_some())
    }
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

fn entry(line: &str) -> Option<(String, ManifestEntry)> {
    let mut parts = line.splitn(4, ' ');
    let mut digest = || match parts.next()? {
        "-" => Some(None),
        digest => number(digest).map(Some),
    };
    let (published, pending) = (digest()?, digest()?);
    let dropped = match parts.next()? {
        "-" => None,
        second => Some(second.parse().ok()?),
    };
    let key = parts.next()?.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
    // What is in the manifest and not in the build is deleted, so that a key must not lead out of the prefix.
    is_plain_key(&key).then_some((key, ManifestEntry { published, pending, dropped }))
}

fn unzipped(bytes: &[u8]) -> Option<String> {
    // The last four bytes of gzip are the length (RFC 1952, section 2.3.1).
    let length = u32::from_le_bytes(*bytes.last_chunk()?) as usize;
    let mut text = vec![0; Some(length).filter(|length| *length <= LONGEST)?];
    let written = Decompressor::new().gzip_decompress(bytes, &mut text).ok()?;
    text.truncate(written);
    String::from_utf8(text).ok()
}

/// The digest of everything that is published: of all keys with their digests, in the order of the keys.
pub(super) fn content<'a>(all: impl IntoIterator<Item = (&'a str, u64)>) -> u64 {
    let mut hash = Xxh3Default::new();
    for (key, digest) in all {
        hash.update(key.as_bytes());
        hash.update(&[0]);
        hash.update(&digest.to_le_bytes());
    }
    hash.digest()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let entries = [
            ("articles/图 文/index.html", ManifestEntry { published: Some(1), pending: Some(u64::MAX), dropped: None }),
            ("media/50%0A\n.png", ManifestEntry { dropped: Some(1_700_000_000), ..ManifestEntry::default() }),
        ];
        let entries = entries.into_iter().map(|(key, entry)| (key.to_owned(), entry)).collect();
        Manifest::new(State::Claimed, Conditions::Honoured, 7, entries)
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let manifest = sample();
        assert_eq!(Manifest::parse(&manifest.bytes()).unwrap(), manifest);
        let empty = Manifest::new(State::Complete, Conditions::Untried, 0, BTreeMap::new());
        assert_eq!(Manifest::parse(&empty.bytes()).unwrap(), empty);
    }

    #[test]
    fn two_manifests_are_never_the_same_object() {
        assert_ne!(sample().bytes(), sample().bytes());
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        let bytes = sample().bytes();
        for wrong in [&b""[..], b"feedmill", &bytes[..bytes.len() - 1], &bytes[1..]] {
            assert_eq!(Manifest::parse(wrong), Err(Unreadable::Damaged));
        }
    }

    #[test]
    fn a_key_that_leads_out_of_the_prefix_damages_the_manifest() {
        let with = |key: &str| {
            let entries =
                BTreeMap::from([(key.to_owned(), ManifestEntry { published: Some(1), ..ManifestEntry::default() })]);
            Manifest::parse(&Manifest::new(State::Complete, Conditions::Untried, 0, entries).bytes())
        };
        for key in ["", "/a", "a/", "a//b", "..", "../a", "a/../../b", "a/..", "./a", "a/./b"] {
            assert_eq!(with(key), Err(Unreadable::Damaged), "{key}");
        }
        for key in ["a", "..a/b..", ".feedmill", "a/.../b", "%2e%2e/a"] {
            assert!(with(key).is_ok(), "{key}");
        }
    }

    #[test]
    fn only_published_articles_count_as_articles() {
        assert!(sample().has_articles(""));
        assert!(!sample().has_articles("base/"));
    }
}
