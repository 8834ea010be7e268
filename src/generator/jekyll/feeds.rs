//! The feeds of jekyll-feed: Atom, by category and by tag.

use crate::generator::legacy_feeds::{FeedPath, LegacyFeeds};
use crate::generator::site_context::COLLECTIONS;
use crate::key::Kind;

pub(crate) static FEEDS: LegacyFeeds = LegacyFeeds {
    key: "jekyll",
    current: |path, _| current(path),
    paths,
    limit: 10,
    id: |feed| paths(feed).into_iter().next(),
    ..LegacyFeeds::NONE
};

fn paths(feed: &FeedPath<'_>) -> Vec<String> {
    let name = feed.name;
    match feed.kind {
        Kind::Site => vec!["feed.xml".to_owned()],
        Kind::Tag => vec![format!("feed/by_tag/{name}.xml")],
        Kind::Category => vec![format!("feed/{name}.xml")],
        Kind::Taxonomy(taxonomy) if **taxonomy == *COLLECTIONS => vec![format!("feed/{name}.xml")],
        Kind::Author | Kind::Taxonomy(_) | Kind::Feed => Vec::new(),
    }
}

fn current(path: &str) -> Vec<String> {
    if path == "feed.xml" {
        return vec!["atom.xml".to_owned()];
    }
    let Some(name) = path.strip_prefix("feed/").and_then(|path| path.strip_suffix(".xml")) else {
        return Vec::new();
    };
    match name.strip_prefix("by_tag/") {
        Some(tag) => vec![format!("tags/{tag}/atom.xml")],
        None => ["categories", COLLECTIONS].map(|kind| format!("{kind}/{name}/atom.xml")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_site_its_categories_and_tags_are_recognized() {
        assert_eq!(current("feed.xml"), ["atom.xml"]);
        assert_eq!(current("feed/x.xml"), ["categories/x/atom.xml", "collections/x/atom.xml"]);
        assert_eq!(current("feed/by_tag/x.xml"), ["tags/x/atom.xml"]);
    }
}
