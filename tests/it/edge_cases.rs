//! feedmill reads unusual articles, and makes the same permalinks, as the generators themselves do.
//!
//! `tests/edge_cases/NAME.json` holds small sites written for this test. For each article it records the title,
//! date, categories, tags and permalink that Hexo, Jekyll or Hugo produced. `tests/edge_cases/make` writes these
//! files. Where feedmill differs on purpose, the record gives the reason.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use feedmill::commands::load;
use feedmill::content_path::ContentPath;
use feedmill::disk::FileSnapshot;
use feedmill::feed::select;
use feedmill::library::Library;
use serde::Deserialize;

use crate::loader::loader;

/// A site, and the results of its generator.
#[derive(Debug, Deserialize)]
struct RecordedSite {
    /// The content directory, relative to the site.
    content: String,
    /// Path and text of other files: configuration, pages of sections.
    files: Vec<(String, String)>,
    articles: Vec<Case>,
}

/// An article, and the result of the generator.
#[derive(Debug, Deserialize)]
struct Case {
    /// Relative to the content directory.
    path: String,
    /// The whole file.
    text: String,
    /// `None` if the generator makes no page of it.
    said: Option<Said>,
    /// Set if feedmill reads the article differently on purpose.
    #[serde(default)]
    differs: Option<Differs>,
}

#[derive(Debug, Deserialize)]
struct Differs {
    because: String,
    read: Option<Said>,
}

/// Properties of an article. Those that are absent are not compared.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Said {
    title: Option<String>,
    /// `none` if the article has no date.
    date: Option<String>,
    /// Every category of the article, with all ancestors.
    categories: BTreeSet<Vec<String>>,
    tags: BTreeSet<String>,
    permalink: Option<String>,
}

fn library(site: &Path, content: &str) -> Library {
    let feeds = site.join("feeds");
    fs::create_dir_all(&feeds).unwrap();
    let rules = "home: https://example.org\narticle_url: site\nfuture: show\nfeeds: {limit: 100000}\n";
    fs::write(feeds.join("site.yaml"), rules).unwrap();
    let loaded = loader(site.join(content), &feeds, Some("https://feeds.example.org")).rules().unwrap();
    let now = "2030-01-01T00:00:00Z".parse().unwrap();
    load::first(&loaded, &mut FileSnapshot::new(), now, &|_, _| {}).unwrap()
}

fn read(library: &Library, path: &str) -> Option<Said> {
    let place = ContentPath::new(path);
    let article = library.published(place.as_str())?;
    let entry = select::entry(library, article, library.detail(&place)?);
    let nodes = article.categories.iter().flat_map(|path| {
        let names: Vec<String> = path.iter().map(ToString::to_string).collect();
        (1..=names.len()).map(move |length| names[..length].to_vec())
    });
    Some(Said {
        title: Some(article.title.split_whitespace().collect::<Vec<_>>().join(" ")),
        // As written: feeds give each article of a day another second.
        date: Some(article.dated().map_or_else(|| "none".to_owned(), |date| date.to_rfc3339())),
        categories: nodes.collect(),
        tags: article.tags.iter().map(ToString::to_string).collect(),
        permalink: Some(entry.link.to_string()),
    })
}

/// One line for each property.
fn lines(said: &Said) -> [Option<String>; 5] {
    // Hugo's dates have no fractions of seconds.
    let to_the_second = |date: &String| {
        let instant: Result<DateTime<Utc>, _> = date.parse();
        instant.map_or_else(|_| date.clone(), |instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
    };
    [
        said.title.clone(),
        said.date.as_ref().map(to_the_second),
        Some(said.categories.iter().map(|path| path.join(" > ")).collect::<Vec<_>>().join(" | ")),
        Some(said.tags.iter().cloned().collect::<Vec<_>>().join(" | ")),
        said.permalink.clone(),
    ]
}

/// All differences between a recorded site and feedmill's reading of it, one per line.
fn differences(recorded: &RecordedSite) -> String {
    let site = tempfile::tempdir().unwrap();
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (path, text) in &recorded.files {
        write(site.path().join(path), text);
    }
    for case in &recorded.articles {
        write(site.path().join(&recorded.content).join(&case.path), &case.text);
    }
    let library = library(site.path(), &recorded.content);
    let mut differences = String::new();
    for case in &recorded.articles {
        let found = read(&library, &case.path);
        let (expected, because) = match &case.differs {
            Some(differs) => (&differs.read, &*differs.because),
            None => (&case.said, ""),
        };
        let (Some(expected), Some(found)) = (expected, &found) else {
            if expected.is_some() != found.is_some() {
                writeln!(differences, "{}: expected {expected:?}, read {found:?} {because}", case.path).unwrap();
            }
            continue;
        };
        let keys = ["title", "date", "categories", "tags", "permalink"];
        for ((key, said), found) in keys.iter().zip(lines(expected)).zip(lines(found)) {
            if said.is_some() && said != found {
                writeln!(differences, "{}: {key} is {said:?}, read as {found:?} {because}", case.path).unwrap();
            }
        }
    }
    differences
}

#[test]
fn unusual_articles_read_as_their_generators_read_them() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edge_cases");
    // The variable names another file, for example one that `tests/edge_cases/fuzz_compare` wrote.
    let files: Vec<PathBuf> = match std::env::var_os("FEEDMILL_EDGE_CASES") {
        Some(file) => vec![file.into()],
        None => fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path()).collect(),
    };
    let mut all = String::new();
    let mut articles = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let sites: Vec<RecordedSite> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        for recorded in &sites {
            articles += recorded.articles.len();
            for line in differences(recorded).lines() {
                let config = &recorded.files[0].1;
                writeln!(all, "{}: {line} ({config:?})", file.file_stem().unwrap().display()).unwrap();
            }
        }
    }
    assert!(articles > 0, "no articles were found");
    assert!(all.is_empty(), "{} differences in {articles} articles\n{all}", all.lines().count());
}
