//! Decides which feeds an article belongs to, and what those feeds are called.

use super::Library;
use super::slugs::ESTABLISHED;
use crate::article::Article;
use crate::key::FeedKey;
use crate::name::Name;
use crate::site::{Rules, Target};

/// Returns the feeds that an article belongs to: the site's own, those of its categories and their parents,
/// of its tags and authors, and those of definitions that select it.
pub(super) fn keys(rules: &Rules, article: &Article) -> Vec<FeedKey> {
    let mut keys = vec![FeedKey::Site];
    for path in article.categories.iter() {
        for depth in 1..=path.len() {
            let key = FeedKey::Category(path[..depth].iter().map(|name| name.folded().clone()).collect());
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys.extend(article.tags.iter().map(|tag| FeedKey::Tag(tag.folded().clone())));
    keys.extend(article.authors.iter().map(|author| FeedKey::Author(author.name.folded().clone())));
    for definition in rules.definitions.values() {
        if let Target::Select(select) = &definition.target
            && select.takes(article, rules.site.identity.language.as_ref())
        {
            keys.push(definition.key());
        }
    }
    keys
}

impl Library {
    /// Returns the feeds that an article belongs to.
    pub(crate) fn keys_of(&self, article: &Article) -> Vec<FeedKey> {
        keys(&self.rules, article)
    }

    /// Returns the names of a feed from the top, each as the oldest article of that level spells it,
    /// otherwise as the definition does.
    pub(super) fn names_of(&self, key: &FeedKey) -> Vec<Name> {
        match key {
            FeedKey::Site => Vec::new(),
            FeedKey::Category(names) => {
                (1..=names.len()).filter_map(|depth| self.spelled(&FeedKey::Category(names[..depth].into()))).collect()
            }
            FeedKey::Tag(_) | FeedKey::Author(_) | FeedKey::Feed(_) => self.spelled(key).into_iter().collect(),
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
    match key {
        FeedKey::Category(names) => {
            let is_below = |path: &[Name]| {
                path.len() >= names.len() && path.iter().zip(names.iter()).all(|(name, folded)| name.folded() == folded)
            };
            article.categories.iter().find(|path| is_below(path)).map(|path| &path[names.len() - 1])
        }
        FeedKey::Tag(folded) => article.tags.iter().find(|tag| tag.folded() == folded),
        FeedKey::Author(folded) => {
            article.authors.iter().map(|author| &author.name).find(|name| name.folded() == folded)
        }
        FeedKey::Site | FeedKey::Feed(_) => None,
    }
}
