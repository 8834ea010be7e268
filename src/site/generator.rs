//! The configuration of the generator whose articles these are.
//!
//! Where site.yaml is silent, this is asked: title, description, language,
//! time zone, author, category and tag maps, exclusions, Jekyll's `defaults`,
//! Hugo's `cascade`, `frontmatter` and languages, and the permalink pattern, never the site's address or ids. Knows the keys
//! of Hexo, Jekyll, Hugo and Zola. Does not know site.yaml, nor where a file
//! was found; whether a time zone or a pattern is any good its reader says.

use crate::article::defaults::Defaults;
use crate::article::language::Languages;
use crate::article::permalink::{HexoPermalinkConfig, slug};
use crate::article::site_context::{DateOrder, Filing};
use crate::article::{Author, Dialect};
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

mod exclude;
mod keys;
mod language;
mod parts;
mod surroundings;
#[cfg(test)]
mod tests;

pub use language::fields;
pub use parts::{DIRECTORIES, is_part, lay_over};
pub use surroundings::{Surroundings, candidates, dialect, index_places, is_telling};

/// Why a configuration, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GeneratorError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// What a generator's configuration says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Generator {
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
    pub hexo_config: HexoPermalinkConfig,
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

/// What the fields of a configuration mean to the generator.
pub fn read(dialect: Dialect, fields: &Fields) -> Generator {
    let generator = match dialect {
        Dialect::Hexo => keys::hexo(fields),
        Dialect::Jekyll => keys::jekyll(fields),
        Dialect::Hugo => keys::hugo(fields),
        Dialect::Zola => keys::zola(fields),
        Dialect::Plain => Generator::default(),
    };
    let taken = taken(&generator);
    Generator { taken, ..generator }
}

/// The pattern of a generator's own addresses: what it was told, else what it
/// does untold.
pub fn generators_own(generator: &Generator, dialect: Dialect) -> String {
    let pattern = generator.permalink.as_deref().unwrap_or(match dialect {
        Dialect::Hexo => ":year/:month/:day/:title/",
        Dialect::Jekyll => ":categories/:year/:month/:day/:title:output_ext",
        Dialect::Hugo => ":pathsections/:slugorpathname/",
        Dialect::Zola => ":sections/:slug/",
        Dialect::Plain => ":path/",
    });
    format!(":home/{}", pattern.trim_start_matches('/'))
}

impl Generator {
    /// The path that Hexo gives a category: `category_map` by the bare name
    /// at any depth, then its slug.
    pub fn category_slug(&self, path: &[Name]) -> String {
        let part = |name: &Name| {
            let spelled = &**name.spelled();
            let mapped = self.category_map.iter().find(|(known, _)| known == spelled).map_or(spelled, |(_, slug)| slug);
            let slug = slug::hexo(mapped);
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
fn taken(generator: &Generator) -> Vec<(&'static str, String)> {
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
fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_text()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
