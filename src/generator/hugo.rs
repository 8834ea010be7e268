//! Hugo: articles below `content`, sections with `_index.md`, configured by `hugo.toml`.
//! <https://gohugo.io/documentation/>

use std::path::Path;

use super::category::CategoryRules;
use super::detect::Marks;
use super::selection::{ArticleDirs, ArticleRules, Layout};
use super::{
    ConfigurationFiles, Excerpt, Generator, GeneratorRules, SummaryRules, cascade, hides_unpublished, name_as_title,
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
    marks: Marks { names: &["hugo.*"], keys: KEYS, ..Marks::NONE },
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
        has_parts: true,
        parse: config::parse,
        people: &[],
        packages: &[],
        sections: Some(|fields| cascade::entries(fields.get("cascade"))),
    },
    articles: ArticleRules {
        directories: content_directory,
        is_article: is_no_section_page,
        has_leaf_bundles: true,
        unpublished_root: Some("assets"),
        reads_qmd: false,
        ..ArticleRules::USUAL
    },
    // Hugo's feeds show the date of publication, which may have a key of its own.
    image_roots: &["themes/*/static"],
    date_keys: &["publishDate", "pubDate", "published", "date", "lastmod", "modified"],
    later_date_keys: &[],
    date_order: Order::Unclear,
    categories: CategoryRules::USUAL,
    summaries: SummaryRules {
        before_mark: &[],
        after_mark: &["summary", "description", "excerpt", "intro", "lede", "deck"],
        excerpt: Excerpt::Mark,
    },
    hides: hides_unpublished,
    templates: Templates::GoShortcodes,
    templates_off: None,
    markdown: &[],
    title_of_name: name_as_title,
    refers_by_name: true,
    permalinks: permalink::RULES,
    legacy_feeds: Some(&feeds::FEEDS),
});

const KEYS: &[&str] = &[
    "baseURL",
    "languageCode",
    "defaultContentLanguage",
    "params",
    "markup",
    "menu",
    "menus",
    "module",
    "permalinks",
    "contentDir",
    "publishDir",
    "enableRobotsTXT",
    "outputs",
    "services",
    "languages",
    "enableGitInfo",
    "disqusShortname",
    "googleAnalytics",
    "summaryLength",
    "staticDir",
    "hasCJKLanguage",
    "paginate",
    "pagination",
    "buildDrafts",
    "minify",
];

/// Finds the directory `content`, which contains the articles, and those that the configuration names beside it.
pub(crate) fn content_directory(layout: &Layout<'_>) -> ArticleDirs {
    if layout.is_named("content") {
        ArticleDirs::Itself
    } else if layout.holds("content") {
        let beside = layout.declared.iter().filter(|directory| !Path::new(directory).starts_with("content"));
        ArticleDirs::Below(std::iter::once("content").chain(beside.copied()).map(str::to_owned).collect())
    } else {
        ArticleDirs::Anywhere
    }
}

/// Accepts every text file except the pages of sections, such as `_index.md` and `_index.fr.md`.
pub(crate) fn is_no_section_page(_: &str, stem: &str) -> bool {
    !content_path::is_section_page(stem)
}
