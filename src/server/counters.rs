//! The metrics, in the text formats of OpenMetrics and Prometheus.
//!
//! Labels are route, format and status, never a URL: a client that requests ten thousand URLs must
//! not cost memory.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::condition::Reason;
use super::format_label::FormatLabel;
use super::health::{Health, ScanOutcome};
use super::hub_counts::{HubCounts, HubMetrics};
use crate::server::Readers;
use audience::AudienceMetrics;
use process::Process;
pub(crate) use process::resident_bytes;
pub(super) use prometheus::prometheus_text;

mod audience;
mod process;
mod prometheus;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// A feed, OPML or `feeds.json`.
    Feed,
    Page,
    Article,
    /// An image or attachment.
    Media,
    /// A redirect, an error, a style sheet or a health check.
    Other,
}

impl DocumentKind {
    const ALL: [Self; 5] = [Self::Feed, Self::Page, Self::Article, Self::Media, Self::Other];

    /// The value for logs and metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Article => "article",
            Self::Media => "media",
            Self::Other => "other",
        }
    }
}

/// The upper bounds of buckets in seconds, for scans of a thousand to a million files.
const SCANS: [f64; 11] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0];
/// The upper bounds of buckets in seconds, for documents.
const DOCUMENTS: [f64; 10] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

const MODES: [&str; 3] = ["events", "poll", "off"];

/// Every status that we send. The last entry counts all others.
const STATUSES: [(u16, &str); 13] = [
    (200, "200"),
    (204, "204"),
    (206, "206"),
    (301, "301"),
    (304, "304"),
    (404, "404"),
    (405, "405"),
    (410, "410"),
    (414, "414"),
    (416, "416"),
    (500, "500"),
    (503, "503"),
    (0, "other"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PanicSite {
    /// While handling a request, which gets a 500.
    Request,
    /// During a scan of the disk, which starts again.
    Watcher,
}

/// Facts about an edition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    /// Number of editions so far.
    pub edition: u64,
    /// When this edition was published, in seconds since 1970.
    pub published: f64,
    pub articles: u64,
    pub feeds: u64,
}

type Labels<const COUNT: usize> = [(&'static str, &'static str); COUNT];
type IntGauge = Gauge<i64, AtomicI64>;
type Fraction = Gauge<f64, AtomicU64>;

/// All metrics. On the request path, counting is a single addition.
pub(crate) struct Counters {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    /// The counters in `requests` that have been used, so that each label is looked up only once.
    /// Combinations that never occur do not appear in the text.
    answers: [[[OnceLock<Counter>; STATUSES.len()]; FormatLabel::ALL.len()]; DocumentKind::ALL.len()],
    full: [Counter; Reason::ALL.len()],
    not_modified: Counter,
    bytes: Counter,
    connections: IntGauge,
    edition: IntGauge,
    published: Fraction,
    articles: IntGauge,
    feeds: IntGauge,
    problems: IntGauge,
    looks: Histogram,
    reloads: Histogram,
    renders: Histogram,
    compressions: Histogram,
    overflows: Counter,
    log_dropped: Counter,
    panics: [Counter; 2],
    results: [Counter; ScanOutcome::WORDS.len()],
    last_look: Fraction,
    modes: [IntGauge; MODES.len()],
    stale: IntGauge,
    ready: IntGauge,
    /// Who polled the feeds.
    pub readers: Arc<Readers>,
    /// What hubs were told.
    pub hubs: Arc<HubCounts>,
}

impl Debug for Counters {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Counters").finish_non_exhaustive()
    }
}

impl Default for Counters {
    fn default() -> Self {
        Self::new()
    }
}

/// Creates a metric and registers it under its name.
macro_rules! register {
    ($registry:ident, $metric:ty, $name:literal, $help:expr) => {{
        let metric = <$metric>::default();
        $registry.register($name, $help, metric.clone());
        metric
    }};
}

