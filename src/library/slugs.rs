//! Decides which of several siblings with the same slug gets it.
//!
//! A feed claims the configured slug, otherwise its transliterated name. Of siblings that claim the same
//! slug, the one with the oldest article gets it, and the others get their long slugs.
//!
//! Slugs were transliterated character by character once (重庆 was `zhong-qing`). A feed claims that former slug too,
//! and before siblings that want it now, because it was published: it redirects to the feed.
//!
//! A single article with a wrong date must not take over the URL of a feed that has subscribers. Files do
//! not say which sibling was published first, so the dates decide, but not a single date: a feed of
//! [`ESTABLISHED`] articles precedes smaller ones, and for two such feeds the [`ESTABLISHED`]-th oldest
//! articles are compared. An article added later, whatever its date, moves that article by at most one
//! position. To keep a slug in any case, configure it (`slug` in `feeds/`).

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Library, Members};
use crate::key::{FeedKey, Kind, Topic};
use crate::name::{self, Name, PAGE};
use crate::text::push;

/// Which table transliterates a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// By words.
    Current,
    /// Character by character, as up to 0.1.
    Former,
}

/// A slug below one parent, which siblings of one language and kind may claim.
pub(crate) type SlugClaim = (Option<Arc<str>>, Kind, Option<FeedKey>, Arc<str>);

/// With this many articles, a feed keeps its name and slug when one article of any date is added.
pub(super) const ESTABLISHED: usize = 3;

impl Library {
    /// Returns the path of a feed below the base URL, ending in a slash; empty for the site's own feed.
    pub fn path(&self, key: &FeedKey) -> String {
        self.path_by(key, Table::Current)
    }

    /// Returns the path that a feed has or had.
    pub fn path_by(&self, key: &FeedKey, table: Table) -> String {
        let mut path = language_path(key.language.as_deref());
        if let Some(directory) = key.kind().directory() {
            push!(path, "{directory}/");
            for depth in 1..key.names().len() {
                push!(path, "{}/", self.slug_by(&key.top(depth), table));
            }
            push!(path, "{}/", self.slug_by(key, table));
        }
        path
    }

    /// Returns the last segment of a feed's URL.
    pub(crate) fn slug(&self, key: &FeedKey) -> String {
        self.slug_by(key, Table::Current)
    }

    fn slug_by(&self, key: &FeedKey, table: Table) -> String {
        let Some(wanted) = self.wanted_slug(key, table) else {
            return self.long_slug(key, table);
        };
        match self.winner(&claim(key, &wanted)) {
            Some(winner) if winner != *key => self.long_slug(key, table),
            _ => wanted,
        }
    }

    /// Returns the slug that distinguishes a feed from all siblings.
    pub fn long_slug(&self, key: &FeedKey, table: Table) -> String {
        self.lengthened(key, self.transliterated(key, table).as_deref())
    }

    fn lengthened(&self, key: &FeedKey, short: Option<&str>) -> String {
        let name = match &key.topic {
            Topic::Feed(name) => Name::new(name),
            _ => self.spelled(key),
        };
        name.map(|name| name::long_slug(&name, short)).unwrap_or_default()
    }

    /// Returns the slugs that lead to a feed, although its URL may have another one: the transliterated one, and the
    /// long ones of this and of the configured one.
    pub(crate) fn other_slugs(&self, key: &FeedKey, table: Table) -> impl Iterator<Item = String> {
        let transliterated = self.transliterated(key, table);
        let long = self.lengthened(key, transliterated.as_deref());
        let configured = self.wanted_slug(key, table).filter(|wanted| Some(wanted) != transliterated.as_ref());
        let long_configured = configured.map(|wanted| self.lengthened(key, Some(&wanted)));
        transliterated.into_iter().chain([long]).chain(long_configured)
    }

    /// Returns the transliterated name, even if another slug is configured.
    pub(crate) fn transliterated(&self, key: &FeedKey, table: Table) -> Option<String> {
        match &key.topic {
            Topic::Site => None,
            Topic::Feed(name) => transliterate(name, key, table),
            _ => transliterate(self.spelled(key)?.spelled(), key, table),
        }
    }

    /// Returns the feed that has the short slug which `sibling` would have if that were its name.
    pub(crate) fn named_by_slug(&self, sibling: &FeedKey, slug: &str) -> Option<FeedKey> {
        self.winner(&claim(sibling, slug))
    }

