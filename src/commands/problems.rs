//! Problems and the files that they are in, for the log, `check` and the dashboard.
//!
//! A site may have the same mistake in thousands of files, so problems of one kind are grouped.

use std::collections::HashMap;
use std::path::PathBuf;

use super::check::place::LastRead;
use super::left_out::counted;
use super::log;
use crate::diagnostic::{Problem, Severity};
use crate::edition::Edition;
use crate::settings::PlaceSettings;

/// Kinds of problems that are logged at once; `check` shows all of them.
const MOST_KINDS: usize = 20;

/// Problems of one kind that are logged in full, and those of which only the position is.
const IN_FULL: usize = 3;
const BY_POSITION: usize = 5;

/// Where the file of a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProblemOrigin {
    /// A file in `feeds/`, or of the generator's configuration.
    Rules,
    /// A file in the content directory.
    Article,
    /// A file in the content directory that is not published, such as a locked article.
    Hidden,
}

/// The path of a problem's file.
pub(super) fn path_of(problem: &Problem, origin: ProblemOrigin, places: &PlaceSettings) -> PathBuf {
    match origin {
        ProblemOrigin::Article | ProblemOrigin::Hidden => places.content.join(&*problem.file),
        ProblemOrigin::Rules => below_feeds(problem, places).unwrap_or_else(|| PathBuf::from(&*problem.file)),
    }
}

/// The path of a file in `feeds/`; `None` if the file is elsewhere.
pub(super) fn below_feeds(problem: &Problem, places: &PlaceSettings) -> Option<PathBuf> {
    let name = places.feeds.file_name()?.to_string_lossy();
    Some(places.feeds.join(problem.file.strip_prefix(&*name)?.strip_prefix('/')?))
}

/// The problems that only the whole library shows.
pub(super) fn of_library(edition: &Edition) -> impl Iterator<Item = (Problem, ProblemOrigin)> {
    let of = |origin| move |problem| (problem, origin);
    let conflicts = edition.library().conflicts().into_iter().map(of(ProblemOrigin::Article));
    conflicts.chain(edition.feed_problems().into_iter().map(of(ProblemOrigin::Rules)))
}

/// Groups problems that differ only in the file and in what the message quotes, in the order of their first.
pub(super) fn groups<T>(items: impl IntoIterator<Item = T>, problem: impl Fn(&T) -> &Problem) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut known = HashMap::new();
    for item in items {
        let problem = problem(&item);
        let outside_quotes: String = problem.message.split('`').step_by(2).collect();
        let at = *known.entry((problem.severity, problem.code, outside_quotes)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

/// Logs problems with their positions: a few of each kind, and how many more there are.
pub(super) fn log(problems: impl IntoIterator<Item = (Problem, ProblemOrigin)>, places: &PlaceSettings) {
    let mut last_read = LastRead::default();
    let mut locate = |(problem, origin): &(Problem, ProblemOrigin)| {
        let position = last_read.position_of(problem, &path_of(problem, *origin, places));
        Problem { position, ..problem.clone() }
    };
    // A note needs no action, so it is not shown at the default level.
    let (notes, wrong): (Vec<_>, Vec<_>) = problems.into_iter().partition(|(problem, _)| !problem.is_wrong());
    for (note, _) in &notes {
        log::problem(note);
    }
    let groups = groups(wrong, |(problem, _)| problem);
    for group in groups.iter().take(MOST_KINDS) {
        group.iter().take(IN_FULL).for_each(|item| log::problem(&locate(item)));
        let more = &group[IN_FULL.min(group.len())..];
        let Some((first, _)) = more.first() else { continue };
        let named: Vec<String> = more.iter().take(BY_POSITION).map(|item| locate(item).place()).collect();
        let rest = match more.len().saturating_sub(BY_POSITION) {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        let (code, line) =
            (first.code.as_str(), format!("{} more of this kind: {}{rest}", more.len(), named.join(", ")));
        match first.severity {
            Severity::Error => tracing::error!(code, "{line}"),
            Severity::Warning | Severity::Note => tracing::warn!(code, "{line}"),
        }
    }
    let others: usize = groups.iter().skip(MOST_KINDS).map(Vec::len).sum();
    if others > 0 {
        tracing::warn!("{} of other kinds", counted(others, "problem", "problems"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn problems_that_differ_in_what_they_quote_are_of_one_kind() {
        let missing = |name: &str| Problem::new(name, Code::LeadImage, format!("the lead image `{name}` is missing"));
        let other = Problem::new("b", Code::Date, "the date `x` cannot be read");
        let problems =
            [missing("a"), other.clone(), missing("c"), Problem { severity: Severity::Error, ..missing("d") }];
        let groups = groups(problems, |problem| problem);
        assert_eq!(groups.len(), 3);
        assert_eq!(groups[0], [missing("a"), missing("c")]);
        assert_eq!(groups[1], [other]);
    }
}
