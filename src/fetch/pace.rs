//! One request per second and host.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::lock::lock;

/// The time between two requests to one host.
const INTERVAL: Duration = Duration::from_secs(1);

/// When each host may be asked again.
#[derive(Debug, Default)]
pub(super) struct Pace {
    next: Mutex<HashMap<Box<str>, Instant>>,
}

impl Pace {
    /// Waits until a host may be asked.
    pub(super) fn wait(&self, host: &str) {
        let now = Instant::now();
        thread::sleep(self.reserve(host, now).saturating_duration_since(now));
    }

    /// Returns when a host may be asked, and reserves this moment.
    fn reserve(&self, host: &str, now: Instant) -> Instant {
        let mut next = lock(&self.next);
        // Hosts that may be asked at once need not be remembered.
        next.retain(|_, at| *at > now);
        let at = next.get(host).copied().unwrap_or(now);
        next.insert(host.into(), at + INTERVAL);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_once_a_second() {
        let (pace, start) = (Pace::default(), Instant::now());
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        assert_eq!(pace.reserve("a", start), start);
        assert_eq!(pace.reserve("b", start), start);
        assert_eq!(pace.reserve("a", at(10)), at(1000));
        assert_eq!(pace.reserve("a", at(20)), at(2000));
        assert_eq!(pace.reserve("a", at(5000)), at(5000));
        assert_eq!(lock(&pace.next).len(), 1);
    }
}
