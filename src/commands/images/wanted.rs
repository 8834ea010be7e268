//! Collects what to ask about: the remote lead images and attachments of articles, newest articles first.

use std::collections::HashSet;

use crate::article::{self, Article, ArticleBody, ParseOptions, Source};
use crate::disk::ContentFiles;
use crate::feed::select;
use crate::fetch::Expected;
use crate::library::Library;
use crate::text::Address;

/// An image or attachment, and the page of the newest article that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub url: Address,
    pub expected: Expected,
    pub page: Address,
}

/// Returns the images and attachments of the articles that a feed shows.
pub(super) fn of_feeds(library: &Library) -> Vec<Wanted> {
    collect(library, |article, add| {
        if let Some(detail) = library.detail(&article.place) {
            add(detail);
        }
    })
}

/// Returns the images and attachments of all articles. Articles that no feed shows are read for it.
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
            let leads = select::remote_leads(library, article, detail).into_iter().map(|url| (url, Expected::Image));
            let attachments = select::remote_attachments(library, article, detail).into_iter();
            for (url, expected) in leads.chain(attachments.map(|url| (url, Expected::Attachment))) {
                if known.insert(url.clone()) {
                    wanted.push(Wanted { url, expected, page: library.link(article) });
                }
            }
        });
    }
    wanted
}
