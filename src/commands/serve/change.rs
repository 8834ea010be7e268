//! Why a new edition was published, for the log.

use std::fmt::{self, Display, Formatter};

use crate::content_path::ContentPath;
use crate::library::Library;

/// Why a new edition was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PublishReason {
    Files {
        added: usize,
        changed: usize,
        removed: usize,
        /// Files that are not articles, such as those that cannot be read, and were none before.
        skipped: usize,
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
    /// The changes of files from one library to the next.
    pub(super) fn of<'a>(
        files: impl IntoIterator<Item = &'a ContentPath>,
        (taken, media): (usize, usize),
        [before, after]: [&Library; 2],
    ) -> Self {
        let (mut added, mut changed, mut removed, mut skipped) = (0, taken, 0, 0);
        for file in files {
            let [was, is] = [before, after].map(|library| library.knows(file.as_str()));
            *match (was, is) {
                (false, true) => &mut added,
                (true, true) => &mut changed,
                (true, false) => &mut removed,
                (false, false) => &mut skipped,
            } += 1;
        }
        match (added + changed + removed, skipped, media) {
            (0, 0, 0) => Self::Time,
            _ => Self::Files { added, changed, removed, skipped, media },
        }
    }

    /// Whether no article or image changed.
    pub(super) fn is_about_skipped_files(self) -> bool {
        matches!(self, Self::Files { added: 0, changed: 0, removed: 0, media: 0, .. })
    }
}

impl Display for PublishReason {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time => formatter.write_str("an article became due or expired"),
            Self::ImageFacts => formatter.write_str("facts about remote images changed"),
            Self::Rules => formatter.write_str("the configuration changed"),
            Self::Repair => formatter.write_str("everything was read again"),
            Self::Files { added, changed, removed, skipped, media } => {
                let parts = [
                    (added, "added"),
                    (changed, "changed"),
                    (removed, "removed"),
                    (skipped, "skipped"),
                    (media, "media files"),
                ];
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
        let files = PublishReason::Files { added: 2, changed: 0, removed: 1, skipped: 0, media: 0 };
        assert_eq!(files.to_string(), "2 added, 1 removed");
        let library = library();
        assert_eq!(PublishReason::of([], (0, 0), [&library; 2]), PublishReason::Time);
        let skipped = PublishReason::of([&ContentPath::new("a.md")], (0, 0), [&library; 2]);
        assert!(skipped.is_about_skipped_files() && !files.is_about_skipped_files());
        assert_eq!(skipped.to_string(), "1 skipped");
    }

    fn library() -> Library {
        let rules = crate::site::sample::rules("", crate::generator::plain::PLAIN);
        Library::empty(rules, chrono::DateTime::UNIX_EPOCH)
    }
}
