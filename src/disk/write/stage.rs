//! Where a new tree is made, and how it comes to stand where the old one does.
//!
//! A stage is marked and locked while it is written, so that a build tells what
//! an interrupted one left behind from what another one is writing. The lock on
//! a tree is held until the tree is exchanged or removed.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::mark::Mark;
use super::{Outcome, Swap, Target, WriteError, piecemeal};
use crate::disk::directory::OUTPUT_MARK;

/// Begins the name of a stage beside its target; hidden, and so never read as
/// content.
const BESIDE: &str = ".feedmill-";

/// The stage in a target that is a mount point.
pub(super) const INSIDE: &str = ".feedmill-new";

/// How long a build waits for the lock of another one. Beside each other builds
/// hold it for an exchange; one that writes file by file holds it to its end,
/// and is not waited for.
const PATIENCE: Duration = if cfg!(test) { Duration::from_millis(300) } else { Duration::from_secs(5) };

/// How often another name is tried for a stage that another build took for a
/// leftover, in the moment between its making and its locking.
const TRIES: usize = 1000;

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
    /// The mark of the tree that this stage is responsible for: at first the new
    /// one (of a target that is written in place, the target's own), and after
    /// an exchange the old one, if it had any.
    mark: Option<Mark>,
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
            // The right to write the directory is not one to write beside it.
            Err(error) if stands && is_forbidden(&error) => Self::inside(target),
            stage => stage.map_err(WriteError::at(parent)),
        }
    }

    fn beside(parent: &Path) -> io::Result<Self> {
        for _ in 0..TRIES {
            let path = tempfile::Builder::new()
                .prefix(BESIDE)
                // As any new directory, and not as a secret one.
                .permissions(Permissions::from_mode(0o777))
                .tempdir_in(parent)?
                .keep();
            match Mark::make(&path) {
                Ok(mark) => return Ok(Self { path, kept: Kept::Linked, mark: Some(mark) }),
                // Another build takes it for a leftover, and removes it.
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::WouldBlock) => {}
                Err(error) => {
                    // What stays is empty, and the next build removes it.
                    let _ = fs::remove_dir_all(&path);
                    return Err(error);
                }
            }
        }
        Err(io::Error::other("other builds remove what this one makes"))
    }

    pub(super) fn inside(target: &Target) -> Result<Self, WriteError> {
        let failed = |error| locked_or(target, error);
        // Marked before anything else, so that the next run may go on.
        let mark = Mark::patiently(PATIENCE, || Mark::make(target.path())).map_err(failed)?;
        let path = target.path().join(INSIDE);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => fs::create_dir(&path).map_err(failed)?,
        }
        Ok(Self { path, kept: Kept::InPlace, mark: Some(mark) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn kept(&self) -> Kept {
        self.kept
    }

    /// Puts the new tree where the old one is.
    pub(super) fn publish(&mut self, target: &Target, made: &[(String, Outcome)]) -> Result<Swap, WriteError> {
        let is_whole = self.mark.as_ref().is_some_and(|mark| mark.is_in_place().is_ok_and(|is| is));
        if !is_whole {
            // Without the mark other files may be missing too.
            return Err(WriteError::Lost(self.path.clone()));
        }
        let target_mark = match self.kept {
            Kept::InPlace => None,
            Kept::Linked => match self.exchange(target)? {
                Exchange::Done => return Ok(Swap::Whole),
                // From here on the target is a mixture, which the next run may
                // take for its own.
                Exchange::Impossible(Some(mark)) => Some(mark),
                Exchange::Impossible(None) => {
                    Some(Mark::make(target.path()).map_err(|error| locked_or(target, error))?)
                }
            },
        };
        piecemeal::all(&self.path, target.path(), made)?;
        drop(target_mark);
        Ok(Swap::Piecemeal)
    }

    /// Gives the new tree the old one's name in one step, and takes the old one
    /// in return. The old one is locked: no other build writes or exchanges it.
    fn exchange(&mut self, target: &Target) -> Result<Exchange, WriteError> {
        let path = target.path();
        let end = Instant::now() + PATIENCE;
        loop {
            if !target.stands()? {
                match rename_new(&self.path, path) {
                    Ok(()) => {
                        self.mark = None;
                        return Ok(Exchange::Done);
                    }
                    // Another build was first: now there is a tree to exchange.
                    Err(error) if is_taken(&error) && Instant::now() < end => continue,
                    Err(error) => return Err(WriteError::at(path)(error)),
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            let old = match Mark::patiently(left, || Mark::of(path)) {
                Ok(mark) => Some(mark),
                // An empty directory.
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(locked_or(target, error)),
            };
            // The operator who closed the old tree, or opened it to a group, meant its path.
            let permissions = fs::metadata(path).map(|metadata| metadata.permissions());
            let _ = permissions.and_then(|permissions| fs::set_permissions(&self.path, permissions));
            match renameat_with(CWD, &self.path, CWD, path, RenameFlags::EXCHANGE) {
                Ok(()) => {
                    self.mark = old.map(|mark| mark.moved_to(&self.path));
                    return Ok(Exchange::Done);
                }
                // It was renamed away meanwhile.
                Err(rustix::io::Errno::NOENT) if Instant::now() < end => {}
                Err(_) => return Ok(Exchange::Impossible(old)),
            }
        }
    }

    /// Takes away what is left of the stage: after an exchange, the old tree. Its
    /// lock is held until it is gone. What cannot be removed is removed by the
    /// next run.
    pub(super) fn clear(self) {
        let _ = match (self.kept, &self.mark) {
            (Kept::InPlace, _) => fs::remove_dir_all(&self.path),
            (Kept::Linked, Some(mark)) if mark.is_in_place().is_ok_and(|is| is) => remove(&self.path),
            // What took its place is not ours.
            (Kept::Linked, Some(_)) => Ok(()),
            (Kept::Linked, None) => fs::remove_dir(&self.path),
        };
    }
}

/// How an exchange went.
enum Exchange {
    Done,
    /// The system cannot do it here; the mark of the old tree, if it has one.
    Impossible(Option<Mark>),
}

/// Renames to a name that is free.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Where the system does not know the flag: only an empty directory is replaced.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => fs::rename(from, to),
        done => Ok(done?),
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty)
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

fn locked_or(target: &Target, error: io::Error) -> WriteError {
    match error.kind() {
        io::ErrorKind::WouldBlock => WriteError::Busy(target.path().to_owned()),
        _ => WriteError::at(target.path())(error),
    }
}

/// Removes what interrupted runs left in a directory.
fn sweep_leftovers(parent: &Path) {
    let Ok(names) = fs::read_dir(parent) else {
        return;
    };
    for entry in names.flatten() {
        if entry.file_name().to_string_lossy().starts_with(BESIDE) {
            // One that cannot be removed stays, and does no harm.
            let _ = sweep(&entry.path());
        }
    }
}

/// Removes a tree that is ours: marked and not being written, or empty.
fn sweep(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return Ok(());
    }
    match Mark::of(path) {
        // Locked until all of it is gone.
        Ok(mark) if mark.is_abandoned() => remove(path),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::remove_dir(path),
        Err(error) => Err(error),
    }
}

/// Removes a tree. The mark goes last, so that a half removed tree is known for
/// what it is. The caller holds the lock.
fn remove(path: &Path) -> io::Result<()> {
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
    fs::remove_file(path.join(OUTPUT_MARK))?;
    fs::remove_dir(path)
}
