//! A site built in memory, without a disk, clock or port.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::article::{Outcome, Source, read};
use feedmill::content_path::ContentPath;
use feedmill::document::Encoding;
use feedmill::edition::{DocumentCache, Edition, Found};
use feedmill::library::{ChangeBatch, File, Library, MediaFacts};
use feedmill::site::{RawSite, Rules, SiteInputs};

use super::author::Article;

pub const FORMATS: [&str; 3] = ["rss.xml", "atom.xml", "feed.json"];

/// The public URL of every test site.
pub const BASE: &str = "https://feeds.example.org/";

pub struct TestSite {
    edition: Edition,
    /// The text of each file.
    texts: BTreeMap<ContentPath, String>,
}

/// Id, link and title of an entry of our JSON Feed.
pub struct Entry {
    pub id: String,
    pub link: String,
    pub title: String,
}

fn now() -> DateTime<Utc> {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

impl TestSite {
    /// Adds all articles in one batch; `site` is the text of site.yaml.
    pub fn of(articles: &[Article], site: &str) -> Self {
        Self::of_files(&files(articles), site, usize::MAX)
    }

    /// Adds one article after the other.
    pub fn one_by_one(articles: &[Article], site: &str) -> Self {
        Self::of_files(&files(articles), site, 1)
    }

    /// Adds files, given as path and text, with `at_once` in each batch.
    pub fn of_files(files: &[(String, String)], site: &str, at_once: usize) -> Self {
        Self::new(files, &[], site, at_once)
    }

    /// Adds files, given as path and text, and images, given as paths.
    pub fn with_images(files: &[(String, String)], images: &[String]) -> Self {
        Self::new(files, images, "", usize::MAX)
    }

    fn new(files: &[(String, String)], images: &[String], site: &str, at_once: usize) -> Self {
        let situation = SiteInputs {
            base_url: Some(BASE),
            bound: "http://127.0.0.1:1",
            ..SiteInputs::new(feedmill::generator::plain::PLAIN)
        };
        let site = RawSite::parse("feeds/site.yaml", site).unwrap().check(situation).unwrap();
        let rules = Arc::new(Rules::new(site, BTreeMap::new()));
        let mut library = Library::empty(Arc::clone(&rules), now());
        for some in files.chunks(at_once.min(files.len()).max(1)) {
            let mut batch = ChangeBatch::default();
            for (path, text) in some {
                let place = ContentPath::new(path);
                let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
                let detailed = read(&source, &rules.site.options);
                batch.articles.insert(place, Some(File::Full(Box::new(detailed))));
            }
            library = library.apply(batch, now()).0;
        }
        let facts = MediaFacts {
            file: "x".into(),
            length: 9,
            media_type: "image/png",
            exposure: feedmill::generator::selection::Exposure::OfArticles,
            width: None,
            height: None,
            duration: None,
        };
        let images = images.iter().map(|path| (ContentPath::new(path).shared(), Some(facts.clone()))).collect();
        library = library.apply(ChangeBatch { media: images, ..ChangeBatch::default() }, now()).0;
        let texts = files.iter().map(|(path, text)| (ContentPath::new(path), text.clone())).collect();
        Self { edition: Edition::first(library, DocumentCache::new(1 << 20)), texts }
    }

    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Renders the page of an article from its file.
    pub fn article_page(&self, place: &ContentPath) -> String {
        let source = Source { place, bytes: self.texts[place].as_bytes(), modified: None };
        let read = read(&source, &self.edition.library().rules().site.options);
        let (Outcome::Article(article), Some(detail)) = (read.skimmed.outcome, read.detail) else {
            panic!("{place} is not an article");
        };
        String::from_utf8(self.edition.article_page(&article, &detail).bytes(Encoding::Identity).to_vec()).unwrap()
    }

    pub fn document(&self, below: &str) -> Vec<u8> {
        match self.edition.find(&format!("/{below}")) {
            Found::Document(document) => document.bytes(Encoding::Identity).to_vec(),
            other => panic!("/{below} is {other:?}"),
        }
    }

    pub fn entries(&self) -> Vec<Entry> {
        let feed: serde_json::Value = serde_json::from_slice(&self.document("feed.json")).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let items = feed["items"].as_array().unwrap().iter();
        items
            .map(|item| Entry { id: text(&item["id"]), link: text(&item["url"]), title: text(&item["title"]) })
            .collect()
    }
}

fn files(articles: &[Article]) -> Vec<(String, String)> {
    articles.iter().map(|article| (article.place(), article.source())).collect()
}
