//! Who reads the feeds: subscribers whom aggregators report, direct readers, and the habits of clients.
//!
//! `server` counts its own responses, `commands::stats` those of access logs. No client address is kept: direct readers
//! become bits of a sketch, by a hash with a key of the day.

use core::net::IpAddr;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, DefaultHasher, Hasher as _, RandomState};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::feed::Format;
pub(crate) use agent::Agent;
use agent::AgentKind;
use clients::{ClientTable, FamilyTally};
use feeds::FeedTally;
use hashed::Hashed;

mod agent;
mod clients;
mod feeds;
mod hashed;

/// Seconds of a day.
const DAY: i64 = 86_400;
const LAST_HOUR: i64 = 3600;
/// The most User-Agents that are remembered as parsed.
const MOST_AGENTS: usize = 4096;
/// The most client families; all others are called `other`.
const MOST_FAMILIES: usize = 256;

/// One response to a request for the document of a feed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Poll<'a> {
    /// Seconds since 1970.
    pub at: i64,
    /// The path of the URL; a query is ignored.
    pub path: &'a str,
    pub client: Option<ClientId>,
    pub agent: Option<&'a str>,
    pub answer: PollAnswer,
}

/// How a client is identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientId {
    Address(IpAddr),
    /// A hash from an access log.
    Hash(u64),
}

impl ClientId {
    /// The network that counts as one reader: /24 of IPv4 and /48 of IPv6.
    fn network(self) -> u128 {
        match self {
            Self::Address(IpAddr::V4(address)) => u128::from(address.to_bits() >> 8) | 1 << 64,
            Self::Address(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => Self::Address(IpAddr::V4(address)).network(),
                None => address.to_bits() >> 80 | 2 << 64,
            },
            Self::Hash(hash) => u128::from(hash) | 3 << 64,
        }
    }

    fn whole(self) -> u128 {
        match self {
            Self::Address(IpAddr::V4(address)) => address.to_bits().into(),
            Self::Address(IpAddr::V6(address)) => address.to_bits(),
            Self::Hash(hash) => hash.into(),
        }
    }
}

/// How a poll was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PollAnswer {
    /// 304.
    NotModified,
    /// The whole document, with the bytes of the body.
    Full(Conditional, u64),
}

/// Whether a request had a validator. Many logs do not show it; then it counts as `No`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conditional {
    Yes,
    No,
}

/// How much is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AudienceBounds {
    /// For a server: the 200 largest feeds, and 8,192 clients under a key that changes each day.
    Bounded,
    /// For a log: all feeds, and a million clients under a fixed key, so that equal logs give equal reports.
    Log,
}

/// The most feeds whose direct readers a server estimates.
const MOST_SKETCHES: usize = 200;

/// All polls so far, reduced to what a report shows.
#[derive(Debug)]
pub(crate) struct Audience {
    extent: AudienceBounds,
    /// Hashes clients. A clone begins with the key.
    key: DefaultHasher,
    /// The first day and the newest one, as days since 1970.
    days: Option<(i64, i64)>,
    /// The newest moment.
    now: i64,
    agents: HashMap<u64, KnownAgent, Hashed>,
    families: Vec<(Box<str>, FamilyTally)>,
    feeds: HashMap<u64, FeedTally, Hashed>,
    sketches: usize,
    clients: ClientTable,
}

/// A User-Agent that was parsed before.
#[derive(Debug, Clone, Copy)]
struct KnownAgent {
    family: u16,
    kind: AgentKind,
    /// The number of subscribers, and a hash of the aggregator's number of the feed.
    subscribers: Option<(u32, u64)>,
}

/// What is known at a moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AudienceReport {
    /// The day of the direct readers, since 1970; `None` before the first poll.
    pub day: Option<i64>,
    /// The largest first.
    pub feeds: Vec<FeedReaders>,
    /// The family with the most polls first.
    pub clients: Vec<ClientFigures>,
}

