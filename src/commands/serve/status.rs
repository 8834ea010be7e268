//! `/status` of the admin listener: all problems, the watcher and each feed, as JSON and as a page.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::commands::check::place::LastRead;
use crate::commands::problems::{self, ProblemOrigin};
use crate::commands::stats::report;
use crate::diagnostic::Problem;
use crate::document::Encoding;
use crate::edition::Edition;
use crate::feed::{Format, Listing};
use crate::lock::lock;
use crate::server::{Counters, Health, resident_bytes};
use crate::settings::PlaceSettings;
use crate::text::printable_json;

mod figures;
mod page;
mod source;
mod view;

use source::{LineText, SourceLine, line_of};

/// Problems that the JSON gives the source line of. Each may need a file to be read.
const SOURCES: usize = 100;

/// The most feeds and clients of which readers are shown.
const MOST_READERS: usize = 200;

/// The state that `/status` shows. The JSON is made for each request.
#[derive(Debug)]
pub(super) struct Status {
    start: Instant,
    health: Arc<Health>,
    count: Arc<Counters>,
    /// Where the files of problems are.
    places: PlaceSettings,
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
    pub(super) fn new(health: Arc<Health>, count: Arc<Counters>, places: PlaceSettings) -> Self {
        Self { start: Instant::now(), health, count, places, facts: Mutex::default() }
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
        own + edition.map_or(0, |edition| edition.library().problem_count() + edition.conflict_count())
    }

    pub(super) fn json(&self) -> String {
        let (mut status, problems) = self.value();
        let mut last_read = LastRead::default();
        for (index, (problem, origin)) in problems.iter().enumerate().take(SOURCES) {
            if let Some(source) = line_of(problem, *origin, &self.places, &mut last_read) {
                let SourceLine { line, column, text } = source;
                let written = &mut status["problems"][index];
                (written["line"], written["column"]) = (line.into(), column.into());
                if let Some(LineText { before, at, after }) = text {
                    written["source"] = format!("{before}{at}{after}").into();
                }
            }
        }
        printable_json(&format!("{status}\n")).into_owned()
    }

    /// The dashboard for the query of a request.
    pub(super) fn page(&self, query: &str) -> String {
        let (status, problems) = self.value();
        let last_read = RefCell::new(LastRead::default());
        page::page(&status, query, &|index| {
            let (problem, origin) = problems.get(index)?;
            line_of(problem, *origin, &self.places, &mut last_read.borrow_mut())
        })
    }

    /// The status without source lines, and its problems in the same order.
    fn value(&self) -> (Value, Vec<(Problem, ProblemOrigin)>) {
        let now = Utc::now();
        let (edition, mut problems, mut status) = {
            let facts = self.facts();
            let problems: Vec<_> =
                facts.problems.iter().map(|problem| (problem.clone(), ProblemOrigin::Rules)).collect();
            let head = json!({
                "version": env!("CARGO_PKG_VERSION"),
                "uptime_seconds": self.start.elapsed().as_secs(),
                "edition": facts.number,
                "phase": self.health.phase_name(now),
                "watch": self.health.watch(now),
                "memory": { "resident_bytes": resident_bytes() },
            });
            (facts.edition.clone(), problems, head)
        };
        status["loading"] = edition.is_none().into();
        let Some(edition) = edition else {
            status["problems"] = problems.iter().map(|(problem, _)| written(problem)).collect();
            return (status, problems);
        };
        let library = edition.library();
        status["title"] = library.rules().site.identity.title.as_str().into();
        status["base"] = edition.base().as_str().into();
        status["articles"] = json!({
            "published": library.published_count(),
            "not_due": library.len() - library.published_count(),
            "hidden": library.hidden().map(|(place, reason)| json!({ "file": place.as_str(), "reason": reason.as_str() })).collect::<Vec<_>>(),
        });
        let of_articles = library.problems().map(|problem| (problem.clone(), ProblemOrigin::Article));
        let hidden: HashSet<&str> = library.hidden().map(|(place, _)| place.as_str()).collect();
        problems.extend(of_articles.chain(problems::of_library(&edition)).map(|(problem, origin)| {
            let is_hidden = origin == ProblemOrigin::Article && hidden.contains(&*problem.file);
            (problem, if is_hidden { ProblemOrigin::Hidden } else { origin })
        }));
        status["problems"] = problems.iter().map(|(problem, _)| written(problem)).collect();
        status["readers"] = report::value(&self.count.readers.report(), MOST_READERS);
        status["hubs"] = self.count.hubs.json();
        status["feeds"] = edition.catalogue().listings.iter().map(|listing| feed(&edition, listing)).collect();
        let (used, limit) = edition.cached_documents();
        status["cache"] = json!({ "documents_bytes": used, "documents_limit": limit });
        let remote = || library.remote_images().iter().map(|(_, image)| image.state);
        status["images"] = json!({
            "local": library.media_count(),
            "remote": remote().count(),
            "remote_dead": remote().filter(|state| state.is_dead()).count(),
        });
        (status, problems)
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
            "etag": document.etag,
            "last_modified": document.last_modified.map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true)),
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

fn written(problem: &Problem) -> Value {
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
