//! Runs tests without root's privileges, because root can read every file.

use std::thread;

use rustix::fs::{Gid, Uid};
use rustix::thread::{set_thread_res_gid, set_thread_res_uid};

/// The user and group `nobody` on most systems.
const NOBODY: u32 = 65534;

/// Runs `work` in a thread without privileges, and passes its panic on.
pub fn without_rights<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let unprivileged = thread::spawn(move || {
        let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        // This fails only for a user who is not root and needs no change.
        let _ = set_thread_res_gid(group, group, group);
        let _ = set_thread_res_uid(user, user, user);
        // New threads inherit the user of the thread that starts them.
        rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap().install(work)
    });
    unprivileged.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
