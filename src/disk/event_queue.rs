//! Hints, gathered until it is worth looking.
//!
//! One look after a pause, and one at the latest after `patience`, however
//! many events come. Bounded: past a number of paths, everything is looked at.
//! A watcher with only the core events reports no closing of a file, so
//! quiet is the only sign that a writer is done.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::ChangedPaths;

/// Past so many paths it is cheaper to look at everything.
const MOST_PATHS: usize = 10_000;

/// How long hints are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Without another event for so long, look.
    pub quiet: Duration,
    /// So long after the first event, look in any case.
    pub patience: Duration,
}

impl Default for Pause {
    fn default() -> Self {
        Self { quiet: Duration::from_millis(30), patience: Duration::from_millis(200) }
    }
}

/// Why it is time to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Events came.
    Scan {
        /// Where to look for articles and images, if anywhere.
        content: Option<ChangedPaths>,
        /// Whether anything in `feeds/` may have changed.
        feeds: bool,
    },
    /// Somebody asked for a look at everything, `feeds/` included.
    Reload,
    /// Nothing came for as long as was waited.
    Tick,
    /// It is over.
    Stop,
}

/// Where hints are left; clones are one inbox.
#[derive(Debug, Clone, Default)]
pub struct EventQueue {
    shared: Arc<(Mutex<Pending>, Condvar)>,
    lost: Arc<AtomicU64>,
}

impl EventQueue {
    /// An empty inbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// Something happened at a path of the content directory or an image root.
    pub fn path(&self, path: PathBuf) {
        self.note(|pending, now| {
            if pending.path(path, now) == Capacity::Full {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    /// Something happened in the feeds directory.
    pub fn feeds(&self) {
        self.note(|pending, now| {
            pending.feeds = true;
            pending.touch(now);
        });
    }

    /// Something happened, and nobody knows where.
    pub fn everything(&self) {
        self.note(|pending, now| {
            pending.everything = true;
            pending.paths.clear();
            pending.feeds = true;
            pending.touch(now);
        });
    }

    /// Events were lost, so that everything is to be looked at.
    pub fn lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        self.everything();
    }

    /// How often events were lost so far, to the system's queue or to ours.
    pub fn losses(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Look at everything now.
    pub fn reload(&self) {
        self.note(|pending, _| pending.command = pending.command.max(Some(Command::Reload)));
    }

    /// Whoever waits is to end.
    pub fn stop(&self) {
        self.note(|pending, _| pending.command = Some(Command::Stop));
    }

    /// Waits for the next thing to do, at most `timeout`.
    pub fn next(&self, pause: Pause, timeout: Duration) -> Wake {
        let start = Instant::now();
        let mut pending = self.pending();
        loop {
            let now = Instant::now();
            if let Some(wake) = pending.ready(pause, now) {
                return wake;
            }
            let left = match pending.due(pause) {
                Some(due) => due.saturating_duration_since(now),
                None => match timeout.checked_sub(now - start) {
                    Some(left) if !left.is_zero() => left,
                    _ => return Wake::Tick,
                },
            };
            pending = self.shared.1.wait_timeout(pending, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Makes whoever leaves hints wait.
    #[cfg(test)]
    pub(super) fn hold(&self) -> impl Drop {
        self.pending()
    }

    fn note(&self, note: impl FnOnce(&mut Pending, Instant)) {
        note(&mut self.pending(), Instant::now());
        self.shared.1.notify_all();
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        // A panic elsewhere leaves at worst a hint too many.
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether another path could be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capacity {
    Left,
    /// It was one too many, and none is kept any more.
    Full,
}

/// What somebody asked for, which does not wait for quiet; the later one here
/// comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Command {
    Reload,
    Stop,
}

/// What waits to be looked at.
#[derive(Debug, Default)]
struct Pending {
    paths: BTreeSet<PathBuf>,
    everything: bool,
    feeds: bool,
    command: Option<Command>,
    /// When the first and the last event came.
    span: Option<(Instant, Instant)>,
}

impl Pending {
    fn touch(&mut self, now: Instant) {
        self.span = Some(self.span.map_or((now, now), |(first, _)| (first, now)));
    }

    fn path(&mut self, path: PathBuf, now: Instant) -> Capacity {
        self.touch(now);
        if !self.everything {
            self.paths.insert(path);
            if self.paths.len() > MOST_PATHS {
                self.everything = true;
                self.paths.clear();
                return Capacity::Full;
            }
        }
        Capacity::Left
    }

    fn due(&self, pause: Pause) -> Option<Instant> {
        self.span.map(|(first, last)| (last + pause.quiet).min(first + pause.patience))
    }

    fn ready(&mut self, pause: Pause, now: Instant) -> Option<Wake> {
        match self.command {
            // It stays stopped: nobody starts waiting again.
            Some(Command::Stop) => return Some(Wake::Stop),
            Some(Command::Reload) => {
                *self = Self::default();
                return Some(Wake::Reload);
            }
            None => {}
        }
        if self.due(pause).is_none_or(|due| now < due) {
            return None;
        }
        let Self { paths, everything, feeds, .. } = std::mem::take(self);
        let content = match (everything, paths.is_empty()) {
            (true, _) => Some(ChangedPaths::Everything),
            (false, false) => Some(ChangedPaths::Paths(paths)),
            (false, true) => None,
        };
        Some(Wake::Scan { content, feeds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Pause = Pause { quiet: Duration::from_millis(30), patience: Duration::from_millis(200) };

    #[test]
    fn a_pause_ends_the_gathering_and_patience_ends_it_without_one() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        pending.path("a".into(), at(0));
        assert_eq!(pending.ready(PAUSE, at(29)), None);
        assert_eq!(
            pending.ready(PAUSE, at(30)),
            Some(Wake::Scan { content: Some(ChangedPaths::Paths(["a".into()].into())), feeds: false })
        );
        assert_eq!(pending.ready(PAUSE, at(500)), None);
        for step in 0..10 {
            pending.path("a".into(), at(1000 + step * 20));
            assert_eq!(pending.ready(PAUSE, at(1000 + step * 20)), None);
        }
        assert!(pending.ready(PAUSE, at(1200)).is_some());
    }

    #[test]
    fn too_many_paths_are_everything() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        for number in 0..=MOST_PATHS {
            pending.path(number.to_string().into(), start);
        }
        assert!(pending.paths.is_empty());
        assert_eq!(
            pending.ready(PAUSE, start + PAUSE.patience),
            Some(Wake::Scan { content: Some(ChangedPaths::Everything), feeds: false })
        );
    }

    #[test]
    fn feeds_are_told_apart_and_a_stop_comes_first() {
        let event_queue = EventQueue::new();
        event_queue.feeds();
        assert_eq!(event_queue.next(PAUSE, Duration::from_secs(9)), Wake::Scan { content: None, feeds: true });
        event_queue.everything();
        assert_eq!(
            event_queue.next(PAUSE, Duration::from_secs(9)),
            Wake::Scan { content: Some(ChangedPaths::Everything), feeds: true }
        );
        assert_eq!(event_queue.next(PAUSE, Duration::ZERO), Wake::Tick);
        event_queue.path("a".into());
        event_queue.reload();
        assert_eq!(event_queue.next(PAUSE, Duration::ZERO), Wake::Reload);
        event_queue.reload();
        event_queue.stop();
        assert_eq!(event_queue.next(PAUSE, Duration::from_secs(9)), Wake::Stop);
        assert_eq!(event_queue.next(PAUSE, Duration::from_secs(9)), Wake::Stop);
    }
}
