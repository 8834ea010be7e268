//! The facts that `check` prints after the problems: the detected generator, the values taken from
//! its configuration, and which files are hidden or are not articles. The last line has the totals.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Located;
use crate::commands::dates;
use crate::commands::left_out::{self, counted};
use crate::commands::limits::CacheBudget;
use crate::commands::load::Loaded;
use crate::diagnostic::{Code, Severity};
use crate::edition::{DocumentCache, Edition};
use crate::feed::{FeedKey, Kind};
use crate::library::Library;
use crate::text::{printable, push};

pub(super) fn report(
    loaded: &Loaded,
    library: &Library,
    found: &[Located],
    groups: Vec<String>,
    cache_budget: CacheBudget,
) -> String {
    let mut report = String::new();
    let mut line = |text: String| {
        push!(report, "{}\n", printable(&text));
    };
    line(format!("dialect {}", loaded.generator));
    for (key, value) in &loaded.rules.site.taken {
        line(format!("taken from the generator's configuration: {key}: {value}"));
    }
    dates::zones(library).into_iter().for_each(&mut line);
    let reported = found.iter().map(|located| &*located.problem.file).collect();
    left_out::lines(loaded, library, &reported).into_iter().for_each(&mut line);
    for (path, count, shown) in over_budget(library, cache_budget) {
        line(format!("max_bytes leaves {} out of /{path}, which has {shown}", counted(count, "entry", "entries")));
    }
    groups.into_iter().for_each(&mut line);
    for (severity, code, count) in by_kind(found) {
        line(format!("{}: {}", counted(count, severity.as_str(), &format!("{}s", severity.as_str())), code.as_str()));
    }
    line(sum(found, library.published_count(), library.keys().filter(|key| key.kind() == Kind::Category).count()));
    report
}

/// The feeds that have fewer entries than their limit allows, because they would be too large.
fn over_budget(library: &Library, cache_budget: CacheBudget) -> Vec<(String, usize, usize)> {
    /// Only titles and summaries count if there is no room for bodies, and few entries need more.
    const LONGEST: usize = 8 << 10;
    let rules = library.rules();
    let wanted = |key: &FeedKey| library.members(key).map_or(0, |members| members.len().min(rules.wanted(key)));
    let large: Vec<&FeedKey> =
        library.keys().filter(|key| wanted(key).saturating_mul(LONGEST) > rules.max_bytes(key)).collect();
    if large.is_empty() {
        return Vec::new();
    }
    let edition = Edition::first(library.clone(), DocumentCache::passing(cache_budget.pages));
    let counts = large.into_iter().map(|key| (library.path(key), edition.left_out(key), wanted(key)));
    counts.filter(|(_, out, _)| *out > 0).map(|(path, out, wanted)| (path, out, wanted - out)).collect()
}

/// How many problems there are of each code: errors first, then the most frequent.
fn by_kind(found: &[Located]) -> Vec<(Severity, Code, usize)> {
    let mut counts: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
    for Located { problem, .. } in found {
        *counts.entry((problem.severity, problem.code)).or_default() += 1;
    }
    let mut kinds: Vec<_> = counts.into_iter().map(|((severity, code), count)| (severity, code, count)).collect();
    kinds.sort_by_key(|(severity, code, count)| (Reverse(*severity), Reverse(*count), *code));
    kinds
}

fn sum(found: &[Located], articles: usize, categories: usize) -> String {
    let of = |severity| found.iter().filter(|located| located.problem.severity == severity).count();
    let notes = match of(Severity::Note) {
        0 => String::new(),
        notes => format!(" ({})", counted(notes, "note", "notes")),
    };
    format!(
        "{} and {}{notes} in {} and {}",
        counted(of(Severity::Error), "error", "errors"),
        counted(of(Severity::Warning), "warning", "warnings"),
        counted(articles, "article", "articles"),
        counted(categories, "category", "categories"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Problem;

    #[test]
    fn the_sum_counts_each_kind() {
        let found = super::super::tests::sample();
        assert_eq!(sum(&found, 2, 0), "1 error and 1 warning in 2 articles and no categories");
        let kinds = by_kind(&[found[0].clone(), found[1].clone(), found[0].clone()]);
        let expected = [(Severity::Error, Code::FrontMatter, 1), (Severity::Warning, Code::SlugTaken, 2)];
        assert_eq!(kinds, expected);
        let note = Problem { severity: Severity::Note, ..found[0].problem.clone() };
        let notes = [Located { problem: note, path: "content/a.md".into() }];
        assert_eq!(sum(&notes, 1, 0), "no errors and no warnings (1 note) in 1 article and no categories");
        assert_eq!(sum(&[], 1, 1), "no errors and no warnings in 1 article and 1 category");
    }
}
