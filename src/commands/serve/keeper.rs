//! The keeper: looks where hints say, and publishes what is different.
//!
//! One thread, the only writer. It wakes for events, for the interval between
//! looks, for files in doubt, and when an article becomes due.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::status::Status;
use crate::cli::WatchMode;
use crate::commands::load::{self, Loader};
use crate::commands::log;
use crate::commands::pages::SharedPaths;
use crate::diagnostic::Problem;
use crate::disk::{self, Ground, Hints, Inbox, Known, LookError, Mode, Pause, Wake, Watch};
use crate::library::{ChangeBatch, Library, Touched};
use crate::publisher::Publisher;
use crate::server::health::Cause;
use crate::server::{Counters, Figures, Health};
use crate::settings::ServeSettings;

/// A file written so lately that a second change may not show is looked at
/// again after the grain of every file system's clock.
const DOUBT: Duration = Duration::from_secs(2);
/// A directory that is swapped under way, or gone, is looked at again.
const AGAIN: Duration = Duration::from_millis(250);
const GONE: Duration = Duration::from_secs(1);
/// Wall clocks jump: no wait for a moment is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long touched documents are rendered again before they are swapped in.
const WARMING: Duration = Duration::from_millis(50);
/// Looks at everything may take this part of the time, no more.
const SHARE_OF_LOOKS: u32 = 10;

/// How changes are noticed, as settings and system allow.
#[derive(Debug)]
pub(super) struct Watching {
    mode: WatchMode,
    watch: Option<Watch>,
    /// How often everything is looked at.
    interval: Option<Duration>,
}

impl Watching {
    /// Watches as the settings say, and says why where it polls.
    pub(super) fn start(settings: &ServeSettings, ground: &Ground, inbox: &Inbox) -> Self {
        let feeds = &settings.places.feeds;
        let polling = |mode| Self { mode, watch: None, interval: Some(settings.poll) };
        let by_events = |watch| Self { mode: WatchMode::Events, watch: Some(watch), interval: Some(settings.rescan) };
        match settings.watch {
            WatchMode::Off => Self { mode: WatchMode::Off, watch: None, interval: None },
            WatchMode::Poll => polling(WatchMode::Poll),
            WatchMode::Events => match disk::watch(ground, feeds, inbox) {
                Ok(watch) => by_events(watch),
                Err(error) => {
                    tracing::warn!("no events, looking every {} ms instead: {error}", settings.poll.as_millis());
                    polling(WatchMode::Poll)
                }
            },
            WatchMode::Auto => match disk::auto(ground, feeds, inbox) {
                Mode::Events(watch) => by_events(watch),
                Mode::Poll { why } => {
                    tracing::info!("looking every {} ms: {why}", settings.poll.as_millis());
                    polling(WatchMode::Poll)
                }
            },
        }
    }

    fn name(&self) -> &'static str {
        match self.mode {
            WatchMode::Auto | WatchMode::Events => "events",
            WatchMode::Poll => "poll",
            WatchMode::Off => "off",
        }
    }
}

/// The rooms that the keeper reports to.
#[derive(Debug)]
pub(super) struct Rooms {
    pub publisher: Arc<Publisher>,
    pub inbox: Inbox,
    pub health: Arc<Health>,
    pub count: Arc<Counters>,
    pub status: Arc<Status>,
}

/// Looks and publishes.
#[derive(Debug)]
pub(super) struct Keeper {
    settings: ServeSettings,
    loader: Loader,
    ground: Ground,
    /// Problems of `feeds/`.
    problems: Vec<Problem>,
    known: Known,
    watching: Watching,
    rooms: Rooms,
    paths: Arc<SharedPaths>,
    /// When everything is to be looked at again.
    full: Option<Instant>,
    /// When files in doubt are.
    doubt: Option<Instant>,
    /// How long the last look at everything took.
    took: Duration,
}

impl Keeper {
    pub(super) fn new(
        settings: &ServeSettings,
        loader: Loader,
        loaded: load::Loaded,
        known: Known,
        watching: Watching,
        rooms: Rooms,
    ) -> Self {
        let now = Instant::now();
        let keeper = Self {
            paths: Arc::new(SharedPaths::new(&loaded.ground, known.paths())),
            settings: settings.clone(),
            loader,
            ground: loaded.ground,
            problems: loaded.problems,
            known,
            full: watching.interval.map(|interval| now + interval),
            // Files that were written while they were first read.
            doubt: Some(now + DOUBT),
            watching,
            rooms,
            took: Duration::ZERO,
        };
        keeper.rooms.health.watching(keeper.watching.name());
        keeper.rooms.health.looked(Utc::now());
        keeper.report(Utc::now());
        keeper
    }

