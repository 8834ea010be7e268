//! The mark of an output directory, and the lock on it.
//!
//! A lock belongs to a file, not to a path. Between opening and locking a mark, another build may
//! have exchanged or removed the directory. A lock therefore counts only if the locked file is
//! still the one at the path.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::directory::OUTPUT_MARK;

/// The beginning of a mark, which is the same in every build of one version. The index follows.
const WORDS: &str = concat!(
    "`feedmill build` ",
    env!("CARGO_PKG_VERSION"),
    " wrote this directory and replaces it whole. Keep nothing of your own in it.\n"
);

/// On a file system without locks, a build counts as interrupted when its mark is this old.
const ABANDONED: Duration = Duration::from_hours(24);

/// The interval between attempts to take a lock that another process holds.
const PAUSE: Duration = Duration::from_millis(10);

/// A mark. It is locked as long as it is open, if the file system supports locks.
#[derive(Debug)]
pub(super) struct OutputMark {
    file: File,
    path: PathBuf,
    lock: Lock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lock {
    Held,
    /// Some network file systems do not support locks.
    Unsupported,
}

impl OutputMark {
    /// Creates the mark of a directory and locks it. It is never a hard link to an old mark,
    /// because two names of a file share one lock. Fails with `WouldBlock` if another process holds
    /// the lock.
    pub(super) fn make(directory: &Path) -> io::Result<Self> {
        let path = directory.join(OUTPUT_MARK);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path)?;
        let mut mark = Self::locked(file, path)?;
        mark.file.write_all(WORDS.as_bytes())?;
        mark.file.set_len(WORDS.len() as u64)?;
        Ok(mark)
    }

    /// Locks the mark of a directory. Fails with `NotFound` if it has none.
    pub(super) fn of(directory: &Path) -> io::Result<Self> {
        let path = directory.join(OUTPUT_MARK);
        Self::locked(File::open(&path)?, path)
    }

    /// Returns what follows the first line of the mark of a directory, if this version of the program wrote it.
    pub(super) fn rest(directory: &Path) -> Option<String> {
        let text = String::from_utf8(regular_file(&directory.join(OUTPUT_MARK))?).ok()?;
        text.strip_prefix(WORDS).map(str::to_owned)
    }

    /// Writes what follows the first line.
    pub(super) fn append(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(WORDS.len() as u64))?;
        let mut to = BufWriter::new(&mut self.file);
        write(&mut to)?;
        to.flush()?;
        drop(to);
        let end = self.file.stream_position()?;
        self.file.set_len(end)
    }

    /// Retries `lock` until this time is over, as long as another process holds the lock.
    pub(super) fn patiently(time: Duration, lock: impl Fn() -> io::Result<Self>) -> io::Result<Self> {
        let end = Instant::now() + time;
        loop {
            match lock() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < end => thread::sleep(PAUSE),
                done => return done,
            }
        }
    }

    fn locked(file: File, path: PathBuf) -> io::Result<Self> {
        let lock = match file.try_lock() {
            Ok(()) => Lock::Held,
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(_)) => Lock::Unsupported,
        };
        let mark = Self { file, path, lock };
        if mark.is_in_place()? { Ok(mark) } else { Err(io::ErrorKind::WouldBlock.into()) }
    }

    /// Whether the path still leads to this file.
    pub(super) fn is_in_place(&self) -> io::Result<bool> {
        is_at(&self.file, &self.path)
    }

    /// The mark after its directory was renamed.
    pub(super) fn moved_to(self, directory: &Path) -> Self {
        Self { path: directory.join(OUTPUT_MARK), ..self }
    }

    /// Whether no other process is writing to the directory.
    pub(super) fn is_abandoned(&self) -> bool {
        let age = || self.file.metadata()?.modified()?.elapsed().map_err(io::Error::other);
        self.lock == Lock::Held || age().is_ok_and(|age| age > ABANDONED)
    }
}

/// Reads a regular file; pipes and devices are never opened.
pub(super) fn regular_file(path: &Path) -> Option<Vec<u8>> {
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    fs::read(path).ok()
}

pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_on_a_mark_that_is_no_longer_at_its_path_does_not_count() {
        let directory = tempfile::tempdir().unwrap();
        let mark = OutputMark::make(directory.path()).unwrap();
        assert!(mark.is_in_place().unwrap() && mark.is_abandoned());
        let path = directory.path().join(OUTPUT_MARK);
        let open = File::open(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(!mark.is_in_place().unwrap());
        drop(mark);
        let late = OutputMark::locked(open, path.clone());
        assert_eq!(late.unwrap_err().kind(), io::ErrorKind::WouldBlock, "it was removed in the meantime");
        let open = File::create(&path).unwrap();
        fs::rename(directory.path().join(OUTPUT_MARK), directory.path().join("away")).unwrap();
        fs::write(&path, "another").unwrap();
        assert_eq!(OutputMark::locked(open, path).unwrap_err().kind(), io::ErrorKind::WouldBlock, "it was exchanged");
    }

    #[test]
    fn without_locks_only_an_old_mark_is_abandoned() {
        let directory = tempfile::tempdir().unwrap();
        let unlocked = OutputMark { lock: Lock::Unsupported, ..OutputMark::make(directory.path()).unwrap() };
        assert!(!unlocked.is_abandoned());
        let old = std::time::SystemTime::now() - ABANDONED - Duration::from_mins(1);
        unlocked.file.set_modified(old).unwrap();
        assert!(unlocked.is_abandoned());
    }

    #[test]
    fn a_lock_is_waited_for_and_not_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let first = OutputMark::make(directory.path()).unwrap();
        let take = || OutputMark::of(directory.path());
        let refused = OutputMark::patiently(Duration::from_millis(30), take);
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(first);
        assert!(OutputMark::patiently(Duration::ZERO, take).is_ok());
    }
}
