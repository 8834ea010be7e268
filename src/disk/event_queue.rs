//! Collects the events of the watcher until it is time to scan.
//!
//! A scan is due when no event has come for [`Pause::quiet`], and at the latest [`Pause::patience`] after the first
//! event. Not all watchers report that a file was closed, so a quiet moment is the only sign that a writer is done. The
//! queue is bounded: if it holds too many paths, it drops them and requests a full scan.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::ChangedPaths;
use crate::lock::{lock, recover};

/// With more paths than this, a full scan is cheaper.
const MOST_PATHS: usize = 10_000;

/// How long events are collected before a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Scan when no event has come for this long.
    pub quiet: Duration,
    /// Scan at the latest this long after the first event.
    pub patience: Duration,
}

impl Default for Pause {
    fn default() -> Self {
        Self { quiet: Duration::from_millis(30), patience: Duration::from_millis(200) }
    }
}

/// The next task of the thread that waits in [`EventQueue::next`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Scan, because events came.
    Scan {
        /// The paths of articles and images to scan; `None` if only `feeds/` may have changed.
        content: Option<ChangedPaths>,
        /// Whether anything in `feeds/` may have changed.
        feeds: bool,
    },
    /// Scan everything including `feeds/`, because a reload was requested.
    Reload,
    /// No event came before the timeout.
    Tick,
    /// End the thread.
    Stop,
}

/// The queue between the watcher, which adds events, and the thread that scans. Clones share one queue.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventQueue {
    shared: Arc<(Mutex<PendingEvents>, Condvar)>,
    lost: Arc<AtomicU64>,
}

impl EventQueue {
    /// Creates an empty queue.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds an event at a path of the content directory or of an image root.
    pub(crate) fn path(&self, path: PathBuf) {
        self.note(|pending, now| {
            if pending.path(path, now) == Capacity::Full {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    pub(crate) fn feeds(&self) {
        self.note(|pending, now| {
            pending.feeds = true;
            pending.touch(now);
        });
    }

    /// Adds an event at an unknown path, which requires a full scan.
    pub(crate) fn everything(&self) {
        self.note(|pending, now| {
            pending.content = Some(ChangedPaths::Everything);
            pending.feeds = true;
            pending.touch(now);
        });
    }

    /// Counts a loss of events and requests a full scan.
    pub(crate) fn lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        self.everything();
    }

    /// How often events were lost so far, because the queue of the operating system or this one was full.
    pub(crate) fn losses(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Requests a reload of everything without waiting for a quiet moment.
    pub(crate) fn reload(&self) {
        self.note(|pending, _| pending.command = pending.command.max(Some(WatchCommand::Reload)));
    }

    /// Makes every present and later call of [`Self::next`] return [`Wake::Stop`].
    pub(crate) fn stop(&self) {
        self.note(|pending, _| pending.command = Some(WatchCommand::Stop));
    }

    /// Waits for the next task. Returns [`Wake::Tick`] if no event comes within `timeout`.
    pub(crate) fn next(&self, pause: Pause, timeout: Duration) -> Wake {
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
            pending = recover(self.shared.1.wait_timeout(pending, left)).0;
        }
    }

    /// Locks the queue, so that adding an event blocks until the returned guard is dropped.
    #[cfg(test)]
    pub(super) fn hold(&self) -> impl Drop {
        self.pending()
    }

    fn note(&self, note: impl FnOnce(&mut PendingEvents, Instant)) {
        note(&mut self.pending(), Instant::now());
        self.shared.1.notify_all();
    }

    fn pending(&self) -> MutexGuard<'_, PendingEvents> {
        // After a panic in another thread the queue is still valid; at worst it holds an event too many.
        lock(&self.shared.0)
    }
}

/// Whether the queue could take another path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capacity {
    Left,
    /// The limit was exceeded: all paths were dropped, and a full scan is pending.
    Full,
}

/// A request that does not wait for a quiet moment. Ordered by priority: a stop overrides a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum WatchCommand {
    Reload,
    Stop,
}

/// The events and requests that have not been handled yet.
#[derive(Debug, Default)]
struct PendingEvents {
    content: Option<ChangedPaths>,
    feeds: bool,
    command: Option<WatchCommand>,
    /// When the first and the last of the pending events came.
    span: Option<(Instant, Instant)>,
}

impl PendingEvents {
    fn touch(&mut self, now: Instant) {
        self.span = Some(self.span.map_or((now, now), |(first, _)| (first, now)));
    }

    fn path(&mut self, path: PathBuf, now: Instant) -> Capacity {
        self.touch(now);
        match self.content.get_or_insert_with(|| ChangedPaths::Paths(BTreeSet::new())) {
            ChangedPaths::Everything => {}
            ChangedPaths::Paths(paths) => {
                paths.insert(path);
                if paths.len() > MOST_PATHS {
                    self.content = Some(ChangedPaths::Everything);
                    return Capacity::Full;
                }
            }
        }
        Capacity::Left
    }

    /// When to scan; `None` without events.
    fn due(&self, pause: Pause) -> Option<Instant> {
        self.span.map(|(first, last)| (last + pause.quiet).min(first + pause.patience))
    }

    /// Takes the pending request or, if a scan is due, all events.
    fn ready(&mut self, pause: Pause, now: Instant) -> Option<Wake> {
        match self.command {
            // Kept, so that later calls return it too.
            Some(WatchCommand::Stop) => return Some(Wake::Stop),
            Some(WatchCommand::Reload) => {
                *self = Self::default();
                return Some(Wake::Reload);
            }
            None => {}
        }
        if self.due(pause).is_none_or(|due| now < due) {
            return None;
        }
        let Self { content, feeds, .. } = std::mem::take(self);
        Some(Wake::Scan { content, feeds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Pause = Pause { quiet: Duration::from_millis(30), patience: Duration::from_millis(200) };

    #[test]
    fn a_scan_is_due_after_a_quiet_moment_or_when_patience_ends() {
        let (start, mut pending) = (Instant::now(), PendingEvents::default());
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
    fn too_many_paths_cause_a_full_scan() {
        let (start, mut pending) = (Instant::now(), PendingEvents::default());
        for number in 0..=MOST_PATHS {
            pending.path(number.to_string().into(), start);
        }
        assert_eq!(
            pending.ready(PAUSE, start + PAUSE.patience),
            Some(Wake::Scan { content: Some(ChangedPaths::Everything), feeds: false })
        );
    }

    #[test]
    fn events_in_feeds_are_separate_and_a_stop_has_priority() {
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
