//! The `format` label of request metrics.

use super::counters::Kind;

/// The format of the requested document.
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

    /// The format of the document found at a path, by its file name.
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

    /// The value of the metric label.
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
