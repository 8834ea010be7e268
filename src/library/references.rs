//! Says on what else of the library the page of an article depends: on the articles and the media files that its text
//! refers to.
//!
//! `build` keeps pages of which nothing changed. Which files a text refers to follows from the text alone, and what a
//! reference means from the names of all articles or files, so a digest of these names covers every reference.

use std::hash::{Hash, Hasher};

use super::{Library, MediaFacts};
use crate::article::{Article, ArticleBody};
use crate::digest::digest;

/// What the text of an article refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct References {
    /// It may refer to other articles.
    pub articles: bool,
    /// It may refer to media files, here or elsewhere.
    pub media: bool,
}

impl References {
    /// All combinations.
    pub(crate) const ALL: [Self; 4] = [
        Self { articles: false, media: true },
        Self { articles: false, media: false },
        Self { articles: true, media: true },
        Self { articles: true, media: false },
    ];
}

impl Library {
    /// Returns what the text of an article refers to.
    pub(crate) fn references(&self, detail: &ArticleBody) -> References {
        let is_page = |file: &str| self.page_path_in(file).is_some();
        References {
            articles: !detail.cross_references.is_empty() || detail.files.iter().any(|file| is_page(file)),
            media: detail.media().next().is_some(),
        }
    }

    /// Hashes everything by which a text may refer to a published article, and what a link to it shows.
    pub(crate) fn hash_articles<H: Hasher>(&self, state: &mut H) {
        for article in self.all().filter(|article| self.is_published(article)) {
            let Article { place, title, published, second, zone, categories, language, slugs, .. } = &**article;
            (place, self.page_path(place), title, published, second, zone, language, slugs).hash(state);
            for name in categories.iter().flat_map(|path| &**path) {
                (name.spelled(), name.folded()).hash(state);
            }
        }
    }

    /// Hashes everything that is known about media files, here and elsewhere.
    pub(crate) fn hash_media<H: Hasher>(&self, state: &mut H) {
        // The map is in no particular order, so the sum of the digests does not depend on it.
        let local = self.media.iter().map(|(path, facts)| {
            let MediaFacts { file: _, length, media_type, exposure, width, height, duration } = &**facts;
            digest(&(path, length, media_type, exposure, width, height, duration))
        });
        local.fold(0, u128::wrapping_add).hash(state);
        self.remote_images.iter().for_each(|facts| facts.hash(state));
    }
}
