//! `/status` of the admin listener: all problems, the watcher and each feed, as JSON and as a page.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::commands::stats::report;
use crate::diagnostic::Problem;
use crate::document::Encoding;
use crate::edition::Edition;
use crate::feed::{Format, Listing};
use crate::lock::lock;
use crate::server::{Health, Readers};
use crate::text::printable_json;

mod page;

/// The most feeds and clients of which readers are shown.
const MOST_READERS: usize = 200;

/// The state that `/status` shows. The JSON is made for each request.
#[derive(Debug)]
pub(super) struct Status {
    start: Instant,
    health: Arc<Health>,
    readers: Arc<Readers>,
    facts: Mutex<StatusFacts>,
}

#[derive(Debug, Default)]
struct StatusFacts {
    edition: Option<Arc<Edition>>,
    number: u64,
    problems: Vec<Problem>,
}

impl Status {
    /// The status of a program that starts now.
    pub(super) fn new(health: Arc<Health>, readers: Arc<Readers>) -> Self {
        Self { start: Instant::now(), health, readers, facts: Mutex::default() }
    }

    pub(super) fn publish(&self, edition: Arc<Edition>, number: u64, problems: Vec<Problem>) {
        let mut facts = self.facts();
        facts.edition = Some(edition);
        facts.number = number;
        facts.problems = problems;
    }

    /// The number of problems that `/status` lists.
    pub(super) fn problem_count(&self) -> usize {
        let (edition, own) = {
            let facts = self.facts();
            (facts.edition.clone(), facts.problems.len())
        };
        own + edition.map_or(0, |edition| edition.library().problem_count() + edition.conflicts().len())
    }

    pub(super) fn json(&self) -> String {
        printable_json(&format!("{}\n", self.value())).into_owned()
    }

    pub(super) fn page(&self) -> String {
        page::page(&self.value())
    }

    fn value(&self) -> Value {
        let (edition, mut status) = {
            let facts = self.facts();
            let problems: Vec<Value> = facts.problems.iter().map(problem).collect();
            let head = json!({
                "version": env!("CARGO_PKG_VERSION"),
                "uptime_seconds": self.start.elapsed().as_secs(),
                "edition": facts.number,
                "watch": self.health.watch(Utc::now()),
                "problems": problems,
            });
            (facts.edition.clone(), head)
        };
        let Some(edition) = edition else {
            status["loading"] = true.into();
            return status;
        };
        let library = edition.library();
        status["loading"] = false.into();
        status["title"] = library.rules().site.identity.title.as_str().into();
        status["base"] = edition.base().as_str().into();
        status["articles"] = json!({
            "published": library.published_count(),
            "not_due": library.len() - library.published_count(),
            "hidden": library.hidden().map(|(place, reason)| json!({ "file": place.as_str(), "reason": reason.as_str() })).collect::<Vec<_>>(),
        });
        if let Some(problems) = status["problems"].as_array_mut() {
            problems.extend(library.problems().map(problem));
            problems.extend(edition.conflicts().iter().map(problem));
        }
        status["readers"] = report::value(&self.readers.report(), MOST_READERS);
        status["feeds"] = edition.catalogue().listings.iter().map(|listing| feed(&edition, listing)).collect();
        status
    }

    fn facts(&self) -> MutexGuard<'_, StatusFacts> {
        // Facts are consistent after every statement, so a poisoned lock is harmless.
        lock(&self.facts)
    }
}

/// A feed: its size, its newest entry, and the documents that are rendered.
fn feed(edition: &Edition, listing: &Listing) -> Value {
    let entries = edition.entries(&listing.key);
    let rendered = edition.rendered(&listing.key).into_iter().map(|(format, document): (Format, _)| {
        json!({
            "document": format.file_name(),
            "bytes": document.length(Encoding::Identity),
            "gzip": document.length(Encoding::Gzip),
            "br": document.length(Encoding::Brotli),
        })
    });
    json!({
        "kind": listing.key.kind().as_str(),
        "title": listing.title.as_str(),
        "page": listing.addresses.page.as_str(),
        "count": listing.count,
        "entries": entries.len(),
        "updated": listing.updated.map(|updated| updated.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "newest": entries.first().map(|entry| entry.title.as_str()),
        "rendered": rendered.collect::<Vec<_>>(),
    })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "file": &*problem.file,
        "line": problem.position.map(|position| position.line),
        "column": problem.position.map(|position| position.column),
        "severity": problem.severity.as_str(),
        "code": problem.code.as_str(),
        "message": problem.message,
        "help": problem.help,
    })
}
