//! The updater: scans the paths that events name and publishes what changed.
//!
//! It runs in one thread, the only one that changes the library. It wakes up for events, for
//! regular rescans, for racy files, and when an article becomes due. An edition is published when
//! it is complete; what one scan cannot complete, the next one does.
//!
//! Its state are three values: how changes are detected (`Detection` in `watching`), how the last
//! scan ended (`LastScan` in `schedule`), and the library that waits for a missing body ([`Held`]).
//! Whether the content directory is missing is part of the health that it reports.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::change::PublishReason;
use super::status::Status;
use crate::commands::load::{self, Loader};
use crate::commands::pages::SharedFiles;
use crate::commands::problems::ProblemOrigin;
use crate::diagnostic::Problem;
use crate::disk::{
    ChangedPaths, Coverage, EventQueue, FileSnapshot, Pause, RulesState, Scan, ScanConfig, ScanError, Wake,
};
use crate::library::{AffectedFeeds, ChangeBatch, Library};
use crate::publisher::Publisher;
use crate::server::health::{Cause, Phase, ScanOutcome};
use crate::server::{Counters, Health};
use crate::settings::PlaceSettings;

mod logged;
mod moment;
mod schedule;
mod publish;
mod rules;
mod watching;

pub(super) use logged::LoggedProblems;
use logged::ReadBefore;
use schedule::{RescanSchedule, Scanned};
pub(super) use watching::Watching;

/// How often to check that the content directory is still the same one. A mount over it, or over
/// one of its parents, causes no event.
const GLANCE: Duration = Duration::from_secs(2);
/// How long the updater may make no progress before the content counts as out of date. A scan makes
/// progress with every file that it reads, so a large or slow directory is not enough.
const STUCK: Duration = Duration::from_mins(1);
/// How often a wrong clock is checked before anything is served.
const WRONG: Duration = Duration::from_secs(1);
/// The longest wait for a point in time, because wall clocks jump.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long an edition waits for the body of an article that is being written.
const HELD: Duration = Duration::from_secs(4);

/// The objects that the updater reads from and reports to.
#[derive(Debug)]
pub(super) struct UpdaterContext {
    pub publisher: Arc<Publisher>,
    pub event_queue: EventQueue,
    pub health: Arc<Health>,
    pub count: Arc<Counters>,
    pub status: Arc<Status>,
    /// The problems of the first edition, which are logged already.
    pub logged: LoggedProblems,
}

/// A library that is not published yet, because it lacks the body of an article.
#[derive(Debug)]
struct Held {
    library: Library,
    affected: AffectedFeeds,
    since: Instant,
    change: PublishReason,
}

#[derive(Debug)]
pub(super) struct Updater {
    places: PlaceSettings,
    loader: Loader,
    scan_config: ScanConfig,
    /// Problems in `feeds/`.
    problems: Vec<Problem>,
    snapshot: FileSnapshot,
    watching: Watching,
    schedule: RescanSchedule,
    held: Option<Held>,
    /// When the current operation began.
    began: Instant,
    context: UpdaterContext,
    files: Arc<SharedFiles>,
}

impl Updater {
    /// Starts with the results of the first scan, which took this long.
    pub(super) fn new(
        places: &PlaceSettings,
        loader: Loader,
        loaded: load::Loaded,
        snapshot: FileSnapshot,
        watching: Watching,
        took: Duration,
        context: UpdaterContext,
    ) -> Self {
        let mut updater = Self {
            files: Arc::new(SharedFiles::new(snapshot.files(&loaded.scan_config))),
            places: places.clone(),
            loader,
            scan_config: loaded.scan_config,
            problems: loaded.problems,
            snapshot,
            schedule: RescanSchedule::new(watching.interval(), took, Instant::now()),
            watching,
            held: None,
            began: Instant::now(),
            context,
        };
        updater.context.health.watching(updater.watching.name(), updater.watching.why());
        updater.context.health.scanned(Utc::now(), ScanOutcome::Different(updater.library().len()));
        updater.report(Utc::now());
        updater.watching.follow(updater.snapshot.hidden_targets());
        // Events do not report changes that were made before the watch started.
        updater.schedule.read_rules_in(load::QUIET, Instant::now());
        updater
    }

    /// The current locations of articles, for the article pages.
    pub(super) fn files(&self) -> &Arc<SharedFiles> {
        &self.files
    }

