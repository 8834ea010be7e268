//! Health: whether the server is ready, and whether what it serves is fresh.
//!
//! Knows what others report to it, and is the only place where staleness is
//! kept. Finds nothing out by itself; reads the clock for the age of a look
//! alone.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::headers;
use super::response::Response;
use crate::text::printable_json;

/// Where in its life the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before the first load is done.
    Loading,
    /// Loaded, but the clock is wrong: which articles are due is not known yet.
    Clock,
    /// Serving.
    Ready,
    /// Still answering, about to stop.
    Draining,
}

/// Why what is served may be old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The content vanished, so the last state stays.
    Content,
    /// The watcher failed, so changes may go unseen.
    Watcher,
    /// The clock was set back, so what becomes due is not published.
    Clock,
}

/// What a look at the disk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All was as it was known.
    Same,
    /// So many files were different.
    Different(usize),
    /// The directory was replaced while it was read: another look follows.
    Unsettled,
    /// The content is gone: the last state stays.
    Vanished,
}

impl Outcome {
    /// The words for metrics.
    pub(super) const WORDS: [&str; 4] = ["same", "different", "unsettled", "vanished"];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different(_) => "different",
            Self::Unsettled => "unsettled",
            Self::Vanished => "vanished",
        }
    }
}

/// What is reported, by threads that know, to requests that ask.
#[derive(Debug)]
pub struct Health {
    /// A clock before this moment is wrong.
    earliest: DateTime<Utc>,
    start: Instant,
    phase: AtomicU8,
    /// Milliseconds since the start: the watcher's last sign of life, and when
    /// the next one is due, plus one. Zero before the first.
    alive: AtomicU64,
    due: AtomicU64,
    facts: Mutex<Facts>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            earliest: DateTime::UNIX_EPOCH,
            start: Instant::now(),
            phase: AtomicU8::new(0),
            alive: AtomicU64::new(0),
            due: AtomicU64::new(0),
            facts: Mutex::default(),
        }
    }
}

#[derive(Debug, Default)]
struct Facts {
    content: Option<String>,
    watcher: Option<String>,
    clock: Option<String>,
    mode: Option<&'static str>,
    /// Why it is not by events, where they were wanted.
    why: Option<String>,
    look: Option<(DateTime<Utc>, Outcome)>,
}

impl Health {
    /// The health of a server that loads.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for a program that did not exist before a moment: a clock that
    /// shows an earlier one is wrong.
    #[must_use]
    pub fn not_before(self, earliest: DateTime<Utc>) -> Self {
        Self { earliest, ..self }
    }

