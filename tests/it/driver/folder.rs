//! A temporary directory for each test, with `content/` and `feeds/`, and the file operations of authors and
//! operators.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

use super::{Finished, Process, TestServer};

pub struct Folder {
    /// Shared with the servers of this folder, because the directory must exist until the last of them ends.
    root: Arc<TempDir>,
}

/// A directory of shared material beside the checkout. Tests that use it are ignored without `cfg(corpus)`,
/// which `build.rs` sets.
pub fn shared(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name)
}

impl Folder {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("content")).unwrap();
        fs::create_dir(root.path().join("feeds")).unwrap();
        Self { root: Arc::new(root) }
    }

    /// A path below the folder, outside `content/` and `feeds/`.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub fn content(&self, path: &str) -> PathBuf {
        self.path("content").join(path)
    }

    /// Writes a file of `content/` atomically, as most editors and deployments do: under another name, then
    /// renamed over the old file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        self.put(&format!("content/{path}"), bytes);
    }

    /// Writes a file of `feeds/`.
    pub fn define(&self, name: &str, yaml: &str) {
        self.put(&format!("feeds/{name}"), yaml);
    }

    /// Writes any file below the folder.
    pub fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let target = self.path(path);
        let parent = target.parent().unwrap();
        fs::create_dir_all(parent).unwrap();
        let mut beside = tempfile::Builder::new().prefix(".beside-").tempfile_in(parent).unwrap();
        std::io::Write::write_all(&mut beside, bytes.as_ref()).unwrap();
        beside.persist(target).unwrap();
    }

    /// Truncates the existing file and writes to it, as simple editors do.
    pub fn write_in_place(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.content(path), bytes).unwrap();
    }

    pub fn remove(&self, path: &str) {
        let path = self.content(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.content(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.content(from), to).unwrap();
    }

    /// A command that runs the program in this folder without the environment of the user who runs the tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedmill"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FEEDMILL_") {
                command.env_remove(name);
            }
        }
        command.env("TZ", "UTC").args(arguments).current_dir(self.root.path());
        command
    }

    /// Runs a command that ends by itself.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Finished {
        Process::start(self.command(arguments)).finish()
    }

    /// Serves the folder on free ports.
    #[track_caller]
    pub fn serve(&self) -> TestServer {
        self.serve_with(&[])
    }

    #[track_caller]
    pub fn serve_with(&self, arguments: &[&str]) -> TestServer {
        self.start(self.serving(arguments))
    }

    /// Like `serve_with`, with the command that `wrap` returns for the usual one.
    #[track_caller]
    pub fn serve_by(&self, arguments: &[&str], wrap: impl FnOnce(&Command) -> Command) -> TestServer {
        self.start(wrap(&self.serving(arguments)))
    }

    fn serving(&self, arguments: &[&str]) -> Command {
        let mut all = Vec::new();
        for (flag, value) in [("--log", "json"), ("--bind", "127.0.0.1:0"), ("--admin-bind", "127.0.0.1:0")] {
            if !arguments.contains(&flag) {
                all.extend([flag, value]);
            }
        }
        // A subcommand must come before the flags.
        let split = usize::from(arguments.first().is_some_and(|first| !first.starts_with('-')));
        let (subcommand, rest) = arguments.split_at(split);
        self.command(&[subcommand, &all, rest].concat())
    }

    /// Serves the folder and sends its log to `log`.
    #[track_caller]
    pub fn serve_logging_to(&self, arguments: &[&str], log: Stdio) -> TestServer {
        TestServer::start_logging_to(self.command(arguments), log, Arc::clone(&self.root))
    }

    /// Starts a server with a command that the test has built.
    #[track_caller]
    pub fn start(&self, command: Command) -> TestServer {
        TestServer::start(command, Arc::clone(&self.root))
    }
}