    /// Processes events until the queue is stopped.
    pub(super) fn run(&mut self) {
        loop {
            let patience = self.patience();
            self.context.health.alive(patience + STUCK);
            let wake = self.context.event_queue.next(Pause::default(), patience);
            self.context.health.alive(STUCK);
            match wake {
                Wake::Stop => return,
                Wake::Reload => self.reload(),
                Wake::Scan { content, feeds } => {
                    self.watching.catch_up();
                    if feeds
                        || content.as_ref().is_some_and(|changed_paths| self.loader.hears_of_sections(changed_paths))
                    {
                        self.read_rules();
                    }
                    match content {
                        // Events may never stop, so a full rescan that is due comes first.
                        Some(_) if self.schedule.is_full_due(Instant::now()) => self.scan(&ChangedPaths::Everything),
                        Some(ChangedPaths::Everything) if !self.schedule.may_look(Instant::now()) => {}
                        Some(changed_paths) => self.scan(&changed_paths),
                        None => {}
                    }
                }
                Wake::Tick => self.tick(),
            }
        }
    }

    /// Reads everything again, because a user asked for it and may have reason not to trust the watch.
    fn reload(&mut self) {
        let number = self.context.publisher.number();
        self.place();
        self.read_rules();
        self.scan(&ChangedPaths::Everything);
        let is_settled = self.scan_config.rules == RulesState::Settled && self.held.is_none();
        if is_settled && number == self.context.publisher.number() {
            tracing::info!("everything was read again: edition {number} stays, because nothing changed");
        }
    }

    /// Starts again after a panic. Nothing that was known about the files is trusted.
    pub(super) fn repair(&mut self) {
        self.snapshot = self.snapshot.anew();
        self.held = None;
        let library = self.library();
        let (rules, facts) = (Arc::clone(library.rules()), Arc::clone(library.remote_images()));
        if self.read_afresh(rules, facts, PublishReason::Repair) {
            self.context.health.fresh(Cause::Watcher);
        }
        // Handle all events again, including those of `feeds/`.
        self.context.event_queue.everything();
    }

    /// The time until something has to be done without an event.
    fn patience(&self) -> Duration {
        let change = self.library().next_change();
        let due = change.map_or(LONGEST_WAIT, |instant| (instant - self.now()).to_std().unwrap_or_default());
        let scan = self.schedule.patience(Instant::now()).unwrap_or(LONGEST_WAIT);
        let glance = if self.watching.hears() { GLANCE } else { LONGEST_WAIT };
        let clock = if self.context.health.phase() == Phase::Clock { WRONG } else { LONGEST_WAIT };
        scan.min(due).min(glance).min(clock)
    }

    fn tick(&mut self) {
        let now = Instant::now();
        if self.schedule.is_full_due(now) {
            if self.watching.may_try_again() {
                self.place();
            }
            self.watching.catch_up();
            if self.loader.is_outdated() {
                self.read_rules();
            }
            self.scan(&ChangedPaths::Everything);
            self.look_for_problems(ReadBefore::Everything);
        } else if self.watching.hears() && !self.snapshot.stands() {
            self.scan(&ChangedPaths::Everything);
        } else if self.schedule.is_doubt_due(now) {
            self.scan(&ChangedPaths::Paths(BTreeSet::new()));
        }
        // A scan may have found another directory, whose configuration is read at once.
        if self.schedule.are_rules_due(Instant::now()) {
            self.read_rules();
        }
        self.check_clock();
        let now = self.now();
        let is_due = self.library().next_change().is_some_and(|instant| instant <= now);
        self.began = Instant::now();
        if is_due {
            self.apply(ChangeBatch::default(), now);
        }
    }

    fn scan(&mut self, changed_paths: &ChangedPaths) {
        if let Some(scan) = self.try_scan(changed_paths) {
            self.take(scan);
        }
    }

    /// Publishes the result of a scan.
    fn take(&mut self, scan: Scan) {
        // Also retry an edition that is incomplete.
        let incomplete = self.held.is_some() || !self.library().missing().is_empty();
        if !scan.batch.is_empty() || incomplete {
            let now = self.now();
            self.apply(scan.batch, now);
        }
        match self.watching.coverage() {
            Coverage::Complete if !scan.rearm => {}
            Coverage::Incomplete(why) if !scan.rearm => {
                self.watching.give_up(why);
                self.tell_watching();
            }
            _ => self.rearm(),
        }
    }

