//! The reasons why a file cannot be opened, functions that open files of `feeds/` and read the bytes of any open file.
//!
//! Only regular files are read: opening a FIFO would wait for its writer, and opening a device may have side effects.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

/// Why a file was not read.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It is gone, but its directory exists.
    Gone,
    /// It is gone, and so is its directory, which is probably being replaced; or no file descriptor is free.
    Unsettled,
    /// It is not a regular file but, for example, "a directory".
    NoFile(&'static str),
    /// A symbolic link leads out of the content directory and the image roots.
    Outside,
    /// Another error of the operating system.
    Failed(io::Error),
}

/// Opens a regular file in `feeds/`. Its links may lead anywhere, because the operator controls that directory. Files
/// of the content directory must be opened by `ContentRoots`.
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

/// Reads at most `most` bytes of an open file, which probably has `length` more.
pub(super) fn read(file: &mut File, most: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(most)).unwrap_or_default());
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file that the operator named on the command line, which may be a pipe: `feedmill compare <(curl …)`.
pub(crate) fn named_bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read(&mut File::open(path)?, most, 0)
}

/// Opens a file that the operator named on the command line, for a reader that needs only a part of it in memory.
pub(crate) fn named_file(path: &Path) -> io::Result<File> {
    File::open(path)
}

impl Refusal {
    /// Converts to `io::Error`, for callers that need no distinction.
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

/// The message for a link that is not followed.
pub(super) const OUTSIDE: &str = "the symbolic link leads out of the content directory and the image roots";

/// The reason behind an error at `path`. A missing file counts as gone only if its directory exists.
pub(super) fn refusal(path: &Path, error: io::Error) -> Refusal {
    if is_shortage(&error) {
        return Refusal::Unsettled;
    }
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let stands = path.parent().is_some_and(Path::is_dir);
            match std::fs::symlink_metadata(path) {
                // A broken symbolic link.
                Ok(metadata) if metadata.is_symlink() => Refusal::Failed(error),
                _ if stands => Refusal::Gone,
                _ => Refusal::Unsettled,
            }
        }
        _ => Refusal::Failed(error),
    }
}

/// Whether an error means that no file descriptor is free. It says nothing about the file, so the site stays as it is
/// until a later attempt succeeds.
pub(crate) fn is_shortage(error: &io::Error) -> bool {
    [Errno::MFILE, Errno::NFILE].iter().any(|no_more| error.raw_os_error() == Some(no_more.raw_os_error()))
}

/// The type of a file that is not a regular one, as a noun for messages; `None` for a regular file.
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

/// The message of an error, without the error number and in lower case, to be part of a sentence.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
