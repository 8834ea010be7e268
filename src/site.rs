//! The settings of a site: `feeds/site.yaml` and the definitions of feeds, checked and with all defaults.
//!
//! If site.yaml does not set a key, the configuration of the generator may provide the value. This module parses text
//! and reads no files: `commands::load` passes the texts, and [`SiteInputs`] with the command line options and the
//! generator.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::article::{ImageQuery, ParseOptions, TextQueries};
use crate::key::{FeedKey, Topic};
use crate::name::{Name, fold};
use crate::syntax::glob::Globs;
use crate::text::Language;

mod article_url;
mod auxiliary_files;
mod check;
pub mod definition;
mod feeds;
mod file;
mod http;
mod identity;
mod image_rewrite;
mod ip_range;
mod images;
mod languages;
mod legacy;
mod links;
mod one_or_many;
mod podcast;
mod reading;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod schema;
mod yaml;

pub(crate) use article_url::ArticleUrl;
pub(crate) use auxiliary_files::AuxiliaryFiles;
pub use check::{RawSite, SiteInputs};
pub use definition::Definition;
pub(crate) use definition::{Condition, FeedOrder, SelectContext, Target};
pub use feeds::Format;
pub(crate) use feeds::{Content, ENTRY_BYTES, FeedDefaults};
pub(crate) use http::{HttpSettings, MediaType};
pub use identity::SiteIdentity;
pub(crate) use identity::{SiteAuthor, root_of};
pub(crate) use image_rewrite::ImageRewrite;
pub(crate) use images::{Dead, Referer};
pub use images::{ImageSettings, Origin};
pub(crate) use ip_range::IpRange;
pub(crate) use languages::SiteLanguage;
pub(crate) use legacy::LegacyUrls;
pub use links::Ids;
pub(crate) use links::{COMMENTS_OF, FeedIds, LinkSettings};
pub(crate) use podcast::{Funding, PodcastCategory, PodcastKind, PodcastSettings};
pub(crate) use yaml::says_nothing;

/// The checked settings of a site, by their owners.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// What the site is called, where it is and who writes it.
    pub identity: SiteIdentity,
    /// The languages other than the default one that have a site of their own.
    pub(crate) languages: Vec<SiteLanguage>,
    /// How articles are parsed.
    pub options: ParseOptions,
    /// Globs of files to skip, from site.yaml and the configuration of the generator.
    pub exclude: Globs,
    /// When articles with a date in the future are published.
    pub(crate) future: Future,
    /// How the URLs and ids of articles are made.
    pub links: LinkSettings,
    /// Where images are and which one represents an article.
    pub(crate) images: ImageSettings,
    /// Defaults for feeds without a definition of their own.
    pub(crate) feeds: FeedDefaults,
    /// What the site's own feed says as a podcast, if it is one.
    pub(crate) podcast: Option<PodcastSettings>,
    /// The headers of feeds.
    pub(crate) http: HttpSettings,
    /// The URLs that the site had before.
    pub(crate) legacy: LegacyUrls,
    /// The settings in the configuration of the generator, for the report of `check`.
    pub taken: Vec<(&'static str, String)>,
}

impl Site {
    /// Has the texts of articles read for what these definitions ask about them.
    pub(crate) fn ask_about_texts<'a>(&mut self, definitions: impl Iterator<Item = &'a Definition>) {
        let images = if self.images.lead_from_body { ImageQuery::FrontMatterOrBody } else { ImageQuery::FrontMatter };
        let mut queries = TextQueries::default();
        definitions.for_each(|definition| definition.ask(images, &mut queries));
        self.options.text_queries = Arc::new(queries);
    }
}

/// When articles with a date in the future are published: `future` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Future {
    /// At their date.
    Hold,
    /// At once.
    Show,
}

/// The settings of a site and the definitions of its feeds.
/// Equal rules and equal articles produce equal feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The settings of the site.
    pub site: Site,
    /// The definitions, by file name without extension.
    pub(crate) definitions: BTreeMap<String, Definition>,
    /// The name of the definition for each feed. If two definitions have the same feed, the first by name counts.
    by_key: BTreeMap<FeedKey, String>,
    /// The ages at which articles leave the feeds of definitions.
    ages: Vec<TimeDelta>,
}

impl Rules {
    /// Combines a site with its definitions, which are keyed by file name without extension.
    pub fn new(site: Site, definitions: BTreeMap<String, Definition>) -> Self {
        let mut by_key = BTreeMap::new();
        for (name, definition) in &definitions {
            by_key.entry(definition.key(&site)).or_insert_with(|| name.clone());
        }
        let mut ages: Vec<TimeDelta> = definitions.values().flat_map(Definition::ages).collect();
        ages.sort_unstable();
        ages.dedup();
        Self { site, definitions, by_key, ages }
    }

