//! What a check found besides problems: whose habits the directory follows,
//! what its generator's configuration gave, how much is there and what is
//! hidden. The last line is the sum.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use super::Located;
use crate::commands::load::Loaded;
use crate::diagnostic::Severity;
use crate::disk::{self, Stray};
use crate::feed::Kind;
use crate::library::Library;

/// Files named for each reason to hide them; the rest are counted.
const NAMED: usize = 3;

pub(super) fn report(loaded: &Loaded, library: &Library, found: &[Located]) -> String {
    let mut report = String::new();
    let mut line = |text: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(report, "{}", super::text::printable(&text));
    };
    line(format!("dialect {}", loaded.dialect));
    for (key, value) in &loaded.rules.site.generator.taken {
        line(format!("taken from the generator's configuration: {key}: {value}"));
    }
    let mut hidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (place, reason) in library.hidden() {
        hidden.entry(reason).or_default().push(place.as_str());
    }
    for (reason, places) in &hidden {
        line(format!("{} hidden, {reason}: {}", places.len(), some_of(places)));
    }
    for (why, files) in no_articles(loaded, library, found) {
        let count = counted(files.len(), "file is no article", "files are no articles");
        line(format!("{count}, {why}: {}", some_of(&files)));
    }
    let published = library.published_count();
    let held = library.len() - published;
    if held > 0 {
        line(format!("{held} not due yet, or expired"));
    }
    line(sum(found, published, library.keys().filter(|key| key.kind() == Kind::Category).count()));
    report
}

/// The files that are neither articles nor images, each kind with the reason:
/// with the articles, the hidden ones and the problems, every file of the
/// directory is accounted for.
fn no_articles(loaded: &Loaded, library: &Library, found: &[Located]) -> BTreeMap<&'static str, Vec<String>> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let told: HashSet<&str> = found.iter().map(|located| &*located.problem.file).collect();
    for Stray { place, why } in disk::inventory(&loaded.ground.content, &loaded.ground.selection) {
        let known = library.knows(&place) || library.image(&place).is_some() || told.contains(&*place);
        if !known {
            // By its name it is an article; its first bytes said otherwise.
            reasons.entry(why.unwrap_or("whole HTML pages, or parts of a bundle")).or_default().push(place);
        }
    }
    reasons
}

/// The first few, and how many more.
fn some_of(places: &[impl AsRef<str>]) -> String {
    let named: Vec<&str> = places.iter().take(NAMED).map(AsRef::as_ref).collect();
    match places.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn sum(found: &[Located], articles: usize, categories: usize) -> String {
    let of = |severity| found.iter().filter(|located| located.problem.severity == severity).count();
    format!(
        "{} and {} in {} and {}",
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

    #[test]
    fn the_sum_counts_each_kind() {
        let found = super::super::tests::sample();
        assert_eq!(sum(&found, 2, 0), "1 error and 1 warning in 2 articles and no categories");
        assert_eq!(sum(&[], 1, 1), "no errors and no warnings in 1 article and 1 category");
    }
}
