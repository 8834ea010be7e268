//! What other files of a site than its configuration say of its articles, and what comes of it together with the
//! configuration.
//!
//! Knows neither where these files are nor what an article makes of them.

use super::SiteInputs;
use crate::generator::SiteContext;
use crate::generator::cascade::Cascade;
use crate::generator::site_context::People;

/// What other files of a site than its configuration say of its articles.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuxiliaryFiles {
    /// Pages of sections, which may hand something down, each a place and its text.
    pub sections: Vec<(String, String)>,
    /// Who is meant by a short name.
    pub people: People,
}

impl SiteInputs<'_> {
    /// How the site's own files, the configuration among them, want its articles read.
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
