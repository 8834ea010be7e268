//! Every real article reads as its own generator reads it.
//!
//! `witnesses/SITE.json` holds what parsers that are not ours say of every
//! article file of the corpus: Hexo's own, gray-matter, `PyYAML`, tomllib.
//! `witnesses/make` writes it down. The material itself lies beside the
//! checkout and is no part of it; where it is absent, this says so and passes.
//! Knows nothing of feeds: one file goes in, one reading comes out.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use feedmill::article::selection::is_whole_page;
use feedmill::article::{Outcome, Place, Source, read};
use feedmill::cli::LogFormat;
use feedmill::commands::load::Loader;
use feedmill::disk::Ground;
use feedmill::name::Name;
use feedmill::settings::PlaceSettings;
use serde::Deserialize;

/// What the witnesses say of one site.
#[derive(Debug, Deserialize)]
struct Testimony {
    site: String,
    dialect: String,
    /// The content directory, below the site's own.
    content: String,
    files: Vec<Reading>,
}

/// What is read in one file; the keys of a file that is no article are blank.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Reading {
    path: String,
    /// `article`, `hidden` or `no article`.
    outcome: String,
    title: String,
    /// In UTC, or `-`.
    date: String,
    categories: Vec<Vec<String>>,
    tags: Vec<String>,
    /// The first lead image that front matter offers, as written, or `-`.
    lead: String,
    /// When Hugo takes it down, or `-`.
    expires: String,
    /// The first image of the body, as written, or `-`.
    image: String,
}

impl Reading {
    /// Every key with its value, in words.
    fn keys(&self) -> [(&'static str, String); 8] {
        let categories: Vec<String> = self.categories.iter().map(|path| path.join(" > ")).collect();
        [
            ("outcome", self.outcome.clone()),
            ("title", self.title.trim().to_owned()),
            ("date", self.date.clone()),
            ("categories", categories.join(" | ")),
            ("tags", self.tags.join(" | ")),
            ("lead", self.lead.clone()),
            ("expires", self.expires.clone()),
            ("image", self.image.clone()),
        ]
    }
}

/// What feedmill reads in the file at `path` below the content directory.
fn ours(ground: &Ground, path: &str) -> Reading {
    let bytes = fs::read(ground.content.join(path)).unwrap();
    let place = Place::new(path);
    let mut reading = Reading { path: path.to_owned(), ..Reading::default() };
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    let reached = above.into_iter().all(|directory| ground.selection.enters(directory));
    if !reached || !ground.selection.takes(path) || is_whole_page(&bytes) {
        "no article".clone_into(&mut reading.outcome);
        return reading;
    }
    let detailed = read(&Source { place: &place, bytes: &bytes, modified: None }, &ground.options);
    match (detailed.skimmed.outcome, detailed.detail) {
        (Outcome::Article(article), Some(detail)) => {
            let spell = |names: &[Name]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
            "article".clone_into(&mut reading.outcome);
            reading.title = article.title.to_string();
            let spell_date = |date: Option<DateTime<Utc>>| {
                date.map_or_else(|| "-".to_owned(), |date| date.to_rfc3339_opts(SecondsFormat::Secs, true))
            };
            reading.date = spell_date(article.published);
            reading.expires = spell_date(article.expires);
            reading.categories = article.categories.iter().map(|path| spell(path)).collect();
            reading.tags = spell(&article.tags);
            reading.lead = detail.lead.first().map_or_else(|| "-".to_owned(), |lead| lead.reference.to_string());
            reading.image = detail.images.first().map_or_else(|| "-".to_owned(), |image| image.src.to_string());
        }
        (Outcome::Hidden(_), _) => "hidden".clone_into(&mut reading.outcome),
        (outcome, _) => reading.outcome = format!("{outcome:?}"),
    }
    reading
}

/// The site as feedmill would read it under the dialect that the witnesses assume.
fn ground(corpus: &Path, testimony: &Testimony) -> Ground {
    let feeds = tempfile::tempdir().unwrap();
    fs::write(feeds.path().join("site.yaml"), format!("dialect: {}\n", testimony.dialect)).unwrap();
    let places = PlaceSettings {
        content: corpus.join(&testimony.site).join(&testimony.content),
        content_origin: feedmill::site::Origin::Named,
        feeds: feeds.path().to_owned(),
        feeds_given: false,
        base_url: Some("https://feeds.example.org".to_owned()),
        log: LogFormat::Text,
        levels: None,
    };
    Loader::new(&places, String::new()).rules().unwrap().ground
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn every_article_reads_as_its_own_generator_reads_it() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = project.join("../shared/corpus");
    let mut files: Vec<PathBuf> =
        fs::read_dir(project.join("tests/witnesses")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert_eq!(files.len(), 25, "one testimony for every site");

    let mut told = String::new();
    let mut read = 0;
    for file in files {
        let testimony: Testimony = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let ground = ground(&corpus, &testimony);
        read += testimony.files.len();
        for theirs in &testimony.files {
            let ours = ours(&ground, &theirs.path);
            let pairs = theirs.keys().into_iter().zip(ours.keys());
            // Of a file that is left out, nothing more is said than that.
            let told_of = if theirs.outcome == "article" { pairs.len() } else { 1 };
            for ((key, said), (_, found)) in pairs.take(told_of).filter(|((_, said), (_, found))| said != found) {
                writeln!(told, "{}/{}: {key} is {said:?}, read as {found:?}", testimony.site, theirs.path).unwrap();
            }
        }
    }
    assert_eq!(read, 304, "every article file of the corpus has its line");
    assert!(told.is_empty(), "{} disagreements\n{told}", told.lines().count());
}
