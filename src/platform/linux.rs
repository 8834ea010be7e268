//! Linux.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, ResolveFlags, StatxAttributes, StatxFlags, openat2, statfs, statx};
use rustix::io::Errno;
use socket2::Socket;

use super::Links;

/// Whether the watcher hears that a directory is opened.
pub(crate) const OPENINGS_BRING_EVENTS: bool = true;

/// Opens a directory only as a starting point, which does not require permission to list it.
pub(crate) const SEARCH: OFlags = OFlags::PATH;

/// How often a path is opened again while directories in it are renamed.
const ATTEMPTS: usize = 4;

/// Opens a path below a directory in one call. `XDEV` and `LOOP` mean that the path contains a link that may not be
/// followed. `None` if the kernel does not have the call, or a seccomp filter of the container runtime blocks it.
pub(crate) fn open_beneath(
    directory: BorrowedFd<'_>,
    below: &Path,
    flags: OFlags,
    links: Links,
) -> Option<Result<OwnedFd, Errno>> {
    let resolve = match links {
        Links::Follow => ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS,
        Links::Refuse => ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS,
    };
    for _ in 0..ATTEMPTS {
        match openat2(directory, below, flags, Mode::empty(), resolve) {
            // A directory in the path was renamed meanwhile.
            Err(Errno::AGAIN) => {}
            Err(Errno::NOSYS | Errno::PERM) => return None,
            opened => return Some(opened),
        }
    }
    Some(Err(Errno::AGAIN))
}

/// Whether a file system is mounted at a directory.
pub(crate) fn is_mount_point(directory: &Path) -> bool {
    statx(CWD, directory, AtFlags::empty(), StatxFlags::empty())
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

/// The name of the file system at a path, for messages, if it does not report all changes as events.
///
/// A network file system or a shared folder reports only the changes of this machine. An overlay reports only what is
/// written through it, not changes of a lower layer, for example by the host.
pub(crate) fn without_events(path: &Path) -> Option<&'static str> {
    // From linux/magic.h and the sources of the file systems.
    const KINDS: &[(u32, &str)] = &[
        (0x6969, "NFS"),
        (0x517b, "SMB"),
        (0xfe53_4d42, "SMB"),
        (0xff53_4d42, "CIFS"),
        (0x0102_1997, "9P"),
        (0x794c_7630, "an overlay"),
        (0x6573_5546, "FUSE"),
        (0x5346_414f, "AFS"),
        (0x00c3_6400, "Ceph"),
        (0x0bd0_0bd0, "Lustre"),
        (0x4750_4653, "GPFS"),
        (0x786f_4256, "a VirtualBox share"),
        (0x6a65_6a63, "a virtiofs share"),
    ];
    let kind = statfs(path).ok()?.f_type;
    // The type of `f_type` depends on the architecture and may be signed; the magic numbers have 32 bits.
    KINDS.iter().find(|(magic, _)| i128::from(kind) & 0xffff_ffff == i128::from(*magic)).map(|(_, name)| *name)
}

/// Ends connections of a socket whose client has not acknowledged data for this time. Accepted sockets inherit it.
pub(crate) fn end_unacknowledged(socket: &Socket, after: Duration) -> io::Result<()> {
    socket.set_tcp_user_timeout(Some(after))
}

/// Keeps the memory of the process in pages of the usual size.
///
/// A huge page is cleared as a whole when it is first used, which costs four milliseconds within one response, and
/// memory that is never used. This fails on systems without huge pages, which is harmless.
pub(crate) fn use_small_pages() {
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
