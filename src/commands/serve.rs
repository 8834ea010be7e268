//! `feedmill serve`: load, watch, serve, and stop gracefully.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::Failure;
use super::clock;
use super::dates;
use super::images;
use super::left_out::{self, counted};
use super::limits::{self, CacheBudget};
use super::load::{self, Loader};
use super::log::{self, WhenFull};
use super::pages::Pages;
use super::pings;
use super::problems::{self, ProblemOrigin};
use super::progress::Progress;
use super::threads::{self, AdminListener, Threads};
use crate::cli::{AccessLogFormat, Switch};
use crate::diagnostic::Problem;
use crate::disk::{EventQueue, FileSnapshot};
use crate::edition::{DocumentCache, Edition, Observed};
use crate::publisher::Publisher;
use crate::server::listen::{self, Public};
use crate::server::{self, AccessLog, AppState, Counters, Health, Pool, ReaderCount, Running, Size, TrustedProxies};
use crate::settings::{AdminBind, PlaceSettings, ServeSettings};

mod change;
mod updater;
mod listeners;
mod signals;
mod status;
mod supervise;
mod watched_site;

use listeners::{in_use, serve_admin};
use signals::{Stop, take_signals};
use status::Status;
use supervise::keep_updating;
use updater::{LoggedProblems, Updater};
pub(super) use watched_site::{WaitEnd, WatchedSite};

/// How long responses that are being sent may take after the listener was closed.
const GRACE: Duration = Duration::from_secs(5);

/// File descriptors that connections may not use: for watches, the log, and the articles and images
/// being read. An article that cannot be opened would be missing from feeds.
const FILES_OF_OUR_OWN: usize = 256;

pub(super) fn run(settings: &ServeSettings) -> Result<ExitCode, Failure> {
    // This comes first, because a process with PID 1 ignores SIGTERM until it handles it.
    let (stop, stopped) = mpsc::channel();
    let event_queue = EventQueue::new();
    take_signals(stop.clone(), event_queue.clone())?;
    let has_admin = if settings.admin == AdminBind::Off { AdminListener::Off } else { AdminListener::On };
    let threads = Threads::of_serve(has_admin, settings.fetch_images)?;
    log::start(&settings.places, WhenFull::Drop);
    threads.report();
    let files = limits::raise_file_limit()?;
    let inherited = listen::inherited()
        .map_err(|error| Failure::new(format!("the sockets of LISTEN_FDS cannot be used: {error}")))?;
    let addresses = listeners::addresses(settings, &inherited);
    // Without a base URL, that of the first listener counts.
    let stand_in = |first: Option<&Public>| match first {
        Some(public) => public.address().map_or_else(String::new, load::spoken_address),
        None => addresses.first().map_or_else(String::new, |first| load::stand_in(first)),
    };
    examine(settings, &addresses, stand_in(inherited.first()))?;
    let publics = listeners::bind(inherited, &addresses)?;
    let bound = stand_in(publics.first());
    let health = Arc::new(Health::new().not_before(clock::earliest()));
    let count = Arc::new(Counters::new());
    let status = Arc::new(Status::new(Arc::clone(&health), Arc::clone(&count), settings.places.clone()));
    let admin = serve_admin(settings, &publics, &health, &count, &status, &event_queue, ended(&stop))?;
    let cache_budget = CacheBudget::apply();
    let loading = Loading {
        settings,
        cache_budget,
        threads,
        bound: &bound,
        event_queue: &event_queue,
        health: &health,
        count: &count,
        status: &status,
    };
    let LoadedServer { updater, publisher } = loading.load_until(&stopped)?;
    let tagging = Pool::start("tags", 1).map_err(|error| threads::unstarted(&error))?;
    let pages = Arc::new(Pages::new(Arc::clone(updater.files()), cache_budget.pages, tagging));
    let state = AppState {
        publisher: Arc::clone(&publisher),
        article: {
            let pages = Arc::clone(&pages);
            Box::new(move |edition, place, lane| pages.article(edition, place, lane))
        },
        media: Box::new(move |edition, key, lane| pages.media(edition, key, lane)),
        files: Arc::new(
            Pool::start("files", threads.files.min(cache_budget.file_threads))
                .map_err(|error| threads::unstarted(&error))?,
        ),
        health: Arc::clone(&health),
        count: Arc::clone(&count),
        access_log: access_log(settings.access_log),
        proxies: TrustedProxies::new(settings.trusted_proxies.clone()),
        reader_count: if admin.is_some() { ReaderCount::On } else { ReaderCount::Off },
    };
    let size = Size {
        workers: threads.workers,
        connections: cache_budget.connections.min(files - FILES_OF_OUR_OWN.min(files / 2)),
        answers: cache_budget.answers,
    };
    let names: Vec<String> = publics.iter().map(ToString::to_string).collect();
    let local = publics.iter().find_map(Public::address).map(load::spoken_address);
    let (open, files_of_sockets) = listeners::listen(publics)?;
    let running = server::run(open, state, size, ended(&stop))
        .map_err(|error| Failure::new(format!("cannot serve {}: {error}", names.join(", "))))?;
    match clock::now() {
        Ok(_) => health.loaded(),
        Err(sentence) => {
            health.wait_for_clock();
            tracing::error!("{sentence}; nothing is served until then");
        }
    }
    for name in names {
        tracing::info!("listening on {name}");
    }
    welcome(&publisher.current(), local.as_deref());
    if settings.open {
        open_browser(&publisher.current());
    }
    let watching = keep_updating(updater, &event_queue, &health, &count)?;
    if settings.fetch_images == Switch::On {
        let (publisher, places) = (Arc::clone(&publisher), settings.places.clone());
        let fetching = thread::Builder::new().name("images".to_owned());
        // It ends with the process; the facts file is replaced as a whole.
        fetching.spawn(move || images::keep(&publisher, &places)).map_err(|error| threads::unstarted(&error))?;
    }
    if settings.ping == Switch::On {
        ping(&publisher, &settings.places, &count)?;
    }
    let stop = stopped.recv().unwrap_or(Stop::Now);
    if stop == Stop::Ended {
        return Err(listener_ended());
    }
    end(stop, settings.drain, &health, running, admin, &stopped);
    drop(files_of_sockets);
    event_queue.stop();
    // The updater finishes the scan that it is in.
    let _ = watching.join();
    Ok(ExitCode::SUCCESS)
}

