//! The site: what editors decide in `feeds/site.yaml`, checked and complete.
//!
//! Knows every key, its default, and what a generator's own configuration adds
//! where site.yaml is silent. Knows neither files nor the command line: what
//! the deployment decides comes in as a [`SiteInputs`].

use std::collections::BTreeMap;

use chrono_tz::Tz;
use uuid::Uuid;

use crate::article::ParseOptions;
use crate::generator::GeneratorSettings;
use crate::generator::legacy_feeds::Preset;
use crate::key::Key;
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
pub use definition::{Definition, Order, Select, Target};
pub use yaml::says_nothing;

/// A site, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its title, never blank.
    pub title: String,
    /// One sentence about it; the title where nothing is said.
    pub description: String,
    /// The root of the address space, ending in a slash.
    pub base: Address,
    /// The web site the feeds speak for, ending in a slash.
    pub home: Address,
    /// The namespace of all its ids.
    pub namespace: Uuid,
    /// The language of texts that name none.
    pub language: Option<Language>,
    /// The zone that dates without one are in.
    pub time_zone: Tz,
    /// Who answers for it.
    pub author: Option<SiteAuthor>,
    /// The rights line.
    pub copyright: Option<String>,
    /// The icon, as written.
    pub icon: Option<String>,
    /// The colour of pages, `#rrggbb`.
    pub accent_color: Option<String>,
    /// How articles are read.
    pub options: ParseOptions,
    /// Globs of what is left out.
    pub exclude: Vec<String>,
    /// What articles are addressed as.
    pub article_url: ArticleUrl,
    /// What ids are made of.
    pub ids: Ids,
    /// What the generator's own configuration says.
    pub generator_settings: GeneratorSettings,
    /// Whether the first image of a body may be the lead image.
    pub lead_from_body: bool,
    /// The lead image of articles that have none, as written.
    pub lead_default: Option<String>,
    /// Where absolute image paths resolve.
    pub image_roots: Vec<String>,
    /// Whether site.yaml names them: such roots may be links to anywhere.
    pub image_roots_origin: Origin,
    /// Proxies whose query is the real address.
    pub unwrap: Vec<String>,
    /// What feeds are like where their definition does not say.
    pub feeds: FeedDefaults,
    /// What becomes of articles that are not due.
    pub future: Future,
    /// How long caches may keep feeds.
    pub cache: Cache,
    /// What media type RSS and Atom are served as.
    pub media_type: MediaType,
    /// Old paths and where they moved, both below the base.
    pub redirects: BTreeMap<String, String>,
    /// Generators whose feed addresses are answered.
    pub presets: Vec<Preset>,
    /// Paths that are gone for good.
    pub gone: Vec<String>,
}

/// Who chose a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The operator, by a flag, the environment or site.yaml: links are followed wherever they lead.
    Named,
    /// The defaults: links are followed inside the repository only.
    Default,
}

/// Who answers for a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAuthor {
    /// Never blank.
    pub name: String,
    /// An addr-spec.
    pub email: Option<String>,
    /// Their page.
    pub url: Option<Address>,
}

/// What feeds are like where their definition does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedDefaults {
    /// Most entries.
    pub limit: usize,
    /// Bodies or summaries.
    pub content: Content,
    /// Most bytes of a document.
    pub max_bytes: usize,
    /// The formats offered, in the order of [`Format::ALL`].
    pub formats: Vec<Format>,
}

/// How much of an article an entry carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The whole body.
    Full,
    /// The summary alone.
    Summary,
}

/// A format that feeds are written in.
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
    /// Every format, in the order they are offered: some readers take the
    /// first they find, and `SimplePie` knows RSS and Atom only
    /// (docs/decisions/wire.md#feed-links-in-html-pages).
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// The last part of the address.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rss => "rss.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// The media type that links name, without charset.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

/// What ids are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ids {
    /// `urn:uuid:` and the UUID of the place.
    Uuid,
    /// `tag:`, this authority and date, and the UUID.
    Tag(String),
    /// The address of the article, as other generators have it.
    Permalink,
}

/// What becomes of articles that are not due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Future {
    /// Held until due.
    Hold,
    /// Shown at once.
    Show,
}

