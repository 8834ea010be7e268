//! Tests of the disk module on real directories.
//!
//! `TempSite` keeps everything that scans reported, so that a test can compare any sequence of scans with one first scan.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::article::{Outcome, ParseOptions};
use crate::content_path::ContentPath;
use crate::diagnostic::Code;
use crate::generator::selection::Selection;
use crate::library::{File, MediaFacts};
use crate::site::Origin;
use crate::syntax::glob::Globs;

mod bundles;
mod changes;
mod copies;
mod events;
mod images;
mod properties;
mod oddities;
mod outside;
mod pitfalls;
mod swaps;
mod torn;

/// A temporary site, and everything that scans of it have reported.
struct TempSite {
    home: TempDir,
    scan_config: ScanConfig,
    known: FileSnapshot,
    articles: BTreeMap<String, String>,
    /// Problems of paths that several names have.
    taken: BTreeMap<String, String>,
    media: BTreeMap<String, MediaFacts>,
}

impl TempSite {
    /// A site whose content directory is `content`.
    fn new() -> Self {
        Self::at("content")
    }

    fn at(content: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        // On macOS and some build machines, the path of the temporary directory leads through a symbolic link.
        let scan_config = scan_config(&fs::canonicalize(home.path()).unwrap().join(content));
        let (articles, taken, media) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let site = Self { home, scan_config, known: FileSnapshot::new(), articles, taken, media };
        if content == "content" {
            fs::create_dir(site.path("content")).unwrap();
        }
        site
    }

    fn path(&self, below: &str) -> PathBuf {
        fs::canonicalize(self.home.path()).unwrap().join(below)
    }

    fn watch(&self, event_queue: &EventQueue) -> Watch {
        let (directory, image_facts) = (self.path("feeds"), self.path("feeds/images.facts"));
        let feeds = FeedsPaths { directory: &directory, image_facts: &image_facts };
        watch(&self.scan_config, feeds, event_queue).unwrap()
    }

    fn write(&self, below: &str, text: &str) -> PathBuf {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn article(&self, below: &str, title: &str) -> PathBuf {
        self.write(below, &article(title))
    }

    fn scan(&mut self, changed_paths: &ChangedPaths) -> Scan {
        let scan = self.try_scan(changed_paths).unwrap();
        self.apply(&scan.batch);
        scan
    }

    fn try_scan(&mut self, changed_paths: &ChangedPaths) -> Result<Scan, ScanError> {
        self.known.scan(&self.scan_config, changed_paths, &|_, _| ())
    }

    /// Scans everything and returns the paths that were reported.
    fn everything(&mut self) -> Vec<String> {
        reported(&self.scan(&ChangedPaths::Everything))
    }

    /// Scans these paths, as after events, and returns the paths that were reported.
    fn at_paths(&mut self, paths: &[&str]) -> Vec<String> {
        let paths = paths.iter().map(|path| self.path(path)).collect();
        reported(&self.scan(&ChangedPaths::Paths(paths)))
    }

    fn apply(&mut self, batch: &ChangeBatch) {
        for (place, file) in &batch.articles {
            match file {
                Some(file) => self.articles.insert(place.to_string(), summary(file)),
                None => self.articles.remove(place.as_str()),
            };
        }
        for (place, problem) in &batch.taken {
            match problem {
                Some(problem) => self.taken.insert(place.to_string(), problem.to_string()),
                None => self.taken.remove(place.as_str()),
            };
        }
        for (path, facts) in &batch.media {
            match facts {
                Some(facts) => self.media.insert(path.to_string(), facts.clone()),
                None => self.media.remove(&**path),
            };
        }
    }

    /// Asserts that the reports so far add up to the report of a first scan.
    #[track_caller]
    fn agrees(&self) {
        let mut other = FileSnapshot::new();
        let scan = other.scan(&self.scan_config, &ChangedPaths::Everything, &|_, _| ()).unwrap();
        let articles: BTreeMap<String, String> = scan
            .batch
            .articles
            .iter()
            .map(|(place, file)| (place.to_string(), summary(file.as_ref().unwrap())))
            .collect();
        let media: BTreeMap<String, MediaFacts> =
            scan.batch.media.iter().map(|(path, facts)| (path.to_string(), facts.clone().unwrap())).collect();
        let taken = scan.batch.taken.values().flatten().map(ToString::to_string);
        assert_eq!(self.articles, articles);
        assert!(self.taken.values().cloned().eq(taken), "{:?}", self.taken);
        assert_eq!(self.media, media);
        assert_eq!((self.known.articles, self.known.media), (other.articles, other.media));
    }

    /// Makes no file racy any more, as if two seconds had passed.
    fn reconcile(&mut self) {
        for tree in &mut self.known.trees {
            tree.racy.clear();
        }
    }

    fn titles(&self) -> BTreeMap<&str, &str> {
        self.articles.iter().map(|(place, title)| (place.as_str(), title.as_str())).collect()
    }
}

fn scan_config(content: &Path) -> ScanConfig {
    let selection = Selection::new(crate::generator::plain::PLAIN, Globs::default(), content, &|_| false);
    let options = ParseOptions::new(crate::generator::plain::PLAIN);
    let image_roots = ["static", "source"].map(String::from).into();
    ScanConfig {
        content: content.to_owned(),
        root: None,
        rules: RulesState::Settled,
        image_roots,
        image_levels: 1,
        content_origin: Origin::Named,
        image_roots_origin: Origin::Default,
        selection: Arc::new(selection),
        options: Arc::new(options),
    }
}

fn article(title: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-01-02\n---\ntext of {title}\n")
}

/// The title of an article, or why there is none.
fn summary(file: &File) -> String {
    let skimmed = match file {
        File::Metadata(skimmed) => skimmed,
        File::Full(detailed) => &detailed.skimmed,
        File::Unreadable(problem) => return problem.to_string(),
    };
    match &skimmed.outcome {
        Outcome::Article(article) => article.title.to_string(),
        Outcome::Hidden(reason) => reason.as_str().to_owned(),
        Outcome::Broken => skimmed.problems[0].to_string(),
    }
}

/// Runs a test in a thread of the user `nobody`, with a thread pool of the same user: the superuser could read every
/// file.
fn without_rights(test: impl FnOnce() + Send + 'static) {
    let (user, group) = (rustix::fs::Uid::from_raw(65534), rustix::fs::Gid::from_raw(65534));
    let unprivileged = std::thread::spawn(move || {
        // A user who may not change to `nobody` is not the superuser.
        let _ = rustix::thread::set_thread_res_gid(group, group, group);
        let _ = rustix::thread::set_thread_res_uid(user, user, user);
        // New threads have the rights of the thread that starts them.
        rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap().install(test);
    });
    unprivileged.join().unwrap();
}

/// The paths of articles and images in a batch, with a minus sign before those that were removed.
fn reported(scan: &Scan) -> Vec<String> {
    let sign = |gone: bool, name: &str| {
        if gone { format!("-{name}") } else { name.to_owned() }
    };
    let articles = scan.batch.articles.iter().map(|(place, file)| sign(file.is_none(), place.as_str()));
    let media = scan.batch.media.iter().map(|(path, facts)| sign(facts.is_none(), path));
    articles.chain(media).collect()
}
