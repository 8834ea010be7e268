//! Reads and writes the file of facts about remote images, and writes other small files in one step.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::feeds_dir::text;
use super::open::Refusal;

/// The maximum size in MiB: about half a million images.
const LARGEST: u64 = 64;

/// Reads the file; `None` if it does not exist.
pub(crate) fn image_facts(path: &Path) -> Option<io::Result<String>> {
    match text(path, LARGEST) {
        Err(Refusal::Gone | Refusal::Unsettled) if !path.exists() => None,
        text => Some(text.map_err(Refusal::into_error)),
    }
}

/// Writes the file beside its place and renames it, so that no reader sees a part of it. Creates its directory.
pub(crate) fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    if is_special(path)? {
        return OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    let (mut beside, path) = beside(path)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(Permissions::from_mode(0o644))?;
    beside.as_file().sync_all()?;
    beside.persist(&path).map(drop).map_err(|error| error.error)
}

/// Fails if this file could not be replaced. Nothing stays behind.
pub(crate) fn can_replace_file(path: &Path) -> io::Result<()> {
    if is_special(path)? { Ok(()) } else { beside(path).map(drop) }
}

/// Whether the path leads to a device, a pipe or a socket, which is written to and not replaced. Fails for a directory.
fn is_special(path: &Path) -> io::Result<bool> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) => Ok(!metadata.is_file()),
        // It is created.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates a temporary file beside this one. Returns it with the path that it is to replace.
fn beside(path: &Path) -> io::Result<(NamedTempFile, PathBuf)> {
    // The file that a symbolic link leads to is replaced, and not the link.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // `feeds/` may be missing, because every setting has a default.
    std::fs::create_dir_all(directory)?;
    Ok((tempfile::Builder::new().prefix(".feedmill-file-").tempfile_in(directory)?, path))
}