    pub(crate) fn ages(&self) -> &[TimeDelta] {
        &self.ages
    }

    pub(crate) fn definition(&self, key: &FeedKey) -> Option<&Definition> {
        self.definitions.get(self.by_key.get(key)?)
    }

    /// Returns the feeds that have a definition. They exist even without articles.
    pub(crate) fn defined(&self) -> impl Iterator<Item = &FeedKey> {
        self.by_key.keys()
    }

    /// Returns the images that site.yaml and the definitions refer to, as written.
    pub(crate) fn images(&self) -> impl Iterator<Item = &str> {
        let site = self.site.identity.icon.as_deref().into_iter().chain(self.site.images.lead_default.as_deref());
        let covers = self.podcasts().filter_map(|(_, podcast)| podcast.image.as_deref());
        site.chain(self.definitions.values().filter_map(|definition| definition.image.as_deref())).chain(covers)
    }

    /// Returns what a feed says as a podcast, if it is one: the feeds of definitions with such a section, and with one
    /// in site.yaml the site's own feed.
    pub(crate) fn podcast(&self, key: &FeedKey) -> Option<&PodcastSettings> {
        let own = self.definition(key).and_then(|definition| definition.podcast.as_ref());
        own.or_else(|| self.site.podcast.as_ref().filter(|_| *key == FeedKey::SITE))
    }

    /// Returns all podcasts.
    pub(crate) fn podcasts(&self) -> impl Iterator<Item = (&FeedKey, &PodcastSettings)> {
        let keys = self.by_key.keys().filter(|key| **key != FeedKey::SITE).chain([&FeedKey::SITE]);
        keys.filter_map(|key| Some((key, self.podcast(key)?)))
    }

    /// Returns the language of a feed; `None` if neither its definition nor its site has one.
    pub(crate) fn language(&self, key: &FeedKey) -> Option<&Language> {
        let own = self.definition(key).and_then(|definition| definition.language.as_ref());
        let of_site = || self.site.language(key.language.as_deref()).map(|site| &site.language);
        own.or_else(of_site).or(self.site.identity.language.as_ref())
    }

    /// Returns the order of the articles in a feed.
    pub(crate) fn order(&self, key: &FeedKey) -> FeedOrder {
        self.definition(key).map(|definition| definition.order).unwrap_or_default()
    }

    /// Returns the maximum number of entries of a feed. More than one above the budget in bytes, which a renderer then
    /// notices, would only take memory.
    pub fn limit(&self, key: &FeedKey) -> usize {
        self.wanted(key).min(self.max_bytes(key) / ENTRY_BYTES + 1)
    }

    /// Returns the maximum number of entries of a feed if `max_bytes` is large enough.
    pub(crate) fn wanted(&self, key: &FeedKey) -> usize {
        self.definition(key).and_then(|definition| definition.limit).unwrap_or(self.site.feeds.limit)
    }

    /// Returns the maximum size of a feed.
    pub(crate) fn max_bytes(&self, key: &FeedKey) -> usize {
        self.definition(key).and_then(|definition| definition.max_bytes).unwrap_or(self.site.feeds.max_bytes)
    }

    /// Returns the slug that the definition of a feed sets.
    pub(crate) fn slug(&self, key: &FeedKey) -> Option<&str> {
        self.definition(key)?.slug.as_deref()
    }

    /// Returns what Hexo's `category_map` or `tag_map` assigns to a name: any text, to be turned into a slug.
    pub(crate) fn mapped_slug(&self, key: &FeedKey, name: &Name) -> Option<&str> {
        let map = match &key.topic {
            Topic::Category(_) => &self.site.links.permalink_config.category_map,
            Topic::Tag(_) => &self.site.links.permalink_config.tag_map,
            Topic::Site | Topic::Author(_) | Topic::Term(..) | Topic::Feed(_) => return None,
        };
        map.iter().find(|(known, _)| *fold(known) == **name.folded()).map(|(_, mapped)| mapped.as_str())
    }

    /// Returns the last name of a feed's key as a definition spells it, for feeds without articles.
    pub(crate) fn spelled(&self, key: &FeedKey) -> Option<Name> {
        if let Some(definition) = self.definition(key) {
            return match &definition.target {
                Target::Category(path) => path.last().cloned(),
                Target::Tag(name) | Target::Author(name) | Target::Term(_, name) => Some(name.clone()),
                Target::Site => None,
                Target::Select(_) => Name::new(&definition.name),
            };
        }
        // A parent of a defined category takes the spelling of any definition below it.
        self.by_key.iter().filter(|(below, _)| below.is_within(key)).find_map(|(_, name)| {
            match &self.definitions.get(name)?.target {
                Target::Category(path) => path.get(key.names().len().checked_sub(1)?).cloned(),
                _ => None,
            }
        })
    }
}
