//! The queue between the program and the reader of its log.
//!
//! A write to a pipe that nothing reads, or to a stopped terminal, blocks for as
//! long as the reader likes. One thread does these writes; all others put their
//! lines into a queue bounded in bytes, and go on. Lines that do not fit are
//! dropped whole, and counted.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Bytes that wait, those under way included.
const LIMIT: usize = 1 << 20;
/// Bytes written at once, so that the progress of a slow reader is seen.
const PIECE: usize = 16 * 1024;
/// How long anything waits for a reader that makes no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// What happens to a line when the queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum WhenFull {
    /// It is dropped: a server has other work.
    Drop,
    /// It waits while the reader makes progress: a tool in the foreground has
    /// no other work. A reader without progress loses it.
    Wait,
}

/// A queue of lines. Its thread runs until the program ends.
#[derive(Debug)]
pub(super) struct Queue {
    shared: Arc<Shared>,
    way: Way,
}

/// How lines get from the queue to their reader.
#[derive(Debug)]
enum Way {
    /// A thread writes them.
    Thread,
    /// No thread could be started: the program says so in one sentence, which
    /// is written at once, and ends.
    Direct(Arc<File>),
    /// There is nothing to write to.
    Nowhere,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Notified when lines were queued.
    queued: Condvar,
    /// Notified when bytes were written or given up.
    moved: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    /// Whole lines that the thread has not taken yet.
    waiting: Vec<u8>,
    /// Bytes that the thread has taken and not yet written.
    writing: usize,
    /// How often bytes left the queue, ever.
    moves: u64,
    /// Dropped lines that no line of the log reports yet.
    unreported: u64,
    /// From the first line that did not fit until all that waited is written
    /// everything is dropped: one gap, not many.
    overflows: bool,
}

impl State {
    fn len(&self) -> usize {
        self.waiting.len() + self.writing
    }
}

impl Queue {
    /// A queue in front of `out`. `report` logs how many lines were dropped,
    /// when the reader is back.
    pub(super) fn new(out: Option<File>, report: fn(u64)) -> Self {
        let shared = Arc::new(Shared::default());
        let Some(out) = out.map(Arc::new) else {
            return Self { shared, way: Way::Nowhere };
        };
        let (theirs, file) = (Arc::clone(&shared), Arc::clone(&out));
        let spawned = thread::Builder::new().name("log".to_owned()).spawn(move || theirs.run(&file, report));
        Self { shared, way: if spawned.is_ok() { Way::Thread } else { Way::Direct(out) } }
    }

    /// Queues lines, the last of which is ended.
    pub(super) fn push(&self, lines: &[u8], when_full: WhenFull) {
        let is_written = match &self.way {
            Way::Thread => return self.queue(lines, when_full),
            // Without room for it the sentence is lost, and the program still ends.
            Way::Direct(file) => is_writable(file, PATIENCE) && (&**file).write_all(lines).is_ok(),
            Way::Nowhere => false,
        };
        if !is_written {
            self.shared.count(lines);
        }
    }

    fn queue(&self, lines: &[u8], when_full: WhenFull) {
        let mut state = self.shared.lock();
        while !state.overflows && state.len() + lines.len() > LIMIT {
            let before = state.moves;
            if when_full == WhenFull::Wait && state.len() > 0 {
                state = self.shared.wait(state, PATIENCE);
            }
            state.overflows = state.moves == before;
        }
        if state.overflows {
            state.unreported += self.shared.count(lines);
        } else {
            state.waiting.extend_from_slice(lines);
        }
        self.shared.queued.notify_one();
    }

    /// Queues a picture that the next one replaces, as a progress bar is, if
    /// the reader keeps up. One that is dropped is not counted.
    pub(super) fn push_frame(&self, frame: &[u8]) {
        let mut state = self.shared.lock();
        if matches!(self.way, Way::Thread) && !state.overflows && state.len() < PIECE {
            state.waiting.extend_from_slice(frame);
            self.shared.queued.notify_one();
        }
    }

    /// Waits until all is written: at most `PATIENCE`, counted anew at each
    /// progress under [`WhenFull::Wait`].
    pub(super) fn flush(&self, when_full: WhenFull) {
        let mut state = self.shared.lock();
        let mut end = Instant::now() + PATIENCE;
        while state.len() > 0 && Instant::now() < end {
            let before = state.moves;
            state = self.shared.wait(state, end.saturating_duration_since(Instant::now()));
            if when_full == WhenFull::Wait && state.moves > before {
                end = Instant::now() + PATIENCE;
            }
        }
    }

    /// How many lines were dropped, ever.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until bytes leave the queue, or the time is over.
    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let before = state.moves;
        let waited = self.moved.wait_timeout_while(state, time, |state| state.moves == before);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// So many of the bytes under way are left.
    fn moved(&self, left: usize) {
        let mut state = self.lock();
        state.writing = left;
        state.moves += 1;
        self.moved.notify_all();
    }

    /// Counts lines as dropped, and returns how many they are.
    fn count(&self, lines: &[u8]) -> u64 {
        let count = memchr::memchr_iter(b'\n', lines).count() as u64;
        self.dropped.fetch_add(count, Ordering::Relaxed);
        count
    }

