//! Hugo: articles below `content`, sections with `_index.md`, configured by `hugo.toml`.
//! <https://gohugo.io/documentation/>

use super::category::CategoryRules;
use super::detect::Evidence;
use super::selection::{ArticleDirs, ArticleRules, Layout};
use super::{
    ConfigurationFiles, Excerpt, Generator, GeneratorRules, SummaryRules, cascade, hides_nothing, name_as_title,
};
use crate::content_path;
use crate::syntax::Templates;
use crate::syntax::date::Order;

mod config;
mod feeds;
pub(super) mod permalink;
pub(super) mod slug;
mod url;

pub(crate) use url::{Sections, UrlSettings, normal};

/// Hugo.
pub const HUGO: Generator = Generator(&GeneratorRules {
    key: "hugo",
    evidence,
    is_evidence: |name| is_configuration(name) || matches!(name, "archetypes" | "_index.md"),
    configuration: ConfigurationFiles {
        names: &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
        ],
        levels: 2,
        has_parts: true,
        parse: config::parse,
        people: &[],
        sections: Some(|fields| cascade::entries(fields.get("cascade"))),
    },
    articles: ArticleRules {
        directories: content_directory,
        is_article: is_no_section_page,
        has_leaf_bundles: true,
        unpublished_root: Some("assets"),
        ..ArticleRules::USUAL
    },
    // Hugo's feeds show the date of publication, which may have a key of its own.
    date_keys: &["publishDate", "pubDate", "published", "date", "lastmod", "modified"],
    date_order: Order::Unclear,
    categories: CategoryRules::USUAL,
    summaries: SummaryRules {
        before_mark: &[],
        after_mark: &["summary", "description", "excerpt", "intro", "lede", "deck"],
        excerpt: Excerpt::Mark,
    },
    hides: hides_nothing,
    templates: Templates::GoShortcodes,
    templates_off: None,
    title_of_name: name_as_title,
    refers_by_name: false,
    permalinks: permalink::RULES,
    legacy_feeds: Some(&feeds::FEEDS),
});

fn evidence(evidence: &Evidence) -> Option<String> {
    if let Some(name) = evidence.named(is_configuration) {
        return Some(format!("`{name}` is there"));
    }
    if evidence.named(|name| name == "archetypes").is_some() {
        return Some("`archetypes` is there".to_owned());
    }
    let has_index = evidence.index.is_some() || evidence.named(|name| name == "_index.md").is_some();
    has_index.then(|| "an `_index.md` is there".to_owned())
}

/// Whether only Hugo has a configuration of this name.
pub(crate) fn is_configuration(name: &str) -> bool {
    name.strip_prefix("hugo.").is_some_and(|extension| !extension.is_empty())
}

/// Finds the directory `content`, which contains the articles.
pub(crate) fn content_directory(layout: &Layout<'_>) -> ArticleDirs {
    if layout.is_named("content") {
        ArticleDirs::Itself
    } else if layout.holds("content") {
        ArticleDirs::Below(&["content"])
    } else {
        ArticleDirs::Anywhere
    }
}

/// Accepts every text file except the pages of sections, such as `_index.md` and `_index.fr.md`.
pub(crate) fn is_no_section_page(_: &str, stem: &str) -> bool {
    !content_path::is_section_page(stem)
}