/// Starts the thread that tells hubs of changes. It ends with the process.
fn ping(publisher: &Arc<Publisher>, places: &PlaceSettings, count: &Arc<Counters>) -> Result<(), Failure> {
    let (publisher, places, count) = (Arc::clone(publisher), places.clone(), Arc::clone(count));
    let mut seen = None;
    let mut editions = move || {
        let number = publisher.number();
        (seen.replace(number) != Some(number)).then(|| publisher.current())
    };
    pings::start(move || pings::keep(&mut editions, &places, &count.hubs))
}

fn access_log(format: AccessLogFormat) -> AccessLog {
    match format {
        AccessLogFormat::Off => AccessLog::Off,
        AccessLogFormat::On => AccessLog::On,
        AccessLogFormat::Combined => AccessLog::Combined(Box::new(log::print)),
    }
}

/// Checks everything that can be checked before a port is bound, so that no client connects to a
/// server that fails to start.
fn examine(settings: &ServeSettings, addresses: &[String], bound: String) -> Result<(), Failure> {
    load::find_content(&settings.places)?;
    let public = addresses.iter().filter(|address| listen::unix_path(address).is_none());
    let admin = settings.admin.address().into_iter().map(|address| ("--admin-bind", address));
    for (flag, address) in public.map(|address| ("--bind", address)).chain(admin) {
        listen::addresses(address).map_err(|error| Failure::new(in_use(flag, address, &error)))?;
    }
    let rules = Loader::new(&settings.places, bound).rules();
    rules.map(drop).map_err(|problems| Failure::of(&problems))
}

/// The function that a listener calls when it ends.
fn ended(stop: &mpsc::Sender<Stop>) -> server::OnEnd {
    let stop = stop.clone();
    // After a stop the receiver is gone.
    Box::new(move || _ = stop.send(Stop::Ended))
}

/// The failure after a listener ended unexpectedly; a supervisor restarts the program.
fn listener_ended() -> Failure {
    Failure::new(
        "a listener ended unexpectedly, so the server cannot respond any more; please report this with the log",
    )
}

/// Everything that the first load needs.
struct Loading<'a> {
    settings: &'a ServeSettings,
    cache_budget: CacheBudget,
    threads: Threads,
    /// The base URL if none is set.
    bound: &'a str,
    event_queue: &'a EventQueue,
    health: &'a Arc<Health>,
    count: &'a Arc<Counters>,
    status: &'a Arc<Status>,
}

/// The result of the first load.
struct LoadedServer {
    updater: Updater,
    publisher: Arc<Publisher>,
}

