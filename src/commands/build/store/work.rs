//! What a publish has to do, given the survey and the state of the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::manifest::{Manifest, ManifestEntry};
use super::survey::{Before, Survey, Surveyed};
use crate::commands::build::plan::parents;

/// What a publish has to do.
pub(super) struct Work<'a> {
    pub(super) put: Vec<&'a Surveyed>,
    /// Dropped objects to delete after the puts.
    pub(super) due: Vec<&'a str>,
    /// Dropped objects whose names are those of new directories, or the other way round. They are deleted at once, because
    /// some stores cannot have both.
    pub(super) in_the_way: Vec<&'a str>,
    /// Objects that are no longer published, and since when.
    dropped: BTreeMap<&'a str, i64>,
    listing: Option<&'a HashMap<String, String>>,
}

impl<'a> Work<'a> {
    pub(super) fn new(survey: &'a Survey<'_>, before: &Before<'a>, now: DateTime<Utc>, keep: TimeDelta) -> Self {
        let keys: BTreeSet<&str> = survey.objects.iter().map(|object| object.key.as_str()).collect();
        let is_there = |key: &str, entry: &ManifestEntry| match before.listing {
            Some(listing) => listing.contains_key(key),
            None => entry.published.is_some() || entry.dropped.is_some(),
        };
        let directories: BTreeSet<&str> = keys.iter().flat_map(|key| parents(key)).collect();
        let is_in_the_way = |key: &str| directories.contains(key) || parents(key).any(|parent| keys.contains(parent));
        let latest = (now - keep).timestamp();
        let (mut due, mut in_the_way, mut dropped) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (key, entry) in before.manifest.iter().flat_map(|manifest| &manifest.entries) {
            if keys.contains(key.as_str()) || !is_there(key, entry) {
                continue;
            }
            if is_in_the_way(key) {
                in_the_way.push(key.as_str());
            } else if entry.dropped.is_some_and(|second| second <= latest) {
                due.push(key.as_str());
            } else {
                dropped.insert(key.as_str(), entry.dropped.unwrap_or_else(|| now.timestamp()));
            }
        }
        let put = survey.objects.iter().filter(|object| before.differs(object)).collect();
        Self { put, due, in_the_way, dropped, listing: before.listing }
    }

    /// The `ETag` that an object had before this publish.
    pub(super) fn listed(&self, key: &str) -> Option<&String> {
        self.listing?.get(key)
    }

    /// The entries of the claim: those of the last manifest, and those that are to be put. What this publish drops is
    /// still there.
    pub(super) fn claimed(survey: &Survey<'_>, manifest: Option<&Manifest>) -> BTreeMap<String, ManifestEntry> {
        let mut entries = manifest.map(|manifest| manifest.entries.clone()).unwrap_or_default();
        for object in &survey.objects {
            let entry = entries.entry(object.key.clone()).or_default();
            entry.pending = (entry.published != Some(object.digest)).then_some(object.digest);
            entry.dropped = None;
        }
        entries
    }

    /// The entries of the complete manifest.
    pub(super) fn complete(&self, survey: &Survey<'_>) -> BTreeMap<String, ManifestEntry> {
        let mut entries = survey.entries();
        for (key, second) in &self.dropped {
            entries.insert((*key).to_owned(), ManifestEntry { dropped: Some(*second), ..ManifestEntry::default() });
        }
        entries
    }

    /// The keys whose objects differ from those of the last complete publish, and those that went with this one.
    pub(super) fn changed<'b>(
        &'b self,
        survey: &'b Survey<'_>,
        manifest: Option<&'b Manifest>,
    ) -> impl Iterator<Item = &'b str> {
        let published = move |key: &str| manifest.and_then(|manifest| manifest.entries.get(key)?.published);
        let objects = survey.objects.iter().filter(move |object| published(&object.key) != Some(object.digest));
        let gone = self.dropped.keys().chain(&self.in_the_way).chain(&self.due);
        let gone = gone.copied().filter(move |key| {
            manifest.is_some_and(|manifest| manifest.entries.get(*key).is_some_and(|entry| entry.dropped.is_none()))
        });
        objects.map(|object| object.key.as_str()).chain(gone)
    }
}
