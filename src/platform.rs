//! What only Linux has, and what other systems do instead.
//!
//! Only this file chooses by the system (`tests/tidy.rs` checks it). The rest of the program uses POSIX, and does without
//! what it does not find, such as `/proc`. It is tested on Linux; Windows is not supported.

#[cfg_attr(target_os = "linux", path = "platform/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "platform/other.rs")]
mod system;

pub(crate) use system::{
    OPENINGS_BRING_EVENTS, SEARCH, end_unacknowledged, is_mount_point, open_beneath, use_small_pages, without_events,
};

/// Whether the kernel follows the symbolic links in a path, as long as they stay below the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Follow,
    Refuse,
}
