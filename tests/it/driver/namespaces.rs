//! Runs a server in its own user and mount namespaces, so that a test can change mounts and limits. Most
//! systems allow this to unprivileged users, others only to root.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Wraps a command so that it runs as root of new namespaces, after a shell has run `setup`.
pub fn namespaces(command: &Command, setup: &str) -> Command {
    let mut wrapped = Command::new("unshare");
    wrapped.args(["--user", "--map-root-user", "--mount", "sh", "-c", &format!("{setup} && exec \"$0\" \"$@\"")]);
    wrapped.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        wrapped.current_dir(directory);
    }
    wrapped
}

/// Wraps a command so that it runs without the privileges of root, who can read every file.
pub fn without_rights(command: &Command) -> Command {
    let mut wrapped = Command::new("unshare");
    wrapped.arg("--user").arg(command.get_program()).args(command.get_args());
    wrapped.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapped.current_dir(command.get_current_dir().expect("tests run in a folder"));
    wrapped
}

/// Wraps a command so that its user may have at most `most` threads; `None` if that is impossible. Root
/// switches to another user, because the limit does not apply to root; other users get a namespace, in which
/// only its own threads count.
pub fn with_threads(command: &Command, most: u32) -> Option<Command> {
    let limit = ["prlimit".to_owned(), format!("--nproc={most}")];
    let mut wrapped = if rustix::process::getuid().is_root() {
        // Picks a user that no other test runs as at this moment.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let user = 100_000 + std::process::id() % 100_000 * 1000 + NEXT.fetch_add(1, Ordering::Relaxed) % 1000;
        let directory = command.get_current_dir().expect("tests run in a folder");
        fs::set_permissions(directory, Permissions::from_mode(0o755)).unwrap();
        let mut wrapped = Command::new("setpriv");
        wrapped.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]);
        wrapped
    } else {
        let mut wrapped = Command::new("unshare");
        wrapped.arg("--user");
        wrapped
    };
    let may_become = wrapped.get_args().map(ToOwned::to_owned).collect::<Vec<_>>();
    let probe =
        Command::new(wrapped.get_program()).args(may_become).arg(command.get_program()).arg("--version").output();
    if !probe.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "CI must allow user namespaces");
        eprintln!("skipped: no user with a limit of threads can be had here");
        return None;
    }
    wrapped.args(limit).arg(command.get_program()).args(command.get_args());
    wrapped.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapped.current_dir(command.get_current_dir()?);
    Some(wrapped)
}

/// Whether namespaces are available. CI must have them; elsewhere the test is skipped.
pub fn has_namespaces() -> bool {
    let mut probe = namespaces(&Command::new("true"), "mount -t tmpfs none /tmp");
    let has = probe.output().is_ok_and(|output| output.status.success());
    assert!(has || std::env::var_os("CI").is_none(), "CI must allow user and mount namespaces");
    if !has {
        eprintln!("skipped: no namespaces of users and mounts can be had here");
    }
    has
}