impl Counters {
    pub(crate) fn new() -> Self {
        let mut root = Registry::default();
        root.register_collector(Box::new(Process { started: Utc::now() }));
        let readers = Arc::new(Readers::new());
        root.register_collector(Box::new(AudienceMetrics(Arc::clone(&readers))));
        let hubs = Arc::new(HubCounts::default());
        root.register_collector(Box::new(HubMetrics(Arc::clone(&hubs))));
        let registry = root.sub_registry_with_prefix("feedmill");
        let requests = Family::<Labels<3>, Counter>::default();
        registry.register("requests", "Responses by kind of route, format and status", requests.clone());
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version of the program", version);
        let reasons = Family::<Labels<1>, Counter>::default();
        let help = "Full responses that could have been a 304, by reason";
        registry.register("full_answers", help, reasons.clone());
        let full = Reason::ALL.map(|reason| reasons.get_or_create_owned(&[("reason", reason.as_str())]));
        let not_modified = register!(registry, Counter, "not_modified", "Responses with status 304");
        let bytes = Counter::default();
        registry.register_with_unit("sent", "Bytes of response bodies", Unit::Bytes, bytes.clone());
        let connections = register!(registry, IntGauge, "connections", "Open connections to the public listener");
        let edition = register!(registry, IntGauge, "edition", "Number of editions since the start");
        let published = Fraction::default();
        let help = "When the current edition was published, since 1970";
        registry.register_with_unit("edition_published", help, Unit::Seconds, published.clone());
        let articles = register!(registry, IntGauge, "articles", "Articles in the library");
        let feeds = register!(registry, IntGauge, "feeds", "Feeds published");
        let problems = register!(registry, IntGauge, "problems", "Problems in articles and definitions");
        let looks = Histogram::new(SCANS);
        registry.register_with_unit("look", "Duration of scans of the disk", Unit::Seconds, looks.clone());
        let reloads = Histogram::new(SCANS);
        let help = "Time from the scan that found a change until it was published";
        registry.register_with_unit("reload", help, Unit::Seconds, reloads.clone());
        let renders = Histogram::new(DOCUMENTS);
        registry.register_with_unit("render", "Time to render a document", Unit::Seconds, renders.clone());
        let compressions = Histogram::new(DOCUMENTS);
        let help = "Time that requests waited for a document to be compressed";
        registry.register_with_unit("compress", help, Unit::Seconds, compressions.clone());
        let help = "Times that file events were lost and a full rescan followed";
        let overflows = register!(registry, Counter, "queue_overflows", help);
        let help = "Log lines that were dropped because nothing read them";
        let log_dropped = register!(registry, Counter, "log_lines_dropped", help);
        let state = Family::<Labels<1>, Counter>::default();
        registry.register("panics", "Panics that were caught", state.clone());
        let panics = ["request", "watcher"].map(|site| state.get_or_create_owned(&[("room", site)]));
        let results = Family::<[(&'static str, &'static str); 1], Counter>::default();
        registry.register("looks", "Scans of the disk, by result", results.clone());
        let results = ScanOutcome::WORDS.map(|word| results.get_or_create_owned(&[("result", word)]));
        let last_look = Fraction::default();
        registry.register_with_unit(
            "last_look",
            "When the disk was last scanned, since 1970",
            Unit::Seconds,
            last_look.clone(),
        );
        let modes = Family::<[(&'static str, &'static str); 1], IntGauge>::default();
        registry.register("watch", "1 for the mode that detects changes", modes.clone());
        let modes = MODES.map(|mode| modes.get_or_create_owned(&[("mode", mode)]));
        let stale = register!(registry, IntGauge, "stale", "1 while the content may be out of date");
        let ready = register!(registry, IntGauge, "ready", "1 while the server is ready for requests");
        let counters = Self {
            registry: root,
            requests,
            answers: Default::default(),
            full,
            not_modified,
            bytes,
            connections,
            edition,
            published,
            articles,
            feeds,
            problems,
            looks,
            reloads,
            renders,
            compressions,
            overflows,
            log_dropped,
            panics,
            results,
            last_look,
            modes,
            stale,
            ready,
            readers,
            hubs,
        };
        // Counters of feed requests start at zero, so that rates are right from the beginning.
        for format_label in [FormatLabel::Rss, FormatLabel::Atom, FormatLabel::Json] {
            for status in [StatusCode::OK, StatusCode::NOT_MODIFIED] {
                counters.response(DocumentKind::Feed, format_label, status);
            }
        }
        counters
    }

