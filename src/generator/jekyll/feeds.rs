//! The feeds of jekyll-feed: Atom, by category and by tag.

use super::collections::labels;
use crate::generator::exclude::texts;
use crate::generator::legacy_feeds::{FeedMoves, FeedPath, LegacyFeeds};
use crate::generator::settings::text;
use crate::generator::site_context::COLLECTIONS;
use crate::key::Kind;
use crate::syntax::front_matter::{Fields, Value};

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

/// The paths that `feed` of `_config.yml` sets: `path`, `tags.path`, and for each collection `path` and `categories`. The
/// collection `posts` has those of the site.
pub(super) fn moves(fields: &Fields) -> FeedMoves {
    let below = |path: String| path.trim_start_matches('/').to_owned();
    let mut moves = FeedMoves::default();
    let mut moved = |usual: String, path: Option<String>| moves.moved.extend(path.map(|path| (usual, below(path))));
    moved("feed/by_tag/".to_owned(), text(fields.get("feed.tags.path")));
    let mut site = text(fields.get("feed.path"));
    for (label, metadata) in labels(fields.get("feed.collections")) {
        let Some(Value::Map(metadata)) = metadata else { continue };
        let path = text(metadata.get("path"));
        if label == "posts" {
            site = path.or(site);
            continue;
        }
        moved(format!("feed/{label}.xml"), path);
        let categories = texts(metadata.get("categories"));
        moves.besides.extend(categories.map(|name| (format!("feed/{label}.xml"), format!("feed/{label}/{name}.xml"))));
    }
    moves.moved.extend(site.map(|path| ("feed.xml".to_owned(), below(path))));
    moves
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

    #[test]
    fn the_configuration_can_move_feeds() {
        let yaml = "feed:\n  path: /blog/feed.xml\n  tags: {path: /t/}\n  collections:\n    a: {path: /a.xml, categories: [x]}\n    posts: {categories: [y]}\n";
        let moves = moves(&crate::syntax::front_matter::parse(&format!("---\n{yaml}---\n")).unwrap().fields);
        let usual = |path: &str| moves.usual(path).collect::<Vec<_>>();
        assert_eq!(usual("blog/feed.xml"), ["feed.xml"]);
        assert_eq!(usual("t/go.xml"), ["feed/by_tag/go.xml"]);
        assert_eq!(usual("a.xml"), ["feed/a.xml"]);
        assert_eq!(usual("feed/a/x.xml"), ["feed/a.xml"]);
        assert!(usual("feed.xml").is_empty() && usual("feed/y.xml").is_empty());
        assert_eq!(moves.configured("feed.xml").as_deref(), Some("blog/feed.xml"));
        assert_eq!(moves.configured("feed/by_tag/go.xml").as_deref(), Some("t/go.xml"));
        assert_eq!(moves.all(vec!["feed/a.xml".to_owned()]), ["feed/a.xml", "a.xml", "feed/a/x.xml"]);
    }
}
