//! Other systems, with the same functions as `linux`.

use std::fs;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::io::Errno;
use socket2::Socket;

use super::Links;

/// Whether the watcher hears that a directory is opened.
pub(crate) const OPENINGS_BRING_EVENTS: bool = false;

/// Opens a directory as a starting point.
pub(crate) const SEARCH: OFlags = OFlags::RDONLY;

/// There is no such call.
pub(crate) fn open_beneath(
    _directory: BorrowedFd<'_>,
    _below: &Path,
    _flags: OFlags,
    _links: Links,
) -> Option<Result<OwnedFd, Errno>> {
    None
}

/// Whether a directory is on another device than the one above it.
pub(crate) fn is_mount_point(directory: &Path) -> bool {
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    directory.parent().is_some_and(|parent| device(parent) != device(directory))
}

/// There is no list of such file systems, so their events are trusted.
pub(crate) fn without_events(_path: &Path) -> Option<&'static str> {
    None
}

/// The system's own limit applies.
pub(crate) fn end_unacknowledged(_socket: &Socket, _after: Duration) -> io::Result<()> {
    Ok(())
}

/// Nothing has to be done.
pub(crate) fn use_small_pages() {}