/// The readers of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedReaders {
    /// The directory of its documents, such as `/categories/news/`.
    pub feed: Box<str>,
    /// Direct readers of the day.
    pub direct: u64,
    /// Aggregators and the subscribers that they report, the largest first.
    pub aggregators: Vec<(Box<str>, u64)>,
}

impl FeedReaders {
    pub(crate) fn total(&self) -> u64 {
        self.direct + self.aggregators.iter().map(|(_, subscribers)| subscribers).sum::<u64>()
    }
}

/// The habits of a client family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientFigures {
    pub name: Box<str>,
    pub polls: u64,
    pub conditional: u64,
    pub not_modified: u64,
    /// The median of the seconds between two polls.
    pub interval: Option<u64>,
    /// Bytes that conditional requests would have saved.
    pub wasted: u64,
}

impl Audience {
    pub(crate) fn new(extent: AudienceBounds) -> Self {
        let (clients, key) = match extent {
            AudienceBounds::Bounded => (8192, RandomState::new().build_hasher()),
            AudienceBounds::Log => (1 << 20, DefaultHasher::new()),
        };
        Self {
            extent,
            key,
            days: None,
            now: i64::MIN,
            agents: HashMap::default(),
            families: vec![("other".into(), FamilyTally::default())],
            feeds: HashMap::default(),
            sketches: 0,
            clients: ClientTable::new(clients),
        }
    }

    /// Counts a poll. Polls of documents that are not feeds are ignored.
    pub(crate) fn observe(&mut self, poll: &Poll<'_>) {
        let Some((directory, format)) = feed_of(poll.path) else { return };
        let day = poll.at.div_euclid(DAY);
        match self.days {
            None => self.days = Some((day, day)),
            Some((_, newest)) if day > newest => self.turn(day),
            Some((first, newest)) => self.days = Some((first.min(day), newest)),
        }
        self.now = self.now.max(poll.at);
        let agent_hash = xxh3_64(poll.agent.unwrap_or_default().as_bytes());
        let agent = self.agent(agent_hash, poll.agent);
        let feed_hash = xxh3_64(directory.as_bytes());
        let feed = self.feeds.entry(feed_hash).or_insert_with(|| FeedTally::new(directory));
        feed.polls += 1;
        if let Some((number, feed_id)) = agent.subscribers {
            feed.subscribers(feed_id ^ format as u64, agent.family, number, poll.at);
        }
        let Some(client) = poll.client else {
            self.families[usize::from(agent.family)].1.observe(poll.answer, clients::RepeatedPoll::default());
            return;
        };
        if agent.kind == AgentKind::Reader {
            if !feed.has_sketch && (self.sketches < MOST_SKETCHES || self.extent == AudienceBounds::Log) {
                feed.has_sketch = true;
                self.sketches += 1;
            }
            if feed.has_sketch {
                let mut hasher = self.key.clone();
                hasher.write_u128(client.network());
                hasher.write_u16(agent.family);
                feed.reader(day, hasher.finish());
            }
        }
        let mut hasher = self.key.clone();
        hasher.write_u128(client.whole());
        // The User-Agent of an aggregator changes with its number.
        hasher.write_u16(agent.family);
        hasher.write_u64(feed_hash ^ format as u64);
        let seen = self.clients.observe(hasher.finish(), poll.at, poll.answer);
        self.families[usize::from(agent.family)].1.observe(poll.answer, seen);
    }

    /// A hash of the network of a client with the key of the day.
    pub(crate) fn hash_of_day(&self, client: ClientId) -> u32 {
        let mut hasher = self.key.clone();
        hasher.write_u128(client.network());
        (hasher.finish() >> 32) as u32
    }

    fn agent(&mut self, hash: u64, text: Option<&str>) -> KnownAgent {
        if let Some(known) = self.agents.get(&hash) {
            return *known;
        }
        let agent = Agent::parse(text);
        let subscribers = agent.subscribers.map(|number| {
            let feed_id = agent.feed_id.unwrap_or_default();
            // The format is added to the lowest bits.
            (number, xxh3_64_with_seed(feed_id.as_bytes(), 1) << 2)
        });
        let known = KnownAgent { family: self.family(agent.family), kind: agent.kind, subscribers };
        if self.agents.len() >= MOST_AGENTS {
            self.agents.clear();
        }
        self.agents.insert(hash, known);
        known
    }

