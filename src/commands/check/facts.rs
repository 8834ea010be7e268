//! The facts that `check` prints after the problems: the detected generator, the values taken from
//! its configuration, and which files are hidden or are not articles. The last line has the totals.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use super::Located;
use crate::commands::load::Loaded;
use crate::diagnostic::{Code, Severity};
use crate::disk::{self, Stray};
use crate::feed::Kind;
use crate::generator::selection::NoArticle;
use crate::library::Library;
use crate::text::{printable, push};

/// How many files are listed per reason; the rest are only counted.
const NAMED: usize = 3;

pub(super) fn report(loaded: &Loaded, library: &Library, found: &[Located]) -> String {
    let mut report = String::new();
    let mut line = |text: String| {
        push!(report, "{}\n", printable(&text));
    };
    line(format!("dialect {}", loaded.generator));
    for (key, value) in &loaded.rules.site.taken {
        line(format!("taken from the generator's configuration: {key}: {value}"));
    }
    let mut hidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (place, reason) in library.hidden() {
        hidden.entry(reason.as_str()).or_default().push(place.as_str());
    }
    for (reason, places) in &hidden {
        line(format!("{} hidden, {reason}: {}", places.len(), some_of(places)));
    }
    for (why, files) in no_articles(loaded, library, found) {
        let count = counted(files.len(), "file is not an article", "files are not articles");
        line(format!("{count}, {why}: {}", some_of(&files)));
    }
    let published = library.published_count();
    let (expired, held): (Vec<_>, Vec<_>) = library
        .unpublished()
        .map(|article| (article, article.place.as_str()))
        .partition(|(article, _)| article.expires.is_some_and(|expires| expires <= library.now()));
    for (articles, why) in [(held, "not due yet"), (expired, "expired")] {
        let places: Vec<&str> = articles.into_iter().map(|(_, place)| place).collect();
        if !places.is_empty() {
            line(format!("{} {why}: {}", places.len(), some_of(&places)));
        }
    }
    for (severity, code, count) in by_kind(found) {
        line(format!("{}: {}", counted(count, severity.as_str(), &format!("{}s", severity.as_str())), code.as_str()));
    }
    line(sum(found, published, library.keys().filter(|key| key.kind() == Kind::Category).count()));
    report
}

/// Files that are not articles, by reason. Together with the articles, the hidden files and the
/// problems, they account for every file of the directory.
fn no_articles(loaded: &Loaded, library: &Library, found: &[Located]) -> BTreeMap<&'static str, Vec<String>> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut add = |why: NoArticle, place| reasons.entry(why.as_str()).or_default().push(place);
    let reported: HashSet<&str> = found.iter().map(|located| &*located.problem.file).collect();
    for Stray { place, why } in disk::skipped(&loaded.scan_config.content, &loaded.scan_config.selection) {
        if library.image(&place).is_some() {
            add(NoArticle::Image, place);
        } else if !library.knows(&place) && !reported.contains(&*place) {
            // Without a reason, its name is that of an article, but its content is not.
            add(why.unwrap_or(NoArticle::Part), place);
        }
    }
    reasons
}

/// The first few names, and how many more there are.
fn some_of(places: &[impl AsRef<str>]) -> String {
    let named: Vec<&str> = places.iter().take(NAMED).map(AsRef::as_ref).collect();
    match places.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
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

fn counted(count: usize, one: &str, more: &str) -> String {
    match count {
        0 => format!("no {more}"),
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    }
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
