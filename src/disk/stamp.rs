//! What tells one state of a file from another without opening it.
//!
//! Different, never newer, is changed: rsync, tar and git set times back.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_64;

/// Device, inode, size, modification and change time of a file, as one number:
/// a million of them stand in memory, and nothing but equality is ever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp(u64);

impl Stamp {
    /// The stamp of what could not be looked at; equal to no file's but by chance.
    pub(super) const NONE: Self = Self(0);

    pub(super) fn bytes(self) -> [u8; 8] {
        self.0.to_ne_bytes()
    }

    pub(super) fn of(metadata: &Metadata) -> Self {
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

/// Which file it is, if it has several names (hard links).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId(std::num::NonZeroU64);

impl FileId {
    /// `None` if the file has one name, as nearly all have.
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

/// The coarsest clock of a file system in use: FAT counts in two seconds.
pub(super) const GRAIN: Duration = Duration::from_secs(2);

/// Until when a file could change without its stamp showing it, if it was read
/// at `read`; none where the stamp is to be trusted.
pub(super) fn racy_until(metadata: &Metadata, read: SystemTime) -> Option<SystemTime> {
    let changed = instant(metadata.ctime(), metadata.ctime_nsec());
    // A file system without change times has only this one; one that lies far
    // ahead was set by hand and says nothing.
    let modified = instant(metadata.mtime(), metadata.mtime_nsec());
    let modified = (modified <= read + GRAIN).then_some(modified);
    let latest = modified.map_or(changed, |modified| modified.max(changed));
    // A clock ahead of ours cannot keep a file in doubt for ever.
    let until = (latest + GRAIN).min(read + GRAIN);
    (latest + GRAIN > read).then_some(until)
}

/// Whether a file was written a moment ago.
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

/// Which directory it is: an inode's number is given away again at once, so
/// the time of birth is asked too, where there is one.
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

    /// No directory's identity.
    pub(super) fn nowhere() -> Self {
        Self { device: 0, inode: 0, born: None }
    }
}
