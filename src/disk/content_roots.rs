//! Opens files and lists directories in the content directory and the image roots, and follows no link out of them.
//!
//! A pull request is enough to plant a symbolic link, so a path is never trusted to stay where it was when it was
//! checked: the kernel resolves it again while it opens it, and refuses to leave the directory that is held open here
//! (`openat2` with `RESOLVE_BENEATH`). A link that leads from one root into another is resolved first, and then opened
//! without following any link, so that a link swapped in between makes the call fail instead of leading outside.
//! Kernels without `openat2` (before Linux 5.6, some sandboxes, other systems) get the same from one `openat` with
//! `O_NOFOLLOW` for each part of the path. Hard links from outside cannot be detected, because they are the file
//! itself.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, openat, statat};
use rustix::io::Errno;

use super::open::{self, Refusal};
use super::roots::Root;
use super::stamp::Identity;
use super::tree::ResolvedDir;
use crate::platform::{self, Links, SEARCH};

/// The type of a directory entry, without following links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Directory,
    Symlink,
    /// A FIFO, a socket or a device.
    Special,
}

impl EntryKind {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Directory
        } else if kind.is_symlink() {
            Self::Symlink
        } else {
            Self::Special
        }
    }
}

impl From<FileType> for EntryKind {
    fn from(kind: FileType) -> Self {
        match kind {
            FileType::RegularFile => Self::File,
            FileType::Directory => Self::Directory,
            FileType::Symlink => Self::Symlink,
            _ => Self::Special,
        }
    }
}

/// The content directory and the image roots, each resolved and held open.
#[derive(Debug, Default)]
pub(crate) struct ContentRoots {
    dirs: Vec<RootDir>,
}

#[derive(Debug)]
struct RootDir {
    /// The configured path, absolute; may contain symbolic links.
    base: PathBuf,
    /// The resolved path.
    path: PathBuf,
    dir: OwnedFd,
}

/// Why a path could not be opened.
enum OpenError {
    /// It leads out of all roots, or was swapped during every attempt.
    Outside,
    System(io::Error),
}

/// The number of attempts to open a path that is swapped or renamed meanwhile.
const ATTEMPTS: usize = 4;

impl ContentRoots {
    /// Opens the roots that exist. Callers keep the result as briefly as possible, because a volume cannot be unmounted
    /// meanwhile. Fails only if no file descriptor is free.
    pub(super) fn hold(roots: &[Root]) -> io::Result<Self> {
        let mut dirs = Vec::new();
        for root in roots {
            let Some(ResolvedDir { path, identity }) = &root.resolved else {
                continue;
            };
            match open_directory(path) {
                Ok((dir, found)) if found == *identity => {
                    dirs.push(RootDir { base: root.base.clone(), path: path.clone(), dir });
                }
                Err(error) if open::is_shortage(&error) => return Err(error),
                // It is gone, or another directory took its place: the next scan finds that.
                _ => {}
            }
        }
        Ok(Self { dirs })
    }

    /// Opens these directories, links resolved. For files outside a scan, such as a generator's configuration.
    pub(super) fn of(directories: &[PathBuf]) -> io::Result<Self> {
        let root = |path: &PathBuf| Root { base: path.clone(), resolved: ResolvedDir::of(path).ok() };
        Self::hold(&directories.iter().map(root).collect::<Vec<_>>())
    }

    /// Opens the regular file at `path`, which starts with the configured or the resolved path of a root.
    pub(super) fn open(&self, path: &Path) -> Result<(File, Metadata), Refusal> {
        // A FIFO may have replaced the file since it was listed. Opening it must not wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = File::from(self.open_at(path, flags).map_err(|error| refusal(path, error))?);
        let metadata = file.metadata().map_err(Refusal::Failed)?;
        match open::kind(&metadata) {
            None => Ok((file, metadata)),
            Some(kind) => Err(Refusal::NoFile(kind)),
        }
    }

    /// Reads at most `most` bytes of the regular file at `path`.
    pub(super) fn read(&self, path: &Path, most: u64) -> Result<(Vec<u8>, Metadata), Refusal> {
        let (mut file, metadata) = self.open(path)?;
        let bytes = open::read(&mut file, most, metadata.len()).map_err(Refusal::Failed)?;
        Ok((bytes, metadata))
    }

