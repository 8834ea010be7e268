//! When to look next.
//!
//! Knows how looks ended and how long they took; reads no clock. Whatever
//! happens, looking is never all that is done, and no failure is for ever.

use std::time::{Duration, Instant};

/// A file written so lately that a second change may not show is looked at
/// again after the grain of every file system's clock.
const DOUBT: Duration = Duration::from_secs(2);
/// A directory that is swapped under way is looked at again.
const AGAIN: Duration = Duration::from_millis(100);
/// The longest such wait, however often it was in vain.
const LONGEST_AGAIN: Duration = Duration::from_secs(10);
/// So often the same hints are followed again before everything is looked at.
pub(super) const SAME_HINTS: u32 = 3;
/// A directory that is gone may be back, and one that cannot be read readable.
const GONE: Duration = Duration::from_secs(1);
/// Looks at everything may take this part of the time, no more.
const SHARE_OF_LOOKS: u32 = 10;

/// When to look next.
#[derive(Debug)]
pub(super) struct Pace {
    /// How often everything is looked at.
    interval: Option<Duration>,
    /// When everything is to be looked at again.
    full: Option<Instant>,
    /// When files in doubt are.
    doubt: Option<Instant>,
    /// When `feeds/` is to be read again, having been unreadable.
    rules: Option<Instant>,
    /// How long the last look at everything took, and when it ended.
    took: Duration,
    ended: Instant,
    /// Looks in a row that had to be thrown away.
    unsettled: u32,
    /// Looks at everything in a row that events asked for and that found
    /// nothing.
    in_vain: u32,
}

impl Pace {
    /// After a first look that has just ended.
    pub(super) fn new(interval: Option<Duration>, took: Duration, now: Instant) -> Self {
        Self {
            interval,
            full: interval.map(|interval| now + interval.max(took * SHARE_OF_LOOKS)),
            // Files that were written while they were first read.
            doubt: Some(now + DOUBT),
            rules: None,
            took,
            ended: now,
            unsettled: 0,
            in_vain: 0,
        }
    }

    /// Everything is to be looked at so often from now on.
    pub(super) fn every(&mut self, interval: Option<Duration>, now: Instant) {
        if self.interval != interval {
            self.interval = interval;
            self.schedule(now);
        }
    }

    /// A look told what it saw.
    pub(super) fn looked(&mut self, full: Option<Duration>, found: bool, doubtful: bool, now: Instant) {
        self.unsettled = 0;
        self.doubt = doubtful.then_some(now + DOUBT);
        if let Some(took) = full {
            (self.took, self.ended) = (took, now);
            self.in_vain = if found { 0 } else { (self.in_vain + 1).min(SHARE_OF_LOOKS) };
        }
        // A look at everything that is due stays due until it is made.
        if full.is_some() || self.full.is_none() {
            self.schedule(now);
        }
    }

    /// A look had to be thrown away; whether the same hints may be tried again.
    pub(super) fn unsettled(&mut self, now: Instant) -> bool {
        self.unsettled += 1;
        let wait = AGAIN * 2_u32.saturating_pow(self.unsettled.min(8) - 1);
        let wait = wait.clamp(self.took, LONGEST_AGAIN.max(self.took));
        if self.unsettled > SAME_HINTS {
            self.sooner(now + wait);
            // Who looks at everything looks at what is in doubt.
            self.doubt = None;
        }
        self.unsettled <= SAME_HINTS
    }

    /// The content is not there.
    pub(super) fn vanished(&mut self, now: Instant) {
        (self.full, self.doubt) = (Some(now + GONE), None);
    }

    /// The configuration is to be read again after so long.
    pub(super) fn read_rules_in(&mut self, wait: Duration, now: Instant) {
        self.rules = Some(now + wait);
    }

    /// The configuration could not be read.
    pub(super) fn unread(&mut self, now: Instant) {
        self.read_rules_in(GONE, now);
    }

    /// Another directory is there, whose configuration is to be read before its articles.
    pub(super) fn replaced(&mut self, now: Instant) {
        self.vanished(now);
        self.rules = Some(now);
    }

    /// Whether `feeds/` is to be read again, which is asked once.
    pub(super) fn are_rules_due(&mut self, now: Instant) -> bool {
        self.rules.take_if(|rules| *rules <= now).is_some()
    }

    /// Events ask for a look at everything: whether now. Events that lead to
    /// nothing again and again, as when our own reading overflows their queue,
    /// are heard ever later.
    pub(super) fn may_look(&mut self, now: Instant) -> bool {
        let due = self.ended + self.took * self.in_vain;
        if due > now {
            self.sooner(due);
        }
        due <= now
    }

