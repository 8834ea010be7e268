//! A fixed number of threads that block on the disk on behalf of requests.
//!
//! The threads are started before the first request. Starting one can therefore not fail later, and
//! many requests do not create many threads.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use tokio::sync::oneshot;

use crate::lock::{lock, recover};

type Job = Box<dyn FnOnce() + Send>;

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
    waiting: VecDeque<Job>,
    is_closed: bool,
}

impl std::fmt::Debug for JobQueue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Queue").finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts this many threads, named `NAME-0`, `NAME-1`, and so on.
    pub(crate) fn start(name: &str, threads: usize) -> io::Result<Self> {
        let pool = Self(Arc::default());
        for at in 0..threads {
            let queue = Arc::clone(&pool.0);
            thread::Builder::new().name(format!("{name}-{at}")).spawn(move || queue.work())?;
        }
        Ok(pool)
    }

    /// Runs `work` as soon as a thread is free.
    pub(crate) fn begin(&self, work: impl FnOnce() + Send + 'static) {
        self.0.jobs().waiting.push_back(Box::new(work));
        self.0.changed.notify_one();
    }

    /// Runs `work` as soon as a thread is free and sends its result to the receiver. Work whose
    /// receiver was dropped before it began is skipped. If the work panics, the receiver gets an
    /// error.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        self.begin(move || {
            if !sender.is_closed() {
                let _ = sender.send(work());
            }
        });
        receiver
    }
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
        loop {
            let idle = |jobs: &mut Jobs| jobs.waiting.is_empty() && !jobs.is_closed;
            let mut jobs = recover(self.changed.wait_while(self.jobs(), idle));
            let Some(job) = jobs.waiting.pop_front() else {
                return;
            };
            drop(jobs);
            // A panic concerns only the receiver of this job.
            let _ = catch_unwind(AssertUnwindSafe(job));
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
