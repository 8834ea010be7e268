//! Identity: no two articles have one id, and no setting but `site_id` and
//! `ids` changes any (guarantee 4).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::mill::Mill;

/// Places and ids that meet.
const PLACES: [&str; 8] = ["a.md", "b.md", "x/a.md", "x/a.html", "x/y/index.md", "é.md", "e\u{301}.md", "字/文 章.md"];
const IDS: [&str; 8] =
    ["", "a.md", "x/a.md", "same", "https://e.example/1", "tag:e.example,2020:x", "HTTP://E.example", "é.md"];
const SETTINGS: [&str; 12] = [
    "title: Another\n",
    "home: https://elsewhere.example/path/\n",
    "language: zh-CN\n",
    "time_zone: Asia/Shanghai\n",
    "author: {name: Desk, email: desk@example.org}\n",
    "article_url: ':home/:year/:title/'\n",
    "categories: {lists: set}\n",
    "feeds: {limit: 100, content: summary, max_bytes: 9000}\n",
    "undated: last\n",
    "media_type: specific\n",
    "exclude: ['nothing/**']\n",
    "redirects: {/old.xml: /rss.xml}\npresets: [hexo, hugo, jekyll, wordpress]\n",
];

/// The id of each article by its title, which is its place.
fn ids(files: &[(String, String)], site: &str) -> BTreeMap<String, String> {
    Mill::of_files(files, site, usize::MAX).entries().into_iter().map(|entry| (entry.title, entry.id)).collect()
}

fn articles() -> impl Strategy<Value = Vec<(String, String)>> {
    let article =
        (prop::sample::select(PLACES.as_slice()), prop::sample::select(IDS.as_slice()), 1..4_u8, any::<bool>());
    prop::collection::vec(article, 1..8).prop_map(|articles| {
        // One name in two normal forms is one place.
        let mut places = BTreeSet::new();
        let is_new = |place: &str| places.insert(place.replace("e\u{301}", "é"));
        let text = |(place, id, day, aliased): (&str, &str, u8, bool)| {
            let id = if id.is_empty() { String::new() } else { format!("id: \"{id}\"\n") };
            let aliases = if aliased { "aliases: [/a.md, same]\n" } else { "" };
            (place.to_owned(), format!("---\ntitle: \"{place}\"\ndate: 2026-01-0{day}\n{id}{aliases}---\nbody\n"))
        };
        let mut is_new = is_new;
        articles.into_iter().filter(|(place, ..)| is_new(place)).map(text).collect()
    })
}

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn ids_differ_and_no_setting_changes_one(
        files in articles(),
        settings in prop::sample::subsequence(SETTINGS.to_vec(), 0..SETTINGS.len()),
    ) {
        let before = ids(&files, "feeds: {limit: 100}\n");
        prop_assert_eq!(before.len(), files.len());
        let different: BTreeSet<&String> = before.values().collect();
        prop_assert_eq!(different.len(), before.len(), "two have one: {:?}", before);
        prop_assert_eq!(ids(&files, &settings.concat()), before.clone(), "{:?}", settings);
        // What `aliases` say is nobody's id.
        let without: Vec<_> = files.iter().map(|(place, text)| (place.clone(), text.replace("aliases: [/a.md, same]\n", ""))).collect();
        prop_assert_eq!(ids(&without, ""), before);
    }
}
