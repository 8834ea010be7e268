//! How feeds are sent: `cache` and `media_type` of site.yaml.

use super::file::RawKeys;

/// The headers of feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpSettings {
    /// The directives of `Cache-Control` for feeds.
    pub cache: Cache,
    /// The media types of RSS and Atom feeds.
    pub media_type: MediaType,
}

/// The directives of `Cache-Control` for feeds, in seconds (RFC 9111 and RFC 5861).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cache {
    /// How long readers may use a response without asking again.
    pub max_age: u32,
    /// How long shared caches such as a CDN may use a response.
    pub s_maxage: u32,
    /// How long a cache may serve a stale response while it revalidates it.
    pub stale_while_revalidate: u32,
    /// How long a cache may serve a stale response if the server fails.
    pub stale_if_error: u32,
}

impl Cache {
    /// Returns the value of the `Cache-Control` header.
    pub(crate) fn header(&self) -> String {
        let Self { max_age, s_maxage, stale_while_revalidate, stale_if_error } = self;
        format!(
            "public, max-age={max_age}, s-maxage={s_maxage}, stale-while-revalidate={stale_while_revalidate}, stale-if-error={stale_if_error}"
        )
    }
}

/// The media types of RSS and Atom feeds: `media_type` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MediaType {
    /// `application/xml`, which browsers display with a style sheet.
    Xml,
    /// `application/rss+xml` and `application/atom+xml`, which browsers download.
    Specific,
}

impl HttpSettings {
    pub(super) fn new(keys: &RawKeys) -> Self {
        let cache = keys.cache.as_ref();
        let cache = Cache {
            max_age: cache.and_then(|cache| cache.max_age).unwrap_or(1800),
            s_maxage: cache.and_then(|cache| cache.s_maxage).unwrap_or(60),
            stale_while_revalidate: cache.and_then(|cache| cache.stale_while_revalidate).unwrap_or(300),
            stale_if_error: cache.and_then(|cache| cache.stale_if_error).unwrap_or(86_400),
        };
        Self { cache, media_type: keys.media_type.unwrap_or(MediaType::Xml) }
    }
}
