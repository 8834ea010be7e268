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
use crate::cli::Switch;
use crate::diagnostic::Problem;
use crate::disk::{Inbox, Known, LookError};
use crate::edition::{Edition, Observed, Shelf};
use crate::publisher::Publisher;
use crate::server::admin::{self, Admin};
use crate::server::health::Cause;
use crate::server::listen::{self, BACKLOG, Bound};
use crate::server::{self, AccessLog, Counters, Health, Room, Rooms, Running, Size};
use crate::settings::{ADMIN, AdminBind, ServeSettings};

mod change;
mod keeper;
mod limits;
mod signals;
mod status;
mod tireless;

use keeper::Keeper;
use limits::Spare;
use signals::{Stop, take_signals};
use status::Status;
use tireless::{Begin, tireless};

/// How long answers under way may take after the last poll was answered.
const GRACE: Duration = Duration::from_secs(5);

/// More workers than this compete with the watcher for nothing: one alone
/// answers tens of thousands of polls a second.
const MOST_WORKERS: usize = 4;

/// Open files that no connection may take: watches, logs, and the articles and
/// images being read. An article that cannot be opened is missing from feeds.
const FILES_OF_OUR_OWN: usize = 256;

pub(super) fn run(settings: &ServeSettings) -> Result<ExitCode, Failure> {
    // First of all: as PID 1 a program ignores SIGTERM until it handles it.
    let (stop, stopped) = mpsc::channel();
    let inbox = Inbox::new();
    take_signals(stop, inbox.clone())?;
    log::start(&settings.places, WhenFull::Drop);
    let files = limits::raise_file_limit()?;
    examine(settings)?;
    let bound = listen::bind(&settings.bind).map_err(|error| Failure::new(in_use("--bind", &settings.bind, &error)))?;
    let health = Arc::new(Health::new().not_before(clock::earliest()));
    let count = Arc::new(Counters::new());
    let status = Arc::new(Status::new(Arc::clone(&health)));
    let admin = serve_admin(settings, bound.address(), &health, &count, &status, &inbox)?;
    let spare = Spare::here();
    let loading =
        Loading { settings, spare, bound: &bound, inbox: &inbox, health: &health, count: &count, status: &status };
    // The load may take minutes; whoever wants to stop need not wait for it.
    let loaded = thread::scope(|scope| {
        let loader = scope.spawn(|| loading.load());
        while !loader.is_finished() {
            if stopped.recv_timeout(Duration::from_millis(5)).is_ok() {
                // Nothing is served yet, so nothing can be cut short.
                log::flush();
                std::process::exit(0);
            }
        }
        loader.join().unwrap_or_else(|_| Err(Failure::new("the load broke; this is a mistake of feedmill's own")))
    })?;
    let Loaded { keeper, publisher } = loaded;
    let pages = Arc::new(Pages::new(Arc::clone(keeper.files()), spare.pages));
    let rooms = Rooms {
        publisher: Arc::clone(&publisher),
        article: {
            let pages = Arc::clone(&pages);
            Box::new(move |edition, place| pages.article(edition, place))
        },
        media: Box::new(move |edition, key| pages.media(edition, key)),
        health: Arc::clone(&health),
        count: Arc::clone(&count),
        access_log: if settings.access_log == Switch::On { AccessLog::On } else { AccessLog::Off },
    };
    let address = bound.address();
    let size = Size {
        workers: thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS),
        connections: files - FILES_OF_OUR_OWN.min(files / 2),
    };
    let running = bound
        .listen(BACKLOG)
        .and_then(|listener| server::run(listener, rooms, size))
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
        thread::spawn(move || {
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
                panics.panicked(Room::Watcher);
                health.stale(Cause::Watcher, "the watcher broke");
            });
        })
    };
    let stop = stopped.recv().unwrap_or(Stop::Now);
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

