//! Hugo's feeds: `index.xml` in each directory.

use crate::content_path::split;
use crate::generator::category::Directories;
use crate::generator::legacy_feeds::LegacyFeeds;

pub(crate) static FEEDS: LegacyFeeds = LegacyFeeds {
    key: "hugo",
    current: |path, directories| {
        let section = section(path).filter(|_| directories == Directories::Categories);
        section.into_iter().chain(current(path)).collect()
    },
    paths: |feed| vec![format!("{}index.xml", feed.path)],
    ..LegacyFeeds::NONE
};

/// The category feed for a section's feed, on sites whose directories are categories.
fn section(path: &str) -> Option<String> {
    let directory = path.strip_suffix("/index.xml")?;
    Some(format!("categories/{directory}/rss.xml"))
}

/// The present paths for a legacy feed, in order of precedence: that of the same directory, and the site's. A section that is not a category has no feed of its own, so its subscribers get
/// the site's feed. Most sites have one section, whose feed had the same articles.
fn current(path: &str) -> Vec<String> {
    let (directory, file) = split(path);
    if file != "index.xml" {
        return Vec::new();
    }
    let site = (directory.matches('/').count() < 2).then(|| "rss.xml".to_owned());
    std::iter::once(format!("{directory}rss.xml")).chain(site).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_taxonomies_and_sections_are_recognized() {
        assert_eq!(current("categories/新/index.xml"), ["categories/新/rss.xml"]);
        assert_eq!(current("posts/index.xml"), ["posts/rss.xml", "rss.xml"]);
        assert_eq!(current("index.xml"), ["rss.xml", "rss.xml"]);
        assert_eq!(current("series/x/index.xml"), ["series/x/rss.xml"]);
        assert!(current("posts/feed.xml").is_empty());
        assert_eq!(section("notes/rust/index.xml").as_deref(), Some("categories/notes/rust/rss.xml"));
        assert_eq!(section("index.xml"), None);
    }
}
