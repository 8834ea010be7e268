//! The staging directory in which a new tree is written, and its exchange with the old tree.
//!
//! A staging directory is marked and locked while it is written, so that a build can distinguish
//! the leftovers of an interrupted build from the directory of a running one. The lock on a tree is
//! held until it is exchanged or removed.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::mark::OutputMark;
use super::{FileResult, OutputTarget, Swap, TreeContent, WriteError, in_place};
use crate::disk::directory::OUTPUT_MARK;

/// The prefix of a staging directory beside its target. It is hidden, so it is never read as
/// content.
const BESIDE: &str = ".feedmill-";

/// The name of the staging directory inside a target that is a mount point.
pub(super) const INSIDE: &str = ".feedmill-new";

/// How long to wait for the lock of another build. Builds that exchange trees hold it only briefly.
/// A build that writes file by file holds it until its end, and is not waited for.
const PATIENCE: Duration = if cfg!(test) { Duration::from_millis(300) } else { Duration::from_secs(5) };

/// How many names to try for the staging directory. In the moment between its creation and its
/// locking, another build may remove it as a leftover.
const TRIES: usize = 1000;

/// How an unchanged file gets into the new tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeptFile {
    Linked,
    /// It stays where it is.
    InPlace,
}

/// The directory in which the new tree is written.
#[derive(Debug)]
pub(super) struct Staging {
    path: PathBuf,
    kept: KeptFile,
    /// The mark of the tree to clean up: at first the new one (or the target itself, if it is
    /// written in place), and after an exchange the old one, if it has a mark.
    mark: Option<OutputMark>,
}

impl Staging {
    pub(super) fn new(target: &OutputTarget) -> Result<Self, WriteError> {
        let stands = target.stands()?;
        let parent = target.path().parent().filter(|_| !(stands && is_mount(target.path())));
        let Some(parent) = parent else {
            return Self::inside(target);
        };
        fs::create_dir_all(parent).map_err(WriteError::at(parent))?;
        sweep_leftovers(parent);
        match Self::beside(parent) {
            // We may have permission to write to the directory, but not to its parent.
            Err(error) if stands && is_forbidden(&error) => Self::inside(target),
            staging => staging.map_err(WriteError::at(parent)),
        }
    }

