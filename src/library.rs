//! The library: every article at one moment, in order and in groups.
//!
//! A library is a function of the files, the rules and the moment; the order
//! in which changes came leaves no trace. `apply` builds the next one beside
//! this one and shares what did not change. Bodies stand here only for
//! articles that some feed shows ([`Library::missing`] names those that are
//! wanted). Knows neither disk nor formats.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use imbl::{HashMap, OrdMap, OrdSet};

use crate::article::{Article, Detail, Outcome, Place};
use crate::diagnostic::Problem;
use crate::key::Key;
use crate::name::Name;
use crate::site::{Future, Rules};

mod apply;
mod batch;
mod conflict;
mod identity;
mod images;
mod index;
mod links;
mod membership;
mod cross_references;
mod order;
mod pages;
mod slugs;
mod visibility;

pub use batch::{ChangeBatch, File, ImageFacts};
pub use identity::IdConflict;
pub use order::Members;
pub use pages::PageConflict;
pub use visibility::Visibility;

/// Every article at one moment.
#[derive(Debug, Clone)]
pub struct Library {
    rules: Arc<Rules>,
    /// The moment: what is due, and what has expired, is judged by it.
    now: DateTime<Utc>,
    /// Every readable article that may be published, due or not.
    articles: index::Index,
    /// Articles that are not to be published, and why.
    hidden: OrdMap<Place, &'static str>,
    /// What is wrong with files, by file.
    problems: OrdMap<Arc<str>, Arc<[Problem]>>,
    problem_count: usize,
    /// The articles of each feed.
    groups: OrdMap<Key, Members>,
    /// How many feeds show an article.
    shown: HashMap<Place, u32>,
    /// The bodies of articles that are shown.
    details: HashMap<Place, Arc<Detail>>,
    /// Shown articles whose bodies are not here.
    wanted: OrdSet<Place>,
    /// Images of ours, by their path below `/media/`.
    images: HashMap<Arc<str>, Arc<ImageFacts>>,
    /// Their paths by what they are found as besides: in small letters, or as
    /// what stands out in a bundle.
    image_aliases: HashMap<Arc<str>, OrdSet<Arc<str>>>,
    /// The shown articles that speak of an image, there or not, by its path in
    /// small letters.
    image_users: HashMap<Arc<str>, OrdSet<Place>>,
    /// Articles by the hashes of the names of images in them.
    image_names: OrdSet<(u32, Place)>,
    /// The shown articles that name another, by all that may be meant.
    backlinks: HashMap<cross_references::Meaning, OrdSet<Place>>,
    /// Articles by the hashes of what others may call them.
    names: OrdSet<(u64, Place)>,
    /// Who may have which id.
    ids: identity::IdIndex,
    /// Files that share a page.
    pages: pages::PageIndex,
    /// The siblings that want a slug.
    claimants: HashMap<slugs::SlugClaim, OrdSet<Key>>,
    /// When something becomes due, is edited, or expires.
    schedule: OrdSet<(DateTime<Utc>, Place)>,
}

/// The feeds that a batch may have changed.
pub type AffectedFeeds = BTreeSet<Key>;

impl Library {
    /// A library of no articles; feeds named by definitions exist all the same.
    pub fn empty(rules: Arc<Rules>, now: DateTime<Utc>) -> Self {
        let mut groups = OrdMap::new();
        groups.insert(Key::Site, Members::none(rules.order(&Key::Site)));
        let mut claimants: HashMap<slugs::SlugClaim, OrdSet<Key>> = HashMap::new();
        for key in rules.defined() {
            groups.insert(key.clone(), Members::none(rules.order(key)));
            // The categories above a defined one exist with it.
            let mut above = key.parent();
            while let Some(parent) = above {
                above = parent.parent();
                groups.entry(parent).or_insert_with(|| Members::none(crate::site::Order::Published));
            }
        }
        let mut library = Self {
            rules,
            now,
            articles: index::Index::default(),
            hidden: OrdMap::new(),
            problems: OrdMap::new(),
            problem_count: 0,
            groups,
            shown: HashMap::new(),
            details: HashMap::new(),
            wanted: OrdSet::new(),
            images: HashMap::new(),
            image_aliases: HashMap::new(),
            image_users: HashMap::new(),
            image_names: OrdSet::new(),
            backlinks: HashMap::new(),
            names: OrdSet::new(),
            ids: identity::IdIndex::default(),
            pages: pages::PageIndex::new(),
            claimants: HashMap::new(),
            schedule: OrdSet::new(),
        };
        for key in library.groups.keys() {
            if let Some(claim) = library.claim(key) {
                claimants.entry(claim).or_default().insert(key.clone());
            }
        }
        library.claimants = claimants;
        library
    }

