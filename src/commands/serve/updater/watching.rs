//! Detects changes by events or by polling, depending on the settings and the system.
//!
//! Events are used where they work; otherwise the updater rescans everything at an interval, and
//! the reason is logged. Where events work but may be incomplete, both are used.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cli::WatchMode;
use crate::disk::{self, EventQueue, ScanConfig, Watch};
use crate::settings::ServeSettings;

/// How changes are detected.
#[derive(Debug)]
pub(in crate::commands::serve) struct Watching {
    wanted: WatchMode,
    poll: Duration,
    rescan: Duration,
    watch: Option<Watch>,
    /// Why events are not sufficient although they were requested.
    why: Option<String>,
    /// When the watch was last set up.
    tried: Instant,
    /// Hidden paths that are the targets of symbolic links.
    hidden: BTreeSet<PathBuf>,
    /// Whether the watch failed at a limit while the previous watch still used resources.
    crowded: bool,
}

impl Watching {
    /// Starts to watch according to the settings. Logs the reason if it polls instead.
    pub(in crate::commands::serve) fn start(
        settings: &ServeSettings,
        scan_config: &ScanConfig,
        event_queue: &EventQueue,
    ) -> Self {
        let mut watching = Self {
            wanted: settings.watch,
            poll: settings.poll,
            rescan: settings.rescan,
            watch: None,
            why: None,
            tried: Instant::now(),
            hidden: BTreeSet::new(),
            crowded: false,
        };
        watching.place(scan_config, &settings.places.feeds, event_queue);
        watching
    }

    /// Sets up the watch on the current targets of roots and symbolic links. Rescan afterwards,
    /// because changes in the meantime are not reported.
    pub(super) fn place(&mut self, scan_config: &ScanConfig, feeds: &Path, event_queue: &EventQueue) {
        if !self.wants_events() {
            return;
        }
        (self.tried, self.crowded) = (Instant::now(), false);
        match disk::watch(scan_config, feeds, event_queue) {
            Ok(mut watch) => {
                watch.follow(self.hidden.clone());
                self.watch = Some(watch);
                // Events that the user requested explicitly are trusted.
                let doubts =
                    if self.wanted == WatchMode::Auto { disk::unreliable_events(scan_config, feeds) } else { None };
                self.tell(doubts);
            }
            Err(error) => {
                self.crowded = self.watch.is_some() && error.is_limit();
                self.give_up(error.to_string());
            }
        }
    }

    /// Also reports events at these hidden paths, because symbolic links lead to them.
    pub(super) fn follow(&mut self, hidden: BTreeSet<PathBuf>) {
        if self.hidden != hidden {
            self.hidden = hidden;
            self.watch.iter_mut().for_each(|watch| watch.follow(self.hidden.clone()));
        }
    }

    /// Watches directories that were created since the last call. The scan that follows finds their
    /// content.
    pub(super) fn catch_up(&mut self) {
        self.watch.iter_mut().for_each(Watch::catch_up);
    }

    /// Polls from now on, because events are missing or incomplete.
    pub(super) fn give_up(&mut self, why: String) {
        self.watch = None;
        self.tell(Some(why));
    }

    /// Whether to try events again after a failure. Limits may have been raised, or the tree may
    /// have become smaller.
    pub(super) fn may_try_again(&self) -> bool {
        self.wants_events() && self.watch.is_none() && (self.crowded || self.tried.elapsed() >= self.rescan)
    }

    /// Whether there is a watch.
    pub(super) fn hears(&self) -> bool {
        self.watch.is_some()
    }

    /// Why the watch is incomplete by now; `None` if it is complete.
    pub(super) fn trouble(&self) -> Option<String> {
        self.watch.as_ref().and_then(Watch::trouble)
    }

    /// Whether directories may lack a watch, so that it has to be set up again.
    pub(super) fn is_incomplete(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::is_incomplete)
    }

    /// The interval between full rescans.
    pub(super) fn interval(&self) -> Option<Duration> {
        match self.name() {
            "off" => None,
            "poll" => Some(self.poll),
            _ => Some(self.rescan),
        }
    }

    /// The name of the mode in the status and the metrics.
    pub(super) fn name(&self) -> &'static str {
        match self.wanted {
            WatchMode::Off => "off",
            WatchMode::Poll => "poll",
            WatchMode::Auto | WatchMode::Events if self.why.is_some() => "poll",
            WatchMode::Auto | WatchMode::Events => "events",
        }
    }

    /// Why it polls although events were requested.
    pub(super) fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    fn wants_events(&self) -> bool {
        matches!(self.wanted, WatchMode::Auto | WatchMode::Events)
    }

    /// Logs why it polls, or that it no longer does, when that changes.
    fn tell(&mut self, why: Option<String>) {
        if self.why == why {
            return;
        }
        let every = self.poll.as_millis();
        match (&why, &self.watch) {
            (Some(why), Some(_)) => tracing::info!("rescanning every {every} ms in addition to events: {why}"),
            (Some(why), None) => tracing::warn!("no events, rescanning every {every} ms instead: {why}"),
            (None, _) => tracing::info!("events work again"),
        }
        self.why = why;
    }
}
