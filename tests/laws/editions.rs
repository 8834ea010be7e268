//! Editions: one that follows hints, one made afresh, and whether they agree.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use feedmill::commands::load::{self, Loaded};
use feedmill::disk::{Hints, Known, LookError};
use feedmill::document::Encoding;
use feedmill::edition::{Edition, Found, Shelf};
use feedmill::library::ChangeBatch;
use feedmill::site::Format;
use proptest::prelude::*;

use crate::deeds::{ARTICLES, Home, IMAGES};

/// An edition that is kept fresh as `serve` does it.
pub struct Watched {
    loaded: Loaded,
    known: Known,
    pub edition: Edition,
}

impl Watched {
    pub fn new(home: &Home, now: DateTime<Utc>) -> Self {
        let loaded = home.loaded();
        let mut known = Known::new();
        let library = load::first(&loaded, &mut known, now, &|_| {}).unwrap();
        Self { loaded, known, edition: Edition::first(library, Shelf::new(1 << 24)) }
    }

    pub fn look(&mut self, hints: &Hints, now: DateTime<Utc>) {
        let batch = match self.known.look(&self.loaded.ground, hints, &|_| {}) {
            Ok(look) => look.batch,
            Err(LookError::Unsettled) => return self.look(&Hints::Everything, now),
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
        let (library, touched) = self.edition.library().apply(batch, now);
        let (library, touched) = load::complete(library, touched, &mut self.known, &self.loaded.ground, now);
        self.edition = self.edition.next(library, &touched);
    }
}

/// Every address at which an edition has something.
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
        below.insert(format!("{parent}{}/", library.long_slug(key)));
    }
    for stem in ARTICLES.iter().chain(&["w/a.md", "w/b.md", "w/v/a.md", "w/y/a.md"]) {
        below.insert(format!("articles/{}/", stem.rsplit_once('.').unwrap().0));
        below.insert(format!("articles/{stem}/"));
    }
    below.extend(IMAGES.iter().map(|image| format!("media/{image}")));
    below.into_iter().map(|below| format!("/{}", below.replace('é', "%C3%A9"))).collect()
}

/// What stands at an address, with its validators.
fn shown(edition: &Edition, address: &str) -> String {
    match edition.find(address) {
        Found::Document(document) => {
            let bytes = document.bytes(Encoding::Identity);
            let text = String::from_utf8_lossy(&bytes);
            format!("{}\n{}\n{:?}\n{}\n{text}", document.media_type, document.etag, document.last_modified, text.len())
        }
        Found::Media(path) => {
            let library = edition.library();
            format!("{path}: {:?} {:?}", library.image(&path), library.visibility(&path))
        }
        other => format!("{other:?}"),
    }
}

/// Fails with the first line of the first address at which two editions differ.
pub fn agree(watched: &Edition, fresh: &Edition, how: &str) -> Result<(), TestCaseError> {
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
        let problems: Vec<String> = library.problems().chain(&library.disputes()).map(ToString::to_string).collect();
        format!("{problems:?} {hidden:?} {} {:?}", library.len(), library.missing())
    };
    prop_assert_eq!(reports(watched), reports(fresh), "{}: reports", how);
    prop_assert_eq!(watched.library().next_change(), fresh.library().next_change(), "{}: what is due", how);
    Ok(())
}
