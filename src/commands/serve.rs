//! `feedmill serve`: load, watch, serve, and stop gracefully.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::Failure;
use super::clock;
use super::load::{self, Loader};
use super::log::{self, WhenFull};
use super::pages::Pages;
use super::progress::Progress;
use super::threads::{self, AdminListener, Threads};
use crate::cli::Switch;
use crate::diagnostic::Problem;
use crate::disk::{Inbox, Known};
use crate::edition::{DocumentCache, Edition, Observed};
use crate::publisher::Publisher;
use crate::server::health::Cause;
use crate::server::listen::{self, BACKLOG, Bound};
use crate::server::{self, AccessLog, AppState, Counters, Health, PanicSite, Pool, Running, Size};
use crate::settings::{AdminBind, ServeSettings};

mod change;
mod keeper;
mod limits;
mod listeners;
mod signals;
mod status;
mod tireless;

use keeper::Keeper;
use limits::Spare;
use listeners::{in_use, serve_admin};
use signals::{Stop, take_signals};
use status::Status;
use tireless::{Begin, tireless};

/// How long answers under way may take after the last poll was answered.
const GRACE: Duration = Duration::from_secs(5);

/// Open files that no connection may take: watches, logs, and the articles and
/// images being read. An article that cannot be opened is missing from feeds.
const FILES_OF_OUR_OWN: usize = 256;

pub(super) fn run(settings: &ServeSettings) -> Result<ExitCode, Failure> {
    // First of all: as PID 1 a program ignores SIGTERM until it handles it.
    let (stop, stopped) = mpsc::channel();
    let inbox = Inbox::new();
    take_signals(stop.clone(), inbox.clone())?;
    let has_admin = if settings.admin == AdminBind::Off { AdminListener::Off } else { AdminListener::On };
    let threads = Threads::of_serve(has_admin)?;
    log::start(&settings.places, WhenFull::Drop);
    threads.report();
    let files = limits::raise_file_limit()?;
    examine(settings)?;
    let bound = listen::bind(&settings.bind).map_err(|error| Failure::new(in_use("--bind", &settings.bind, &error)))?;
    let health = Arc::new(Health::new().not_before(clock::earliest()));
    let count = Arc::new(Counters::new());
    let status = Arc::new(Status::new(Arc::clone(&health)));
    let admin = serve_admin(settings, bound.address(), &health, &count, &status, &inbox, ended(&stop))?;
    let spare = Spare::here();
    let loading = Loading {
        settings,
        spare,
        threads,
        bound: &bound,
        inbox: &inbox,
        health: &health,
        count: &count,
        status: &status,
    };
    let Loaded { keeper, publisher } = loading.load_until(&stopped)?;
    let tagging = Pool::start("tags", 1).map_err(|error| threads::unstarted(&error))?;
    let pages = Arc::new(Pages::new(Arc::clone(keeper.files()), spare.pages, tagging));
    let rooms = AppState {
        publisher: Arc::clone(&publisher),
        article: {
            let pages = Arc::clone(&pages);
            Box::new(move |edition, place| pages.article(edition, place))
        },
        media: Box::new(move |edition, key| pages.media(edition, key)),
        files: Arc::new(Pool::start("files", threads.files).map_err(|error| threads::unstarted(&error))?),
        health: Arc::clone(&health),
        count: Arc::clone(&count),
        access_log: if settings.access_log == Switch::On { AccessLog::On } else { AccessLog::Off },
    };
    let address = bound.address();
    let size = Size {
        workers: threads.workers,
        connections: spare.connections.min(files - FILES_OF_OUR_OWN.min(files / 2)),
        answers: spare.answers,
    };
    let running = bound
        .listen(BACKLOG)
        .and_then(|listener| server::run(listener, rooms, size, ended(&stop)))
        .map_err(|error| Failure::new(in_use("--bind", &settings.bind, &error)))?;
    match clock::now() {
        Ok(_) => health.loaded(),
        Err(sentence) => {
            health.wait_for_clock();
            tracing::error!("{sentence}; nothing is served until then");
        }
    }
    tracing::info!("listening on http://{address}");
    welcome(&publisher.current());
    let panics = count;
    let watching = {
        let (inbox, health, mut keeper) = (inbox.clone(), Arc::clone(&health), keeper);
        thread::Builder::new().name("updater".to_owned()).spawn(move || {
            let work = |begin| {
                if begin == Begin::Anew {
                    keeper.repair();
                }
                keeper.keep();
            };
            tireless(&inbox, work, |pause| {
                // What is served stays right as of now.
                let ms = pause.as_millis();
                tracing::error!(
                    "the watcher broke, which is a mistake of feedmill's own: please report it; it begins anew after {ms} ms"
                );
                panics.panicked(PanicSite::Watcher);
                health.stale(Cause::Watcher, "the watcher broke");
            });
        })
    };
    let watching = watching.map_err(|error| threads::unstarted(&error))?;
    let stop = stopped.recv().unwrap_or(Stop::Now);
    if stop == Stop::Ended {
        return Err(listener_ended());
    }
    end(stop, settings.drain, &health, running, admin, &stopped);
    inbox.stop();
    // The keeper ends after the look it is in.
    let _ = watching.join();
    Ok(ExitCode::SUCCESS)
}

