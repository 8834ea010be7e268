//! Finds out which objects differ from those in the store: makes each once, and keeps its digest.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::claim::PublishStop;
use super::manifest::{Manifest, ManifestEntry};
use super::object::{Item, MadeObject, Md5Digest, NotMade, ObjectBody, ObjectMaker, WithRedirects};
use super::transfer::Upload;
use crate::commands::Failure;
use crate::commands::build::outputs::SitePart;
use crate::commands::progress::Progress;

/// Most bytes of changed documents that are kept until they are put; others are made again.
const MOST_KEPT: usize = 32 << 20;

/// An object that is to be in the store.
pub(super) struct Surveyed {
    pub(super) key: String,
    /// The number of its item.
    item: usize,
    pub(super) part: SitePart,
    pub(super) digest: u64,
    /// Known if the store has to be compared.
    md5: Option<Md5Digest>,
    end: &'static str,
    kept: Option<Upload>,
}

/// All objects that are to be in the store.
pub(super) struct Survey<'a> {
    maker: ObjectMaker<'a>,
    items: Vec<Item>,
    pub(super) objects: Vec<Surveyed>,
}

/// What the store is compared with.
pub(super) struct Before<'a> {
    /// The last manifest, if there is one.
    pub(super) manifest: Option<&'a Manifest>,
    /// The `ETag`s of all objects, if the last publish did not come to its end.
    pub(super) listing: Option<&'a HashMap<String, String>>,
}

impl Before<'_> {
    fn entry(&self, key: &str) -> ManifestEntry {
        self.manifest.and_then(|manifest| manifest.entries.get(key)).copied().unwrap_or_default()
    }

    /// Whether an object has to be put.
    pub(super) fn differs(&self, object: &Surveyed) -> bool {
        let entry = self.entry(&object.key);
        match self.listing {
            None => entry.published != Some(object.digest),
            // The digest shows that the headers are the same, the ETag that the bytes are.
            Some(listing) => {
                let has_headers = entry.published == Some(object.digest) && entry.pending.is_none()
                    || entry.pending == Some(object.digest);
                let etag = listing.get(&object.key);
                !has_headers || !etag.is_some_and(|etag| object.md5.is_some_and(|md5| md5.is_etag(etag)))
            }
        }
    }
}

impl<'a> Survey<'a> {
    pub(super) fn new(
        maker: ObjectMaker<'a>,
        redirects: WithRedirects,
        before: &Before<'_>,
    ) -> Result<Self, PublishStop> {
        let items = maker.items(redirects);
        let (done, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let progress = Progress::new("comparing", "files");
        let survey = |(index, item): (usize, &Item)| -> Result<Vec<Surveyed>, PublishStop> {
            progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
            let made = match maker.make(item) {
                Ok(made) => made,
                Err(NotMade::Nothing) => Vec::new(),
                Err(NotMade::LeftOut(reason)) => {
                    tracing::error!("{}: left out: {reason}", item.key);
                    Vec::new()
                }
                Err(NotMade::Changed(reason)) => return Err(PublishStop::Changed(reason)),
            };
            made.into_iter().map(|made| surveyed(index, item, made, before, &kept)).collect()
        };
        // In small chunks, because feeds are among the last items and take the longest.
        let objects: Result<Vec<Vec<_>>, PublishStop> =
            items.par_iter().enumerate().with_max_len(16).map(survey).collect();
        let objects = objects?.into_iter().flatten().collect();
        for (path, reason) in maker.left_out() {
            tracing::error!("{path}: left out: {reason}");
        }
        Ok(Self { maker, items, objects })
    }

    /// Makes an object again that was not kept.
    pub(super) fn upload(&self, object: &Surveyed) -> Result<Upload, PublishStop> {
        if let Some(Upload { body: ObjectBody::Bytes(bytes), headers }) = &object.kept {
            return Ok(Upload { body: ObjectBody::Bytes(bytes.clone()), headers: headers.clone() });
        }
        let changed = || PublishStop::Changed(format!("`{}` changed during the build; build again", object.key));
        let made = self.maker.make(&self.items[object.item]).map_err(|reason| match reason {
            NotMade::Changed(reason) => PublishStop::Changed(reason),
            NotMade::Nothing | NotMade::LeftOut(_) => changed(),
        })?;
        let made = made.into_iter().find(|made| made.end == object.end).ok_or_else(changed)?;
        if made.digest().ok() != Some(object.digest) {
            return Err(changed());
        }
        Ok(Upload { body: made.body, headers: made.headers })
    }

    /// The entries of a manifest with all objects.
    pub(super) fn entries(&self) -> BTreeMap<String, ManifestEntry> {
        let entry = |object: &Surveyed| {
            (object.key.clone(), ManifestEntry { published: Some(object.digest), ..ManifestEntry::default() })
        };
        self.objects.iter().map(entry).collect()
    }
}

fn surveyed(
    index: usize,
    item: &Item,
    made: MadeObject,
    before: &Before<'_>,
    kept: &AtomicUsize,
) -> Result<Surveyed, PublishStop> {
    let key = format!("{}{}", item.key, made.end);
    let unreadable =
        |error: std::io::Error| PublishStop::Failed(Failure::new(format!("`{key}` cannot be read: {error}")));
    let digest = made.digest().map_err(unreadable)?;
    let md5 = before.listing.map(|_| Md5Digest::of(&made.body)).transpose().map_err(unreadable)?;
    let mut object = Surveyed { item: index, part: item.part, digest, md5, end: made.end, kept: None, key };
    if matches!(made.body, ObjectBody::Bytes(_)) && before.differs(&object) {
        let length = usize::try_from(made.body.length()).unwrap_or(usize::MAX);
        if kept.load(Ordering::Relaxed).saturating_add(length) <= MOST_KEPT {
            kept.fetch_add(length, Ordering::Relaxed);
            object.kept = Some(Upload { body: made.body, headers: made.headers });
        }
    }
    Ok(object)
}
