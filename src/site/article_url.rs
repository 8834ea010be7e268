//! Selects the permalink pattern of an article: that of its section, which Hugo's configuration may set, or else the
//! common one. `generator::permalink` builds URLs from patterns.

use crate::content_path::ContentPath;
use crate::generator::permalink::{Pattern, section};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArticleUrl {
    every: Pattern,
    /// The patterns of sections, by the name of their top-level directory.
    sections: Vec<(String, Pattern)>,
}

impl ArticleUrl {
    /// Combines the common pattern with those of sections.
    pub(crate) fn new(every: Pattern, sections: Vec<(String, Pattern)>) -> Self {
        Self { every, sections }
    }

    /// Returns whether any article URL is on the web site rather than on a page of feedmill.
    pub(crate) fn leads_home(&self) -> bool {
        std::iter::once(&self.every).chain(self.sections.iter().map(|(_, pattern)| pattern)).any(Pattern::leads_home)
    }

    /// Returns the front matter keys that the patterns contain, without duplicates.
    pub(crate) fn keys(&self) -> Vec<String> {
        let all = std::iter::once(&self.every).chain(self.sections.iter().map(|(_, pattern)| pattern));
        let mut keys: Vec<String> = all.flat_map(Pattern::keys).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the pattern for an article. `place` is its path in the directory of its language.
    pub(crate) fn of(&self, place: &ContentPath) -> &Pattern {
        let own = section(place).and_then(|section| self.sections.iter().find(|(known, _)| known == section));
        own.map_or(&self.every, |(_, pattern)| pattern)
    }
}
