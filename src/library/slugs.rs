//! Decides which of several siblings with the same slug gets it.
//!
//! A feed claims the configured slug, otherwise its transliterated name. Of siblings that claim the same
//! slug, the one with the oldest article gets it, and the others get their long slugs.
//!
//! A single article with a wrong date must not take over the URL of a feed that has subscribers. Files do
//! not say which sibling was published first, so the dates decide, but not a single date: a feed of
//! [`ESTABLISHED`] articles precedes smaller ones, and for two such feeds the [`ESTABLISHED`]-th oldest
//! articles are compared. An article added later, whatever its date, moves that article by at most one
//! position. To keep a slug in any case, configure it (`slug` in `feeds/`).

use std::sync::Arc;

use super::{Library, Members};
use crate::key::{FeedKey, Kind};
use crate::name::{self, Name, PAGE};

/// A slug below one parent, which siblings may claim.
pub(super) type SlugClaim = (Kind, Option<FeedKey>, Arc<str>);

/// With this many articles, a feed keeps its name and slug when one article of any date is added.
pub(super) const ESTABLISHED: usize = 3;

impl Library {
    /// Returns the path of a feed below the base URL, ending in a slash; empty for the site's own feed.
    pub fn path(&self, key: &FeedKey) -> String {
        let Some(directory) = key.kind().directory() else {
            return String::new();
        };
        let mut path = format!("{directory}/");
        let names = key.names();
        for depth in 1..names.len() {
            path.push_str(&self.slug(&FeedKey::Category(names[..depth].into())));
            path.push('/');
        }
        path.push_str(&self.slug(key));
        path.push('/');
        path
    }

    /// Returns the last segment of a feed's URL.
    pub(crate) fn slug(&self, key: &FeedKey) -> String {
        let Some(wanted) = self.wanted_slug(key) else {
            return self.long_slug(key);
        };
        match self.winner(&(key.kind(), key.parent(), wanted.as_str().into())) {
            Some(winner) if winner != *key => self.long_slug(key),
            _ => wanted,
        }
    }

    /// Returns the slug that distinguishes a feed from all siblings.
    pub fn long_slug(&self, key: &FeedKey) -> String {
        let name = match key {
            FeedKey::Feed(name) => Name::new(name),
            _ => self.spelled(key),
        };
        name.map(|name| name::long_slug(&name, self.transliterated(key).as_deref())).unwrap_or_default()
    }

    /// Returns the transliterated name, even if another slug is configured.
    pub(crate) fn transliterated(&self, key: &FeedKey) -> Option<String> {
        match key {
            FeedKey::Site => None,
            FeedKey::Feed(name) => name::slug(name),
            _ => name::slug(self.spelled(key)?.spelled()),
        }
    }

    /// Returns the feed that has a short slug below a parent.
    pub(crate) fn named_by_slug(&self, kind: Kind, parent: Option<&FeedKey>, slug: &str) -> Option<FeedKey> {
        self.winner(&(kind, parent.cloned(), slug.into()))
    }

    /// Returns the slugs that several siblings claim, each with the winner and the others.
    pub(crate) fn shared_slugs(&self) -> impl Iterator<Item = (&str, FeedKey, Vec<&FeedKey>)> {
        self.claimants.iter().filter(|(_, keys)| keys.len() > 1).filter_map(|(claim, keys)| {
            let winner = self.winner(claim)?;
            let others = keys.iter().filter(|key| **key != winner).collect();
            Some((&*claim.2, winner, others))
        })
    }

    pub(super) fn claim(&self, key: &FeedKey) -> Option<SlugClaim> {
        Some((key.kind(), key.parent(), self.wanted_slug(key)?.into()))
    }

    pub(super) fn winner(&self, claim: &SlugClaim) -> Option<FeedKey> {
        let keys = self.claimants.get(claim)?;
        // A configured slug precedes a transliterated one, a feed with articles precedes an empty one, and
        // the key is the tie-breaker.
        keys.iter()
            .min_by_key(|key| {
                let configured = self.rules.slug(key).is_some();
                let members = self.groups.get(*key);
                let oldest = members.and_then(Members::oldest);
                let established = members.and_then(|members| members.oldest_first().nth(ESTABLISHED - 1));
                let deciding = established.or(oldest);
                (!configured, established.is_none(), oldest.is_none(), deciding.map(|article| article.rank()), *key)
            })
            .cloned()
    }

    fn wanted_slug(&self, key: &FeedKey) -> Option<String> {
        let name = self.spelled(key);
        let configured = self.rules.slug(key).map(str::to_owned);
        let wanted = configured.or_else(|| self.rules.mapped_slug(key, name.as_ref()?)).or_else(|| match key {
            FeedKey::Feed(name) if name::is_plain(name) => Some(name.to_string()),
            _ => self.transliterated(key),
        });
        wanted.filter(|slug| slug != PAGE || !matches!(key, FeedKey::Category(_)))
    }
}
