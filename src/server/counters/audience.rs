//! Metrics about readers: the largest feeds, so that their number is bounded.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::server::Readers;

/// The most feeds, and the most aggregators of a feed; the others are counted as `other`.
const MOST_FEEDS: usize = 200;
const MOST_AGGREGATORS: usize = 20;

/// Reports on the readers when it is asked for them.
#[derive(Debug)]
pub(super) struct AudienceMetrics(pub Arc<Readers>);

impl Collector for AudienceMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let report = self.0.report();
        let feeds = || report.feeds.iter().take(MOST_FEEDS);
        let help = "Subscribers that aggregators reported within 48 hours";
        let mut family = encoder.encode_descriptor("feedmill_subscribers", help, None, MetricType::Gauge)?;
        for feed in feeds() {
            let (shown, rest) = feed.aggregators.split_at(feed.aggregators.len().min(MOST_AGGREGATORS));
            let others: u64 = rest.iter().map(|(_, subscribers)| subscribers).sum();
            let others = (!rest.is_empty()).then_some(("other", others));
            for (name, subscribers) in shown.iter().map(|(name, sum)| (&**name, *sum)).chain(others) {
                let labels = [("feed", &*feed.feed), ("aggregator", name)];
                ConstGauge::new(subscribers).encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "Direct readers of the last whole day: distinct networks and client families";
        let mut family = encoder.encode_descriptor("feedmill_readers", help, None, MetricType::Gauge)?;
        for feed in feeds() {
            ConstGauge::new(feed.direct).encode(family.encode_family(&[("feed", &*feed.feed)])?)?;
        }
        Ok(())
    }
}
