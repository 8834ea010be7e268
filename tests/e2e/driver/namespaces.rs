//! A server in namespaces of its own, where mounts and limits are its own too.
//! Needs what an unprivileged user may do on most systems, and root on others.

use std::process::Command;

/// The command, run where it is root over mounts and limits, after a shell did `setup`.
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

/// The command without the rights of root, whom nothing is closed to.
pub fn without_rights(command: &Command) -> Command {
    let mut wrapped = Command::new("unshare");
    wrapped.arg("--user").arg(command.get_program()).args(command.get_args());
    wrapped.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapped.current_dir(command.get_current_dir().expect("tests run in a folder"));
    wrapped
}

/// Whether such namespaces can be had. CI must have them, elsewhere the test is passed over.
pub fn has_namespaces() -> bool {
    let mut probe = namespaces(&Command::new("true"), "mount -t tmpfs none /tmp");
    let has = probe.output().is_ok_and(|output| output.status.success());
    assert!(has || std::env::var_os("CI").is_none(), "CI must allow namespaces of users and mounts");
    if !has {
        eprintln!("skipped: no namespaces of users and mounts can be had here");
    }
    has
}
