//! A running server, with the operations of readers, browsers and operators. Every failure shows the log of
//! the server, which usually contains the reason.

use std::fs::{DirEntry, Permissions};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use super::{Answer, Connection, DEADLINE, Done, Process, within};

pub struct TestServer {
    process: Process,
    address: SocketAddr,
    /// Set if the log, which usually contains it, is not read.
    admin: Option<SocketAddr>,
    /// Removed after the process has ended, because fields are dropped in order.
    _folder: Arc<TempDir>,
}

impl TestServer {
    #[track_caller]
    pub fn start(command: Command, folder: Arc<TempDir>) -> Self {
        let process = Process::start(command);
        let Some(address) = address_after(&process, "listening on http://") else {
            panic!("the server never listened:\n{}", process.log().join("\n"));
        };
        Self { process, address, admin: None, _folder: folder }
    }

    /// Starts a server whose log is not read, on two ports that were free a moment ago.
    #[track_caller]
    pub fn start_logging_to(mut command: Command, log: Stdio, folder: Arc<TempDir>) -> Self {
        // Both listeners stay open until both ports are known, so that the ports differ.
        let free = [(), ()].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [address, admin] = free.map(|listener| listener.local_addr().unwrap());
        command.args(["--bind", &address.to_string(), "--admin-bind", &admin.to_string()]);
        let process = Process::start_logging_to(command, log);
        let server = Self { process, address, admin: Some(admin), _folder: folder };
        let is_up = within(Duration::from_secs(20), || {
            let mut connection = Connection::open(address).ok()?;
            connection.ask("GET", "/readyz", &[]).is_ok_and(|answer| answer.status == 200).then_some(())
        });
        assert!(is_up.is_some(), "the server never became ready");
        server
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens a connection to the public listener.
    #[track_caller]
    pub fn connect(&self) -> Connection {
        Connection::open(self.address).unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// The URL of a path as the server writes it without a base URL.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The path of a URL of this server.
    #[track_caller]
    pub fn path_of(&self, url: &str) -> String {
        let Some(path) = url.strip_prefix(&self.url("")) else {
            panic!("{url} is not a URL of {}", self.url("/"));
        };
        path.to_owned()
    }

    pub fn log(&self) -> String {
        self.process.log().join("\n")
    }

    /// Waits for a log line that contains all of `words`.
    #[track_caller]
    pub fn logs(&self, words: &[&str]) {
        let found = self.process.line(DEADLINE, |line| words.iter().all(|word| line.contains(word)).then_some(()));
        assert!(found.is_some(), "never logged: {words:?}\n{}", self.log());
    }

    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask_at(self.address, method, path, headers)
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    #[track_caller]
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers)
    }

    #[track_caller]
    pub fn head(&self, path: &str) -> Answer {
        self.ask("HEAD", path, &[])
    }

    /// Sends a request to the admin listener.
    #[track_caller]
    pub fn admin(&self, method: &str, path: &str) -> Answer {
        self.admin_with(method, path, &[])
    }

    #[track_caller]
    pub fn admin_with(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask_at(self.admin_address(), method, path, headers)
    }

    #[track_caller]
    pub fn admin_address(&self) -> SocketAddr {
        let Some(address) = self.admin.or_else(|| address_after(&self.process, "admin on http://")) else {
            panic!("no admin listener:\n{}", self.log());
        };
        address
    }

    #[track_caller]
    fn ask_at(&self, to: SocketAddr, method: &str, path: &str, more: &[(&str, &str)]) -> Answer {
        let headers = [&[("Connection", "close")], more].concat();
        let asked = Connection::open(to).and_then(|mut connection| {
            let answer = connection.ask(method, path, &headers)?;
            connection.end()?;
            Ok(answer)
        });
        match asked {
            Ok(answer) => answer,
            Err(error) => panic!("{method} {path}: {error}\n{}", self.log()),
        }
    }

    /// Polls until the response satisfies `wanted`.
    #[track_caller]
    pub fn eventually(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        self.eventually_in(DEADLINE, path, wanted)
    }

    /// Like `eventually`, for changes that take longer, such as the deletion of a configuration file.
    #[track_caller]
    pub fn eventually_in(&self, time: Duration, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let mut last = None;
        let found = within(time, || {
            let answer = self.get(path);
            if wanted(&answer) {
                return Some(answer);
            }
            last = Some(answer);
            None
        });
        let Some(answer) = found else {
            panic!("{path} stayed at {}\nlog:\n{}", last.unwrap(), self.log());
        };
        answer
    }

    /// Polls while `work` runs, and fails at the first response that does not satisfy `holds`.
    pub fn always(&self, path: &str, holds: impl Fn(&Answer) -> bool + Sync, work: impl FnOnce()) {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let answer = self.get(path);
                    assert!(holds(&answer), "{path} was {answer}\n{}", self.log());
                }
            });
            let _done = Done(&done);
            work();
        });
    }

    /// Polls until the feed contains exactly these titles, in this order.
    #[track_caller]
    pub fn eventually_shows(&self, path: &str, titles: &[&str]) {
        self.eventually(path, |answer| answer.status == 200 && answer.titles() == titles);
    }

    /// The titles of a feed's entries, as a reader shows them.
    #[track_caller]
    pub fn titles(&self, path: &str) -> Vec<String> {
        self.get(path).ok().titles()
    }

    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Stops the server and fills the kernel's event queue with events of a directory that it watches. Until
    /// SIGCONT, the kernel drops all further events.
    pub fn deafen(&self, watched: &Path) {
        self.signal(Signal::STOP);
        let is_stopped = |task: std::io::Result<DirEntry>| {
            let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap_or_default();
            stat.rsplit(") ").next().unwrap_or_default().starts_with('T')
        };
        let tasks = || std::fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap();
        let still = within(DEADLINE, || tasks().all(is_stopped).then_some(()));
        assert!(still.is_some(), "the server does not stop");
        let length = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
        let files = [".one", ".other"].map(|name| watched.join(name));
        for file in &files {
            std::fs::write(file, "").unwrap();
        }
        // The kernel merges equal events that follow each other.
        for number in 0..length.trim().parse::<usize>().unwrap() + 2 {
            std::fs::set_permissions(&files[number % 2], Permissions::from_mode(0o644)).unwrap();
        }
    }

    /// Ends the server with SIGTERM, as a supervisor does, and returns its exit code.
    #[track_caller]
    pub fn stop(mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        self.exit(Duration::from_secs(15))
    }

    #[track_caller]
    pub fn exit(&mut self, time: Duration) -> Option<i32> {
        let Some(status) = self.process.exit(time) else {
            panic!("still running after {time:?}:\n{}", self.log());
        };
        status.code()
    }
}

/// Finds the network address that follows `words` in the log.
fn address_after(process: &Process, words: &str) -> Option<SocketAddr> {
    // Longer than other deadlines, because the first load of a debug build on a busy machine takes long.
    process.line(Duration::from_secs(20), |line| {
        let rest = &line[line.find(words)? + words.len()..];
        let end = rest.find(|c: char| !c.is_ascii_hexdigit() && !"[]:.".contains(c));
        rest[..end.unwrap_or(rest.len())].parse().ok()
    })
}
