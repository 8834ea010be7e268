//! Edits of the configuration: new versions of each file, files that are half written or missing for a
//! moment, and a content directory that is replaced together with its rules.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::edits::Home;

/// Values of the `dialect` key; `auto` detects the generator from the names of files alone.
pub const DIALECTS: &[&str] = &["auto", "hexo", "jekyll", "hugo", "zola"];

/// Further lines of site.yaml.
const SITES: &[&str] =
    &["", "undated: skip\n", "exclude: ['z/**']\n", "ids: permalink\n", "lead_image: {body: false}\n"];
const EDITED: &[&str] = &[
    "title: Edited\norder: updated\nselect: {tags: [one, two]}\n",
    "title: Edited\nselect: {not_categories: [News], title: Title}\n",
];

/// The configuration file of a generator above the content directory, and its possible contents.
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

/// Possible contents of the page of a section.
const PAGES: &[&str] = &[
    "---\ntitle: X\n---\n",
    "---\ntitle: X\ncascade: {categories: [handed]}\n---\n",
    "---\ntitle: X\ndraft: true\ncascade: {draft: true}\n---\n",
];

/// Number of configuration files: site.yaml, a definition, the configuration of the generator, the page of a
/// section. An edit names one by its number in this order.
const FILES: usize = 4;

/// One change to the configuration.
#[derive(Debug, Clone)]
pub enum RulesEdit {
    /// Writes a version of a file.
    Write(usize, usize),
    /// Cuts a file to a number of bytes; `mend` writes it in full again.
    Cut(usize, usize),
    /// Removes a file; `mend` writes it again.
    Miss(usize),
    /// Replaces the content directory by another one, and a file with it.
    Replace(usize, usize),
}

pub fn rules_edit() -> impl Strategy<Value = RulesEdit> {
    let version = 0..SITES.len();
    prop_oneof![
        2 => (0..FILES, version.clone()).prop_map(|(file, version)| RulesEdit::Write(file, version)),
        2 => (0..FILES, 0..90_usize).prop_map(|(file, length)| RulesEdit::Cut(file, length)),
        1 => (0..FILES).prop_map(RulesEdit::Miss),
        1 => (0..FILES - 1, version).prop_map(|(file, version)| RulesEdit::Replace(file, version)),
    ]
}

/// The configuration that is currently written, or will be after `mend`.
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

    /// Applies an edit, and returns the paths that an event would name.
    pub fn act(&mut self, home: &Home, edit: &RulesEdit) -> Vec<PathBuf> {
        match *edit {
            RulesEdit::Write(file, version) => {
                self.versions[file] = version;
                vec![self.write(home, file)]
            }
            RulesEdit::Cut(file, length) => {
                let (path, text) = (self.path(home, file), self.text(file));
                if path.exists() {
                    let _ = fs::write(&path, &text.as_bytes()[..length.min(text.len())]);
                }
                vec![path]
            }
            RulesEdit::Miss(file) => {
                let path = self.path(home, file);
                let _ = fs::remove_file(&path);
                vec![path]
            }
            RulesEdit::Replace(file, version) => {
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

    /// Writes every file in full.
    pub fn mend(&self, home: &Home) -> Vec<PathBuf> {
        (0..FILES).map(|file| self.write(home, file)).collect()
    }
}

/// Exchanges the content directory for another one, which holds an article under the rules of every
/// generator.
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
