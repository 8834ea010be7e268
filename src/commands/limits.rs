//! Limits of the system: open files, and the memory of the container.
//!
//! Reads the memory limits of the cgroups of this process, version 1 and 2. If there is no limit,
//! or it cannot be read, memory counts as unlimited.

use std::fs;
use std::path::Path;

use crate::article::body::{cost, text};
use crate::commands::Failure;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The root of a cgroup hierarchy, the controller under which `/proc/self/cgroup` lists it, and the
/// file with its limit: version 2, then version 1.
const HIERARCHIES: [(&str, &str, &str); 2] =
    [("/sys/fs/cgroup", "", "memory.max"), ("/sys/fs/cgroup/memory", "memory", "memory.limit_in_bytes")];

/// With fewer open files the threads of the server cannot start.
const FEWEST_FILES: usize = 128;

/// Limits for caches, renderings and connections, depending on the memory of the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CacheBudget {
    /// Bytes of rendered documents, if the user set no limit.
    pub documents: usize,
    /// Bytes of article pages.
    pub pages: usize,
    /// Bytes of files that are kept between the first scan and rendering.
    pub files: usize,
    /// Bytes that large renderings and compressions may use together.
    pub renderings: usize,
    /// Bytes of responses that clients have not read yet.
    pub answers: usize,
    pub connections: usize,
    /// Threads that read and render for requests; each keeps some memory, and one large page.
    pub file_threads: usize,
    /// Bodies of more bytes are compressed in memory.
    pub plain_bodies: usize,
}

/// A container with less memory is small: the bodies of ten thousand articles take a quarter of it.
const SMALL: usize = 256 << 20;

/// Memory of an idle connection in user space and in the kernel: 11 kB were measured with 19,000
/// connections.
const CONNECTION: usize = 12 * 1024;

impl CacheBudget {
    const MOST: Self = Self {
        documents: 64 << 20,
        pages: 16 << 20,
        files: 64 << 20,
        renderings: cost::TOGETHER,
        answers: 256 << 20,
        connections: 100_000,
        file_threads: 4,
        plain_bodies: text::LONG,
    };

    /// The limits for the memory of this container, of which those for renderings and bodies apply from now on.
    /// Articles and responses need the rest of it.
    pub(super) fn apply() -> Self {
        let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let budget = Self::within(limit(&groups, &|path| fs::read_to_string(path).ok()));
        cost::limit(budget.renderings);
        text::compress_above(budget.plain_bodies);
        budget
    }

    fn within(limit: Option<usize>) -> Self {
        let share = |most: usize, part: usize| limit.map_or(most, |limit| most.min(limit / part));
        let most = Self::MOST;
        Self {
            documents: share(most.documents, 16),
            pages: share(most.pages, 32),
            files: share(most.files, 16),
            renderings: share(most.renderings, 8),
            answers: share(most.answers, 16),
            connections: share(most.connections, 16 * CONNECTION),
            file_threads: share(most.file_threads, 32 << 20).max(1),
            plain_bodies: if limit.is_some_and(|limit| limit < SMALL) { 1 << 10 } else { most.plain_bodies },
        }
    }
}

/// Raises the limit of open files to its maximum. Shells and supervisors start programs with 1,024,
/// for the sake of `select`, and a thousand slow clients would use all of them. Returns the new
/// limit. Fails if it is too low to serve.
pub(super) fn raise_file_limit() -> Result<usize, Failure> {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let files = if raised.is_ok() { limit.maximum } else { limit.current };
    let files = files.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
    if files >= FEWEST_FILES {
        return Ok(files);
    }
    Err(Failure::new(format!(
        "only {files} files may be open at once here, and serving needs at least {FEWEST_FILES}; allow more, such as `ulimit -n 1024`"
    )))
}

/// The lowest limit of the cgroups in `/proc/self/cgroup` and of their ancestors. A container sees
/// its own cgroup at the root, whatever path is listed.
fn limit(groups: &str, read: &dyn Fn(&Path) -> Option<String>) -> Option<usize> {
    let listed = groups.lines().filter_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let is_listed = |wanted: &str| controllers.split(',').any(|controller| controller == wanted);
        HIERARCHIES
            .iter()
            .find(|(_, controller, _)| is_listed(controller))
            .map(|(root, _, file)| (*root, path.trim_start_matches('/'), *file))
    });
    let limits = listed.flat_map(|(root, path, file)| {
        // `max` is not a number and means unlimited.
        let number = |group: &Path| read(&group.join(file))?.trim().parse().ok();
        Path::new(path).ancestors().filter_map(|group| number(&Path::new(root).join(group))).collect::<Vec<usize>>()
    });
    limits.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_container_keeps_less() {
        let small = CacheBudget::within(Some(64 << 20));
        assert_eq!((small.documents, small.pages, small.files), (4 << 20, 2 << 20, 4 << 20));
        assert_eq!((small.renderings, small.answers, small.connections), (8 << 20, 4 << 20, 341));
        assert_eq!((small.file_threads, small.plain_bodies), (2, 1 << 10));
        assert_eq!(CacheBudget::within(None), CacheBudget::MOST);
        // Version 1 has this value if there is no limit.
        assert_eq!(CacheBudget::within(Some(9_223_372_036_854_771_712)), CacheBudget::MOST);
    }

    #[test]
    fn the_lowest_limit_counts_wherever_the_cgroup_is() {
        let files = |files: &'static [(&'static str, &'static str)]| {
            move |path: &Path| {
                files.iter().find(|(known, _)| Path::new(known) == path).map(|(_, text)| (*text).to_owned())
            }
        };
        // A systemd unit in a slice with a lower limit.
        let unit = files(&[
            ("/sys/fs/cgroup/system.slice/feedmill.service/memory.max", "268435456\n"),
            ("/sys/fs/cgroup/system.slice/memory.max", "134217728\n"),
        ]);
        assert_eq!(limit("0::/system.slice/feedmill.service\n", &unit), Some(128 << 20));
        // A container sees its own cgroup at the root.
        let container = files(&[("/sys/fs/cgroup/memory.max", "67108864\n")]);
        assert_eq!(limit("0::/\n", &container), Some(64 << 20));
        let first = files(&[("/sys/fs/cgroup/memory/memory.limit_in_bytes", "67108864\n")]);
        assert_eq!(limit("5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n0::/\n", &first), Some(64 << 20));
        let free = files(&[("/sys/fs/cgroup/memory.max", "max\n")]);
        assert_eq!(limit("0::/\n", &free), None);
        assert_eq!(limit("", &container), None);
    }
}
