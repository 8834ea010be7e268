//! Why a new edition was published, for the log.

use std::fmt::{self, Display, Formatter};

use crate::library::{ChangeBatch, Library};

/// Why a new edition was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PublishReason {
    Files {
        added: usize,
        changed: usize,
        removed: usize,
        /// Images that were added, changed or removed.
        media: usize,
    },
    /// An article became due or expired.
    Time,
    /// Facts about remote images changed.
    ImageFacts,
    /// The configuration changed: `feeds/` or that of the generator.
    Rules,
    /// The updater panicked, and everything was read again.
    Repair,
}

impl PublishReason {
    /// Counts the changes that a batch will make to a library. Call this before the batch is applied.
    pub(super) fn of(batch: &ChangeBatch, library: &Library) -> Self {
        if batch.is_empty() {
            return Self::Time;
        }
        let removed = batch.articles.values().filter(|file| file.is_none()).count();
        let known = |(place, _): &(&crate::content_path::ContentPath, _)| library.knows(place.as_str());
        let changed = batch.articles.iter().filter(|(_, file)| file.is_some()).filter(known).count();
        let added = batch.articles.len() - removed - changed;
        let changed = changed + batch.taken.len();
        Self::Files { added, changed, removed, media: batch.media.len() }
    }
}

impl Display for PublishReason {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time => formatter.write_str("an article became due or expired"),
            Self::ImageFacts => formatter.write_str("facts about remote images changed"),
            Self::Rules => formatter.write_str("the configuration changed"),
            Self::Repair => formatter.write_str("everything was read again"),
            Self::Files { added, changed, removed, media } => {
                let parts = [(added, "added"), (changed, "changed"), (removed, "removed"), (media, "media files")];
                let parts: Vec<String> = parts
                    .iter()
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, what)| format!("{count} {what}"))
                    .collect();
                formatter.write_str(&parts.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_parts_that_changed_are_listed() {
        let files = PublishReason::Files { added: 2, changed: 0, removed: 1, media: 0 };
        assert_eq!(files.to_string(), "2 added, 1 removed");
        assert_eq!(PublishReason::of(&ChangeBatch::default(), &library()), PublishReason::Time);
    }

    fn library() -> Library {
        let rules = crate::site::sample::rules("", crate::generator::plain::PLAIN);
        Library::empty(rules, chrono::DateTime::UNIX_EPOCH)
    }
}
