//! Detects changes by events or by polling, depending on the settings and the system.
//!
//! Events are used where they work; otherwise the updater rescans everything at an interval, and
//! the reason is logged. Where events work but may be incomplete, both are used.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cli::WatchMode;
use crate::disk::{self, Coverage, EventQueue, FeedsPaths, ScanConfig, Watch};
use crate::settings::{PlaceSettings, WatchSettings};

/// How changes are detected at present.
#[derive(Debug)]
enum Detection {
    /// Not at all, as the settings say.
    Off,
    /// By polling, as the settings say.
    Polling,
    /// By events.
    Events(Watch),
    /// By events and by polling, because events may be missing for this reason.
    Both(Watch, String),
    /// By polling although events were requested, for this reason. Events are tried again from `retry` on.
    Fallback { why: String, retry: Instant },
}

impl Detection {
    fn watch(&self) -> Option<&Watch> {
        match self {
            Self::Events(watch) | Self::Both(watch, _) => Some(watch),
            Self::Off | Self::Polling | Self::Fallback { .. } => None,
        }
    }

    fn watch_mut(&mut self) -> Option<&mut Watch> {
        match self {
            Self::Events(watch) | Self::Both(watch, _) => Some(watch),
            Self::Off | Self::Polling | Self::Fallback { .. } => None,
        }
    }

    /// Why it polls although events were requested.
    fn why(&self) -> Option<&str> {
        match self {
            Self::Both(_, why) | Self::Fallback { why, .. } => Some(why),
            Self::Off | Self::Polling | Self::Events(_) => None,
        }
    }
}

/// Detects changes, and keeps the settings that say how.
#[derive(Debug)]
pub(in crate::commands::serve) struct Watching {
    wanted: WatchMode,
    poll: Duration,
    rescan: Duration,
    detection: Detection,
    /// When the watch was last set up.
    tried: Instant,
    /// Hidden paths that are the targets of symbolic links.
    hidden: BTreeSet<PathBuf>,
}

impl Watching {
    /// Starts to watch according to the settings. Logs the reason if it polls instead.
    pub(in crate::commands::serve) fn start(
        places: &PlaceSettings,
        settings: WatchSettings,
        scan_config: &ScanConfig,
        event_queue: &EventQueue,
    ) -> Self {
        let mut watching = Self {
            wanted: settings.mode,
            poll: settings.poll,
            rescan: settings.rescan,
            detection: if settings.mode == WatchMode::Off { Detection::Off } else { Detection::Polling },
            tried: Instant::now(),
            hidden: BTreeSet::new(),
        };
        watching.place(scan_config, places.feeds_paths(), event_queue);
        watching
    }

    /// Sets up the watch on the current targets of roots and symbolic links. Rescan afterwards,
    /// because changes in the meantime are not reported.
    pub(super) fn place(&mut self, scan_config: &ScanConfig, feeds: FeedsPaths<'_>, event_queue: &EventQueue) {
        if !matches!(self.wanted, WatchMode::Auto | WatchMode::Events) {
            return;
        }
        self.tried = Instant::now();
        match disk::watch(scan_config, feeds, event_queue) {
            Ok(mut watch) => {
                watch.follow(self.hidden.clone());
                let before = self.end();
                // Events that the user requested explicitly are trusted.
                let doubts =
                    if self.wanted == WatchMode::Auto { disk::unreliable_events(scan_config, feeds) } else { None };
                self.begin(
                    match doubts {
                        Some(why) => Detection::Both(watch, why),
                        None => Detection::Events(watch),
                    },
                    before.as_deref(),
                );
            }
            // At a limit, the watch that ends now may have used the resources that were missing.
            Err(error) if self.hears() && error.is_limit() => self.fall_back(error.to_string(), self.tried),
            Err(error) => self.give_up(error.to_string()),
        }
    }

    /// Also reports events at these hidden paths, because symbolic links lead to them.
    pub(super) fn follow(&mut self, hidden: BTreeSet<PathBuf>) {
        if self.hidden != hidden {
            self.hidden = hidden;
            if let Some(watch) = self.detection.watch_mut() {
                watch.follow(self.hidden.clone());
            }
        }
    }

    /// Watches directories that were created since the last call. The scan that follows finds their
    /// content.
    pub(super) fn catch_up(&mut self) {
        if let Some(watch) = self.detection.watch_mut() {
            watch.catch_up();
        }
    }

    /// Polls from now on, because events are missing or incomplete. Events are tried again later: limits may have
    /// been raised, or the tree may have become smaller.
    pub(super) fn give_up(&mut self, why: String) {
        self.fall_back(why, self.tried + self.rescan);
    }

    fn fall_back(&mut self, why: String, retry: Instant) {
        let before = self.end();
        self.begin(Detection::Fallback { why, retry }, before.as_deref());
    }

    /// Whether to try events again after a failure.
    pub(super) fn may_try_again(&self) -> bool {
        matches!(self.detection, Detection::Fallback { retry, .. } if retry <= Instant::now())
    }

    /// Whether there is a watch.
    pub(super) fn hears(&self) -> bool {
        self.detection.watch().is_some()
    }

    /// Whether the events of the watch cover everything.
    pub(super) fn coverage(&self) -> Coverage {
        self.detection.watch().map_or(Coverage::Complete, Watch::coverage)
    }

    /// The interval between full rescans.
    pub(super) fn interval(&self) -> Option<Duration> {
        match self.detection {
            Detection::Off => None,
            Detection::Events(_) => Some(self.rescan),
            Detection::Polling | Detection::Both(..) | Detection::Fallback { .. } => Some(self.poll),
        }
    }

    /// The name of the mode in the status and the metrics.
    pub(super) fn name(&self) -> &'static str {
        match self.detection {
            Detection::Off => "off",
            Detection::Events(_) => "events",
            Detection::Polling | Detection::Both(..) | Detection::Fallback { .. } => "poll",
        }
    }

    /// Why it polls although events were requested.
    pub(super) fn why(&self) -> Option<&str> {
        self.detection.why()
    }

    /// Ends the watch, which frees its resources. Returns why there was polling although events were requested.
    fn end(&mut self) -> Option<String> {
        match std::mem::replace(&mut self.detection, Detection::Polling) {
            Detection::Both(_, why) | Detection::Fallback { why, .. } => Some(why),
            Detection::Off | Detection::Polling | Detection::Events(_) => None,
        }
    }

    /// Detects changes in this way from now on. Logs why it polls, or that it no longer does, if that is not as
    /// `before`.
    fn begin(&mut self, detection: Detection, before: Option<&str>) {
        if detection.why() != before {
            let every = self.poll.as_millis();
            match &detection {
                Detection::Both(_, why) => tracing::info!("rescanning every {every} ms in addition to events: {why}"),
                Detection::Fallback { why, .. } => {
                    tracing::warn!("no events, rescanning every {every} ms instead: {why}");
                }
                Detection::Off | Detection::Polling | Detection::Events(_) => tracing::info!("events work again"),
            }
        }
        self.detection = detection;
    }
}
