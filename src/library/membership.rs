//! Which feeds an article belongs to, and what those feeds are called.

use super::{Library, Members};
use crate::article::Article;
use crate::key::Key;
use crate::name::Name;
use crate::site::{Rules, Target};

/// The feeds an article belongs to: the site's, those of its categories and
/// all above them, of its tags and authors, and the defined ones that select it.
pub(super) fn keys(rules: &Rules, article: &Article) -> Vec<Key> {
    let mut keys = vec![Key::Site];
    for path in article.categories.iter() {
        for depth in 1..=path.len() {
            let key = Key::Category(path[..depth].iter().map(|name| name.folded().clone()).collect());
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys.extend(article.tags.iter().map(|tag| Key::Tag(tag.folded().clone())));
    keys.extend(article.authors.iter().map(|author| Key::Author(author.name.folded().clone())));
    for definition in rules.definitions.values() {
        if let Target::Select(select) = &definition.target
            && select.takes(article, rules.site.language.as_ref())
        {
            keys.push(definition.key());
        }
    }
    keys
}

impl Library {
    /// The feeds an article belongs to.
    pub fn keys_of(&self, article: &Article) -> Vec<Key> {
        keys(&self.rules, article)
    }

    /// The names from the top: each as the oldest article of its node spells
    /// it, else as the definition does.
    pub(super) fn names_of(&self, key: &Key) -> Vec<Name> {
        match key {
            Key::Site => Vec::new(),
            Key::Category(names) => {
                (1..=names.len()).filter_map(|depth| self.spelled(&Key::Category(names[..depth].into()))).collect()
            }
            Key::Tag(_) | Key::Author(_) | Key::Feed(_) => self.spelled(key).into_iter().collect(),
        }
    }

    /// The last name of a key.
    pub(super) fn spelled(&self, key: &Key) -> Option<Name> {
        let by_article = || {
            let oldest = self.groups.get(key).and_then(Members::oldest)?;
            match key {
                Key::Category(names) => oldest
                    .categories
                    .iter()
                    .find(|path| {
                        path.len() >= names.len()
                            && path.iter().zip(names.iter()).all(|(name, folded)| name.folded() == folded)
                    })
                    .map(|path| path[names.len() - 1].clone()),
                Key::Tag(folded) => oldest.tags.iter().find(|tag| tag.folded() == folded).cloned(),
                Key::Author(folded) => {
                    oldest.authors.iter().map(|author| &author.name).find(|name| name.folded() == folded).cloned()
                }
                Key::Site | Key::Feed(_) => None,
            }
        };
        by_article().or_else(|| self.rules.spelled(key))
    }
}
