//! The catalogue: every feed there is, by name, with its addresses.
//!
//! The site's start page, the lists, OPML and feeds.json are all renderings
//! of it. Knows no entries.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Addresses, Key, Kind, Masthead, Text};

/// One feed in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Which feed.
    pub key: Key,
    /// The names from the top as they are titled: `[新媒体, 趣头条]`; the
    /// definition's name for a custom feed; none for the site.
    pub names: Vec<Text>,
    /// The title without the site's: `新媒体 / 趣头条`, `#tag`.
    pub title: Text,
    /// Where it is read.
    pub addresses: Addresses,
    /// How many articles it has.
    pub count: usize,
    /// The newest instant among them; none when empty or undated.
    pub updated: Option<DateTime<Utc>>,
}

impl Listing {
    /// How deep in the category tree, 0 at the top.
    pub fn depth(&self) -> usize {
        self.names.len().saturating_sub(1)
    }
}

/// Every feed there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// What all feeds share.
    pub masthead: Arc<Masthead>,
    /// The site's description; never blank.
    pub description: Text,
    /// The site first, then custom feeds by title, categories in the order of
    /// their tree (each before its children, siblings by title), tags and
    /// authors by title: by the alphabet of the site's language.
    pub listings: Vec<Listing>,
    /// The newest instant of all; a fixed one where nothing is dated.
    pub updated: DateTime<Utc>,
    /// Whether an article that is not due is shown.
    pub ahead: bool,
}

impl Catalogue {
    /// The feeds of one kind, in order.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Listing> {
        self.listings.iter().filter(move |listing| listing.key.kind() == kind)
    }

    /// The whole site's feed.
    pub fn site(&self) -> Option<&Listing> {
        self.of(Kind::Site).next()
    }
}
