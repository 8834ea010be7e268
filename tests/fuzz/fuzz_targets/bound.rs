//! The time that an input may cost: 10 ms plus 0.5 ms a kilobyte.
//!
//! Knows the bound of a release build, and by how much a build for fuzzing is slower.
//! Deliberately does not know what is measured. Processor time counts, not time on the wall: on a busy machine a
//! process waits, which is nobody's fault here.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Counters at every branch, debug assertions, checked arithmetic and no link-time optimisation: measured 5.2 times.
const SLOWER: u32 = 6;
/// A page fault or another process in the cache can spoil a run, but not all of them.
const TRIES: usize = 3;

fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// What `work` gives; panics if reading so many bytes takes too long each time.
pub fn within<T>(bytes: usize, work: impl Fn() -> T) -> T {
    let kilobytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
    let allowed = (Duration::from_millis(10) + Duration::from_micros(500) * kilobytes) * SLOWER;
    let mut least = Duration::MAX;
    for _ in 0..TRIES {
        let start = spent();
        let made = work();
        least = least.min(spent() - start);
        if least <= allowed {
            return made;
        }
    }
    panic!("{bytes} bytes took {least:?}, allowed are {allowed:?}");
}
