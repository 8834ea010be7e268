//! Editions that are updated after edits, editions that are read afresh, and their comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use feedmill::commands::load::{self, Followed, Loader, RulesCandidate};
use feedmill::diagnostic::Problem;
use feedmill::disk::{ChangedPaths, FileSnapshot, RulesState, ScanConfig, ScanError};
use feedmill::document::Encoding;
use feedmill::edition::{DocumentCache, Edition, Found};
use feedmill::library::{AffectedFeeds, ChangeBatch, Table};
use feedmill::site::{Format, Ids};
use proptest::prelude::*;

use super::edits::{ARTICLES, Home, IMAGES};
use crate::loader::loader;

/// An edition that is updated in the way `serve` does it.
pub struct Watched {
    loader: Loader,
    scan_config: ScanConfig,
    known: FileSnapshot,
    pub edition: Edition,
    /// Time for the configuration, which counts only after it has not changed for a while.
    clock: Instant,
}

impl Watched {
    pub fn new(home: &Home, now: DateTime<Utc>) -> Self {
        let mut loader = loader(home.content(), &home.root().path().join("feeds"), None);
        let (loaded, mut known) = (loader.rules().unwrap(), FileSnapshot::new());
        let library = load::first(&loaded, &mut known, now, &|_, _| {}).unwrap();
        let edition = Edition::first(library, DocumentCache::new(1 << 24));
        Self { loader, scan_config: loaded.scan_config, known, edition, clock: Instant::now() }
    }

    pub fn scan(&mut self, changed_paths: &ChangedPaths, now: DateTime<Utc>) {
        let batch = match self.known.scan(&self.scan_config, changed_paths, &|_, _| {}) {
            Ok(scan) => scan.batch,
            Err(ScanError::Unsettled) => return self.scan(&ChangedPaths::Everything, now),
            // The new directory is read with its own rules, once they have settled.
            Err(ScanError::Replaced) => return,
            Err(ScanError::Vanished { .. }) if self.scan_config.rules == RulesState::Changing => return,
            Err(error) => panic!("{error}"),
        };
        if !batch.is_empty() {
            self.publish(batch, now);
        }
        let library = self.edition.library();
        if now < library.now() || library.next_change().is_some_and(|instant| instant <= now) {
            self.publish(ChangeBatch::default(), now);
        }
    }

    fn publish(&mut self, batch: ChangeBatch, now: DateTime<Utc>) {
        let (library, affected) = self.edition.library().apply(batch, now);
        let (library, affected) = load::complete(library, affected, &mut self.known, &self.scan_config, now);
        self.edition = self.edition.next(library, &affected);
    }

    /// Reads the configuration after `passed` more time. Returns whether all of it is in effect.
    pub fn follow(&mut self, passed: Duration, now: DateTime<Utc>) -> bool {
        self.clock += passed;
        match self.loader.follow(self.clock).unwrap() {
            Followed::Same => self.scan_config.rules = RulesState::Settled,
            Followed::Wait(_) => self.scan_config.rules = RulesState::Changing,
            Followed::Settled(candidate) => {
                self.adopt(*candidate, now);
                return false;
            }
        }
        self.scan_config.rules == RulesState::Settled
    }

    /// Lets time pass until the configuration has settled.
    pub fn settle(&mut self, now: DateTime<Utc>) {
        let settled = (0..10).any(|_| self.follow(Duration::from_secs(11), now));
        assert!(settled, "the configuration never settled");
        self.scan(&ChangedPaths::Everything, now);
    }

    fn adopt(&mut self, candidate: RulesCandidate, now: DateTime<Utc>) {
        let loaded = self.loader.accept(candidate);
        self.scan_config = loaded.scan_config.clone();
        self.known.forget();
        let batch = loop {
            match self.known.scan(&self.scan_config, &ChangedPaths::Everything, &|_, _| {}) {
                Ok(scan) => break scan.batch,
                Err(ScanError::Unsettled) => {}
                Err(error) => panic!("{error}"),
            }
        };
        let (library, _) = loaded.empty_library(now).apply(batch, now);
        let (library, affected) =
            load::complete(library, AffectedFeeds::new(), &mut self.known, &self.scan_config, now);
        self.edition = self.edition.next(library, &affected);
    }

    /// All problems, with those of the configuration.
    pub fn problems(&self) -> Vec<Problem> {
        let library = self.edition.library();
        let of_edition = library.problems().cloned().chain(self.edition.conflicts());
        let all = of_edition.chain(self.loader.problems().iter().cloned());
        let mut all: Vec<Problem> = all.collect();
        all.sort();
        all
    }

