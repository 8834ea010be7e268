//! The feed URLs that a site had before feedmill: `presets` of site.yaml.

use std::fmt;

use serde::de::{Deserialize, Deserializer};

use super::category::Directories;
use super::{ALL, Generator, choice, elsewhere, wordpress};
use crate::key::Kind;

/// Where a generator's usual plugins, or another publishing system, have their feeds.
pub(crate) struct LegacyFeeds {
    /// The value of `presets` in site.yaml.
    pub key: &'static str,
    /// The present paths below the base for a legacy path, decoded and without a leading slash, in order of
    /// precedence. Whether a feed is there the caller finds out.
    pub current: fn(&str, Directories) -> Vec<String>,
    pub paths: fn(&FeedPath<'_>) -> Vec<String>,
    /// The most entries of a feed, unless the generator's configuration says otherwise.
    pub limit: usize,
    /// The id of an Atom feed, as a path below the site's URL. `None` if there was no such feed.
    pub id: fn(&FeedPath<'_>) -> Option<String>,
    /// Paths of feeds that feedmill does not have, without slashes at their ends.
    pub gone: &'static [&'static str],
    /// The documents of the site's feed by the values of the parameter `feed` of the start page.
    pub parameter: &'static [(&'static str, &'static str)],
}

impl LegacyFeeds {
    /// A preset without feeds.
    pub(crate) const NONE: Self = Self {
        key: "",
        current: |_, _| Vec::new(),
        paths: |_| Vec::new(),
        limit: usize::MAX,
        id: |_| None,
        gone: &[],
        parameter: &[],
    };
}

/// Where the configuration of a generator puts feeds instead of their usual paths. All paths are below the site's URL and
/// have no leading slash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FeedMoves {
    /// Pairs of the usual and the configured path. A usual path that ends in a slash is the beginning of several.
    pub moved: Vec<(String, String)>,
    /// Further feeds, each after the usual path of the feed that replaces it.
    pub besides: Vec<(String, String)>,
}

impl FeedMoves {
    /// The path of the feed that is usually at this one.
    pub(crate) fn configured(&self, usual: &str) -> Option<String> {
        let tail = |from: &str| usual.strip_prefix(from).filter(|tail| tail.is_empty() || from.ends_with('/'));
        self.moved.iter().find_map(|(from, to)| Some(format!("{to}{}", tail(from)?)))
    }

    /// The usual path of the feed at this path, and those of feeds that could replace it.
    pub(crate) fn usual(&self, path: &str) -> impl Iterator<Item = String> {
        let all = self.moved.iter().chain(&self.besides);
        all.filter_map(move |(usual, configured)| {
            let tail = path.strip_prefix(configured.as_str())?;
            (tail.is_empty() || usual.ends_with('/')).then(|| format!("{usual}{tail}"))
        })
    }

    /// The paths of all feeds that are usually at one of these paths, or are replaced by one.
    pub(crate) fn all(&self, usual: Vec<String>) -> Vec<String> {
        let besides = |path: &String| {
            let besides = self.besides.iter().filter(move |(replacement, _)| replacement == path);
            besides.map(|(_, path)| path.clone()).collect::<Vec<_>>()
        };
        let mut more: Vec<String> = usual.iter().filter_map(|path| self.configured(path)).collect();
        more.extend(usual.iter().flat_map(besides));
        [usual, more].concat()
    }
}

/// A feed whose legacy paths are wanted.
pub(crate) struct FeedPath<'a> {
    /// The kind of the feed, for example a category.
    pub kind: &'a Kind,
    /// Its path below the base, with a trailing slash, for example `categories/news/`; empty for the site's feed.
    pub path: &'a str,
    /// The part below the directory of its kind, without slashes at its ends, for example `news`.
    pub name: &'a str,
}

/// One value of `presets`.
#[derive(Clone, Copy)]
pub(crate) struct Preset(&'static LegacyFeeds);

impl Preset {
    fn all() -> impl Iterator<Item = Self> {
        let of_generators = ALL.into_iter().filter_map(|generator| generator.legacy_feeds);
        of_generators.chain([&wordpress::FEEDS]).chain(elsewhere::ALL).map(Self)
    }

    /// The present paths for a legacy path, see [`LegacyFeeds::current`].
    pub(crate) fn current(self, path: &str, directories: Directories) -> Vec<String> {
        (self.0.current)(path, directories)
    }

    /// Whether these are the feeds of this generator, so that its configuration applies to them.
    pub(crate) fn is_of(self, generator: Generator) -> bool {
        self.0.key == generator.key
    }

    pub(crate) fn of(generator: Generator) -> Option<Self> {
        generator.legacy_feeds.map(Self)
    }

    pub(crate) fn limit(self) -> usize {
        self.0.limit
    }

    pub(crate) fn feed_id(self, feed: &FeedPath<'_>) -> Option<String> {
        (self.0.id)(feed)
    }

    /// Paths of feeds that feedmill does not have, see [`LegacyFeeds::gone`].
    pub(crate) fn gone(self) -> &'static [&'static str] {
        self.0.gone
    }

    /// Documents by a parameter, see [`LegacyFeeds::parameter`].
    pub(crate) fn parameter(self) -> &'static [(&'static str, &'static str)] {
        self.0.parameter
    }

    pub(crate) fn paths(self, feed: &FeedPath<'_>) -> Vec<String> {
        (self.0.paths)(feed)
    }
}

impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}

impl Eq for Preset {}

impl fmt::Debug for Preset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.key)
    }
}

impl<'de> Deserialize<'de> for Preset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        choice::one_of(deserializer, Self::all().map(|preset| (preset.0.key, preset)))
    }
}
