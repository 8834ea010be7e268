//! Selects the permalink pattern of an article: the first whose glob matches, which Hugo's configuration may set, or else
//! the common one. `generator::permalink` builds URLs from patterns.

use crate::content_path::ContentPath;
use crate::generator::cascade::{logical, without_file};
use crate::generator::permalink::PermalinkPattern;
use crate::syntax::glob::Glob;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ArticleUrl {
    every: PermalinkPattern,
    some: Vec<(Glob, PermalinkPattern)>,
}

impl ArticleUrl {
    /// Combines the common pattern with those of some articles.
    pub(crate) fn new(every: PermalinkPattern, some: Vec<(Glob, PermalinkPattern)>) -> Self {
        Self { every, some }
    }

    fn all(&self) -> impl Iterator<Item = &PermalinkPattern> {
        std::iter::once(&self.every).chain(self.some.iter().map(|(_, pattern)| pattern))
    }

    /// Returns whether any article URL is on the web site rather than on a page of feedmill.
    pub(crate) fn leads_home(&self) -> bool {
        self.all().any(PermalinkPattern::leads_home)
    }

    /// Returns the front matter keys that the patterns contain, without duplicates.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.all().flat_map(PermalinkPattern::keys).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the pattern for an article. `place` is its path in the directory of its language.
    pub(crate) fn of(&self, place: &ContentPath) -> &PermalinkPattern {
        if self.some.is_empty() {
            return &self.every;
        }
        let path = logical(&without_file(place.as_str()));
        self.some.iter().find(|(glob, _)| glob.is_match(&path)).map_or(&self.every, |(_, pattern)| pattern)
    }
}
