//! The key of a feed: its language, its kind and its folded names.
//!
//! A key does not depend on titles, slugs or URLs, so the id of the feed is made from it.

use std::sync::Arc;

use uuid::Uuid;

/// Directories of the URL space, which no taxonomy and no language can have.
pub(crate) const RESERVED: [&str; 8] =
    ["articles", "media", "feeds", "categories", "tags", "authors", "collections", "page"];

/// The kind of a feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The whole site.
    Site,
    /// One node of the category tree.
    Category,
    /// One tag.
    Tag,
    /// One author.
    Author,
    /// One name of a further taxonomy, for example a series; the directory of the taxonomy.
    Taxonomy(Arc<str>),
    /// A definition in `feeds/` that has a `select`.
    Feed,
}

impl Kind {
    /// The kinds that have a list page and a directory even if they have no feed.
    pub(crate) const LISTED: [Self; 4] = [Self::Category, Self::Tag, Self::Author, Self::Feed];

    /// Returns the name of the kind in feeds.json and in ids.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Author => "author",
            Self::Taxonomy(_) => "taxonomy",
            Self::Feed => "feed",
        }
    }

    /// Returns the topic that precedes those of all feeds of this kind.
    pub(crate) fn first_topic(&self) -> Topic {
        match self {
            Self::Site => Topic::Site,
            Self::Category => Topic::Category(Arc::default()),
            Self::Tag => Topic::Tag("".into()),
            Self::Author => Topic::Author("".into()),
            Self::Taxonomy(directory) => Topic::Term(Arc::clone(directory), "".into()),
            Self::Feed => Topic::Feed("".into()),
        }
    }

    /// Returns the directory of all feeds of this kind; `None` for the site's own feed.
    pub fn directory(&self) -> Option<&str> {
        match self {
            Self::Site => None,
            Self::Category => Some("categories"),
            Self::Tag => Some("tags"),
            Self::Author => Some("authors"),
            Self::Taxonomy(directory) => Some(directory),
            Self::Feed => Some("feeds"),
        }
    }
}

/// Identifies a feed of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedKey {
    /// The code of the language below whose directory the feed is; `None` at the root.
    pub language: Option<Arc<str>>,
    /// What the feed is about.
    pub topic: Topic,
}

/// What a feed is about: the kind of the feed and its folded names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The whole site.
    Site,
    /// The folded names from the top, at least one.
    Category(Arc<[Arc<str>]>),
    /// The folded name.
    Tag(Arc<str>),
    /// The folded name.
    Author(Arc<str>),
    /// The directory of the taxonomy, and the folded name.
    Term(Arc<str>, Arc<str>),
    /// The file name of the definition without its extension.
    Feed(Arc<str>),
}

impl From<Topic> for FeedKey {
    /// Returns the key of a feed at the root.
    fn from(topic: Topic) -> Self {
        Self { language: None, topic }
    }
}

impl FeedKey {
    /// The feed of the whole site at the root.
    pub const SITE: Self = Self { language: None, topic: Topic::Site };

    /// Returns the key of another feed of the same language.
    pub(crate) fn beside(&self, topic: Topic) -> Self {
        Self { language: self.language.clone(), topic }
    }

    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        match &self.topic {
            Topic::Site => Kind::Site,
            Topic::Category(_) => Kind::Category,
            Topic::Tag(_) => Kind::Tag,
            Topic::Author(_) => Kind::Author,
            Topic::Term(taxonomy, _) => Kind::Taxonomy(Arc::clone(taxonomy)),
            Topic::Feed(_) => Kind::Feed,
        }
    }

    /// Returns the folded names; empty for a site's own feed.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        match &self.topic {
            Topic::Site => &[],
            Topic::Category(names) => names,
            Topic::Tag(name) | Topic::Author(name) | Topic::Term(_, name) | Topic::Feed(name) => {
                std::slice::from_ref(name)
            }
        }
    }

    /// Returns the category of the first `depth` names.
    pub(crate) fn top(&self, depth: usize) -> Self {
        self.beside(Topic::Category(self.names()[..depth].into()))
    }

    /// Returns the parent category; `None` for everything else.
    pub fn parent(&self) -> Option<Self> {
        match &self.topic {
            Topic::Category(names) if names.len() > 1 => Some(self.top(names.len() - 1)),
            _ => None,
        }
    }

    /// Whether this is the feed or one below it in the category tree.
    pub(crate) fn is_within(&self, above: &Self) -> bool {
        self.language == above.language && self.kind() == above.kind() && self.names().starts_with(above.names())
    }

    /// Returns the UUID of language, kind and names in the site's namespace.
    pub(crate) fn uuid(&self, namespace: &Uuid) -> Uuid {
        // No name contains NUL, so different keys have different texts.
        let mut text = self.language.as_ref().map_or_else(String::new, |code| format!("language\0{code}\0"));
        text.push_str(self.kind().as_str());
        let taxonomy = match &self.topic {
            Topic::Term(taxonomy, _) => Some(taxonomy),
            _ => None,
        };
        for name in taxonomy.into_iter().chain(self.names()) {
            text.push('\0');
            text.push_str(name);
        }
        Uuid::new_v5(namespace, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_share_an_id() {
        let namespace = Uuid::NAMESPACE_URL;
        let keys = [
            Topic::Site,
            Topic::Category(["a".into(), "b".into()].into()),
            Topic::Category(["ab".into()].into()),
            Topic::Tag("ab".into()),
            Topic::Author("ab".into()),
            Topic::Term("series".into(), "ab".into()),
            Topic::Feed("ab".into()),
        ]
        .into_iter()
        .flat_map(|topic| [None, Some("fr".into())].map(|language| FeedKey { language, topic: topic.clone() }));
        let ids: std::collections::HashSet<_> = keys.map(|key| key.uuid(&namespace)).collect();
        assert_eq!(ids.len(), 14);
        assert_eq!(FeedKey::SITE.uuid(&namespace), Uuid::new_v5(&namespace, b"site"), "ids never change");
    }

    #[test]
    fn the_parent_of_a_category_has_one_name_less() {
        let leaf = FeedKey { language: Some("fr".into()), topic: Topic::Category(["a".into(), "b".into()].into()) };
        assert_eq!(leaf.parent(), Some(leaf.beside(Topic::Category(["a".into()].into()))));
        assert_eq!(leaf.parent().and_then(|key| key.parent()), None);
        assert_eq!(FeedKey::from(Topic::Tag("a".into())).parent(), None);
    }
}
