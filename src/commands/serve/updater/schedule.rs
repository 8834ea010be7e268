//! Schedules scans.
//!
//! The updater reports how each scan ended and how long it took, and asks when the next one is due.
//! The time is passed in. Scans never take all of the time, and every failure is retried.

use std::time::{Duration, Instant};

use crate::disk::ChangedPaths;

/// A racy file, which was modified so recently that another change may not alter its time, is read
/// again after this time. It is longer than the clock granularity of any file system.
const DOUBT: Duration = Duration::from_secs(2);
/// A directory that was replaced during a scan is scanned again after this time.
const AGAIN: Duration = Duration::from_millis(100);
/// The longest such pause, after many attempts.
const LONGEST_AGAIN: Duration = Duration::from_secs(10);
/// How often the same paths are scanned again before a full rescan.
const SAME_HINTS: u32 = 3;
/// A directory that is missing or unreadable is checked again after this time.
const GONE: Duration = Duration::from_secs(1);
/// Full rescans take at most one part in this many of the time.
const SHARE_OF_LOOKS: u32 = 10;

/// How the last scan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastScan {
    /// Every file was read, and no change can be missed.
    Settled,
    /// Some of the files were racy. They are read again at this time.
    Racy(Instant),
    /// It was discarded, as were all of this many consecutive scans.
    Discarded(u32),
    /// The content directory was missing or replaced.
    Vanished,
}

/// A scan that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scanned {
    /// The duration, if it was a full rescan.
    pub(super) full: Option<Duration>,
    /// Number of changes.
    pub(super) changes: usize,
    /// Number of racy files.
    pub(super) racy: usize,
}

/// The schedule of the updater.
#[derive(Debug)]
pub(super) struct RescanSchedule {
    interval: Option<Duration>,
    /// When the next full rescan is due.
    full: Option<Instant>,
    last: LastScan,
    /// When the configuration is due to be read again.
    rules: Option<Instant>,
    /// How long the last full rescan took, and when it ended.
    took: Duration,
    ended: Instant,
    /// Consecutive full rescans that events requested and that found nothing.
    in_vain: u32,
}

impl RescanSchedule {
    /// The schedule after a first scan that has just ended.
    pub(super) fn new(interval: Option<Duration>, took: Duration, now: Instant) -> Self {
        Self {
            interval,
            full: interval.map(|interval| now + interval.max(took * SHARE_OF_LOOKS)),
            // Files that were written during the first scan.
            last: LastScan::Racy(now + DOUBT),
            rules: None,
            took,
            ended: now,
            in_vain: 0,
        }
    }

    /// Changes the interval between full rescans.
    pub(super) fn every(&mut self, interval: Option<Duration>, now: Instant) {
        if self.interval != interval {
            self.interval = interval;
            self.schedule(now);
        }
    }

    /// A scan succeeded.
    pub(super) fn scanned(&mut self, Scanned { full, changes, racy }: Scanned, now: Instant) {
        self.last = if racy > 0 { LastScan::Racy(now + DOUBT) } else { LastScan::Settled };
        if let Some(took) = full {
            (self.took, self.ended) = (took, now);
            self.in_vain = if changes > 0 { 0 } else { (self.in_vain + 1).min(SHARE_OF_LOOKS) };
        }
        // A full rescan that is due stays due until it is done.
        if full.is_some() || self.full.is_none() {
            self.schedule(now);
        }
    }

    /// A scan had to be discarded. Returns whether to scan the same paths again. The next scan, of these paths or of
    /// everything, includes racy files. A scan of racy files alone has no paths, so everything is scanned soon.
    pub(super) fn discarded(&mut self, changed_paths: &ChangedPaths, now: Instant) -> bool {
        let is_repeatable = !matches!(changed_paths, ChangedPaths::Paths(paths) if paths.is_empty());
        let attempts = if let LastScan::Discarded(before) = self.last { before.saturating_add(1) } else { 1 };
        self.last = LastScan::Discarded(attempts);
        if !is_repeatable && attempts <= SAME_HINTS {
            self.sooner(now + AGAIN);
        }
        if attempts > SAME_HINTS {
            let wait = AGAIN * 2_u32.saturating_pow(attempts.min(8) - 1);
            self.sooner(now + wait.clamp(self.took, LONGEST_AGAIN.max(self.took)));
        }
        is_repeatable && attempts <= SAME_HINTS
    }

    /// The content directory is missing.
    pub(super) fn vanished(&mut self, now: Instant) {
        (self.full, self.last) = (Some(now + GONE), LastScan::Vanished);
    }

    /// Reads the configuration again after this time.
    pub(super) fn read_rules_in(&mut self, wait: Duration, now: Instant) {
        self.rules = Some(now + wait);
    }

    /// The configuration could not be read.
    pub(super) fn unread(&mut self, now: Instant) {
        self.read_rules_in(GONE, now);
    }

    /// The content directory was replaced. Its configuration is read before its articles.
    pub(super) fn replaced(&mut self, now: Instant) {
        self.vanished(now);
        self.rules = Some(now);
    }

    /// Whether the configuration has to be read again. Returns `true` once.
    pub(super) fn are_rules_due(&mut self, now: Instant) -> bool {
        self.rules.take_if(|rules| *rules <= now).is_some()
    }

    /// Whether a full rescan that events request may start now. If such rescans find nothing, for
    /// example because our own reading overflows the event queue, they are delayed more and more.
    pub(super) fn may_look(&mut self, now: Instant) -> bool {
        let due = self.ended + self.took * self.in_vain;
        if due > now {
            self.sooner(due);
        }
        due <= now
    }

    pub(super) fn is_full_due(&self, now: Instant) -> bool {
        self.full.is_some_and(|full| full <= now)
    }

