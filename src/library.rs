//! The library: every article at one moment, sorted and grouped into feeds.
//!
//! A library is a function of the files, the rules and the moment; the order of changes has no influence.
//! [`Library::apply`] builds the next library beside this one and shares everything that did not change.
//! Bodies are kept only for articles that a feed shows; [`Library::missing`] lists those that the caller
//! must read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use imbl::{HashMap, OrdMap, OrdSet};

use crate::article::{Article, ArticleBody, InFeeds, Outcome};
use crate::content_path::ContentPath;
use crate::diagnostic::Problem;
use crate::generator::HiddenReason;
use crate::key::{FeedKey, Kind, Topic};
use crate::name::Name;
use crate::remote_images::{RemoteImage, RemoteImages};
use crate::site::{Future, Rules};

mod apply;
mod attachments;
mod batch;
mod conflict;
mod definitions;
mod identity;
mod media;
mod index;
mod links;
mod membership;
mod cross_references;
mod references;
mod days;
mod order;
mod pages;
mod podcasts;
mod slugs;
mod visibility;

pub(crate) use attachments::{AttachedFile, plain_type};
pub use batch::{ChangeBatch, File, MediaFacts};
pub(crate) use identity::IdConflict;
pub(crate) use order::Members;
pub(crate) use pages::PageConflict;
pub(crate) use references::References;
pub use slugs::Table;
pub(crate) use slugs::{SlugClaim, claim, language_path};
pub use visibility::Visibility;

/// Every article at one moment.
#[derive(Debug, Clone)]
pub struct Library {
    rules: Arc<Rules>,
    /// The moment that decides which articles are due or expired.
    now: DateTime<Utc>,
    /// Every readable article that may be published, due or not.
    articles: index::Index,
    /// Articles that must not be published, and why.
    hidden: OrdMap<ContentPath, HiddenReason>,
    problems: OrdMap<Arc<str>, Arc<[Problem]>>,
    problem_count: usize,
    /// How many published articles are in no feed.
    outside_feeds: usize,
    /// The problems of paths that several names have.
    taken: OrdMap<ContentPath, Problem>,
    groups: OrdMap<FeedKey, Members>,
    /// The number of feeds that show each article.
    shown: HashMap<ContentPath, u32>,
    details: HashMap<ContentPath, Arc<ArticleBody>>,
    /// Shown articles whose bodies are not in memory.
    wanted: OrdSet<ContentPath>,
    /// Local images and attachments, by their path below `/media/`.
    media: HashMap<Arc<str>, Arc<MediaFacts>>,
    /// Paths of media files by their other names.
    media_aliases: HashMap<media::MediaName, OrdSet<Arc<str>>>,
    /// Shown articles that refer to a media file, existing or not, by the hash of its name.
    media_users: OrdSet<(u64, ContentPath)>,
    /// What is known about remote images.
    remote_images: Arc<RemoteImages>,
    /// Articles by the hashes of the names of media files they refer to.
    media_names: OrdSet<(u32, ContentPath)>,
    /// Shown articles that refer to another article, by the hashes of everything that the reference may mean.
    backlinks: OrdSet<(u64, ContentPath)>,
    /// Articles by the hashes of the names that others may use for them.
    names: OrdSet<(u64, ContentPath)>,
    ids: identity::IdIndex,
    /// Files that share a page.
    pages: pages::PageIndex,
    /// Articles whose dates have no time, by the instant of the first article of the day.
    days: OrdSet<(DateTime<Utc>, ContentPath)>,
    claimants: HashMap<slugs::SlugClaim, OrdSet<FeedKey>>,
    /// The moments at which an article becomes due, is edited, or expires.
    schedule: OrdSet<(DateTime<Utc>, ContentPath)>,
}

/// The feeds that a batch may have changed.
pub type AffectedFeeds = BTreeSet<FeedKey>;

impl Library {
    /// Creates a library without articles. It has the feeds that definitions name.
    pub fn empty(rules: Arc<Rules>, now: DateTime<Utc>) -> Self {
        let mut groups = OrdMap::new();
        groups.insert(FeedKey::SITE, Members::none(rules.order(&FeedKey::SITE)));
        let mut claimants: HashMap<slugs::SlugClaim, OrdSet<FeedKey>> = HashMap::new();
        for key in rules.defined() {
            groups.insert(key.clone(), Members::none(rules.order(key)));
            // The parents of a defined category exist too.
            let mut above = key.parent();
            while let Some(parent) = above {
                above = parent.parent();
                groups.entry(parent).or_insert_with(|| Members::none(crate::site::FeedOrder::Published));
            }
        }
        let mut library = Self {
            rules,
            now,
            articles: index::Index::default(),
            hidden: OrdMap::new(),
            problems: OrdMap::new(),
            problem_count: 0,
            outside_feeds: 0,
            taken: OrdMap::new(),
            groups,
            shown: HashMap::new(),
            details: HashMap::new(),
            wanted: OrdSet::new(),
            media: HashMap::new(),
            media_aliases: HashMap::new(),
            media_users: OrdSet::new(),
            remote_images: Arc::default(),
            media_names: OrdSet::new(),
            backlinks: OrdSet::new(),
            names: OrdSet::new(),
            ids: identity::IdIndex::default(),
            pages: pages::PageIndex::new(),
            days: OrdSet::new(),
            claimants: HashMap::new(),
            schedule: OrdSet::new(),
        };
        for key in library.groups.keys() {
            for claim in library.claims(key) {
                claimants.entry(claim).or_default().insert(key.clone());
            }
        }
        library.claimants = claimants;
        library
    }