    /// The place of a family in the list, into which it may have to be put.
    fn family(&mut self, name: &str) -> u16 {
        let known = self.families.iter().position(|(known, _)| **known == *name);
        let at = known.unwrap_or_else(|| {
            if self.families.len() >= MOST_FAMILIES {
                return 0;
            }
            self.families.push((name.into(), FamilyTally::default()));
            self.families.len() - 1
        });
        u16::try_from(at).unwrap_or_default()
    }

    /// A new day begins. The feeds with the most polls of the last day get the sketches of this one.
    fn turn(&mut self, day: i64) {
        let first = self.days.map_or(day, |(first, _)| first);
        self.days = Some((first, day));
        if self.extent == AudienceBounds::Log {
            return;
        }
        self.key = RandomState::new().build_hasher();
        self.clients.clear();
        let now = day.saturating_mul(DAY);
        let mut polls: Vec<u64> = self.feeds.values().map(|feed| feed.polls).filter(|polls| *polls > 0).collect();
        polls.sort_unstable_by(|a, b| b.cmp(a));
        let least = polls.get(MOST_SKETCHES - 1).copied().unwrap_or(1);
        self.sketches = 0;
        for feed in self.feeds.values_mut() {
            feed.has_sketch = feed.polls >= least && self.sketches < MOST_SKETCHES;
            self.sketches += usize::from(feed.has_sketch);
            feed.polls = 0;
        }
        self.feeds.retain(|_, feed| feed.has_sketch || feed.is_current(day, now));
    }

    /// What is known at `now`, in seconds since 1970. Direct readers are those of the day before, or of the day itself
    /// if polls began on it.
    pub(crate) fn report(&self, now: i64) -> AudienceReport {
        self.report_on(now.div_euclid(DAY), now)
    }

    /// What is known at the end of a log. A day whose last hour has polls is over.
    pub(crate) fn report_of_log(&self) -> AudienceReport {
        self.report_on(self.now.saturating_add(LAST_HOUR).div_euclid(DAY), self.now)
    }

    fn report_on(&self, today: i64, now: i64) -> AudienceReport {
        let day = self.days.map(|(first, _)| if first < today { today - 1 } else { today });
        let mut feeds: Vec<FeedReaders> = self.feeds.values().map(|feed| self.readers(feed, day, now)).collect();
        feeds.sort_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.feed.cmp(&b.feed)));
        let polled = self.families.iter().filter(|(_, tally)| tally.polls > 0);
        let mut clients: Vec<ClientFigures> = polled
            .map(|(name, tally)| ClientFigures {
                name: name.clone(),
                polls: tally.polls,
                conditional: tally.conditional,
                not_modified: tally.not_modified,
                interval: tally.interval(),
                wasted: tally.wasted,
            })
            .collect();
        clients.sort_by(|a, b| b.polls.cmp(&a.polls).then_with(|| a.name.cmp(&b.name)));
        AudienceReport { day, feeds, clients }
    }

    fn readers(&self, feed: &FeedTally, day: Option<i64>, now: i64) -> FeedReaders {
        let sums = feed.aggregators(now).into_iter();
        let mut aggregators: Vec<_> =
            sums.map(|(family, sum)| (self.families[usize::from(family)].0.clone(), sum)).collect();
        aggregators.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        FeedReaders { feed: feed.directory.clone(), direct: day.map_or(0, |day| feed.direct(day)), aggregators }
    }
}

/// The directory and the format of the document of a feed.
fn feed_of(path: &str) -> Option<(&str, Format)> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let (directory, name) = path.split_at(path.rfind('/')? + 1);
    let format = Format::ALL.into_iter().find(|format| format.file_name() == name)?;
    Some((directory, format))
}

#[cfg(test)]
mod tests;
