//! The health of the server: whether it is ready, and whether its content is up to date.
//!
//! The updater and the server report their state here; `/readyz`, `/status` and the metrics read
//! it. Nothing is checked in this module, and the clock is read only to compute how long ago the
//! last scan was.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::headers;
use super::response::Response;
use crate::lock::lock;
use crate::text::printable_json;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The first load has not finished.
    Loading,
    /// Loaded, but the clock is wrong, so it is not known which articles are due.
    Clock,
    Ready,
    /// Still responding, about to stop.
    Draining,
}

/// Why the content may be out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The content directory vanished; the last state is kept.
    Content,
    /// The watcher failed, so changes may be missed.
    Watcher,
    /// The clock was set back, so articles that become due are not published.
    Clock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanOutcome {
    Same,
    /// This many files changed.
    Different(usize),
    /// The directory was replaced during the scan; another scan follows.
    Unsettled,
    /// The content directory is gone; the last state is kept.
    Vanished,
}

impl ScanOutcome {
    /// The values of the metric label.
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

/// The state of the server, written by the updater and read by request handlers.
#[derive(Debug)]
pub(crate) struct Health {
    /// The clock is wrong if it shows an earlier time.
    earliest: DateTime<Utc>,
    start: Instant,
    phase: AtomicU8,
    /// When the watcher last made progress, in milliseconds since the start.
    alive: AtomicU64,
    /// When it has to make progress again, plus one. Zero before the watcher has started.
    due: AtomicU64,
    facts: Mutex<HealthFacts>,
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
struct HealthFacts {
    content: Option<String>,
    watcher: Option<String>,
    clock: Option<String>,
    mode: Option<&'static str>,
    /// Why events are not used although they were requested.
    why: Option<String>,
    look: Option<(DateTime<Utc>, ScanOutcome)>,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Sets the earliest plausible time, usually the build date of the program. A clock that shows
    /// an earlier time is wrong.
    #[must_use]
    pub(crate) fn not_before(self, earliest: DateTime<Utc>) -> Self {
        Self { earliest, ..self }
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Loading,
            1 => Phase::Ready,
            3 => Phase::Clock,
            _ => Phase::Draining,
        }
    }

    /// Whether clients should send requests.
    pub(super) fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.phase() == Phase::Ready && now >= self.earliest
    }

    /// The first load has finished and the clock is right. Has no effect while draining.
    pub(crate) fn loaded(&self) {
        self.enter(1);
    }

    /// The first load has finished, but the clock is wrong. Has no effect while draining.
    pub(crate) fn wait_for_clock(&self) {
        self.enter(3);
    }

