//! One run of the program. Threads read its output continuously, so that no pipe fills up. The process is
//! killed when its value is dropped.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::within;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

#[derive(Default)]
struct Lines {
    seen: Mutex<Vec<(Stream, String)>>,
    more: Condvar,
}

pub struct Process {
    child: Child,
    lines: Arc<Lines>,
    readers: Vec<JoinHandle<()>>,
}

/// Output and exit code of a finished command.
pub struct Finished {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Finished {
    /// Standard output and standard error together, for tests that do not care which one it is.
    pub fn said(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    #[track_caller]
    pub fn assert_code(&self, code: i32) {
        assert_eq!(self.code, Some(code), "it said:\n{}", self.said());
    }

    #[track_caller]
    pub fn assert_says(&self, words: &str) {
        assert!(self.said().contains(words), "not said: {words}\nbut:\n{}", self.said());
    }
}

impl Process {
    #[track_caller]
    pub fn start(command: Command) -> Self {
        Self::start_logging_to(command, Stdio::piped())
    }

    /// Starts a command whose standard error goes to `log` and is not read here.
    #[track_caller]
    pub fn start_logging_to(mut command: Command, log: Stdio) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let lines = Arc::new(Lines::default());
        let mut readers = vec![read(child.stdout.take().unwrap(), Stream::Out, &lines)];
        readers.extend(child.stderr.take().map(|pipe| read(pipe, Stream::Err, &lines)));
        Self { child, lines, readers }
    }

    /// All lines so far, of both streams.
    pub fn log(&self) -> Vec<String> {
        let seen = self.lines.seen.lock().unwrap();
        seen.iter().map(|(_, line)| line.clone()).collect()
    }

    /// Waits for a line for which `find` returns a value.
    pub fn line<T>(&self, time: Duration, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let end = Instant::now() + time;
        let mut seen = self.lines.seen.lock().unwrap();
        loop {
            if let Some(found) = seen.iter().find_map(|(_, line)| find(line)) {
                return Some(found);
            }
            // When both readers have ended, there will be no more lines.
            let left = end.checked_duration_since(Instant::now())?;
            if self.readers.iter().all(JoinHandle::is_finished) {
                return None;
            }
            let pause = left.min(Duration::from_millis(100));
            seen = self.lines.more.wait_timeout(seen, pause).unwrap().0;
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Returns the exit status if the process ends in time.
    pub fn exit(&mut self, time: Duration) -> Option<ExitStatus> {
        within(time, || self.child.try_wait().unwrap())
    }

    /// Waits for a command that should end by itself.
    #[track_caller]
    pub fn finish(mut self) -> Finished {
        let Some(status) = self.exit(Duration::from_secs(30)) else {
            panic!("still running after 30 seconds:\n{}", self.log().join("\n"));
        };
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let text = |wanted| {
            let seen = self.lines.seen.lock().unwrap();
            let lines = seen.iter().filter(|(stream, _)| *stream == wanted);
            lines.fold(String::new(), |text, (_, line)| text + line + "\n")
        };
        Finished { code: status.code(), out: text(Stream::Out), err: text(Stream::Err) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(pipe: impl Read + Send + 'static, stream: Stream, lines: &Arc<Lines>) -> JoinHandle<()> {
    let lines = Arc::clone(lines);
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            lines.seen.lock().unwrap().push((stream, text));
            lines.more.notify_all();
            line.clear();
        }
    })
}
