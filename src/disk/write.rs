//! Writes the output of `feedmill build` in place of an earlier one.
//!
//! The new tree is written beside the old one, shares unchanged files by hard links, and is
//! exchanged with it in one step. If the file system does not support this, each file is renamed
//! into place instead. If the build is interrupted, either the old or the new tree remains
//! complete, and the next build removes what was left over.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use rayon::prelude::*;

use super::open::reason;

mod mark;
mod output_file;
mod in_place;
mod staging;
mod target;

use output_file::{Put, put};
use staging::Staging;
pub(crate) use target::{EarlierOutput, OutputTarget, TargetRefusal, files, target};

#[derive(Debug)]
pub(crate) enum FileContent {
    Bytes(Bytes),
    Copy(File),
}

/// When a file is renamed into place, if files are renamed one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RenamePhase {
    /// Before the files that link to it.
    First,
    /// After the files that it links to.
    Last,
}

#[derive(Debug)]
pub(crate) struct OutputFile {
    pub content: FileContent,
    /// When it is renamed into place.
    pub phase: RenamePhase,
}

#[derive(Debug)]
pub(crate) enum Made {
    OutputFile(OutputFile),
    /// Several files whose names begin with the path. Each has its suffix, which is empty for the
    /// file itself.
    Pieces(Vec<(&'static str, OutputFile)>),
    Nothing,
    /// Nothing, although there should be a file, for this reason.
    Missing(String),
}

/// How the new tree replaced the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Swap {
    /// In one step.
    Whole,
    /// File by file, because the file system does not support an exchange.
    Piecemeal,
}

/// The result of a build.
#[derive(Debug)]
pub(crate) struct WriteReport {
    /// The paths of all files in the new tree, without the mark.
    pub paths: BTreeSet<String>,
    /// Those that do not have the same bytes as in the old tree.
    pub changed: BTreeSet<String>,
    /// Paths that were left out, with the reason.
    pub left_out: Vec<(String, String)>,
    /// How the new tree replaced the old one.
    pub swap: Swap,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// The directory must not be written to.
    #[error(transparent)]
    Refused(#[from] TargetRefusal),
    /// Another process is writing to it.
    #[error("another build is writing into `{0}` at the moment; wait until it ends, then try again")]
    Busy(PathBuf),
    /// The staging directory was changed by another program.
    #[error(
        "the staging directory `{0}` lost its mark, because another program removed all or a part of it; nothing was published; remove what is left of it and build again"
    )]
    Lost(PathBuf),
    #[error("cannot write `{}`: {}; {}", path.display(), reason(source), remedy(source))]
    Failed {
        /// The file or directory that was being written.
        path: PathBuf,
        source: io::Error,
    },
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space there, then try again",
        _ => "make it writable for the user that runs the build, or choose another directory with --out",
    }
}

impl WriteError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        |source| Self::Failed { path, source }
    }
}

/// The result for one file of the new tree.
#[derive(Debug)]
enum FileOutcome {
    Put(Put, RenamePhase),
    LeftOut(String),
}

/// Writes a tree. `make` returns the content for the path with a given index. The paths are sorted
/// and unique, and none is below another. `done` is called with the number of paths that are
/// written.
pub(crate) fn write(
    target: &OutputTarget,
    paths: &[String],
    make: &(dyn Fn(usize) -> Made + Sync),
    done: &(dyn Fn(usize) + Sync),
) -> Result<WriteReport, WriteError> {
    let mut staging = Staging::new(target)?;
    let published = fill(&staging, target, paths, make, done)
        .and_then(|outcomes| Ok((staging.publish(target, &outcomes)?, outcomes)));
    staging.clear();
    let (swap, outcomes) = published?;
    let mut written = WriteReport { paths: BTreeSet::new(), changed: BTreeSet::new(), left_out: Vec::new(), swap };
    for (path, outcome) in outcomes {
        match outcome {
            FileOutcome::Put(put, _) => {
                if put == Put::Written {
                    written.changed.insert(path.clone());
                }
                written.paths.insert(path);
            }
            FileOutcome::LeftOut(reason) => written.left_out.push((path, reason)),
        }
    }
    Ok(written)
}

fn fill(
    staging: &Staging,
    target: &OutputTarget,
    paths: &[String],
    make: &(dyn Fn(usize) -> Made + Sync),
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<(String, FileOutcome)>, WriteError> {
    let count = AtomicUsize::new(0);
    let earlier = target.stands()?.then(|| target.path());
    let one = |path: String, OutputFile { content, phase }| match put(
        content,
        earlier.map(|earlier| earlier.join(&path)).as_deref(),
        &staging.path().join(&path),
        staging.kept(),
    ) {
        Ok(put) => Ok((path, FileOutcome::Put(put, phase))),
        Err(output_file::WriteFailure::Of(reason)) => Ok((path, FileOutcome::LeftOut(reason))),
        Err(output_file::WriteFailure::All(error)) => Err(WriteError::at(&target.path().join(path))(error)),
    };
    // In small chunks, because feeds are among the last paths and take the longest.
    let each = paths.par_iter().enumerate().with_max_len(16).map(|(index, path)| {
        let outcomes = match make(index) {
            Made::Nothing => Vec::new(),
            Made::Missing(reason) => vec![(path.clone(), FileOutcome::LeftOut(reason))],
            Made::OutputFile(output_file) => vec![one(path.clone(), output_file)?],
            Made::Pieces(pieces) => pieces
                .into_iter()
                .map(|(end, output_file)| one(format!("{path}{end}"), output_file))
                .collect::<Result<_, _>>()?,
        };
        done(count.fetch_add(1, Ordering::Relaxed) + 1);
        Ok(outcomes)
    });
    let outcomes: Result<Vec<Vec<_>>, WriteError> = each.collect();
    Ok(outcomes?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
