//! The patterns of article addresses: one for all, or, as Hugo has it, one a
//! section besides.
//!
//! Knows which pattern is whose; does not know what an address is made of.

use crate::content_path::ContentPath;
use crate::generator::permalink::{Pattern, section};

/// What articles are addressed as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleUrl {
    every: Pattern,
    /// By the directory at the top that articles stand in.
    sections: Vec<(String, Pattern)>,
}

impl ArticleUrl {
    /// One pattern, and others for the sections that are named.
    pub fn new(every: Pattern, sections: Vec<(String, Pattern)>) -> Self {
        Self { every, sections }
    }

    /// Whether any article is read on the web site, not on its page here.
    pub fn leads_home(&self) -> bool {
        std::iter::once(&self.every).chain(self.sections.iter().map(|(_, pattern)| pattern)).any(Pattern::leads_home)
    }

    /// The keys of front matter that addresses are made of.
    pub fn keys(&self) -> Vec<String> {
        let all = std::iter::once(&self.every).chain(self.sections.iter().map(|(_, pattern)| pattern));
        let mut keys: Vec<String> = all.flat_map(Pattern::keys).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The pattern of the article at a place among those of its language.
    pub fn of(&self, place: &ContentPath) -> &Pattern {
        let own = section(place).and_then(|section| self.sections.iter().find(|(known, _)| known == section));
        own.map_or(&self.every, |(_, pattern)| pattern)
    }
}
