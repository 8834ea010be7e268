//! Paths at which there may be a new directory, until it is watched.
//!
//! The watcher's thread notes them and must not watch them itself: it would wait for itself. By the time anything is
//! watched, a path may belong to something else, so it is looked at again then.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Past so many paths it is cheaper to go through all directories.
const MOST: usize = 10_000;

/// How a directory came to its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It was made there.
    Made,
    /// It was moved there, and may have taken the place of an empty one.
    Moved,
}

/// Paths at which there may be a new directory.
#[derive(Debug, Default)]
pub(super) enum Arrivals {
    /// There were too many.
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