impl Loading<'_> {
    /// Loads in a separate thread, so that a signal can end the program at once although loading
    /// may take minutes.
    fn load_until(&self, stopped: &mpsc::Receiver<Stop>) -> Result<LoadedServer, Failure> {
        thread::scope(|scope| {
            let loader = thread::Builder::new().name("load".to_owned()).spawn_scoped(scope, || self.load());
            let loader = loader.map_err(|error| threads::unstarted(&error))?;
            while !loader.is_finished() {
                match stopped.recv_timeout(Duration::from_millis(5)) {
                    Ok(Stop::Ended) => return Err(listener_ended()),
                    // Nothing is being served yet, so nothing is interrupted.
                    Ok(Stop::Drain | Stop::Now) => {
                        log::flush();
                        std::process::exit(0);
                    }
                    Err(_) => {}
                }
            }
            loader.join().unwrap_or_else(|_| Err(Failure::new("the first load panicked; this is a bug in feedmill")))
        })
    }

    fn load(&self) -> Result<LoadedServer, Failure> {
        let start = Instant::now();
        let mut loader = Loader::new(&self.settings.places, self.bound.to_owned());
        let mut snapshot = FileSnapshot::keeping(self.cache_budget.files);
        snapshot.wait_for_writers();
        let progress = Progress::of_load();
        let document_cache = DocumentCache::observed(
            self.settings.document_cache.unwrap_or(self.cache_budget.documents),
            timed(self.count),
        );
        let now = Utc::now().max(clock::earliest());
        let mut watch = None;
        let loaded = self.threads.load(|| {
            let progress = |done, of| progress.at(done, of);
            let (loaded, library) = load::begin(&mut loader, &mut snapshot, now, &progress, &mut |loaded| {
                let of_rules = loaded.problems.iter().map(|problem| (problem.clone(), ProblemOrigin::Rules));
                problems::log(of_rules, &self.settings.places);
                tracing::info!("{}", loaded.generator);
                // The watch starts before the scan, so that no change falls between them.
                watch = Some(updater::Watching::start(
                    &self.settings.places,
                    self.settings.watch,
                    &loaded.scan_config,
                    self.event_queue,
                ));
            })?;
            Ok((loaded, Edition::first(library, document_cache)))
        })?;
        drop(progress);
        let (loaded, edition) = loaded?;
        let watch = watch.ok_or_else(|| Failure::new("nothing is watched; this is a bug in feedmill"))?;
        snapshot.look_with(self.threads.scanning()?);
        let (logged, of_library) = LoggedProblems::first(&edition);
        summarise(&loaded, &edition, of_library, start.elapsed(), &self.settings.places);
        let publisher = Arc::new(Publisher::new(edition));
        let updater = Updater::new(
            &self.settings.places,
            loader,
            loaded,
            snapshot,
            watch,
            start.elapsed(),
            updater::UpdaterContext {
                publisher: Arc::clone(&publisher),
                event_queue: self.event_queue.clone(),
                health: Arc::clone(self.health),
                count: Arc::clone(self.count),
                status: Arc::clone(self.status),
                logged,
            },
        );
        Ok(LoadedServer { updater, publisher })
    }
}

/// Measures how long documents take to render.
fn timed(count: &Arc<Counters>) -> Observed {
    let count = Arc::clone(count);
    Box::new(move || {
        let (count, start) = (Arc::clone(&count), Instant::now());
        Box::new(move || count.rendered(start.elapsed()))
    })
}

/// The minimum interval of `NetNewsWire` in seconds. A shorter `cache.max_age` overrides it
/// (docs/decisions/wire.md#max-age-is-at-least-nine-minutes).
const SHORTEST_MAX_AGE: u32 = 540;

/// Logs the problems, and one line about what was loaded.
fn summarise(
    loaded: &load::Loaded,
    edition: &Edition,
    of_library: Vec<(Problem, ProblemOrigin)>,
    took: Duration,
    places: &PlaceSettings,
) {
    let library = edition.library();
    let problems = loaded.problems.len() + library.problem_count() + of_library.len();
    let of_articles = library.problems().map(|problem| (problem.clone(), ProblemOrigin::Article));
    problems::log(of_articles.chain(of_library), places);
    let articles = library.published_count();
    let categories = library.keys().filter(|key| key.kind() == crate::key::Kind::Category).count();
    let hidden = library.hidden().count();
    let held = library.len() - articles;
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
    for line in dates::zones(library).into_iter().chain(left_out::not_due(library)) {
        tracing::info!("{line}");
    }
    if let Some(problem) = left_out::no_articles(loaded, library) {
        log::problem(&problem);
    }
    if problems > 0 {
        tracing::info!("`feedmill check` lists all problems");
    }
    let max_age = library.rules().site.http.cache.max_age;
    if max_age < SHORTEST_MAX_AGE {
        tracing::warn!(
            "`cache.max_age` is {max_age} s: NetNewsWire, which waits nine minutes by default, then polls more often; use {SHORTEST_MAX_AGE} or more, and `s_maxage` to keep shared caches up to date"
        );
    }
}

/// Logs the URLs to open first. `local` is the URL of the listener.
fn welcome(edition: &Edition, local: Option<&str>) {
    let base = edition.base();
    if let Some(local) = local.filter(|local| !base.as_str().starts_with(local)) {
        tracing::info!("on this machine: {local}{}", edition.base_path());
    }
    tracing::info!("feeds of the whole site: {base}rss.xml {base}atom.xml {base}feed.json");
    tracing::info!("all feeds: {base}");
}

/// Shows the home page in the browser of the user.
fn open_browser(edition: &Edition) {
    let home = edition.base().to_string();
    if let Err(error) = open::that_detached(&home) {
        tracing::warn!("no browser can be started for {home}: {error}");
    }
}

/// Stops gracefully: load balancers get time to notice, and responses that are being sent are
/// completed.
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
        tracing::warn!("a response was still being sent after {} s", GRACE.as_secs());
    }
    if let Some(admin) = admin {
        admin.stop(Duration::from_millis(200));
    }
    tracing::info!("stopped");
}
