//! What other files of a site than its configuration say of its articles, and what comes of it together with the
//! configuration.
//!
//! Knows neither where these files are nor what an article makes of them.

use super::SiteInputs;
use crate::article::SiteContext;
use crate::article::cascade::Cascade;
use crate::article::site_context::People;

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
        let languages = self.generator.map(|generator| generator.languages.clone()).unwrap_or_default();
        let configured = self.generator.and_then(|generator| generator.cascade.as_ref());
        let sections = self.auxiliary_files.map_or(&[][..], |auxiliary_files| &auxiliary_files.sections[..]);
        let pages = sections.iter().map(|(place, text)| (place.as_str(), text.as_str()));
        SiteContext {
            cascade: Cascade::new(self.dialect, configured, pages, &languages),
            dates: self.generator.and_then(|generator| generator.dates.clone()),
            locked_tags: self.generator.map(|generator| generator.locked_tags.clone()).unwrap_or_default(),
            filing: self.generator.map(|generator| generator.filing.clone()).unwrap_or_default(),
            people: self.auxiliary_files.map(|auxiliary_files| auxiliary_files.people.clone()).unwrap_or_default(),
            languages,
        }
    }
}
