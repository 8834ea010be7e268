//! Decides how many threads there are, and starts the thread pools.
//!
//! A host may have 48 cores while the container may have only 64 threads, or ten. All threads are
//! therefore counted before the first one is needed: at most 24, and fewer if the system allows
//! fewer. If there are too few, the command ends with an error message instead of a panic later.

use std::sync::{Arc, Mutex};
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::Failure;
use crate::cli::Switch;

use crate::lock::lock;

/// Most threads of a process, on any machine.
const MOST: usize = 24;
/// More threads do not make a load or a build faster, because it then waits for the disk.
const MOST_FOR_LOADING: usize = 8;
/// In a small container the health check needs one more thread.
const SPARE: usize = 1;

/// Threads that `serve` always has: main, signals, log, watcher events, updater; the server's main
/// thread, acceptor, one worker, one for files, one for ETags, one for computing.
const NEEDED: usize = 11;
/// Threads of the admin listener: main thread, acceptor and worker.
const ADMIN: usize = 3;
/// The thread of `--fetch-images`.
const FETCHING: usize = 1;
/// While the watch is set up again, there are two of them.
const SECOND_WATCH: usize = 1;

/// The threads of `serve`, by purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Threads {
    pub workers: usize,
    /// Block on the disk for requests: article pages and images.
    pub files: usize,
    /// Rescan. If zero, the compute threads do it.
    pub scan: usize,
    /// Compute, for requests and for the next edition.
    pub compute: usize,
    /// Read and compute during the first load, and end after it. If zero, the compute threads do
    /// it.
    pub loading: usize,
    /// All threads, including those that are not listed here.
    all: usize,
    /// The system allows fewer threads than `MOST`.
    is_tight: bool,
}

/// Whether `serve` has an admin listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AdminListener {
    On,
    Off,
}

impl Threads {
    /// Divides the threads that the system allows.
    pub(super) fn of_serve(admin: AdminListener, fetch_images: Switch) -> Result<Self, Failure> {
        let (cores, allowed) = (cores(), allowed());
        let needed = needed(admin) + if fetch_images == Switch::On { FETCHING } else { 0 };
        let threads = Self::divide(cores, allowed, needed).ok_or_else(|| {
            let (cache_budget, without) = match admin {
                AdminListener::On => (needed + SPARE, " (or three fewer with --admin-bind off)"),
                AdminListener::Off => (needed + SPARE, ""),
            };
            too_few(allowed, "serving", cache_budget, without)
        })?;
        start_computing(threads.compute)?;
        Ok(threads)
    }

    /// Logs if the system allows fewer threads than the most we would use.
    pub(super) fn report(self) {
        if self.is_tight {
            let Self { all, workers, .. } = self;
            tracing::info!("the system allows few threads: {all} are used, {workers} of them answer requests");
        }
    }

    /// Divides the threads. `None` if there are too few.
    fn divide(cores: usize, allowed: usize, needed: usize) -> Option<Self> {
        let is_tight = allowed < MOST;
        let most = if is_tight { allowed.checked_sub(SPARE)? } else { MOST };
        let mut left = most.checked_sub(needed)?;
        let mut threads = Self { workers: 1, files: 1, scan: 0, compute: 1, loading: 0, all: needed, is_tight };
        // Without this thread the watch can still be set up again, only more slowly.
        left = left.saturating_sub(SECOND_WATCH);
        loop {
            let wanted = [
                (&mut threads.files, 4),
                (&mut threads.workers, cores.min(4)),
                (&mut threads.scan, cores.saturating_sub(1).min(2)),
                (&mut threads.compute, cores.min(2)),
            ];
            let before = left;
            for (count, most) in wanted {
                if *count < most && left > 0 {
                    *count += 1;
                    left -= 1;
                    threads.all += 1;
                }
            }
            if before == left {
                break;
            }
        }
        if !is_tight {
            threads.loading = cores.min(MOST_FOR_LOADING);
        }
        Some(threads)
    }

    /// Runs the first load, which can use the whole machine.
    pub(super) fn load<T: Send>(self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        if self.loading == 0 {
            return Ok(work());
        }
        let builder = ThreadPoolBuilder::new().num_threads(self.loading).thread_name(|at| format!("load-{at}"));
        // The pool is scoped, so its threads have ended when this returns.
        builder.build_scoped(rayon::ThreadBuilder::run, |pool| pool.install(work)).map_err(|error| unstarted(&error))
    }

    /// The threads for rescans. They are separate, so that a long rescan does not delay requests.
    pub(super) fn scanning(self) -> Result<Option<Arc<ThreadPool>>, Failure> {
        if self.scan == 0 {
            return Ok(None);
        }
        let builder = ThreadPoolBuilder::new().num_threads(self.scan).thread_name(|at| format!("scan-{at}"));
        builder.build().map(|pool| Some(Arc::new(pool))).map_err(|error| unstarted(&error))
    }
}

