//! Collects the images to ask about: the remote lead images of articles, newest articles first.

use std::collections::HashSet;

use crate::article::{self, Article, ArticleBody, ParseOptions, Source};
use crate::disk::ContentFiles;
use crate::feed::select;
use crate::library::Library;
use crate::text::Address;

/// An image, and the page of the newest article that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub url: Address,
    pub page: Address,
}

/// Returns the lead images of the articles that a feed shows.
pub(super) fn of_feeds(library: &Library) -> Vec<Wanted> {
    collect(library, |article, add| {
        if let Some(detail) = library.detail(&article.place) {
            add(detail);
        }
    })
}

/// Returns the lead images of all articles. Articles that no feed shows are read for it.
pub(super) fn of_all(library: &Library, files: &ContentFiles, options: &ParseOptions) -> Vec<Wanted> {
    collect(library, |article, add| {
        if let Some(detail) = library.detail(&article.place) {
            return add(detail);
        }
        // `check` reports articles that cannot be read.
        let Ok(bytes) = files.article(&article.place) else { return };
        let source = Source { place: &article.place, bytes: &bytes, modified: article.published };
        if let Some(detail) = article::read(&source, options).detail {
            add(&detail);
        }
    })
}

fn collect(library: &Library, with_detail: impl Fn(&Article, &mut dyn FnMut(&ArticleBody))) -> Vec<Wanted> {
    let mut known = HashSet::new();
    let mut wanted = Vec::new();
    for article in library.all_published() {
        with_detail(article, &mut |detail| {
            for url in select::remote_leads(library, article, detail) {
                if known.insert(url.clone()) {
                    wanted.push(Wanted { url, page: library.link(article) });
                }
            }
        });
    }
    wanted
}
