//! What other files of a site than its configuration say of its articles, and what comes of it together with the
//! configuration.
//!
//! Knows neither where these files are nor what an article makes of them.

use super::Situation;
use crate::article::Lore;
use crate::article::cascade::Cascade;
use crate::article::lore::People;

/// What other files of a site than its configuration say of its articles.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// Pages of sections, which may hand something down, each a place and its text.
    pub sections: Vec<(String, String)>,
    /// Who is meant by a short name.
    pub people: People,
}

impl Situation<'_> {
    /// How the site's own files, the configuration among them, want its articles read.
    pub(super) fn lore(&self) -> Lore {
        let languages = self.generator.map(|generator| generator.languages.clone()).unwrap_or_default();
        let configured = self.generator.and_then(|generator| generator.cascade.as_ref());
        let sections = self.beside.map_or(&[][..], |beside| &beside.sections[..]);
        let pages = sections.iter().map(|(place, text)| (place.as_str(), text.as_str()));
        Lore {
            cascade: Cascade::new(self.dialect, configured, pages, &languages),
            dates: self.generator.and_then(|generator| generator.dates.clone()),
            locked_tags: self.generator.map(|generator| generator.locked_tags.clone()).unwrap_or_default(),
            filing: self.generator.map(|generator| generator.filing.clone()).unwrap_or_default(),
            people: self.beside.map(|beside| beside.people.clone()).unwrap_or_default(),
            languages,
        }
    }
}
