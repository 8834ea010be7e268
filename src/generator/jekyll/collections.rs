//! Parses Jekyll's collections other than `posts`: <https://jekyllrb.com/docs/collections/>.
//!
//! jekyll-feed makes a feed of each collection that its configuration names, with all documents. Of other collections
//! whose documents become pages, those with a date are articles: the rest are pages of projects, people and the like.

use crate::generator::collections::{Collection, CollectionMembers, Collections};
use crate::generator::settings::{directory, text};
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

/// Parses `collections`, `collections_dir` and `feed.collections`. The directories are relative to the configuration
/// until [`Collections::below`].
pub(super) fn parse(fields: &Fields) -> Collections {
    let above = [directory(fields.get("source")), directory(fields.get("collections_dir"))];
    let root = above.into_iter().flatten().collect::<Vec<_>>().join("/");
    let in_feeds = labels(fields.get("feed.collections"));
    let collection = |(label, metadata): &(String, Option<&Value>)| {
        let is_page = matches!(metadata, Some(Value::Map(metadata)) if metadata.get("output").and_then(Value::as_bool) == Some(true));
        let members = match in_feeds.iter().any(|(named, _)| named == label) {
            true => CollectionMembers::All,
            false if is_page => CollectionMembers::Dated,
            false => return None,
        };
        let directory = if root.is_empty() { format!("_{label}") } else { format!("{root}/_{label}") };
        Some(Collection { name: Name::new(label)?, directory, members })
    };
    let declared = labels(fields.get("collections"));
    let all = declared.iter().filter(|(label, _)| !matches!(&**label, "posts" | "drafts"));
    Collections { all: all.filter_map(collection).collect(), root, has_posts: true }
}

/// The labels of collections in a list or table, each with its metadata.
pub(super) fn labels(value: Option<&Value>) -> Vec<(String, Option<&Value>)> {
    let labels: Vec<(String, Option<&Value>)> = match value {
        Some(Value::Map(table)) => table.0.iter().map(|(label, metadata)| (label.clone(), Some(metadata))).collect(),
        Some(list) => list.elements().iter().filter_map(|label| Some((text(Some(label))?, None))).collect(),
        None => Vec::new(),
    };
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || "_-.".contains(*c);
    labels.into_iter().map(|(label, metadata)| (label.chars().filter(is_kept).collect(), metadata)).collect()
}

/// The permalink pattern of each collection, with a glob of its documents. `usual` is the pattern of the site.
pub(super) fn permalinks(fields: &Fields, usual: Option<&str>) -> Vec<(String, String)> {
    // `Utils.add_permalink_suffix` of Jekyll.
    let end = match usual {
        None | Some("date" | "ordinal" | "none") => ":output_ext",
        Some("pretty") => "/",
        Some(pattern) if pattern.ends_with('/') => "/",
        Some(pattern) if pattern.ends_with(":output_ext") => ":output_ext",
        Some(_) => "",
    };
    let pattern = |(label, metadata): (String, Option<&Value>)| {
        let own = match metadata {
            Some(Value::Map(metadata)) => text(metadata.get("permalink")),
            _ => None,
        };
        (label != "posts")
            .then(|| (format!("{{/,**/}}_{label}/**"), own.unwrap_or_else(|| format!("/:collection/:path{end}"))))
    };
    labels(fields.get("collections")).into_iter().filter_map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn parsed(yaml: &str) -> Collections {
        parse(&front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields)
    }

    #[test]
    fn collections_in_feeds_and_those_with_pages_count() {
        let yaml =
            "collections: {posts: {}, recipes: {output: true}, data: {}, notes: {}}\nfeed: {collections: [notes]}";
        let all = parsed(yaml).below("");
        assert_eq!(all.names().collect::<Vec<_>>(), ["recipes", "notes"]);
        assert_eq!(all.of("_recipes/a/b.md").map(|of| of.members), Some(CollectionMembers::Dated));
        assert_eq!(all.of("_notes/a.md").map(|of| of.members), Some(CollectionMembers::All));
        assert!(all.of("_data/a.md").is_none() && all.of("x/_notes/a.md").is_none());
        assert!(all.hold("_notes/a/b.md", &[]) && all.hold("_notes/_a/b.md", &["_a".to_owned()]));
        assert!(["_notes/_a/b.md", "_notes/a/_b.md", "_notes/.b.md"].iter().all(|place| !all.hold(place, &[])));
    }

    #[test]
    fn directories_are_relative_to_the_content_directory() {
        let yaml = "source: src\ncollections_dir: all\ncollections: {x: {output: true}}";
        for (below, place) in
            [("", "src/all/_x/a.md"), ("src", "all/_x/a.md"), ("src/all", "_x/a.md"), ("src/all/_x", "a.md")]
        {
            let all = parsed(yaml).below(below);
            assert!(all.hold(place, &[]), "{below}");
        }
        let all = parsed(yaml).below("");
        assert_eq!(all.below_root("src/all/b/_posts/a.md"), Some("b/_posts/a.md"));
        assert_eq!(all.below_root("b/_posts/a.md"), None);
        assert!(parsed(yaml).below("src/all/_posts").is_empty());
    }
}
