//! When a change of the configuration counts.
//!
//! A file of configuration may be half written, and `git checkout` removes a file before it writes it again. Half of a
//! configuration can publish what the whole one hides. So a change counts when the file has been the same for two
//! seconds, a deletion after ten, and files that change together count together. The time is passed in.
//!
//! When the content directory itself is replaced, its configuration is replaced with it: both count at the same moment,
//! deletions included.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::disk::{ConfigEntry, ConfigKey, Configuration, RootVersion};

/// A change counts after so long without another one.
pub(in crate::commands) const QUIET: Duration = Duration::from_secs(2);
/// A deletion counts after so long without the file.
const DELETED: Duration = Duration::from_secs(10);
/// Files that change together wait for each other so long at most.
const TOGETHER: Duration = Duration::from_secs(10);
/// A replaced content directory waits for its configuration so long at most: its articles are due within five seconds.
const REPLACED: Duration = Duration::from_secs(4);

/// A difference between what counts and what is there.
#[derive(Debug, Clone)]
struct Pending {
    /// What is there; `None` for a deletion.
    entry: Option<ConfigEntry>,
    /// Since when it has been the same.
    since: Instant,
}

/// Another content directory than the one that counts.
#[derive(Debug, Clone)]
struct Replaced {
    root: RootVersion,
    /// Since when it has been this one.
    since: Instant,
    /// Since when it has been another one than the one that counts.
    began: Instant,
}

/// What to do after a reading.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// All that is there counts already.
    Same,
    /// Read again after so long.
    Wait(Duration),
    /// This configuration may count now.
    Settled(Configuration),
}

/// The configuration that counts, and what waits to count.
#[derive(Debug)]
pub(super) struct Settling {
    accepted: Configuration,
    pending: BTreeMap<ConfigKey, Pending>,
    /// The other content directory that is there.
    replaced: Option<Replaced>,
    /// When the first of the changes that still wait was seen; deletions wait by themselves.
    began: Option<Instant>,
}

impl Settling {
    /// With a configuration that counts at once, as at the start.
    pub(super) fn new(accepted: Configuration) -> Self {
        Self { accepted, pending: BTreeMap::new(), replaced: None, began: None }
    }

    /// Compares a reading with what counts. A configuration that settled counts when it is accepted.
    pub(super) fn see(&mut self, seen: &Configuration, now: Instant) -> Verdict {
        self.note_root(seen, now);
        self.note_entries(seen, now);
        if self.pending.is_empty() && self.replaced.is_none() {
            self.began = None;
            return Verdict::Same;
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
            // What waits for another file needs no reading before that one is due.
            let dues = due.values().copied().filter(|_| !waits).chain(last);
            let next = dues.chain(limit).filter(|due| *due > now).min();
            return Verdict::Wait(next.map_or(QUIET, |next| next - now));
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
        Verdict::Settled(next)
    }

    /// A configuration that settled cannot count yet, because its content directory holds no article. What changes from
    /// now on has its own time to settle.
    pub(super) fn refuse(&mut self, now: Instant) {
        if let Some(replaced) = &mut self.replaced {
            replaced.began = now;
        }
    }

    /// From now on this configuration counts.
    pub(super) fn accept(&mut self, accepted: Configuration) {
        self.accepted = accepted;
        let counts = |key: &ConfigKey, pending: &Pending| self.accepted.entries.get(key) == pending.entry.as_ref();
        self.pending.retain(|key, pending| !counts(key, pending));
        self.replaced = self.replaced.take().filter(|other| self.accepted.root.as_ref() != Some(&other.root));
        self.began = None;
    }

    /// What counts.
    pub(super) fn accepted(&self) -> &Configuration {
        &self.accepted
    }

    fn note_root(&mut self, seen: &Configuration, now: Instant) {
        let Some(root) = seen.root.as_ref().filter(|root| self.accepted.root.as_ref() != Some(root)) else {
            // A directory that is not there, or is there again, replaces nothing.
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
        // A content directory that is not there says nothing.
        let is_read = |key: &ConfigKey| seen.root.is_some() || matches!(key, ConfigKey::Feeds(_));
        let differs = |key: &ConfigKey| is_read(key) && accepted.get(key) != seen.entries.get(key);
        pending.retain(|key, _| differs(key));
        let keys: BTreeSet<&ConfigKey> = accepted.keys().chain(seen.entries.keys()).collect();
        for key in keys.into_iter().filter(|key| differs(key)) {
            let entry = seen.entries.get(key);
            if pending.get(key).is_none_or(|pending| pending.entry.as_ref() != entry) {
                pending.insert(key.clone(), Pending { entry: entry.cloned(), since: now });
            }
        }
    }

    /// When a difference may count, if nothing else waits.
    fn due(&self, key: &ConfigKey, pending: &Pending, block: Block) -> Instant {
        let wait = match pending.entry {
            Some(_) if self.is_new_section(key) && self.replaced.is_none() => Duration::ZERO,
            None if !block.covers(key) => DELETED,
            _ => QUIET,
        };
        pending.since + wait
    }

    /// A page of a section that is new hides what comes with it, and takes the place of nothing: it counts at once.
    fn is_new_section(&self, key: &ConfigKey) -> bool {
        matches!(key, ConfigKey::Section(_)) && !self.accepted.entries.contains_key(key)
    }
}

/// Which configuration was replaced as a whole, so that a file that is missing now was left out on purpose.
#[derive(Debug, Clone, Copy)]
struct Block {
    content: bool,
    feeds: bool,
}

impl Block {
    fn new(accepted: &Configuration, seen: &Configuration) -> Self {
        let content = seen.root.is_some() && seen.root != accepted.root;
        let holds_feeds = seen.entries.keys().any(|key| matches!(key, ConfigKey::Feeds(_)));
        // An empty directory may be what an unmounted volume leaves.
        let feeds = seen.feeds.is_some() && seen.feeds != accepted.feeds && (holds_feeds || content);
        Self { content, feeds }
    }

    fn covers(self, key: &ConfigKey) -> bool {
        if matches!(key, ConfigKey::Feeds(_)) { self.feeds } else { self.content }
    }
}

#[cfg(test)]
mod tests;
