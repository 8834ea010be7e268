//! Loads the real articles of the corpus. Snapshots pin the outcome of every file, and other feed readers
//! parse every document.
//!
//! The corpus lies beside the checkout and is not part of it; without it, these tests are ignored. The
//! snapshots contain paths, dates and codes, but none of the articles' text.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, Utc};
use feedmill::commands::load::{self, Loaded};
use feedmill::diagnostic::{Problem, Severity};
use feedmill::disk::{ChangedPaths, FileSnapshot};
use feedmill::document::Encoding;
use feedmill::edition::{DocumentCache, Edition, Found};
use feedmill::feed::{FeedKey, Format};
use feedmill::library::Library;

use crate::loader::loader;

/// Later than every date in the corpus, so that no article is held back.
fn now() -> DateTime<Utc> {
    "2030-01-01T00:00:00Z".parse().unwrap()
}

/// A site of the corpus, loaded.
struct Site {
    name: String,
    directory: PathBuf,
    loaded: Loaded,
    edition: Edition,
    /// Number of article files that the scan found.
    files: usize,
}

impl Site {
    fn load(directory: &Path) -> Self {
        let name = directory.file_name().unwrap().to_string_lossy().into_owned();
        // Most sites of the corpus have articles only, and no configuration from which to detect the
        // generator.
        let feeds = tempfile::tempdir().unwrap();
        let generator = name.split('-').next().filter(|name| ["hexo", "hugo", "zola"].contains(name));
        if let Some(generator) = generator {
            fs::write(feeds.path().join("site.yaml"), format!("dialect: {generator}\n")).unwrap();
        }
        let loaded = loader(directory.to_owned(), feeds.path(), Some("https://feeds.example.org")).rules().unwrap();
        let mut known = FileSnapshot::new();
        let library = load::first(&loaded, &mut known, now(), &|_, _| {}).unwrap();
        let files = known.scan(&loaded.scan_config, &ChangedPaths::Paths(BTreeSet::new()), &|_, _| {}).unwrap().files;
        let edition = Edition::first(library, DocumentCache::new(1 << 26));
        Self { name, directory: directory.to_owned(), loaded, edition, files }
    }

    fn library(&self) -> &Library {
        self.edition.library()
    }

    fn document(&self, below: &str) -> Vec<u8> {
        match self.edition.find(&format!("/{below}")) {
            Found::Document(document) => document.bytes(Encoding::Identity).to_vec(),
            other => panic!("{}: /{below} is {other:?}", self.name),
        }
    }

    /// Every feed, with its path, its format and the number of entries it should have.
    fn feeds(&self) -> impl Iterator<Item = (String, Format, usize)> {
        let library = self.library();
        library.keys().flat_map(move |key| {
            let limit = library.rules().limit(key);
            let entries = library.members(key).map_or(0, |members| members.len().min(limit));
            Format::ALL.map(|format| (format!("{}{}", library.path(key), format.file_name()), format, entries))
        })
    }

    /// The outcome of every file, as text for the snapshot.
    fn outcomes(&self) -> String {
        let library = self.library();
        let mut outcomes = format!("{}\n{} article files\n", self.loaded.generator, self.files);
        // Writing to a `String` cannot fail.
        let mut line = |text: String| writeln!(outcomes, "{text}").unwrap();
        let members: Vec<_> = library.members(&FeedKey::SITE).unwrap().newest().collect();
        for article in &members {
            let date = article.published.map_or_else(|| "undated".to_owned(), |date| date.to_rfc3339());
            line(format!("{date} {}", article.place));
        }
        let mut seen: BTreeSet<&str> = members.iter().map(|article| article.place.as_str()).collect();
        for (place, reason) in library.hidden() {
            line(format!("hidden {place}: {}", reason.as_str()));
            seen.insert(place.as_str());
        }
        let broken: Vec<&Problem> = library.problems().filter(|problem| problem.severity == Severity::Error).collect();
        for problem in broken {
            line(format!("left out {}: {}", problem.file, problem.code.as_str()));
            seen.insert(&problem.file);
        }
        for path in article_like(&self.directory).iter().filter(|path| !seen.contains(path.as_str())) {
            let is_article = self.loaded.scan_config.selection.takes(path);
            line(format!("{} {path}", if is_article { "expired, or not read" } else { "no article" }));
        }
        let held = library.len() - members.len();
        assert_eq!(seen.len() + held, self.files, "{}: some files have no outcome\n{outcomes}", self.name);
        for problem in self.loaded.problems.iter().chain(library.problems()).chain(&library.conflicts()) {
            let file = Path::new(&*problem.file).strip_prefix(&self.directory).unwrap_or(Path::new(&*problem.file));
            let position = problem.position.map(|position| format!(":{}:{}", position.line, position.column));
            line(format!("{}{} {}", file.display(), position.unwrap_or_default(), problem.code.as_str()));
        }
        outcomes
    }
}

