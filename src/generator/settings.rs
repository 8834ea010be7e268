//! The settings in a generator's own configuration, and functions for reading them.
//!
//! site.yaml overrides all of them: title, description, language, time zone, author, category and tag maps,
//! exclusions, defaults, languages and the permalink pattern. The site's URL and ids are never taken from a generator.
//! Each generator parses its configuration in its own directory. Invalid values are skipped, because the configuration
//! was written for another program and a feed can do without them.

use super::category;
use super::defaults::Defaults;
use super::hexo::HexoPermalinkConfig;
use super::hexo::slug::slugize;
use super::languages::Languages;
use super::site_context::{DateOrder, Filing, People};
use super::{Author, Generator};
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

#[cfg(test)]
mod tests;

/// Why a configuration, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SettingsError {
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
    /// The title of the site.
    pub title: Option<String>,
    /// The description of the site.
    pub description: Option<String>,
    /// The language tag as written.
    pub language: Option<String>,
    /// The time zone of dates without an offset, as written.
    pub time_zone: Option<String>,
    /// The author of articles that name none.
    pub author: Option<Author>,
    /// The path that Hexo's permalinks use for a category, by the category's own name without its ancestors.
    pub category_map: Vec<(String, String)>,
    /// The path that Hexo's permalinks use for a tag, by its name.
    pub tag_map: Vec<(String, String)>,
    /// Globs, relative to the content directory, of files that are not articles.
    pub exclude: Vec<String>,
    /// Front matter that articles have by default.
    pub defaults: Vec<Defaults>,
    /// The permalink pattern, with the tokens of the generator.
    pub permalink: Option<String>,
    /// The permalink patterns of sections, by their top-level directories (Hugo).
    pub section_permalinks: Vec<(String, String)>,
    /// Further settings of permalinks (Hexo).
    pub permalink_config: HexoPermalinkConfig,
    /// The letter case of categories in permalinks (Hexo).
    pub letters: Letters,
    /// The languages of the site (Hugo, Zola).
    pub languages: Languages,
    /// The `cascade` that applies to all sections (Hugo).
    pub cascade: Option<Value>,
    /// The keys of dates, if configured (Hugo).
    pub dates: Option<DateOrder>,
    /// The keys of categories and tags, if configured (Hugo).
    pub filing: Filing,
    /// Tags whose articles are encrypted (Hexo).
    pub locked_tags: Vec<Name>,
    /// The settings in use, each with a short form of its value; `check` prints them.
    pub taken: Vec<(&'static str, String)>,
}

/// The letter case that Hexo's `filename_case` sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Letters {
    /// Unchanged.
    #[default]
    Kept,
    /// Lower case.
    Small,
    /// Upper case.
    Capital,
}

/// Parses a configuration by the rules of its generator.
pub fn read(generator: Generator, fields: &Fields) -> GeneratorSettings {
    let settings = (generator.configuration.parse)(fields);
    let taken = taken(&settings);
    GeneratorSettings { taken, ..settings }
}

/// The permalink pattern of the generator: the configured one or its default.
pub fn own_pattern(settings: &GeneratorSettings, generator: Generator) -> String {
    let pattern = settings.permalink.as_deref().unwrap_or(generator.permalinks.default_pattern);
    format!(":home/{}", pattern.trim_start_matches('/'))
}

impl GeneratorSettings {
    /// The path that Hexo gives a category. `category_map` applies to the name of each component, then the result is
    /// slugized.
    pub fn category_slug(&self, path: &[Name]) -> String {
        let part = |name: &Name| {
            let spelled = &**name.spelled();
            let mapped = self.category_map.iter().find(|(known, _)| known == spelled).map_or(spelled, |(_, slug)| slug);
            let slug = slugize(mapped);
            match self.letters {
                Letters::Kept => slug,
                Letters::Small => slug.to_lowercase(),
                Letters::Capital => slug.to_uppercase(),
            }
        };
        path.iter().map(part).collect::<Vec<_>>().join("/")
    }
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
    let describe = [
        ("title", generator.title.clone()),
        ("description", generator.description.clone()),
        ("language", generator.language.clone()),
        ("time_zone", generator.time_zone.clone()),
        ("author", author),
        ("category_map", counted(generator.category_map.len(), "name", "names")),
        ("tag_map", counted(generator.tag_map.len(), "name", "names")),
        ("exclude", Some(generator.exclude.join(", ")).filter(|globs| !globs.is_empty())),
        ("defaults", counted(generator.defaults.len(), "set", "sets")),
        ("languages", Some(generator.languages.others.join(", ")).filter(|codes| !codes.is_empty())),
        ("cascade", counted(generator.cascade.as_ref().map_or(0, |value| value.elements().len()), "entry", "entries")),
        ("frontmatter", generator.dates.as_ref().map(|_| "the order of dates".to_owned())),
        ("taxonomies", generator.filing.describe()),
        ("encrypt.tags", counted(generator.locked_tags.len(), "tag", "tags")),
        ("permalink", generator.permalink.clone()),
        ("permalinks", counted(generator.section_permalinks.len(), "section", "sections")),
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
pub fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_text()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The text of the first of these keys that has one.
pub fn first(fields: &Fields, keys: &[&'static str]) -> Option<String> {
    keys.iter().find_map(|key| text(fields.get(key)))
}

/// The text of a value, or the first text of a list.
pub fn first_element(value: Option<&Value>) -> Option<String> {
    value?.elements().iter().find_map(|element| text(Some(element)))
}

/// Parses an author, with the e-mail address of another key if the value has none.
pub fn author(value: Option<&Value>, email: Option<String>) -> Option<Author> {
    let fields = Fields(vec![("author".to_owned(), value?.clone())]);
    let author = category::authors(&fields, &People::default()).into_vec().into_iter().next()?;
    let email = author.email.or_else(|| email.filter(|email| category::is_mail(email)).map(Into::into));
    Some(Author { email, ..author })
}

/// A map from names to texts; entries of other shapes are skipped.
pub fn map(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Map(fields)) = value else {
        return Vec::new();
    };
    fields.0.iter().filter_map(|(name, value)| Some((name.trim().to_owned(), text(Some(value))?))).collect()
}