/// Everything that can be found wrong before an address is taken: whoever asks
/// the server then gets its answer, not half a start.
fn examine(settings: &ServeSettings) -> Result<(), Failure> {
    load::find_content(&settings.places)?;
    let listeners = [("--bind", Some(&settings.bind)), ("--admin-bind", settings.admin.address())];
    for (flag, address) in listeners {
        if let Some(address) = address {
            listen::addresses(address).map_err(|error| Failure::new(in_use(flag, address, &error)))?;
        }
    }
    let rules = Loader::new(&settings.places, load::stand_in(&settings.bind)).rules();
    rules.map(drop).map_err(|problems| Failure::of(&problems))
}

/// What a listener does when it ends.
fn ended(stop: &mpsc::Sender<Stop>) -> server::Ended {
    let stop = stop.clone();
    // After a stop there is no receiver any more.
    Box::new(move || _ = stop.send(Stop::Ended))
}

/// What a supervisor restarts.
fn listener_ended() -> Failure {
    Failure::new("a listener ended by itself, so nothing would be answered any more; please report it with the log")
}

/// What the first load needs.
struct Loading<'a> {
    settings: &'a ServeSettings,
    spare: Spare,
    threads: Threads,
    bound: &'a Bound,
    inbox: &'a Inbox,
    health: &'a Arc<Health>,
    count: &'a Arc<Counters>,
    status: &'a Arc<Status>,
}

/// What it gives.
struct Loaded {
    keeper: Keeper,
    publisher: Arc<Publisher>,
}

impl Loading<'_> {
    /// Loads in a thread of its own: that may take minutes, and a signal ends it
    /// at once.
    fn load_until(&self, stopped: &mpsc::Receiver<Stop>) -> Result<Loaded, Failure> {
        thread::scope(|scope| {
            let loader = thread::Builder::new().name("load".to_owned()).spawn_scoped(scope, || self.load());
            let loader = loader.map_err(|error| threads::unstarted(&error))?;
            while !loader.is_finished() {
                match stopped.recv_timeout(Duration::from_millis(5)) {
                    Ok(Stop::Ended) => return Err(listener_ended()),
                    // Nothing is served yet, so nothing can be cut short.
                    Ok(Stop::Drain | Stop::Now) => {
                        log::flush();
                        std::process::exit(0);
                    }
                    Err(_) => {}
                }
            }
            loader.join().unwrap_or_else(|_| Err(Failure::new("the load broke; this is a mistake of feedmill's own")))
        })
    }

    fn load(&self) -> Result<Loaded, Failure> {
        let start = Instant::now();
        let mut loader = Loader::new(&self.settings.places, load::spoken_address(self.bound.address()));
        let mut known = Known::keeping(self.spare.files);
        let progress = Progress::new("reading");
        let document_cache =
            DocumentCache::observed(self.settings.document_cache.unwrap_or(self.spare.documents), timed(self.count));
        let now = Utc::now().max(clock::earliest());
        let mut watch = None;
        let loaded = self.threads.load(|| {
            let progress = |done| progress.at(done, None);
            let (loaded, library) = load::begin(&mut loader, &mut known, now, &progress, &mut |loaded| {
                loaded.problems.iter().for_each(log::problem);
                tracing::info!("{}", loaded.dialect);
                // The watch stands before the look, so that nothing falls between.
                watch = Some(keeper::Watching::start(self.settings, &loaded.ground, self.inbox));
            })?;
            Ok((loaded, Edition::first(library, document_cache)))
        })?;
        drop(progress);
        let (loaded, edition) = loaded?;
        let watch = watch.ok_or_else(|| Failure::new("nothing is watched; this is a mistake of feedmill's own"))?;
        known.look_with(self.threads.scanning()?);
        summarise(&edition, start.elapsed());
        let publisher = Arc::new(Publisher::new(edition));
        let keeper = Keeper::new(
            self.settings,
            loader,
            loaded,
            known,
            watch,
            start.elapsed(),
            keeper::Rooms {
                publisher: Arc::clone(&publisher),
                inbox: self.inbox.clone(),
                health: Arc::clone(self.health),
                count: Arc::clone(self.count),
                status: Arc::clone(self.status),
            },
        );
        Ok(Loaded { keeper, publisher })
    }
}

