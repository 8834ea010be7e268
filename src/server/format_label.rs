//! The `format` label of request metrics.

use crate::document::DocumentType;
use crate::feed::Format;

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

    pub(super) fn of(kind: DocumentType) -> Self {
        match kind {
            DocumentType::Feed(Format::Rss) => Self::Rss,
            DocumentType::Feed(Format::Atom) => Self::Atom,
            DocumentType::Feed(Format::Json) => Self::Json,
            DocumentType::Opml => Self::Opml,
            DocumentType::Page => Self::Html,
            DocumentType::File => Self::Other,
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
