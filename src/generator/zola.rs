//! Zola: articles below `content`, sections with an `_index.md` in TOML, configured by `config.toml`.
//! <https://www.getzola.org/documentation/>

use super::category::CategoryRules;
use super::detect::Marks;
use super::hugo::{content_directory, is_no_section_page};
use super::selection::ArticleRules;
use super::{
    ConfigurationFiles, Excerpt, Generator, GeneratorRules, SummaryRules, cascade, hides_unpublished, name_as_title,
};
use crate::syntax::Templates;
use crate::syntax::date::Order;
use crate::syntax::front_matter::{Fields, Value};

mod config;
mod feeds;
mod permalink;

/// Zola.
pub const ZOLA: Generator = Generator(&GeneratorRules {
    key: "zola",
    marks: Marks { names: &["zola.toml"], keys: KEYS, ..Marks::NONE },
    configuration: ConfigurationFiles {
        names: &["zola.toml", "config.toml"],
        has_parts: false,
        parse: config::parse,
        people: &[],
        packages: &[],
        sections: Some(section),
    },
    articles: ArticleRules {
        directories: content_directory,
        is_article: is_no_section_page,
        publishes_future: true,
        reads_qmd: false,
        ..ArticleRules::USUAL
    },
    image_roots: &["themes/*/static"],
    date_keys: &["date"],
    later_date_keys: super::FOREIGN_DATE_KEYS,
    date_order: Order::Unclear,
    categories: CategoryRules::USUAL,
    summaries: SummaryRules {
        before_mark: &[],
        after_mark: &["summary", "description", "excerpt", "intro", "lede", "deck"],
        excerpt: Excerpt::Mark,
    },
    hides: hides_unpublished,
    templates: Templates::Tera,
    templates_off: None,
    markdown: &[],
    title_of_name: name_as_title,
    refers_by_name: false,
    permalinks: permalink::RULES,
    legacy_feeds: Some(&feeds::FEEDS),
});

const KEYS: &[&str] = &[
    "base_url",
    "compile_sass",
    "build_search_index",
    "generate_feed",
    "generate_feeds",
    "feed_filename",
    "feed_filenames",
    "feed_limit",
    "markdown",
    "extra",
    "slugify",
    "default_language",
    "highlight_code",
    "link_checker",
    "minify_html",
    "ignored_content",
];

/// Makes the articles of a draft section drafts too.
fn section(fields: &Fields) -> Vec<cascade::CascadeEntry> {
    let is_draft = fields.get("draft").and_then(Value::as_bool) == Some(true);
    if is_draft { vec![cascade::CascadeEntry::always("draft", Value::Bool(true))] } else { Vec::new() }
}
