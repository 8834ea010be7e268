//! Identity: no two articles share an id, and no setting except `site_id` and `ids` changes an id
//! (docs/guarantees.md#identity-lasts).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::test_site::TestSite;

/// Paths and ids that collide.
const PLACES: [&str; 8] = ["a.md", "b.md", "x/a.md", "x/a.html", "x/y/index.md", "é.md", "e\u{301}.md", "字/文 章.md"];
const IDS: [&str; 14] = [
    "",
    "a.md",
    "x/a.md",
    "same",
    "https://e.example/1",
    "tag:e.example,2020:x",
    "HTTP://E.example",
    "é.md",
    // The UUIDs of `a.md`, of `x/a.md` in capitals, and of the text `same`.
    "urn:uuid:08f08f18-1e5f-51ea-accf-1a86d495d278",
    "urn:uuid:0083746F-7FA5-5AF6-A688-E2F125537580",
    "urn:uuid:6e26aead-788f-5ceb-94fc-72263239fa04",
    "urn:ISBN:1",
    "urn:isbn:1",
    // The permalink of `b.md`, which is its id with `ids: permalink`.
    "https://feeds.example.org/articles/b/",
];
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

/// The id of each article, keyed by its title, which is its path.
fn ids(files: &[(String, String)], site: &str) -> BTreeMap<String, String> {
    ids_read(files, site, usize::MAX)
}

/// Like `ids`, with `at_once` files in each batch.
fn ids_read(files: &[(String, String)], site: &str, at_once: usize) -> BTreeMap<String, String> {
    TestSite::of_files(files, site, at_once).entries().into_iter().map(|entry| (entry.title, entry.id)).collect()
}

/// The id of the file at a path.
fn id_of(path: &str) -> String {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"feedmill:");
    Uuid::new_v5(&namespace, path.nfc().collect::<String>().as_bytes()).urn().to_string()
}

/// Whether an article is published, and why not.
#[derive(Debug, Clone, Copy)]
enum State {
    Published,
    Draft,
    Broken,
    Held,
}

const STATES: [State; 6] =
    [State::Published, State::Published, State::Published, State::Draft, State::Broken, State::Held];

/// An article file, and the id that it claims.
#[derive(Debug, Clone)]
struct Sample {
    path: String,
    id: &'static str,
    state: State,
    text: String,
}

fn articles() -> impl Strategy<Value = Vec<Sample>> {
    let article = (
        prop::sample::select(PLACES.as_slice()),
        prop::sample::select(IDS.as_slice()),
        prop::sample::select(STATES.as_slice()),
        1..4_u8,
        any::<bool>(),
    );
    prop::collection::vec(article, 1..8).prop_map(|articles| {
        // Two normal forms of one name are one path.
        let mut paths = BTreeSet::new();
        let text = |(path, id, state, day, aliased): (&str, &'static str, State, u8, bool)| {
            let claim = if id.is_empty() { String::new() } else { format!("id: \"{id}\"\n") };
            let aliases = if aliased { "aliases: [/a.md, same]\n" } else { "" };
            let (year, more) = match state {
                State::Published => (2026, ""),
                State::Held => (2099, ""),
                State::Draft => (2026, "draft: true\n"),
                State::Broken => (2026, "author: [\n"),
            };
            let text = format!("---\ntitle: \"{path}\"\ndate: {year}-01-0{day}\n{claim}{aliases}{more}---\nbody\n");
            Sample { path: path.to_owned(), id, state, text }
        };
        let is_new = |(path, ..): &(&str, &str, State, u8, bool)| paths.insert(path.replace("e\u{301}", "é"));
        articles.into_iter().filter(is_new).map(text).collect()
    })
}

fn files(samples: &[Sample]) -> Vec<(String, String)> {
    samples.iter().map(|sample| (sample.path.clone(), sample.text.clone())).collect()
}

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn ids_differ_and_no_setting_changes_one(
        samples in articles(),
        settings in prop::sample::subsequence(SETTINGS.to_vec(), 0..SETTINGS.len()),
    ) {
        let files = files(&samples);
        let before = ids(&files, "feeds: {limit: 100}\n");
        let different: BTreeSet<&String> = before.values().collect();
        prop_assert_eq!(different.len(), before.len(), "two articles share an id: {:?}", before);
        prop_assert_eq!(ids(&files, &settings.concat()), before.clone(), "{:?}", settings);
        // `aliases` do not reserve ids.
        let without: Vec<_> = files.iter().map(|(place, text)| (place.clone(), text.replace("aliases: [/a.md, same]\n", ""))).collect();
        prop_assert_eq!(ids(&without, ""), before);
    }

    #[test]
    fn no_article_takes_the_id_of_a_file(samples in articles(), reversed in any::<bool>()) {
        let mut files = files(&samples);
        let found = ids(&files, "");
        for sample in samples.iter().filter(|sample| matches!(sample.state, State::Published)) {
            let id = &found[&sample.path];
            if sample.id.is_empty() {
                prop_assert_eq!(id, &id_of(&sample.path));
            }
            for other in samples.iter().filter(|other| other.path != sample.path) {
                prop_assert!(!id.eq_ignore_ascii_case(&id_of(&other.path)), "{:?} has the id of {:?}", sample, other);
            }
        }
        if reversed {
            files.reverse();
        }
        prop_assert_eq!(ids_read(&files, "", 1), found, "one file at a time");
        for site in ["ids: permalink\n", "ids: tag:e.example,2020\n", "ids: permalink\narticle_url: ':base/:name/'\n"] {
            let found = ids(&files, site);
            let different: BTreeSet<&String> = found.values().collect();
            prop_assert_eq!(different.len(), found.len(), "two articles share an id with {}: {:?}", site, found);
            prop_assert_eq!(ids_read(&files, site, 1), found, "one file at a time with {}", site);
        }
    }

    #[test]
    fn the_id_of_an_article_does_not_depend_on_other_articles(samples in articles()) {
        let found = ids(&files(&samples), "");
        let mut held = samples.clone();
        for sample in held.iter_mut().filter(|sample| matches!(sample.state, State::Held)) {
            sample.text = sample.text.replace("2099", "2001");
        }
        let later = ids(&files(&held), "");
        for (path, id) in found {
            prop_assert_eq!(later.get(&path), Some(&id), "{}", path);
        }
    }
}