fn in_use(flag: &str, address: &str, error: &std::io::Error) -> String {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, InvalidInput, PermissionDenied};
    match error.kind() {
        AddrInUse => {
            format!("something listens on {address} already; choose another address with {flag}, such as {flag} :8081")
        }
        PermissionDenied => format!(
            "{address} may not be listened on: ports below 1024 are the system's; choose another with {flag}, such as {flag} :8080"
        ),
        AddrNotAvailable => {
            format!("{address} is no address of this machine; name one that is with {flag}, or :PORT for all of them")
        }
        InvalidInput => format!("{error} ({flag})"),
        _ => format!("cannot listen on {address}: {error}; name an address of this machine with {flag}"),
    }
}

fn serve_admin(
    settings: &ServeSettings,
    public: std::net::SocketAddr,
    health: &Arc<Health>,
    count: &Arc<Counters>,
    status: &Arc<Status>,
    inbox: &Inbox,
) -> Result<Option<Running>, Failure> {
    // Two programs may both bind an address; the later one cannot listen.
    let listener = |address: &str| {
        let bound = listen::bind(address)?;
        if listen::collide(bound.address(), public) {
            return Err(std::io::Error::other(format!("--bind takes port {} already", public.port())));
        }
        Ok((bound.address(), bound.listen(BACKLOG)?))
    };
    let (address, listener) = match &settings.admin {
        AdminBind::Off => return Ok(None),
        AdminBind::At(address) => {
            listener(address).map_err(|error: std::io::Error| Failure::new(in_use("--admin-bind", address, &error)))?
        }
        AdminBind::Default => match listener(ADMIN) {
            Ok(listening) => listening,
            Err(error) => {
                tracing::warn!(
                    "no metrics and no status: cannot listen on {ADMIN}: {error}; choose an address with --admin-bind, or `off`"
                );
                return Ok(None);
            }
        },
    };
    let inbox = inbox.clone();
    let admin = Admin {
        health: Arc::clone(health),
        metrics: {
            let (count, health, status) = (Arc::clone(count), Arc::clone(health), Arc::clone(status));
            Box::new(move || {
                count.problems(status.problem_count());
                count.log_dropped(log::dropped());
                count.text(&health)
            })
        },
        status: {
            let status = Arc::clone(status);
            Box::new(move || status.json())
        },
        page: {
            let status = Arc::clone(status);
            Box::new(move || status.page())
        },
        reload: Box::new(move || inbox.reload()),
    };
    let running = admin::run(listener, admin)
        .map_err(|error| Failure::new(format!("cannot serve the admin address {address}: {error}")))?;
    tracing::info!("admin on http://{address}");
    Ok(Some(running))
}

/// What the first load needs.
struct Loading<'a> {
    settings: &'a ServeSettings,
    spare: Spare,
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
    fn load(&self) -> Result<Loaded, Failure> {
        let start = Instant::now();
        let mut loader = Loader::new(&self.settings.places, load::spoken_address(self.bound.address()));
        let loaded = loader.rules().map_err(|problems| Failure::of(&problems))?;
        loaded.problems.iter().for_each(log::problem);
        tracing::info!("{}", loaded.dialect);
        // The watch stands before the look, so that nothing falls between.
        let watch = keeper::Watching::start(self.settings, &loaded.ground, self.inbox);
        let mut known = Known::keeping(self.spare.files);
        let progress = Progress::new("reading");
        let now = Utc::now().max(clock::earliest());
        let library = match load::first(&loaded, &mut known, now, &|done| progress.at(done, None)) {
            Ok(library) => library,
            Err(LookError::Vanished { reason }) => return Err(Failure::new(reason)),
            Err(error @ LookError::Unsettled) => return Err(Failure::new(error.to_string())),
        };
        drop(progress);
        let edition = Edition::first(
            library,
            Shelf::observed(self.settings.document_cache.unwrap_or(self.spare.documents), timed(self.count)),
        );
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
/// the place of their own floor (wire.md, 19).
const SHORTEST_MAX_AGE: u32 = 540;

/// What was found, in one line; and each problem.
fn summarise(edition: &Edition, took: Duration) {
    let library = edition.library();
    let problems: Vec<Problem> = library.problems().cloned().chain(library.disputes()).collect();
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
