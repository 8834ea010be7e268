//! An edition: everything that is published at one moment.
//!
//! An edition resolves the path of a request to a document and renders the document on first use. The next
//! edition is built beside the current one and shares all unchanged feeds and their documents. The
//! publisher swaps it in.

use std::sync::{Arc, OnceLock};

use imbl::{HashMap, OrdMap};

use crate::article::body::cost::{self, Permit};
use crate::content_path::ContentPath;
use crate::diagnostic::Problem;
use crate::digest::digest;
use crate::document::Document;
use crate::feed::{Address, Addresses, Catalogue, Entry, Feed, Format, Headline, Kind, Listing, Masthead, select};
use crate::key::FeedKey;
use crate::library::{AffectedFeeds, Library};
use crate::render::{self, page};

mod addresses;
mod article_page;
mod catalogue;
mod find;
mod redirects;
mod inputs;
mod inspect;
mod list_pages;
mod changed_documents;
mod document_cache;
mod site_document;
mod over_budget;

pub(crate) use changed_documents::ChangedDocument;
pub use document_cache::DocumentCache;
pub(crate) use document_cache::Observed;
use document_cache::Slot;
pub(crate) use find::Expense;
pub use find::Found;
use find::{Aliases, LegacyPaths};
pub(crate) use inputs::Inputs;
use over_budget::OverBudget;
pub(crate) use redirects::Redirects;
use site_document::SiteDocuments;

/// Returns how many bytes of memory it takes to render a document of this feed.
fn rendering_cost(feed: &Feed) -> usize {
    feed.entries.iter().map(|entry| entry.body.source.cost()).sum()
}

/// Waits until a document of this feed may be rendered, if its bodies are large.
fn rendering_permit(feed: &Feed) -> Option<Permit> {
    cost::rendering_permit(rendering_cost(feed))
}

/// Everything that is published at one moment.
#[derive(Debug)]
pub struct Edition {
    library: Library,
    /// What exists once for each language; the root is first.
    views: Vec<LanguageView>,
    feeds: OrdMap<FeedKey, Arc<Published>>,
    entries: HashMap<ContentPath, Arc<Entry>>,
    /// Feeds by the path of their page below the base URL.
    paths: HashMap<Arc<str>, Arc<Published>>,
    /// The path of the base URL, with a slash at both ends.
    base_path: String,
    feed_cache: String,
    /// Number of this edition, for callers that keep something made from one edition.
    serial: u64,
    document_cache: Arc<DocumentCache>,
    /// Feeds that differ from those of the previous edition.
    fresh: Vec<FeedKey>,
    over_budget: OverBudget,
    /// URLs of the past.
    legacy_paths: Arc<LegacyPaths>,
    /// Other names of feeds, collected on first use.
    aliases: OnceLock<Aliases>,
    /// The number of [`Self::conflicts`], counted on first use.
    conflict_count: OnceLock<usize>,
    site_documents: SiteDocuments,
}

/// What exists once for each language of an edition.
#[derive(Debug)]
struct LanguageView {
    /// The code of the language; `None` is the root.
    language: Option<Arc<str>>,
    masthead: Arc<Masthead>,
    catalogue: OnceLock<Catalogue>,
}

#[derive(Debug)]
struct Published {
    feed: Feed,
    /// The direct subcategories, for the page.
    below: Vec<Listing>,
    /// The articles of the first page that the feed does not contain.
    headlines: Vec<Headline>,
    /// The feed within its byte budget, if it exceeds that.
    fitted: OnceLock<Option<Feed>>,
    /// Whether the feed exceeded its byte budget in an earlier edition.
    was_over_budget: bool,
    /// The articles that the feed shows.
    places: Vec<ContentPath>,
    path: Arc<str>,
    documents: [Arc<Slot>; 3],
    page: Arc<Slot>,
    /// A digest of the feed and of what its pages show besides.
    digest: OnceLock<u128>,
}

impl Published {
    fn digest(&self) -> u128 {
        *self.digest.get_or_init(|| digest(&(&self.feed, &self.below)))
    }
}

/// Returns the view of a language; the root if it has none.
fn view<'a>(views: &'a [LanguageView], language: Option<&Arc<str>>) -> &'a LanguageView {
    views.iter().find(|view| view.language.as_ref() == language).unwrap_or(&views[0])
}

impl Edition {
    /// Builds the first edition of a library.
    pub fn first(library: Library, document_cache: Arc<DocumentCache>) -> Self {
        let nothing = Self {
            views: Vec::new(),
            feeds: OrdMap::new(),
            entries: HashMap::new(),
            paths: HashMap::new(),
            base_path: library.rules().site.identity.base.path().to_owned(),
            feed_cache: library.rules().site.http.cache.header(),
            serial: 0,
            document_cache,
            fresh: Vec::new(),
            over_budget: OverBudget::default(),
            legacy_paths: Arc::new(LegacyPaths::new(&library.rules().site)),
            aliases: OnceLock::new(),
            conflict_count: OnceLock::new(),
            site_documents: SiteDocuments::default(),
            library: library.clone(),
        };
        let all = library.keys().cloned().collect();
        nothing.next(library, &all)
    }

