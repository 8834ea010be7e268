//! The pings that wait, and the limits on how often one is sent. The caller passes the time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::edition::ChangedDocument;

/// The shortest time between two pings of a topic.
const TOPIC_PAUSE: Duration = Duration::from_mins(1);
/// Most requests to hubs in a minute.
const MOST_IN_A_MINUTE: usize = 100;
/// How often a ping is sent at most.
const ATTEMPTS: u32 = 8;
/// The pause before a ping is sent again, which doubles each time.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest pause, also if a hub asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// How long the public URL may show the old bytes before a ping is given up.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// The codings for which a CDN may keep copies of their own, as hubs and readers accept them.
const CODINGS: [&str; 5] = ["identity", "gzip", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"];

/// A topic that changed.
#[derive(Debug)]
pub(super) struct OpenPing {
    /// The tag that the hubs know.
    known: String,
    /// The tag that the public URL must have.
    pub(super) wanted: String,
    changed: Instant,
    pub(super) since: DateTime<Utc>,
    /// The codings for which the public URL did not yet show the new bytes.
    unchecked: Vec<&'static str>,
    /// When to look at the public URL again.
    look: Instant,
    /// The hubs to tell. `None` until the public URL shows the new bytes.
    hubs: Option<Vec<HubAttempt>>,
}

#[derive(Debug)]
struct HubAttempt {
    hub: String,
    attempts: u32,
    next: Instant,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PingStep {
    /// Look whether the URL shows the new bytes in this coding.
    Look { topic: String, wanted: String, coding: &'static str },
    /// Tell a hub.
    Tell { topic: String, hub: String },
    /// Nothing is due.
    Wait,
}

/// What a hub answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HubAnswer {
    Accepted,
    /// It may accept it later, after this time if it says so.
    Busy(Option<Duration>),
    Refused,
}

/// All topics that changed, by URL.
#[derive(Debug, Default)]
pub(super) struct PingQueue {
    open: BTreeMap<String, OpenPing>,
    /// When topics were last pinged.
    told: HashMap<String, Instant>,
    /// When the latest requests were sent to hubs.
    recent: VecDeque<Instant>,
}

impl PingQueue {
    /// Adds a change. If the bytes are again those that the hubs know, there is nothing to tell.
    pub(super) fn changed(&mut self, document: ChangedDocument, now: Instant, since: DateTime<Utc>) {
        let ChangedDocument { url, tags: [before, after] } = document;
        let known = self.open.get(&url).map_or(before, |open| open.known.clone());
        if known == after {
            self.open.remove(&url);
            return;
        }
        let earliest = self.told.get(&url).map_or(now, |told| now.max(*told + TOPIC_PAUSE));
        let (changed, since) = self.open.get(&url).map_or((now, since), |open| (open.changed, open.since));
        let unchecked = CODINGS.to_vec();
        self.open.insert(url, OpenPing { known, wanted: after, changed, since, unchecked, look: earliest, hubs: None });
    }

    /// Returns what is due.
    pub(super) fn next(&mut self, now: Instant) -> PingStep {
        let is_recent = |at: &Instant| now.duration_since(*at) < TOPIC_PAUSE;
        while self.recent.front().is_some_and(|at| !is_recent(at)) {
            self.recent.pop_front();
        }
        self.told.retain(|_, at| is_recent(at));
        let may_tell = self.recent.len() < MOST_IN_A_MINUTE;
        for (topic, open) in &self.open {
            match &open.hubs {
                None if open.look <= now => {
                    let Some(coding) = open.unchecked.first() else { continue };
                    return PingStep::Look { topic: topic.clone(), wanted: open.wanted.clone(), coding };
                }
                Some(hubs) if may_tell => {
                    if let Some(attempt) = hubs.iter().find(|attempt| attempt.next <= now) {
                        return PingStep::Tell { topic: topic.clone(), hub: attempt.hub.clone() };
                    }
                }
                _ => {}
            }
        }
        PingStep::Wait
    }

    /// The public URL shows the new bytes in this coding.
    pub(super) fn shown(&mut self, topic: &str, coding: &str, hubs: &[String], now: Instant) {
        let Some(open) = self.open.get_mut(topic) else { return };
        open.unchecked.retain(|unchecked| *unchecked != coding);
        if open.unchecked.is_empty() {
            let attempts = hubs.iter().map(|hub| HubAttempt { hub: hub.clone(), attempts: 0, next: now });
            open.hubs = Some(attempts.collect());
        }
        self.open.retain(|_, open| open.hubs.as_ref().is_none_or(|hubs| !hubs.is_empty()));
    }

    /// The public URL does not show them. Returns whether the ping is given up.
    pub(super) fn not_shown(&mut self, topic: &str, now: Instant) -> bool {
        let Some(open) = self.open.get_mut(topic) else { return false };
        let waited = now.duration_since(open.changed);
        if waited > LONGEST_WAIT {
            self.open.remove(topic);
            return true;
        }
        // Copies of most CDNs are fresh for a minute or less; later the URL is asked less often.
        let pause = if waited < Duration::from_mins(5) { 2 } else { 20 };
        open.look = now + Duration::from_secs(pause);
        false
    }

    /// A hub answered. Returns whether the ping is given up.
    pub(super) fn answered(&mut self, topic: &str, hub: &str, answer: HubAnswer, now: Instant) -> bool {
        self.recent.push_back(now);
        let Some(open) = self.open.get_mut(topic) else { return false };
        let Some(hubs) = &mut open.hubs else { return false };
        let Some(at) = hubs.iter().position(|attempt| attempt.hub == hub) else { return false };
        let attempt = &mut hubs[at];
        attempt.attempts += 1;
        let is_given_up = match answer {
            HubAnswer::Accepted => {
                self.told.insert(topic.to_owned(), now);
                open.known.clone_from(&open.wanted);
                false
            }
            HubAnswer::Busy(asked) if attempt.attempts < ATTEMPTS => {
                let pause = PAUSE * 2u32.pow(attempt.attempts - 1);
                attempt.next = now + asked.map_or(pause, |asked| asked.max(Duration::from_secs(1))).min(LONGEST_PAUSE);
                return false;
            }
            HubAnswer::Busy(_) | HubAnswer::Refused => true,
        };
        hubs.remove(at);
        if hubs.is_empty() {
            self.open.remove(topic);
        }
        is_given_up
    }

    /// How many pings of a hub are open, and since when the oldest of them waits.
    pub(super) fn waiting(&self, hub: &str) -> (usize, Option<DateTime<Utc>>) {
        let waits =
            |open: &&OpenPing| open.hubs.as_ref().is_none_or(|hubs| hubs.iter().any(|attempt| attempt.hub == hub));
        let waiting = || self.open.values().filter(waits);
        (waiting().count(), waiting().map(|open| open.since).min())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUB: &str = "https://hub.example/";
    const TOPIC: &str = "https://a.example/rss.xml";

    fn change(before: &str, after: &str) -> ChangedDocument {
        ChangedDocument { url: TOPIC.to_owned(), tags: [before.to_owned(), after.to_owned()] }
    }

    /// Lets the public URL show the new bytes.
    fn show(queue: &mut PingQueue, now: Instant) {
        while let PingStep::Look { topic, coding, .. } = queue.next(now) {
            queue.shown(&topic, coding, &[HUB.to_owned()], now);
        }
    }

    fn tell() -> PingStep {
        PingStep::Tell { topic: TOPIC.to_owned(), hub: HUB.to_owned() }
    }

    #[test]
    fn a_hub_is_told_when_all_copies_are_new_and_not_when_the_bytes_came_back() {
        let (mut queue, now, date) = (PingQueue::default(), Instant::now(), Utc::now());
        queue.changed(change("a", "b"), now, date);
        assert!(matches!(queue.next(now), PingStep::Look { .. }));
        assert!(!queue.not_shown(TOPIC, now));
        assert_eq!(queue.next(now + Duration::from_secs(1)), PingStep::Wait);
        let later = now + Duration::from_secs(3);
        show(&mut queue, later);
        assert_eq!(queue.next(later), tell());
        assert_eq!(queue.waiting(HUB), (1, Some(date)));
        queue.changed(change("b", "a"), later, date);
        assert_eq!((queue.next(later), queue.waiting(HUB)), (PingStep::Wait, (0, None)));
    }

    #[test]
    fn a_topic_is_pinged_once_a_minute_and_a_change_meanwhile_after_it() {
        let (mut queue, now, date) = (PingQueue::default(), Instant::now(), Utc::now());
        queue.changed(change("a", "b"), now, date);
        show(&mut queue, now);
        assert!(!queue.answered(TOPIC, HUB, HubAnswer::Accepted, now));
        queue.changed(change("b", "c"), now + Duration::from_secs(1), date);
        queue.changed(change("c", "d"), now + Duration::from_secs(2), date);
        assert_eq!(queue.next(now + Duration::from_secs(59)), PingStep::Wait);
        let later = now + Duration::from_mins(1);
        assert!(matches!(queue.next(later), PingStep::Look { wanted, .. } if wanted == "d"));
        show(&mut queue, later);
        assert_eq!(queue.next(later), tell());
    }

    #[test]
    fn at_most_a_hundred_pings_are_sent_in_a_minute() {
        let (mut queue, now, date) = (PingQueue::default(), Instant::now(), Utc::now());
        for number in 0..150 {
            queue.changed(ChangedDocument { url: number.to_string(), ..change("a", "b") }, now, date);
        }
        let mut sent = 0;
        loop {
            match queue.next(now) {
                PingStep::Look { topic, coding, .. } => queue.shown(&topic, coding, &[HUB.to_owned()], now),
                PingStep::Tell { topic, hub } => {
                    queue.answered(&topic, &hub, HubAnswer::Accepted, now);
                    sent += 1;
                }
                PingStep::Wait => break,
            }
        }
        assert_eq!((sent, queue.waiting(HUB).0), (100, 50));
        assert!(matches!(queue.next(now + Duration::from_mins(1)), PingStep::Tell { .. }));
    }

    #[test]
    fn a_busy_hub_is_asked_again_later_and_later_as_it_says() {
        let (mut queue, mut now, date) = (PingQueue::default(), Instant::now(), Utc::now());
        queue.changed(change("a", "b"), now, date);
        show(&mut queue, now);
        assert!(!queue.answered(TOPIC, HUB, HubAnswer::Busy(Some(Duration::from_secs(90))), now));
        assert_eq!(queue.next(now + Duration::from_secs(89)), PingStep::Wait);
        now += Duration::from_secs(90);
        for attempt in 2..ATTEMPTS {
            assert_eq!(queue.next(now), tell(), "{attempt}");
            assert!(!queue.answered(TOPIC, HUB, HubAnswer::Busy(None), now));
            assert_eq!(queue.next(now + PAUSE), PingStep::Wait, "{attempt}");
            now += LONGEST_PAUSE;
        }
        assert!(queue.answered(TOPIC, HUB, HubAnswer::Busy(None), now), "it is never given up");
        assert_eq!(queue.next(now + LONGEST_PAUSE), PingStep::Wait);
    }
}
