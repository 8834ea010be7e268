//! What a site's files mean to the static site generator they were written for.
//!
//! A [`Generator`] is a value that answers every such question: which files are articles, what its configuration says,
//! which keys hold dates and categories, how permalinks are made, where its feeds were. There is one directory for
//! each generator, readable beside that generator's manual. The other files are engines that all of them share; they
//! take a generator, or a part of one, as a parameter. Code outside this module never names a generator.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::syntax::Templates;
use crate::syntax::date::Order;
use crate::syntax::front_matter::Fields;
pub use category::Author;
use category::CategoryRules;
use detect::Evidence;
use legacy_feeds::LegacyFeeds;
use permalink::PermalinkRules;
use selection::ArticleRules;
pub use settings::{GeneratorSettings, SettingsError};
pub use site_context::SiteContext;

pub mod cascade;
pub mod category;
pub mod config_parts;
pub mod config_syntax;
pub mod defaults;
pub mod detect;
mod exclude;
pub mod languages;
pub mod legacy_feeds;
pub mod permalink;
pub mod selection;
pub mod settings;
pub mod site_context;

mod wordpress;

// The generators. A new one is a directory, its `mod` line here and its entry in `ALL`.
pub mod hexo;
pub mod hugo;
pub mod jekyll;
pub mod plain;
pub mod zola;

/// All generators, in the order in which their evidence is judged. The last one accepts every directory.
pub const ALL: [Generator; 5] = [zola::ZOLA, hugo::HUGO, hexo::HEXO, jekyll::JEKYLL, plain::PLAIN];

/// One generator. Copies are cheap; two are equal if they have the same key.
#[derive(Clone, Copy)]
pub struct Generator(&'static Rules);

/// Everything that distinguishes one generator from the others.
pub struct Rules {
    /// The value of `dialect` in site.yaml and of `--dialect`.
    pub key: &'static str,
    /// Whether a directory looks like one of this generator's sites, and why, for the log.
    pub evidence: fn(&Evidence) -> Option<String>,
    /// Whether a file of this name in the content directory or above it is evidence for this generator.
    pub is_evidence: fn(&str) -> bool,
    /// The configuration file.
    pub configuration: ConfigurationFiles,
    /// Which files are articles.
    pub articles: ArticleRules,
    /// Keys that hold the date of publication, the first readable one counts.
    pub date_keys: &'static [&'static str],
    /// How a date such as 04/05/2021 is read.
    pub date_order: Order,
    /// Categories and tags.
    pub categories: CategoryRules,
    /// Summaries.
    pub summaries: SummaryRules,
    /// Why this generator hides an article that others publish, if it does.
    pub hides: fn(&Fields) -> Option<&'static str>,
    /// The template language that this generator runs in bodies.
    pub templates: Templates,
    /// The key, and its value, by which an article switches templates off.
    pub templates_off: Option<(&'static str, bool)>,
    /// The title of an article that has none, from the name of its file.
    pub title_of_name: fn(&str) -> String,
    /// Whether articles can be referred to by slug and by title, as with `post_link`.
    pub refers_by_name: bool,
    /// Permalinks.
    pub permalinks: PermalinkRules,
    /// Where the generator's usual plugins publish feeds.
    pub legacy_feeds: Option<&'static LegacyFeeds>,
}

/// Where a generator's configuration is and how it is read.
pub struct ConfigurationFiles {
    /// Names, in order of precedence, each looked for in the content directory and then above it.
    pub names: &'static [&'static str],
    /// How many directories are searched, the content directory being the first.
    pub levels: u8,
    /// Whether the files of `config/_default` and the like are laid over it, see [`config_parts`].
    pub has_parts: bool,
    /// What its fields mean.
    pub parse: fn(&Fields) -> GeneratorSettings,
    /// Files that say who is meant by an author's short name, in order of precedence.
    pub people: &'static [&'static str],
    /// How the page of a section (`_index.md`) changes the articles below it; `None` if there are no such pages.
    pub sections: Option<fn(&Fields) -> Vec<cascade::Entry>>,
}

/// Which text is the summary of an article.
pub struct SummaryRules {
    /// Keys that take precedence over a `<!--more-->` mark, in order.
    pub before_mark: &'static [&'static str],
    /// Keys that count where there is no mark, in order.
    pub after_mark: &'static [&'static str],
    /// Where the excerpt ends.
    pub excerpt: Excerpt,
}

/// Where the excerpt of a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excerpt {
    /// At a `<!--more-->` mark.
    Mark,
    /// At the separator that `excerpt_separator` names, else at the mark, else after the first paragraph.
    Separator,
}

impl Generator {
    /// The generator of this key.
    pub fn named(key: &str) -> Option<Self> {
        ALL.into_iter().find(|generator| generator.key == key)
    }

    /// The word of site.yaml, for example `hugo`.
    pub fn as_str(self) -> &'static str {
        self.0.key
    }

    /// Whether pages of sections can change how articles are read.
    pub fn has_sections(self) -> bool {
        self.configuration.sections.is_some()
    }
}

impl Deref for Generator {
    type Target = Rules;

    fn deref(&self) -> &Rules {
        self.0
    }
}

impl PartialEq for Generator {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}

impl Eq for Generator {}

impl Hash for Generator {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.key)
    }
}

impl<'de> Deserialize<'de> for Generator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let known = || ALL.map(Self::as_str).join("`, `");
        Self::named(&key).ok_or_else(|| D::Error::custom(format_args!("unknown generator `{key}`: use `{}`", known())))
    }
}

/// The title of an article that has none, for generators that take the name of the file as it is.
fn name_as_title(name: &str) -> String {
    name.to_owned()
}

/// For generators that hide nothing that others publish.
fn hides_nothing(_: &Fields) -> Option<&'static str> {
    None
}

/// The keys of a publication date, for generators without an order of their own.
const DATE_KEYS: &[&str] =
    &["date", "publishDate", "pubDate", "published", "created_at", "createdAt", "created", "published_at"];

/// The keys of categories, for generators that leave the choice to themes and authors.
const CATEGORY_KEYS: &[&str] = &[
    "categories",
    "category",
    "taxonomies.categories",
    "taxonomies.category",
    "params.categories",
    "topics",
    "section",
];

/// The keys of tags.
const TAG_KEYS: &[&str] = &["tags", "tag", "taxonomies.tags", "params.tags"];
