//! `/status`: every problem, the watcher, each feed, as JSON.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::diagnostic::Problem;
use crate::edition::Edition;
use crate::server::Health;

/// What is known, made into JSON when somebody asks.
#[derive(Debug)]
pub(super) struct Status {
    health: Arc<Health>,
    facts: Mutex<Facts>,
}

#[derive(Debug, Default)]
struct Facts {
    edition: Option<Arc<Edition>>,
    number: u64,
    problems: Vec<Problem>,
}

impl Status {
    /// Of a server that loads.
    pub(super) fn new(health: Arc<Health>) -> Self {
        Self { health, facts: Mutex::default() }
    }

    /// An edition was published.
    pub(super) fn publish(&self, edition: Arc<Edition>, number: u64, problems: Vec<Problem>) {
        let mut facts = self.facts();
        facts.edition = Some(edition);
        facts.number = number;
        facts.problems = problems;
    }

    /// All of it.
    pub(super) fn json(&self) -> String {
        let (edition, head) = {
            let facts = self.facts();
            let problems: Vec<Value> = facts.problems.iter().map(problem).collect();
            let head = json!({ "edition": facts.number, "watch": self.health.watch(Utc::now()), "problems": problems });
            (facts.edition.clone(), head)
        };
        let mut status = head;
        let Some(edition) = edition else {
            status["loading"] = true.into();
            return status.to_string();
        };
        let library = edition.library();
        status["loading"] = false.into();
        status["articles"] = json!({
            "published": library.published_count(),
            "not_due": library.len() - library.published_count(),
            "hidden": library.hidden().map(|(place, reason)| json!({ "file": place.as_str(), "reason": reason })).collect::<Vec<_>>(),
        });
        if let Some(problems) = status["problems"].as_array_mut() {
            problems.extend(library.problems().map(problem));
            problems.extend(edition.disputes().iter().map(problem));
        }
        let feeds = edition.catalogue().listings.iter().map(|listing| {
            json!({
                "kind": listing.key.kind().as_str(),
                "title": listing.title.as_str(),
                "page": listing.addresses.page.as_str(),
                "count": listing.count,
                "updated": listing.updated.map(|updated| updated.to_rfc3339_opts(SecondsFormat::Secs, true)),
            })
        });
        status["feeds"] = feeds.collect();
        status.to_string()
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        // Facts are whole after every statement.
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
