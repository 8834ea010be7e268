//! Decides whether a build may write to a directory: only if no files of the user are lost.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::open::reason;
use super::index::{DocumentRecord, OutputIndex, digest_of};
use super::mark::{OutputMark, regular_file};
use crate::disk::directory::OUTPUT_MARK;

/// A directory that a build may write to or replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputTarget {
    path: PathBuf,
}

/// Why a build does not write to a directory.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetRefusal {
    /// It contains files that no build wrote.
    #[error(
        "`{0}` holds files that no earlier build wrote, and a build replaces everything; name an empty or a new directory with --out"
    )]
    NotOurs(PathBuf),
    /// It looks like an earlier build, but has no mark.
    #[error(
        "`{0}` looks like an earlier build, but its mark `{0}/.feedmill` is missing; if nothing in it is your own, remove the directory or run `touch {0}/.feedmill`, then build again"
    )]
    Unmarked(PathBuf),
    /// It contains a Git repository, which would be lost.
    #[error("`{0}` is an earlier build, but holds a `.git`, which would be lost; build elsewhere and copy from there")]
    Repository(PathBuf),
    /// It is not a directory.
    #[error("`{0}` is not a directory; choose another one with --out")]
    NoDirectory(PathBuf),
    /// It is a symbolic link to nothing.
    #[error("`{0}` is a symbolic link that leads nowhere; remove it, or create its target")]
    LeadsNowhere(PathBuf),
    /// It contains a directory that the build reads.
    #[error(
        "`{}` is or contains `{}`, which the build reads; choose a separate directory with --out",
        out.display(),
        input.display()
    )]
    HoldsInput {
        out: PathBuf,
        /// The directory that is read.
        input: PathBuf,
    },
    /// It cannot be read.
    #[error(
        "cannot read `{}`: {}; make it readable for the user that runs the build, or choose another one with --out",
        path.display(),
        reason(source)
    )]
    Unreadable { path: PathBuf, source: io::Error },
}

impl OutputTarget {
    /// The directory, with symbolic links resolved.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the output that is there, if this version of the program wrote it.
    pub(crate) fn earlier(&self) -> Option<EarlierOutput> {
        let index = OutputIndex::parse(&OutputMark::rest(&self.path)?);
        Some(EarlierOutput { path: self.path.clone(), index })
    }

    /// Whether the directory exists. Fails if it may no longer be written to.
    pub(super) fn stands(&self) -> Result<bool, TargetRefusal> {
        exists(&self.path)
    }
}

/// The output of an earlier build of the same version of the program.
#[derive(Debug)]
pub(crate) struct EarlierOutput {
    path: PathBuf,
    index: OutputIndex,
}

impl EarlierOutput {
    /// Returns what is known about the document at this path below the directory.
    pub(crate) fn record(&self, path: &str) -> Option<&DocumentRecord> {
        self.index.get(path)
    }

    /// Returns the bytes of the file with this path below the directory, if they have this digest.
    pub(crate) fn read(&self, path: &str, digest: u64) -> Option<Vec<u8>> {
        regular_file(&self.path.join(path)).filter(|bytes| digest_of(bytes) == digest)
    }
}

/// Returns the directory at `out` if it does not exist, is empty or contains an earlier build, and
/// contains none of the `inputs`.
pub(crate) fn target(out: &Path, inputs: &[&Path]) -> Result<OutputTarget, TargetRefusal> {
    let path = resolved(out)?;
    for input in inputs {
        if fs::canonicalize(input).is_ok_and(|input| input.starts_with(&path)) {
            return Err(TargetRefusal::HoldsInput { out: out.to_owned(), input: (*input).to_owned() });
        }
    }
    exists(&path)?;
    Ok(OutputTarget { path })
}

/// Resolves the symbolic links of a path, as far as it exists.
fn resolved(path: &Path) -> Result<PathBuf, TargetRefusal> {
    let unreadable = |source| TargetRefusal::Unreadable { path: path.to_owned(), source };
    let error = match fs::canonicalize(path) {
        Ok(resolved) => return Ok(resolved),
        Err(error) => error,
    };
    if error.kind() == io::ErrorKind::NotADirectory {
        return Err(TargetRefusal::NoDirectory(path.to_owned()));
    }
    if error.kind() != io::ErrorKind::NotFound {
        return Err(unreadable(error));
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(TargetRefusal::LeadsNowhere(path.to_owned()));
    }
    let absolute = std::path::absolute(path).map_err(unreadable)?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => Ok(resolved(parent)?.join(name)),
        // `new/..` is not a valid path before `new` exists.
        _ => Err(unreadable(error)),
    }
}

/// Returns the paths of all files of the earlier build, below the directory, without the mark.
pub(crate) fn files(target: &OutputTarget) -> Result<BTreeSet<String>, TargetRefusal> {
    let mut files = BTreeSet::new();
    if !target.stands()? {
        return Ok(files);
    }
    let mut open = vec![target.path.clone()];
    while let Some(directory) = open.pop() {
        let unreadable = |source| TargetRefusal::Unreadable { path: directory.clone(), source };
        for entry in fs::read_dir(&directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if fs::symlink_metadata(&path).map_err(unreadable)?.is_dir() {
                open.push(path);
            } else if let Some(file) = path.strip_prefix(&target.path).ok().and_then(Path::to_str)
                && file != OUTPUT_MARK
            {
                files.insert(file.to_owned());
            }
        }
    }
    Ok(files)
}

/// Files that every build writes and hardly any other program does.
const OURS: [&str; 3] = ["feeds.opml", "feeds.json", "feed.css"];

/// Whether the directory exists. Fails if it must not be replaced.
fn exists(path: &Path) -> Result<bool, TargetRefusal> {
    let names = match fs::read_dir(path) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(TargetRefusal::NoDirectory(path.to_owned()));
        }
        Err(source) => return Err(TargetRefusal::Unreadable { path: path.to_owned(), source }),
    };
    if fs::symlink_metadata(path.join(OUTPUT_MARK)).is_ok_and(|mark| mark.is_file()) {
        // A repository is the one thing that people keep in an output directory and cannot restore.
        return match fs::symlink_metadata(path.join(".git")) {
            Ok(_) => Err(TargetRefusal::Repository(path.to_owned())),
            Err(_) => Ok(true),
        };
    }
    if OURS.iter().all(|name| path.join(name).is_file()) {
        return Err(TargetRefusal::Unmarked(path.to_owned()));
    }
    if names.into_iter().next().is_some() { Err(TargetRefusal::NotOurs(path.to_owned())) } else { Ok(true) }
}
