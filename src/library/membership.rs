//! Decides which feeds an article belongs to, and what those feeds are called.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Library;
use super::slugs::ESTABLISHED;
use crate::article::{Article, InFeeds};
use crate::key::{FeedKey, Topic};
use crate::name::Name;
use crate::site::{Rules, SelectContext, Target};

/// Returns the feeds that an article belongs to: in its language the site's own, those of its categories and their
/// parents, of its tags, authors and terms, and those of definitions that select it.
pub(super) fn keys(rules: &Rules, now: DateTime<Utc>, article: &Article) -> Vec<FeedKey> {
    let language = rules.site.language_of(article);
    let key = |topic| FeedKey { language: language.clone(), topic };
    let mut keys = match article.in_feeds {
        InFeeds::None => return Vec::new(),
        InFeeds::Collection => Vec::new(),
        InFeeds::All => of_site(article, key),
    };
    keys.extend(
        article.terms.iter().map(|(taxonomy, name)| key(Topic::Term(Arc::clone(taxonomy), name.folded().clone()))),
    );
    let context = SelectContext {
        filing: &rules.site.options.site_context.filing,
        text_queries: &rules.site.options.text_queries,
        language: rules.site.identity.language.as_ref(),
        now,
    };
    for definition in rules.definitions.values() {
        if let Target::Select(select) = &definition.target
            && select.takes(article, context)
        {
            keys.push(definition.key(&rules.site));
        }
    }
    keys
}

/// Returns the feeds of the site, its categories, tags and authors.
fn of_site(article: &Article, key: impl Fn(Topic) -> FeedKey) -> Vec<FeedKey> {
    let mut keys = vec![key(Topic::Site)];
    for path in article.categories.iter() {
        for depth in 1..=path.len() {
            let key = key(Topic::Category(path[..depth].iter().map(|name| name.folded().clone()).collect()));
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys.extend(article.tags.iter().map(|tag| key(Topic::Tag(tag.folded().clone()))));
    keys.extend(article.authors.iter().map(|author| key(Topic::Author(author.name.folded().clone()))));
    keys
}

/// Returns the moments at which an article changes: it becomes due (or, with `future: show`, no longer
/// suppresses Last-Modified), its edit takes effect, it expires, or it is too old for a feed.
pub(super) fn moments(rules: &Rules, article: &Article) -> impl Iterator<Item = DateTime<Utc>> {
    let ages = article
        .published
        .into_iter()
        .flat_map(|published| rules.ages().iter().filter_map(move |age| published.checked_add_signed(*age)));
    [article.published, article.updated, article.expires].into_iter().flatten().chain(ages)
}

impl Library {
    /// Returns the feeds that an article belongs to.
    pub(crate) fn keys_of(&self, article: &Article) -> Vec<FeedKey> {
        keys(&self.rules, self.now, article)
    }

    /// Returns the names of a feed from the top, each as the oldest article of that level spells it,
    /// otherwise as the definition does.
    pub(super) fn names_of(&self, key: &FeedKey) -> Vec<Name> {
        match &key.topic {
            Topic::Category(names) => (1..=names.len()).filter_map(|depth| self.spelled(&key.top(depth))).collect(),
            _ => self.spelled(key).into_iter().collect(),
        }
    }

    /// Returns the last name of a key as its oldest article spells it. If the articles that follow agree on
    /// another spelling, that one is used, because a single article must not rename a feed.
    pub(super) fn spelled(&self, key: &FeedKey) -> Option<Name> {
        let by_articles = || {
            let mut oldest = self.groups.get(key)?.oldest_first().map(|article| spelling(article, key));
            let first = oldest.next()??;
            let next: Vec<&Name> = oldest.take(ESTABLISHED).flatten().collect();
            let agree = next.len() == ESTABLISHED && next.iter().all(|name| name.spelled() == next[0].spelled());
            Some(if agree { next[0].clone() } else { first.clone() })
        };
        by_articles().or_else(|| self.rules.spelled(key))
    }
}

/// Returns the last name of a key as an article spells it.
fn spelling<'a>(article: &'a Article, key: &FeedKey) -> Option<&'a Name> {
    match &key.topic {
        Topic::Category(names) => {
            let is_below = |path: &[Name]| {
                path.len() >= names.len() && path.iter().zip(names.iter()).all(|(name, folded)| name.folded() == folded)
            };
            article.categories.iter().find(|path| is_below(path)).map(|path| &path[names.len() - 1])
        }
        Topic::Tag(folded) => article.tags.iter().find(|tag| tag.folded() == folded),
        Topic::Author(folded) => article.authors.iter().map(|author| &author.name).find(|name| name.folded() == folded),
        Topic::Term(taxonomy, folded) => {
            let own = article.terms.iter().find(|(of, name)| of == taxonomy && name.folded() == folded);
            own.map(|(_, name)| name)
        }
        Topic::Site | Topic::Feed(_) => None,
    }
}
