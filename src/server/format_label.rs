//! The `format` label of request metrics.

use super::counters::DocumentKind;

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
    pub(super) fn of(kind: DocumentKind, path: &str) -> Self {
        match (kind, path.rsplit('/').next()) {
            (DocumentKind::Feed, Some("rss.xml")) => Self::Rss,
            (DocumentKind::Feed, Some("atom.xml")) => Self::Atom,
            (DocumentKind::Feed, Some("feed.json" | "feeds.json")) => Self::Json,
            (DocumentKind::Feed, Some("feeds.opml")) => Self::Opml,
            (DocumentKind::Page | DocumentKind::Article, _) => Self::Html,
            (DocumentKind::Media, _) => Self::Image,
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
