//! Decides which images are public.
//!
//! An image in a public directory of the site is (`static`, Hexo's `source`). An image that belongs to
//! articles is public while a published article, `site.yaml` or a definition refers to it; the images of
//! drafts, of articles that are not due or expired, and of locked articles are not. The references are
//! known exactly for articles that feeds show. For other articles, the library only has hashes of image
//! names, and returns the articles that the caller must read to decide.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::images::ImageName;
use super::{Library, cross_references};
use crate::article::{Article, ArticleBody, image_names};
use crate::content_path::{self, ContentPath};
use crate::generator::selection::Exposure;
use crate::text::encode_path;

/// Longer paths, percent-encoded, would exceed the URL length that the server accepts.
const LONGEST: usize = 6_000;

/// Whether an image is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// The image is public.
    Public,
    /// The image is public if one of these articles, whose bodies are not in memory, refers to it.
    IfReferredBy(Vec<ContentPath>),
    /// The image is not public.
    Private,
}

impl Library {
    /// Returns whether the image at a path below `/media/` is public.
    pub fn visibility(&self, path: &str) -> Visibility {
        let Some(facts) = self.images.get(path) else {
            return Visibility::Private;
        };
        let directory = content_path::split(path).0;
        let is_public = match facts.exposure {
            Exposure::Public => true,
            Exposure::PublicAlone => !self.has_article_below(directory),
            Exposure::OfArticles => false,
        };
        if is_public || self.is_of_site(path) || self.is_shown_image(path) || self.is_of_bundle(path, directory) {
            return Visibility::Public;
        }
        let named = self.articles_naming(path);
        if named.is_empty() { Visibility::Private } else { Visibility::IfReferredBy(named) }
    }

    /// Returns the local images that an article refers to, by their paths below `/media/`.
    pub(crate) fn images_of(&self, place: &ContentPath, detail: &ArticleBody) -> BTreeSet<Arc<str>> {
        let lead = detail.lead.iter().map(|candidate| &*candidate.reference);
        let body = detail.images.iter().map(|image| &*image.src);
        let all = lead.chain(body).chain(detail.files.iter().map(|file| &**file));
        let named = all.filter_map(|reference| self.local_image(reference, place));
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

    /// Returns whether an article that a feed shows refers to the image.
    fn is_shown_image(&self, path: &str) -> bool {
        self.users_of(&ImageName::of_path(path))
            .filter(|place| self.published(place.as_str()).is_some())
            .any(|place| self.details.get(place).is_some_and(|detail| self.images_of(place, detail).contains(path)))
    }

    /// Returns whether a published bundle shows the image, which it need not name.
    fn is_of_bundle(&self, path: &str, directory: &str) -> bool {
        content_path::indexes(directory)
            .filter_map(|place| self.published(&place))
            .any(|article| self.bundle_image(&article.place).is_some_and(|(found, _)| **found == *path))
    }

    /// Returns the published articles that may refer to an image of this name and whose bodies are not in
    /// memory.
    fn articles_naming(&self, path: &str) -> Vec<ContentPath> {
        let Some(hash) = image_names::of_path(path) else {
            return Vec::new();
        };
        let naming = cross_references::hashed(&self.image_names, hash);
        let unread = naming.filter(|place| !self.details.contains_key(*place));
        unread.filter(|place| self.published(place.as_str()).is_some()).cloned().collect()
    }

    pub(super) fn remember_image_names_of(&mut self, article: &Article) {
        self.image_names.extend(article.image_names.iter().map(|hash| (*hash, article.place.clone())));
    }

    pub(super) fn forget_image_names_of(&mut self, article: &Article) {
        for hash in &article.image_names {
            self.image_names.remove(&(*hash, article.place.clone()));
        }
    }
}
