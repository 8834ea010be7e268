//! Programs that write file by file: editors that rename a new file over the old one, editors that truncate
//! and write, and rsync.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{State, Writer, files, is_followed};
use crate::driver::{Folder, TestServer, within};

/// How an editor saves a file.
#[derive(Clone, Copy)]
enum Save {
    /// Writes a new file, then renames it over the old one.
    Rename,
    /// Truncates the file, and writes its content after a pause.
    InPlace,
}

struct Editor(Save);

impl Editor {
    fn save(&self, path: &Path, text: &str, server: Option<&TestServer>) {
        match self.0 {
            Save::Rename => {
                let backup = path.with_extension("md~");
                let _ = fs::copy(path, &backup);
                let beside = path.with_extension("md.tmp");
                fs::write(&beside, text).unwrap();
                fs::rename(beside, path).unwrap();
            }
            Save::InPlace => {
                let mut file = File::create(path).unwrap();
                // Long enough that a scan happens meanwhile, with events or polling. A request could take two seconds on
                // a busy machine, and the file would then count as empty.
                if server.is_some() {
                    let _ = within(Duration::from_millis(300), || None::<()>);
                }
                file.write_all(text.as_bytes()).unwrap();
            }
        }
    }
}

impl Writer for Editor {
    fn begin(&mut self, folder: &Folder, state: &State) {
        for (file, text) in files(state) {
            self.save(&folder.content(&file), &text, None);
        }
    }

    fn replace(&mut self, folder: &Folder, server: &TestServer, before: &State, after: &State) {
        for (file, text) in files(after) {
            let name = file.trim_end_matches(".md");
            if before == after || before.get(name) != after.get(name) {
                self.save(&folder.content(&file), &text, Some(server));
            }
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            folder.remove(&format!("{name}.md"));
        }
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        folder.serve_with(flags)
    }

    fn is_whole(&self) -> bool {
        false
    }
}

/// Copies from another directory with modification times, so that files may become older.
struct Rsync;

impl Rsync {
    fn copy(folder: &Folder, state: &State) {
        let _ = fs::remove_dir_all(folder.path("source"));
        for (number, (file, text)) in files(state).enumerate() {
            let path = folder.path("source").join(&file);
            folder.put(&format!("source/{file}"), text);
            let version = u64::from(state.values().copied().max().unwrap());
            let time = std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000 - version * 100 - number as u64);
            File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
        }
        let (from, to) = (folder.path("source/"), folder.path("content/"));
        let status = Command::new("rsync").args(["-a", "--checksum", "--delete"]).arg(from).arg(to).status().unwrap();
        assert!(status.success(), "rsync: {status}");
    }
}

impl Writer for Rsync {
    fn begin(&mut self, folder: &Folder, state: &State) {
        Self::copy(folder, state);
    }

    fn replace(&mut self, folder: &Folder, _: &TestServer, _: &State, after: &State) {
        Self::copy(folder, after);
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        folder.serve_with(flags)
    }

    fn is_whole(&self) -> bool {
        false
    }
}

#[test]
fn editors_that_save_by_renaming_are_followed() {
    is_followed(|| Box::new(Editor(Save::Rename)));
}

#[test]
fn editors_that_write_in_place_are_followed() {
    is_followed(|| Box::new(Editor(Save::InPlace)));
}

#[test]
fn rsync_is_followed() {
    if Command::new("rsync").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI must have rsync");
        eprintln!("skipped: there is no rsync");
        return;
    }
    is_followed(|| Box::new(Rsync));
}