    /// Scans these paths and reports the result. `None` if it had to be discarded.
    fn try_scan(&mut self, changed_paths: &ChangedPaths) -> Option<Scan> {
        self.began = Instant::now();
        let scanned = self.snapshot.scan(&self.scan_config, changed_paths, &|_, _| self.context.health.alive(STUCK));
        let (took, now) = (self.began.elapsed(), Instant::now());
        let outcome = match &scanned {
            Ok(scan) if scan.batch.is_empty() => ScanOutcome::Same,
            Ok(scan) => ScanOutcome::Different(scan.batch.len()),
            Err(ScanError::Unsettled | ScanError::Replaced) => ScanOutcome::Unsettled,
            Err(ScanError::Vanished { .. }) => ScanOutcome::Vanished,
        };
        self.context.count.scanned(took, outcome);
        self.context.count.overflowed(self.context.event_queue.losses());
        self.context.health.scanned(Utc::now(), outcome);
        let stale = self.is_gone();
        match scanned {
            Ok(mut scan) => {
                if stale {
                    // It may be another directory, or the same one without its watch.
                    scan.rearm = true;
                    tracing::info!("the content directory is back");
                    self.context.health.fresh(Cause::Content);
                }
                let scanned = Scanned {
                    full: (*changed_paths == ChangedPaths::Everything).then_some(took),
                    changes: scan.batch.len(),
                    racy: scan.racy,
                };
                self.watching.follow(self.snapshot.hidden_targets());
                self.schedule.scanned(scanned, now);
                Some(scan)
            }
            Err(ScanError::Unsettled) => {
                self.try_again(changed_paths);
                None
            }
            Err(ScanError::Replaced) => {
                self.schedule.replaced(now);
                None
            }
            Err(ScanError::Vanished { reason }) => {
                if !stale {
                    tracing::warn!("the content directory vanished; its last state is kept: {reason}");
                }
                self.context.health.stale(Cause::Content, reason);
                self.schedule.vanished(now);
                None
            }
        }
    }

    /// Queues the same paths again, a few times; after that a full rescan is scheduled.
    fn try_again(&mut self, changed_paths: &ChangedPaths) {
        if self.schedule.discarded(changed_paths, Instant::now()) {
            match changed_paths {
                ChangedPaths::Paths(paths) => paths.iter().for_each(|path| self.context.event_queue.path(path.clone())),
                ChangedPaths::Everything => self.context.event_queue.everything(),
            }
        }
    }

    /// Sets up the watch on the current targets of roots and symbolic links.
    fn place(&mut self) {
        self.watching.place(&self.scan_config, self.places.feeds_paths(), &self.context.event_queue);
        self.tell_watching();
    }

    /// Sets up the watch again, and scans everything for changes that were made in the meantime.
    fn rearm(&mut self) {
        self.place();
        if self.watching.hears() {
            self.context.event_queue.everything();
        }
    }

    fn tell_watching(&mut self) {
        self.schedule.every(self.watching.interval(), Instant::now());
        self.context.health.watching(self.watching.name(), self.watching.why());
    }

    /// The library after the last scan, whether it is published or not.
    fn library(&self) -> Library {
        self.held
            .as_ref()
            .map_or_else(|| self.context.publisher.current().library().clone(), |held| held.library.clone())
    }

    /// Whether the content directory is missing.
    fn is_gone(&self) -> bool {
        self.context.health.is_stale_for(Cause::Content)
    }

    /// Applies a batch to the library and offers the result for publication.
    fn apply(&mut self, batch: ChangeBatch, now: DateTime<Utc>) {
        let before = self.library();
        let files: Vec<_> = batch.articles.keys().cloned().collect();
        let others = (batch.taken.len(), batch.media.len());
        let mut problems: Vec<Problem> = batch.taken.values().flatten().cloned().collect();
        let (library, mut affected) = before.apply(batch, now);
        for file in &files {
            let known = before.problems_of(file.as_str());
            problems.extend(library.problems_of(file.as_str()).iter().filter(|new| !known.contains(new)).cloned());
        }
        let problems = problems.into_iter().map(|problem| (problem, ProblemOrigin::Article)).collect();
        self.context.logged.log(problems, &self.places);
        let change = PublishReason::of(&files, others, [&before, &library]);
        affected.extend(self.held.iter().flat_map(|held| held.affected.iter().cloned()));
        self.offer(library, affected, now, change);
    }

    /// Publishes a library if it has all bodies that its feeds show. If one is missing, the library
    /// is held until its file was scanned again, because an incomplete edition would be wrong.
    fn offer(&mut self, library: Library, affected: AffectedFeeds, now: DateTime<Utc>, change: PublishReason) {
        let (library, affected) = load::complete(library, affected, &mut self.snapshot, &self.scan_config, now);
        self.files.replace(self.snapshot.files(&self.scan_config));
        let missing = library.missing();
        // The log names the change that was held, not the one that completed it.
        let (since, change) =
            self.held.take().map_or_else(|| (Instant::now(), change), |held| (held.since, held.change));
        // While a tree is being replaced again and again, nothing is known about its files. The
        // last complete edition then stays, however long that takes.
        let since = if missing.is_empty() || self.snapshot.holds() { since } else { Instant::now() };
        if !missing.is_empty() && since.elapsed() < HELD {
            self.held = Some(Held { library, affected, since, change });
            let files = self.snapshot.files(&self.scan_config);
            self.try_again(&ChangedPaths::Paths(missing.iter().map(|place| files.article_path(place)).collect()));
            return;
        }
        self.publish(library, &affected, now, change);
    }
}
