//! A site that is kept up to date without a listener, for `build --watch`.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::signals::{Stop, take_signals};
use super::status::Status;
use super::supervise::keep_updating;
use super::updater::{LoggedProblems, Updater, UpdaterContext, Watching};
use crate::commands::limits::CacheBudget;
use crate::commands::load::{self, Loaded, Loader};
use crate::commands::pages::SharedFiles;
use crate::commands::progress::Progress;
use crate::commands::{Failure, clock};
use crate::disk::{ContentFiles, EventQueue, FileSnapshot};
use crate::edition::{DocumentCache, Edition};
use crate::publisher::Publisher;
use crate::server::{Counters, Health};
use crate::settings::{PlaceSettings, WatchSettings};

/// How often to look for a new edition.
const LOOK: Duration = Duration::from_millis(50);

/// A site whose changes are followed by the updater, in a thread of its own.
pub(in crate::commands) struct WatchedSite {
    publisher: Arc<Publisher>,
    files: Arc<SharedFiles>,
    event_queue: EventQueue,
    stopped: mpsc::Receiver<Stop>,
    updating: JoinHandle<()>,
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum WaitEnd {
    /// There is a new edition.
    Changed,
    /// The time is over.
    TimedOut,
    /// A signal asks the program to stop.
    Stopped,
}

impl WatchedSite {
    /// Loads the first edition and starts to follow changes. `loaded` is called with the result of loading.
    pub(in crate::commands) fn load(
        places: &PlaceSettings,
        watch: WatchSettings,
        bind: &str,
        now: DateTime<Utc>,
        report: impl FnOnce(&Loaded, &Edition),
    ) -> Result<Self, Failure> {
        let start = Instant::now();
        let (stop, stopped) = mpsc::channel();
        let event_queue = EventQueue::new();
        take_signals(stop, event_queue.clone())?;
        let mut loader = Loader::new(places, load::stand_in(bind));
        let cache_budget = CacheBudget::apply();
        let mut snapshot = FileSnapshot::keeping(cache_budget.files);
        snapshot.wait_for_writers();
        let progress = Progress::of_load();
        let mut watching = None;
        let progress_at = |done, of| progress.at(done, of);
        let (loaded, library) = load::begin(&mut loader, &mut snapshot, now, &progress_at, &mut |loaded| {
            tracing::info!("{}", loaded.generator);
            // The watch starts before the scan, so that no change falls between them.
            watching = Some(Watching::start(places, watch, &loaded.scan_config, &event_queue));
        })?;
        drop(progress);
        let watching = watching.ok_or_else(|| Failure::new("nothing is watched; this is a bug in feedmill"))?;
        let edition = Edition::first(library, DocumentCache::passing(cache_budget.pages));
        report(&loaded, &edition);
        let (logged, _) = LoggedProblems::first(&edition);
        let publisher = Arc::new(Publisher::new(edition));
        let health = Arc::new(Health::new().not_before(clock::earliest()));
        health.loaded();
        let count = Arc::new(Counters::new());
        let context = UpdaterContext {
            publisher: Arc::clone(&publisher),
            event_queue: event_queue.clone(),
            status: Arc::new(Status::new(Arc::clone(&health), Arc::clone(&count), places.clone())),
            health: Arc::clone(&health),
            count: Arc::clone(&count),
            logged,
        };
        let updater = Updater::new(places, loader, loaded, snapshot, watching, start.elapsed(), context);
        let files = Arc::clone(updater.files());
        let updating = keep_updating(updater, &event_queue, &health, &count)?;
        Ok(Self { publisher, files, event_queue, stopped, updating })
    }

    /// The current edition, its number, and the files that its pages are made from.
    pub(in crate::commands) fn current(&self) -> (u64, Arc<Edition>, Arc<ContentFiles>) {
        // If an edition is published meanwhile, its number is higher, and waiting ends at once.
        (self.publisher.number(), self.publisher.current(), self.files.current())
    }

    /// Waits until there is an edition after the one with this number, at most for some time.
    pub(in crate::commands) fn wait(&self, number: u64, most: Option<Duration>) -> WaitEnd {
        let end = most.and_then(|most| Instant::now().checked_add(most));
        loop {
            if self.publisher.number() != number {
                return WaitEnd::Changed;
            }
            if end.is_some_and(|end| end <= Instant::now()) {
                return WaitEnd::TimedOut;
            }
            match self.stopped.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(_) | Err(RecvTimeoutError::Disconnected) => return WaitEnd::Stopped,
            }
        }
    }

    /// Stops following. The updater finishes the scan that it is in.
    pub(in crate::commands) fn stop(self) {
        self.event_queue.stop();
        let _ = self.updating.join();
    }
}
