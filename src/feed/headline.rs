//! A headline: one article as a list of titles shows it.
//!
//! It is made of the metadata that the library keeps for every article, so that the pages of older articles need not
//! read files.

use chrono::{DateTime, Utc};

use super::{Address, Language, Text};
use crate::article::Article;
use crate::library::Library;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Headline {
    /// May be blank, like the title of an entry.
    pub title: Text,
    /// The URL at which the article is published.
    pub link: Address,
    /// The page of the article on this site; may be equal to `link`.
    pub page: Address,
    pub published: Option<DateTime<Utc>>,
    /// When the article was last edited, if that is later than the publication.
    pub updated: Option<DateTime<Utc>>,
    /// The article's own language, if it declares one.
    pub language: Option<Language>,
}

impl Headline {
    pub(crate) fn of(library: &Library, article: &Article) -> Self {
        Self {
            title: Text::line(&article.title),
            link: library.link(article),
            page: library.page(&article.place),
            published: article.published,
            updated: article.updated.filter(|updated| *updated <= library.now()),
            language: article.language.as_deref().and_then(Language::parse),
        }
    }

    /// Returns the newest instant of the article.
    pub(crate) fn newest(&self) -> Option<DateTime<Utc>> {
        self.updated.max(self.published)
    }
}
