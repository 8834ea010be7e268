//! What is done to the configuration: whole versions of each file, files that are half written or missing for a moment,
//! and a content directory that is replaced together with its rules.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::deeds::Home;

/// Every generator; none is named where names alone decide.
pub const DIALECTS: &[&str] = &["auto", "hexo", "jekyll", "hugo", "zola"];

/// What site.yaml may say besides.
const SITES: &[&str] =
    &["", "undated: skip\n", "exclude: ['z/**']\n", "ids: permalink\n", "lead_image: {body: false}\n"];
const EDITED: &[&str] = &[
    "title: Edited\norder: updated\nselect: {tags: [one, two]}\n",
    "title: Edited\nselect: {not_categories: [News], title: Title}\n",
];

/// The file of a generator above the content directory, and what it may say.
fn generator(dialect: &str) -> (&'static str, &'static [&'static str]) {
    match dialect {
        "hexo" => {
            ("_config.yml", &["title: H\n", "title: H\nlanguage: fr\n", "exclude: ['x/*']\ntimezone: Asia/Tokyo\n"])
        }
        "jekyll" => (
            "_config.yml",
            &["title: J\n", "exclude: [x]\n", "defaults: [{scope: {path: x}, values: {categories: [handed]}}]\n"],
        ),
        "hugo" => ("hugo.toml", &["title = 'H'\n", "ignoreFiles = ['/z/']\n", "[taxonomies]\ncategory = 'tags'\n"]),
        "zola" => {
            ("config.toml", &["title = 'Z'\n", "title = 'Z'\ndefault_language = 'fr'\n", "ignored_content = ['z']\n"])
        }
        _ => ("authors.yml", &["ann: {name: Ann Lee}\n", "ann: {name: Ann Smith}\n", "bob: {name: Bob}\n"]),
    }
}

/// Pages of a section.
const PAGES: &[&str] = &[
    "---\ntitle: X\n---\n",
    "---\ntitle: X\ncascade: {categories: [handed]}\n---\n",
    "---\ntitle: X\ndraft: true\ncascade: {draft: true}\n---\n",
];

/// A configuration file, by number: site.yaml, a definition, the generator's own, the page of a section.
const FILES: usize = 4;

/// One thing that happens to the configuration.
#[derive(Debug, Clone)]
pub enum RulesDeed {
    /// A file is written whole.
    Write(usize, usize),
    /// A file is cut after so many bytes; it is whole again before it may count.
    Cut(usize, usize),
    /// A file is missing for a moment.
    Miss(usize),
    /// The content directory is replaced by another one, and a file with it.
    Replace(usize, usize),
}

pub fn rules_deed() -> impl Strategy<Value = RulesDeed> {
    let version = 0..SITES.len();
    prop_oneof![
        2 => (0..FILES, version.clone()).prop_map(|(file, version)| RulesDeed::Write(file, version)),
        2 => (0..FILES, 0..90_usize).prop_map(|(file, length)| RulesDeed::Cut(file, length)),
        1 => (0..FILES).prop_map(RulesDeed::Miss),
        1 => (0..FILES - 1, version).prop_map(|(file, version)| RulesDeed::Replace(file, version)),
    ]
}

/// The configuration as it was last written whole.
#[derive(Debug, Clone)]
pub struct Whole {
    dialect: &'static str,
    versions: [usize; FILES],
}

impl Whole {
    pub fn new(dialect: &'static str) -> Self {
        Self { dialect, versions: [0; FILES] }
    }

    fn path(&self, home: &Home, file: usize) -> PathBuf {
        let root = home.root().path();
        match file {
            0 => root.join("feeds/site.yaml"),
            1 => root.join("feeds/edited.yaml"),
            2 => root.join(generator(self.dialect).0),
            _ => home.content().join("x/_index.md"),
        }
    }

    fn text(&self, file: usize) -> String {
        let of = |texts: &[&str]| texts[self.versions[file] % texts.len()].to_owned();
        match file {
            0 => format!(
                "title: Laws\nbase_url: https://feeds.example.org\nfeeds: {{limit: 3}}\nicon: /pic.png\ndialect: {}\n{}",
                self.dialect,
                of(SITES)
            ),
            1 => of(EDITED),
            2 => of(generator(self.dialect).1),
            _ => of(PAGES),
        }
    }

    /// Does it; the paths that an event would name come back.
    pub fn act(&mut self, home: &Home, deed: &RulesDeed) -> Vec<PathBuf> {
        match *deed {
            RulesDeed::Write(file, version) => {
                self.versions[file] = version;
                vec![self.write(home, file)]
            }
            RulesDeed::Cut(file, length) => {
                let (path, text) = (self.path(home, file), self.text(file));
                if path.exists() {
                    let _ = fs::write(&path, &text.as_bytes()[..length.min(text.len())]);
                }
                vec![path]
            }
            RulesDeed::Miss(file) => {
                let path = self.path(home, file);
                let _ = fs::remove_file(&path);
                vec![path]
            }
            RulesDeed::Replace(file, version) => {
                self.versions[file] = version;
                self.write(home, file);
                vec![replace(home)]
            }
        }
    }

    fn write(&self, home: &Home, file: usize) -> PathBuf {
        let path = self.path(home, file);
        // The page of a section is there with its directory.
        if path.parent().is_some_and(Path::is_dir) {
            let _ = fs::write(&path, self.text(file));
        }
        path
    }

    /// Writes every file whole.
    pub fn mend(&self, home: &Home) -> Vec<PathBuf> {
        (0..FILES).map(|file| self.write(home, file)).collect()
    }
}

/// Exchanges the content directory for another one, which has an article by the rules of every generator.
fn replace(home: &Home) -> PathBuf {
    let (content, other, aside) = (home.content(), home.root().path().join("other"), home.root().path().join("aside"));
    for article in ["r.md", "2026-01-02-r.md"] {
        let text = "---\ntitle: Always there\ndate: 2026-01-02\n---\nr\n";
        fs::create_dir_all(&other).unwrap();
        fs::write(other.join(article), text).unwrap();
    }
    fs::rename(&content, &aside).unwrap();
    fs::rename(&other, &content).unwrap();
    fs::rename(&aside, &other).unwrap();
    content
}
