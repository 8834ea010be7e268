//! The metrics of the process, with the names that Prometheus recommends for all programs.

use std::fmt;
use std::fs;

use chrono::{DateTime, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use rustix::param::page_size;
use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Reads the figures of this process when it is asked for them. What the system does not report is left out.
#[derive(Debug)]
pub(super) struct Process {
    pub started: DateTime<Utc>,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let started = (self.started - DateTime::UNIX_EPOCH).as_seconds_f64();
        metric(&mut encoder, "start_time_seconds", "When the process started, since 1970", &ConstGauge::new(started))?;
        let spent = clock_gettime(ClockId::ProcessCPUTime);
        #[expect(clippy::cast_precision_loss, reason = "seconds since the start")]
        let seconds = spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9;
        metric(&mut encoder, "cpu_seconds", "Processor time spent", &ConstCounter::new(seconds))?;
        if let Some(bytes) = resident_bytes() {
            metric(&mut encoder, "resident_memory_bytes", "Resident memory", &ConstGauge::new(bytes))?;
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            // One of them is that of the directory.
            let count = open.count().saturating_sub(1) as u64;
            metric(&mut encoder, "open_fds", "Open file descriptors", &ConstGauge::new(count))?;
        }
        if let Some(most) = getrlimit(Resource::Nofile).current {
            metric(&mut encoder, "max_fds", "Maximum number of open file descriptors", &ConstGauge::new(most))?;
        }
        Ok(())
    }
}

fn metric(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
    let name = format!("process_{name}");
    metric.encode(encoder.encode_descriptor(&name, help, None, metric.metric_type())?)
}

/// The memory that the process occupies: the second field of `statm` (proc(5)).
pub(crate) fn resident_bytes() -> Option<u64> {
    let pages: u64 = fs::read_to_string("/proc/self/statm").ok()?.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages.saturating_mul(page_size() as u64))
}
