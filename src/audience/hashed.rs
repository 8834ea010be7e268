//! The hasher of maps whose keys are hashes already.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds hashers that pass their key through.
pub(super) type Hashed = BuildHasherDefault<PassThrough>;

#[derive(Debug, Default)]
pub(super) struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u32(&mut self, key: u32) {
        // The map uses the highest bits and the lowest.
        self.0 = u64::from(key) << 32 | u64::from(key);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
