//! The queue between the program and standard error.
//!
//! A write to a pipe that nothing reads, or to a stopped terminal, blocks until it is read. One
//! thread does these writes; the other threads add their lines to a queue of limited size and
//! continue. Lines that do not fit are dropped as a whole and counted.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::lock::{lock, recover};

/// Most bytes in the queue, including those being written.
const LIMIT: usize = 1 << 20;
/// Bytes per write. Small writes show whether a slow reader makes progress.
const PIECE: usize = 16 * 1024;
/// How long anything waits for a reader that makes no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// How a line is handled when the queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum WhenFull {
    /// Drop it, because a server must not wait.
    Drop,
    /// Wait while the reader makes progress, because a command in the foreground has nothing else
    /// to do. If the reader makes none, the line is dropped.
    Wait,
}

/// A queue of lines with a thread that writes them until the program ends.
#[derive(Debug)]
pub(super) struct LineQueue {
    shared: Arc<Shared>,
    way: Way,
}

/// How lines get to standard error.
#[derive(Debug)]
enum Way {
    Thread,
    /// The thread could not be started. The program will print one message directly, and end.
    Direct(Arc<File>),
    /// There is no standard error.
    Nowhere,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<QueueState>,
    /// Notified when lines are added.
    queued: Condvar,
    /// Notified when bytes are written or dropped.
    moved: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct QueueState {
    /// Complete lines that the thread has not taken yet.
    waiting: Vec<u8>,
    /// Bytes that the thread has taken and not written yet.
    writing: usize,
    /// How often bytes have left the queue.
    moves: u64,
    /// Dropped lines that the log has not reported yet.
    unreported: u64,
    /// Set from the first line that did not fit until the queue is empty. All lines in between are
    /// dropped, so that the log has one gap and not many.
    overflows: bool,
}

impl QueueState {
    fn len(&self) -> usize {
        self.waiting.len() + self.writing
    }
}

impl LineQueue {
    /// A queue in front of `out`. `report` is called with the number of dropped lines when the
    /// reader reads again.
    pub(super) fn new(out: Option<File>, report: fn(u64)) -> Self {
        let shared = Arc::new(Shared::default());
        let Some(out) = out.map(Arc::new) else {
            return Self { shared, way: Way::Nowhere };
        };
        let (theirs, file) = (Arc::clone(&shared), Arc::clone(&out));
        let spawned = thread::Builder::new().name("log".to_owned()).spawn(move || theirs.run(&file, report));
        Self { shared, way: if spawned.is_ok() { Way::Thread } else { Way::Direct(out) } }
    }

    pub(super) fn push(&self, lines: &[u8], when_full: WhenFull) {
        let is_written = match &self.way {
            Way::Thread => return self.queue(lines, when_full),
            // If it cannot be written the message is lost, and the program ends anyway.
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

    /// Adds a frame of a progress bar, unless the reader is behind. A frame that is dropped is not
    /// counted.
    pub(super) fn push_frame(&self, frame: &[u8]) {
        let mut state = self.shared.lock();
        if matches!(self.way, Way::Thread) && !state.overflows && state.len() < PIECE {
            state.waiting.extend_from_slice(frame);
            self.shared.queued.notify_one();
        }
    }

    /// Waits until everything is written, at most `PATIENCE`. With [`WhenFull::Wait`] that time
    /// restarts whenever the reader makes progress.
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

    /// The number of lines dropped so far.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        // The state is consistent after every statement, so a poisoned lock is harmless.
        lock(&self.state)
    }

    /// Waits until bytes leave the queue or the time is over.
    fn wait<'a>(&self, state: MutexGuard<'a, QueueState>, time: Duration) -> MutexGuard<'a, QueueState> {
        let before = state.moves;
        let waited = self.moved.wait_timeout_while(state, time, |state| state.moves == before);
        recover(waited).0
    }

    /// Reports progress: this many bytes are left of those being written.
    fn moved(&self, left: usize) {
        let mut state = self.lock();
        state.writing = left;
        state.moves += 1;
        self.moved.notify_all();
    }

    /// Counts lines as dropped and returns their number.
    fn count(&self, lines: &[u8]) -> u64 {
        let count = memchr::memchr_iter(b'\n', lines).count() as u64;
        self.dropped.fetch_add(count, Ordering::Relaxed);
        count
    }

    /// The loop of the thread.
    fn run(&self, out: &File, report: fn(u64)) {
        let mut is_torn = false;
        loop {
            let mut state = self.lock();
            // A line larger than the queue overflows it even while it is empty.
            while state.waiting.is_empty() && !state.overflows {
                state = recover(self.queued.wait(state));
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
                // The reader is gone or the disk is full. The next line is tried again.
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

    /// Writes bytes and returns how many were written before an error.
    fn write(&self, mut out: &File, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            match out.write(&bytes[at..bytes.len().min(at + PIECE)]) {
                Ok(0) => break,
                Ok(written) => {
                    at += written;
                    // `writing` becomes zero only after the caller has reported dropped lines.
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

/// Waits until a write would not block. Returns whether that was in time.
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

    fn piped(report: fn(u64)) -> (LineQueue, PipeReader) {
        let (reader, writer) = pipe().unwrap();
        (LineQueue::new(Some(File::from(OwnedFd::from(writer))), report), reader)
    }

    /// Adds more numbered lines than the queue and the pipe hold.
    fn flood(queue: &LineQueue, when_full: WhenFull) -> usize {
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
    fn unread_lines_are_dropped_whole_and_counted_and_reported_to_the_next_reader() {
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
        // The thread reports the dropped lines between the last write and the next one.
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
    fn a_foreground_tool_does_not_wait_for_a_reader_without_progress() {
        let (queue, _reader) = piped(|_| {});
        flood(&queue, WhenFull::Wait);
        queue.flush(WhenFull::Wait);
        assert!(queue.dropped() > 0);
    }

    #[test]
    fn a_closed_pipe_only_drops_the_lines() {
        static REPORTED: AtomicBool = AtomicBool::new(false);
        let (queue, reader) = piped(|_| REPORTED.store(true, Ordering::Relaxed));
        drop(reader);
        for _ in 0..3 {
            queue.push(b"one\ntwo\n", WhenFull::Drop);
            queue.flush(WhenFull::Drop);
        }
        assert_eq!(queue.dropped(), 6);
        assert!(!REPORTED.load(Ordering::Relaxed), "a report would be lost as well");
    }
}
