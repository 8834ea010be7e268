//! The settings of a site: `feeds/site.yaml` and the definitions of feeds, checked and with all defaults.
//!
//! If site.yaml does not set a key, the configuration of the generator may provide the value. This module parses text
//! and reads no files: `commands::load` passes the texts, and [`SiteInputs`] with the command line options and the
//! generator.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::article::ParseOptions;
use crate::generator::legacy_feeds::Preset;
use crate::generator::permalink::PermalinkConfig;
use crate::key::FeedKey;
use crate::name::{Name, fold, slug};
use crate::text::{Address, Language};

mod article_url;
mod auxiliary_files;
mod check;
pub mod definition;
mod file;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod schema;
mod yaml;

pub use article_url::ArticleUrl;
pub use auxiliary_files::AuxiliaryFiles;
pub use check::{RawSite, SiteInputs};
pub use definition::{Definition, FeedOrder, Select, Target};
pub use yaml::says_nothing;

/// The checked settings of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its title, never empty.
    pub title: String,
    /// One sentence about the site; by default its title.
    pub description: String,
    /// The base URL, below which feedmill serves everything. Ends in a slash.
    pub base: Address,
    /// The URL of the web site that the feeds belong to. Ends in a slash.
    pub home: Address,
    /// The namespace of the UUIDs in ids, derived from `site_id`.
    pub namespace: Uuid,
    /// The language of articles that do not set one.
    pub language: Option<Language>,
    /// The author of the site.
    pub author: Option<SiteAuthor>,
    /// The copyright notice.
    pub copyright: Option<String>,
    /// URL or path of the icon, as written.
    pub icon: Option<String>,
    /// The accent colour of pages, `#rgb` or `#rrggbb`.
    pub accent_color: Option<String>,
    /// How articles are parsed.
    pub options: ParseOptions,
    /// Globs of files to skip, from site.yaml and the configuration of the generator.
    pub exclude: Vec<String>,
    /// The patterns of article URLs.
    pub article_url: ArticleUrl,
    /// The kind of ids.
    pub ids: Ids,
    /// The permalink settings of a Hexo site.
    pub permalink_config: PermalinkConfig,
    /// The settings in the configuration of the generator, for the report of `check`.
    pub taken: Vec<(&'static str, String)>,
    /// Whether the first image of a body becomes the lead image if front matter has none.
    pub lead_from_body: bool,
    /// URL or path of the lead image for articles without one, as written.
    pub lead_default: Option<String>,
    /// The directories against which absolute image paths such as `/img/a.png` are resolved.
    pub image_roots: Vec<String>,
    /// Whether site.yaml sets the image roots. Such roots may be symlinks to any directory.
    pub image_roots_origin: Origin,
    /// URLs of image proxies, as in `https://p.example/?http://x.example/a.jpeg`. They are removed.
    pub unwrap: Vec<String>,
    /// Defaults for feeds without a definition of their own.
    pub feeds: FeedDefaults,
    /// When articles with a date in the future are published.
    pub future: Future,
    /// The directives of `Cache-Control` for feeds.
    pub cache: Cache,
    /// The media types of RSS and Atom feeds.
    pub media_type: MediaType,
    /// The redirects: from a path below the base URL to another path, or to an absolute URL.
    pub redirects: BTreeMap<String, String>,
    /// The generators whose feed URLs are redirected to the feeds of feedmill.
    pub presets: Vec<Preset>,
    /// Paths below the base URL that are answered with 410 Gone.
    pub gone: Vec<String>,
}

/// The origin of a configured directory, which decides which symlinks are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag, the environment or site.yaml names it. It may be a symlink to any directory.
    Named,
    /// It is a default. Symlinks are followed only inside the repository.
    Default,
}

/// The author of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAuthor {
    /// The name, never empty.
    pub name: String,
    /// The e-mail address, an `addr-spec` as defined in RFC 5322.
    pub email: Option<String>,
    /// The URL of the author's page.
    pub url: Option<Address>,
}

/// The defaults for feeds, which a definition can override.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedDefaults {
    /// Maximum number of entries.
    pub limit: usize,
    /// Whether entries contain the body or only the summary.
    pub content: Content,
    /// Maximum size of a document in bytes.
    pub max_bytes: usize,
    /// The formats of feeds, in the order of [`Format::ALL`].
    pub formats: Vec<Format>,
}

/// The part of an article that an entry contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The whole body.
    Full,
    /// Only the summary.
    Summary,
}

/// The format of a feed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All formats, in the order in which pages link to them. RSS is first because some readers take the first link,
    /// and `SimplePie` supports only RSS and Atom (docs/decisions/wire.md#feed-links-in-html-pages).
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// Returns the last segment of a feed's URL.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rss => "rss.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// Returns the media type for links, without charset.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// Returns the name of the format for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