    fn response(&self, kind: DocumentKind, format_label: FormatLabel, status: StatusCode) -> &Counter {
        let known = STATUSES.iter().position(|(code, _)| *code == status.as_u16());
        let at = known.unwrap_or(STATUSES.len() - 1);
        self.answers[kind as usize][format_label as usize][at].get_or_init(|| {
            let labels = [("route", kind.as_str()), ("format", format_label.as_str()), ("status", STATUSES[at].1)];
            self.requests.get_or_create_owned(&labels)
        })
    }

    pub(crate) fn published(&self, figures: Figures) {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.edition.set(number(figures.edition));
        self.published.set(figures.published);
        self.articles.set(number(figures.articles));
        self.feeds.set(number(figures.feeds));
    }

    /// A scan of the disk has finished.
    pub(crate) fn scanned(&self, took: Duration, outcome: ScanOutcome) {
        self.looks.observe(took.as_secs_f64());
        for (word, count) in ScanOutcome::WORDS.into_iter().zip(&self.results) {
            if word == outcome.word() {
                count.inc();
            }
        }
    }

    /// A change is published. `took` counts from the scan that found it.
    pub(crate) fn reloaded(&self, took: Duration) {
        self.reloads.observe(took.as_secs_f64());
    }

    pub(crate) fn rendered(&self, took: Duration) {
        self.renders.observe(took.as_secs_f64());
    }

    /// A document was compressed while a client waited.
    pub(super) fn compressed(&self, took: Duration) {
        self.compressions.observe(took.as_secs_f64());
    }

    /// Sets the number of current problems.
    pub(crate) fn problems(&self, count: usize) {
        self.problems.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Sets how many times events have been lost since the start.
    pub(crate) fn overflowed(&self, times: u64) {
        self.overflows.inner().store(times, Ordering::Relaxed);
    }

    /// Sets how many log lines have been dropped since the start.
    pub(crate) fn log_dropped(&self, lines: u64) {
        self.log_dropped.inner().store(lines, Ordering::Relaxed);
    }

    pub(crate) fn panicked(&self, site: PanicSite) {
        self.panics[site as usize].inc();
    }

    /// A response is sent, with a body of this many bytes.
    pub(super) fn answered(
        &self,
        kind: DocumentKind,
        format_label: FormatLabel,
        status: StatusCode,
        reason: Option<Reason>,
        bytes: u64,
    ) {
        self.response(kind, format_label, status).inc();
        if status == StatusCode::NOT_MODIFIED {
            self.not_modified.inc();
        }
        if let Some(reason) = reason {
            self.full[reason as usize].inc();
        }
        self.bytes.inc_by(bytes);
    }

    pub(super) fn connected(&self) {
        self.connections.inc();
    }

    pub(super) fn disconnected(&self) {
        self.connections.dec();
    }

    /// Returns all metrics in the text format of OpenMetrics.
    pub(crate) fn text(&self, health: &Health) -> String {
        let mode = health.mode();
        for (name, gauge) in MODES.into_iter().zip(&self.modes) {
            gauge.set(i64::from(mode == Some(name)));
        }
        let look = health.last_look().map_or(0.0, |at| (at - DateTime::UNIX_EPOCH).as_seconds_f64());
        self.last_look.set(look);
        self.stale.set(i64::from(health.is_stale()));
        self.ready.set(i64::from(health.is_ready(Utc::now())));
        let mut text = String::with_capacity(8192);
        // Writing to a `String` cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests;
