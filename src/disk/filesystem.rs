//! Detects file systems that do not report all changes as events, where the watcher has to rescan periodically as well.
//!
//! A network file system or a shared folder reports only the changes of this machine. An overlay reports only what is
//! written through it, not changes of a lower layer, for example by the host.

use std::path::Path;

/// The name of the file system at a path, for messages, if it does not report all changes.
#[cfg(target_os = "linux")]
pub(super) fn without_events(path: &Path) -> Option<&'static str> {
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
    let kind = rustix::fs::statfs(path).ok()?.f_type;
    // The type of `f_type` depends on the architecture and may be signed; the magic numbers have 32 bits.
    KINDS.iter().find(|(magic, _)| i128::from(kind) & 0xffff_ffff == i128::from(*magic)).map(|(_, name)| *name)
}

/// Other systems have no such list, so their events are trusted.
#[cfg(not(target_os = "linux"))]
pub(super) fn without_events(_path: &Path) -> Option<&'static str> {
    None
}