    /// The name of the phase in `/readyz` and `/status`.
    pub(crate) fn phase_name(&self, now: DateTime<Utc>) -> &'static str {
        match self.phase() {
            Phase::Loading => "loading",
            Phase::Draining => "draining",
            Phase::Ready if self.is_ready(now) => "ready",
            // The edition was built while the clock was right, and is still served.
            Phase::Ready | Phase::Clock => "clock",
        }
    }

    fn enter(&self, phase: u8) {
        let _ = self.phase.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| (now != 2).then_some(phase));
    }

    /// The watcher made progress, and will do so again within this time.
    pub(crate) fn alive(&self, within: Duration) {
        let now = self.start.elapsed();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.alive.store(ms(now), Ordering::Relaxed);
        self.due.store(ms(now + within).saturating_add(1), Ordering::Relaxed);
    }

    /// Why the watcher is stuck; `None` if it is not. The reading thread computes this, because a
    /// watcher that waits for a dead disk cannot report it.
    fn stuck(&self) -> Option<String> {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let due = self.due.load(Ordering::Relaxed);
        let silent = now.saturating_sub(self.alive.load(Ordering::Relaxed)) / 1000;
        (due > 0 && now + 1 >= due).then(|| format!("the watcher has made no progress for {silent} s"))
    }

    /// The server is about to stop, so load balancers should use another one.
    pub(crate) fn drain(&self) {
        self.phase.store(2, Ordering::Relaxed);
    }

    /// The content may be out of date for this reason.
    pub(crate) fn stale(&self, cause: Cause, reason: impl Into<String>) {
        *self.facts().of(cause) = Some(reason.into());
    }

    /// This cause no longer applies.
    pub(crate) fn fresh(&self, cause: Cause) {
        *self.facts().of(cause) = None;
    }

    /// Whether the content may be out of date for any reason.
    pub(crate) fn is_stale(&self) -> bool {
        !self.facts().reasons().is_empty() || self.stuck().is_some()
    }

    /// Whether the content may be out of date for this cause.
    pub(crate) fn is_stale_for(&self, cause: Cause) -> bool {
        self.facts().of(cause).is_some()
    }

    /// How changes are detected (`events`, `poll` or `off`), and why not by events if they were
    /// requested.
    pub(crate) fn watching(&self, mode: &'static str, why: Option<&str>) {
        let mut facts = self.facts();
        facts.mode = Some(mode);
        facts.why = why.map(str::to_owned);
    }

    /// When the disk was last scanned, and the result.
    pub(crate) fn scanned(&self, at: DateTime<Utc>, outcome: ScanOutcome) {
        self.facts().look = Some((at, outcome));
    }

    /// How changes are detected.
    pub(super) fn mode(&self) -> Option<&'static str> {
        self.facts().mode
    }

    /// When the disk was last scanned.
    pub(super) fn last_look(&self) -> Option<DateTime<Utc>> {
        self.facts().look.map(|(at, _)| at)
    }

    /// The watcher's part of `/readyz` and `/status`, at the given time.
    pub(crate) fn watch(&self, now: DateTime<Utc>) -> Map<String, Value> {
        self.facts().watch(now, self.stuck().as_deref())
    }

    fn facts(&self) -> MutexGuard<'_, HealthFacts> {
        // Facts are consistent after every statement, so a poisoned lock is harmless.
        lock(&self.facts)
    }
}

impl HealthFacts {
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
            // If the clock was set back, the age would be negative.
            let age = (now - at).as_seconds_f64().max(0.0);
            watch.insert("last_look_age_seconds".into(), ((age * 1000.0).round() / 1000.0).into());
            watch.insert("last_look_result".into(), outcome.word().into());
            if let ScanOutcome::Different(files) = outcome {
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

/// `/healthz`: always 200.
pub(super) fn alive() -> Response {
    Response::now(StatusCode::OK, headers::JSON, Bytes::from_static(b"{\"status\":\"ok\"}\n"))
}

/// `/readyz`: 200 if clients should send requests. A server whose content is out of date is still
/// ready, because an old feed is better than none.
pub(super) fn ready(health: &Health) -> Response {
    let now = Utc::now();
    let is_ready = health.is_ready(now);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut object = Map::new();
    object.insert("ready".into(), is_ready.into());
    object.insert("phase".into(), health.phase_name(now).into());
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
    fn it_is_not_ready_while_the_clock_shows_a_time_before_the_build() {
        let health = Health::new().not_before(Utc::now() + TimeDelta::days(1));
        health.wait_for_clock();
        assert_eq!((request(&health).0, &request(&health).1["phase"]), (503, &"clock".into()));
        // The clock was right, and was then set back.
        health.loaded();
        assert_eq!((request(&health).0, &request(&health).1["phase"]), (503, &"clock".into()));
        let health = Health::new().not_before(Utc::now() - TimeDelta::days(1));
        health.wait_for_clock();
        assert_eq!(request(&health).0, 503, "ready before the articles were evaluated again");
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
        assert_eq!(request(&health).1["stale"], false, "stale before the watcher started");
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
        health.scanned(DateTime::from_timestamp(1_767_225_600, 0).unwrap(), ScanOutcome::Different(3));
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