    /// Returns the slugs that several siblings claim, each with the winner and the others that want it.
    pub(crate) fn shared_slugs(&self) -> impl Iterator<Item = (&str, FeedKey, Vec<&FeedKey>)> {
        self.claimants.iter().filter(|(_, keys)| keys.len() > 1).filter_map(|(claim, keys)| {
            let winner = self.winner(claim)?;
            let is_wanted = |key: &FeedKey| self.wanted_slug(key, Table::Current).as_deref() == Some(&claim.3);
            let others = keys.iter().filter(|key| **key != winner && is_wanted(key)).collect();
            Some((&*claim.3, winner, others))
        })
    }

    /// Returns the slug that a feed claims, and the one that it had.
    pub(super) fn claims(&self, key: &FeedKey) -> Vec<SlugClaim> {
        let mut slugs = [Table::Current, Table::Former].map(|table| self.wanted_slug(key, table));
        if slugs[0] == slugs[1] {
            slugs[1] = None;
        }
        slugs.into_iter().flatten().map(|slug| claim(key, &slug)).collect()
    }

    pub(super) fn winner(&self, claim: &SlugClaim) -> Option<FeedKey> {
        let keys = self.claimants.get(claim)?;
        if keys.len() == 1 {
            return keys.get_min().cloned();
        }
        // A configured slug precedes a transliterated one, a former slug one that is only wanted now, a feed with
        // articles an empty one, and the key is the tie-breaker.
        keys.iter()
            .min_by_key(|key| {
                let configured = self.rules.slug(key).is_some();
                let former = self.wanted_slug(key, Table::Former).as_deref() == Some(&claim.3);
                let members = self.groups.get(*key);
                let oldest = members.and_then(Members::oldest);
                let established = members.and_then(|members| members.oldest_first().nth(ESTABLISHED - 1));
                let deciding = established.or(oldest);
                let rank = deciding.map(|article| article.rank());
                (!configured, !former, established.is_none(), oldest.is_none(), rank, *key)
            })
            .cloned()
    }

    fn wanted_slug(&self, key: &FeedKey, table: Table) -> Option<String> {
        let configured = self.rules.slug(key).map(str::to_owned);
        let mapped = || transliterate(self.rules.mapped_slug(key, &self.spelled(key)?)?, key, table);
        let wanted = configured.or_else(mapped).or_else(|| match &key.topic {
            Topic::Feed(name) if name::is_plain(name) => Some(name.to_string()),
            _ => self.transliterated(key, table),
        });
        wanted.filter(|slug| slug != PAGE || key.kind() != Kind::Category)
    }
}

/// The slugs that this thread made, by the function that made them. A slug is asked for with each entry of its feed, and
/// reading a Chinese name takes as long as the rest of the entry.
#[derive(Default)]
struct KnownSlugs([HashMap<Box<str>, Option<Box<str>>>; 3]);

/// Maximum number of slugs of one function that a thread remembers. Above it, it forgets all of them.
const MOST_KNOWN: usize = 1024;

thread_local! {
    static KNOWN: RefCell<KnownSlugs> = RefCell::default();
}

fn transliterate(name: &str, key: &FeedKey, table: Table) -> Option<String> {
    let (at, make): (usize, fn(&str) -> Option<String>) = match (table, &key.topic) {
        (Table::Former, _) => (0, name::former_slug),
        (Table::Current, Topic::Author(_)) => (1, name::author_slug),
        (Table::Current, _) => (2, name::slug),
    };
    KNOWN.with_borrow_mut(|known| {
        let known = &mut known.0[at];
        if let Some(slug) = known.get(name) {
            return slug.as_deref().map(str::to_owned);
        }
        if known.len() == MOST_KNOWN {
            known.clear();
        }
        let slug = make(name);
        known.insert(name.into(), slug.as_deref().map(Box::from));
        slug
    })
}

/// Returns the directory below the base URL of everything in a language; empty for the default language.
pub(crate) fn language_path(language: Option<&str>) -> String {
    language.map_or_else(String::new, |code| format!("{code}/"))
}

/// Returns the claim of a feed to a slug.
pub(crate) fn claim(key: &FeedKey, slug: &str) -> SlugClaim {
    (key.language.clone(), key.kind(), key.parent(), slug.into())
}