    /// Where articles are, for those who read one by itself.
    pub(super) fn paths(&self) -> &Arc<SharedPaths> {
        &self.paths
    }

    /// Keeps what is served fresh until it is told to stop.
    pub(super) fn keep(mut self) {
        loop {
            match self.rooms.inbox.next(Pause::default(), self.patience()) {
                Wake::Stop => return,
                Wake::Reload => {
                    self.read_rules();
                    self.look(&Hints::Everything);
                    // Whoever asks for a look may have reason to doubt the watch.
                    self.rearm();
                }
                Wake::Look { content, feeds } => {
                    if feeds {
                        self.read_rules();
                    }
                    if let Some(hints) = content {
                        self.look(&hints);
                    }
                }
                Wake::Tick => self.tick(),
            }
        }
    }

    /// How long nothing will happen by itself.
    fn patience(&self) -> Duration {
        let now = Instant::now();
        let until =
            |instant: Option<Instant>| instant.map_or(LONGEST_WAIT, |instant| instant.saturating_duration_since(now));
        let change = self.rooms.publisher.current().library().next_change();
        let due = change.map_or(LONGEST_WAIT, |instant| (instant - Utc::now()).to_std().unwrap_or_default());
        until(self.full).min(until(self.doubt)).min(due).min(LONGEST_WAIT)
    }

    fn tick(&mut self) {
        let now = Instant::now();
        let is_due = |instant: Option<Instant>| instant.is_some_and(|instant| instant <= now);
        if is_due(self.full) {
            self.read_rules();
            self.look(&Hints::Everything);
        } else if is_due(self.doubt) {
            self.look(&Hints::Paths(BTreeSet::new()));
        }
        let now = Utc::now();
        if self.rooms.publisher.current().library().next_change().is_some_and(|instant| instant <= now) {
            self.publish(ChangeBatch::default(), now);
        }
    }

    /// Looks at the disk and publishes what is different.
    fn look(&mut self, hints: &Hints) {
        let start = Instant::now();
        let full = *hints == Hints::Everything;
        let looked = self.known.look(&self.ground, hints, &|_| {});
        let took = start.elapsed();
        self.rooms.count.looked(took);
        let look = match looked {
            Ok(look) => look,
            Err(LookError::Unsettled) => {
                self.full = Some(Instant::now() + AGAIN);
                return;
            }
            Err(LookError::Vanished { reason }) => {
                if !self.rooms.status.is_stale() {
                    tracing::warn!("the content vanished, the last state stays: {reason}");
                }
                self.rooms.status.stale(Some(&reason));
                self.rooms.health.stale(Cause::Content, reason);
                self.full = Some(Instant::now() + GONE);
                return;
            }
        };
        let is_back = self.rooms.status.is_stale();
        if is_back {
            tracing::info!("the content is there again");
        }
        self.rooms.status.stale(None);
        self.rooms.health.fresh(Cause::Content);
        self.rooms.health.looked(Utc::now());
        self.doubt = (look.doubtful > 0).then(|| Instant::now() + DOUBT);
        if full {
            self.took = took;
        }
        if full || self.full.is_none_or(|full| full <= Instant::now()) {
            self.schedule();
        }
        let incomplete = !self.rooms.publisher.current().library().missing().is_empty();
        if !look.batch.is_empty() || incomplete {
            self.publish(look.batch, Utc::now());
        }
        // What went and came back may be another directory, or the same one
        // whose watch the system dropped.
        if look.rearm || is_back {
            self.rearm();
        } else if let Some(trouble) = self.watching.watch.as_ref().and_then(Watch::trouble) {
            self.poll_instead(&trouble);
        }
    }

    /// The next look at everything: after the interval, and never so often
    /// that looking is all it does.
    fn schedule(&mut self) {
        self.full = self.watching.interval.map(|interval| Instant::now() + interval.max(self.took * SHARE_OF_LOOKS));
    }

