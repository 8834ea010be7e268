//! Finds the feed documents that differ between two editions, for hubs.

use std::collections::HashSet;

use super::{Edition, Published};
use crate::feed::Format;
use crate::key::{FeedKey, Kind};

/// A feed document whose bytes changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangedDocument {
    pub(crate) url: String,
    /// The entity tags before and after the change.
    pub(crate) tags: [String; 2],
}

impl Edition {
    /// Returns the feed documents that have other bytes than in the earlier edition: those of sites and definitions, and
    /// those in `polled`. Adds those to `polled` that were requested. Both editions render only these documents.
    pub(crate) fn changed_documents(&self, before: &Self, polled: &mut HashSet<String>) -> Vec<ChangedDocument> {
        let is_next = self.serial == before.serial + 1;
        let keys: Vec<&FeedKey> = if is_next { self.fresh.iter().collect() } else { self.feeds.keys().collect() };
        let mut changed = Vec::new();
        for key in keys {
            let (Some(new), Some(old)) = (self.feeds.get(key), before.feeds.get(key)) else { continue };
            if std::sync::Arc::ptr_eq(new, old) {
                continue;
            }
            for format in new.feed.addresses.formats.iter().copied() {
                let url = new.feed.addresses.document(format).to_string();
                let asks = |published: &Published| published.documents[format as usize].asks();
                if asks(old) + asks(new) > 0 {
                    polled.insert(url.clone());
                }
                if !matches!(key.kind(), Kind::Site | Kind::Feed) && !polled.contains(&url) {
                    continue;
                }
                let tags = [before.tag(old, format), self.tag(new, format)];
                if tags[0] != tags[1] {
                    changed.push(ChangedDocument { url, tags });
                }
            }
        }
        changed
    }

    /// The entity tag of a document, which is rendered if it is not cached. This counts as no request.
    fn tag(&self, published: &Published, format: Format) -> String {
        published.documents[format as usize].fill(|| self.render(published, format)).etag.clone()
    }
}
