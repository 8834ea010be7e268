//! Reads and writes the file of facts about remote images, and writes other small files in one step.

use std::fs::Permissions;
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
    let (mut beside, path) = beside(path)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(Permissions::from_mode(0o644))?;
    beside.as_file().sync_all()?;
    beside.persist(&path).map(drop).map_err(|error| error.error)
}

/// Fails if the facts file could not be written. Nothing stays behind.
pub(crate) fn can_write_image_facts(path: &Path) -> io::Result<()> {
    beside(path).map(drop)
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