    /// Builds the edition of a later library, in which the `affected` feeds may have changed.
    #[must_use]
    pub fn next(&self, library: Library, affected: &AffectedFeeds) -> Self {
        let views = self.next_views(&library);
        let mastheads =
            |views: &[LanguageView]| views.iter().map(|view| Arc::as_ptr(&view.masthead)).collect::<Vec<_>>();
        let same_rules =
            Arc::ptr_eq(library.rules(), self.library.rules()) && mastheads(&views) == mastheads(&self.views);
        let everything: AffectedFeeds;
        let affected = if same_rules {
            affected
        } else {
            everything = self.feeds.keys().chain(library.keys()).cloned().collect();
            &everything
        };
        let mut selected: Vec<(FeedKey, Option<Feed>)> = Vec::with_capacity(affected.len());
        let mut entries = select::Entries::new(&library, &self.entries);
        entries.prepare(affected.iter());
        for key in affected {
            let masthead = &view(&views, key.language.as_ref()).masthead;
            let feed = select::feed(&library, key, masthead, &mut entries);
            selected.push((key.clone(), feed));
        }
        let made = entries.made();
        let mut next = Self {
            views,
            feeds: self.feeds.clone(),
            entries: self.entries.clone(),
            paths: self.paths.clone(),
            base_path: library.rules().site.identity.base.path().to_owned(),
            feed_cache: library.rules().site.http.cache.header(),
            serial: self.serial + 1,
            document_cache: Arc::clone(&self.document_cache),
            fresh: Vec::new(),
            over_budget: OverBudget::default(),
            legacy_paths: if same_rules {
                Arc::clone(&self.legacy_paths)
            } else {
                Arc::new(LegacyPaths::new(&library.rules().site))
            },
            aliases: OnceLock::new(),
            conflict_count: OnceLock::new(),
            site_documents: SiteDocuments::default(),
            library,
        };
        next.entries.extend(made);
        // Children precede parents, because the page of a parent shows their names and counts.
        for (key, feed) in selected.into_iter().rev() {
            next.replace(self, &key, feed);
        }
        for place in affected.iter().filter_map(|key| self.feeds.get(key)).flat_map(|published| &published.places) {
            if !next.library.is_shown(place) {
                next.entries.remove(place);
            }
        }
        next.site_documents = next.all_site_documents();
        next
    }

    /// Returns the views of a later library. A masthead that did not change is shared.
    fn next_views(&self, library: &Library) -> Vec<LanguageView> {
        let others = library.rules().site.languages.iter().map(|language| Some(Arc::clone(&language.code)));
        let made = std::iter::once(None).chain(others).map(|language| {
            let masthead = select::masthead(library, language.as_deref());
            let before = self.views.iter().find(|view| view.language == language && *view.masthead == masthead);
            let masthead = before.map_or_else(|| Arc::new(masthead), |before| Arc::clone(&before.masthead));
            LanguageView { language, masthead, catalogue: OnceLock::new() }
        });
        made.collect()
    }

    fn view(&self, language: Option<&Arc<str>>) -> &LanguageView {
        view(&self.views, language)
    }

    fn masthead(&self, language: Option<&Arc<str>>) -> &Arc<Masthead> {
        &self.view(language).masthead
    }

    fn replace(&mut self, before: &Self, key: &FeedKey, feed: Option<Feed>) {
        let previous = before.feeds.get(key);
        let Some(feed) = feed else {
            if let Some(previous) = previous {
                self.feeds.remove(key);
                // Another feed may have taken the path in the meantime.
                if self.is_at(&previous.path, key) {
                    self.paths.remove(&previous.path);
                }
            }
            return;
        };
        let below = self.below(key);
        let headlines = self.first_headlines(&feed);
        let is_same =
            |previous: &Published| previous.feed == feed && previous.below == below && previous.headlines == headlines;
        if let Some(previous) = previous.filter(|previous| is_same(previous)) {
            debug_assert!(self.is_at(&previous.path, key));
            return;
        }
        let path: Arc<str> = self.library.path(key).into();
        if let Some(previous) = previous.filter(|previous| previous.path != path && self.is_at(&previous.path, key)) {
            self.paths.remove(&previous.path);
        }
        let limit = self.library.rules().limit(key);
        let members = self.library.members(key).into_iter().flat_map(|members| members.newest());
        let cell = |asks: Option<u32>| Slot::new(&self.document_cache, asks.unwrap_or(0) / 2);
        let published = Published {
            places: members.take(limit).map(|article| article.place.clone()).collect(),
            documents: [0, 1, 2].map(|format| cell(previous.map(|previous| previous.documents[format].asks()))),
            page: cell(previous.map(|previous| previous.page.asks())),
            fitted: OnceLock::new(),
            was_over_budget: previous.is_some_and(|previous| previous.is_over_budget()),
            feed,
            below,
            headlines,
            path: Arc::clone(&path),
            digest: OnceLock::new(),
        };
        let published = Arc::new(published);
        self.paths.insert(path, Arc::clone(&published));
        self.feeds.insert(key.clone(), published);
        self.fresh.push(key.clone());
    }

