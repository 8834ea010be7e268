//! The catalogue: every feed of a site, by name, with its URLs.
//!
//! The start page, the lists, OPML and feeds.json are renderings of the catalogue.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Addresses, FeedKey, Kind, Language, Masthead, Text};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Listing {
    /// The data that the feeds of its language share.
    pub masthead: Arc<Masthead>,
    pub key: FeedKey,
    /// The names from the top, as displayed: `[新媒体, 趣头条]`. For the feed of a definition, its name; empty
    /// for the site's own feed.
    pub names: Vec<Text>,
    /// The title without the site's title: `新媒体 / 趣头条`, `#tag`.
    pub title: Text,
    /// The taxonomy whose term the feed is.
    pub taxonomy: Option<Text>,
    /// The language of the feed.
    pub language: Language,
    pub addresses: Addresses,
    pub count: usize,
    /// The newest instant among the articles; `None` if there are none or all are undated.
    pub updated: Option<DateTime<Utc>>,
}

impl Listing {
    /// Returns the depth in the category tree, 0 at the top.
    pub(crate) fn depth(&self) -> usize {
        self.names.len().saturating_sub(1)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catalogue {
    /// The language whose feeds it lists; at the root, those of every language.
    pub language: Option<Arc<str>>,
    /// The mastheads of all languages with articles; empty if there is only one.
    pub languages: Vec<Arc<Masthead>>,
    /// The data that all feeds share.
    pub masthead: Arc<Masthead>,
    /// The site's description; never blank.
    pub description: Text,
    /// The site's own feed, then the feeds of definitions by title, categories in tree order (each before
    /// its children, siblings by title), tags and authors by title. Titles are sorted for the site's
    /// language.
    pub listings: Vec<Listing>,
    /// The newest instant of all articles; [`super::UNDATED`] if there is none.
    pub updated: DateTime<Utc>,
    /// Whether an article from the future is shown.
    pub ahead: bool,
}

impl Catalogue {
    /// Returns the feeds of one kind, in order.
    pub(crate) fn of<'a>(&'a self, kind: &Kind) -> impl Iterator<Item = &'a Listing> + use<'a> {
        let kind = kind.clone();
        self.listings.iter().filter(move |listing| listing.key.language == self.language && listing.key.kind() == kind)
    }

    /// Returns the kinds of its feeds that are terms of further taxonomies.
    pub(crate) fn taxonomies(&self) -> Vec<Kind> {
        let own = self.listings.iter().filter(|listing| listing.key.language == self.language);
        let mut kinds: Vec<Kind> =
            own.map(|listing| listing.key.kind()).filter(|kind| matches!(kind, Kind::Taxonomy(_))).collect();
        kinds.dedup();
        kinds
    }

    /// Returns the site's own feed.
    pub(crate) fn site(&self) -> Option<&Listing> {
        self.of(&Kind::Site).next()
    }
}
