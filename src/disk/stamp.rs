//! Detects changes of files and directories from their metadata, without opening them.
//!
//! A file counts as changed if its stamp differs, not only if it is newer: rsync, tar and git also set times back.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_64;

/// Hash of the device, inode, size, modification time and change time of a file. One number saves memory, because a
/// snapshot may hold a million stamps and only compares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stamp(u64);

impl Stamp {
    /// The stamp of a file whose metadata could not be read. Equal to the stamp of a real file only by chance.
    pub(super) const NONE: Self = Self(0);

    pub(super) fn bytes(self) -> [u8; 8] {
        self.0.to_ne_bytes()
    }

    pub(crate) fn of(metadata: &Metadata) -> Self {
        let mut bytes = [0; 56];
        let fields = [
            metadata.dev(),
            metadata.ino(),
            metadata.size(),
            metadata.mtime().cast_unsigned(),
            metadata.mtime_nsec().cast_unsigned(),
            metadata.ctime().cast_unsigned(),
            metadata.ctime_nsec().cast_unsigned(),
        ];
        for (at, field) in fields.into_iter().enumerate() {
            bytes[at * 8..][..8].copy_from_slice(&field.to_ne_bytes());
        }
        Self(xxh3_64(&bytes))
    }
}

/// Identifies a file that has several names (hard links), by a hash of its device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId(std::num::NonZeroU64);

impl FileId {
    /// `None` if the file has only one name, as nearly all files do, or is not a regular file.
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        if metadata.nlink() < 2 || !metadata.is_file() {
            return None;
        }
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&metadata.dev().to_ne_bytes());
        bytes[8..].copy_from_slice(&metadata.ino().to_ne_bytes());
        std::num::NonZeroU64::new(xxh3_64(&bytes)).map(Self)
    }
}

/// The coarsest time stamps of a file system in use: FAT counts in steps of two seconds.
pub(super) const GRAIN: Duration = Duration::from_secs(2);

/// Until when a file that was read at `read` could change without a change of its stamp; `None` if the stamp can be
/// trusted. Git calls such files racy.
pub(super) fn racy_until(metadata: &Metadata, read: SystemTime) -> Option<SystemTime> {
    let changed = instant(metadata.ctime(), metadata.ctime_nsec());
    // File systems without change times have only the modification time. One that is far in the future was set by
    // hand and is ignored.
    let modified = instant(metadata.mtime(), metadata.mtime_nsec());
    let modified = (modified <= read + GRAIN).then_some(modified);
    let latest = modified.map_or(changed, |modified| modified.max(changed));
    // The limit keeps a file from staying racy if the clock of the file system is ahead of ours.
    let until = (latest + GRAIN).min(read + GRAIN);
    (latest + GRAIN > read).then_some(until)
}

/// Whether a file was modified within the last two seconds.
pub(super) fn is_fresh(metadata: &Metadata, now: SystemTime) -> bool {
    let modified = instant(metadata.mtime(), metadata.mtime_nsec());
    modified <= now + GRAIN && modified + GRAIN > now
}

fn instant(seconds: i64, nanoseconds: i64) -> SystemTime {
    let nanoseconds = Duration::from_nanos(nanoseconds.unsigned_abs());
    // Clamped to the years 1 to 9999, where sums cannot overflow.
    match seconds.clamp(-62_135_596_800, 253_402_300_799) {
        after @ 0.. => UNIX_EPOCH + Duration::from_secs(after.unsigned_abs()) + nanoseconds,
        before => UNIX_EPOCH - Duration::from_secs(before.unsigned_abs()) + nanoseconds,
    }
}

/// Identifies a directory. File systems reuse inode numbers at once, so the creation time is part of the identity
/// where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    born: Option<SystemTime>,
}

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino(), born: metadata.created().ok() }
    }

    /// An identity that no directory has.
    pub(super) fn nowhere() -> Self {
        Self { device: 0, inode: 0, born: None }
    }
}
