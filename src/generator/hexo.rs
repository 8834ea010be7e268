//! Hexo: posts below `source/_posts`, configured by `_config.yml`. <https://hexo.io/docs/>

use super::category::{CategoryRules, Lists};
use super::detect::Marks;
use super::selection::{ArticleDirs, ArticleRules, Layout};
use super::{
    ConfigurationFiles, Excerpt, Generator, GeneratorRules, HiddenReason, MarkdownExtension, SummaryRules,
    name_as_title,
};
use crate::syntax::Templates;
use crate::syntax::date::{Order, UtcDates};
use crate::syntax::front_matter::{Fields, Value};
#[cfg(test)]
pub(crate) use permalink_config::Trailing;
pub(crate) use permalink_config::{NameKeys, PermalinkConfig};

mod config;
mod feeds;
pub(super) mod permalink;
mod permalink_config;
pub(super) mod slug;

/// Hexo.
pub const HEXO: Generator = Generator(&GeneratorRules {
    key: "hexo",
    marks: Marks { names: &["_config.landscape.yml"], keys: KEYS, packages: &["hexo", "hexo-cli"] },
    configuration: ConfigurationFiles {
        names: &["_config.yml", "_config.yaml", "_config.json"],
        has_parts: false,
        parse: config::parse,
        people: &[],
        packages: &["package.json"],
        sections: None,
    },
    articles: ArticleRules {
        directories,
        // Hexo ignores every part of a path that starts with an underscore.
        is_article: |inside, _| !inside.split('/').any(|part| part.starts_with('_')),
        publishes_source: true,
        enters_part_directories: true,
        publishes_future: true,
        uses_machine_zone: true,
        utc_dates: Some(UtcDates::QuotedDays),
        reads_qmd: false,
        ..ArticleRules::USUAL
    },
    image_roots: &["themes/*/source"],
    date_keys: &["date"],
    later_date_keys: super::FOREIGN_DATE_KEYS,
    date_order: Order::MonthFirst,
    categories: CategoryRules {
        lists: Lists::Path,
        // `topics` and `section` are keys of themes.
        keys: &["categories", "category"],
        has_empty_lists: true,
        ..CategoryRules::USUAL
    },
    // The order of hexo-generator-feed. The other keys are those of themes.
    summaries: SummaryRules {
        before_mark: &["description", "intro", "excerpt"],
        after_mark: &["summary", "lede", "deck"],
        excerpt: Excerpt::Mark,
    },
    hides,
    templates: Templates::Nunjucks,
    templates_off: Some(("disableNunjucks", true)),
    markdown: &[MarkdownExtension::CodeCaptions],
    title_of_name: name_as_title,
    refers_by_name: true,
    permalinks: permalink::RULES,
    legacy_feeds: Some(&feeds::FEEDS),
});

const KEYS: &[&str] = &[
    "source_dir",
    "public_dir",
    "new_post_name",
    "post_asset_folder",
    "skip_render",
    "filename_case",
    "render_drafts",
    "category_map",
    "tag_map",
    "tag_dir",
    "archive_dir",
    "category_dir",
    "code_dir",
    "i18n_dir",
    "default_layout",
    "titlecase",
    "external_link",
    "default_category",
    "index_generator",
    "per_page",
    "pagination_dir",
    "meta_generator",
    "updated_option",
    "relative_link",
    "permalink_defaults",
    "pretty_urls",
    "deploy",
];

fn directories(layout: &Layout<'_>) -> ArticleDirs {
    if layout.is_in(&["_posts", "_drafts"]) {
        return ArticleDirs::Itself;
    }
    if let Some(source) = layout.source {
        let below_site = layout.below_site();
        if below_site.is_empty() {
            return ArticleDirs::Below(["_posts", "_drafts"].map(|name| format!("{source}/{name}")).into());
        }
        if below_site == source {
            return ArticleDirs::below(["_posts", "_drafts"]);
        }
    }
    if layout.holds("source/_posts") {
        ArticleDirs::below(["source/_posts", "source/_drafts"])
    } else if layout.holds("_posts") {
        ArticleDirs::below(["_posts", "_drafts"])
    } else {
        ArticleDirs::Anywhere
    }
}

/// In JavaScript `no` is a text, and every text is true but the empty one. Hexo makes exceptions of `false` and `0`.
fn hides(fields: &Fields) -> Option<HiddenReason> {
    let hides = match fields.get("published")? {
        Value::Bool(answer) => !answer,
        Value::Number(text) | Value::Text(text) => matches!(text.as_str(), "" | "0" | "false"),
        Value::Null | Value::List(_) | Value::Map(_) => false,
    };
    hides.then_some(HiddenReason::Unpublished)
}
