//! Odd articles read, and are addressed, as the generators themselves do.
//!
//! `odd_articles/NAME.json` holds sites of our own making, file by file, and
//! what Hexo or Hugo, run over them, said of every article: title, date,
//! categories, tags and permalink. `odd_articles/make` writes it down. Where
//! feedmill means to differ, the testimony says so with a reason.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use feedmill::article::Place;
use feedmill::cli::LogFormat;
use feedmill::commands::load::{self, Loader};
use feedmill::disk::Known;
use feedmill::feed::select;
use feedmill::library::Library;
use feedmill::settings::PlaceSettings;
use serde::Deserialize;

/// A site, and what its generator said of it.
#[derive(Debug, Deserialize)]
struct Testimony {
    /// The content directory, below the site.
    content: String,
    /// Files that are no articles, by path: configurations.
    files: Vec<(String, String)>,
    articles: Vec<Odd>,
}

/// An odd article, and what its generator said of it.
#[derive(Debug, Deserialize)]
struct Odd {
    /// Below the content directory.
    path: String,
    /// The whole file.
    text: String,
    /// None where the generator has no page for it.
    said: Option<Said>,
    /// Why feedmill reads it otherwise, and how.
    #[serde(default)]
    differs: Option<Differs>,
}

#[derive(Debug, Deserialize)]
struct Differs {
    because: String,
    read: Option<Said>,
}

/// What is said of an article; what is left out is not judged.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Said {
    title: Option<String>,
    /// `none` where there is none.
    date: Option<String>,
    /// Every node of the tree that it is filed under.
    categories: BTreeSet<Vec<String>>,
    tags: BTreeSet<String>,
    permalink: Option<String>,
}

fn library(site: &Path, content: &str) -> Library {
    let feeds = site.join("feeds");
    fs::create_dir_all(&feeds).unwrap();
    let rules = "home: https://example.org\narticle_url: site\nfuture: show\nfeeds: {limit: 100000}\n";
    fs::write(feeds.join("site.yaml"), rules).unwrap();
    let places = PlaceSettings {
        content: site.join(content),
        content_origin: feedmill::site::Origin::Named,
        feeds,
        feeds_given: true,
        base_url: Some("https://feeds.example.org".to_owned()),
        log: LogFormat::Text,
        levels: None,
    };
    let loaded = Loader::new(&places, String::new()).rules().unwrap();
    let now = "2030-01-01T00:00:00Z".parse().unwrap();
    load::first(&loaded, &mut Known::new(), now, &|_| {}).unwrap()
}

fn read(library: &Library, path: &str) -> Option<Said> {
    let place = Place::new(path);
    let article = library.published(place.as_str())?;
    let entry = select::entry(library, article, library.detail(&place)?);
    let nodes = article.categories.iter().flat_map(|path| {
        let names: Vec<String> = path.iter().map(ToString::to_string).collect();
        (1..=names.len()).map(move |length| names[..length].to_vec())
    });
    Some(Said {
        title: Some(article.title.split_whitespace().collect::<Vec<_>>().join(" ")),
        date: Some(article.published.map_or_else(|| "none".to_owned(), |date| date.to_rfc3339())),
        categories: nodes.collect(),
        tags: article.tags.iter().map(ToString::to_string).collect(),
        permalink: Some(entry.link.to_string()),
    })
}

/// What is said, a line a key; none for what is left out.
fn lines(said: &Said) -> [Option<String>; 5] {
    // Hugo's are written to the second.
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

/// Every disagreement with one testimony, in words.
fn disagreements(testimony: &Testimony) -> String {
    let site = tempfile::tempdir().unwrap();
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (path, text) in &testimony.files {
        write(site.path().join(path), text);
    }
    for odd in &testimony.articles {
        write(site.path().join(&testimony.content).join(&odd.path), &odd.text);
    }
    let library = library(site.path(), &testimony.content);
    let mut told = String::new();
    for odd in &testimony.articles {
        let found = read(&library, &odd.path);
        let (expected, because) = match &odd.differs {
            Some(differs) => (&differs.read, &*differs.because),
            None => (&odd.said, ""),
        };
        let (Some(expected), Some(found)) = (expected, &found) else {
            if expected.is_some() != found.is_some() {
                writeln!(told, "{}: expected {expected:?}, read {found:?} {because}", odd.path).unwrap();
            }
            continue;
        };
        let keys = ["title", "date", "categories", "tags", "permalink"];
        for ((key, said), found) in keys.iter().zip(lines(expected)).zip(lines(found)) {
            if said.is_some() && said != found {
                writeln!(told, "{}: {key} is {said:?}, read as {found:?} {because}", odd.path).unwrap();
            }
        }
    }
    told
}

#[test]
fn odd_articles_read_as_their_generators_read_them() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/odd_articles");
    // Any other site can be judged so: its testimony is named by hand.
    let files: Vec<PathBuf> = match std::env::var_os("FEEDMILL_TESTIMONY") {
        Some(file) => vec![file.into()],
        None => fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path()).collect(),
    };
    let mut told = String::new();
    let mut articles = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let testimonies: Vec<Testimony> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        for testimony in &testimonies {
            articles += testimony.articles.len();
            for line in disagreements(testimony).lines() {
                let config = &testimony.files[0].1;
                writeln!(told, "{}: {line} ({config:?})", file.file_stem().unwrap().display()).unwrap();
            }
        }
    }
    assert!(articles > 0, "there are articles to judge");
    assert!(told.is_empty(), "{} disagreements over {articles} articles\n{told}", told.lines().count());
}
