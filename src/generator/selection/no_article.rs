//! Why a file is not an article, for the report of `check`.

/// Why a file is not an article, or a directory is not entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoArticle {
    Image,
    /// Audio, video or a document.
    Attachment,
    ConflictCopy,
    LockFile,
    HiddenFile,
    NoText,
    About,
    Elsewhere,
    Excluded,
    Part,
    MachineDirectory,
    ClosedDirectory,
}

impl NoArticle {
    /// Returns the reason as a noun for several files, for the report of `check`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Image => "images",
            Self::Attachment => "attachments",
            Self::ConflictCopy => "copies that a program made of a conflict",
            Self::LockFile => "lock files of office programs",
            Self::HiddenFile => "hidden files and backups of editors",
            Self::NoText => "neither Markdown nor HTML",
            Self::About => "READMEs, licences and the like",
            Self::Elsewhere => "not in the article directory of the generator, or not named like an article",
            Self::Excluded => "excluded",
            Self::Part => "whole HTML pages, or parts of a bundle",
            Self::MachineDirectory => "directories that a machine made",
            Self::ClosedDirectory => "directories that are not entered",
        }
    }
}
