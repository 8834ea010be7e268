//! Counters and gauges, and how Prometheus reads them.
//!
//! Knows kinds of routes and classes of status, never single addresses:
//! whoever asks for ten thousand of them must not cost memory.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::DateTime;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::condition::Reason;
use super::health::{Health, Outcome, Phase};

/// What kind of thing was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A feed, OPML or feeds.json.
    Feed,
    /// A page of the catalogue.
    Page,
    /// An article's page.
    Article,
    /// An image.
    Media,
    /// A redirect, an error, a style sheet, health.
    Other,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Feed, Self::Page, Self::Article, Self::Media, Self::Other];

    /// The word for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Article => "article",
            Self::Media => "media",
            Self::Other => "other",
        }
    }
}

const MODES: [&str; 3] = ["events", "poll", "off"];

const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// What an edition is, in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// How many editions there have been.
    pub edition: u64,
    /// When this one was published, in seconds since 1970.
    pub published: f64,
    /// Articles in the library.
    pub articles: u64,
    /// Feeds that are published.
    pub feeds: u64,
    /// Problems that `/status` lists.
    pub problems: u64,
}

type Number = Gauge<i64, AtomicI64>;
type Fraction = Gauge<f64, AtomicU64>;

/// Everything that is counted. A count on the request path is one addition.
pub struct Counters {
    registry: Registry,
    answers: [[Counter; CLASSES.len()]; Kind::ALL.len()],
    full: [Counter; Reason::ALL.len()],
    not_modified: Counter,
    bytes: Counter,
    connections: Number,
    edition: Number,
    published: Fraction,
    articles: Number,
    feeds: Number,
    problems: Number,
    looks: Histogram,
    results: [Counter; Outcome::WORDS.len()],
    last_look: Fraction,
    modes: [Number; MODES.len()],
    stale: Number,
    ready: Number,
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

/// A gauge or counter that is registered under its name.
macro_rules! register {
    ($registry:ident, $metric:ty, $name:literal, $help:literal) => {{
        let metric = <$metric>::default();
        $registry.register($name, $help, metric.clone());
        metric
    }};
}

impl Counters {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("feedmill");
        let requests = Family::<[(&'static str, &'static str); 2], Counter>::default();
        registry.register("requests", "Answers by kind of route and class of status", requests.clone());
        let answers = Kind::ALL.map(|kind| {
            CLASSES.map(|class| requests.get_or_create_owned(&[("route", kind.as_str()), ("status", class)]))
        });
        let reasons = Family::<[(&'static str, &'static str); 1], Counter>::default();
        let help = "Answers sent in full that could have been 304, by reason";
        registry.register("full_answers", help, reasons.clone());
        let full = Reason::ALL.map(|reason| reasons.get_or_create_owned(&[("reason", reason.as_str())]));
        let not_modified = register!(registry, Counter, "not_modified", "Answers 304");
        let bytes = Counter::default();
        registry.register_with_unit("sent", "Bodies sent", Unit::Bytes, bytes.clone());
        let connections = register!(registry, Number, "connections", "Open connections to the public listener");
        let edition = register!(registry, Number, "edition", "Editions since the start");
        let published = Fraction::default();
        let help = "When the edition served was published, since 1970";
        registry.register_with_unit("edition_published", help, Unit::Seconds, published.clone());
        let articles = register!(registry, Number, "articles", "Articles in the library");
        let feeds = register!(registry, Number, "feeds", "Feeds published");
        let problems = register!(registry, Number, "problems", "Problems in articles and definitions");
        // From a millisecond to about two minutes: a look at a million files.
        let looks = Histogram::new(exponential_buckets(0.001, 3.0, 11));
        registry.register_with_unit("look", "How long looks at the disk took", Unit::Seconds, looks.clone());
        let results = Family::<[(&'static str, &'static str); 1], Counter>::default();
        registry.register("looks", "Looks at the disk by what came of them", results.clone());
        let results = Outcome::WORDS.map(|word| results.get_or_create_owned(&[("result", word)]));
        let last_look = Fraction::default();
        registry.register_with_unit(
            "last_look",
            "When the disk was last looked at, since 1970",
            Unit::Seconds,
            last_look.clone(),
        );
        let modes = Family::<[(&'static str, &'static str); 1], Number>::default();
        registry.register("watch", "1 for the way by which changes are found", modes.clone());
        let modes = MODES.map(|mode| modes.get_or_create_owned(&[("mode", mode)]));
        let stale = register!(registry, Number, "stale", "1 while what is served may be old");
        let ready = register!(registry, Number, "ready", "1 while polls are welcome");
        Self {
            registry,
            answers,
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
            results,
            last_look,
            modes,
            stale,
            ready,
        }
    }

