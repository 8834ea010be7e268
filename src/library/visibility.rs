//! Decides which images and attachments are public.
//!
//! A file in a public directory of the site is (`static`, Hexo's `source`). A file that belongs to
//! articles is public while a published article, `site.yaml` or a definition refers to it; the files of
//! drafts, of articles that are not due or expired, and of locked articles are not. The references are
//! known exactly for articles that feeds show. For other articles, the library only has hashes of the
//! names of files, and returns the articles that the caller must read to decide.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::media::MediaName;
use super::{Library, cross_references};
use crate::article::{Article, ArticleBody, media_names};
use crate::content_path::{self, ContentPath};
use crate::generator::selection::Exposure;
use crate::text::encode_path;

/// Longer paths, percent-encoded, would exceed the URL length that the server accepts.
const LONGEST: usize = 6_000;

/// Whether an image or attachment is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// The file is public.
    Public,
    /// The file is public if one of these articles, whose bodies are not in memory, refers to it.
    IfReferredBy(Vec<ContentPath>),
    /// The file is not public.
    Private,
}

impl Library {
    /// Returns whether the file at a path below `/media/` is public.
    pub fn visibility(&self, path: &str) -> Visibility {
        let Some(facts) = self.media.get(path) else {
            return Visibility::Private;
        };
        let directory = content_path::split(path).0;
        let is_public = match facts.exposure {
            Exposure::Public => true,
            Exposure::PublicAlone => !self.has_article_below(directory),
            Exposure::OfArticles => false,
        };
        if is_public || self.is_of_site(path) || self.is_shown_file(path) || self.is_of_bundle(path, directory) {
            return Visibility::Public;
        }
        let named = self.articles_naming(path);
        if named.is_empty() { Visibility::Private } else { Visibility::IfReferredBy(named) }
    }

    /// Returns the local images and attachments that an article refers to, by their paths below `/media/`.
    pub(crate) fn media_of(&self, place: &ContentPath, detail: &ArticleBody) -> BTreeSet<Arc<str>> {
        let named = detail.media().filter_map(|reference| self.local_media(reference, place));
        named.chain(self.bundle_image(place)).map(|(path, _)| Arc::clone(path)).collect()
    }

    pub(super) fn is_too_long(path: &str) -> bool {
        path.len() > LONGEST / 3 && encode_path(path).len() > LONGEST
    }

    fn has_article_below(&self, directory: &str) -> bool {
        let is_below = |place: Option<&ContentPath>| place.is_some_and(|place| place.as_str().starts_with(directory));
        is_below(self.articles.next(directory)) || is_below(self.hidden.get_next(directory).map(|(place, _)| place))
    }

    /// Returns whether `site.yaml` or a definition refers to the image.
    fn is_of_site(&self, path: &str) -> bool {
        self.rules.images().any(|reference| self.site_image(reference).is_some_and(|(found, _)| **found == *path))
    }

    /// Returns whether an article that a feed shows refers to the file.
    fn is_shown_file(&self, path: &str) -> bool {
        self.users_of(&MediaName::of_path(path))
            .filter(|place| self.published(place.as_str()).is_some())
            .any(|place| self.details.get(place).is_some_and(|detail| self.media_of(place, detail).contains(path)))
    }

    /// Returns whether a published bundle shows the image, which it need not name.
    fn is_of_bundle(&self, path: &str, directory: &str) -> bool {
        content_path::indexes(directory)
            .filter_map(|place| self.published(&place))
            .any(|article| self.bundle_image(&article.place).is_some_and(|(found, _)| **found == *path))
    }

    /// Returns the published articles that may refer to a file of this name and whose bodies are not in
    /// memory.
    fn articles_naming(&self, path: &str) -> Vec<ContentPath> {
        let Some(hash) = media_names::of_path(path) else {
            return Vec::new();
        };
        let naming = cross_references::hashed(&self.media_names, hash);
        let unread = naming.filter(|place| !self.details.contains_key(*place));
        unread.filter(|place| self.published(place.as_str()).is_some()).cloned().collect()
    }

    pub(super) fn remember_media_names_of(&mut self, article: &Article) {
        self.media_names.extend(article.media_names.iter().map(|hash| (*hash, article.place.clone())));
    }

    pub(super) fn forget_media_names_of(&mut self, article: &Article) {
        for hash in &article.media_names {
            self.media_names.remove(&(*hash, article.place.clone()));
        }
    }
}
