//! Figures of each client family: how often it polls, and how much it fetches in vain.

use std::collections::HashMap;

use super::hashed::Hashed;
use super::{Conditional, PollAnswer};

/// Figures of the polls of one client family.
#[derive(Debug, Clone, Default)]
pub(super) struct FamilyTally {
    pub polls: u64,
    pub conditional: u64,
    pub not_modified: u64,
    /// Bytes that conditional requests would have saved.
    pub wasted: u64,
    intervals: Intervals,
}

impl FamilyTally {
    pub(super) fn observe(&mut self, answer: PollAnswer, seen: RepeatedPoll) {
        self.polls += 1;
        match answer {
            PollAnswer::NotModified => {
                self.conditional += 1;
                self.not_modified += 1;
            }
            PollAnswer::Full(Conditional::Yes, _) => self.conditional += 1,
            PollAnswer::Full(Conditional::No, _) => {}
        }
        self.wasted = self.wasted.saturating_add(seen.wasted);
        if let Some(interval) = seen.interval {
            self.intervals.add(interval);
        }
    }

    /// The median of the seconds between two polls of one client.
    pub(super) fn interval(&self) -> Option<u64> {
        self.intervals.median()
    }
}

/// A histogram of seconds, with sixteen buckets for each power of two.
#[derive(Debug, Clone, Default)]
struct Intervals {
    /// The number of values in a bucket, and their sum.
    buckets: Vec<(u32, u64)>,
}

impl Intervals {
    fn add(&mut self, seconds: u64) {
        // An interval is at most some days, of which the difference to forty days is of no interest.
        let seconds = seconds.min(1 << 22);
        let power = seconds.max(1).ilog2();
        let at = if power < 4 { seconds } else { u64::from(power - 3) * 16 + ((seconds >> (power - 4)) & 15) };
        let at = usize::try_from(at).unwrap_or_default();
        if self.buckets.len() <= at {
            self.buckets.resize(at + 1, (0, 0));
        }
        self.buckets[at].0 += 1;
        self.buckets[at].1 += seconds;
    }

    /// The mean of the bucket that holds the median.
    fn median(&self) -> Option<u64> {
        let all: u64 = self.buckets.iter().map(|(count, _)| u64::from(*count)).sum();
        let mut below = 0;
        self.buckets.iter().find_map(|(count, sum)| {
            let count = u64::from(*count);
            below += count;
            (count > 0 && below * 2 >= all).then(|| (sum + count / 2) / count)
        })
    }
}

/// The facts of a poll that follow from an earlier one by the same client for the same document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RepeatedPoll {
    pub interval: Option<u64>,
    pub wasted: u64,
}

/// When each client last polled each document. Clients are known by a hash of 32 bits, and of too many clients only
/// a part is remembered: a half, a quarter, and so on. Their figures then count twice, four times, and so on.
#[derive(Debug)]
pub(super) struct ClientTable {
    last: HashMap<u32, LastPoll, Hashed>,
    limit: usize,
    /// Only hashes that end in this many zeros are remembered.
    zeros: u32,
}

#[derive(Debug, Clone, Copy)]
struct LastPoll {
    at: i64,
    /// The length of the last full response. Content of equal length counts as equal.
    bytes: Option<u64>,
}

impl ClientTable {
    pub(super) fn new(limit: usize) -> Self {
        Self { last: HashMap::default(), limit, zeros: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.last.clear();
        self.zeros = 0;
    }

    pub(super) fn observe(&mut self, client: u64, at: i64, answer: PollAnswer) -> RepeatedPoll {
        let key = (client >> 32) as u32;
        if client.trailing_zeros() < self.zeros {
            return RepeatedPoll::default();
        }
        let bytes = match answer {
            PollAnswer::NotModified => None,
            PollAnswer::Full(_, bytes) => Some(bytes),
        };
        let Some(last) = self.last.get_mut(&key) else {
            if self.last.len() >= self.limit {
                self.zeros += 1;
                // Which keys had more zeros is not known any more, so that all begin again.
                self.last.clear();
            }
            self.last.insert(key, LastPoll { at, bytes });
            return RepeatedPoll::default();
        };
        let interval = u64::try_from(at.saturating_sub(last.at)).ok().filter(|seconds| *seconds > 0);
        let is_same = bytes.is_some() && bytes == last.bytes;
        *last = LastPoll { at, bytes: bytes.or(last.bytes) };
        let wasted = bytes.filter(|_| is_same).map_or(0, |bytes| bytes.saturating_mul(1 << self.zeros.min(63)));
        RepeatedPoll { interval, wasted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_equal_intervals_is_exact() {
        let mut intervals = Intervals::default();
        assert_eq!(intervals.median(), None);
        for seconds in [1800, 1800, 1800, 7, 86_400] {
            intervals.add(seconds);
        }
        assert_eq!(intervals.median(), Some(1800));
    }

    #[test]
    fn the_median_of_different_intervals_is_near() {
        let mut intervals = Intervals::default();
        (1..=9999).for_each(|seconds| intervals.add(seconds));
        let median = intervals.median().unwrap();
        assert!((4800..=5200).contains(&median), "{median}");
    }

    #[test]
    fn a_response_of_the_same_length_was_fetched_in_vain() {
        let mut table = ClientTable::new(10);
        let full = |bytes| PollAnswer::Full(Conditional::No, bytes);
        assert_eq!(table.observe(1 << 40, 0, full(500)), RepeatedPoll::default());
        assert_eq!(table.observe(1 << 40, 60, full(500)), RepeatedPoll { interval: Some(60), wasted: 500 });
        assert_eq!(table.observe(1 << 40, 90, full(600)), RepeatedPoll { interval: Some(30), wasted: 0 });
        assert_eq!(table.observe(1 << 40, 95, PollAnswer::NotModified), RepeatedPoll { interval: Some(5), wasted: 0 });
        assert_eq!(table.observe(1 << 40, 96, full(600)), RepeatedPoll { interval: Some(1), wasted: 600 });
        assert_eq!(table.observe(2 << 40, 99, full(600)), RepeatedPoll::default());
    }

    #[test]
    fn a_full_table_remembers_a_part_of_the_clients_and_stays_bounded() {
        let mut table = ClientTable::new(1000);
        let mut wasted = 0;
        for round in 0..4 {
            for client in 0..10_000_u64 {
                let hash = client.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                wasted += table.observe(hash.rotate_left(32), round, PollAnswer::Full(Conditional::No, 10)).wasted;
                assert!(table.last.len() <= 1000);
            }
        }
        assert!(table.zeros >= 4);
        assert!((100_000..400_000).contains(&wasted), "{wasted}");
    }
}
