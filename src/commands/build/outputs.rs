//! What a build publishes: the document or file for each URL, whether it is written to a directory or to a store.

use std::sync::Arc;

use super::plan::{self, OutputPlan};
use crate::commands::pages::{self, OpenMedia};
use crate::disk::ContentFiles;
use crate::document::Document;
use crate::edition::{Edition, Found};
use crate::library::References;

/// An edition, and the files that its pages and images are made from.
pub(super) struct Outputs {
    pub(super) edition: Arc<Edition>,
    pub(super) files: Arc<ContentFiles>,
}

/// What there is at a URL.
pub(super) enum Output {
    Document(Arc<Document>),
    /// The page of an article, with what its text refers to; `None` if the file changed after the scan.
    Page(Arc<Document>, Option<References>),
    Media(OpenMedia),
    /// A redirect or 410, or a URL that is too long.
    Nothing,
    /// The file of an article changed after it was read.
    Changed(String),
    /// Nothing, although there should be a file, for this reason.
    Missing(String),
}

/// The parts of a site in the order in which they are published, so that nothing links to what is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SitePart {
    /// Images and the files that pages need.
    Media,
    Articles,
    /// The pages of feeds.
    Lists,
    Feeds,
    /// The start page and the feeds of the whole site.
    Site,
    /// The list of feeds, for people and for programs.
    Catalogue,
}

impl SitePart {
    pub(super) const ALL: [Self; 6] =
        [Self::Media, Self::Articles, Self::Lists, Self::Feeds, Self::Site, Self::Catalogue];

    /// The part that a path below the base URL belongs to.
    pub(super) fn of(path: &str) -> Self {
        let is_list = |path: &str| matches!(path, "categories/" | "tags/" | "authors/" | "feeds/");
        match path.split_once('/') {
            Some(("media", _)) => Self::Media,
            Some(("articles", _)) => Self::Articles,
            _ if is_list(path) => Self::Catalogue,
            _ if path.is_empty() || matches!(path, "rss.xml" | "atom.xml" | "feed.json") => Self::Site,
            _ if path.ends_with('/') => Self::Lists,
            _ if path.ends_with("feeds.opml") || path.ends_with("feeds.json") => Self::Catalogue,
            Some(_) => Self::Feeds,
            None => Self::Media,
        }
    }
}

impl Outputs {
    /// The file for each URL.
    pub(super) fn plan(&self) -> OutputPlan {
        plan::plan(&self.edition, &pages::public_media(&self.edition, &self.files))
    }

    /// Makes what there is at a URL.
    pub(super) fn output(&self, address: &str) -> Output {
        match self.edition.find(address) {
            Found::Document(document) => Output::Document(document),
            Found::Article(place) => {
                let page = self
                    .files
                    .article(&place)
                    .ok()
                    .and_then(|bytes| pages::page_and_body(&self.edition, self.files.scan_config(), &place, bytes));
                match page {
                    Some((document, body)) => {
                        let library = self.edition.library();
                        let known = library.published(place.as_str()).map(|article| article.digest);
                        let is_same = known == Some(body.digest);
                        Output::Page(Arc::new(document), is_same.then(|| library.references(&body)))
                    }
                    None => Output::Changed(format!("`{place}` changed during the build; build again")),
                }
            }
            Found::Media(key) => match pages::open_media(&self.edition, &self.files, &key) {
                Some(media) => Output::Media(media),
                None => Output::Missing("it is no longer a media file in the image roots".to_owned()),
            },
            Found::Moved(_) | Found::Gone | Found::Missing => Output::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_to_is_published_before_what_links_to_it() {
        let order = [
            "media/a.png",
            "feed.css",
            "articles/a/",
            "tags/a/",
            "en/",
            "tags/a/rss.xml",
            "en/atom.xml",
            "",
            "rss.xml",
            "feeds.opml",
            "en/feeds.json",
            "tags/",
        ];
        let parts: Vec<SitePart> = order.into_iter().map(SitePart::of).collect();
        assert!(parts.is_sorted(), "{parts:?}");
        assert_eq!(SitePart::of("articles/a/rss.xml"), SitePart::Articles);
    }
}