    /// Writes what is queued, as long as the program runs.
    fn run(&self, out: &File, report: fn(u64)) {
        let mut is_torn = false;
        loop {
            let mut state = self.lock();
            // A line that is larger than the queue overflows it while it is empty.
            while state.waiting.is_empty() && !state.overflows {
                state = self.queued.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let mut lines = std::mem::take(&mut state.waiting);
            if std::mem::take(&mut is_torn) {
                lines.insert(0, b'\n');
            }
            state.writing = lines.len();
            drop(state);
            let written = self.write(out, &lines);
            let mut state = self.lock();
            let mut lost = 0;
            if written < lines.len() {
                // The reader is gone or the disk is full. The next line tries again.
                is_torn = written > 0 && lines[written - 1] != b'\n';
                state.unreported += self.count(&lines[written..]);
                state.overflows = false;
            } else if state.waiting.is_empty() {
                state.overflows = false;
                lost = std::mem::take(&mut state.unreported);
            }
            drop(state);
            if lost > 0 {
                report(lost);
            }
            self.moved(0);
        }
    }

    /// Writes bytes, and returns how many before an error.
    fn write(&self, mut out: &File, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            match out.write(&bytes[at..bytes.len().min(at + PIECE)]) {
                Ok(0) => break,
                Ok(written) => {
                    at += written;
                    // Nothing is left only when the caller says so, after its report.
                    self.moved((bytes.len() - at).max(1));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Another process that shares the pipe may have made it non-blocking.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => drop(is_writable(out, Duration::MAX)),
                Err(_) => break,
            }
        }
        at
    }
}

/// Waits until a write would not block, and tells whether it came to that.
fn is_writable(file: &File, time: Duration) -> bool {
    let time = Timespec::try_from(time).ok();
    poll(&mut [PollFd::new(file, PollFlags::OUT)], time.as_ref()).is_ok_and(|ready| ready > 0)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, PipeReader, pipe};
    use std::os::fd::OwnedFd;
    use std::sync::atomic::AtomicBool;

    use super::*;

    fn piped(report: fn(u64)) -> (Queue, PipeReader) {
        let (reader, writer) = pipe().unwrap();
        (Queue::new(Some(File::from(OwnedFd::from(writer))), report), reader)
    }

    /// More numbered lines than the queue and the pipe hold.
    fn flood(queue: &Queue, when_full: WhenFull) -> usize {
        let count = 4 * LIMIT / 100;
        for number in 0..count {
            queue.push(format!("{number:0>99}\n").as_bytes(), when_full);
        }
        count
    }

    fn number(line: &str) -> usize {
        assert_eq!(line.len(), 99, "a torn line: {line}");
        line.parse().unwrap()
    }

    #[test]
    fn lines_that_nothing_reads_are_dropped_whole_counted_and_reported_to_the_next_reader() {
        static REPORTED: AtomicU64 = AtomicU64::new(0);
        let (queue, reader) = piped(|lost| REPORTED.store(lost, Ordering::Relaxed));
        let count = flood(&queue, WhenFull::Drop);
        assert!(queue.shared.lock().len() <= LIMIT);
        let dropped = usize::try_from(queue.dropped()).unwrap();
        assert!(dropped > 0 && dropped < count, "{dropped} of {count}");
        let mut lines = BufReader::new(reader).lines();
        let read: Vec<usize> = lines.by_ref().take(count - dropped).map(|line| number(&line.unwrap())).collect();
        assert!(read.iter().copied().eq(0..count - dropped), "the first lines, in order");
        queue.flush(WhenFull::Wait);
        // The report comes between the last write and the next one.
        queue.push(b"afterwards\n", WhenFull::Drop);
        let next = lines.next().unwrap().unwrap();
        assert_eq!((next.as_str(), REPORTED.load(Ordering::Relaxed)), ("afterwards", dropped as u64));
    }

    #[test]
    fn a_foreground_tool_waits_for_a_reader_that_makes_progress() {
        let (queue, reader) = piped(|_| {});
        thread::scope(|scope| {
            let reading = scope.spawn(|| BufReader::new(reader).lines().take(4 * LIMIT / 100).count());
            let count = flood(&queue, WhenFull::Wait);
            assert_eq!((reading.join().unwrap(), queue.dropped()), (count, 0));
        });
    }

    #[test]
    fn a_foreground_tool_gives_a_reader_up_that_makes_none() {
        let (queue, _reader) = piped(|_| {});
        flood(&queue, WhenFull::Wait);
        queue.flush(WhenFull::Wait);
        assert!(queue.dropped() > 0);
    }

    #[test]
    fn a_reader_that_left_costs_the_lines_and_nothing_else() {
        static REPORTED: AtomicBool = AtomicBool::new(false);
        let (queue, reader) = piped(|_| REPORTED.store(true, Ordering::Relaxed));
        drop(reader);
        for _ in 0..3 {
            queue.push(b"one\ntwo\n", WhenFull::Drop);
            queue.flush(WhenFull::Drop);
        }
        assert_eq!(queue.dropped(), 6);
        assert!(!REPORTED.load(Ordering::Relaxed), "a report would be one more line that fails");
    }
}
