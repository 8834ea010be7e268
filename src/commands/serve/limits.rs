//! What the system allows: open files, and the memory of the container.
//!
//! Reads the limits of the control groups that the process is in, of either
//! version. No limit, or none that can be read, is no limit.

use std::fs;
use std::path::Path;

use crate::commands::Failure;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Where control groups stand, which controller they are listed under, and the
/// file that says their limit: version 2, version 1.
const HIERARCHIES: [(&str, &str, &str); 2] =
    [("/sys/fs/cgroup", "", "memory.max"), ("/sys/fs/cgroup/memory", "memory", "memory.limit_in_bytes")];

/// With fewer open files the server's own threads do not come up.
const FEWEST_FILES: usize = 128;

/// Of what can be made or read again, as much as may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spare {
    /// Bytes of rendered documents where nobody says how many.
    pub documents: usize,
    /// Bytes of articles' pages.
    pub pages: usize,
    /// Bytes of files between the first look and the entries made of them.
    pub files: usize,
    /// Bytes of answers that clients have not taken yet.
    pub answers: usize,
    /// Open connections.
    pub connections: usize,
}

/// What a connection takes that waits for a request, in user space and in the
/// kernel: 11 kB were measured with 19,000 of them.
const CONNECTION: usize = 12 * 1024;

impl Spare {
    const MOST: Self =
        Self { documents: 64 << 20, pages: 16 << 20, files: 64 << 20, answers: 256 << 20, connections: 100_000 };

    /// What the memory allows: articles and answers need theirs.
    pub(super) fn here() -> Self {
        let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        Self::within(limit(&groups, &|path| fs::read_to_string(path).ok()))
    }

    fn within(limit: Option<usize>) -> Self {
        let share = |most: usize, part: usize| limit.map_or(most, |limit| most.min(limit / part));
        let most = Self::MOST;
        Self {
            documents: share(most.documents, 16),
            pages: share(most.pages, 32),
            files: share(most.files, 16),
            answers: share(most.answers, 16),
            connections: share(most.connections, 16 * CONNECTION),
        }
    }
}

/// Shells and supervisors start programs with 1,024 open files, for the sake
/// of `select`, and let them ask for more: a thousand slow readers would leave
/// nothing for the next one. Gives the limit there is now, if it is enough to
/// serve at all.
pub(super) fn raise_file_limit() -> Result<usize, Failure> {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let files = if raised.is_ok() { limit.maximum } else { limit.current };
    let files = files.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
    if files >= FEWEST_FILES {
        return Ok(files);
    }
    Err(Failure::new(format!(
        "only {files} files may be open at once here, and serving takes {FEWEST_FILES} at least; allow more, such as `ulimit -n 1024`"
    )))
}

/// The narrowest limit of the groups that `/proc/self/cgroup` lists, and of
/// those above them. In a container they stand at the root, whatever is listed.
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
        // `max` is no number, and no limit.
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
        let small = Spare::within(Some(64 << 20));
        assert_eq!((small.documents, small.pages, small.files), (4 << 20, 2 << 20, 4 << 20));
        assert_eq!((small.answers, small.connections), (4 << 20, 341));
        assert_eq!(Spare::within(None), Spare::MOST);
        // What version 1 says where there is none.
        assert_eq!(Spare::within(Some(9_223_372_036_854_771_712)), Spare::MOST);
    }

    #[test]
    fn the_narrowest_limit_counts_wherever_the_group_stands() {
        let files = |files: &'static [(&'static str, &'static str)]| {
            move |path: &Path| {
                files.iter().find(|(known, _)| Path::new(known) == path).map(|(_, text)| (*text).to_owned())
            }
        };
        // A unit of systemd, whose slice is narrower than itself.
        let unit = files(&[
            ("/sys/fs/cgroup/system.slice/feedmill.service/memory.max", "268435456\n"),
            ("/sys/fs/cgroup/system.slice/memory.max", "134217728\n"),
        ]);
        assert_eq!(limit("0::/system.slice/feedmill.service\n", &unit), Some(128 << 20));
        // A container sees its own group at the root.
        let container = files(&[("/sys/fs/cgroup/memory.max", "67108864\n")]);
        assert_eq!(limit("0::/\n", &container), Some(64 << 20));
        let first = files(&[("/sys/fs/cgroup/memory/memory.limit_in_bytes", "67108864\n")]);
        assert_eq!(limit("5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n0::/\n", &first), Some(64 << 20));
        let free = files(&[("/sys/fs/cgroup/memory.max", "max\n")]);
        assert_eq!(limit("0::/\n", &free), None);
        assert_eq!(limit("", &container), None);
    }
}
