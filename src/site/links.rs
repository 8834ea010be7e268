//! The URLs and ids of articles: `article_url` and `ids` of site.yaml.

use super::check::{SiteCheck, said};
use super::{ArticleUrl, SiteInputs};
use crate::generator::cascade::glob;
use crate::generator::permalink::{PermalinkConfig, PermalinkPattern, UrlSettings};
use crate::generator::settings::{GeneratorSettings, own_pattern};
use crate::syntax::glob::Glob;
use crate::text::Address;

/// How the URLs and ids of articles are made.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkSettings {
    pub(crate) article_url: ArticleUrl,
    pub(crate) permalink_config: PermalinkConfig,
    pub(crate) url_settings: UrlSettings,
    pub ids: Ids,
    pub(crate) feed_ids: FeedIds,
    /// The URL of the comments of an article, with [`COMMENTS_OF`] for its own URL.
    pub(crate) comments_url: Option<String>,
}

/// The token of `comments_url` that becomes the URL of the article.
pub(crate) const COMMENTS_OF: &str = ":url";

/// The kind of ids that entries and feeds have: `ids` of site.yaml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ids {
    /// `urn:uuid:` and a UUID, derived from the path of the article.
    Uuid,
    /// A tag URI (RFC 4151) of this prefix, such as `tag:example.org,2021`, and the UUID.
    Tag(String),
    /// The URL of the article, as in the feeds of static site generators.
    Permalink,
}

/// The kind of ids that feeds have: `feed_ids` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FeedIds {
    Uuid,
    /// The id that the feed had in another generator.
    Permalink,
}

impl SiteCheck<'_> {
    pub(super) fn links(&mut self, inputs: &SiteInputs<'_>) -> Option<LinkSettings> {
        let (article_url, ids) = (self.article_url(inputs), self.ids());
        let feed_ids = self.keys.feed_ids.unwrap_or(FeedIds::Uuid);
        let GeneratorSettings { permalink_config, url_settings, .. } = inputs.generator_settings.clone();
        let comments_url = self.comments_url();
        Some(LinkSettings {
            article_url: article_url?,
            permalink_config,
            url_settings,
            ids: ids?,
            feed_ids,
            comments_url,
        })
    }

    fn comments_url(&mut self) -> Option<String> {
        let text = said(self.keys.comments_url.as_ref())?;
        let sample = Address::parse(&text.replace(COMMENTS_OF, "https://example.org/a/"));
        if !text.contains(COMMENTS_OF) || sample.is_none() {
            let message = format!("`{text}` is not the URL of the comments of an article");
            self.wrong(&["comments_url"], message, "such as \":url#comments\"");
            return None;
        }
        Some(text)
    }

    fn article_url(&mut self, inputs: &SiteInputs<'_>) -> Option<ArticleUrl> {
        let text = self.keys.article_url.clone();
        let pattern = match text.as_deref().map(str::trim) {
            None => ":base/articles/:path/".to_owned(),
            Some("site") => own_pattern(&inputs.generator_settings, inputs.generator),
            Some(pattern) => pattern.to_owned(),
        };
        let path = pattern.trim_start_matches(":base").trim_start_matches(":home");
        if !path.contains(':') {
            let help = "put something of the article in it, such as \":home/:year/:month/:title/\"";
            self.wrong(&["article_url"], "every article would have the same address".to_owned(), help);
            return None;
        }
        match PermalinkPattern::parse(&pattern, inputs.generator) {
            Ok(pattern) => Some(ArticleUrl::new(pattern, self.site_patterns(inputs))),
            Err(error) => {
                self.wrong(&["article_url"], error.to_string(), &error.help());
                None
            }
        }
    }

    /// Returns the patterns for some articles, which Hugo's configuration may set and `article_url: site` uses.
    ///
    /// Invalid patterns are ignored, because they are not an error in site.yaml.
    fn site_patterns(&self, inputs: &SiteInputs<'_>) -> Vec<(Glob, PermalinkPattern)> {
        if self.keys.article_url.as_deref().map(str::trim) != Some("site") {
            return Vec::new();
        }
        let pattern =
            |text: &str| PermalinkPattern::parse(&format!(":home/{}", text.trim_start_matches('/')), inputs.generator);
        let patterns = inputs.generator_settings.section_permalinks.iter();
        patterns.filter_map(|(pages, text)| Some((glob(pages)?, pattern(text).ok()?))).collect()
    }

    fn ids(&mut self) -> Option<Ids> {
        let text = self.keys.ids.clone().unwrap_or_else(|| "uuid".to_owned());
        match text.trim() {
            "uuid" => Some(Ids::Uuid),
            "permalink" => Some(Ids::Permalink),
            tag if tag.strip_prefix("tag:").is_some_and(is_tag_authority) => Some(Ids::Tag(tag.to_owned())),
            other => {
                let message = format!("`{other}` is not a kind of ids");
                self.wrong(&["ids"], message, "uuid, permalink, or a tag such as tag:example.org,2021");
                None
            }
        }
    }
}

/// Returns whether a text is the authority of a tag URI: `example.org,2021[-05[-31]]` (RFC 4151, section 2.1). Like the
/// W3C feed validator, it requires lower case and a dot.
fn is_tag_authority(text: &str) -> bool {
    let Some((authority, date)) = text.split_once(',') else {
        return false;
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host_ok = host.contains('.')
        && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    host_ok && matches!(parts.len(), 1..=3) && digits(parts[0], 4) && parts[1..].iter().all(|part| digits(part, 2))
}
