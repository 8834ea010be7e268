//! A fixed number of threads that block on behalf of requests: they read files, render, and compress.
//!
//! The threads are started before the first request. Starting one can therefore not fail later, and
//! many requests do not create many threads.
//!
//! Jobs that may wait until others free memory are in a lane of their own, which never occupies all
//! threads and has a limited length. The other jobs go on meanwhile.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use tokio::sync::oneshot;

use crate::lock::{lock, recover};

type Job = Box<dyn FnOnce() + Send>;

/// Most jobs that wait in [`Lane::Long`]. There is rarely more than a few, unless many large feeds
/// are requested at once.
const MOST_WAITING: usize = 1024;

/// Which jobs a job may delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Jobs that begin as soon as a thread is free.
    Short,
    /// Jobs that may wait for a permit, because they need much memory.
    Long,
}

/// The work may wait for a permit, so it belongs in [`Lane::Long`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NeedsPermit;

/// A thread pool. Its threads end when this is dropped.
#[derive(Debug)]
pub(crate) struct Pool(Arc<JobQueue>);

#[derive(Default)]
struct JobQueue {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

#[derive(Default)]
struct Jobs {
    short: VecDeque<Job>,
    long: VecDeque<Job>,
    /// Jobs of the long lane that are running, and their maximum.
    running: usize,
    most_running: usize,
    /// Most jobs that wait in the long lane.
    most_waiting: usize,
    /// The job that began last was long. With one thread the lanes take turns.
    was_long: bool,
    is_closed: bool,
}

impl Jobs {
    /// Returns the next job to run, and its lane.
    fn next(&mut self) -> Option<(Lane, Job)> {
        let may_be_long = self.running < self.most_running && (!self.was_long || self.short.is_empty());
        let long = if may_be_long { self.long.pop_front() } else { None };
        self.was_long = long.is_some();
        match long {
            Some(job) => {
                self.running += 1;
                Some((Lane::Long, job))
            }
            None => Some((Lane::Short, self.short.pop_front()?)),
        }
    }
}

impl std::fmt::Debug for JobQueue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("JobQueue").finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts this many threads, named `NAME-0`, `NAME-1`, and so on.
    pub(crate) fn start(name: &str, threads: usize) -> io::Result<Self> {
        Self::with(name, threads, MOST_WAITING)
    }

    /// Like [`Self::start`], with a maximum of jobs that wait in the long lane.
    pub(super) fn with(name: &str, threads: usize, most_waiting: usize) -> io::Result<Self> {
        let pool = Self(Arc::default());
        let most_running = threads.saturating_sub(1).max(1);
        *pool.0.jobs() = Jobs { most_running, most_waiting, ..Jobs::default() };
        for at in 0..threads {
            let queue = Arc::clone(&pool.0);
            thread::Builder::new().name(format!("{name}-{at}")).spawn(move || queue.work())?;
        }
        Ok(pool)
    }

    /// Runs `work` as soon as a thread is free.
    pub(crate) fn begin(&self, work: impl FnOnce() + Send + 'static) {
        self.0.jobs().short.push_back(Box::new(work));
        self.0.changed.notify_one();
    }

    /// Runs `work` as soon as a thread is free and sends its result to the receiver. Work whose
    /// receiver was dropped before it began is skipped. If the work panics, the receiver gets an
    /// error.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (job, receiver) = job(work);
        self.begin(job);
        receiver
    }

    /// Like [`Self::run`], for a lane. `None` if too many jobs wait in it.
    pub(crate) fn run_in<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<oneshot::Receiver<T>> {
        if lane == Lane::Short {
            return Some(self.run(work));
        }
        let (job, receiver) = job(work);
        let mut jobs = self.0.jobs();
        if jobs.long.len() >= jobs.most_waiting {
            return None;
        }
        jobs.long.push_back(Box::new(job));
        drop(jobs);
        self.0.changed.notify_one();
        Some(receiver)
    }
}