/// Most threads that put objects into a store at once.
const TRANSFERS: usize = 16;

/// How many threads may put objects into a store.
pub(super) fn for_transfers() -> usize {
    MOST.saturating_sub(running()).clamp(1, TRANSFERS)
}

/// Starts the threads of `build` or `check`, which compute and end.
pub(super) fn start_loading(what: &'static str) -> Result<(), Failure> {
    // Main, log, and one that computes.
    const LEAST: usize = 3;
    let allowed = allowed();
    if allowed < LEAST {
        return Err(too_few(allowed, what, LEAST, ""));
    }
    start_computing(cores().min(MOST_FOR_LOADING).min(allowed + 1 - LEAST))
}

/// Starts the global pool of compute threads. Called once per process.
fn start_computing(threads: usize) -> Result<(), Failure> {
    let builder = ThreadPoolBuilder::new().num_threads(threads).thread_name(|at| format!("compute-{at}"));
    builder.build_global().map_err(|error| unstarted(&error))
}

/// The failure of a command whose thread could not be started.
pub(super) fn unstarted(error: &dyn std::error::Error) -> Failure {
    Failure::new(format!(
        "a thread cannot be started: {error}; allow more threads, such as `ulimit -u 4096`, or `pids_limit: 64` for a container"
    ))
}

fn too_few(allowed: usize, what: &str, needed: usize, without: &str) -> Failure {
    Failure::new(format!(
        "only {allowed} threads may run at once here, and {what} needs at least {needed}{without}; allow more, such as `ulimit -u 4096`, or `pids_limit: 64` for a container"
    ))
}

const fn needed(admin: AdminListener) -> usize {
    match admin {
        AdminListener::On => NEEDED + ADMIN,
        AdminListener::Off => NEEDED,
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// How many threads this process may have, including those it has, up to `MOST`.
///
/// This starts threads to find out, because limits come from `RLIMIT_NPROC`, which also counts
/// other processes of the user, from cgroups at every level, and from the kernel.
fn allowed() -> usize {
    let here = running();
    let hold = Mutex::new(());
    let started = thread::scope(|scope| {
        let held = lock(&hold);
        let wait = || drop(lock(&hold));
        let start = |_: &usize| Builder::new().stack_size(64 * 1024).spawn_scoped(scope, wait).is_ok();
        let started = (here..MOST).take_while(start).count();
        drop(held);
        started
    });
    // The system counts a thread for a moment after it was joined.
    let end = Instant::now() + Duration::from_secs(1);
    while running() > here && Instant::now() < end {
        thread::yield_now();
    }
    here + started
}

/// The number of threads of this process; one if that is unknown.
fn running() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(1, |threads| threads.count().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_threads_than_allowed_nor_more_than_24() {
        for admin in [AdminListener::On, AdminListener::Off] {
            for cores in [1, 2, 3, 4, 8, 48, 512] {
                for allowed in 0..100 {
                    let Some(threads) = Threads::divide(cores, allowed, needed(admin)) else {
                        assert!(allowed < needed(admin) + SPARE, "{admin:?}, {cores} cores, {allowed} allowed");
                        continue;
                    };
                    let Threads { workers, files, scan, compute, loading, all, .. } = threads;
                    assert_eq!(all, needed(admin) + (workers - 1) + (files - 1) + scan + (compute - 1));
                    assert!(all <= allowed.min(MOST), "{threads:?} of {allowed}");
                    // The loading threads end before the serving threads start.
                    let serving = workers + files + scan + 3;
                    assert!(loading == 0 || all - serving + loading <= MOST, "{threads:?} of {allowed}");
                    assert!(loading == 0 || allowed >= MOST);
                }
            }
        }
    }

    #[test]
    fn more_cores_and_more_threads_are_used() {
        let threads = |cores, allowed| Threads::divide(cores, allowed, needed(AdminListener::On)).unwrap();
        let one = threads(1, 64);
        assert_eq!((one.workers, one.files, one.scan, one.compute, one.loading), (1, 4, 0, 1, 1));
        let many = threads(48, 64);
        assert_eq!((many.workers, many.files, many.scan, many.compute, many.loading), (4, 4, 2, 2, 8));
        let few = threads(48, 19);
        assert!(few.workers >= 2 && few.files >= 2 && few.loading == 0, "{few:?}");
        assert_eq!(Threads::divide(48, 14, needed(AdminListener::On)), None);
        assert!(Threads::divide(48, 12, needed(AdminListener::Off)).is_some());
    }

    #[test]
    fn the_probe_finds_what_the_system_allows_and_leaves_nothing() {
        // The test runner has other threads.
        assert!(allowed() >= MOST.min(running()));
    }
}
