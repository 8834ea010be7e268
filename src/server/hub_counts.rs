//! Counts of pings to `WebSub` hubs, for metrics and `/status`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, SecondsFormat, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use serde_json::{Value, json};

use crate::lock::lock;

/// The result of one request to a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PingOutcome {
    /// The hub accepted it.
    Sent,
    /// It is sent again later.
    Retried,
    /// It is given up.
    Failed,
}

impl PingOutcome {
    const ALL: [Self; 3] = [Self::Sent, Self::Retried, Self::Failed];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retried => "retried",
            Self::Failed => "failed",
        }
    }
}

/// What happened to the pings of one hub.
#[derive(Debug, Default)]
struct HubCount {
    outcomes: [u64; PingOutcome::ALL.len()],
    /// When the hub last accepted one.
    last: Option<DateTime<Utc>>,
    open: usize,
    /// Since when the oldest open one waits.
    oldest: Option<DateTime<Utc>>,
}

/// The counts of all hubs, by URL.
#[derive(Debug, Default)]
pub(crate) struct HubCounts(Mutex<BTreeMap<String, HubCount>>);

impl HubCounts {
    /// Counts the result of a request.
    pub(crate) fn count(&self, hub: &str, outcome: PingOutcome, now: DateTime<Utc>) {
        let mut hubs = lock(&self.0);
        let count = hubs.entry(hub.to_owned()).or_default();
        count.outcomes[outcome as usize] += 1;
        if outcome == PingOutcome::Sent {
            count.last = Some(now);
        }
    }

    /// Sets how many pings of a hub are open, and since when the oldest of them waits.
    pub(crate) fn open(&self, hub: &str, open: usize, oldest: Option<DateTime<Utc>>) {
        let mut hubs = lock(&self.0);
        let count = hubs.entry(hub.to_owned()).or_default();
        (count.open, count.oldest) = (open, oldest);
    }

    /// The hubs in `/status`.
    pub(crate) fn json(&self) -> Value {
        let hubs = lock(&self.0);
        let hubs = hubs.iter().map(|(url, count)| {
            json!({
                "url": url,
                "sent": count.outcomes[PingOutcome::Sent as usize],
                "failed": count.outcomes[PingOutcome::Failed as usize],
                "last": count.last.map(|last| last.to_rfc3339_opts(SecondsFormat::Secs, true)),
                "open": count.open,
            })
        });
        hubs.collect()
    }
}

/// Reports on the hubs when it is asked for them.
#[derive(Debug)]
pub(super) struct HubMetrics(pub Arc<HubCounts>);

impl Collector for HubMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let hubs = lock(&self.0.0);
        if hubs.is_empty() {
            return Ok(());
        }
        let help = "Requests to hubs, by result";
        let mut family = encoder.encode_descriptor("feedmill_pings", help, None, MetricType::Counter)?;
        for (url, count) in hubs.iter() {
            for outcome in PingOutcome::ALL {
                let labels = [("hub", &**url), ("outcome", outcome.as_str())];
                ConstCounter::new(count.outcomes[outcome as usize]).encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "How long the oldest change waits that a hub was not told of, in seconds";
        let mut family = encoder.encode_descriptor("feedmill_ping_oldest_seconds", help, None, MetricType::Gauge)?;
        for (url, count) in hubs.iter() {
            let waits = count.oldest.map_or(0.0, |since| (Utc::now() - since).as_seconds_f64().max(0.0));
            ConstGauge::new(waits).encode(family.encode_family(&[("hub", &**url)])?)?;
        }
        Ok(())
    }
}
