//! Identity: what an article is called for ever.
//!
//! The UUID of its place, or of the id its author gave it. Of two articles with
//! one id the older keeps it; the other's is made of id and place.

use std::collections::BTreeSet;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::{Library, Touched, membership};
use crate::article::{Article, Place};
use crate::text::is_canonical_uri;

/// An id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// An absolute URI of the author's own.
    Uri(Box<str>),
    /// Made by us.
    Uuid(Uuid),
}

impl Library {
    /// The id of an article.
    pub fn identity(&self, article: &Article) -> Identity {
        let namespace = &self.rules.site.namespace;
        let claim = claim(article);
        if self.owner(&claim).is_some_and(|owner| owner.place != article.place) {
            return Identity::Uuid(Uuid::new_v5(namespace, format!("{claim}\0{}", article.place).as_bytes()));
        }
        // One that a feed cannot carry as it stands is a text like any other.
        if article.id.is_some() && is_canonical_uri(&claim) {
            return Identity::Uri(claim.as_ref().into());
        }
        Identity::Uuid(Uuid::new_v5(namespace, claim.as_bytes()))
    }

    /// The articles that do not have the id they claim, each with the one that
    /// has it.
    pub fn disputed_ids(&self) -> impl Iterator<Item = (&Arc<str>, &Place, Place)> {
        self.claims.iter().flat_map(|(claim, places)| {
            let owner = self.owner(claim).map(|owner| owner.place.clone());
            places.iter().filter_map(move |place| {
                let owner = owner.clone().filter(|owner| owner != place)?;
                Some((claim, place, owner))
            })
        })
    }

    /// The older of those who claim an id, then the one with the smaller path.
    fn owner(&self, claim: &str) -> Option<&Arc<Article>> {
        let by_id = self.claims.get(claim).into_iter().flatten().filter_map(|place| self.published(place.as_str()));
        let by_place = self.published(claim).filter(|article| article.id.is_none());
        by_id.chain(by_place).min_by_key(|article| (article.published, &article.place))
    }

    /// Who owns each id that an article at one of these places claims, or
    /// claimed; `was` and `is` are what is published there, before and now.
    pub(super) fn settle_ids_since(
        &mut self,
        before: &Self,
        changed: &BTreeSet<Place>,
        (was, is): (&[Arc<Article>], &[Arc<Article>]),
        touched: &mut Touched,
    ) {
        let mut disputed: BTreeSet<Arc<str>> = BTreeSet::new();
        for article in was.iter().filter(|article| article.id.is_some()) {
            let claim = claim(article);
            if let Some(places) = self.claims.get_mut(&claim) {
                places.remove(&article.place);
                if places.is_empty() {
                    self.claims.remove(&claim);
                }
            }
            disputed.insert(claim);
        }
        for article in is.iter().filter(|article| article.id.is_some()) {
            let claim = claim(article);
            self.claims.entry(Arc::clone(&claim)).or_default().insert(article.place.clone());
            disputed.insert(claim);
        }
        for place in changed.iter().filter(|_| !(self.claims.is_empty() && before.claims.is_empty())) {
            // A place may be what another article gives as its id.
            if self.claims.contains_key(place.as_str()) || before.claims.contains_key(place.as_str()) {
                disputed.insert(place.shared());
            }
        }
        for claim in disputed {
            let owner = |library: &Self| library.owner(&claim).map(|article| article.place.clone());
            if owner(before) == owner(self) {
                continue;
            }
            let claimants = self.claims.get(&claim).into_iter().flatten().cloned();
            let places: Vec<Place> = claimants.chain(owner(before)).chain(owner(self)).collect();
            for article in places.iter().filter_map(|place| self.published(place.as_str())) {
                touched.extend(membership::keys(&self.rules, article));
            }
        }
    }
}

/// What an article is identified by: its own id, else its place.
fn claim(article: &Article) -> Arc<str> {
    match &article.id {
        Some(id) => id.trim().nfc().collect::<String>().into(),
        None => article.place.shared(),
    }
}
