//! The rules of the static site generators: how each of them reads the files of a site.
//!
//! A [`Generator`] is a table of [`GeneratorRules`]: which files are articles, how the configuration is parsed, which keys hold
//! dates and categories, how permalinks are made, and where feeds used to be. Each generator has its own file and
//! directory, which follow its manual. The other modules apply the rules and take a generator, or a part of one, as a
//! parameter. Code outside this module never names a generator.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use crate::syntax::Templates;
use crate::syntax::date::Order;
use crate::syntax::front_matter::Fields;
pub(crate) use category::Author;
use category::CategoryRules;
use detect::Marks;
pub use hidden::HiddenReason;
use legacy_feeds::LegacyFeeds;
pub(crate) use math::MathDelimiters;
use permalink::PermalinkRules;
use selection::ArticleRules;
pub(crate) use settings::ConfigError;
pub use settings::GeneratorSettings;
pub use site_context::SiteContext;

pub(crate) mod cascade;
pub mod category;
pub(crate) mod config_parts;
pub(crate) mod config_syntax;
pub(crate) mod defaults;
pub(crate) mod choice;
pub(crate) mod collections;
pub(crate) mod detect;
mod exclude;
mod hidden;
pub(crate) mod languages;
pub(crate) mod legacy_feeds;
pub(crate) mod math;
pub(crate) mod mounts;
pub(crate) mod permalink;
pub mod selection;
pub mod settings;
pub mod site_context;

mod elsewhere;
mod wordpress;

// The generators. A new one is a directory, its `mod` line here and its entry in `ALL`.
pub mod astro;
pub mod docusaurus;
pub mod eleventy;
pub mod gatsby;
pub mod hexo;
pub mod hugo;
pub mod jekyll;
pub mod lume;
pub mod mkdocs;
pub mod next;
pub mod obsidian;
pub mod pelican;
pub mod plain;
pub mod quarto;
pub mod valaxy;
pub mod vitepress;
pub mod zola;

/// All generators, in the order in which [`detect`] tries them. Nothing is evidence for the last one, the default.
pub(crate) const ALL: [Generator; 17] = [
    zola::ZOLA,
    hugo::HUGO,
    hexo::HEXO,
    jekyll::JEKYLL,
    docusaurus::DOCUSAURUS,
    valaxy::VALAXY,
    eleventy::ELEVENTY,
    astro::ASTRO,
    gatsby::GATSBY,
    vitepress::VITEPRESS,
    lume::LUME,
    quarto::QUARTO,
    pelican::PELICAN,
    mkdocs::MKDOCS,
    next::NEXT,
    obsidian::OBSIDIAN,
    plain::PLAIN,
];

/// One generator. Copies are cheap; two are equal if they have the same key.
#[derive(Clone, Copy)]
pub struct Generator(&'static GeneratorRules);

/// Everything that distinguishes one generator from the others.
pub struct GeneratorRules {
    /// The value of `dialect` in site.yaml, for example `hugo`.
    pub(crate) key: &'static str,
    /// What only its sites have.
    pub(crate) marks: Marks,
    pub(crate) configuration: ConfigurationFiles,
    pub(crate) articles: ArticleRules,
    /// Directories of images besides the usual ones, see `ScanConfig::image_roots`.
    pub(crate) image_roots: &'static [&'static str],
    /// The keys of the publication date; the first one with a valid date counts.
    pub(crate) date_keys: &'static [&'static str],
    /// The keys that count if neither those nor the path have a date. The generator does not know them, but importers
    /// and other generators do.
    pub(crate) later_date_keys: &'static [&'static str],
    /// Whether 04/05/2021 is in April or in May.
    pub(crate) date_order: Order,
    /// How categories and tags are read.
    pub(crate) categories: CategoryRules,
    pub(crate) summaries: SummaryRules,
    /// Why `published` hides an article; `None` if it does not.
    pub(crate) hides: fn(&Fields) -> Option<HiddenReason>,
    /// The template language that this generator runs in bodies.
    pub(crate) templates: Templates,
    /// The key and its value that disable templates in an article.
    pub(crate) templates_off: Option<(&'static str, bool)>,
    pub(crate) markdown: &'static [MarkdownExtension],
    /// Makes a title from the file name, for articles without one.
    pub(crate) title_of_name: fn(&str) -> String,
    /// Whether articles can be referred to by slug and title, as with `post_link`, or by the name of the file.
    pub(crate) refers_by_name: bool,
    pub(crate) permalinks: PermalinkRules,
    /// Where the usual feed plugins of the generator publish feeds; `None` if there are none.
    pub(crate) legacy_feeds: Option<&'static LegacyFeeds>,
}

