//! The structure of `feeds/site.yaml` for serde. All keys are optional; `check` validates the values.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::podcast::RawPodcast;
use super::{Content, FeedIds, Format};
use super::{Dead, Future, MediaType};
use crate::article::Undated;
use crate::generator::category::{Directories, Lists};
use crate::generator::legacy_feeds::Preset;
use crate::generator::{self, Generator, choice};

/// All keys of site.yaml. `feeds/site.yaml` of the example explains them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawKeys {
    pub title: Option<String>,
    pub description: Option<String>,
    pub base_url: Option<String>,
    pub home: Option<String>,
    pub site_id: Option<String>,
    pub language: Option<String>,
    pub languages: Option<RawLanguages>,
    pub time_zone: Option<String>,
    pub zones: Option<BTreeMap<String, String>>,
    pub author: Option<RawAuthor>,
    pub copyright: Option<String>,
    pub license: Option<String>,
    pub icon: Option<String>,
    pub accent_color: Option<String>,
    pub dialect: Option<Dialect>,
    pub exclude: Option<Vec<String>>,
    pub article_url: Option<String>,
    pub comments_url: Option<String>,
    pub ids: Option<String>,
    pub feed_ids: Option<FeedIds>,
    pub categories: Option<RawCategories>,
    pub lead_image: Option<LeadImage>,
    pub images: Option<RawImages>,
    pub feeds: Option<Feeds>,
    pub podcast: Option<RawPodcast>,
    pub undated: Option<Undated>,
    pub default_time: Option<String>,
    pub future: Option<Future>,
    pub max_article_bytes: Option<u64>,
    pub cache: Option<RawCache>,
    pub media_type: Option<MediaType>,
    pub redirects: Option<BTreeMap<String, String>>,
    pub presets: Option<Vec<Preset>>,
    pub gone: Option<Vec<String>>,
    pub robots: Option<RawRobots>,
    pub hubs: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawLanguages {
    /// Whether the articles of all languages are in the same feeds.
    pub mixed: bool,
}

/// `author: Name`, or a table.
#[derive(Debug)]
pub(super) enum RawAuthor {
    Name(String),
    Full(FullAuthor),
}

impl<'de> Deserialize<'de> for RawAuthor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AuthorVisitor)
    }
}

/// Unlike an untagged enum, its errors have the position and the words of the mistake.
struct AuthorVisitor;

impl<'de> Visitor<'de> for AuthorVisitor {
    type Value = RawAuthor;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name, or the keys name, email and url")
    }

    fn visit_str<E>(self, name: &str) -> Result<RawAuthor, E> {
        Ok(RawAuthor::Name(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawAuthor, A::Error> {
        FullAuthor::deserialize(MapAccessDeserializer::new(map)).map(RawAuthor::Full)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FullAuthor {
    pub name: String,
    pub email: Option<String>,
    pub url: Option<String>,
}

/// `dialect`: the key of a generator, or `auto`, which is `None`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect(pub Option<Generator>);

impl<'de> Deserialize<'de> for Dialect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let generators = generator::ALL.into_iter().map(|generator| (generator.as_str(), Self(Some(generator))));
        choice::one_of(deserializer, std::iter::once(("auto", Self(None))).chain(generators))
    }
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCategories {
    lists: Option<ListsChoice>,
    directories: Option<bool>,
}

impl RawCategories {
    /// Returns how flat lists are read; by default as the generator reads them.
    pub(crate) fn lists(self, generator: Generator) -> Lists {
        match self.lists.unwrap_or(ListsChoice::Auto) {
            ListsChoice::Path => Lists::Path,
            ListsChoice::Set => Lists::Set,
            ListsChoice::Auto => generator.categories.lists,
        }
    }

    /// Returns whether directories are categories; by default they are not.
    pub(crate) fn directories(self) -> Directories {
        match self.directories {
            Some(true) => Directories::Categories,
            Some(false) | None => Directories::Silent,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ListsChoice {
    Auto,
    Path,
    Set,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LeadImage {
    pub keys: Option<Vec<String>>,
    pub body: Option<bool>,
    pub default: Option<String>,
    pub dead: Option<Dead>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawImages {
    pub roots: Option<Vec<String>>,
    pub unwrap: Option<Vec<String>>,
    pub rewrite: Option<Ordered>,
    pub referer: Option<Ordered>,
    pub private: Option<Vec<String>>,
}

/// Keys and their texts, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Ordered(pub Vec<(String, String)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Ordered::default())
    }
}

impl<'de> Visitor<'de> for Ordered {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(entry) = map.next_entry()? {
            self.0.push(entry);
        }
        Ok(self)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Feeds {
    pub limit: Option<usize>,
    pub content: Option<Content>,
    pub max_bytes: Option<usize>,
    pub formats: Option<Vec<Format>>,
    pub emails: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRobots {
    pub content_signal: Option<String>,
    pub license: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCache {
    pub max_age: Option<u32>,
    pub s_maxage: Option<u32>,
    pub stale_while_revalidate: Option<u32>,
    pub stale_if_error: Option<u32>,
}
