//! Why files cannot be opened, and the files of the operator's own directory.
//!
//! Only regular files are ever read: opening a FIFO would wait for its writer, and a device may do anything.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

/// Why a file was not read.
#[derive(Debug)]
pub enum Refusal {
    /// It is gone, though its directory stands.
    Gone,
    /// It is gone, and its directory too: the tree is being changed.
    Unsettled,
    /// It is something else, named here.
    NoFile(&'static str),
    /// A symbolic link leads out of the content directory and the image roots.
    Outside,
    /// The system said no.
    Failed(io::Error),
}

/// Opens a regular file of the operator's own directory `feeds/`, whose links may lead anywhere.
/// Files of the content directory are opened by `ContentRoots` alone.
pub(super) fn operator_file(path: &Path) -> Result<(File, Metadata), Refusal> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(|error| refusal(path, error))?;
    let metadata = file.metadata().map_err(Refusal::Failed)?;
    match kind(&metadata) {
        None => Ok((file, metadata)),
        Some(kind) => Err(Refusal::NoFile(kind)),
    }
}

impl Refusal {
    /// Converts to `io::Error`, for callers that deal in errors of the system.
    pub(super) fn into_error(self) -> io::Error {
        match self {
            Self::Failed(error) => error,
            Self::Gone => io::ErrorKind::NotFound.into(),
            Self::Unsettled => io::Error::other("it is being replaced, or too many files are open"),
            Self::NoFile(other) => io::Error::other(format!("this is {other}, not a file")),
            Self::Outside => io::Error::other(OUTSIDE),
        }
    }
}

/// Why a link is not followed, for a message.
pub(super) const OUTSIDE: &str = "the symbolic link leads out of the content directory and the image roots";

/// What an error at `path` means: a missing file counts as gone only while
/// the directory it was in still stands.
pub(super) fn refusal(path: &Path, error: io::Error) -> Refusal {
    if is_shortage(&error) {
        return Refusal::Unsettled;
    }
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let stands = path.parent().is_some_and(Path::is_dir);
            match std::fs::symlink_metadata(path) {
                // A symbolic link that leads nowhere.
                Ok(metadata) if metadata.is_symlink() => Refusal::Failed(error),
                _ if stands => Refusal::Gone,
                _ => Refusal::Unsettled,
            }
        }
        _ => Refusal::Failed(error),
    }
}

/// Whether file descriptors are wanting: nothing can be said of the file, and
/// what is served stays until there are some again.
pub fn is_shortage(error: &io::Error) -> bool {
    [Errno::MFILE, Errno::NFILE].iter().any(|no_more| error.raw_os_error() == Some(no_more.raw_os_error()))
}

/// What a file is, if it is no regular one.
pub(super) fn kind(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some("a directory")
    } else if kind.is_fifo() {
        Some("a named pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}

/// An error in words a reader can act on, without the number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
