//! `--ping on`: tells `WebSub` hubs which feeds changed (<https://www.w3.org/TR/websub/>).
//!
//! A hub fetches the public URL at once, so it is told only after that URL shows the new bytes; a CDN may have old copies.
//! Only feeds that somebody may wait for are topics: those of the site, those of definitions, and those that were polled.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::{Failure, images, threads};
use crate::document::Document;
use crate::edition::Edition;
use crate::fetch::{DirectClient, DirectMethod, retry_after};
use crate::server::{HubCounts, PingOutcome};
use crate::settings::PlaceSettings;
use crate::text::{Address, printable};

mod queue;

use queue::{HubAnswer, PingQueue, PingStep};

/// How often to look for a new edition, and for pings that are due.
const TICK: Duration = Duration::from_millis(250);
/// The longest time for one response.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest response.
const MOST: u64 = 64 << 20;

/// Starts the thread of pings.
pub(super) fn start(keep: impl FnOnce() -> Result<(), Failure> + Send + 'static) -> Result<(), Failure> {
    let run = move || keep().unwrap_or_else(|failure| failure.log());
    thread::Builder::new().name("pings".to_owned()).spawn(run).map_err(|error| threads::unstarted(&error))?;
    Ok(())
}

/// Keeps telling hubs of changes. `editions` returns each new edition once, as soon as it is published.
pub(super) fn keep(
    editions: &mut dyn FnMut() -> Option<Arc<Edition>>,
    places: &PlaceSettings,
    counts: &HubCounts,
) -> Result<(), Failure> {
    let authorities = images::authorities(places)?;
    let client =
        DirectClient::new(concat!("feedmill/", env!("CARGO_PKG_VERSION")), authorities.as_deref(), TIMEOUT, MOST);
    let (mut queue, mut polled) = (PingQueue::default(), HashSet::new());
    let mut current: Option<Arc<Edition>> = None;
    let mut hubs: Vec<String> = Vec::new();
    loop {
        if let Some(next) = editions() {
            if let Some(before) = &current {
                let now = Instant::now();
                for document in next.changed_documents(before, &mut polled) {
                    queue.changed(document, now, Utc::now());
                }
            }
            let named: Vec<String> = next.library().rules().site.http.hubs.iter().map(ToString::to_string).collect();
            if current.is_none() || named != hubs {
                if named.is_empty() {
                    tracing::warn!("--ping is on, but `hubs` of site.yaml names no hub");
                }
                for hub in &named {
                    counts.open(hub, 0, None);
                }
            }
            (hubs, current) = (named, Some(next));
        }
        if !step(&mut queue, &client, &hubs, counts) {
            thread::sleep(TICK);
        }
        for hub in &hubs {
            let (open, oldest) = queue.waiting(hub);
            counts.open(hub, open, oldest);
        }
    }
}

/// Does what is due; returns false if nothing is.
fn step(queue: &mut PingQueue, client: &DirectClient, hubs: &[String], counts: &HubCounts) -> bool {
    match queue.next(Instant::now()) {
        PingStep::Wait => return false,
        PingStep::Look { topic, wanted, coding } => {
            if is_shown(client, &topic, &wanted, coding) {
                queue.shown(&topic, coding, hubs, Instant::now());
            } else if queue.not_shown(&topic, Instant::now()) {
                tracing::warn!("{topic} still has old bytes an hour after its change, so no hub is told of it");
                for hub in hubs {
                    counts.count(hub, PingOutcome::Failed, Utc::now());
                }
            }
        }
        PingStep::Tell { topic, hub } => {
            let answer = tell(client, &topic, &hub);
            let is_given_up = queue.answered(&topic, &hub, answer, Instant::now());
            let outcome = match answer {
                HubAnswer::Accepted => PingOutcome::Sent,
                _ if is_given_up => PingOutcome::Failed,
                _ => PingOutcome::Retried,
            };
            counts.count(&hub, outcome, Utc::now());
            match outcome {
                PingOutcome::Sent => tracing::info!("told the hub {hub} that {topic} changed"),
                PingOutcome::Failed => tracing::warn!("the hub {hub} does not accept that {topic} changed"),
                PingOutcome::Retried => {}
            }
        }
    }
    true
}

/// Whether the public URL shows the bytes with this tag.
fn is_shown(client: &DirectClient, topic: &str, wanted: &str, coding: &str) -> bool {
    let headers = [("If-None-Match", wanted), ("Accept-Encoding", coding)];
    match client.send(DirectMethod::Get, topic, &headers) {
        Ok(response) if response.status == 304 => true,
        Ok(response) if response.status == 200 => {
            let digits = wanted.trim_start_matches("W/").trim_matches('"');
            // Stores have tags of their own, but the same bytes.
            let is_same = || {
                let body = response.decoded();
                let path = Address::parse(topic).map(|url| url.path().to_owned());
                body.zip(path).is_some_and(|(body, path)| Document::tag(&path, &body) == wanted)
            };
            response.header("etag").is_some_and(|etag| etag.contains(digits)) || is_same()
        }
        Ok(response) => {
            tracing::debug!("{topic} answers with status {}", response.status);
            false
        }
        Err(error) => {
            tracing::debug!("{topic} does not answer: {}", printable(&error.to_string()));
            false
        }
    }
}

/// Tells a hub that a topic changed. Some hubs read `hub.url`, others `hub.topic`.
fn tell(client: &DirectClient, topic: &str, hub: &str) -> HubAnswer {
    let fields = [("hub.mode", "publish"), ("hub.url", topic), ("hub.topic", topic)];
    match client.send(DirectMethod::Form(&fields), hub, &[]) {
        Ok(response) if (200..300).contains(&response.status) => HubAnswer::Accepted,
        Ok(response) if matches!(response.status, 408 | 429 | 500..) => {
            HubAnswer::Busy(response.header("retry-after").and_then(|value| retry_after(&value, Utc::now())))
        }
        Ok(response) => {
            tracing::warn!("the hub {hub} answers a ping with status {}", response.status);
            HubAnswer::Refused
        }
        Err(error) => {
            tracing::debug!("the hub {hub} does not answer: {}", printable(&error.to_string()));
            HubAnswer::Busy(None)
        }
    }
}