/// The kind of ids that entries and feeds have: `ids` of site.yaml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ids {
    /// `urn:uuid:` and a UUID, derived from the path of the article.
    Uuid,
    /// A tag URI (RFC 4151) of this prefix, such as `tag:example.org,2021`, and the UUID.
    Tag(String),
    /// The URL of the article, as in the feeds of static site generators.
    Permalink,
}

/// When articles with a date in the future are published: `future` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Future {
    /// At their date.
    Hold,
    /// At once.
    Show,
}

/// The directives of `Cache-Control` for feeds, in seconds (RFC 9111 and RFC 5861).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// How long readers may use a response without asking again.
    pub max_age: u32,
    /// How long shared caches such as a CDN may use a response.
    pub s_maxage: u32,
    /// How long a cache may serve a stale response while it revalidates it.
    pub stale_while_revalidate: u32,
    /// How long a cache may serve a stale response if the server fails.
    pub stale_if_error: u32,
}

impl Cache {
    /// Returns the value of the `Cache-Control` header.
    pub fn header(&self) -> String {
        let Self { max_age, s_maxage, stale_while_revalidate, stale_if_error } = self;
        format!(
            "public, max-age={max_age}, s-maxage={s_maxage}, stale-while-revalidate={stale_while_revalidate}, stale-if-error={stale_if_error}"
        )
    }
}

/// The media types of RSS and Atom feeds: `media_type` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaType {
    /// `application/xml`, which browsers display with a style sheet.
    Xml,
    /// `application/rss+xml` and `application/atom+xml`, which browsers download.
    Specific,
}

/// The settings of a site and the definitions of its feeds.
/// Equal rules and equal articles produce equal feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The settings of the site.
    pub site: Site,
    /// The definitions, by file name without extension.
    pub definitions: BTreeMap<String, Definition>,
    /// The name of the definition for each feed. If two definitions have the same feed, the first by name counts.
    by_key: BTreeMap<FeedKey, String>,
}

impl Rules {
    /// Combines a site with its definitions, which are keyed by file name without extension.
    pub fn new(site: Site, definitions: BTreeMap<String, Definition>) -> Self {
        let mut by_key = BTreeMap::new();
        for (name, definition) in &definitions {
            by_key.entry(definition.key()).or_insert_with(|| name.clone());
        }
        Self { site, definitions, by_key }
    }

    /// Returns the definition of a feed, if it has one.
    pub fn definition(&self, key: &FeedKey) -> Option<&Definition> {
        self.definitions.get(self.by_key.get(key)?)
    }

    /// Returns the feeds that have a definition. They exist even without articles.
    pub fn defined(&self) -> impl Iterator<Item = &FeedKey> {
        self.by_key.keys()
    }

    /// Returns the images that site.yaml and the definitions refer to, as written.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        let site = self.site.icon.as_deref().into_iter().chain(self.site.lead_default.as_deref());
        site.chain(self.definitions.values().filter_map(|definition| definition.image.as_deref()))
    }

    /// Returns the order of the articles in a feed.
    pub fn order(&self, key: &FeedKey) -> FeedOrder {
        self.definition(key).map(|definition| definition.order).unwrap_or_default()
    }

    /// Returns the maximum number of entries of a feed.
    pub fn limit(&self, key: &FeedKey) -> usize {
        self.definition(key).and_then(|definition| definition.limit).unwrap_or(self.site.feeds.limit)
    }

    /// Returns the slug that the definition of a feed sets.
    pub fn slug(&self, key: &FeedKey) -> Option<&str> {
        self.definition(key)?.slug.as_deref()
    }

    /// Returns the slug that Hexo's `category_map` or `tag_map` assigns to a name. The mapped text may be any text, so
    /// it is turned into a slug.
    pub fn mapped_slug(&self, key: &FeedKey, name: &Name) -> Option<String> {
        let map = match key {
            FeedKey::Category(_) => &self.site.permalink_config.category_map,
            FeedKey::Tag(_) => &self.site.permalink_config.tag_map,
            FeedKey::Site | FeedKey::Author(_) | FeedKey::Feed(_) => return None,
        };
        let (_, mapped) = map.iter().find(|(known, _)| *fold(known) == **name.folded())?;
        slug(mapped)
    }

    /// Returns the last name of a feed's key as a definition spells it, for feeds without articles.
    pub fn spelled(&self, key: &FeedKey) -> Option<Name> {
        if let Some(definition) = self.definition(key) {
            return match &definition.target {
                Target::Category(path) => path.last().cloned(),
                Target::Tag(name) | Target::Author(name) => Some(name.clone()),
                Target::Site => None,
                Target::Select(_) => Name::new(&definition.name),
            };
        }
        // A parent of a defined category takes the spelling of any definition below it.
        self.definitions.values().find_map(|definition| match (&definition.target, key) {
            (Target::Category(path), FeedKey::Category(names)) if path.len() > names.len() => path
                .iter()
                .zip(names.iter())
                .all(|(name, folded)| name.folded() == folded)
                .then(|| path[names.len() - 1].clone()),
            _ => None,
        })
    }
}
