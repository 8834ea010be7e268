//! Publishes a new edition and reports it to the log, the metrics and the status.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::super::change::PublishReason;
use super::super::counted;
use super::{ReadBefore, Updater};
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
        self.report(now);
        self.look_for_problems(ReadBefore::Changes);
        let problems = self.problem_count();
        let new_problems = self.context.logged.take_fresh().map(|fresh| format!(", {fresh}")).unwrap_or_default();
        let published = match feeds {
            0 if change.is_about_skipped_files() => "nothing published".to_owned(),
            feeds => format!("{} new", counted(feeds, "feed", "feeds")),
        };
        let (number, ms) = (self.context.publisher.number(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        tracing::info!(
            edition = number,
            articles,
            feeds,
            problems,
            ms,
            "edition {number}: {change}{new_problems}; {published}, {}, {}, {ms} ms",
            counted(articles, "article", "articles"),
            counted(problems, "problem", "problems"),
        );
    }

    /// Logs the problems that only the whole library shows, if they are new.
    pub(super) fn look_for_problems(&mut self, read: ReadBefore) {
        self.context.logged.look(&self.context.publisher.current(), read, &self.places);
        if read == ReadBefore::Everything {
            self.tell_unpublished();
        }
    }

    /// Logs that the edition stays, if there are new problems.
    pub(super) fn tell_unpublished(&mut self) {
        if let Some(fresh) = self.context.logged.take_fresh() {
            let (number, problems) = (self.context.publisher.number(), self.problem_count());
            tracing::info!(
                edition = number,
                problems,
                "edition {number} stays: {fresh}, nothing published, {} in all",
                counted(problems, "problem", "problems")
            );
        }
    }

    /// The number of known errors and warnings.
    fn problem_count(&self) -> usize {
        let of_files = self.context.publisher.current().library().problem_count();
        self.problems.len() + of_files + self.context.logged.of_library()
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