    /// Returns the same articles under other rules and at another moment. Articles that the new rules would
    /// read differently must be read again.
    #[must_use]
    pub(crate) fn under(&self, rules: Arc<Rules>, now: DateTime<Utc>) -> Self {
        let mut batch = ChangeBatch::default();
        for article in self.articles.iter() {
            let place = &article.place;
            let skimmed = crate::article::Metadata {
                outcome: Outcome::Article(Arc::clone(article)),
                problems: self.problems.get(place.as_str()).map(|problems| problems.to_vec()).unwrap_or_default(),
            };
            let file = match self.details.get(place) {
                Some(detail) => {
                    File::Full(Box::new(crate::article::Full { skimmed, detail: Some(ArticleBody::clone(detail)) }))
                }
                None => File::Metadata(skimmed),
            };
            batch.articles.insert(place.clone(), Some(file));
        }
        batch.media =
            self.media.iter().map(|(path, facts)| (Arc::clone(path), Some(MediaFacts::clone(facts)))).collect();
        let mut next = Self::empty(rules, now).with_remote_images(Arc::clone(&self.remote_images)).0;
        // Files that are not articles keep their state.
        next.hidden = self.hidden.clone();
        next.problems = self.problems.clone();
        next.problem_count = self.problem_count;
        next.taken = self.taken.clone();
        next.apply(batch, now).0
    }

