//! The driver: a folder with articles and definitions, and the mill that serves it.
//! It knows how to start, ask and stop the binary; it judges nothing itself. Waiting is
//! always for something to happen, with a deadline, and a failure shows the whole log.

mod articles;
mod folder;
mod http;
mod mill;
mod namespaces;
mod process;
mod xml;

pub use articles::{article, article_with, png};
pub use folder::{Folder, shared};
pub use http::{Answer, Connection};
pub use mill::Mill;
pub use namespaces::{has_namespaces, namespaces, with_threads, without_rights};
pub use process::{Finished, Process};
pub use xml::{Element, parse_xml};

use std::time::{Duration, Instant};

/// How long a change may take to show before a test fails.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// Tries until `attempt` gives a value or the time is over. The pause is short enough to
/// follow the program and long enough to leave it the processor.
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