/// Returns a job that sends the result of `work` to the receiver, unless the receiver was dropped.
fn job<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> (impl FnOnce() + Send + 'static, oneshot::Receiver<T>) {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        if !sender.is_closed() {
            let _ = sender.send(work());
        }
    };
    (job, receiver)
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.jobs().is_closed = true;
        self.0.changed.notify_all();
    }
}

impl JobQueue {
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        lock(&self.jobs)
    }

    fn work(&self) {
        let mut jobs = self.jobs();
        loop {
            let Some((lane, job)) = jobs.next() else {
                if jobs.is_closed {
                    return;
                }
                jobs = recover(self.changed.wait(jobs));
                continue;
            };
            drop(jobs);
            // A panic concerns only the receiver of this job.
            let _ = catch_unwind(AssertUnwindSafe(job));
            jobs = self.jobs();
            if lane == Lane::Long {
                // This thread looks for the next job itself, so no other has to be woken.
                jobs.running -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn work_runs_in_order_and_a_panic_affects_only_its_receiver() {
        let pool = Pool::start("test", 1).unwrap();
        let broken = pool.run(|| panic!("as asked"));
        let whole = pool.run(|| 7);
        assert_eq!(whole.blocking_recv(), Ok(7));
        assert!(broken.blocking_recv().is_err());
    }

    #[test]
    fn long_jobs_leave_a_thread_to_the_short_ones_and_their_number_is_limited() {
        let pool = Pool::with("test", 2, 2).unwrap();
        let (began, first) = mpsc::channel();
        let (go, wait) = mpsc::channel();
        let held = pool.run_in(Lane::Long, move || {
            began.send(()).unwrap();
            wait.recv().unwrap();
        });
        first.recv().unwrap();
        let waiting = [1, 2].map(|number| pool.run_in(Lane::Long, move || number).unwrap());
        assert!(pool.run_in(Lane::Long, || ()).is_none(), "the lane is full");
        for number in 0..10 {
            assert_eq!(pool.run(move || number).blocking_recv(), Ok(number));
        }
        go.send(()).unwrap();
        held.unwrap().blocking_recv().unwrap();
        assert_eq!(waiting.map(|receiver| receiver.blocking_recv().unwrap()), [1, 2]);
    }

    #[test]
    fn with_one_thread_the_lanes_take_turns() {
        let pool = Pool::start("test", 1).unwrap();
        let (began, first) = mpsc::channel();
        let (go, wait) = mpsc::channel();
        let held = pool.run(move || {
            began.send(()).unwrap();
            wait.recv().unwrap();
        });
        first.recv().unwrap();
        let (order, ran) = mpsc::channel();
        let run = |lane, name: &'static str| {
            let order = order.clone();
            pool.run_in(lane, move || order.send(name).unwrap()).unwrap()
        };
        let all: Vec<_> = [(Lane::Long, "long"), (Lane::Long, "long"), (Lane::Short, "short"), (Lane::Short, "short")]
            .map(|(lane, name)| run(lane, name))
            .into();
        go.send(()).unwrap();
        held.blocking_recv().unwrap();
        for receiver in all {
            receiver.blocking_recv().unwrap();
        }
        assert_eq!(ran.try_iter().collect::<Vec<_>>(), ["long", "short", "long", "short"]);
    }

    #[test]
    fn work_that_is_no_longer_wanted_is_skipped() {
        let pool = Pool::start("test", 1).unwrap();
        let (go, wait) = mpsc::channel();
        let (did, done) = mpsc::channel();
        let first = pool.run(move || wait.recv().unwrap());
        drop(pool.run(move || did.send(()).unwrap()));
        go.send(()).unwrap();
        first.blocking_recv().unwrap();
        pool.run(|| ()).blocking_recv().unwrap();
        assert!(done.recv().is_err(), "unwanted work was done");
    }
}
