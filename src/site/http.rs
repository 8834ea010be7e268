//! How feeds are sent: `cache` and `media_type` of site.yaml.

use super::check::{SiteCheck, said};
use super::file::RawKeys;
use crate::text::{Address, push};

/// The headers of feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpSettings {
    /// The directives of `Cache-Control` for feeds.
    pub cache: Cache,
    /// The media types of RSS and Atom feeds.
    pub media_type: MediaType,
    /// The text of robots.txt.
    pub robots: String,
    /// The `WebSub` hubs of all feeds.
    pub hubs: Vec<Address>,
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

impl SiteCheck<'_> {
    /// Returns robots.txt, with the lines that `robots` adds: Content-Signal (<https://contentsignals.org>), which belongs
    /// to a group of crawlers, and License of Really Simple Licensing (<https://rslstandard.org>), which does not.
    fn robots(&mut self) -> String {
        let mut text = "User-agent: *\n".to_owned();
        let Some(robots) = &self.keys.robots else { return text + "Allow: /\n" };
        if let Some(signal) = said(robots.content_signal.as_ref()) {
            let is_preference = |pair: &str| {
                let is_word =
                    |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                pair.split_once('=').is_some_and(|(name, value)| is_word(name.trim()) && is_word(value.trim()))
            };
            if signal.split(',').all(is_preference) {
                push!(text, "Content-Signal: {signal}\n");
            } else {
                let message = format!("`{signal}` is not a content signal");
                self.wrong(&["robots", "content_signal"], message, "write it as \"search=yes, ai-train=no\"");
            }
        }
        text += "Allow: /\n";
        if let Some(license) = said(robots.license.as_ref()) {
            match Address::parse(&license) {
                Some(url) => push!(text, "\nLicense: {url}\n"),
                None => self.wrong(
                    &["robots", "license"],
                    format!("`{license}` is not a URL"),
                    "write it as https://example.org/license.xml",
                ),
            }
        }
        text
    }

    pub(super) fn http(&mut self) -> HttpSettings {
        let robots = self.robots();
        let mut hubs = Vec::new();
        for hub in self.keys.hubs.iter().flatten() {
            match Address::parse(hub).filter(|url| url.as_str().starts_with("http")) {
                Some(url) => hubs.push(url),
                None => self.wrong(&["hubs"], format!("`{hub}` is not a URL"), "write it as https://hub.example.org/"),
            }
        }
        HttpSettings::new(self.keys, robots, hubs)
    }
}

impl HttpSettings {
    fn new(keys: &RawKeys, robots: String, hubs: Vec<Address>) -> Self {
        let cache = keys.cache.as_ref();
        let cache = Cache {
            max_age: cache.and_then(|cache| cache.max_age).unwrap_or(1800),
            s_maxage: cache.and_then(|cache| cache.s_maxage).unwrap_or(60),
            stale_while_revalidate: cache.and_then(|cache| cache.stale_while_revalidate).unwrap_or(300),
            stale_if_error: cache.and_then(|cache| cache.stale_if_error).unwrap_or(86_400),
        };
        Self { cache, media_type: keys.media_type.unwrap_or(MediaType::Xml), robots, hubs }
    }
}