    fn beside(parent: &Path) -> io::Result<Self> {
        for _ in 0..TRIES {
            let path = tempfile::Builder::new()
                .prefix(BESIDE)
                // The default permissions of a directory, not those of a private temporary one.
                .permissions(Permissions::from_mode(0o777))
                .tempdir_in(parent)?
                .keep();
            match OutputMark::make(&path) {
                Ok(mark) => return Ok(Self { path, kept: KeptFile::Linked, mark: Some(mark) }),
                // Another build takes it for a leftover and removes it.
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::WouldBlock) => {}
                Err(error) => {
                    // If this fails, an empty directory stays, and the next build removes it.
                    let _ = fs::remove_dir_all(&path);
                    return Err(error);
                }
            }
        }
        Err(io::Error::other("other builds remove what this one makes"))
    }

    pub(super) fn inside(target: &OutputTarget) -> Result<Self, WriteError> {
        let failed = |error| locked_or(target, error);
        // The mark comes first, so that the next build recognises the directory after an
        // interruption.
        let mark = OutputMark::patiently(PATIENCE, || OutputMark::make(target.path())).map_err(failed)?;
        let path = target.path().join(INSIDE);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => fs::create_dir(&path).map_err(failed)?,
        }
        Ok(Self { path, kept: KeptFile::InPlace, mark: Some(mark) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn kept(&self) -> KeptFile {
        self.kept
    }

    /// Replaces the old tree with the new one.
    pub(super) fn publish(
        &mut self,
        target: &OutputTarget,
        paths: &[String],
        results: &[FileResult],
        content: &dyn TreeContent,
    ) -> Result<Swap, WriteError> {
        let mark = self.mark.as_mut().filter(|mark| mark.is_in_place().is_ok_and(|is| is));
        // If the mark is missing, other files may be missing too.
        let mark = mark.ok_or_else(|| WriteError::Lost(self.path.clone()))?;
        mark.append(|to| content.write_index(to)).map_err(WriteError::at(&self.path.join(OUTPUT_MARK)))?;
        let target_mark = match self.kept {
            KeptFile::InPlace => None,
            KeptFile::Linked => match self.exchange(target)? {
                Exchange::Done => return Ok(Swap::Whole),
                // From here on the target is a mixture of both trees. Its mark lets the next build
                // replace it.
                Exchange::Impossible(Some(mark)) => Some(mark),
                Exchange::Impossible(None) => {
                    Some(OutputMark::make(target.path()).map_err(|error| locked_or(target, error))?)
                }
            },
        };
        in_place::all(&self.path, target.path(), paths, results)?;
        if self.kept == KeptFile::Linked {
            // Without its index the next build renders everything, and nothing is wrong.
            let _ = fs::copy(self.path.join(OUTPUT_MARK), target.path().join(OUTPUT_MARK));
        }
        drop(target_mark);
        Ok(Swap::Piecemeal)
    }

    /// Exchanges the new tree with the old one in one step. The old one is locked, so that no other
    /// build writes to it or exchanges it.
    fn exchange(&mut self, target: &OutputTarget) -> Result<Exchange, WriteError> {
        let path = target.path();
        let end = Instant::now() + PATIENCE;
        loop {
            if !target.stands()? {
                match rename_new(&self.path, path) {
                    Ok(()) => {
                        self.mark = None;
                        return Ok(Exchange::Done);
                    }
                    // Another build was faster, so there is a tree to exchange now.
                    Err(error) if is_taken(&error) && Instant::now() < end => continue,
                    Err(error) => return Err(WriteError::at(path)(error)),
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            let old = match OutputMark::patiently(left, || OutputMark::of(path)) {
                Ok(mark) => Some(mark),
                // An empty directory.
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(locked_or(target, error)),
            };
            // The new tree gets the permissions of the old one, because the operator set them for
            // this path.
            let permissions = fs::metadata(path).map(|metadata| metadata.permissions());
            let _ = permissions.and_then(|permissions| fs::set_permissions(&self.path, permissions));
            match renameat_with(CWD, &self.path, CWD, path, RenameFlags::EXCHANGE) {
                Ok(()) => {
                    self.mark = old.map(|mark| mark.moved_to(&self.path));
                    return Ok(Exchange::Done);
                }
                // The directory was renamed in the meantime.
                Err(rustix::io::Errno::NOENT) if Instant::now() < end => {}
                Err(_) => return Ok(Exchange::Impossible(old)),
            }
        }
    }

    /// Removes the staging directory, which contains the old tree after an exchange. Its lock is
    /// held until it is gone. What cannot be removed is left for the next build.
    pub(super) fn clear(self) {
        let _ = match (self.kept, &self.mark) {
            (KeptFile::InPlace, _) => fs::remove_dir_all(&self.path),
            (KeptFile::Linked, Some(mark)) if mark.is_in_place().is_ok_and(|is| is) => remove(&self.path),
            // Another directory has taken its place; leave it alone.
            (KeptFile::Linked, Some(_)) => Ok(()),
            (KeptFile::Linked, None) => fs::remove_dir(&self.path),
        };
    }
}

enum Exchange {
    Done,
    /// The file system does not support it. Contains the mark of the old tree, if it has one.
    Impossible(Option<OutputMark>),
}

/// Renames to a name that must not exist yet.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Without support for the flag, `rename` replaces at most an empty directory.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => fs::rename(from, to),
        done => Ok(done?),
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty)
}

/// Whether a directory is a mount point, judging by its device. A bind mount on the same device is
/// noticed when the exchange fails.
fn is_mount(path: &Path) -> bool {
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    path.parent().is_none_or(|parent| device(parent) != device(path))
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn locked_or(target: &OutputTarget, error: io::Error) -> WriteError {
    match error.kind() {
        io::ErrorKind::WouldBlock => WriteError::Busy(target.path().to_owned()),
        _ => WriteError::at(target.path())(error),
    }
}

/// Removes the leftovers of interrupted builds.
fn sweep_leftovers(parent: &Path) {
    let Ok(names) = fs::read_dir(parent) else {
        return;
    };
    for entry in names.flatten() {
        if entry.file_name().to_string_lossy().starts_with(BESIDE) {
            // A leftover that cannot be removed is harmless.
            let _ = sweep(&entry.path());
        }
    }
}

/// Removes a staging directory that is empty, or marked and not in use.
fn sweep(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return Ok(());
    }
    match OutputMark::of(path) {
        // The lock is held until everything is removed.
        Ok(mark) if mark.is_abandoned() => remove(path),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::remove_dir(path),
        Err(error) => Err(error),
    }
}

/// Removes a tree whose lock the caller holds. The mark is removed last, so that a partly removed
/// tree is still recognised.
fn remove(path: &Path) -> io::Result<()> {
    // Nearly all files are in the directories of directories. What fails here is tried again below, and reported.
    let inner: Vec<PathBuf> = directories(path).flat_map(|directory| directories(&directory)).collect();
    inner.par_iter().for_each(|directory| drop(fs::remove_dir_all(directory)));
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

/// Returns the directories in a directory. Links to directories are not among them.
fn directories(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path())
}
