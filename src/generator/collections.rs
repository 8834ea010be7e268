//! Collections: directories of documents beside the posts, each with a feed of its own (Jekyll).

use crate::content_path::file_name;
use crate::name::Name;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Collections {
    pub(super) all: Vec<Collection>,
    /// The directory that contains the directories of all collections, relative to the content directory; empty if that
    /// is the content directory itself.
    pub(super) root: String,
    /// Whether the site has posts. If not, the documents of collections are in all its feeds.
    pub(crate) has_posts: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Collection {
    pub name: Name,
    /// Its directory, relative to the content directory; empty if that is the content directory itself.
    pub(super) directory: String,
    pub members: CollectionMembers,
}

/// Which documents of a collection are articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CollectionMembers {
    All,
    Dated,
}

impl Collections {
    /// Makes the directories relative to the content directory, which is at `below` from the configuration.
    pub(crate) fn below(self, below: &str) -> Self {
        let inside = |directory: &str| match directory.strip_prefix(below) {
            Some(rest) if rest.is_empty() || below.is_empty() => Some(rest.to_owned()),
            Some(rest) => rest.strip_prefix('/').map(str::to_owned),
            None => None,
        };
        let collection =
            |collection: Collection| Some(Collection { directory: inside(&collection.directory)?, ..collection });
        let all = self.all.into_iter().filter_map(collection).collect();
        Self { all, root: inside(&self.root).unwrap_or_default(), ..self }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The names, as the configuration writes them.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|collection| &**collection.name.spelled())
    }

    /// Returns the collection of the file at this path.
    pub(crate) fn of(&self, place: &str) -> Option<&Collection> {
        self.all.iter().find(|collection| inside(&collection.directory, place).is_some())
    }

    /// Whether the file at this path can be a document of a collection. `included` are the beginnings of names that count
    /// in any case.
    pub(crate) fn hold(&self, place: &str, included: &[String]) -> bool {
        let mut paths = self.all.iter().filter_map(|collection| inside(&collection.directory, place));
        // Jekyll's entry filter checks the beginnings of the path and of the name.
        paths.any(|path| {
            let mut names = [path, file_name(path)].into_iter();
            names.clone().any(|name| included.iter().any(|included| name.starts_with(included.as_str())))
                || !names.any(|name| name.starts_with(['_', '.', '#', '~']))
        })
    }

    /// Returns a path relative to the directory of all collections; `None` outside.
    pub(crate) fn below_root<'a>(&self, place: &'a str) -> Option<&'a str> {
        inside(&self.root, place)
    }
}

fn inside<'a>(directory: &str, place: &'a str) -> Option<&'a str> {
    if directory.is_empty() { Some(place) } else { place.strip_prefix(directory)?.strip_prefix('/') }
}
