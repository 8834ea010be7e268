//! Jekyll: dated files in `_posts`, configured by `_config.yml`. <https://jekyllrb.com/docs/>

use super::category::CategoryRules;
use super::detect::Marks;
use super::selection::{ArticleDirs, ArticleRules, DEEP_POSTS, Layout};
use super::{
    ConfigurationFiles, Excerpt, Generator, GeneratorRules, HiddenReason, MarkdownExtension, SummaryRules,
    hides_unpublished,
};
use crate::syntax::Templates;
use crate::syntax::date::{Order, UtcDates};
use crate::syntax::front_matter::{Fields, Value};

mod collections;
mod config;
mod feeds;
pub(super) mod permalink;
pub(super) mod slug;

/// Jekyll.
pub const JEKYLL: Generator = Generator(&GeneratorRules {
    key: "jekyll",
    marks: Marks { keys: KEYS, packages: &["jekyll", "github-pages"], ..Marks::NONE },
    configuration: ConfigurationFiles {
        names: &["_config.yml", "_config.yaml", "_config.toml"],
        has_parts: false,
        parse: config::parse,
        people: &["_data/authors.yml", "_data/authors.yaml", "_data/authors.json"],
        packages: &[],
        sections: None,
    },
    articles: ArticleRules {
        directories,
        // Jekyll's entry filter checks only the first component below `_posts`.
        is_article: |inside, stem| without_date(stem).is_some() && !inside.starts_with(['_', '#', '~']),
        publishes_hidden: true,
        uses_machine_zone: true,
        utc_dates: Some(UtcDates::Timestamps),
        reads_qmd: false,
        ..ArticleRules::USUAL
    },
    image_roots: &["."],
    date_keys: &["date"],
    later_date_keys: super::FOREIGN_DATE_KEYS,
    date_order: Order::DayFirst,
    categories: CategoryRules {
        // `topics` and `section` are keys of themes.
        keys: &["categories", "category"],
        // If an article has both, the singular counts.
        tag_keys: &["tag", "tags", "taxonomies.tags", "params.tags"],
        are_directories_above_posts: true,
        adds_singular_key: true,
        splits_plural_text: true,
        ..CategoryRules::USUAL
    },
    // The order of jekyll-feed.
    summaries: SummaryRules {
        before_mark: &["description", "excerpt", "summary", "intro", "lede", "deck"],
        after_mark: &[],
        excerpt: Excerpt::Separator,
    },
    hides,
    templates: Templates::Liquid,
    templates_off: Some(("render_with_liquid", false)),
    markdown: &[MarkdownExtension::Kramdown],
    title_of_name,
    refers_by_name: false,
    permalinks: permalink::RULES,
    legacy_feeds: Some(&feeds::FEEDS),
});

const KEYS: &[&str] = &[
    "markdown",
    "plugins",
    "gems",
    "kramdown",
    "baseurl",
    "collections",
    "defaults",
    "remote_theme",
    "sass",
    "source",
    "destination",
    "paginate",
    "paginate_path",
    "highlighter",
    "show_drafts",
    "plugins_dir",
    "github_username",
    "twitter_username",
    "repository",
    "incremental",
    "livereload",
    "minimal_mistakes_skin",
    "excerpt_separator",
    "lsi",
    "limit_posts",
    "whitelist",
    "jekyll-archives",
    "compress_html",
    "safe",
];

fn directories(layout: &Layout<'_>) -> ArticleDirs {
    if layout.is_in(&["_posts"]) {
        ArticleDirs::Itself
    } else if ["_posts", DEEP_POSTS, "_config.yml", "_config.yaml", "_config.toml"]
        .iter()
        .any(|name| layout.holds(name))
    {
        ArticleDirs::Posts
    } else {
        ArticleDirs::Anywhere
    }
}

/// Returns the rest of a name that begins with a date by Jekyll's own pattern, `\d{2,4}-\d{1,2}-\d{1,2}-`.
pub(super) fn without_date(stem: &str) -> Option<&str> {
    let mut parts = stem.splitn(4, '-');
    let mut number = |lengths: std::ops::RangeInclusive<usize>| {
        parts.next().is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    (number(2..=4) && number(1..=2) && number(1..=2)).then(|| parts.next()).flatten()
}

/// `published:` without a value is `nil`, which is false in Ruby.
fn hides(fields: &Fields) -> Option<HiddenReason> {
    match fields.get("published")? {
        Value::Null => Some(HiddenReason::EmptyPublished),
        _ => hides_unpublished(fields),
    }
}

/// Makes `My First Post` of `my-first-post`.
fn title_of_name(name: &str) -> String {
    name.split('-').map(capitalized).collect::<Vec<_>>().join(" ")
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    // Like Ruby's `capitalize`, which converts the rest to lower case.
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters.flat_map(char::to_lowercase)).collect())
}
