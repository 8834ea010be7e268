//! How changes are noticed, as settings and system allow.
//!
//! Events where they work, else looks at everything again and again; and why.
//! Where events come but do not tell all, they are heard besides.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cli::WatchMode;
use crate::disk::{self, Ground, Inbox, Watch};
use crate::settings::ServeSettings;

/// How changes are noticed.
#[derive(Debug)]
pub(in crate::commands::serve) struct Watching {
    wanted: WatchMode,
    poll: Duration,
    rescan: Duration,
    watch: Option<Watch>,
    /// Why events alone will not do, where they were wanted.
    why: Option<String>,
    /// When events were last tried.
    tried: Instant,
    /// Hidden paths that symbolic links lead to.
    hidden: BTreeSet<PathBuf>,
    /// Whether it failed while the watch before still held what it needed.
    crowded: bool,
}

impl Watching {
    /// Watches as the settings say, and says why where it polls.
    pub(in crate::commands::serve) fn start(settings: &ServeSettings, ground: &Ground, inbox: &Inbox) -> Self {
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
        watching.place(ground, &settings.places.feeds, inbox);
        watching
    }

    /// Watches where roots and links lead now. Look at everything afterwards:
    /// what happened meanwhile is not reported.
    pub(super) fn place(&mut self, ground: &Ground, feeds: &Path, inbox: &Inbox) {
        if !self.wants_events() {
            return;
        }
        (self.tried, self.crowded) = (Instant::now(), false);
        match disk::watch(ground, feeds, inbox) {
            Ok(mut watch) => {
                watch.follow(self.hidden.clone());
                self.watch = Some(watch);
                // Whoever asks for events by name has reason to trust them.
                let doubts = if self.wanted == WatchMode::Auto { disk::doubts(ground, feeds) } else { None };
                self.tell(doubts);
            }
            Err(error) => {
                self.crowded = self.watch.is_some() && error.is_limit();
                self.give_up(error.to_string());
            }
        }
    }

    /// Hears of events at these hidden paths too, because symbolic links lead there.
    pub(super) fn follow(&mut self, hidden: BTreeSet<PathBuf>) {
        if self.hidden != hidden {
            self.hidden = hidden;
            self.watch.iter_mut().for_each(|watch| watch.follow(self.hidden.clone()));
        }
    }

    /// Watches directories that came since the last time. The look that follows finds what is in them.
    pub(super) fn catch_up(&mut self) {
        self.watch.iter_mut().for_each(Watch::catch_up);
    }

    /// Events are partial, or none: look again and again.
    pub(super) fn give_up(&mut self, why: String) {
        self.watch = None;
        self.tell(Some(why));
    }

    /// Whether events may be tried again, having failed before: limits are
    /// raised, trees grow smaller.
    pub(super) fn may_try_again(&self) -> bool {
        self.wants_events() && self.watch.is_none() && (self.crowded || self.tried.elapsed() >= self.rescan)
    }

    /// Whether events come.
    pub(super) fn hears(&self) -> bool {
        self.watch.is_some()
    }

    /// Why the watch is partial by now, if it is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.watch.as_ref().and_then(Watch::trouble)
    }

    /// Whether events were lost, so that it is time to watch anew.
    pub(super) fn has_lost_events(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::has_lost_events)
    }

    /// How often everything is looked at.
    pub(super) fn interval(&self) -> Option<Duration> {
        match self.name() {
            "off" => None,
            "poll" => Some(self.poll),
            _ => Some(self.rescan),
        }
    }

    /// The word for it.
    pub(super) fn name(&self) -> &'static str {
        match self.wanted {
            WatchMode::Off => "off",
            WatchMode::Poll => "poll",
            WatchMode::Auto | WatchMode::Events if self.why.is_some() => "poll",
            WatchMode::Auto | WatchMode::Events => "events",
        }
    }

    /// Why it polls although events were wanted.
    pub(super) fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    fn wants_events(&self) -> bool {
        matches!(self.wanted, WatchMode::Auto | WatchMode::Events)
    }

    /// Says once why it polls, and once that it does not any more.
    fn tell(&mut self, why: Option<String>) {
        if self.why == why {
            return;
        }
        let every = self.poll.as_millis();
        match (&why, &self.watch) {
            (Some(why), Some(_)) => tracing::info!("looking every {every} ms besides events: {why}"),
            (Some(why), None) => tracing::warn!("no events, looking every {every} ms instead: {why}"),
            (None, _) => tracing::info!("events come again"),
        }
        self.why = why;
    }
}
