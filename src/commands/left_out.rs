//! Says which files of the content directory are not published, and why: for `check`, and for the warning about a site
//! without articles.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::dates;
use super::load::Loaded;
use crate::article::Article;
use crate::diagnostic::{Code, Problem};
use crate::disk::{self, Stray};
use crate::generator::selection::{NoArticle, is_about};
use crate::library::Library;

/// How many files are listed per reason; the rest are only counted.
const NAMED: usize = 3;

/// The warning about a site that publishes no article.
pub(super) fn no_articles(loaded: &Loaded, library: &Library) -> Option<Problem> {
    if library.published_count() > 0 {
        return None;
    }
    let reported: Vec<&str> = library.problems().map(|problem| &*problem.file).collect();
    let mut why = lines(loaded, library, &reported.iter().copied().collect());
    if !reported.is_empty() {
        why.insert(0, format!("{}: {}", counted(reported.len(), "problem", "problems"), some_of(&reported)));
    }
    if why.is_empty() {
        why.push("the directory is empty".to_owned());
    }
    let message = format!("no articles are published ({}): {}", loaded.generator, why.join("; "));
    let content = loaded.scan_config.content.to_string_lossy();
    let help = "name the directory of the articles with --content, or the generator with --dialect";
    Some(Problem::new(content.as_ref(), Code::NoArticles, message).help(help))
}

/// One line for each reason why files are not published. `reported` are the files with problems. Together with the
/// articles and the problems, the lines account for every file of the directory.
pub(super) fn lines(loaded: &Loaded, library: &Library, reported: &HashSet<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut hidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (place, reason) in library.hidden() {
        hidden.entry(reason.as_str()).or_default().push(place.as_str());
    }
    for (reason, places) in &hidden {
        lines.push(format!("{} hidden, {reason}: {}", places.len(), some_of(places)));
    }
    let mut strays: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut add = |why: NoArticle, place| strays.entry(why.as_str()).or_default().push(place);
    for Stray { place, why } in disk::skipped(&loaded.scan_config.content, &loaded.scan_config.selection) {
        if let Some(facts) = library.media(&place) {
            add(if facts.is_image() { NoArticle::Image } else { NoArticle::Attachment }, place);
        } else if !library.knows(&place) && !reported.contains(&*place) {
            // Without a reason, its name is that of an article, but its content is not.
            let by_content = if is_about(&place) { NoArticle::About } else { NoArticle::Part };
            add(why.unwrap_or(by_content), place);
        }
    }
    for (why, files) in &strays {
        let count = counted(files.len(), "file is not an article", "files are not articles");
        lines.push(format!("{count}, {why}: {}", some_of(files)));
    }
    let expired = library.unpublished().filter(|article| is_expired(article, library.now()));
    let expired: Vec<&str> = expired.map(|article| article.place.as_str()).collect();
    lines.extend(not_due(library));
    if !expired.is_empty() {
        lines.push(format!("{} expired: {}", expired.len(), some_of(&expired)));
    }
    lines
}

/// One line about the articles that are not due, the first of them first; `None` if there are none.
pub(super) fn not_due(library: &Library) -> Option<String> {
    let now = library.now();
    let mut held: Vec<_> = library.unpublished().filter(|article| !is_expired(article, now)).collect();
    held.sort_by_key(|article| article.published);
    let said: Vec<String> = held.iter().take(NAMED).map(|article| dates::due(article, now)).collect();
    let more = held.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!(" and {more} more"));
    (!held.is_empty()).then(|| format!("{} not due yet: {}{}", held.len(), said.join(", "), more.unwrap_or_default()))
}

fn is_expired(article: &Article, now: DateTime<Utc>) -> bool {
    article.expires.is_some_and(|expires| expires <= now)
}

/// The first few names, and how many more there are.
fn some_of(places: &[impl AsRef<str>]) -> String {
    let named: Vec<&str> = places.iter().take(NAMED).map(AsRef::as_ref).collect();
    match places.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// A number with its noun, for example `1 article`, `2 articles` or `no articles`.
pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    match count {
        0 => format!("no {more}"),
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    }
}