/// How long renderings take is counted.
fn timed(count: &Arc<Counters>) -> Observed {
    let count = Arc::clone(count);
    Box::new(move || {
        let (count, start) = (Arc::clone(&count), Instant::now());
        Box::new(move || count.rendered(start.elapsed()))
    })
}

/// More lines than that nobody reads at the start; `check` has them all.
const TOLD: usize = 20;

/// Seconds that readers keep to by themselves; a shorter `cache.max_age` takes
/// the place of their own floor
/// (docs/decisions/wire.md#max-age-is-at-least-nine-minutes).
const SHORTEST_MAX_AGE: u32 = 540;

/// What was found, in one line; and each problem.
fn summarise(edition: &Edition, took: Duration) {
    let library = edition.library();
    let problems: Vec<Problem> = library.problems().cloned().chain(library.conflicts()).collect();
    problems.iter().take(TOLD).for_each(log::problem);
    let articles = library.published_count();
    let categories = library.keys().filter(|key| key.kind() == crate::key::Kind::Category).count();
    let hidden = library.hidden().count();
    let held = library.len() - articles;
    let problems = problems.len();
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        articles,
        categories,
        problems,
        hidden,
        held,
        ms,
        "{} in {}, {}, {hidden} hidden, {held} not due or expired; loaded in {ms} ms",
        counted(articles, "article", "articles"),
        counted(categories, "category", "categories"),
        counted(problems, "problem", "problems"),
    );
    if library.is_empty() {
        tracing::warn!("no articles were found: `feedmill check` tells why; name another directory with --content");
    }
    if problems > 0 {
        tracing::info!("`feedmill check` tells all problems");
    }
    let max_age = library.rules().site.cache.max_age;
    if max_age < SHORTEST_MAX_AGE {
        tracing::warn!(
            "`cache.max_age` is {max_age} s: NetNewsWire, which by itself waits nine minutes, then polls more often, not less; {SHORTEST_MAX_AGE} or more is kinder, and `s_maxage` is what keeps caches fresh"
        );
    }
}

/// `1 article`, `2 articles`.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Where to look first.
fn welcome(edition: &Edition) {
    let base = edition.base();
    tracing::info!("feeds of the whole site: {base}rss.xml {base}atom.xml {base}feed.json");
    tracing::info!("all feeds: {base}");
}

/// Load balancers notice, polls under way finish, nobody is cut off.
fn end(
    stop: Stop,
    drain: Duration,
    health: &Health,
    running: Running,
    admin: Option<Running>,
    stopped: &mpsc::Receiver<Stop>,
) {
    health.drain();
    if stop == Stop::Drain && !drain.is_zero() {
        tracing::info!("draining for {} ms", drain.as_millis());
        let _ = stopped.recv_timeout(drain);
    }
    let ended = running.stop(GRACE);
    if ended == server::Stopped::CutShort {
        tracing::warn!("an answer was still under way after {} s", GRACE.as_secs());
    }
    if let Some(admin) = admin {
        admin.stop(Duration::from_millis(200));
    }
    tracing::info!("stopped");
}
