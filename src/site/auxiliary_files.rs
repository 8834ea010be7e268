//! Settings for articles in files other than the configuration: section pages, author files and lists of packages.
//!
//! `commands::load` finds and reads these files. This module combines them with the configuration of the generator.

use crate::generator::cascade::Cascade;
use crate::generator::permalink::Sections;
use crate::generator::site_context::{People, shows_emoji};
use crate::generator::{Generator, SiteContext};
use crate::syntax::front_matter::{self, Fields, Value};

/// Settings for articles in files other than the configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuxiliaryFiles {
    /// The section pages such as `_index.md`, each with path and text. Their `cascade` applies to the articles below.
    pub(crate) sections: Vec<(String, String)>,
    /// The authors by short name, from files such as `_data/authors.yml`.
    pub(crate) people: People,
    /// The packages that the site depends on.
    pub(crate) packages: Vec<String>,
}

/// The front matter of a section page that cannot be read. If it may hide the articles below, they are drafts until it is
/// mended; a generator would not publish the site.
fn of_broken(text: &str) -> Fields {
    if !["cascade", "draft"].iter().any(|key| text.contains(key)) {
        return Fields::default();
    }
    let draft = || ("draft".to_owned(), Value::Bool(true));
    Fields(vec![draft(), ("cascade".to_owned(), Value::Map(Fields(vec![draft()])))])
}

impl AuxiliaryFiles {
    /// Returns the settings for parsing articles: those of the configuration, completed by these files. `cascade` is
    /// that of the configuration.
    pub(super) fn complete(self, context: SiteContext, cascade: Option<&Value>, generator: Generator) -> SiteContext {
        let fields = |text: &str| match front_matter::parse(text) {
            Ok(front) if front.lost.is_empty() => front.fields,
            Ok(_) | Err(_) => of_broken(text),
        };
        let pages: Vec<(&str, Fields)> =
            self.sections.iter().map(|(place, text)| (place.as_str(), fields(text))).collect();
        let cascade = Cascade::new(generator, cascade, &pages, &context.languages);
        let sections = match generator.permalinks.site {
            Some(_) => Sections::new(&pages, &context.languages),
            None => Sections::default(),
        };
        let math = context.math.with_packages(&self.packages);
        let has_emoji = context.has_emoji || self.packages.iter().any(|package| shows_emoji(package));
        SiteContext { cascade, sections, people: self.people, has_emoji, math, ..context }
    }
}
