//! Decides when a change of the configuration is used.
//!
//! A configuration file may be half written, and `git checkout` removes a file before it writes the
//! new one. Half of a configuration can publish what the whole one hides. A change is therefore
//! used when the file has been unchanged for two seconds, and a deletion after ten. Files that
//! change together are used together. The time is passed in by the caller.
//!
//! When the content directory is replaced as a whole, its configuration is replaced with it. Both
//! are then used at the same moment, including deletions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::disk::{ConfigEntry, ConfigKey, Configuration, RootVersion};

/// A change is used after this time without another change.
pub(in crate::commands) const QUIET: Duration = Duration::from_secs(2);
/// A deletion is used after this time without the file.
const DELETED: Duration = Duration::from_secs(10);
/// Files that change together wait at most this long for each other.
const TOGETHER: Duration = Duration::from_secs(10);
/// A replaced content directory waits at most this long for its configuration, because its articles
/// have to appear within five seconds.
const REPLACED: Duration = Duration::from_secs(4);

/// A difference between the configuration in use and the files.
#[derive(Debug, Clone)]
struct PendingEntry {
    /// The file as it is now; `None` for a deletion.
    entry: Option<ConfigEntry>,
    /// How long it has been unchanged.
    since: Instant,
}

/// A content directory that replaced the one in use.
#[derive(Debug, Clone)]
struct Replaced {
    root: RootVersion,
    /// Since when it has been this directory.
    since: Instant,
    /// Since when it has not been the directory in use.
    began: Instant,
}

/// The next step after reading the configuration.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SettlingStep {
    /// Nothing differs from the configuration in use.
    Same,
    /// Read again after this time.
    Wait(Duration),
    /// This configuration can be used now.
    Settled(Configuration),
}

/// The configuration in use, and the changes that have not settled.
#[derive(Debug)]
pub(super) struct Settling {
    accepted: Configuration,
    pending: BTreeMap<ConfigKey, PendingEntry>,
    /// The new content directory, if it was replaced.
    replaced: Option<Replaced>,
    /// When the first of the pending changes was seen. Deletions do not count.
    began: Option<Instant>,
}

impl Settling {
    /// Starts with a configuration that is used at once.
    pub(super) fn new(accepted: Configuration) -> Self {
        Self { accepted, pending: BTreeMap::new(), replaced: None, began: None }
    }

    /// Compares the files with the configuration in use. After `Settled` the caller calls `accept`
    /// or `refuse`.
    pub(super) fn see(&mut self, seen: &Configuration, now: Instant) -> SettlingStep {
        self.note_root(seen, now);
        self.note_entries(seen, now);
        if self.pending.is_empty() && self.replaced.is_none() {
            self.began = None;
            return SettlingStep::Same;
        }
        let block = Block::new(&self.accepted, seen);
        let due: BTreeMap<&ConfigKey, Instant> =
            self.pending.iter().map(|(key, pending)| (key, self.due(key, pending, block))).collect();
        let is_change =
            |key: &ConfigKey| block.covers(key) || self.pending.get(key).is_some_and(|pending| pending.entry.is_some());
        let changes = due.iter().filter(|(key, _)| is_change(key)).map(|(_, due)| *due);
        let last = changes.chain(self.replaced.iter().map(|replaced| replaced.since + QUIET)).max();
        self.began = last.map(|_| self.began.unwrap_or(now));
        let limit = match &self.replaced {
            Some(replaced) => Some(replaced.began + REPLACED),
            None => self.began.map(|began| began + TOGETHER),
        };
        let (is_replaced, is_over) = (self.replaced.is_some(), limit.is_some_and(|limit| limit <= now));
        let waits = !is_over && last.is_some_and(|last| last > now);
        let counts = |key: &ConfigKey, due: Instant| match (waits, is_replaced) {
            (true, true) => false,
            (true, false) => self.is_new_section(key),
            (false, true) => is_over || due <= now,
            (false, false) => due <= now,
        };
        let (counting, left): (Vec<_>, Vec<_>) = due.iter().partition(|(key, due)| counts(key, **due));
        if counting.is_empty() && (waits || !is_replaced) {
            // Changes that wait for another file need not be read before that one is due.
            let dues = due.values().copied().filter(|_| !waits).chain(last);
            let next = dues.chain(limit).filter(|due| *due > now).min();
            return SettlingStep::Wait(next.map_or(QUIET, |next| next - now));
        }
        let mut next = self.accepted.clone();
        for (key, _) in counting {
            match &self.pending[*key].entry {
                Some(entry) => next.entries.insert((*key).clone(), entry.clone()),
                None => next.entries.remove(*key),
            };
        }
        if !waits && is_replaced || next.root.is_none() {
            next.root.clone_from(&seen.root);
        }
        if seen.feeds.is_some() && !left.iter().any(|(key, _)| matches!(key, ConfigKey::Feeds(_))) {
            next.feeds.clone_from(&seen.feeds);
        }
        SettlingStep::Settled(next)
    }