    /// Whether everything is to be looked at.
    pub(super) fn is_full_due(&self, now: Instant) -> bool {
        self.full.is_some_and(|full| full <= now)
    }

    /// Whether files in doubt are.
    pub(super) fn is_doubt_due(&self, now: Instant) -> bool {
        self.doubt.is_some_and(|doubt| doubt <= now)
    }

    /// How long nothing will be due.
    pub(super) fn patience(&self, now: Instant) -> Option<Duration> {
        [self.full, self.doubt, self.rules].into_iter().flatten().min().map(|next| next.saturating_duration_since(now))
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
    use super::*;

    const MINUTES: Duration = Duration::from_mins(10);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn looks_at_everything_take_a_tenth_of_the_time_at_most() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(seconds(2)), seconds(3), start);
        assert!(!pace.is_full_due(start + seconds(29)) && pace.is_full_due(start + seconds(30)));
        pace.looked(Some(seconds(1)), true, false, start + seconds(31));
        assert!(!pace.is_full_due(start + seconds(40)) && pace.is_full_due(start + seconds(41)));
    }

    #[test]
    fn a_look_thrown_away_is_made_again_ever_later_and_never_too_late() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(MINUTES), Duration::ZERO, start);
        assert!((0..SAME_HINTS).all(|_| pace.unsettled(start)));
        let mut waits = Vec::new();
        for _ in 0..12 {
            assert!(!pace.unsettled(start));
            waits.push(pace.full.unwrap() - start);
            pace.full = None;
        }
        assert_eq!(waits[0], AGAIN * 8);
        assert!(waits.is_sorted() && waits[11] == LONGEST_AGAIN, "{waits:?}");
        pace.looked(None, true, false, start);
        assert!(pace.unsettled(start), "a good look makes all good");
    }

    #[test]
    fn a_doubt_is_no_reason_to_look_without_a_pause_for_what_is_gone_or_swapped() {
        let start = Instant::now();
        let later = start + DOUBT;
        let mut pace = Pace::new(None, Duration::ZERO, start);
        assert!(pace.is_doubt_due(later));
        pace.vanished(later);
        assert_eq!(pace.patience(later), Some(GONE));
        let mut pace = Pace::new(None, Duration::ZERO, start);
        while pace.unsettled(later) {}
        assert_eq!(pace.patience(later), Some(AGAIN * 8));
    }

    #[test]
    fn events_that_lead_to_nothing_are_heard_ever_later_and_real_ones_at_once() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(MINUTES), Duration::ZERO, start);
        pace.looked(Some(seconds(1)), true, false, start);
        assert!(pace.may_look(start), "a burst is looked at while it goes on");
        pace.looked(Some(seconds(1)), false, false, start);
        assert!(!pace.may_look(start) && pace.may_look(start + seconds(1)));
        pace.looked(Some(seconds(1)), false, false, start);
        assert!(!pace.may_look(start + seconds(1)) && pace.is_full_due(start + seconds(2)), "late is not never");
        pace.looked(Some(seconds(1)), true, false, start);
        assert!(pace.may_look(start));
    }

    #[test]
    fn a_look_at_everything_that_is_due_stays_due_whatever_else_is_looked_at() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(MINUTES), Duration::ZERO, start);
        pace.looked(Some(seconds(1)), false, false, start);
        assert!(!pace.may_look(start));
        pace.looked(None, true, false, start + seconds(2));
        assert!(pace.is_full_due(start + seconds(2)));
        pace.looked(Some(seconds(1)), true, false, start + seconds(3));
        assert!(!pace.is_full_due(start + seconds(4)));
    }

    #[test]
    fn rules_that_could_not_be_read_are_read_again_a_second_later_and_not_twice() {
        let start = Instant::now();
        let mut pace = Pace::new(None, Duration::ZERO, start);
        pace.unread(start);
        assert_eq!(pace.patience(start), Some(GONE));
        assert!(!pace.are_rules_due(start + GONE / 2));
        assert!(pace.are_rules_due(start + GONE) && !pace.are_rules_due(start + GONE));
    }

    #[test]
    fn files_in_doubt_are_looked_at_after_the_grain_of_the_clock() {
        let start = Instant::now();
        let mut pace = Pace::new(None, Duration::ZERO, start);
        assert_eq!(pace.patience(start), Some(DOUBT));
        pace.looked(None, false, false, start);
        assert_eq!(pace.patience(start), None);
        pace.looked(None, false, true, start);
        assert!(!pace.is_doubt_due(start + seconds(1)) && pace.is_doubt_due(start + DOUBT));
    }
}
