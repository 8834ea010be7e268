//! Read access to an edition for the admin pages. Nothing here renders a document or counts as a request.

use std::sync::Arc;

use super::Edition;
use crate::document::Document;
use crate::feed::{Entry, Format};
use crate::key::FeedKey;

impl Edition {
    /// Returns the documents of a feed that are currently cached.
    pub(crate) fn rendered(&self, key: &FeedKey) -> Vec<(Format, Arc<Document>)> {
        let published = self.feeds.get(key).into_iter();
        let cells = published.flat_map(|published| Format::ALL.into_iter().zip(&published.documents));
        cells.filter_map(|(format, cell)| Some((format, cell.kept()?))).collect()
    }

    /// Returns the entries that a feed shows, in its order.
    pub(crate) fn entries(&self, key: &FeedKey) -> &[Arc<Entry>] {
        self.feeds.get(key).map_or(&[], |published| &published.feed.entries)
    }

    /// Returns the size of the documents in memory, and the limit, in bytes.
    pub(crate) fn cached_documents(&self) -> (usize, usize) {
        (self.document_cache.used(), self.document_cache.limit())
    }

    /// Returns how many feeds differ from those of the previous edition.
    pub(crate) fn fresh_count(&self) -> usize {
        self.fresh.len()
    }
}