    /// The same articles under other rules, at another moment. Articles that
    /// other rules would read otherwise must be read again.
    #[must_use]
    pub fn under(&self, rules: Arc<Rules>, now: DateTime<Utc>) -> Self {
        let mut batch = ChangeBatch::default();
        for article in self.articles.iter() {
            let place = &article.place;
            let skimmed = crate::article::Metadata {
                outcome: Outcome::Article(Arc::clone(article)),
                problems: self.problems.get(place.as_str()).map(|problems| problems.to_vec()).unwrap_or_default(),
            };
            let file = match self.details.get(place) {
                Some(detail) => {
                    File::Full(Box::new(crate::article::Full { skimmed, detail: Some(Detail::clone(detail)) }))
                }
                None => File::Metadata(skimmed),
            };
            batch.articles.insert(place.clone(), Some(file));
        }
        batch.images =
            self.images.iter().map(|(path, facts)| (Arc::clone(path), Some(ImageFacts::clone(facts)))).collect();
        let mut next = Self::empty(rules, now);
        // Files that are no articles stay as they were judged.
        next.hidden = self.hidden.clone();
        next.problems = self.problems.clone();
        next.problem_count = self.problem_count;
        next.apply(batch, now).0
    }

    /// What governs it.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// The moment it speaks of.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Every feed there is, in the order of keys.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.groups.keys()
    }

    /// The articles of a feed.
    pub fn members(&self, key: &Key) -> Option<&Members> {
        self.groups.get(key)
    }

    /// The article at a place, if it is published at this moment.
    pub fn published(&self, place: &str) -> Option<&Arc<Article>> {
        self.articles.get(place).filter(|article| self.is_published(article))
    }

    /// Whether the file at a place is an article, published or not.
    pub fn knows(&self, place: &str) -> bool {
        self.articles.get(place).is_some() || self.hidden.contains_key(place)
    }

    /// The body and all, where it is here.
    pub fn detail(&self, place: &Place) -> Option<&Arc<Detail>> {
        self.details.get(place)
    }

    /// The places of shown articles whose bodies are not here.
    pub fn missing(&self) -> Vec<Place> {
        self.wanted.iter().cloned().collect()
    }

    /// The next moment at which an article becomes due, is edited or expires.
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.schedule.get_min().map(|(instant, _)| *instant)
    }

    /// What is wrong, by file.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.reports().filter(|problem| problem.is_wrong())
    }

    /// What is wrong and what is only noted, by file.
    pub fn reports(&self) -> impl Iterator<Item = &Problem> {
        self.problems.values().flat_map(|problems| problems.iter())
    }

    /// What is wrong with one file.
    pub fn problems_of(&self, file: &str) -> &[Problem] {
        self.problems.get(file).map_or(&[], |problems| problems)
    }

    /// How much is wrong.
    pub fn problem_count(&self) -> usize {
        self.problem_count
    }

    /// What is left out on purpose, and why.
    pub fn hidden(&self) -> impl Iterator<Item = (&Place, &'static str)> {
        self.hidden.iter().map(|(place, reason)| (place, *reason))
    }

    /// The feeds below one in the category tree.
    pub fn keys_below(&self, key: &Key) -> impl Iterator<Item = &Key> {
        let above = key.clone();
        self.groups
            .range(key.clone()..)
            .map(|(below, _)| below)
            .take_while(move |below| below.kind() == above.kind() && below.names().starts_with(above.names()))
            .skip(1)
    }

    /// Whether some feed shows the article at a place.
    pub fn is_shown(&self, place: &Place) -> bool {
        self.shown.contains_key(place)
    }

    /// A path below `/media/`, as the library keeps it.
    pub fn image_key(&self, path: &str) -> Option<Arc<str>> {
        self.images.get_key_value(path).map(|(key, _)| Arc::clone(key))
    }

    /// The image at a path below `/media/`.
    pub fn image(&self, path: &str) -> Option<&Arc<ImageFacts>> {
        self.images.get(path)
    }

    /// How many articles there are, published, held or expired.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.articles.len() == 0
    }

    /// Articles that are not due yet, or expired.
    pub fn unpublished(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles.iter().filter(|article| !self.is_published(article))
    }

    /// How many articles are due and not expired.
    pub fn published_count(&self) -> usize {
        self.groups.get(&Key::Site).map_or(0, Members::len)
    }

    /// The names of a feed as its oldest article spells them.
    pub fn names(&self, key: &Key) -> Vec<Name> {
        self.names_of(key)
    }

    fn is_published(&self, article: &Article) -> bool {
        let due =
            self.rules.site.future == Future::Show || article.published.is_none_or(|published| published <= self.now);
        due && article.expires.is_none_or(|expires| expires > self.now)
    }
}

/// What a batch does to the groups, before it is done.
type Edited = BTreeMap<Key, order::Edits>;
