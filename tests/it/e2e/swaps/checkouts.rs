//! Changes by git: git-sync's worktrees behind a symlink, in the order of steps of its version 4, and an
//! ordinary checkout in place.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{State, Writer, files, is_followed};
use crate::driver::{Folder, TestServer};

/// Runs git with a fixed author, and returns its output.
#[track_caller]
fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "user.name=x", "-c", "user.email=x@example.org"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Commits a state, and returns the hash of the commit.
fn commit(repository: &Path, state: &State) -> String {
    if !repository.join(".git").exists() {
        fs::create_dir_all(repository).unwrap();
        git(repository, &["init", "-q", "-b", "main"]);
    }
    let posts = repository.join("posts");
    let _ = fs::remove_dir_all(&posts);
    fs::create_dir(&posts).unwrap();
    for (file, text) in files(state) {
        fs::write(posts.join(file), text).unwrap();
    }
    git(repository, &["add", "--all"]);
    // Equal states get their own commits.
    git(repository, &["commit", "-q", "--allow-empty", "-m", "x"]);
    git(repository, &["rev-parse", "HEAD"])
}

/// git-sync v4, main.go: `SyncRepo`, `createWorktree`, `configureWorktree`, `publishSymlink`,
/// `cleanup` with `--stale-worktree-timeout=0`.
struct GitSync;

impl GitSync {
    fn sync(folder: &Folder, state: &State) {
        let (origin, root) = (folder.path("origin"), folder.path("git"));
        commit(&origin, state);
        if !root.exists() {
            fs::create_dir(&root).unwrap();
            git(&root, &["init", "-q", "-b", "git-sync"]);
            git(&root, &["remote", "add", "origin", &format!("file://{}", origin.display())]);
        }
        let fetch =
            ["fetch", "origin", "main", "--verbose", "--no-progress", "--prune", "--no-auto-gc", "--depth", "1"];
        git(&root, &fetch);
        let hash = git(&root, &["rev-parse", "FETCH_HEAD^{}"]);
        git(&root, &["reset", "-q", "--soft", &hash, "--"]);
        let (tree, below) = (root.join(".worktrees").join(&hash), format!(".worktrees/{hash}"));
        git(&root, &["worktree", "add", "--force", "--detach", tree.to_str().unwrap(), &hash, "--no-checkout"]);
        fs::write(tree.join(".git"), format!("gitdir: ../../.git/worktrees/{hash}\n")).unwrap();
        git(&tree, &["reset", "-q", "--hard", &hash, "--"]);
        symlink(&below, root.join("tmp-link")).unwrap();
        let old = fs::read_link(root.join("current")).ok();
        fs::rename(root.join("tmp-link"), root.join("current")).unwrap();
        if let Some(old) = old {
            fs::remove_dir_all(root.join(old)).unwrap();
        }
        git(&root, &["worktree", "prune", "--verbose"]);
        git(&root, &["reflog", "expire", "--expire-unreachable=all", "--all"]);
        git(&root, &["gc", "--auto", "--quiet"]);
    }
}

impl Writer for GitSync {
    fn begin(&mut self, folder: &Folder, state: &State) {
        Self::sync(folder, state);
    }

    fn replace(&mut self, folder: &Folder, _: &TestServer, _: &State, after: &State) {
        Self::sync(folder, after);
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        folder.serve_with(&[&["--content", "git/current/posts"], flags].concat())
    }

    fn is_whole(&self) -> bool {
        true
    }
}

/// A working tree that is served directly, and pulled from another repository.
struct Checkout;

impl Writer for Checkout {
    fn begin(&mut self, folder: &Folder, state: &State) {
        let hash = commit(&folder.path("origin"), state);
        git(&folder.path(""), &["clone", "-q", "origin", "site"]);
        git(&folder.path("site"), &["checkout", "-q", "--detach", &hash]);
    }

    fn replace(&mut self, folder: &Folder, _: &TestServer, _: &State, after: &State) {
        let hash = commit(&folder.path("origin"), after);
        git(&folder.path("site"), &["fetch", "-q", "origin"]);
        git(&folder.path("site"), &["checkout", "-q", "--detach", &hash]);
    }

    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer {
        folder.serve_with(&[&["--content", "site/posts"], flags].concat())
    }

    fn is_whole(&self) -> bool {
        false
    }
}

#[test]
fn the_worktrees_of_git_sync_are_followed() {
    is_followed(|| Box::new(GitSync));
}

#[test]
fn a_checkout_of_git_is_followed() {
    is_followed(|| Box::new(Checkout));
}
