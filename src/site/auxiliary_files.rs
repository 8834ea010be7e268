//! Settings for articles in files other than the configuration: section pages and author files.
//!
//! `commands::load` finds and reads these files. This module combines them with the configuration of the generator.

use super::SiteInputs;
use crate::generator::SiteContext;
use crate::generator::cascade::Cascade;
use crate::generator::site_context::People;

/// Settings for articles in files other than the configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuxiliaryFiles {
    /// The section pages such as `_index.md`, each with path and text. Their `cascade` applies to the articles below.
    pub sections: Vec<(String, String)>,
    /// The authors by short name, from files such as `_data/authors.yml`.
    pub people: People,
}

impl SiteInputs<'_> {
    /// Returns the settings for parsing articles, from the configuration and these files.
    pub(super) fn site_context(&self) -> SiteContext {
        let languages =
            self.generator_settings.map(|generator_settings| generator_settings.languages.clone()).unwrap_or_default();
        let configured = self.generator_settings.and_then(|generator_settings| generator_settings.cascade.as_ref());
        let sections = self.auxiliary_files.map_or(&[][..], |auxiliary_files| &auxiliary_files.sections[..]);
        let pages = sections.iter().map(|(place, text)| (place.as_str(), text.as_str()));
        SiteContext {
            cascade: Cascade::new(self.generator, configured, pages, &languages),
            dates: self.generator_settings.and_then(|generator_settings| generator_settings.dates.clone()),
            locked_tags: self
                .generator_settings
                .map(|generator_settings| generator_settings.locked_tags.clone())
                .unwrap_or_default(),
            filing: self
                .generator_settings
                .map(|generator_settings| generator_settings.filing.clone())
                .unwrap_or_default(),
            people: self.auxiliary_files.map(|auxiliary_files| auxiliary_files.people.clone()).unwrap_or_default(),
            languages,
        }
    }
}
