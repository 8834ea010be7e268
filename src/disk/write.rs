//! Writes the output of `feedmill build` in place of an earlier one.
//!
//! The new tree is written beside the old one, shares unchanged files by hard links, and is
//! exchanged with it in one step. If the file system does not support this, each file is renamed
//! into place instead. If the build is interrupted, either the old or the new tree remains
//! complete, and the next build removes what was left over.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use rayon::prelude::*;

use super::open::reason;

mod index;
mod mark;
mod output_file;
mod in_place;
mod staging;
mod target;

pub(crate) use index::{DocumentRecord, digest_of, program_digest, write_record};
use output_file::{Put, keep, put};
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

/// A file of the earlier output that the new one has again, if it still has this digest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EarlierFile {
    /// What follows the path in its name.
    pub end: &'static str,
    pub digest: u64,
}

/// Makes the files of a tree.
pub(crate) trait TreeContent: Sync {
    /// Returns the files of the earlier output that the path with this index has again; `None` if it has to be made.
    fn earlier(&self, _index: usize) -> Option<Vec<EarlierFile>> {
        None
    }

    /// Makes the files for the path with this index.
    fn make(&self, index: usize) -> Made;

    /// Writes the index of the output, when all files are made.
    fn write_index(&self, _to: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

impl<F: Fn(usize) -> Made + Sync> TreeContent for F {
    fn make(&self, index: usize) -> Made {
        self(index)
    }
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
    results: Vec<FileResult>,
    /// How the new tree replaced the old one.
    pub swap: Swap,
}

impl WriteReport {
    /// Returns the number of files in the new tree, without the mark.
    pub(crate) fn files(&self) -> usize {
        self.results.iter().filter(|result| result.put().is_some()).count()
    }

    /// Returns how many of them have the same bytes as in the old tree.
    pub(crate) fn unchanged(&self) -> usize {
        self.results.iter().filter(|result| result.put() == Some(Put::Kept)).count()
    }

    /// Returns the files in the new tree, given the paths that were written.
    pub(crate) fn paths(&self, paths: &[String]) -> impl Iterator<Item = String> {
        self.results.iter().filter(|result| result.put().is_some()).map(|result| result.path(paths))
    }

    /// Returns the files that do not have the same bytes as in the old tree.
    pub(crate) fn changed(&self, paths: &[String]) -> impl Iterator<Item = String> {
        self.results.iter().filter(|result| result.put() == Some(Put::Written)).map(|result| result.path(paths))
    }

    /// Returns the files that were left out, with the reason.
    pub(crate) fn left_out(&self, paths: &[String]) -> impl Iterator<Item = (String, &str)> {
        self.results.iter().filter_map(|result| match &result.outcome {
            FileOutcome::LeftOut(reason) => Some((result.path(paths), &**reason)),
            FileOutcome::Put(..) => None,
        })
    }
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

/// The result for one file of the new tree. A site may have a hundred thousand files, so their paths are not repeated.
#[derive(Debug)]
struct FileResult {
    /// Index of the path.
    index: usize,
    /// The suffix of the file.
    end: &'static str,
    outcome: FileOutcome,
}

#[derive(Debug)]
enum FileOutcome {
    Put(Put, RenamePhase),
    LeftOut(Box<str>),
}

impl FileResult {
    fn put(&self) -> Option<Put> {
        match self.outcome {
            FileOutcome::Put(put, _) => Some(put),
            FileOutcome::LeftOut(_) => None,
        }
    }

    fn path(&self, paths: &[String]) -> String {
        format!("{}{}", paths[self.index], self.end)
    }
}

/// Writes a tree. The paths are sorted and unique, and none is below another. `done` is called with the number of paths
/// that are written.
pub(crate) fn write(
    target: &OutputTarget,
    paths: &[String],
    content: &dyn TreeContent,
    done: &(dyn Fn(usize) + Sync),
) -> Result<WriteReport, WriteError> {
    let mut staging = Staging::new(target)?;
    let published = fill(&staging, target, paths, content, done)
        .and_then(|results| Ok((staging.publish(target, paths, &results, content)?, results)));
    staging.clear();
    let (swap, results) = published?;
    Ok(WriteReport { results, swap })
}

fn fill(
    staging: &Staging,
    target: &OutputTarget,
    paths: &[String],
    content: &dyn TreeContent,
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<FileResult>, WriteError> {
    let count = AtomicUsize::new(0);
    let earlier = target.stands()?.then(|| target.path());
    let one = |path: &str, OutputFile { content, phase }| match put(
        content,
        earlier.map(|earlier| earlier.join(path)).as_deref(),
        &staging.path().join(path),
        staging.kept(),
    ) {
        Ok(put) => Ok(FileOutcome::Put(put, phase)),
        Err(output_file::WriteFailure::Of(reason)) => Ok(FileOutcome::LeftOut(reason.into())),
        Err(output_file::WriteFailure::All(error)) => Err(WriteError::at(&target.path().join(path))(error)),
    };
    let kept = |path: &str, index: usize| {
        let (earlier, files) = (earlier?, content.earlier(index)?);
        let names: Vec<String> = files.iter().map(|file| format!("{path}{}", file.end)).collect();
        for (at, (file, name)) in files.iter().zip(&names).enumerate() {
            if !keep(&earlier.join(name), file.digest, &staging.path().join(name), staging.kept()) {
                // They are made anew. A file that stays in place is not in the staging directory.
                names[..at].iter().for_each(|name| drop(fs::remove_file(staging.path().join(name))));
                return None;
            }
        }
        Some(files)
    };
    // In small chunks, because feeds are among the last paths and take the longest.
    paths
        .par_iter()
        .enumerate()
        .with_max_len(16)
        .try_fold(Vec::new, |mut results, (index, path)| {
            if let Some(files) = kept(path, index) {
                let outcome = || FileOutcome::Put(Put::Kept, RenamePhase::First);
                results.extend(files.into_iter().map(|file| FileResult { index, end: file.end, outcome: outcome() }));
                done(count.fetch_add(1, Ordering::Relaxed) + 1);
                return Ok(results);
            }
            match content.make(index) {
                Made::Nothing => {}
                Made::Missing(reason) => {
                    results.push(FileResult { index, end: "", outcome: FileOutcome::LeftOut(reason.into()) });
                }
                Made::OutputFile(output_file) => {
                    results.push(FileResult { index, end: "", outcome: one(path, output_file)? });
                }
                Made::Pieces(pieces) => {
                    for (end, output_file) in pieces {
                        let outcome = one(&format!("{path}{end}"), output_file)?;
                        results.push(FileResult { index, end, outcome });
                    }
                }
            }
            done(count.fetch_add(1, Ordering::Relaxed) + 1);
            Ok(results)
        })
        .try_reduce(Vec::new, |mut results, mut more| {
            results.append(&mut more);
            Ok(results)
        })
}

#[cfg(test)]
mod tests;
