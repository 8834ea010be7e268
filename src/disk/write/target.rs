//! Where a tree may be written: only where nobody loses anything by it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::open::reason;
use crate::disk::directory::OUTPUT_MARK;

/// A directory that may be written, or replaced whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    path: PathBuf,
}

/// Why a directory is not written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Somebody else's files are there.
    #[error(
        "`{0}` holds files that no earlier build wrote, and a build replaces everything; name an empty or a new directory with --out"
    )]
    NotOurs(PathBuf),
    /// An earlier build without its mark.
    #[error(
        "`{0}` looks like an earlier build, but its mark `{0}/.feedmill` is missing; if nothing in it is your own, remove the directory or run `touch {0}/.feedmill`, then build again"
    )]
    Unmarked(PathBuf),
    /// A repository would be lost.
    #[error("`{0}` is an earlier build, but holds a `.git`, which would be lost; build elsewhere and copy from there")]
    Repository(PathBuf),
    /// A file or the like has the name.
    #[error("`{0}` is no directory; name another with --out")]
    NoDirectory(PathBuf),
    /// A link that leads nowhere has the name.
    #[error("`{0}` is a symbolic link that leads nowhere; remove it, or make the directory it names")]
    LeadsNowhere(PathBuf),
    /// What is read would be replaced by what is written.
    #[error("`{}` is or holds `{}`, which is read; name a directory of its own with --out", out.display(), input.display())]
    HoldsInput {
        /// Where the files were to go.
        out: PathBuf,
        /// What is read.
        input: PathBuf,
    },
    /// Nobody knows what is there.
    #[error("cannot look at `{}`: {}; open it to who runs the build, or name another directory with --out", path.display(), reason(source))]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Target {
    /// The directory, links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is still one to write, and there at all.
    pub(super) fn stands(&self) -> Result<bool, Refusal> {
        look(&self.path)
    }
}

/// The directory at `out`, if it does not exist, is empty or holds an earlier
/// tree, and nothing that is read.
pub fn target(out: &Path, inputs: &[&Path]) -> Result<Target, Refusal> {
    let path = resolved(out)?;
    for input in inputs {
        if fs::canonicalize(input).is_ok_and(|input| input.starts_with(&path)) {
            return Err(Refusal::HoldsInput { out: out.to_owned(), input: (*input).to_owned() });
        }
    }
    look(&path)?;
    Ok(Target { path })
}

/// The path with every link resolved, as far as it exists.
fn resolved(path: &Path) -> Result<PathBuf, Refusal> {
    let unreadable = |source| Refusal::Unreadable { path: path.to_owned(), source };
    let error = match fs::canonicalize(path) {
        Ok(resolved) => return Ok(resolved),
        Err(error) => error,
    };
    if error.kind() == io::ErrorKind::NotADirectory {
        return Err(Refusal::NoDirectory(path.to_owned()));
    }
    if error.kind() != io::ErrorKind::NotFound {
        return Err(unreadable(error));
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(Refusal::LeadsNowhere(path.to_owned()));
    }
    let absolute = std::path::absolute(path).map_err(unreadable)?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => Ok(resolved(parent)?.join(name)),
        // `new/..` is no place before `new` is there.
        _ => Err(unreadable(error)),
    }
}

/// What every build writes, and hardly any other program.
const OURS: [&str; 3] = ["feeds.opml", "feeds.json", "feed.css"];

/// Whether the directory is there; an error if it is not ours.
fn look(path: &Path) -> Result<bool, Refusal> {
    let names = match fs::read_dir(path) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(Refusal::NoDirectory(path.to_owned()));
        }
        Err(source) => return Err(Refusal::Unreadable { path: path.to_owned(), source }),
    };
    if fs::symlink_metadata(path.join(OUTPUT_MARK)).is_ok_and(|mark| mark.is_file()) {
        // The one thing that people do keep in an output directory, and cannot
        // make again.
        return match fs::symlink_metadata(path.join(".git")) {
            Ok(_) => Err(Refusal::Repository(path.to_owned())),
            Err(_) => Ok(true),
        };
    }
    if OURS.iter().all(|name| path.join(name).is_file()) {
        return Err(Refusal::Unmarked(path.to_owned()));
    }
    if names.into_iter().next().is_some() { Err(Refusal::NotOurs(path.to_owned())) } else { Ok(true) }
}
