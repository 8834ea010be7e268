//! Builds the catalogue of an edition, which lists every feed by name.

use std::sync::Arc;

use super::Edition;
use crate::feed::{Catalogue, Feed, Kind, Listing, Masthead, Text, UNDATED, select};
use crate::key::{FeedKey, Topic};
use crate::name::Collation;

impl Edition {
    /// Returns the direct subcategories of a feed, by title.
    pub(super) fn below(&self, key: &FeedKey) -> Vec<Listing> {
        let Topic::Category(names) = &key.topic else {
            return Vec::new();
        };
        let children = self.library.keys_below(key).filter(|child| child.names().len() == names.len() + 1);
        let mut below: Vec<Listing> =
            children.filter_map(|child| self.feeds.get(child)).map(|published| self.listing(&published.feed)).collect();
        let collation = Collation::of(&self.masthead(key.language.as_ref()).language);
        below.sort_by_cached_key(|listing| {
            (listing.names.last().map(|name| collation.key(name.as_str())), listing.key.clone())
        });
        below
    }

    pub(super) fn listing(&self, feed: &Feed) -> Listing {
        let names: Vec<Text> = match &feed.key.topic {
            Topic::Feed(name) => vec![Text::line(name)],
            _ => self.library.names(&feed.key).iter().map(|name| Text::line(name.spelled())).collect(),
        };
        Listing {
            key: feed.key.clone(),
            masthead: Arc::clone(&feed.masthead),
            taxonomy: match &feed.key.topic {
                Topic::Term(directory, _) => {
                    Some(Text::line(self.library.rules().site.options.site_context.filing.name(directory)))
                }
                _ => None,
            },
            language: feed.language.clone(),
            names,
            title: Text::line(&select::own_title(&self.library, &feed.key)),
            addresses: feed.addresses.clone(),
            count: feed.count,
            updated: feed.entries.iter().filter_map(|entry| entry.newest()).max(),
        }
    }

    fn languages(&self) -> Vec<Arc<Masthead>> {
        let sites = self.library.sites().map(|(key, _)| Arc::clone(self.masthead(key.language.as_ref())));
        let sites: Vec<_> = sites.collect();
        if sites.len() > 1 { sites } else { Vec::new() }
    }

    /// Returns the catalogue of all feeds, built on first use.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.catalogue_of(None)
    }

    /// Returns the catalogue of the feeds in a language; `None` is the root, which lists all.
    pub(super) fn catalogue_of(&self, language: Option<&Arc<str>>) -> &Catalogue {
        let view = self.view(language);
        view.catalogue.get_or_init(|| {
            let is_listed = |key: &FeedKey| language.is_none() || key.language.as_ref() == language;
            let feeds = self.feeds.iter().filter(|(key, _)| is_listed(key));
            let mut listings: Vec<Listing> = feeds.map(|(_, published)| self.listing(&published.feed)).collect();
            let rank = |kind: &Kind| match kind {
                Kind::Site => 0,
                Kind::Feed => 1,
                Kind::Category => 2,
                Kind::Tag => 3,
                Kind::Author => 4,
                Kind::Taxonomy(_) => 5,
            };
            let collation = Collation::of(&view.masthead.language);
            listings.sort_by_cached_key(|listing| {
                // Parents precede children. If two siblings have equal collation keys, the folded name
                // keeps each together with its own children.
                let places: Vec<_> = if listing.key.kind() == Kind::Category {
                    let shown = listing.names.iter().map(|name| collation.key(name.as_str()));
                    shown.zip(listing.key.names()).map(|(place, folded)| (place, folded.to_string())).collect()
                } else {
                    vec![(collation.key(listing.title.as_str()), String::new())]
                };
                let kind = listing.key.kind();
                (listing.key.language.clone(), rank(&kind), kind, places, listing.key.clone())
            });
            let sites = || {
                let sites = self.feeds.iter().filter(|(key, _)| is_listed(key) && key.topic == Topic::Site);
                sites.map(|(_, published)| &published.feed)
            };
            Catalogue {
                language: language.cloned(),
                languages: self.languages(),
                masthead: Arc::clone(&view.masthead),
                description: select::site_description(&self.library, language.map(|code| &**code)),
                updated: sites().map(|feed| feed.updated).max().unwrap_or(UNDATED),
                ahead: sites().any(|feed| feed.ahead),
                listings,
            }
        })
    }
}
