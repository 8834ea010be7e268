//! Zola's feeds: `atom.xml` or `rss.xml` in each section and taxonomy, where feedmill has those of taxonomies too.

use crate::content_path::split;
use crate::generator::category::Directories;
use crate::generator::legacy_feeds::LegacyFeeds;

pub(crate) static FEEDS: LegacyFeeds = LegacyFeeds {
    key: "zola",
    current: |path, directories| {
        let (section, file) = split(path);
        if section.is_empty() || !FILES.contains(&file) {
            return Vec::new();
        }
        let category = (directories == Directories::Categories).then(|| format!("categories/{section}{file}"));
        // Names of terms have at least two levels, and a removed one does not lead to the whole site.
        let site = (section.matches('/').count() == 1).then(|| file.to_owned());
        category.into_iter().chain(site).collect()
    },
    paths: |feed| {
        let name = if feed.name.is_empty() { feed.path.to_owned() } else { format!("{}/", feed.name) };
        FILES.map(|file| format!("{name}{file}")).into()
    },
    id: |feed| Some(format!("{}atom.xml", feed.path)),
    ..LegacyFeeds::NONE
};

const FILES: [&str; 2] = ["atom.xml", "rss.xml"];