/// Where a generator's configuration is and how it is read.
pub(crate) struct ConfigurationFiles {
    /// The names of the configuration, in order of precedence. Each is searched for in the content directory and then
    /// in the directories above.
    pub names: &'static [&'static str],
    /// Whether the files of `config/_default` override it, see [`config_parts`].
    pub has_parts: bool,
    pub parse: fn(&Fields) -> GeneratorSettings,
    /// Files that define the short names of authors, in order of precedence.
    pub people: &'static [&'static str],
    /// The files that list the packages which may render mathematics, in order of precedence.
    pub packages: &'static [&'static str],
    /// Parses the page of a section (`_index.md`), which changes the articles below it; `None` if the generator has no
    /// such pages.
    pub sections: Option<fn(&Fields) -> Vec<cascade::CascadeEntry>>,
}

/// Which text is the summary of an article.
pub(crate) struct SummaryRules {
    /// Keys that take precedence over a `<!--more-->` mark, in order.
    pub before_mark: &'static [&'static str],
    /// Keys that count if there is no mark, in order.
    pub after_mark: &'static [&'static str],
    /// Where the excerpt ends.
    pub excerpt: Excerpt,
}

/// An extension of Markdown that every article of a generator may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkdownExtension {
    /// `$…$` is mathematics.
    Mathematics,
    /// `!!! note "Title"` and `??? note` begin boxes, whose content is indented.
    Admonitions,
    /// `%%…%%` is not shown.
    Remarks,
    /// `:smile:` is an emoji.
    Emoji,
    /// The words behind the language of a fence are a caption.
    CodeCaptions,
    /// Blocks of HTML, tables and URLs are as in Kramdown.
    Kramdown,
}

/// Where the excerpt of a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excerpt {
    /// At a `<!--more-->` mark.
    Mark,
    /// Like [`Self::Mark`], or at the mark of `WordPress` with the words of its link: `<!--more Read on-->`.
    WordedMark,
    /// At the separator that `excerpt_separator` sets, or else at the mark, or else after the first paragraph.
    Separator,
}

impl Generator {
    /// The key of the generator, for example `hugo`.
    pub(crate) fn as_str(self) -> &'static str {
        self.0.key
    }

    /// Whether the pages of sections affect the articles below them.
    pub(crate) fn has_sections(self) -> bool {
        self.configuration.sections.is_some()
    }
}

impl Deref for Generator {
    type Target = GeneratorRules;

    fn deref(&self) -> &GeneratorRules {
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

/// Returns the file name as the title, for generators that do not convert it.
fn name_as_title(name: &str) -> String {
    name.to_owned()
}

/// The `hides` of generators without a rule of their own: any word for false counts.
fn hides_unpublished(fields: &Fields) -> Option<HiddenReason> {
    (fields.get("published")?.as_bool() == Some(false)).then_some(HiddenReason::Unpublished)
}

/// The keys of the publication date, for sites whose theme chooses them.
const THEME_DATE_KEYS: &[&str] = &[
    "date",
    "publishDate",
    "pubDate",
    "pubDatetime",
    "published",
    "datePublished",
    "date_published",
    "publishedAt",
    "published_at",
    "created_at",
    "createdAt",
    "created",
    "dateCreated",
    "creationDate",
];

/// Keys of the publication date that other generators and importers write.
const FOREIGN_DATE_KEYS: &[&str] =
    &["publishDate", "pubDate", "published", "created_at", "createdAt", "created", "published_at"];
