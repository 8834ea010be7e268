//! What operators see of an edition: nothing here is rendered, and nothing
//! counts as asked for.

use std::sync::Arc;

use super::Edition;
use crate::document::Document;
use crate::feed::{Entry, Format};
use crate::key::Key;

impl Edition {
    /// The documents of a feed that are kept at this moment.
    pub fn rendered(&self, key: &Key) -> Vec<(Format, Arc<Document>)> {
        let published = self.feeds.get(key).into_iter();
        let cells = published.flat_map(|published| Format::ALL.into_iter().zip(&published.documents));
        cells.filter_map(|(format, cell)| Some((format, cell.kept()?))).collect()
    }

    /// The entries that a feed shows, in its order.
    pub fn entries(&self, key: &Key) -> &[Arc<Entry>] {
        self.feeds.get(key).map_or(&[], |published| &published.feed.entries)
    }

    /// How many feeds are not those of the edition before.
    pub fn fresh_count(&self) -> usize {
        self.fresh.len()
    }
}