    fn is_at(&self, path: &Arc<str>, key: &FeedKey) -> bool {
        self.paths.get(path).is_some_and(|published| published.feed.key == *key)
    }

    /// Returns the document of a feed in a format, rendering it on first use.
    fn document(&self, published: &Published, format: Format) -> Arc<Document> {
        published.documents[format as usize].get(|| self.render(published, format))
    }

    fn render(&self, published: &Published, format: Format) -> Document {
        let _permit = rendering_permit(&published.feed);
        let document = render::document(self.fitted(published), format);
        self.document_cache.rendered(&published.feed.entries);
        document
    }

    fn page(&self, published: &Published) -> Arc<Document> {
        published.page.get(|| self.first_page(published))
    }

    /// Returns the Link header of pages that have no feed of their own.
    fn site_links(&self, language: Option<&Arc<str>>) -> String {
        page::links([&self.site_addresses(language)])
    }

    fn site_addresses(&self, language: Option<&Arc<str>>) -> Addresses {
        self.site_feed(language).map_or_else(
            || Addresses {
                page: self.masthead(language).start.clone(),
                formats: self.library.rules().site.feeds.formats.as_slice().into(),
            },
            |published| published.feed.addresses.clone(),
        )
    }

    /// Renders changed feeds that were requested before, most requested first, for as long as `is_time`
    /// returns true.
    pub(crate) fn warm(&self, mut is_time: impl FnMut() -> bool) {
        let mut cold: Vec<(u32, &Arc<Published>, Format)> = Vec::new();
        for published in self.fresh.iter().filter_map(|key| self.feeds.get(key)) {
            for (format, cell) in Format::ALL.into_iter().zip(&published.documents) {
                if cell.asks() > 0 {
                    cold.push((cell.asks(), published, format));
                }
            }
        }
        cold.sort_by_key(|(asks, ..)| std::cmp::Reverse(*asks));
        for (_, published, format) in cold {
            if !is_time() {
                break;
            }
            published.documents[format as usize].fill(|| self.render(published, format));
        }
    }

    /// Returns the library that this edition was made from.
    pub fn library(&self) -> &Library {
        &self.library
    }

    pub(crate) fn base(&self) -> &Address {
        &self.library.rules().site.identity.base
    }

    /// Returns the path of the base URL, with a slash at both ends.
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    /// Returns the Cache-Control header of feeds, OPML and feeds.json.
    pub(crate) fn feed_cache(&self) -> &str {
        &self.feed_cache
    }

    /// Returns the number of this edition since the start of the process.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// Returns the problems that only the whole library shows, for example conflicting slugs and empty definitions.
    pub fn conflicts(&self) -> Vec<Problem> {
        self.library.conflicts().into_iter().chain(self.feed_problems()).collect()
    }

    /// Returns the problems of feeds and definitions.
    pub(crate) fn feed_problems(&self) -> Vec<Problem> {
        self.library.feed_problems().into_iter().filter(Problem::is_wrong).collect()
    }

    /// Returns the number of these problems. Metrics are asked for it again and again, so it is counted once.
    pub(crate) fn conflict_count(&self) -> usize {
        *self.conflict_count.get_or_init(|| self.conflicts().len())
    }

    /// Returns the page for URLs that do not exist.
    pub(crate) fn not_found(&self) -> Arc<Document> {
        self.site_document(&self.site_documents.not_found)
    }

    /// Returns the page for URLs that were removed.
    pub(crate) fn gone(&self) -> Arc<Document> {
        self.site_document(&self.site_documents.gone)
    }

    /// Returns the feeds that `before` had, that were requested, and that disappeared with their last
    /// article, as paths below the base URL.
    pub(crate) fn lost_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = &'a str> {
        let polled = |published: &Published| published.documents.iter().any(|cell| cell.asks() > 0);
        // Feeds of definitions do not count, because deleting a definition is intended.
        let lost = before.feeds.iter().filter(|(key, _)| key.kind() != Kind::Feed && !self.feeds.contains_key(*key));
        lost.map(|(_, published)| published)
            .filter(move |published| polled(published))
            .map(|published| &*published.path)
    }

    /// Returns the number of feeds.
    pub fn feed_count(&self) -> usize {
        self.feeds.len()
    }

    /// Returns the page of every feed, below the base URL, for `build`.
    pub fn feed_paths(&self) -> impl Iterator<Item = (&str, &[Format])> {
        self.feeds.values().map(|published| (&*published.path, &*published.feed.addresses.formats))
    }
}
