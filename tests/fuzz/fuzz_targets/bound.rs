//! Limits the processor time that an input may take: 10 ms plus 0.5 ms per kilobyte in a release build.
//! Wall-clock time does not count, because on a busy machine a process waits.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Factor for a fuzzing build, which has counters at every branch, debug assertions, checked arithmetic and
/// no link-time optimisation. Front matter takes 5.2 times as long. For a body full of character references,
/// `perf` finds 70 % of the time in the callbacks of the counters alone.
const SLOWER: u32 = 9;
/// A page fault or another process in the cache can slow down one run, but not every run.
const TRIES: usize = 3;

fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Returns the result of `work`; panics if every attempt takes too long for `bytes` of input.
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
    panic!("{bytes} bytes took {least:?}, the limit is {allowed:?}");
}
