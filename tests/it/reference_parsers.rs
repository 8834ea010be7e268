//! Every article of the corpus reads as its own generator reads it.
//!
//! `tests/reference_parsers/SITE.json` holds what other parsers read in every article file of the corpus: Hexo's
//! own, gray-matter, `PyYAML` and tomllib. `tests/reference_parsers/make` writes these files. The corpus lies
//! beside the checkout and is not part of it; without it, the test is ignored.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use feedmill::article::{Outcome, Source, read};
use feedmill::content_path::ContentPath;
use feedmill::disk::ScanConfig;
use feedmill::generator::selection::is_whole_page;
use feedmill::name::Name;
use serde::Deserialize;

use crate::loader::loader;

/// The readings of the reference parsers for one site.
#[derive(Debug, Deserialize)]
struct ReferenceSite {
    site: String,
    dialect: String,
    /// The content directory, relative to the site.
    content: String,
    files: Vec<Reading>,
}

/// Properties of one file. They are empty for a file that is not an article.
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
    /// The first lead image in the front matter, as written, or `-`.
    lead: String,
    /// The date at which Hugo withdraws the article, or `-`.
    expires: String,
    /// The first image of the body, as written, or `-`.
    image: String,
}

impl Reading {
    /// All properties, as text.
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

/// feedmill's reading of the file at `path`, relative to the content directory.
fn ours(scan_config: &ScanConfig, path: &str) -> Reading {
    let bytes = fs::read(scan_config.content.join(path)).unwrap();
    let place = ContentPath::new(path);
    let mut reading = Reading { path: path.to_owned(), ..Reading::default() };
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    let reached = above.into_iter().all(|directory| scan_config.selection.enters(directory));
    if !reached || !scan_config.selection.takes(path) || is_whole_page(&bytes) {
        "no article".clone_into(&mut reading.outcome);
        return reading;
    }
    let detailed = read(&Source { place: &place, bytes: &bytes, modified: None }, &scan_config.options);
    match (detailed.skimmed.outcome, detailed.detail) {
        (Outcome::Article(article), Some(detail)) => {
            let spell = |names: &[Name]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
            "article".clone_into(&mut reading.outcome);
            // A note: generators give it its file name for a title, and feedmill none.
            let name = place.as_str().rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
            let is_note = name.bytes().all(|b| b.is_ascii_digit() || b == b'-') && article.title.is_empty();
            reading.title = if is_note { name.to_owned() } else { article.title.to_string() };
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

/// The content directory, with the generator that the reference parsers assumed.
fn scan_config(corpus: &Path, site: &ReferenceSite) -> ScanConfig {
    let feeds = tempfile::tempdir().unwrap();
    fs::write(feeds.path().join("site.yaml"), format!("dialect: {}\n", site.dialect)).unwrap();
    let content = corpus.join(&site.site).join(&site.content);
    loader(content, feeds.path(), Some("https://feeds.example.org")).rules().unwrap().scan_config
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn every_article_reads_as_its_own_generator_reads_it() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = project.join("../shared/corpus");
    let mut files: Vec<PathBuf> =
        fs::read_dir(project.join("tests/reference_parsers")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert_eq!(files.len(), 25, "one file for each site of the corpus");

    let mut differences = String::new();
    let mut read = 0;
    for file in files {
        let site: ReferenceSite = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let scan_config = scan_config(&corpus, &site);
        read += site.files.len();
        for theirs in &site.files {
            let ours = ours(&scan_config, &theirs.path);
            let pairs = theirs.keys().into_iter().zip(ours.keys());
            // For a file that is not an article, only the outcome is compared.
            let compared = if theirs.outcome == "article" { pairs.len() } else { 1 };
            for ((key, said), (_, found)) in pairs.take(compared).filter(|((_, said), (_, found))| said != found) {
                writeln!(differences, "{}/{}: {key} is {said:?}, read as {found:?}", site.site, theirs.path).unwrap();
            }
        }
    }
    assert_eq!(read, 304, "number of article files in the corpus");
    assert!(differences.is_empty(), "{} differences\n{differences}", differences.lines().count());
}