    /// Where the server is.
    pub fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Loading,
            1 => Phase::Ready,
            3 => Phase::Clock,
            _ => Phase::Draining,
        }
    }

    /// Whether polls are welcome.
    pub(super) fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.phase() == Phase::Ready && now >= self.earliest
    }

    /// The first load is done, and the clock is right. A server that drains goes
    /// on draining.
    pub fn loaded(&self) {
        self.enter(1);
    }

    /// The first load is done, but the clock is wrong.
    pub fn wait_for_clock(&self) {
        self.enter(3);
    }

    fn enter(&self, phase: u8) {
        let _ = self.phase.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| (now != 2).then_some(phase));
    }

    /// The watcher makes progress, and shows it again within this time.
    pub fn alive(&self, within: Duration) {
        let now = self.start.elapsed();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.alive.store(ms(now), Ordering::Relaxed);
        self.due.store(ms(now + within).saturating_add(1), Ordering::Relaxed);
    }

    /// Why the watcher is stuck, if it is. Computed by the thread that asks,
    /// because a watcher that waits for a dead disk cannot say so.
    fn stuck(&self) -> Option<String> {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let due = self.due.load(Ordering::Relaxed);
        let silent = now.saturating_sub(self.alive.load(Ordering::Relaxed)) / 1000;
        (due > 0 && now + 1 >= due).then(|| format!("the watcher has made no progress for {silent} s"))
    }

    /// A stop was asked for: load balancers shall look elsewhere.
    pub fn drain(&self) {
        self.phase.store(2, Ordering::Relaxed);
    }

    /// What is served may be old, for this reason.
    pub fn stale(&self, cause: Cause, reason: impl Into<String>) {
        *self.facts().of(cause) = Some(reason.into());
    }

    /// That cause is gone.
    pub fn fresh(&self, cause: Cause) {
        *self.facts().of(cause) = None;
    }

    /// Whether any cause stands.
    pub fn is_stale(&self) -> bool {
        !self.facts().reasons().is_empty() || self.stuck().is_some()
    }

    /// Whether this cause stands.
    pub fn is_stale_for(&self, cause: Cause) -> bool {
        self.facts().of(cause).is_some()
    }

    /// How changes are found: `events`, `poll`, `off`; and why not by events,
    /// where these were wanted.
    pub fn watching(&self, mode: &'static str, why: Option<&str>) {
        let mut facts = self.facts();
        facts.mode = Some(mode);
        facts.why = why.map(str::to_owned);
    }

    /// When the disk was last looked at, and what came of it.
    pub fn looked(&self, at: DateTime<Utc>, outcome: Outcome) {
        self.facts().look = Some((at, outcome));
    }

    /// How changes are found.
    pub(super) fn mode(&self) -> Option<&'static str> {
        self.facts().mode
    }

    /// When the disk was last looked at.
    pub(super) fn last_look(&self) -> Option<DateTime<Utc>> {
        self.facts().look.map(|(at, _)| at)
    }

    /// The watcher's part of `/readyz` and `/status`, as of a moment.
    pub fn watch(&self, now: DateTime<Utc>) -> Map<String, Value> {
        self.facts().watch(now, self.stuck().as_deref())
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        // Facts are whole after every statement.
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Facts {
    fn of(&mut self, cause: Cause) -> &mut Option<String> {
        match cause {
            Cause::Content => &mut self.content,
            Cause::Watcher => &mut self.watcher,
            Cause::Clock => &mut self.clock,
        }
    }

    fn reasons(&self) -> Vec<&str> {
        [&self.content, &self.watcher, &self.clock].into_iter().flatten().map(String::as_str).collect()
    }

    fn watch(&self, now: DateTime<Utc>, stuck: Option<&str>) -> Map<String, Value> {
        let mut watch = Map::new();
        watch.extend(self.mode.map(|mode| ("watcher".into(), mode.into())));
        watch.extend(self.why.as_ref().map(|why| ("watcher_reason".into(), why.as_str().into())));
        if let Some((at, outcome)) = self.look {
            watch.insert("last_look".into(), at.to_rfc3339_opts(SecondsFormat::Millis, true).into());
            // A clock that was set back makes no look younger than none.
            let age = (now - at).as_seconds_f64().max(0.0);
            watch.insert("last_look_age_seconds".into(), ((age * 1000.0).round() / 1000.0).into());
            watch.insert("last_look_result".into(), outcome.word().into());
            if let Outcome::Different(files) = outcome {
                watch.insert("last_look_files".into(), files.into());
            }
        }
        let mut reasons = self.reasons();
        reasons.extend(stuck);
        watch.insert("stale".into(), (!reasons.is_empty()).into());
        if !reasons.is_empty() {
            watch.insert("reason".into(), reasons.join("; ").into());
        }
        watch
    }
}

/// `/healthz`: alive.
pub(super) fn alive() -> Response {
    Response::now(StatusCode::OK, headers::JSON, Bytes::from_static(b"{\"status\":\"ok\"}\n"))
}

/// `/readyz`: 200 while polls are welcome. Stale is ready all the same: an old
/// feed is better than none.
pub(super) fn ready(health: &Health) -> Response {
    let phase = health.phase();
    let now = Utc::now();
    let is_ready = health.is_ready(now);
    let word = match phase {
        Phase::Loading => "loading",
        Phase::Draining => "draining",
        Phase::Ready if is_ready => "ready",
        // What was judged by a clock that was right is still served.
        Phase::Ready | Phase::Clock => "clock",
    };
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut object = Map::new();
    object.insert("ready".into(), is_ready.into());
    object.insert("phase".into(), word.into());
    object.extend(health.watch(now));
    let text = format!("{}\n", Value::Object(object));
    let mut response = Response::now(status, headers::JSON, printable_json(&text).into_owned());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers::try_again(&mut response.headers);
    }
    response
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::server::response::Body;

    fn request(health: &Health) -> (u16, Value) {
        let response = ready(health);
        let Body::Bytes(bytes) = response.body else { panic!("no body") };
        (response.status.as_u16(), serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn it_is_ready_from_the_first_load_until_it_drains() {
        let health = Health::new();
        assert_eq!(request(&health).0, 503);
        assert_eq!(request(&health).1["ready"], false);
        health.loaded();
        assert_eq!(request(&health).0, 200);
        assert_eq!(request(&health).1["ready"], true);
        health.drain();
        health.loaded();
        assert_eq!(request(&health).0, 503);
        assert_eq!(request(&health).1["phase"], "draining");
    }

    #[test]
    fn it_is_not_ready_while_the_clock_is_before_the_programs_own_date() {
        let health = Health::new().not_before(Utc::now() + TimeDelta::days(1));
        health.wait_for_clock();
        assert_eq!((request(&health).0, &request(&health).1["phase"]), (503, &"clock".into()));
        // The clock was right once, and was set back.
        health.loaded();
        assert_eq!((request(&health).0, &request(&health).1["phase"]), (503, &"clock".into()));
        let health = Health::new().not_before(Utc::now() - TimeDelta::days(1));
        health.wait_for_clock();
        assert_eq!(request(&health).0, 503, "until the articles were judged again");
        health.loaded();
        assert_eq!(request(&health).0, 200);
        health.drain();
        health.wait_for_clock();
        assert_eq!(request(&health).1["phase"], "draining");
    }

    #[test]
    fn a_watcher_that_makes_no_progress_is_stale() {
        let health = Health::new();
        health.loaded();
        assert_eq!(request(&health).1["stale"], false, "it has not begun");
        health.alive(Duration::ZERO);
        assert!(health.is_stale());
        let (status, json) = request(&health);
        assert_eq!((status, &json["stale"]), (200, &Value::Bool(true)));
        assert!(json["reason"].as_str().unwrap().contains("the watcher has made no progress for 0 s"), "{json}");
        health.alive(Duration::from_mins(1));
        assert_eq!(request(&health).1["reason"], Value::Null);
    }

    #[test]
    fn a_stale_server_is_ready_and_says_why() {
        let health = Health::new();
        health.loaded();
        health.watching("poll", Some("it is on NFS"));
        health.looked(DateTime::from_timestamp(1_767_225_600, 0).unwrap(), Outcome::Different(3));
        health.stale(Cause::Content, "the content directory \"a\" vanished");
        health.stale(Cause::Watcher, "no events");
        let (status, json) = request(&health);
        assert_eq!((status, &json["stale"]), (200, &Value::Bool(true)));
        assert_eq!(json["reason"], "the content directory \"a\" vanished; no events");
        assert_eq!((&json["watcher"], &json["last_look"]), (&"poll".into(), &"2026-01-01T00:00:00.000Z".into()));
        assert_eq!((&json["watcher_reason"], &json["last_look_files"]), (&"it is on NFS".into(), &3.into()));
        assert_eq!(json["last_look_result"], "different");
        assert!(json["last_look_age_seconds"].as_f64().unwrap() >= 0.0);
        assert!(health.is_stale_for(Cause::Watcher));
        health.fresh(Cause::Content);
        assert_eq!(request(&health).1["reason"], "no events");
        health.fresh(Cause::Watcher);
        assert!(!health.is_stale());
        assert_eq!(request(&health).1["reason"], Value::Null);
    }
}