    /// Lists the directory at `path`.
    pub(super) fn list(&self, path: &Path) -> Result<Vec<(OsString, EntryKind)>, Refusal> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = self.open_at(path, flags).map_err(|error| refusal(path, error))?;
        entries(directory).map_err(|error| open::refusal(path, error))
    }

    /// Whether a symbolic link leads out of all roots. False for a broken link.
    pub(super) fn leads_outside(&self, link: &Path) -> bool {
        fs::canonicalize(link).is_ok_and(|target| self.locate(&target).is_none())
    }

    /// Opens a path below the root that contains it or, if a link leads from there into another root, below that one.
    fn open_at(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, OpenError> {
        let (root, below) = self.locate(path).ok_or(OpenError::Outside)?;
        for _ in 0..ATTEMPTS {
            match beneath(root.dir.as_fd(), below, flags, Links::Follow) {
                Err(Errno::XDEV | Errno::LOOP) => {}
                opened => return opened.map_err(|error| OpenError::System(error.into())),
            }
            // A link leads out of this root: into another one, or out of all.
            let target = fs::canonicalize(root.path.join(below)).map_err(OpenError::System)?;
            let (root, below) = self.locate(&target).ok_or(OpenError::Outside)?;
            match beneath(root.dir.as_fd(), below, flags, Links::Refuse) {
                // A part of the path became a link after it was resolved.
                Err(Errno::XDEV | Errno::LOOP | Errno::AGAIN) => {}
                opened => return opened.map_err(|error| OpenError::System(error.into())),
            }
        }
        Err(OpenError::Outside)
    }

    /// The root that contains a path, and the rest of the path below it.
    fn locate<'a>(&self, path: &'a Path) -> Option<(&RootDir, &'a Path)> {
        self.dirs.iter().find_map(|root| {
            let below = path.strip_prefix(&root.path).or_else(|_| path.strip_prefix(&root.base)).ok()?;
            // `a/..` may lead anywhere once `a` is a link.
            let is_plain = below.components().all(|part| matches!(part, Component::Normal(_)));
            is_plain.then_some((root, below))
        })
    }
}

fn refusal(path: &Path, error: OpenError) -> Refusal {
    match error {
        OpenError::Outside => Refusal::Outside,
        OpenError::System(error) => open::refusal(path, error),
    }
}

/// Opens a directory to open paths below it, without following a link in its last part.
pub(super) fn open_directory(path: &Path) -> io::Result<(OwnedFd, Identity)> {
    let flags = SEARCH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let identity = Identity::of(&directory.metadata()?);
    Ok((directory.into(), identity))
}

/// Lists a directory below another one; fails if a symbolic link is in the path. For the watcher, which opens no file.
pub(super) fn list_plain(directory: BorrowedFd<'_>, below: &Path) -> io::Result<Vec<(OsString, EntryKind)>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    entries(beneath(directory, below, flags, Links::Refuse)?)
}

/// Opens a path below a directory. `XDEV` and `LOOP` mean that the path contains a link that may not be followed.
pub(super) fn beneath(directory: BorrowedFd<'_>, below: &Path, flags: OFlags, links: Links) -> Result<OwnedFd, Errno> {
    let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
    platform::open_beneath(directory, below, flags, links).unwrap_or_else(|| by_parts(directory, below, flags))
}

/// Like [`beneath`], but opens one part of the path after the other, and follows no links.
pub(super) fn by_parts(directory: BorrowedFd<'_>, below: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let parts: Vec<&OsStr> = below.iter().collect();
    let (last, above) = parts.split_last().ok_or(Errno::INVAL)?;
    let mut opened: Option<OwnedFd> = None;
    for part in above {
        let at = opened.as_ref().map_or(directory, AsFd::as_fd);
        let next = openat(at, *part, SEARCH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty());
        opened = Some(next.map_err(|error| link_or(at, part, error))?);
    }
    let at = opened.as_ref().map_or(directory, AsFd::as_fd);
    openat(at, *last, flags | OFlags::NOFOLLOW, Mode::empty()).map_err(|error| link_or(at, last, error))
}

/// Returns `LOOP` if the name is a link, because systems return different errors then, else the error itself.
fn link_or(directory: BorrowedFd<'_>, name: &OsStr, error: Errno) -> Errno {
    let is_link = statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink);
    if is_link { Errno::LOOP } else { error }
}

fn entries(directory: OwnedFd) -> io::Result<Vec<(OsString, EntryKind)>> {
    let mut names = Vec::new();
    let mut directory = Dir::new(directory)?;
    while let Some(entry) = directory.read() {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name == "." || name == ".." {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems do not report types in listings.
            FileType::Unknown => match statat(directory.fd()?, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(error.into()),
            },
            kind => kind,
        };
        names.push((name.to_owned(), kind.into()));
    }
    Ok(names)
}