    /// Whether racy files are due.
    pub(super) fn is_doubt_due(&self, now: Instant) -> bool {
        self.doubt().is_some_and(|doubt| doubt <= now)
    }

    /// The time until something is due.
    pub(super) fn patience(&self, now: Instant) -> Option<Duration> {
        [self.full, self.doubt(), self.rules]
            .into_iter()
            .flatten()
            .min()
            .map(|next| next.saturating_duration_since(now))
    }

    /// When racy files are due.
    fn doubt(&self) -> Option<Instant> {
        if let LastScan::Racy(due) = self.last { Some(due) } else { None }
    }

    fn schedule(&mut self, now: Instant) {
        self.full = self.interval.map(|interval| now + interval.max(self.took * SHARE_OF_LOOKS));
    }

    fn sooner(&mut self, instant: Instant) {
        self.full = Some(self.full.map_or(instant, |full| full.min(instant)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const MINUTES: Duration = Duration::from_mins(10);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn scan(full: Option<Duration>, changes: usize, racy: usize) -> Scanned {
        Scanned { full, changes, racy }
    }

    #[test]
    fn full_rescans_take_at_most_a_tenth_of_the_time() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(Some(seconds(2)), seconds(3), start);
        assert!(!schedule.is_full_due(start + seconds(29)) && schedule.is_full_due(start + seconds(30)));
        schedule.scanned(scan(Some(seconds(1)), 1, 0), start + seconds(31));
        assert!(!schedule.is_full_due(start + seconds(40)) && schedule.is_full_due(start + seconds(41)));
    }

    #[test]
    fn a_discarded_scan_is_repeated_after_growing_but_limited_pauses() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(Some(MINUTES), Duration::ZERO, start);
        assert!((0..SAME_HINTS).all(|_| schedule.discarded(&ChangedPaths::Everything, start)));
        let mut waits = Vec::new();
        for _ in 0..12 {
            assert!(!schedule.discarded(&ChangedPaths::Everything, start));
            waits.push(schedule.full.unwrap() - start);
            schedule.full = None;
        }
        assert_eq!(waits[0], AGAIN * 8);
        assert!(waits.is_sorted() && waits[11] == LONGEST_AGAIN, "{waits:?}");
        schedule.scanned(scan(None, 1, 0), start);
        assert!(schedule.discarded(&ChangedPaths::Everything, start), "a successful scan resets the count");
    }

    #[test]
    fn a_discarded_scan_of_racy_files_leads_to_a_full_rescan() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(Some(MINUTES), Duration::ZERO, start);
        assert!(!schedule.discarded(&ChangedPaths::Paths(BTreeSet::new()), start));
        assert_eq!(schedule.full, Some(start + AGAIN));
    }

    #[test]
    fn racy_files_do_not_shorten_the_pause_for_a_missing_or_replaced_directory() {
        let start = Instant::now();
        let later = start + DOUBT;
        let mut schedule = RescanSchedule::new(None, Duration::ZERO, start);
        assert!(schedule.is_doubt_due(later));
        schedule.vanished(later);
        assert_eq!(schedule.patience(later), Some(GONE));
        let mut schedule = RescanSchedule::new(None, Duration::ZERO, start);
        while schedule.discarded(&ChangedPaths::Everything, later) {}
        assert_eq!(schedule.patience(later), Some(AGAIN * 8));
    }

    #[test]
    fn rescans_that_find_nothing_are_delayed_and_useful_ones_are_not() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(Some(MINUTES), Duration::ZERO, start);
        schedule.scanned(scan(Some(seconds(1)), 1, 0), start);
        assert!(schedule.may_look(start), "a burst is scanned while it goes on");
        schedule.scanned(scan(Some(seconds(1)), 0, 0), start);
        assert!(!schedule.may_look(start) && schedule.may_look(start + seconds(1)));
        schedule.scanned(scan(Some(seconds(1)), 0, 0), start);
        assert!(
            !schedule.may_look(start + seconds(1)) && schedule.is_full_due(start + seconds(2)),
            "it is delayed, not dropped"
        );
        schedule.scanned(scan(Some(seconds(1)), 1, 0), start);
        assert!(schedule.may_look(start));
    }

    #[test]
    fn a_full_rescan_that_is_due_stays_due_after_other_scans() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(Some(MINUTES), Duration::ZERO, start);
        schedule.scanned(scan(Some(seconds(1)), 0, 0), start);
        assert!(!schedule.may_look(start));
        schedule.scanned(scan(None, 1, 0), start + seconds(2));
        assert!(schedule.is_full_due(start + seconds(2)));
        schedule.scanned(scan(Some(seconds(1)), 1, 0), start + seconds(3));
        assert!(!schedule.is_full_due(start + seconds(4)));
    }

    #[test]
    fn rules_that_could_not_be_read_are_read_again_once_after_a_second() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(None, Duration::ZERO, start);
        schedule.unread(start);
        assert_eq!(schedule.patience(start), Some(GONE));
        assert!(!schedule.are_rules_due(start + GONE / 2));
        assert!(schedule.are_rules_due(start + GONE) && !schedule.are_rules_due(start + GONE));
    }

    #[test]
    fn racy_files_are_read_again_after_the_granularity_of_the_clock() {
        let start = Instant::now();
        let mut schedule = RescanSchedule::new(None, Duration::ZERO, start);
        assert_eq!(schedule.patience(start), Some(DOUBT));
        schedule.scanned(scan(None, 0, 0), start);
        assert_eq!(schedule.patience(start), None);
        schedule.scanned(scan(None, 0, 1), start);
        assert!(!schedule.is_doubt_due(start + seconds(1)) && schedule.is_doubt_due(start + DOUBT));
    }
}
