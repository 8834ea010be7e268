//! The feed URLs of `WordPress`, which is not a generator. Many sites came from it and kept their subscribers.

use super::legacy_feeds::{FeedPath, LegacyFeeds};
use crate::content_path::split;
use crate::key::Kind;

pub(crate) static FEEDS: LegacyFeeds = LegacyFeeds {
    key: "wordpress",
    current: |path, _| current(path).into_iter().collect(),
    paths,
    limit: 10,
    id: |_| None,
    gone: &["comments/feed", "comments/feed/atom", "comments/feed/rss2", "comments/feed/rss", "wp-commentsrss2.php"],
    parameter: &[
        ("feed", "rss.xml"),
        ("rss", "rss.xml"),
        ("rss2", "rss.xml"),
        ("rdf", "rss.xml"),
        ("atom", "atom.xml"),
    ],
};

fn paths(feed: &FeedPath<'_>) -> Vec<String> {
    let name = feed.name;
    let subject = match feed.kind {
        Kind::Site => String::new(),
        Kind::Category => format!("category/{name}/"),
        Kind::Tag => format!("tag/{name}/"),
        Kind::Author => format!("author/{name}/"),
        Kind::Taxonomy(_) | Kind::Feed => return Vec::new(),
    };
    ["feed/", "feed/atom/", "feed/rss/", "feed/rss2/"].map(|end| format!("{subject}{end}")).into()
}

/// The present path for a legacy path such as `/feed/`, `/feed/atom/`, `/category/x/feed/` or `/tag/x/feed/`. Paths like
/// `/rss2/` work without `feed`, and the oldest URLs end in `.php`. feedmill has no feeds of comments.
fn current(path: &str) -> Option<String> {
    let file = |kind: &str| match kind {
        "feed" | "rss" | "rss2" | "rdf" => Some("rss.xml"),
        "atom" => Some("atom.xml"),
        _ => None,
    };
    let path = path.strip_prefix("index.php/").unwrap_or(path).trim_end_matches('/');
    if let Some(kind) = path.strip_prefix("wp-").and_then(|rest| rest.strip_suffix(".php")) {
        return file(kind).map(str::to_owned);
    }
    let (subject, kind) = split(path);
    let file = file(kind)?;
    let subject = if kind == "feed" { subject } else { subject.strip_suffix("feed/").unwrap_or(subject) };
    Some(match subject.split_once('/') {
        None => file.to_owned(),
        Some((_, "")) => return None,
        Some(("category", rest)) => format!("categories/{rest}{file}"),
        Some(("tag", rest)) => format!("tags/{rest}{file}"),
        Some(("author", rest)) => format!("authors/{rest}{file}"),
        Some(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_in_every_form_are_recognized_and_other_pages_are_not() {
        assert_eq!(current("feed/").as_deref(), Some("rss.xml"));
        assert_eq!(current("category/a/b/feed/").as_deref(), Some("categories/a/b/rss.xml"));
        assert_eq!(current("category/a/feed/atom").as_deref(), Some("categories/a/atom.xml"));
        assert_eq!(current("feed/rdf/").as_deref(), Some("rss.xml"));
        assert_eq!(current("tag/x/rss2/").as_deref(), Some("tags/x/rss.xml"));
        assert_eq!(current("wp-atom.php").as_deref(), Some("atom.xml"));
        assert_eq!(current("index.php/feed/").as_deref(), Some("rss.xml"));
        for other in ["my-feed", "comments/feed/", "2020/05/a-post/feed/", "category/feed/", "wp-login.php"] {
            assert_eq!(current(other), None, "{other}");
        }
    }
}
