//! The feeds of jekyll-feed: Atom, by category and by tag.

use crate::generator::legacy_feeds::{FeedPath, LegacyFeeds};
use crate::key::Kind;

pub(crate) static FEEDS: LegacyFeeds = LegacyFeeds {
    key: "jekyll",
    current: |path, _| current(path).into_iter().collect(),
    paths,
    limit: 10,
    id: |feed| paths(feed).into_iter().next(),
};

fn paths(feed: &FeedPath<'_>) -> Vec<String> {
    let name = feed.name;
    match feed.kind {
        Kind::Site => vec!["feed.xml".to_owned()],
        Kind::Tag => vec![format!("feed/by_tag/{name}.xml")],
        Kind::Category => vec![format!("feed/{name}.xml")],
        Kind::Author | Kind::Feed => Vec::new(),
    }
}

fn current(path: &str) -> Option<String> {
    if path == "feed.xml" {
        return Some("atom.xml".to_owned());
    }
    let name = path.strip_prefix("feed/")?.strip_suffix(".xml")?;
    Some(match name.strip_prefix("by_tag/") {
        Some(tag) => format!("tags/{tag}/atom.xml"),
        None => format!("categories/{name}/atom.xml"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_site_its_categories_and_tags_are_recognized() {
        assert_eq!(current("feed.xml").as_deref(), Some("atom.xml"));
        assert_eq!(current("feed/x.xml").as_deref(), Some("categories/x/atom.xml"));
        assert_eq!(current("feed/by_tag/x.xml").as_deref(), Some("tags/x/atom.xml"));
    }
}
