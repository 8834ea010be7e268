//! Which file systems report what happens on them.
//!
//! Those that other machines write to report only what this one does. An
//! overlay reports only what is written through it: what somebody does to a
//! layer below, as an image store or a host may, brings no event. On either,
//! events are welcome and not enough.

use std::path::Path;

/// The name of the file system at a path, if its events do not tell all.
#[cfg(target_os = "linux")]
pub(super) fn without_events(path: &Path) -> Option<&'static str> {
    // linux/magic.h and the file systems' own sources.
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
    // The kernel's word is as wide as the machine's; the numbers are 32 bits.
    KINDS.iter().find(|(magic, _)| i128::from(kind) & 0xffff_ffff == i128::from(*magic)).map(|(_, name)| *name)
}

/// Elsewhere nobody can tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn without_events(_path: &Path) -> Option<&'static str> {
    None
}
