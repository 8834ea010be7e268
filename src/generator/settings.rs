//! The settings in a generator's own configuration, and functions for reading them.
//!
//! site.yaml overrides all of them: title, description, language, time zone, author, category and tag maps,
//! exclusions, defaults, languages and the permalink pattern. The site's URL and ids are never taken from a generator.
//! Each generator parses its configuration in its own directory. Invalid values are skipped, because the configuration
//! was written for another program and a feed can do without them.

use super::category;
use super::hexo::PermalinkConfig;
use super::hugo::UrlSettings;
use super::legacy_feeds::FeedMoves;
use super::site_context::{People, SiteContext};
use super::{Author, Generator};
use crate::syntax::front_matter::{Fields, Value};

#[cfg(test)]
mod tests;

/// Why a configuration, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct ConfigError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The message for the log and for `check`.
    pub message: String,
}

/// The settings that a generator's configuration contains.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeneratorSettings {
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// The language tag as written.
    pub(crate) language: Option<String>,
    /// The time zone of dates without an offset, as written.
    pub(crate) time_zone: Option<String>,
    /// Whether articles with a date in the future are published.
    pub(crate) future: Option<bool>,
    /// The author of articles that name none.
    pub(crate) author: Option<Author>,
    /// Globs, relative to the content directory, of files that are not articles.
    pub(crate) exclude: Vec<String>,
    /// The permalink pattern, with the tokens of the generator.
    pub(crate) permalink: Option<String>,
    /// Permalink patterns, each with the glob of the pages that it is for (Hugo).
    pub(crate) section_permalinks: Vec<(String, String)>,
    /// Further settings of permalinks (Hexo).
    pub(crate) permalink_config: PermalinkConfig,
    /// The URL settings of a Hugo site.
    pub(crate) url_settings: UrlSettings,
    /// The `cascade` that applies to all sections (Hugo).
    pub(crate) cascade: Option<Value>,
    /// The settings that affect the reading of articles.
    pub(crate) site_context: SiteContext,
    /// The most entries of the generator's feeds; `usize::MAX` for all.
    pub(crate) feed_limit: Option<usize>,
    /// Where the generator's feeds are, if not at their usual paths (jekyll-feed).
    pub(crate) feed_moves: FeedMoves,
    /// The settings in use, each with a short form of its value; `check` prints them.
    pub(crate) taken: Vec<(&'static str, String)>,
}

/// Parses a configuration by the rules of its generator.
pub(crate) fn read(generator: Generator, fields: &Fields) -> GeneratorSettings {
    let settings = (generator.configuration.parse)(fields);
    let taken = taken(&settings);
    GeneratorSettings { taken, ..settings }
}

/// The permalink pattern of the generator: the configured one or its default.
pub(crate) fn own_pattern(settings: &GeneratorSettings, generator: Generator) -> String {
    let pattern = settings.permalink.as_deref().unwrap_or(generator.permalinks.default_pattern);
    format!(":home/{}", pattern.trim_start_matches('/'))
}

/// The settings in use, by their keys in site.yaml where they have one.
fn taken(generator: &GeneratorSettings) -> Vec<(&'static str, String)> {
    let counted = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {more}")),
    };
    let author = generator.author.as_ref().map(|author| match &author.email {
        Some(email) => format!("{} <{email}>", author.name),
        None => author.name.to_string(),
    });
    let codes: Vec<&str> = generator.site_context.languages.others.iter().map(|other| &*other.code).collect();
    let collections: Vec<&str> = generator.site_context.collections.names().collect();
    let describe = [
        ("title", generator.title.clone()),
        ("description", generator.description.clone()),
        ("language", generator.language.clone()),
        ("time_zone", generator.time_zone.clone()),
        ("future", generator.future.map(|shows| (if shows { "show" } else { "hold" }).to_owned())),
        ("author", author),
        ("category_map", counted(generator.permalink_config.category_map.len(), "name", "names")),
        ("tag_map", counted(generator.permalink_config.tag_map.len(), "name", "names")),
        ("exclude", Some(generator.exclude.join(", ")).filter(|globs| !globs.is_empty())),
        ("source", generator.site_context.source.clone()),
        ("defaults", counted(generator.site_context.defaults.len(), "set", "sets")),
        ("languages", Some(codes.join(", ")).filter(|codes| !codes.is_empty())),
        ("cascade", counted(generator.cascade.as_ref().map_or(0, |value| value.elements().len()), "entry", "entries")),
        ("frontmatter", generator.site_context.dates.as_ref().map(|_| "the order of dates".to_owned())),
        ("taxonomies", generator.site_context.filing.describe()),
        ("collections", Some(collections.join(", ")).filter(|names| !names.is_empty())),
        ("encrypt.tags", counted(generator.site_context.locked_tags.len(), "tag", "tags")),
        ("permalink", generator.permalink.clone()),
        ("permalinks", counted(generator.section_permalinks.len(), "pattern", "patterns")),
    ];
    describe.into_iter().filter_map(|(key, value)| Some((key, short(&value?)))).collect()
}

/// Shortens a value to one line of at most 100 characters.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The text of a scalar that is not empty, in one line.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_text()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A relative directory as text, without `./` and final slashes.
pub(crate) fn directory(value: Option<&Value>) -> Option<String> {
    let text = text(value)?;
    let directory = text.trim_start_matches("./").trim_matches('/');
    (!matches!(directory, "" | ".")).then(|| directory.to_owned())
}

/// The text of the first of these keys that has one.
pub(crate) fn first(fields: &Fields, keys: &[&'static str]) -> Option<String> {
    keys.iter().find_map(|key| text(fields.get(key)))
}

/// The text of a value, or the first text of a list.
pub(crate) fn first_element(value: Option<&Value>) -> Option<String> {
    value?.elements().iter().find_map(|element| text(Some(element)))
}

/// Parses an author, with the e-mail address of another key if the value has none.
pub(crate) fn author(value: Option<&Value>, email: Option<String>) -> Option<Author> {
    let fields = Fields(vec![("author".to_owned(), value?.clone())]);
    let author = category::authors(&fields, &People::default()).into_vec().into_iter().next()?;
    let email = author.email.or_else(|| email.filter(|email| category::is_mail(email)).map(Into::into));
    Some(Author { email, ..author })
}

/// The limit of a feed, where 0, false and negative numbers mean all entries.
pub(crate) fn limit(value: Option<&Value>) -> Option<usize> {
    let value = value?;
    if value.as_bool() == Some(false) {
        return Some(usize::MAX);
    }
    let number: i64 = value.as_text()?.trim().parse().ok()?;
    Some(usize::try_from(number).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX))
}

/// A map from names to texts; entries of other shapes are skipped.
pub(crate) fn map(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Map(fields)) = value else {
        return Vec::new();
    };
    fields.0.iter().filter_map(|(name, value)| Some((name.trim().to_owned(), text(Some(value))?))).collect()
}
