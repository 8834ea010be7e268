//! Builds the catalogue of an edition, which lists every feed by name.

use std::sync::Arc;

use super::Edition;
use crate::feed::{Catalogue, Feed, Kind, Listing, Text, UNDATED, select};
use crate::key::FeedKey;
use crate::name::Collation;

impl Edition {
    /// Returns the direct subcategories of a feed, by title.
    pub(super) fn below(&self, key: &FeedKey) -> Vec<Listing> {
        let FeedKey::Category(names) = key else {
            return Vec::new();
        };
        let children = self.library.keys_below(key).filter(|child| child.names().len() == names.len() + 1);
        let mut below: Vec<Listing> =
            children.filter_map(|child| self.feeds.get(child)).map(|published| self.listing(&published.feed)).collect();
        let collation = Collation::of(&self.masthead.language);
        below.sort_by_cached_key(|listing| {
            (listing.names.last().map(|name| collation.key(name.as_str())), listing.key.clone())
        });
        below
    }

    pub(super) fn listing(&self, feed: &Feed) -> Listing {
        let names: Vec<Text> = match &feed.key {
            FeedKey::Feed(name) => vec![Text::line(name)],
            key => self.library.names(key).iter().map(|name| Text::line(name.spelled())).collect(),
        };
        Listing {
            key: feed.key.clone(),
            names,
            title: Text::line(&select::own_title(&self.library, &feed.key)),
            addresses: feed.addresses.clone(),
            count: feed.count,
            updated: feed.entries.iter().filter_map(|entry| entry.newest()).max(),
        }
    }

    /// Returns the catalogue of all feeds, built on first use.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.catalogue.get_or_init(|| {
            let mut listings: Vec<Listing> =
                self.feeds.values().map(|published| self.listing(&published.feed)).collect();
            let rank = |kind: Kind| match kind {
                Kind::Site => 0,
                Kind::Feed => 1,
                Kind::Category => 2,
                Kind::Tag => 3,
                Kind::Author => 4,
            };
            let collation = Collation::of(&self.masthead.language);
            listings.sort_by_cached_key(|listing| {
                // Parents precede children. If two siblings have equal collation keys, the folded name
                // keeps each together with its own children.
                let places: Vec<_> = if listing.key.kind() == Kind::Category {
                    let shown = listing.names.iter().map(|name| collation.key(name.as_str()));
                    shown.zip(listing.key.names()).map(|(place, folded)| (place, folded.to_string())).collect()
                } else {
                    vec![(collation.key(listing.title.as_str()), String::new())]
                };
                (rank(listing.key.kind()), places, listing.key.clone())
            });
            let site = self.feeds.get(&FeedKey::Site).map(|published| &published.feed);
            Catalogue {
                masthead: Arc::clone(&self.masthead),
                description: Text::line(&self.library.rules().site.identity.description),
                updated: site.map_or(UNDATED, |feed| feed.updated),
                ahead: site.is_some_and(|feed| feed.ahead),
                listings,
            }
        })
    }
}
