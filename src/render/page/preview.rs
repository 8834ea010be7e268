//! Describes an article for programs that show a preview of a link to it, in the vocabularies of
//! [OpenGraph](https://ogp.me) and of Twitter. See docs/decisions/wire.md#previews-of-article-pages.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::feed::{Address, Image, Text};
use crate::render::instant::rfc3339;

/// What a preview shows of an article.
pub(super) struct Preview<'a> {
    pub site: &'a Text,
    pub title: &'a Text,
    /// Left out if empty.
    pub description: &'a str,
    /// The canonical URL of the article.
    pub url: &'a Address,
    pub image: Option<&'a Image>,
    pub published: Option<DateTime<Utc>>,
    pub updated: Option<DateTime<Utc>>,
}

impl Preview<'_> {
    /// Writes the elements for the head of the page. The properties of an image follow it, as `OpenGraph` requires.
    pub(super) fn elements(&self) -> Markup {
        let alt = self.image.and_then(|image| image.alt.as_ref());
        let card = if self.image.is_some() { "summary_large_image" } else { "summary" };
        html! {
            meta property="og:type" content="article";
            meta property="og:site_name" content=(self.site);
            meta property="og:title" content=(self.title);
            @if !self.description.is_empty() {
                meta property="og:description" content=(self.description);
            }
            meta property="og:url" content=(self.url);
            @if let Some(image) = self.image {
                meta property="og:image" content=(image.url);
                meta property="og:image:type" content=(image.media_type);
                @if let (Some(width), Some(height)) = (image.width, image.height) {
                    meta property="og:image:width" content=(width);
                    meta property="og:image:height" content=(height);
                }
                @if let Some(alt) = alt { meta property="og:image:alt" content=(alt); }
            }
            @if let Some(published) = self.published {
                meta property="article:published_time" content=(rfc3339(published));
            }
            @if let Some(updated) = self.updated {
                meta property="article:modified_time" content=(rfc3339(updated));
            }
            meta name="twitter:card" content=(card);
            meta name="twitter:title" content=(self.title);
            @if !self.description.is_empty() {
                meta name="twitter:description" content=(self.description);
            }
            @if let Some(image) = self.image {
                meta name="twitter:image" content=(image.url);
                @if let Some(alt) = alt { meta name="twitter:image:alt" content=(alt); }
            }
        }
    }
}