    /// Returns the rules of the library.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// Returns the moment that the library describes.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Returns the keys of all feeds, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &FeedKey> {
        self.groups.keys()
    }

    /// Returns the articles of a feed.
    pub fn members(&self, key: &FeedKey) -> Option<&Members> {
        self.groups.get(key)
    }

    /// Returns the article at a path if it is published at this moment.
    pub fn published(&self, place: &str) -> Option<&Arc<Article>> {
        self.articles.get(place).filter(|article| self.is_published(article))
    }

    /// Returns whether the file at a path is an article, published or not.
    pub(crate) fn knows(&self, place: &str) -> bool {
        self.articles.get(place).is_some() || self.hidden.contains_key(place)
    }

    /// Returns the full content of an article if it is in memory.
    pub fn detail(&self, place: &ContentPath) -> Option<&Arc<ArticleBody>> {
        self.details.get(place)
    }

    /// Returns the paths of shown articles whose bodies are not in memory.
    pub fn missing(&self) -> Vec<ContentPath> {
        self.wanted.iter().cloned().collect()
    }

    /// Returns the next moment at which an article becomes due, is edited or expires.
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        self.schedule.get_min().map(|(instant, _)| *instant)
    }

    /// Returns errors and warnings, by file.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.reports().filter(|problem| problem.is_wrong())
    }

    /// Returns errors, warnings and notes, by file.
    pub(crate) fn reports(&self) -> impl Iterator<Item = &Problem> {
        self.problems.values().flat_map(|problems| problems.iter()).chain(self.taken.values())
    }

    pub(crate) fn problems_of(&self, file: &str) -> &[Problem] {
        self.problems.get(file).map_or(&[], |problems| problems)
    }

    /// Returns the number of errors and warnings.
    pub(crate) fn problem_count(&self) -> usize {
        self.problem_count + self.taken.len()
    }

    /// Returns the articles that are left out on purpose, with the reasons.
    pub fn hidden(&self) -> impl Iterator<Item = (&ContentPath, HiddenReason)> {
        self.hidden.iter().map(|(place, reason)| (place, *reason))
    }

    /// Returns the feeds below one in the category tree.
    pub(crate) fn keys_below(&self, key: &FeedKey) -> impl Iterator<Item = &FeedKey> {
        let above = key.clone();
        self.groups
            .range(key.clone()..)
            .map(|(below, _)| below)
            .take_while(move |below| below.is_within(&above))
            .skip(1)
    }

    /// Returns the number of files that are not articles: those that are hidden, and those that cannot be read.
    pub(crate) fn skipped_count(&self) -> usize {
        self.hidden.len() + self.problems.keys().filter(|file| !self.knows(file)).count()
    }

    /// Returns whether a feed shows the article at a path.
    pub(crate) fn is_shown(&self, place: &ContentPath) -> bool {
        self.shown.contains_key(place)
    }

    /// Returns the library's own copy of a path below `/media/`, if there is a file.
    pub(crate) fn media_key(&self, path: &str) -> Option<Arc<str>> {
        self.media.get_key_value(path).map(|(key, _)| Arc::clone(key))
    }

    /// Returns the image or attachment at a path below `/media/`.
    pub fn media(&self, path: &str) -> Option<&Arc<MediaFacts>> {
        self.media.get(path)
    }

    /// Returns the number of local images and attachments.
    pub(crate) fn media_count(&self) -> usize {
        self.media.len()
    }

    /// Returns what is known about remote images.
    pub(crate) fn remote_images(&self) -> &Arc<RemoteImages> {
        &self.remote_images
    }

    /// Returns what is known about the remote image at a URL.
    pub(crate) fn remote_image(&self, url: &str) -> Option<RemoteImage> {
        self.remote_images.get(url)
    }

    /// Returns the number of articles, including those that are not due or expired.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Returns whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.articles.len() == 0
    }

    /// Returns all articles, also those that are not due or expired.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles.iter()
    }

    /// Returns the articles that are not due yet, or expired.
    pub(crate) fn unpublished(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles.iter().filter(|article| !self.is_published(article))
    }

    /// Returns the number of articles that are due and not expired.
    pub fn published_count(&self) -> usize {
        self.sites().map(|(_, members)| members.len()).sum::<usize>() + self.outside_feeds
    }

    /// Returns the feed of the whole site in each language that has articles, the default language first.
    pub(crate) fn sites(&self) -> impl Iterator<Item = (FeedKey, &Members)> {
        let others = self.rules.site.languages.iter().map(|language| Some(Arc::clone(&language.code)));
        let keys = std::iter::once(None).chain(others).map(|language| FeedKey { language, topic: Topic::Site });
        keys.filter_map(|key| self.groups.get(&key).map(|members| (key, members)))
    }

    /// Returns every article that is due and not expired: those in feeds by language and newest first, then the others
    /// by path.
    pub fn all_published(&self) -> impl Iterator<Item = &Arc<Article>> {
        let all = (self.outside_feeds > 0).then(|| self.articles.iter()).into_iter().flatten();
        let outside = all.filter(|article| article.in_feeds != InFeeds::All && self.is_published(article));
        self.sites().flat_map(|(_, members)| members.newest()).chain(outside)
    }

    /// Returns the kinds of feeds that have a list in a language; `None` is the root, which alone has definitions.
    pub(crate) fn lists(&self, language: Option<&Arc<str>>) -> impl Iterator<Item = Kind> {
        let is_root = language.is_none();
        let terms = || {
            let first = FeedKey { language: language.cloned(), topic: Topic::Term("".into(), "".into()) };
            self.groups
                .range(first..)
                .map(|(key, _)| key)
                .take_while(|key| key.language.as_ref() == language && matches!(key.topic, Topic::Term(..)))
        };
        let mut kinds: Vec<Kind> = Kind::LISTED.into_iter().filter(|kind| is_root || *kind != Kind::Feed).collect();
        for kind in terms().map(FeedKey::kind) {
            if kinds.last() != Some(&kind) {
                kinds.push(kind);
            }
        }
        kinds.into_iter()
    }

    /// Returns the keys of the feeds of a kind in a language; `None` is the root.
    pub(crate) fn keys_of_kind(&self, language: Option<&Arc<str>>, kind: &Kind) -> impl Iterator<Item = &FeedKey> {
        let first = FeedKey { language: language.cloned(), topic: kind.first_topic() };
        let (language, kind) = (first.language.clone(), kind.clone());
        let keys = self.groups.range(first..).map(|(key, _)| key);
        keys.take_while(move |key| key.language == language && key.kind() == kind)
    }

    /// Returns the kinds that have feeds in a language; `None` is the root.
    pub(crate) fn sections(&self, language: Option<&Arc<str>>) -> impl Iterator<Item = Kind> {
        self.lists(language).filter(move |kind| self.keys_of_kind(language, kind).next().is_some())
    }

    /// Returns the names of a feed as its oldest article spells them.
    pub(crate) fn names(&self, key: &FeedKey) -> Vec<Name> {
        self.names_of(key)
    }

    fn is_published(&self, article: &Article) -> bool {
        let due =
            self.rules.site.future == Future::Show || article.published.is_none_or(|published| published <= self.now);
        due && article.expires.is_none_or(|expires| expires > self.now)
    }
}

/// The changes of each group that a batch causes, before they are applied.
type Edited = BTreeMap<FeedKey, order::Edits>;
