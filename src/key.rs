//! Which feed: a kind and folded names.
//!
//! A key outlives titles, slugs and addresses, so the feed's id is made of it.

use std::sync::Arc;

use uuid::Uuid;

/// What a feed is about.
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
    /// One definition of `feeds/` with a `select`.
    Feed,
}

impl Kind {
    /// The kinds that have a list and a directory of their own.
    pub const LISTED: [Self; 4] = [Self::Category, Self::Tag, Self::Author, Self::Feed];

    /// The word for it in feeds.json and in ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Author => "author",
            Self::Feed => "feed",
        }
    }

    /// The kind whose feeds stand in a directory.
    pub fn of_directory(directory: &str) -> Option<Self> {
        Self::LISTED.into_iter().find(|kind| kind.directory() == Some(directory))
    }

    /// The directory that all of its kind stand in; none for the site.
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

/// Which feed of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The whole site.
    Site,
    /// The folded names from the top, at least one.
    Category(Arc<[Arc<str>]>),
    /// The folded name.
    Tag(Arc<str>),
    /// The folded name.
    Author(Arc<str>),
    /// The definition's file name without its extension.
    Feed(Arc<str>),
}

impl Key {
    /// What it is about.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Site => Kind::Site,
            Self::Category(_) => Kind::Category,
            Self::Tag(_) => Kind::Tag,
            Self::Author(_) => Kind::Author,
            Self::Feed(_) => Kind::Feed,
        }
    }

    /// The folded names; none for the site.
    pub fn names(&self) -> &[Arc<str>] {
        match self {
            Self::Site => &[],
            Self::Category(names) => names,
            Self::Tag(name) | Self::Author(name) | Self::Feed(name) => std::slice::from_ref(name),
        }
    }

    /// The category above; none for all else.
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::Category(names) if names.len() > 1 => Some(Self::Category(names[..names.len() - 1].into())),
            _ => None,
        }
    }

    /// The UUID of kind and names in the site's namespace.
    pub fn uuid(&self, namespace: &Uuid) -> Uuid {
        // NUL stands in no name, so that no two keys have one text.
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
            Key::Site,
            Key::Category(["a".into(), "b".into()].into()),
            Key::Category(["ab".into()].into()),
            Key::Tag("ab".into()),
            Key::Author("ab".into()),
            Key::Feed("ab".into()),
        ];
        let ids: std::collections::HashSet<_> = keys.iter().map(|key| key.uuid(&namespace)).collect();
        assert_eq!(ids.len(), keys.len());
    }

    #[test]
    fn the_parent_of_a_category_is_the_path_above() {
        let leaf = Key::Category(["a".into(), "b".into()].into());
        assert_eq!(leaf.parent(), Some(Key::Category(["a".into()].into())));
        assert_eq!(leaf.parent().and_then(|key| key.parent()), None);
        assert_eq!(Key::Tag("a".into()).parent(), None);
    }
}
