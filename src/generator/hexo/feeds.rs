//! The feeds of hexo-generator-feed, and of hexo-feed, which writes into the directory of each category.

use crate::generator::legacy_feeds::LegacyFeeds;

pub(crate) static FEEDS: LegacyFeeds = LegacyFeeds {
    key: "hexo",
    current: |path, _| current(path).into_iter().collect(),
    paths: |feed| vec![format!("{}rss2.xml", feed.path)],
    limit: 20,
    id: |feed| feed.path.is_empty().then(String::new),
    ..LegacyFeeds::NONE
};

fn current(path: &str) -> Option<String> {
    let directory = path.strip_suffix("rss2.xml")?;
    let is_feed = directory.is_empty() || ["categories/", "tags/"].iter().any(|kind| directory.starts_with(kind));
    (is_feed && (directory.is_empty() || directory.ends_with('/'))).then(|| format!("{directory}rss.xml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_site_its_categories_and_tags_are_recognized() {
        assert_eq!(current("rss2.xml").as_deref(), Some("rss.xml"));
        assert_eq!(current("categories/a/b/rss2.xml").as_deref(), Some("categories/a/b/rss.xml"));
        assert_eq!(current("tags/a/rss2.xml").as_deref(), Some("tags/a/rss.xml"));
        for other in ["authors/a/rss2.xml", "xrss2.xml", "tags/xrss2.xml", "rss.xml"] {
            assert_eq!(current(other), None, "{other}");
        }
    }
}
