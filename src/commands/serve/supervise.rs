//! Restarts the updater after a panic, so that one bug does not stop updates for ever.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::updater::Updater;
use crate::commands::{Failure, threads};
use crate::disk::{EventQueue, Pause, Wake};
use crate::server::health::Cause;
use crate::server::{Counters, Health, PanicSite};

/// Pauses before a restart. They grow, so that a panic that repeats does not keep a processor busy.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(10), Duration::from_mins(1)];
/// After this time without a panic, the pauses start from the beginning.
const CALM: Duration = Duration::from_mins(5);

/// How the work starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// For the first time.
    Fresh,
    /// After a panic: its state cannot be trusted.
    Anew,
}

/// Starts the thread of the updater, which ends when the queue is stopped.
pub(super) fn keep_updating(
    mut updater: Updater,
    event_queue: &EventQueue,
    health: &Arc<Health>,
    count: &Arc<Counters>,
) -> Result<JoinHandle<()>, Failure> {
    let (event_queue, health, count) = (event_queue.clone(), Arc::clone(health), Arc::clone(count));
    let thread = Builder::new().name("updater".to_owned()).spawn(move || {
        let work = |begin| {
            if begin == Begin::Anew {
                updater.repair();
            }
            updater.run();
        };
        supervise(&event_queue, work, |pause| {
            // The current edition stays published and is still correct.
            let ms = pause.as_millis();
            tracing::error!(
                "the updater panicked, which is a bug in feedmill: please report it; it restarts in {ms} ms"
            );
            count.panicked(PanicSite::Watcher);
            health.stale(Cause::Watcher, "the updater panicked");
        });
    });
    thread.map_err(|error| threads::unstarted(&error))
}

/// Runs `work` until it returns or the queue is stopped. After each panic it calls `broke` with the
/// pause before the next start.
fn supervise(event_queue: &EventQueue, mut work: impl FnMut(Begin), broke: impl Fn(Duration)) {
    let (mut begin, mut breaks) = (Begin::Fresh, 0);
    loop {
        let start = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| work(begin))).is_ok() {
            return;
        }
        begin = Begin::Anew;
        if start.elapsed() > CALM {
            breaks = 0;
        }
        let pause = PAUSES[breaks.min(PAUSES.len() - 1)];
        breaks += 1;
        broke(pause);
        if !rest(event_queue, pause) {
            return;
        }
    }
}

/// Waits for the pause and returns whether to continue. Events in the meantime are ignored, because
/// the work rescans everything when it starts again.
fn rest(event_queue: &EventQueue, pause: Duration) -> bool {
    let end = Instant::now() + pause;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match event_queue.next(Pause::default(), left) {
            Wake::Stop => return false,
            _ if left.is_zero() => return true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[test]
    fn work_that_panics_is_restarted_until_it_returns() {
        let (begins, pauses) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let work = |begin| {
            begins.borrow_mut().push(begin);
            assert!(begins.borrow().len() > 2, "as asked");
        };
        supervise(&EventQueue::new(), work, |pause| pauses.borrow_mut().push(pause));
        assert_eq!(*begins.borrow(), [Begin::Fresh, Begin::Anew, Begin::Anew]);
        assert_eq!(*pauses.borrow(), PAUSES[..2]);
    }

    #[test]
    fn a_stop_ends_the_pause_before_a_restart() {
        let event_queue = EventQueue::new();
        let breaks = Cell::new(0);
        supervise(
            &event_queue,
            |_| panic!("as asked"),
            |_| {
                breaks.set(breaks.get() + 1);
                event_queue.stop();
            },
        );
        assert_eq!(breaks.get(), 1);
    }
}
