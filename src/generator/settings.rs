//! The settings that a generator's own configuration makes, and helpers for reading them.
//!
//! They count where site.yaml is silent: title, description, language, time zone, author, category and tag maps,
//! exclusions, defaults, languages and the permalink pattern, but never the site's URL or ids. Each generator parses
//! its configuration in its own directory. Values that make no sense are skipped, because the configuration serves a
//! program that made sense of it and a feed can do without.

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
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// What a generator's configuration says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeneratorSettings {
    /// The site's title.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Its language tag, as written.
    pub language: Option<String>,
    /// The zone of dates without one, as written.
    pub time_zone: Option<String>,
    /// Who answers for it.
    pub author: Option<Author>,
    /// What Hexo writes in addresses for a category, by its bare name.
    pub category_map: Vec<(String, String)>,
    /// The same for tags.
    pub tag_map: Vec<(String, String)>,
    /// Globs of files that are no articles, below the content directory.
    pub exclude: Vec<String>,
    /// Front matter that articles have without writing it.
    pub defaults: Vec<Defaults>,
    /// The pattern of addresses, in the dialect's words.
    pub permalink: Option<String>,
    /// Patterns of single sections, the directories at the top (Hugo).
    pub section_permalinks: Vec<(String, String)>,
    /// What it says of addresses besides (Hexo).
    pub permalink_config: HexoPermalinkConfig,
    /// The letters of Hexo's category addresses.
    pub letters: Letters,
    /// In which languages the site is written (Hugo, Zola).
    pub languages: Languages,
    /// What every section hands down (Hugo).
    pub cascade: Option<Value>,
    /// Which keys hold dates (Hugo).
    pub dates: Option<DateOrder>,
    /// Which keys file articles, where others than usual do (Hugo).
    pub filing: Filing,
    /// Tags whose articles are encrypted (Hexo).
    pub locked_tags: Vec<Name>,
    /// What was taken, each with a short form of its value: for `check`.
    pub taken: Vec<(&'static str, String)>,
}

/// What Hexo's `filename_case` does to letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Letters {
    /// They stay.
    #[default]
    Kept,
    /// All are small.
    Small,
    /// All are capital.
    Capital,
}

/// Reads a configuration as its generator does.
pub fn read(generator: Generator, fields: &Fields) -> GeneratorSettings {
    let settings = (generator.configuration.parse)(fields);
    let taken = taken(&settings);
    GeneratorSettings { taken, ..settings }
}

/// The pattern of the generator's own permalinks: the configured one, or its default.
pub fn own_pattern(settings: &GeneratorSettings, generator: Generator) -> String {
    let pattern = settings.permalink.as_deref().unwrap_or(generator.permalinks.default_pattern);
    format!(":home/{}", pattern.trim_start_matches('/'))
}

impl GeneratorSettings {
    /// The path that Hexo gives a category: `category_map` by the bare name
    /// at any depth, then its slug.
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

/// Each thing taken, by the word of site.yaml where there is one.
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
    let told = [
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
        ("taxonomies", generator.filing.told()),
        ("encrypt.tags", counted(generator.locked_tags.len(), "tag", "tags")),
        ("permalink", generator.permalink.clone()),
        ("permalinks", counted(generator.section_permalinks.len(), "section", "sections")),
    ];
    told.into_iter().filter_map(|(key, value)| Some((key, short(&value?)))).collect()
}

/// A value in a line short enough to be read at a glance.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The text of a scalar that is not blank, in one line.
pub fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_text()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The first of these keys with a text.
pub fn first(fields: &Fields, keys: &[&'static str]) -> Option<String> {
    keys.iter().find_map(|key| text(fields.get(key)))
}

/// The text of a value, or of the first element of a list.
pub fn first_element(value: Option<&Value>) -> Option<String> {
    value?.elements().iter().find_map(|element| text(Some(element)))
}

/// The author that a value names, with the address found beside it.
pub fn author(value: Option<&Value>, email: Option<String>) -> Option<Author> {
    let fields = Fields(vec![("author".to_owned(), value?.clone())]);
    let author = category::authors(&fields, &People::default()).into_vec().into_iter().next()?;
    let email = author.email.or_else(|| email.filter(|email| category::is_mail(email)).map(Into::into));
    Some(Author { email, ..author })
}

/// A map from names to texts.
pub fn map(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Map(fields)) = value else {
        return Vec::new();
    };
    fields.0.iter().filter_map(|(name, value)| Some((name.trim().to_owned(), text(Some(value))?))).collect()
}
