//! A thread, and those it starts, for whom files can be closed: the superuser
//! reads everything.

use std::thread;

use rustix::fs::{Gid, Uid};
use rustix::thread::{set_thread_res_gid, set_thread_res_uid};

/// Nobody's number on most systems.
const NOBODY: u32 = 65534;

/// Runs something by a thread without rights. What it panics with goes on.
pub fn without_rights<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let nobody = thread::spawn(move || {
        let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        // Who cannot become nobody has no such rights.
        let _ = set_thread_res_gid(group, group, group);
        let _ = set_thread_res_uid(user, user, user);
        // Threads have the rights of the one that started them.
        rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap().install(work)
    });
    nobody.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