/// How long caches may keep feeds, in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// For readers.
    pub max_age: u32,
    /// For shared caches.
    pub s_maxage: u32,
    /// How long a stale copy may be served while it is asked for anew.
    pub stale_while_revalidate: u32,
    /// How long a stale copy may be served when the server fails.
    pub stale_if_error: u32,
}

impl Cache {
    /// The header's value.
    pub fn header(&self) -> String {
        let Self { max_age, s_maxage, stale_while_revalidate, stale_if_error } = self;
        format!(
            "public, max-age={max_age}, s-maxage={s_maxage}, stale-while-revalidate={stale_while_revalidate}, stale-if-error={stale_if_error}"
        )
    }
}

/// What media type RSS and Atom are served as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaType {
    /// `application/xml`, which browsers style with CSS.
    Xml,
    /// `application/rss+xml` and `application/atom+xml`, which they download.
    Specific,
}

/// What governs a library: the site and the definitions of its feeds. Equal
/// rules make the same feeds of the same articles.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The site.
    pub site: Site,
    /// The definitions, by file name without extension.
    pub definitions: BTreeMap<String, Definition>,
    /// The definition of each defined feed; of two of one feed, the first by
    /// name.
    by_key: BTreeMap<Key, String>,
}

impl Rules {
    /// The rules of a site and its definitions, by name.
    pub fn new(site: Site, definitions: BTreeMap<String, Definition>) -> Self {
        let mut by_key = BTreeMap::new();
        for (name, definition) in &definitions {
            by_key.entry(definition.key()).or_insert_with(|| name.clone());
        }
        Self { site, definitions, by_key }
    }

    /// The definition of a feed, if it has one.
    pub fn definition(&self, key: &Key) -> Option<&Definition> {
        self.definitions.get(self.by_key.get(key)?)
    }

    /// The feeds that definitions name, which exist even when empty.
    pub fn defined(&self) -> impl Iterator<Item = &Key> {
        self.by_key.keys()
    }

    /// Images that the site and its definitions name, as written.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        let site = self.site.icon.as_deref().into_iter().chain(self.site.lead_default.as_deref());
        site.chain(self.definitions.values().filter_map(|definition| definition.image.as_deref()))
    }

    /// What newest means in a feed.
    pub fn order(&self, key: &Key) -> Order {
        self.definition(key).map(|definition| definition.order).unwrap_or_default()
    }

    /// Most entries of a feed.
    pub fn limit(&self, key: &Key) -> usize {
        self.definition(key).and_then(|definition| definition.limit).unwrap_or(self.site.feeds.limit)
    }

    /// The configured slug of a feed.
    pub fn slug(&self, key: &Key) -> Option<&str> {
        self.definition(key)?.slug.as_deref()
    }

    /// The slug that the generator's own map gives a name; what it maps to may
    /// be any text.
    pub fn mapped_slug(&self, key: &Key, name: &Name) -> Option<String> {
        let map = match key {
            Key::Category(_) => &self.site.generator_settings.category_map,
            Key::Tag(_) => &self.site.generator_settings.tag_map,
            Key::Site | Key::Author(_) | Key::Feed(_) => return None,
        };
        let (_, mapped) = map.iter().find(|(known, _)| *fold(known) == **name.folded())?;
        slug(mapped)
    }

    /// The last name of a defined feed, as its definition spells it.
    pub fn spelled(&self, key: &Key) -> Option<Name> {
        if let Some(definition) = self.definition(key) {
            return match &definition.target {
                Target::Category(path) => path.last().cloned(),
                Target::Tag(name) | Target::Author(name) => Some(name.clone()),
                Target::Site => None,
                Target::Select(_) => Name::new(&definition.name),
            };
        }
        // A category above a defined one: any definition below spells it.
        self.definitions.values().find_map(|definition| match (&definition.target, key) {
            (Target::Category(path), Key::Category(names)) if path.len() > names.len() => path
                .iter()
                .zip(names.iter())
                .all(|(name, folded)| name.folded() == folded)
                .then(|| path[names.len() - 1].clone()),
            _ => None,
        })
    }
}
