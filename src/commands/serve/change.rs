//! What made an edition, in a few words for the log.

use std::fmt::{self, Display, Formatter};

use crate::library::{ChangeBatch, Library};

/// What made an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Files are different.
    Files {
        /// Articles that were not known.
        added: usize,
        /// Articles that were.
        changed: usize,
        /// Articles that are no more.
        removed: usize,
        /// Images that came, went or changed.
        images: usize,
    },
    /// An article is due or expired.
    Time,
    /// Something in `feeds/` or in the generator's configuration.
    Rules,
    /// The watcher broke, and everything was read again.
    Repair,
}

impl Change {
    /// What a batch does to a library, before it is done.
    pub(super) fn of(batch: &ChangeBatch, library: &Library) -> Self {
        if batch.is_empty() {
            return Self::Time;
        }
        let removed = batch.articles.values().filter(|file| file.is_none()).count();
        let known = |(place, _): &(&crate::article::Place, _)| library.knows(place.as_str());
        let changed = batch.articles.iter().filter(|(_, file)| file.is_some()).filter(known).count();
        let added = batch.articles.len() - removed - changed;
        Self::Files { added, changed, removed, images: batch.images.len() }
    }
}

impl Display for Change {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time => formatter.write_str("an article is due or expired"),
            Self::Rules => formatter.write_str("other settings"),
            Self::Repair => formatter.write_str("everything read again"),
            Self::Files { added, changed, removed, images } => {
                let parts = [(added, "added"), (changed, "changed"), (removed, "removed"), (images, "of images")];
                let told: Vec<String> = parts
                    .iter()
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, what)| format!("{count} {what}"))
                    .collect();
                formatter.write_str(&told.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happened_is_told() {
        let files = Change::Files { added: 2, changed: 0, removed: 1, images: 0 };
        assert_eq!(files.to_string(), "2 added, 1 removed");
        assert_eq!(Change::of(&ChangeBatch::default(), &library()), Change::Time);
    }

    fn library() -> Library {
        use crate::site::{RawSite, Rules, SiteInputs};
        let situation = SiteInputs {
            content_name: "content",
            base_url: None,
            bound: "http://127.0.0.1",
            dialect: crate::article::Dialect::Plain,
            generator: None,
            auxiliary_files: None,
        };
        let site = RawSite::parse("site.yaml", "").unwrap().check(&situation).unwrap();
        Library::empty(
            std::sync::Arc::new(Rules::new(site, std::collections::BTreeMap::new())),
            chrono::DateTime::UNIX_EPOCH,
        )
    }
}