    /// Watches where roots and links lead now, then looks at what happened
    /// meanwhile.
    fn rearm(&mut self) {
        if self.watching.watch.is_none() {
            return;
        }
        match disk::watch(&self.ground, &self.settings.places.feeds, &self.rooms.inbox) {
            Ok(watch) => {
                self.watching.watch = Some(watch);
                self.rooms.health.fresh(Cause::Watcher);
                self.rooms.inbox.everything();
            }
            Err(error) => self.poll_instead(&error.to_string()),
        }
    }

    /// Events are partial, or none: look again and again.
    fn poll_instead(&mut self, why: &str) {
        tracing::warn!("no events any more, looking every {} ms instead: {why}", self.settings.poll.as_millis());
        self.watching = Watching { mode: WatchMode::Poll, watch: None, interval: Some(self.settings.poll) };
        self.rooms.health.watching(self.watching.name());
        self.schedule();
    }

    /// Reads `feeds/` again, and what other rules make of the articles.
    fn read_rules(&mut self) {
        let loaded = match self.loader.rules() {
            Ok(loaded) => loaded,
            Err(problems) => return self.tell(problems),
        };
        self.tell(loaded.problems);
        let current = self.rooms.publisher.current();
        let library = current.library();
        if loaded.rules == *library.rules() {
            return;
        }
        let now = Utc::now();
        let is_read_alike = *loaded.ground.manner == *self.ground.manner
            && loaded.ground.image_roots == self.ground.image_roots
            && loaded.rules.site.exclude == library.rules().site.exclude;
        let before = std::mem::replace(&mut self.ground, loaded.ground);
        if is_read_alike {
            return self.publish_library(library.under(loaded.rules, now), Touched::new(), now);
        }
        // Read by other rules every file may be another article: all of them
        // come in one edition, or none.
        self.known.forget();
        match self.known.look(&self.ground, &Hints::Everything, &|_| {}) {
            Ok(look) => {
                let (library, _) = Library::empty(loaded.rules, now).apply(look.batch, now);
                self.publish_library(library, Touched::new(), now);
                self.rearm();
                self.schedule();
            }
            Err(error) => {
                tracing::warn!("the new site.yaml waits: {error}");
                self.ground = before;
                self.full = Some(Instant::now() + GONE);
            }
        }
    }

    /// Tells problems of `feeds/` that were not told before.
    fn tell(&mut self, problems: Vec<Problem>) {
        problems.iter().filter(|problem| !self.problems.contains(problem)).for_each(log::problem);
        self.problems = problems;
        self.report(Utc::now());
    }

    fn publish(&mut self, batch: ChangeBatch, now: DateTime<Utc>) {
        let shared = self.rooms.publisher.current();
        let before: BTreeSet<&Problem> = shared.library().problems().collect();
        let (library, touched) = shared.library().apply(batch, now);
        library.problems().filter(|problem| !before.contains(problem)).for_each(log::problem);
        self.publish_library(library, touched, now);
    }

    fn publish_library(&mut self, library: Library, touched: Touched, now: DateTime<Utc>) {
        let shared = self.rooms.publisher.current();
        let (library, touched) = load::complete(library, touched, &mut self.known, &self.ground, now);
        self.paths.replace(&self.ground, self.known.paths());
        let edition = shared.next(library, &touched);
        let start = Instant::now();
        edition.warm(|| start.elapsed() < WARMING);
        for path in edition.lost_since(&shared) {
            tracing::warn!(
                "the feed /{path} is gone with its last article; to keep or move its subscribers add a definition for it, or an entry in `redirects` or `gone` of site.yaml"
            );
        }
        for path in edition.squeezed_since(&shared) {
            tracing::info!("/{path} is over max_bytes: its oldest entries carry summaries or are left out");
        }
        self.rooms.publisher.publish(edition);
        self.report(now);
    }

    /// Numbers for `/metrics`, facts for `/status`.
    fn report(&self, now: DateTime<Utc>) {
        let edition = self.rooms.publisher.current();
        let library = edition.library();
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.rooms.count.published(Figures {
            edition: self.rooms.publisher.number(),
            published: (now - DateTime::UNIX_EPOCH).as_seconds_f64(),
            articles: count(library.published_count()),
            feeds: count(edition.feed_count()),
            problems: count(library.problems().count() + self.problems.len()),
        });
        self.rooms.status.publish(
            Arc::clone(&edition),
            self.rooms.publisher.number(),
            self.problems.clone(),
            self.watching.name(),
        );
    }
}
