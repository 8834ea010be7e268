//! The test driver: a folder with articles and definitions, and the server that runs on it. Tests wait for
//! conditions with a deadline and never sleep, and a failure shows the whole log.

mod articles;
mod folder;
mod http;
mod image_host;
mod test_server;
mod namespaces;
mod process;
mod xml;

pub use articles::{article, article_with, png};
pub use folder::{Folder, shared};
pub use http::{Answer, Connection};
pub use image_host::{ImageHost, ImageRequest, honest, response};
pub use namespaces::{has_namespaces, namespaces, with_threads, without_rights};
pub use process::{Finished, Process};
pub use test_server::TestServer;
pub use xml::{Element, parse_xml};

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Time in which a change must become visible.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// Sets the flag even if a test fails, so that the polling threads of a scope end.
pub struct Done<'a>(pub &'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Calls `attempt` until it returns a value or `time` is over. The pause between attempts is short enough to
/// notice a change at once, and long enough to leave the processor to the program.
pub fn within<T>(time: Duration, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + time;
    loop {
        if let Some(value) = attempt() {
            return Some(value);
        }
        if Instant::now() >= end {
            return None;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
