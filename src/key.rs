//! The key of a feed: its kind and its folded names.
//!
//! A key does not depend on titles, slugs or URLs, so the id of the feed is made from it.

use std::sync::Arc;

use uuid::Uuid;

/// The kind of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The whole site.
    Site,
    /// One node of the category tree.
    Category,
    /// One tag.
    Tag,
    /// One author.
    Author,
    /// A definition in `feeds/` that has a `select`.
    Feed,
}

impl Kind {
    /// The kinds that have a list page and a directory.
    pub(crate) const LISTED: [Self; 4] = [Self::Category, Self::Tag, Self::Author, Self::Feed];

    /// Returns the name of the kind in feeds.json and in ids.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Author => "author",
            Self::Feed => "feed",
        }
    }

    /// Returns the kind whose feeds are in a directory.
    pub(crate) fn of_directory(directory: &str) -> Option<Self> {
        Self::LISTED.into_iter().find(|kind| kind.directory() == Some(directory))
    }

    /// Returns the directory of all feeds of this kind; `None` for the site's own feed.
    pub fn directory(self) -> Option<&'static str> {
        match self {
            Self::Site => None,
            Self::Category => Some("categories"),
            Self::Tag => Some("tags"),
            Self::Author => Some("authors"),
            Self::Feed => Some("feeds"),
        }
    }
}

/// Identifies a feed of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKey {
    /// The whole site.
    Site,
    /// The folded names from the top, at least one.
    Category(Arc<[Arc<str>]>),
    /// The folded name.
    Tag(Arc<str>),
    /// The folded name.
    Author(Arc<str>),
    /// The file name of the definition without its extension.
    Feed(Arc<str>),
}

impl FeedKey {
    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Site => Kind::Site,
            Self::Category(_) => Kind::Category,
            Self::Tag(_) => Kind::Tag,
            Self::Author(_) => Kind::Author,
            Self::Feed(_) => Kind::Feed,
        }
    }

    /// Returns the folded names; empty for the site's own feed.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        match self {
            Self::Site => &[],
            Self::Category(names) => names,
            Self::Tag(name) | Self::Author(name) | Self::Feed(name) => std::slice::from_ref(name),
        }
    }

    /// Returns the parent category; `None` for everything else.
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::Category(names) if names.len() > 1 => Some(Self::Category(names[..names.len() - 1].into())),
            _ => None,
        }
    }

    /// Returns the UUID of the kind and names in the site's namespace.
    pub(crate) fn uuid(&self, namespace: &Uuid) -> Uuid {
        // No name contains NUL, so different keys have different texts.
        let mut text = String::from(self.kind().as_str());
        for name in self.names() {
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
            FeedKey::Site,
            FeedKey::Category(["a".into(), "b".into()].into()),
            FeedKey::Category(["ab".into()].into()),
            FeedKey::Tag("ab".into()),
            FeedKey::Author("ab".into()),
            FeedKey::Feed("ab".into()),
        ];
        let ids: std::collections::HashSet<_> = keys.iter().map(|key| key.uuid(&namespace)).collect();
        assert_eq!(ids.len(), keys.len());
    }

    #[test]
    fn the_parent_of_a_category_has_one_name_less() {
        let leaf = FeedKey::Category(["a".into(), "b".into()].into());
        assert_eq!(leaf.parent(), Some(FeedKey::Category(["a".into()].into())));
        assert_eq!(leaf.parent().and_then(|key| key.parent()), None);
        assert_eq!(FeedKey::Tag("a".into()).parent(), None);
    }
}