    /// Reports that a configuration that has settled cannot be used yet, because its content
    /// directory has no article. Changes from now on get the full time to settle.
    pub(super) fn refuse(&mut self, now: Instant) {
        if let Some(replaced) = &mut self.replaced {
            replaced.began = now;
        }
    }

    pub(super) fn accept(&mut self, accepted: Configuration) {
        self.accepted = accepted;
        let counts = |key: &ConfigKey, pending: &PendingEntry| self.accepted.entries.get(key) == pending.entry.as_ref();
        self.pending.retain(|key, pending| !counts(key, pending));
        self.replaced = self.replaced.take().filter(|other| self.accepted.root.as_ref() != Some(&other.root));
        self.began = None;
    }

    pub(super) fn accepted(&self) -> &Configuration {
        &self.accepted
    }

    fn note_root(&mut self, seen: &Configuration, now: Instant) {
        let Some(root) = seen.root.as_ref().filter(|root| self.accepted.root.as_ref() != Some(root)) else {
            // A directory that is missing, or is back, is not a replacement.
            self.replaced = None;
            return;
        };
        let known = self.replaced.take();
        let began = known.as_ref().map_or(now, |known| known.began);
        let since = known.filter(|known| known.root == *root).map_or(now, |known| known.since);
        self.replaced = Some(Replaced { root: root.clone(), since, began });
    }

    fn note_entries(&mut self, seen: &Configuration, now: Instant) {
        let (accepted, pending) = (&self.accepted.entries, &mut self.pending);
        // Without a content directory, nothing is known about its configuration.
        let is_read = |key: &ConfigKey| seen.root.is_some() || key.is_of_operator();
        let differs = |key: &ConfigKey| is_read(key) && accepted.get(key) != seen.entries.get(key);
        pending.retain(|key, _| differs(key));
        let keys: BTreeSet<&ConfigKey> = accepted.keys().chain(seen.entries.keys()).collect();
        for key in keys.into_iter().filter(|key| differs(key)) {
            let entry = seen.entries.get(key);
            if pending.get(key).is_none_or(|pending| pending.entry.as_ref() != entry) {
                pending.insert(key.clone(), PendingEntry { entry: entry.cloned(), since: now });
            }
        }
    }

    /// When a difference can be used if nothing else is pending.
    fn due(&self, key: &ConfigKey, pending: &PendingEntry, block: Block) -> Instant {
        let wait = match pending.entry {
            Some(_) if self.is_new_section(key) && self.replaced.is_none() => Duration::ZERO,
            None if !block.covers(key) => DELETED,
            _ => QUIET,
        };
        pending.since + wait
    }

    /// Whether this is the new page of a section. It can hide the articles that come with it and
    /// replaces nothing, so it is used at once.
    fn is_new_section(&self, key: &ConfigKey) -> bool {
        matches!(key, ConfigKey::Section(_)) && !self.accepted.entries.contains_key(key)
    }
}

/// Which configuration was replaced as a whole. A file that is missing in the new one was removed
/// on purpose.
#[derive(Debug, Clone, Copy)]
struct Block {
    content: bool,
    feeds: bool,
}

impl Block {
    fn new(accepted: &Configuration, seen: &Configuration) -> Self {
        let content = seen.root.is_some() && seen.root != accepted.root;
        let holds_feeds = seen.entries.keys().any(|key| matches!(key, ConfigKey::Feeds(_)));
        // An unmounted volume may leave an empty directory.
        let feeds = seen.feeds.is_some() && seen.feeds != accepted.feeds && (holds_feeds || content);
        Self { content, feeds }
    }

    fn covers(self, key: &ConfigKey) -> bool {
        if key.is_of_operator() { self.feeds } else { self.content }
    }
}

#[cfg(test)]
mod tests;
