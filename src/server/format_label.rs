//! The form of what was asked for, as metrics tell it.

use super::counters::Kind;

/// What form the thing asked for has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormatLabel {
    Rss,
    Atom,
    Json,
    Opml,
    Html,
    Image,
    Other,
}

impl FormatLabel {
    pub(super) const ALL: [Self; 7] =
        [Self::Rss, Self::Atom, Self::Json, Self::Opml, Self::Html, Self::Image, Self::Other];

    /// The form of what was found at a path: documents tell by their names.
    pub(super) fn of(kind: Kind, path: &str) -> Self {
        match (kind, path.rsplit('/').next()) {
            (Kind::Feed, Some("rss.xml")) => Self::Rss,
            (Kind::Feed, Some("atom.xml")) => Self::Atom,
            (Kind::Feed, Some("feed.json" | "feeds.json")) => Self::Json,
            (Kind::Feed, Some("feeds.opml")) => Self::Opml,
            (Kind::Page | Kind::Article, _) => Self::Html,
            (Kind::Media, _) => Self::Image,
            _ => Self::Other,
        }
    }

    /// The word for metrics.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Opml => "opml",
            Self::Html => "html",
            Self::Image => "image",
            Self::Other => "other",
        }
    }
}
