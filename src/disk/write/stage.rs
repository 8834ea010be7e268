//! Where a new tree is made, and how it comes to stand where the old one does.
//!
//! A stage is marked and locked while somebody writes it, so that what an
//! interrupted run left behind is told from what another one is writing.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{Outcome, Swap, Target, WriteError, piecemeal};
use crate::disk::directory::OUTPUT_MARK;

/// What the mark says to people. The same in every build, for nothing may
/// differ between two.
const WORDS: &str = "`feedmill build` wrote this directory and replaces it whole. Keep nothing of your own in it.\n";

/// Begins the name of a stage beside its target; hidden, and so never read as
/// content.
const BESIDE: &str = ".feedmill-";

/// The stage in a target that is a mount point.
pub(super) const INSIDE: &str = ".feedmill-new";

/// How an unchanged file gets into the new tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// By a second name.
    Linked,
    /// It is there.
    InPlace,
}

/// Where the new tree is made.
#[derive(Debug)]
pub(super) struct Stage {
    path: PathBuf,
    kept: Kept,
    /// Locked as long as it is open.
    mark: File,
}

impl Stage {
    pub(super) fn new(target: &Target) -> Result<Self, WriteError> {
        let stands = target.stands()?;
        let parent = target.path().parent().filter(|_| !(stands && is_mount(target.path())));
        let Some(parent) = parent else {
            return Self::inside(target);
        };
        fs::create_dir_all(parent).map_err(WriteError::at(parent))?;
        sweep_leftovers(parent);
        match Self::beside(parent) {
            // Whoever may write the directory need not be allowed to beside it.
            Err(error) if stands && is_forbidden(&error) => Self::inside(target),
            stage => stage.map_err(WriteError::at(parent)),
        }
    }

    fn beside(parent: &Path) -> io::Result<Self> {
        let path = tempfile::Builder::new()
            .prefix(BESIDE)
            // As any new directory, and not as a secret one.
            .permissions(Permissions::from_mode(0o777))
            .tempdir_in(parent)?
            .keep();
        let mark = mark(&path).inspect_err(|_| drop(fs::remove_dir_all(&path)))?;
        Ok(Self { path, kept: Kept::Linked, mark })
    }

    pub(super) fn inside(target: &Target) -> Result<Self, WriteError> {
        let failed = |error| locked_or(target, error);
        // Marked before anything else, so that the next run may go on.
        let mark = mark(target.path()).map_err(failed)?;
        let path = target.path().join(INSIDE);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => fs::create_dir(&path).map_err(failed)?,
        }
        Ok(Self { path, kept: Kept::InPlace, mark })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn kept(&self) -> Kept {
        self.kept
    }

    /// Puts the new tree where the old one is.
    pub(super) fn publish(&self, target: &Target, made: &[(String, Outcome)]) -> Result<Swap, WriteError> {
        if self.kept == Kept::Linked {
            if self.exchange(target)? {
                return Ok(Swap::Whole);
            }
            // From here on the target is a mixture, which the next run may
            // take for its own.
            drop(mark(target.path()).map_err(|error| locked_or(target, error))?);
        }
        piecemeal::all(&self.path, target.path(), made)?;
        Ok(Swap::Piecemeal)
    }

    /// Whether the new tree could take the old one's name in one step.
    fn exchange(&self, target: &Target) -> Result<bool, WriteError> {
        if !target.stands()? {
            return fs::rename(&self.path, target.path()).map(|()| true).map_err(WriteError::at(target.path()));
        }
        // Whoever shut the old tree, or opened it to a group, meant its place.
        let permissions = fs::metadata(target.path()).map(|metadata| metadata.permissions());
        let _ = permissions.and_then(|permissions| fs::set_permissions(&self.path, permissions));
        Ok(exchange(&self.path, target.path()).is_ok())
    }

    /// Takes away what is left of the stage: after an exchange, the old tree.
    /// What cannot be removed is removed by the next run.
    pub(super) fn clear(self) {
        let _ = match self.kept {
            Kept::InPlace => fs::remove_dir_all(&self.path),
            Kept::Linked => {
                drop(self.mark);
                sweep(&self.path)
            }
        };
    }
}

/// Two directories take each other's names in one step.
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Whether a directory is where a file system begins, as far as its device
/// tells; the exchange tells the rest.
fn is_mount(path: &Path) -> bool {
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    path.parent().is_none_or(|parent| device(parent) != device(path))
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Marks a directory as ours, and locks it. Never a link to an old mark: two
/// names of one file share their lock.
fn mark(directory: &Path) -> io::Result<File> {
    let mut mark = OpenOptions::new().write(true).create(true).truncate(false).open(directory.join(OUTPUT_MARK))?;
    lock(&mark)?;
    mark.write_all(WORDS.as_bytes())?;
    mark.set_len(WORDS.len() as u64)?;
    Ok(mark)
}

fn locked_or(target: &Target, error: io::Error) -> WriteError {
    match error.kind() {
        io::ErrorKind::WouldBlock => WriteError::Busy(target.path().to_owned()),
        _ => WriteError::at(target.path())(error),
    }
}

/// A file system without locks has to do without.
fn lock(mark: &File) -> io::Result<()> {
    match mark.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Removes what interrupted runs left in a directory.
fn sweep_leftovers(parent: &Path) {
    let Ok(names) = fs::read_dir(parent) else {
        return;
    };
    for entry in names.flatten() {
        if entry.file_name().to_string_lossy().starts_with(BESIDE) {
            // One that cannot be removed is in nobody's way.
            let _ = sweep(&entry.path());
        }
    }
}

/// Removes a tree that is ours: marked and not being written, or empty. The
/// mark goes last, so that a half removed tree is known for what it is.
fn sweep(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return Ok(());
    }
    let mark = path.join(OUTPUT_MARK);
    match File::open(&mark) {
        Ok(file) => lock(&file)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return fs::remove_dir(path),
        Err(error) => return Err(error),
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() == OUTPUT_MARK {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_file(mark)?;
    fs::remove_dir(path)
}