/// Files whose names look like those of articles.
fn article_like(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![directory.to_owned()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(below).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if ["md", "markdown", "html", "mdx"].iter().any(|end| path.extension().is_some_and(|is| is == *end))
            {
                found.insert(path.strip_prefix(directory).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}

/// Every site of the corpus.
fn sites() -> Vec<Site> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let corpus = fs::read_dir(shared.join("corpus")).unwrap();
    let mut directories: Vec<PathBuf> = corpus.map(|entry| entry.unwrap().path()).collect();
    directories.retain(|path| path.is_dir() && !path.ends_with("LICENSES"));
    directories.push(shared.join("samples"));
    directories.sort();
    directories.iter().map(|directory| Site::load(directory)).collect()
}

/// Fails if a corpus appeared after the build script ran, because the build script does not run again by
/// itself.
#[cfg(not(corpus))]
#[test]
fn no_test_is_ignored_while_there_is_a_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    assert!(!corpus.is_dir(), "a corpus has appeared, but the tests that read it are ignored: touch build.rs");
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn the_outcome_of_every_file_is_unchanged() {
    for site in sites() {
        insta::with_settings!({prepend_module_to_snapshot => true, omit_expression => true}, {
            insta::assert_snapshot!(site.name.clone(), site.outcomes());
        });
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn other_feed_readers_find_every_entry() {
    for site in sites() {
        for (path, _, entries) in site.feeds() {
            let feed = feed_rs::parser::parse(&*site.document(&path));
            let feed = feed.unwrap_or_else(|error| panic!("{}: /{path}: {error}", site.name));
            assert_eq!(feed.entries.len(), entries, "{}: /{path}", site.name);
            for entry in feed.entries {
                let place = format!("{}: /{path}: {}", site.name, entry.id);
                assert!(!entry.links.is_empty(), "{place} has no link");
                let has_title = entry.title.is_some_and(|title| !title.content.trim().is_empty());
                // An article whose name is a date, and without a title in its file, is a note.
                let name = entry.links[0].href.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let is_note = name.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                let has_text = entry.summary.is_some() || entry.content.is_some();
                assert!(has_title || (is_note && has_text), "{place} has no title");
            }
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn every_document_is_well_formed() {
    let sites = sites();
    let directory = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for site in &sites {
        let of_feeds = site.feeds().filter(|(_, format, _)| *format != Format::Json).map(|(path, ..)| path);
        for path in of_feeds.chain(["feeds.opml".to_owned()]) {
            let file = directory.path().join(format!("{}.xml", files.len()));
            fs::write(&file, site.document(&path)).unwrap();
            files.push(file);
        }
        let feeds: serde_json::Value = serde_json::from_slice(&site.document("feeds.json")).unwrap();
        assert_eq!(feeds["feeds"].as_array().unwrap().len(), site.edition.feed_count(), "{}", site.name);
    }
    let checked = Command::new("xmllint").args(["--noout", "--nonet"]).args(&files).output();
    match checked {
        Ok(checked) => assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr)),
        Err(error) if std::env::var_os("CI").is_none() => eprintln!("skipped: no xmllint: {error}"),
        Err(error) => panic!("CI needs xmllint: {error}"),
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "there is no ../shared/corpus")]
fn every_page_can_be_rendered() {
    for site in sites() {
        let library = site.library();
        for article in library.members(&FeedKey::SITE).unwrap().newest() {
            if let Some(detail) = library.detail(&article.place) {
                let page = site.edition.article_page(article, detail).bytes(Encoding::Identity);
                assert!(page.ends_with(b"</html>") || page.ends_with(b"</html>\n"), "{}: {}", site.name, article.place);
            }
        }
        for key in library.keys() {
            assert!(!site.document(&library.path(key)).is_empty());
        }
    }
}
