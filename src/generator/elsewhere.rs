//! The feed URLs of publishing systems that have no directory here.

use super::legacy_feeds::{FeedPath, LegacyFeeds};
use crate::content_path::split;
use crate::key::Kind;

pub(super) const ALL: [&LegacyFeeds; 5] = [&GHOST, &PELICAN, &DOCUSAURUS, &ELEVENTY, &ASTRO];

/// Ghost: `/rss/`, `/tag/x/rss/` and `/author/x/rss/`.
static GHOST: LegacyFeeds = LegacyFeeds {
    key: "ghost",
    current: |path, _| {
        let (subject, file) = split(path.trim_end_matches('/'));
        let kind = match subject.split_once('/') {
            None => "",
            Some(("tag", _)) => "tags/",
            Some(("author", _)) => "authors/",
            Some(_) => return Vec::new(),
        };
        let name = subject.split_once('/').map_or("", |(_, name)| name);
        (file == "rss").then(|| format!("{kind}{name}rss.xml")).into_iter().collect()
    },
    paths: |feed| match feed.kind {
        Kind::Site => vec!["rss/".to_owned()],
        Kind::Tag => vec![format!("tag/{}/rss/", feed.name)],
        Kind::Author => vec![format!("author/{}/rss/", feed.name)],
        _ => Vec::new(),
    },
    // The page size of its API, which the feed does not change.
    limit: 15,
    ..LegacyFeeds::NONE
};

/// Pelican: `/feeds/all.atom.xml`, `/feeds/CATEGORY.atom.xml` and `/feeds/AUTHOR.atom.xml`, and the same as RSS.
static PELICAN: LegacyFeeds = LegacyFeeds {
    key: "pelican",
    current: |path, _| {
        let Some(path) = path.strip_prefix("feeds/") else {
            return Vec::new();
        };
        let end = |end, file| path.strip_suffix(end).map(|name| (name, file));
        match end(".atom.xml", "atom.xml").or_else(|| end(".rss.xml", "rss.xml")) {
            Some(("all", file)) => vec![file.to_owned()],
            Some((name, file)) => ["categories", "authors", "tags"].map(|kind| format!("{kind}/{name}/{file}")).into(),
            None => Vec::new(),
        }
    },
    paths: |feed| {
        let name = match feed.kind {
            Kind::Site => "all",
            Kind::Category | Kind::Author | Kind::Tag => feed.name,
            Kind::Taxonomy(_) | Kind::Feed => return Vec::new(),
        };
        ["atom", "rss"].map(|format| format!("feeds/{name}.{format}.xml")).into()
    },
    // `FEED_MAX_ITEMS` of Pelican 4.12. Older versions had all, but fewer entries make nothing unread.
    limit: 100,
    ..LegacyFeeds::NONE
};

/// Docusaurus: `/blog/rss.xml`, `/blog/atom.xml` and `/blog/feed.json`.
static DOCUSAURUS: LegacyFeeds = LegacyFeeds {
    key: "docusaurus",
    current: |path, _| {
        let file = path.strip_prefix("blog/").filter(|file| FILES.contains(file));
        file.map(str::to_owned).into_iter().collect()
    },
    paths: |feed| of_site(feed, &FILES.map(|file| format!("blog/{file}"))),
    limit: 20,
    ..LegacyFeeds::NONE
};

/// Eleventy: Atom at `/feed.xml` or `/feed/feed.xml`, and JSON at `/feed.json` or `/feed/feed.json`.
static ELEVENTY: LegacyFeeds = LegacyFeeds {
    key: "eleventy",
    current: |path, _| match path {
        "feed.xml" | "feed/feed.xml" => vec!["atom.xml".to_owned()],
        "feed/feed.json" => vec!["feed.json".to_owned()],
        _ => Vec::new(),
    },
    paths: |feed| of_site(feed, &["feed.xml", "feed/feed.xml", "feed/feed.json"].map(str::to_owned)),
    ..LegacyFeeds::NONE
};

/// Astro has its feed where feedmill has it.
static ASTRO: LegacyFeeds = LegacyFeeds { key: "astro", ..LegacyFeeds::NONE };

const FILES: [&str; 3] = ["rss.xml", "atom.xml", "feed.json"];

fn of_site(feed: &FeedPath<'_>, paths: &[String]) -> Vec<String> {
    if *feed.kind == Kind::Site { paths.to_vec() } else { Vec::new() }
}