    /// An edition was published.
    pub fn published(&self, figures: Figures) {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.edition.set(number(figures.edition));
        self.published.set(figures.published);
        self.articles.set(number(figures.articles));
        self.feeds.set(number(figures.feeds));
        self.problems.set(number(figures.problems));
    }

    /// A look at the disk is over.
    pub fn looked(&self, took: Duration, outcome: Outcome) {
        self.looks.observe(took.as_secs_f64());
        for (word, count) in Outcome::WORDS.into_iter().zip(&self.results) {
            if word == outcome.word() {
                count.inc();
            }
        }
    }

    /// An answer goes out with a body of this many bytes.
    pub(super) fn answered(&self, kind: Kind, status: StatusCode, reason: Option<Reason>, bytes: u64) {
        // 1xx is never answered here.
        let class = usize::from(status.as_u16() / 100).clamp(2, 5) - 2;
        self.answers[kind as usize][class].inc();
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

    /// All of it in the text form of `OpenMetrics`.
    pub(super) fn text(&self, health: &Health) -> String {
        let mode = health.mode();
        for (name, gauge) in MODES.into_iter().zip(&self.modes) {
            gauge.set(i64::from(mode == Some(name)));
        }
        let look = health.last_look().map_or(0.0, |at| (at - DateTime::UNIX_EPOCH).as_seconds_f64());
        self.last_look.set(look);
        self.stale.set(i64::from(health.is_stale()));
        self.ready.set(i64::from(health.phase() == Phase::Ready));
        let mut text = String::with_capacity(8192);
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_read_under_its_name() {
        let counters = Counters::new();
        let status = |code| StatusCode::from_u16(code).unwrap();
        counters.answered(Kind::Feed, status(200), Some(Reason::TagDiffers), 1000);
        counters.answered(Kind::Feed, status(304), None, 0);
        counters.answered(Kind::Media, status(206), None, 24);
        counters.answered(Kind::Other, status(599), None, 0);
        counters.looked(Duration::from_millis(2), Outcome::Different(5));
        let figures = Figures { edition: 7, published: 1.5, articles: 3, feeds: 5, problems: 2 };
        counters.published(figures);
        let health = Health::new();
        health.watching("poll", None);
        health.looked(DateTime::from_timestamp(1_767_225_600, 0).unwrap(), Outcome::Same);
        health.stale(crate::server::health::Cause::Content, "gone");
        let text = counters.text(&health);
        for line in [
            "feedmill_requests_total{route=\"feed\",status=\"2xx\"} 1",
            "feedmill_requests_total{route=\"feed\",status=\"3xx\"} 1",
            "feedmill_requests_total{route=\"media\",status=\"2xx\"} 1",
            "feedmill_requests_total{route=\"other\",status=\"5xx\"} 1",
            "feedmill_requests_total{route=\"page\",status=\"4xx\"} 0",
            "feedmill_full_answers_total{reason=\"tag differs\"} 1",
            "feedmill_not_modified_total 1",
            "feedmill_sent_bytes_total 1024",
            "feedmill_edition 7",
            "feedmill_edition_published_seconds 1.5",
            "feedmill_articles 3",
            "feedmill_feeds 5",
            "feedmill_problems 2",
            "feedmill_look_seconds_count 1",
            "feedmill_looks_total{result=\"different\"} 1",
            "feedmill_looks_total{result=\"same\"} 0",
            "feedmill_last_look_seconds 1767225600.0",
            "feedmill_watch{mode=\"poll\"} 1",
            "feedmill_watch{mode=\"events\"} 0",
            "feedmill_stale 1",
            "feedmill_ready 0",
            "# EOF",
        ] {
            assert!(text.lines().any(|each| each == line), "no {line} in\n{text}");
        }
    }
}
