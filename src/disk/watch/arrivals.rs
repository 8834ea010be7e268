//! Collects the paths where a new directory may have appeared, until it is watched.
//!
//! The watcher's thread only records the paths. If it added the watches itself, it would wait for itself. A path may
//! belong to something else by the time it is watched, so it is examined again then.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// With more paths than this, it is cheaper to walk all directories.
const MOST: usize = 10_000;

/// How a directory appeared at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It was created there.
    Made,
    /// It was moved there, and may have replaced an empty directory.
    Moved,
}

/// Paths where a new directory may have appeared.
#[derive(Debug, Default)]
pub(super) enum Arrivals {
    /// Too many paths were recorded: every directory may be new.
    Anywhere,
    At(BTreeMap<PathBuf, Arrival>),
    #[default]
    Nowhere,
}

impl Arrivals {
    pub(super) fn note(&mut self, path: PathBuf, arrival: Arrival) {
        match self {
            Self::Anywhere => {}
            Self::Nowhere => *self = Self::At(BTreeMap::from([(path, arrival)])),
            Self::At(paths) if paths.len() == MOST && !paths.contains_key(&path) => *self = Self::Anywhere,
            Self::At(paths) => {
                let known = paths.entry(path).or_insert(arrival);
                if arrival == Arrival::Moved {
                    *known = arrival;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_bounded() {
        let mut arrivals = Arrivals::default();
        for number in 0..MOST {
            arrivals.note(number.to_string().into(), Arrival::Moved);
            arrivals.note(number.to_string().into(), Arrival::Made);
        }
        assert!(matches!(&arrivals, Arrivals::At(paths) if paths.values().all(|known| *known == Arrival::Moved)));
        arrivals.note("more".into(), Arrival::Made);
        assert!(matches!(arrivals, Arrivals::Anywhere));
    }
}
