//! The readers of one feed: what aggregators say, and sketches of direct readers.

use std::collections::BTreeMap;

use cardinality_estimator::CardinalityEstimator;

/// Estimates the number of distinct hashes with 4,096 registers of six bits, so the standard error is 1.6 %. Up to 128
/// it counts exactly. It holds no hash that could be told from 2⁴⁰ others.
type Sketch = CardinalityEstimator<u64>;

/// How long the number of an aggregator counts, in seconds.
const CURRENT: i64 = 48 * 3600;
/// The most numbers of aggregators that are kept for a feed. There are fewer than a hundred aggregators.
const MOST_COUNTS: usize = 256;

/// The readers of one feed in all its formats.
#[derive(Debug)]
pub(super) struct FeedTally {
    pub directory: Box<str>,
    /// Polls on the newest day.
    pub polls: u64,
    /// Whether direct readers are estimated.
    pub has_sketch: bool,
    /// The newest two days with direct readers.
    days: [Option<(i64, Sketch)>; 2],
    counts: Vec<SubscriberCount>,
}

/// The last number that an aggregator gave.
#[derive(Debug, Clone, Copy)]
struct SubscriberCount {
    /// Hash of the document and the aggregator's number of the feed.
    source: u64,
    aggregator: u16,
    number: u32,
    at: i64,
}

impl FeedTally {
    pub(super) fn new(directory: &str) -> Self {
        Self { directory: directory.into(), polls: 0, has_sketch: false, days: [None, None], counts: Vec::new() }
    }

    pub(super) fn subscribers(&mut self, source: u64, aggregator: u16, number: u32, at: i64) {
        let new = SubscriberCount { source, aggregator, number, at };
        let known = self.counts.iter().position(|count| count.source == source && count.aggregator == aggregator);
        let oldest = || self.counts.iter().enumerate().min_by_key(|(_, count)| count.at).map_or(0, |(at, _)| at);
        match known {
            // Logs may be given in any order.
            Some(known) if self.counts[known].at > at => {}
            Some(known) => self.counts[known] = new,
            None if self.counts.len() < MOST_COUNTS => self.counts.push(new),
            None => {
                let oldest = oldest();
                self.counts[oldest] = new;
            }
        }
    }

    pub(super) fn reader(&mut self, day: i64, hash: u64) {
        let of_day = |slot: &Option<(i64, Sketch)>| slot.as_ref().map_or(i64::MIN, |(day, _)| *day);
        let at = match self.days.iter().position(|slot| of_day(slot) == day) {
            Some(at) => at,
            None => usize::from(of_day(&self.days[1]) < of_day(&self.days[0])),
        };
        if of_day(&self.days[at]) < day {
            self.days[at] = Some((day, Sketch::new()));
        }
        if let Some((_, sketch)) = self.days[at].as_mut().filter(|(of, _)| *of == day) {
            sketch.insert_hash(hash);
        }
    }

    /// The estimated number of direct readers on a day.
    pub(super) fn direct(&self, day: i64) -> u64 {
        let sketch = self.days.iter().flatten().find(|(of, _)| *of == day);
        sketch.map_or(0, |(_, sketch)| sketch.estimate() as u64)
    }

    /// The sum of the current numbers of each aggregator.
    pub(super) fn aggregators(&self, now: i64) -> BTreeMap<u16, u64> {
        let mut sums = BTreeMap::new();
        for count in self.counts.iter().filter(|count| now.saturating_sub(count.at) <= CURRENT) {
            *sums.entry(count.aggregator).or_default() += u64::from(count.number);
        }
        sums
    }

    /// Whether anything is known that a later report may show.
    pub(super) fn is_current(&self, day: i64, now: i64) -> bool {
        let has_readers = self.days.iter().flatten().any(|(of, _)| *of >= day - 1);
        has_readers || self.polls > 0 || self.counts.iter().any(|count| now.saturating_sub(count.at) <= CURRENT)
    }
}
