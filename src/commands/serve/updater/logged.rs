//! Which problems the log has already, so that each is logged once: those of single files when the file is read, those
//! that only the whole library shows after each edition.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::commands::left_out::counted;
use crate::commands::problems::{self, ProblemOrigin};
use crate::diagnostic::Problem;
use crate::edition::Edition;
use crate::settings::PlaceSettings;

/// If looking through the whole library takes longer than this, it is done after full rescans only, because other
/// changes would wait for it.
const QUICK: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(in crate::commands::serve) struct LoggedProblems {
    /// Problems that only the whole library shows.
    of_library: BTreeSet<Problem>,
    /// How long looking for them took.
    took: Duration,
    /// Problems that were logged since the last line about an edition.
    fresh: usize,
}

/// What was read before the log is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadBefore {
    /// Single files.
    Changes,
    /// The whole content directory.
    Everything,
}

impl LoggedProblems {
    /// Looks for the problems of the first edition, and returns those that only the whole library shows.
    pub(in crate::commands::serve) fn first(edition: &Edition) -> (Self, Vec<(Problem, ProblemOrigin)>) {
        let start = Instant::now();
        let found: Vec<_> = problems::of_library(edition).collect();
        let of_library = found.iter().map(|(problem, _)| problem.clone()).collect();
        (Self { of_library, took: start.elapsed(), fresh: 0 }, found)
    }

    /// Logs problems that were not logged before.
    pub(super) fn log(&mut self, problems: Vec<(Problem, ProblemOrigin)>, places: &PlaceSettings) {
        self.fresh += problems.iter().filter(|(problem, _)| problem.is_wrong()).count();
        problems::log(problems, places);
    }

    /// Logs the problems that only the whole library shows, if they are new.
    pub(super) fn look(&mut self, edition: &Edition, read: ReadBefore, places: &PlaceSettings) {
        if read == ReadBefore::Changes && self.took > QUICK {
            return;
        }
        let start = Instant::now();
        let found: Vec<_> = problems::of_library(edition).collect();
        self.took = start.elapsed();
        let of_library = found.iter().map(|(problem, _)| problem.clone()).collect();
        let before = std::mem::replace(&mut self.of_library, of_library);
        self.log(found.into_iter().filter(|(problem, _)| !before.contains(problem)).collect(), places);
    }

    /// The number of known problems that only the whole library shows.
    pub(super) fn of_library(&self) -> usize {
        self.of_library.len()
    }

    /// Says how many problems were logged since the last call, for example `1 new problem`.
    pub(super) fn take_fresh(&mut self) -> Option<String> {
        let fresh = std::mem::take(&mut self.fresh);
        (fresh > 0).then(|| counted(fresh, "new problem", "new problems"))
    }
}
