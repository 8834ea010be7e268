//! Articles that bodies name: which one is meant, and who speaks of it.
//!
//! A shown article is remembered under every place that its mentions may mean,
//! so that one that appears, goes or moves later is noticed by those alone who
//! speak of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdSet;

use super::{Library, Touched, membership};
use crate::article::{Article, Detail, Mention, Place};

impl Library {
    /// The published article that a mention in the article at `from` means.
    pub fn mentioned(&self, mention: &Mention, from: &Place) -> Option<&Arc<Article>> {
        mention.meanings(from).iter().find_map(|place| self.published(place.as_str()))
    }

    pub(super) fn remember_mentions_of(&mut self, place: &Place, detail: &Detail) {
        for meant in meant(place, detail) {
            self.mentioners.entry(meant).or_default().insert(place.clone());
        }
    }

    pub(super) fn forget_mentions_of(&mut self, place: &Place, detail: &Detail) {
        for meant in meant(place, detail) {
            if let Some(mentioners) = self.mentioners.get_mut(&meant) {
                mentioners.remove(place);
                if OrdSet::is_empty(mentioners) {
                    self.mentioners.remove(&meant);
                }
            }
        }
    }

    /// The feeds that show an article which names one of the changed.
    pub(super) fn touch_mentioners(&self, changed: &BTreeSet<Place>, touched: &mut Touched) {
        if self.mentioners.is_empty() {
            return;
        }
        let mentioners = changed.iter().filter_map(|place| self.mentioners.get(place)).flatten();
        for article in mentioners.filter_map(|place| self.published(place.as_str())) {
            touched.extend(membership::keys(&self.rules, article));
        }
    }
}

/// Every place that an article may mean.
fn meant(place: &Place, detail: &Detail) -> BTreeSet<Place> {
    detail.mentions.iter().flat_map(|mention| mention.meanings(place)).collect()
}
