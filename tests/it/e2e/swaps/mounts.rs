//! A content directory that is a mount point: while unmounted it is empty, and mounted again it has other
//! articles.

use std::path::PathBuf;
use std::process::Command;

use super::{DEADLINE, FEEDS, State, Writer, files, is_followed, shown};
use crate::driver::{Folder, TestServer, namespaces, within};

#[derive(Default)]
struct Mounts {
    states: u32,
}

impl Mounts {
    fn state(&mut self, folder: &Folder, state: &State) -> PathBuf {
        self.states += 1;
        for (file, text) in files(state) {
            folder.put(&format!("states/{}/{file}", self.states), text);
        }
        folder.path(&format!("states/{}", self.states))
    }
}

/// Runs a command in the namespaces of the server.
#[track_caller]
fn inside(server: &TestServer, command: &[&str]) {
    let mut enter = Command::new("nsenter");
    enter.args(["--preserve-credentials", "--user", "--mount", "--target", &server.pid().to_string(), "--"]);
    enter.args(command);
    // A scan that is running keeps the directory open for a moment, and the kernel refuses to unmount it.
    let mut error = String::new();
    let done = within(DEADLINE, || {
        let output = enter.output().unwrap();
        error = String::from_utf8_lossy(&output.stderr).into_owned();
        output.status.success().then_some(())
    });
    assert!(done.is_some(), "{command:?}: {error}");
}

impl Writer for Mounts {
    fn begin(&mut self, folder: &Folder, state: &State) {
        self.state(folder, state);
    }

    fn replace(&mut self, folder: &Folder, server: &TestServer, before: &State, after: &State) {
        let next = self.state(folder, after);
        let volume = folder.path("content");
        inside(server, &["umount", volume.to_str().unwrap()]);
        let stale = within(DEADLINE, || (server.get("/readyz").ok().json()["stale"] == true).then_some(()));
        assert!(stale.is_some(), "the missing directory was not noticed\n{}", server.log());
        for path in FEEDS {
            assert_eq!(
                shown(server, path).len(),
                before.len(),
                "articles disappeared while the directory was unmounted"
            );
        }
        inside(server, &["mount", "--bind", next.to_str().unwrap(), volume.to_str().unwrap()]);
        let fresh = within(DEADLINE, || (server.get("/readyz").ok().json()["stale"] == false).then_some(()));
        assert!(fresh.is_some(), "the articles did not come back\n{}", server.log());
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        let mount = format!("mount --bind states/{} content", self.states);
        folder.serve_by(flags, |command| namespaces(command, &mount))
    }

    fn is_whole(&self) -> bool {
        true
    }
}

#[test]
fn a_volume_that_is_unmounted_and_mounted_again_is_followed() {
    if crate::driver::has_namespaces() {
        is_followed(|| Box::new(Mounts::default()));
    }
}
