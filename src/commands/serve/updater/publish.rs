//! Publishes a new edition and reports it to the log, the metrics and the status.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::super::change::PublishReason;
use super::super::counted;
use super::Updater;
use crate::library::{AffectedFeeds, Library};
use crate::server::{Figures, tell_squeezed};

/// How long changed documents are rendered in advance before they are published.
const WARMING: Duration = Duration::from_millis(50);

impl Updater {
    /// Publishes the next edition and logs it.
    pub(super) fn publish(
        &mut self,
        library: Library,
        affected: &AffectedFeeds,
        now: DateTime<Utc>,
        change: PublishReason,
    ) {
        let shared = self.context.publisher.current();
        let edition = shared.next(library, affected);
        let start = Instant::now();
        edition.warm(|| start.elapsed() < WARMING);
        for path in edition.lost_since(&shared) {
            tracing::warn!(
                "the feed /{path} is gone with its last article; to keep or move its subscribers add a definition for it, or an entry in `redirects` or `gone` of site.yaml"
            );
        }
        tell_squeezed(&edition);
        let (articles, feeds) = (edition.library().published_count(), edition.fresh_count());
        self.context.publisher.publish(edition);
        let took = self.began.elapsed();
        self.context.count.reloaded(took);
        let (number, ms) = (self.context.publisher.number(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        tracing::info!(
            edition = number,
            articles,
            feeds,
            ms,
            "edition {number}: {change}; {} new, {}, {ms} ms",
            counted(feeds, "feed", "feeds"),
            counted(articles, "article", "articles"),
        );
        self.report(now);
    }

    /// Updates the numbers of `/metrics` and the facts of `/status`.
    pub(super) fn report(&self, now: DateTime<Utc>) {
        let edition = self.context.publisher.current();
        let library = edition.library();
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.context.count.published(Figures {
            edition: self.context.publisher.number(),
            published: (now - DateTime::UNIX_EPOCH).as_seconds_f64(),
            articles: count(library.published_count()),
            feeds: count(edition.feed_count()),
        });
        self.context.status.publish(Arc::clone(&edition), self.context.publisher.number(), self.problems.clone());
    }
}
