//! Directories without a generator: Markdown and HTML files, read by the most common conventions.

use super::category::{CategoryRules, Lists};
use super::detect::Marks;
use super::permalink::{PatternToken, PermalinkRules, decoded};
use super::selection::ArticleRules;
use super::{
    ConfigurationFiles, Excerpt, Generator, GeneratorRules, GeneratorSettings, MarkdownExtension, SummaryRules,
};
use super::{hexo, hides_unpublished, hugo, jekyll, name_as_title};
use crate::syntax::Templates;
use crate::syntax::date::Order;

/// No generator.
pub const PLAIN: Generator = Generator(&GeneratorRules {
    key: "plain",
    categories: CategoryRules { lists: Lists::Path, ..CategoryRules::USUAL },
    markdown: &[MarkdownExtension::Admonitions],
    summaries: SummaryRules { excerpt: Excerpt::WordedMark, ..OTHER.summaries },
    ..OTHER
});

/// The rules of generators that leave the meaning of files to themes and plugins.
pub(super) const OTHER: GeneratorRules = GeneratorRules {
    key: "",
    marks: Marks::NONE,
    configuration: ConfigurationFiles {
        names: &[],
        has_parts: false,
        parse: |_| GeneratorSettings::default(),
        people: &["authors.yml", "authors.yaml", "blog/authors.yml", "authors.json"],
        packages: &["package.json"],
        sections: None,
    },
    articles: ArticleRules::USUAL,
    image_roots: &[],
    date_keys: super::THEME_DATE_KEYS,
    later_date_keys: &[],
    date_order: Order::Unclear,
    categories: CategoryRules::USUAL,
    summaries: SummaryRules {
        before_mark: &["summary", "excerpt", "description", "intro", "lede", "deck"],
        after_mark: &[],
        excerpt: Excerpt::Mark,
    },
    hides: hides_unpublished,
    templates: Templates::Unknown,
    templates_off: None,
    markdown: &[],
    title_of_name: name_as_title,
    refers_by_name: false,
    permalinks: PermalinkRules {
        default_pattern: ":path/",
        tokens,
        token_names: hexo::permalink::TOKEN_NAMES,
        is_token_character: |c| c.is_ascii_alphanumeric() || c == '_',
        path_below_home: None,
        path_key: "permalink",
        own_path: |path, _, _| decoded(path),
        site: None,
        feed_id: None,
        has_language_directories: false,
        has_suffix_in_name: false,
    },
    legacy_feeds: None,
};

/// A pattern may use any generator's tokens. Where two generators share one, Hexo's meaning takes precedence over
/// Jekyll's, and Jekyll's over Hugo's.
fn tokens(name: &str) -> Option<PatternToken> {
    let known = hexo::permalink::token(name).or_else(|| jekyll::permalink::tokens(name));
    known.or_else(|| hugo::permalink::tokens(name)).or_else(|| Some(PatternToken::key(name, |_| None)))
}
