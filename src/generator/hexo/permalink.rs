//! The tokens of Hexo's `permalink`: <https://hexo.io/docs/permalinks>.

use super::PermalinkConfig;
use super::slug::slugize;
use crate::generator::permalink::{Facts, PatternToken, PermalinkRules, decoded};
use crate::text::{Address, push};

pub(crate) const RULES: PermalinkRules = PermalinkRules {
    default_pattern: ":year/:month/:day/:title/",
    tokens,
    token_names: TOKEN_NAMES,
    is_token_character: |c| c.is_ascii_alphanumeric() || c == '_',
    path_below_home: None,
    path_key: "permalink",
    own_path,
    site: None,
    // Hexo leaves these two as they are, and readers know its articles by that.
    feed_id: Some(|link, _| {
        Address::parse(&link.as_str().replace("%23", "#").replace("%3F", "?")).unwrap_or_else(|| link.clone())
    }),
    has_language_directories: false,
    has_suffix_in_name: false,
};

pub(crate) const TOKEN_NAMES: &str = ":year :month :day :hour :minute :second :i_month :i_day :title :name :post_title :id :timestamp :hash :category, and any key of the front matter";

/// Looks up a token. In Hexo every name without a meaning of its own is a front matter key.
fn tokens(name: &str) -> Option<PatternToken> {
    token(name).or_else(|| Some(PatternToken::key(name, missing_key)))
}

/// The text that Hexo writes for a key that the front matter does not have.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a token")]
fn missing_key(key: &str) -> Option<&'static str> {
    Some(if key == "layout" { "post" } else { "undefined" })
}

/// Looks up a token with a meaning of its own; `plain` uses it too.
pub(crate) fn token(name: &str) -> Option<PatternToken> {
    let date = |format| Some(PatternToken::date(name, format));
    match name {
        "year" => date("%Y"),
        "month" => date("%m"),
        "day" => date("%d"),
        "hour" => date("%H"),
        "minute" => date("%M"),
        "second" => date("%S"),
        "i_month" => date("%-m"),
        "i_day" => date("%-d"),
        "timestamp" => Some(PatternToken::text(name, |facts| Some(facts.instant?.timestamp().to_string()))),
        "hash" => Some(PatternToken::text(name, |facts| Some(hash(&slug(facts), facts.instant?.timestamp())))),
        // `slug` of the front matter has no effect in Hexo, because the path overrides it.
        "title" | "slug" => Some(PatternToken::text(name, |facts| Some(decoded(&slug(facts))))),
        "name" => Some(PatternToken::text(name, |facts| Some(last_part(&decoded(&slug(facts)))))),
        "post_title" => Some(PatternToken::text(name, |facts| Some(slugize(facts.title).to_lowercase()))),
        "category" => Some(PatternToken::text(name, category)),
        _ => None,
    }
}

fn slug(facts: &Facts<'_>) -> String {
    facts.permalink_config.slug(facts.place)
}

fn last_part(slug: &str) -> String {
    slug.rsplit('/').next().unwrap_or(slug).to_owned()
}

/// The path of the last category with its ancestors.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a token")]
fn category(facts: &Facts<'_>) -> Option<String> {
    Some(match facts.categories.last() {
        Some(path) => facts.permalink_config.category_slug(path),
        None => facts.permalink_config.default_category.clone().unwrap_or_else(|| "uncategorized".to_owned()),
    })
}

/// Hexo uses the path unchanged; with asset folders it is a directory.
fn own_path(path: &str, _: &dyn Fn(&str) -> String, config: &PermalinkConfig) -> String {
    config.in_directory(decoded(path))
}

/// The first twelve hex digits of the SHA-1 of Hexo's slug followed by the Unix time in seconds.
fn hash(slug: &str, seconds: i64) -> String {
    let digest = sha1_smol::Sha1::from(format!("{slug}{seconds}")).digest().bytes();
    digest[..6].iter().fold(String::with_capacity(12), |mut hex, byte| {
        push!(hex, "{byte:02x}");
        hex
    })
}
