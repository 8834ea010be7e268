//! What the system allows: open files, and the memory of the container.
//!
//! Reads the limit of the control group, of either version. No limit, or none
//! that can be read, is no limit.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Rendered documents kept where nobody says how many …
const DOCUMENTS: usize = 64 * 1024 * 1024;
/// … but no larger part of the memory: articles and answers need theirs.
const SHARE: usize = 16;

/// Where control groups say their limit: version 2, version 1.
const LIMITS: [&str; 2] = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// Bytes of rendered documents to keep by default.
pub(super) fn documents() -> usize {
    let limit = LIMITS.iter().find_map(|path| limit(&fs::read_to_string(path).ok()?));
    share(limit)
}

/// Shells and supervisors start programs with 1,024 open files, for the sake
/// of `select`, and let them ask for more: a thousand slow readers would leave
/// nothing for the next one. Gives the limit there is now.
pub(super) fn raise_file_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let files = if raised.is_ok() { limit.maximum } else { limit.current };
    files.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// `max` is no limit.
fn limit(text: &str) -> Option<usize> {
    text.trim().parse().ok()
}

fn share(limit: Option<usize>) -> usize {
    limit.map_or(DOCUMENTS, |limit| DOCUMENTS.min(limit / SHARE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_container_keeps_fewer_documents() {
        assert_eq!(share(limit("67108864\n")), 4 * 1024 * 1024);
        assert_eq!(share(limit("max\n")), DOCUMENTS);
        // What version 1 says where there is none.
        assert_eq!(share(limit("9223372036854771712\n")), DOCUMENTS);
        assert_eq!(share(None), DOCUMENTS);
    }
}
