//! The deep check (`check --deep`): renders every body, including those that no feed shows.
//!
//! It finds problems that only rendering reveals: bodies that are empty after sanitising, dead
//! links, and panics, which are bugs of feedmill and are reported with the article.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use crate::article::body::has_words;
use crate::article::{self, Article, ParseOptions, Source};
use crate::commands::progress::Progress;
use crate::diagnostic::{Code, Problem, Severity};
use crate::disk::ContentFiles;
use crate::feed::select;
use crate::library::Library;
use crate::render::content::Reference;
use crate::render::{self, content};

/// Returns the problems in the bodies of all published articles.
pub(super) fn problems(
    library: &Library,
    files: &ContentFiles,
    options: &ParseOptions,
    progress: &Progress,
) -> Vec<Problem> {
    let articles: Vec<_> = library.all_published().collect();
    let (done, of) = (AtomicUsize::new(0), articles.len());
    let problems = articles.into_par_iter().flat_map_iter(|article| {
        progress.at(done.fetch_add(1, Relaxed) + 1, of);
        problems_of(library, files, options, article)
    });
    problems.collect()
}

fn problems_of(library: &Library, files: &ContentFiles, options: &ParseOptions, article: &Article) -> Vec<Problem> {
    let place = &article.place;
    let bytes = match files.article(place) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("the file cannot be read: {error}");
            return vec![Problem::new(place.shared(), Code::Unreadable, message)];
        }
    };
    let source = Source { place, bytes: &bytes, modified: article.published };
    // The result of a panicking call is discarded.
    let shown = panic::catch_unwind(AssertUnwindSafe(|| {
        let detail = article::read(&source, options).detail?;
        let entry = select::entry(library, article, &detail);
        let (html, dead) = (render::html(&entry), render::dead_links(&entry));
        Some((detail, html, dead))
    }));
    let Ok(shown) = shown else {
        let message = "the body cannot be rendered; this is a bug in feedmill";
        let problem = Problem::new(place.shared(), Code::Content, message).help("please report it with this file");
        return vec![Problem { severity: Severity::Error, ..problem }];
    };
    let Some((detail, html, dead)) = shown else {
        return Vec::new();
    };
    let mut problems: Vec<Problem> = dead
        .into_iter()
        .map(|(kind, link)| {
            let (message, help) = match kind {
                Reference::Link => (
                    format!("the link `{link}` leads to nothing that is published"),
                    "correct the link, or publish what it leads to",
                ),
                Reference::Image => (
                    format!(
                        "the file `{link}`, which the body shows, does not exist or is not of a type that is served"
                    ),
                    "correct the path, or see `images.roots` of site.yaml for the directories that are searched",
                ),
            };
            Problem::new(place.shared(), Code::DeadLink, message).help(help).about(link)
        })
        .collect();
    if has_words(&detail.body.text()) && is_empty(&html) {
        problems.push(
            Problem::new(place.shared(), Code::Content, "the body is empty when it is rendered")
                .help("`feedmill check --explain content` lists what is never shown"),
        );
    }
    problems
}

/// Whether rendered HTML has neither words nor media.
fn is_empty(html: &str) -> bool {
    const SHOWS: [&str; 5] = ["<img", "<video", "<audio", "<iframe", "<a "];
    content::text(html).trim().is_empty() && !SHOWS.iter().any(|tag| html.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_with_only_an_image_is_not_empty() {
        assert!(is_empty("<p> </p>\n"));
        assert!(!is_empty("<p><img src=\"a.png\" alt=\"\"></p>"));
        assert!(!is_empty("<p>words</p>"));
    }
}
