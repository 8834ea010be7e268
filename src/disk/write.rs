//! Writing a tree of files in place of an earlier one.
//!
//! The new tree is made beside the old one, shares what did not change by hard
//! links, and is exchanged with it in one step. Where that cannot be, each
//! file is renamed into place. Stopped at any moment, the old tree stands or
//! the new one, and what lies about is removed by the next run. Knows paths
//! and bytes; does not know what they say.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use rayon::prelude::*;

use super::open::reason;

mod mark;
mod piece;
mod piecemeal;
mod stage;
mod target;

use piece::{Put, put};
use stage::Stage;
pub use target::{Refusal, Target, target};

/// What stands in a file.
#[derive(Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Bytes),
    /// What this file holds from its start.
    Copy(File),
}

/// When a file is renamed into place, where files are renamed one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestTurn {
    /// Before those that speak of it.
    First,
    /// After all it speaks of.
    Last,
}

/// A file to be.
#[derive(Debug)]
pub struct Piece {
    /// What stands in it.
    pub content: Content,
    /// When it is renamed.
    pub turn: RequestTurn,
}

/// How a path came out.
#[derive(Debug)]
pub enum Made {
    /// As a file.
    Piece(Piece),
    /// As a file, and others beside it whose names begin with its name; each
    /// with the end of its name, which is empty for the file itself.
    Pieces(Vec<(&'static str, Piece)>),
    /// There is to be none.
    Nothing,
    /// There is none, and why.
    Missing(String),
}

/// How the new tree took the place of the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swap {
    /// In one step.
    Whole,
    /// File by file, because the system would not have it otherwise.
    Piecemeal,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// Files that stand there now, the mark apart.
    pub files: usize,
    /// Those of them that the earlier tree had, byte for byte.
    pub unchanged: usize,
    /// Paths that were left out, and why.
    pub left_out: Vec<(String, String)>,
    /// How it got there.
    pub swap: Swap,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The directory is not one to write into.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another process writes there.
    #[error("another build is writing into `{0}` at this moment; let it end, then try again")]
    Busy(PathBuf),
    /// The stage is not what this build made.
    #[error(
        "`{0}`, where the files were made, lost its mark: another program removed it, or a part of it; nothing was published, remove what is left of it and build again"
    )]
    Lost(PathBuf),
    /// The system said no.
    #[error("cannot write `{}`: {}; {}", path.display(), reason(source), remedy(source))]
    Failed {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room there, then try again",
        _ => "open it to who runs the build, or name another directory with --out",
    }
}

impl WriteError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        |source| Self::Failed { path, source }
    }
}

/// How one file of the new tree came out.
#[derive(Debug)]
enum Outcome {
    Put(Put, RequestTurn),
    LeftOut(String),
}

/// Makes the tree of these paths, each by `make`, the target's. Paths are in
/// order, none twice and none below another. `done` is told how many are made.
pub fn write(
    target: &Target,
    paths: &[String],
    make: &(dyn Fn(usize) -> Made + Sync),
    done: &(dyn Fn(usize) + Sync),
) -> Result<Written, WriteError> {
    let mut stage = Stage::new(target)?;
    let published =
        fill(&stage, target, paths, make, done).and_then(|outcomes| Ok((stage.publish(target, &outcomes)?, outcomes)));
    stage.clear();
    let (swap, outcomes) = published?;
    let mut written = Written { files: 0, unchanged: 0, left_out: Vec::new(), swap };
    for (path, outcome) in outcomes {
        match outcome {
            Outcome::Put(put, _) => {
                written.files += 1;
                written.unchanged += usize::from(put == Put::Kept);
            }
            Outcome::LeftOut(reason) => written.left_out.push((path, reason)),
        }
    }
    Ok(written)
}

fn fill(
    stage: &Stage,
    target: &Target,
    paths: &[String],
    make: &(dyn Fn(usize) -> Made + Sync),
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vec<(String, Outcome)>, WriteError> {
    let count = AtomicUsize::new(0);
    let earlier = target.stands()?.then(|| target.path());
    let one = |path: String, Piece { content, turn }| match put(
        content,
        earlier.map(|earlier| earlier.join(&path)).as_deref(),
        &stage.path().join(&path),
        stage.kept(),
    ) {
        Ok(put) => Ok((path, Outcome::Put(put, turn))),
        Err(piece::Failure::Of(reason)) => Ok((path, Outcome::LeftOut(reason))),
        Err(piece::Failure::All(error)) => Err(WriteError::at(&target.path().join(path))(error)),
    };
    // In small parts: feeds are among the last and take longest.
    let each = paths.par_iter().enumerate().with_max_len(16).map(|(index, path)| {
        let outcomes = match make(index) {
            Made::Nothing => Vec::new(),
            Made::Missing(reason) => vec![(path.clone(), Outcome::LeftOut(reason))],
            Made::Piece(piece) => vec![one(path.clone(), piece)?],
            Made::Pieces(pieces) => {
                pieces.into_iter().map(|(end, piece)| one(format!("{path}{end}"), piece)).collect::<Result<_, _>>()?
            }
        };
        done(count.fetch_add(1, Ordering::Relaxed) + 1);
        Ok(outcomes)
    });
    let outcomes: Result<Vec<Vec<_>>, WriteError> = each.collect();
    Ok(outcomes?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