    /// The settings that a half-written configuration could change.
    pub fn site(&self) -> (String, Vec<String>, Ids, Vec<(&'static str, String)>) {
        let site = &self.edition.library().rules().site;
        (site.identity.title.clone(), site.exclude.patterns().to_vec(), site.links.ids.clone(), site.taken.clone())
    }
}

/// Every path at which an edition may have a document, an image or a redirect.
pub fn addresses(edition: &Edition) -> BTreeSet<String> {
    let library = edition.library();
    let singles = ["", "categories/", "tags/", "authors/", "feeds/", "feeds.opml", "feeds.json", "feed.css"];
    let mut below: BTreeSet<String> = singles.map(str::to_owned).into();
    for (path, _) in edition.feed_paths() {
        below.insert(path.to_owned());
        below.extend(Format::ALL.map(|format| format!("{path}{}", format.file_name())));
    }
    for key in library.keys() {
        let parent = key.parent().map_or_else(
            || key.kind().directory().map(|directory| format!("{directory}/")).unwrap_or_default(),
            |parent| library.path(&parent),
        );
        for table in [Table::Current, Table::Former] {
            below.insert(format!("{parent}{}/", library.long_slug(key, table)));
            below.insert(library.path_by(key, table));
        }
    }
    for stem in ARTICLES.iter().chain(&["w/a.md", "w/b.md", "w/v/a.md", "w/y/a.md"]) {
        below.insert(format!("articles/{}/", stem.rsplit_once('.').unwrap().0));
        below.insert(format!("articles/{stem}/"));
    }
    below.extend(IMAGES.iter().map(|image| format!("media/{image}")));
    below.into_iter().map(|below| format!("/{}", below.replace('é', "%C3%A9"))).collect()
}

/// The content at a path as text, with its validators.
fn shown(edition: &Edition, address: &str) -> String {
    match edition.find(address) {
        Found::Document(document) => {
            let bytes = document.bytes(Encoding::Identity);
            let text = String::from_utf8_lossy(&bytes);
            format!("{}\n{}\n{:?}\n{}\n{text}", document.media_type, document.etag, document.last_modified, text.len())
        }
        Found::Media(path) => {
            let library = edition.library();
            format!("{path}: {:?} {:?}", library.media(&path), library.visibility(&path))
        }
        other => format!("{other:?}"),
    }
}

/// Fails unless the former path of every feed leads to the feed in one hop.
fn former_paths_redirect(edition: &Edition) -> Result<(), TestCaseError> {
    let library = edition.library();
    for key in library.keys() {
        let (former, current) = (library.path_by(key, Table::Former), library.path(key));
        match edition.find(&format!("/{former}")) {
            Found::Moved(to) => prop_assert!(to.ends_with(&format!("/{current}")), "{former}: {to}"),
            found => prop_assert!(former == current && matches!(found, Found::Document(_)), "{former}: {found:?}"),
        }
    }
    Ok(())
}

/// Fails with the path and the last differing line of the first document that differs.
pub fn agree(watching: &Watched, afresh: &Watched, how: &str) -> Result<(), TestCaseError> {
    let (watched, fresh) = (&watching.edition, &afresh.edition);
    let all: BTreeSet<String> = &addresses(watched) | &addresses(fresh);
    for address in &all {
        let (one, other) = (shown(watched, address), shown(fresh, address));
        if one == other {
            continue;
        }
        let lines = one.lines().zip(other.lines()).skip(2);
        let (one, other) = lines.filter(|(one, other)| one != other).last().unwrap_or((&one, &other));
        return Err(TestCaseError::fail(format!("{how}: {address}\nwatched: {one}\nafresh:  {other}")));
    }
    let reports = |edition: &Edition| {
        let library = edition.library();
        let hidden: BTreeMap<_, _> = library.hidden().map(|(place, reason)| (place.clone(), reason)).collect();
        format!("{hidden:?} {} {:?}", library.len(), library.missing())
    };
    prop_assert_eq!(reports(watched), reports(fresh), "{}: reports", how);
    prop_assert_eq!(watching.problems(), afresh.problems(), "{}: problems", how);
    former_paths_redirect(fresh)?;
    prop_assert_eq!(watched.library().next_change(), fresh.library().next_change(), "{}: next change", how);
    Ok(())
}
