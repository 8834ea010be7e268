//! What feeds contain: `feeds` of site.yaml, which definitions can override.

use super::check::SiteCheck;
use super::{Ids, SiteInputs};

/// Bytes that an entry takes at least in the budget of a feed: its id, URLs, dates and tags.
pub(crate) const ENTRY_BYTES: usize = 1024;

/// The defaults for feeds, which a definition can override.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FeedDefaults {
    /// Maximum number of entries.
    pub limit: usize,
    /// Whether entries contain the body or only the summary.
    pub content: Content,
    /// Maximum size of a document in bytes.
    pub max_bytes: usize,
    /// The formats of feeds, in the order of [`Format::ALL`].
    pub formats: Vec<Format>,
    /// Whether feeds contain the e-mail addresses of authors.
    pub emails: bool,
}

/// The part of an article that an entry contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Content {
    Full,
    Summary,
}

/// The format of a feed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All formats, in the order in which pages link to them. RSS is first because some readers take the first link,
    /// and `SimplePie` supports only RSS and Atom (docs/decisions/wire.md#feed-links-in-html-pages).
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// Returns the last segment of a feed's URL.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rss => "rss.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// Returns the media type for links, without charset.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

impl SiteCheck<'_> {
    pub(super) fn feeds(&mut self, inputs: &SiteInputs<'_>, ids: Option<&Ids>) -> FeedDefaults {
        let feeds = self.keys.feeds.as_ref();
        let defaults = FeedDefaults {
            limit: feeds.and_then(|feeds| feeds.limit).or_else(|| self.old_limit(inputs, ids)).unwrap_or(30),
            content: feeds.and_then(|feeds| feeds.content).unwrap_or(Content::Full),
            max_bytes: feeds.and_then(|feeds| feeds.max_bytes).unwrap_or(1024 * 1024),
            formats: match feeds.and_then(|feeds| feeds.formats.as_ref()) {
                Some(formats) => Format::ALL.into_iter().filter(|format| formats.contains(format)).collect(),
                None => Format::ALL.to_vec(),
            },
            emails: feeds.and_then(|feeds| feeds.emails).unwrap_or(false),
        };
        if defaults.limit == 0 {
            self.wrong(&["feeds", "limit"], "feeds need at least one entry".to_owned(), "leave it out for 30");
        }
        if defaults.formats.is_empty() {
            self.wrong(&["feeds", "formats"], "no format is left".to_owned(), "rss, atom, json, or some of them");
        }
        defaults
    }

    /// The limit of the feed that this one replaces, because readers would show older entries as unread.
    pub(super) fn old_limit(&self, inputs: &SiteInputs<'_>, ids: Option<&Ids>) -> Option<usize> {
        let preset = *self.keys.presets.as_ref()?.first().filter(|_| ids == Some(&Ids::Permalink))?;
        let configured = inputs.generator_settings.feed_limit.filter(|_| preset.is_of(inputs.generator));
        Some(configured.unwrap_or(preset.limit()))
    }
}
