//! Why an article is hidden, which means that it must not be published.

/// Why an article is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`as_str` has the words")]
pub enum HiddenReason {
    InDrafts,
    Draft,
    Unpublished,
    EmptyPublished,
    Hidden,
    Unlisted,
    NotRendered,
    Password,
    Encrypted,
    EncryptedTag,
    Private,
    Status,
    Visibility,
    DisabledLanguage,
    OutsideContent,
    Undated,
    UndatedDocument,
    NoDocument,
}

impl HiddenReason {
    /// Returns the reason as a clause, for the report of `check` and for `/status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InDrafts => "it is in _drafts",
            Self::Draft => "it is a draft",
            Self::Unpublished => "it says `published: false`",
            Self::EmptyPublished => "it says `published:` without a value",
            Self::Hidden => "it is hidden",
            Self::Unlisted => "it is unlisted",
            Self::NotRendered => "it says `render: false`",
            Self::Password => "it is protected by a password",
            Self::Encrypted => "it is encrypted",
            Self::EncryptedTag => "a tag of it is encrypted",
            Self::Private => "it is private",
            Self::Status => "its status says that it is not published",
            Self::Visibility => "its visibility is not public",
            Self::DisabledLanguage => "its language is disabled",
            Self::OutsideContent => "it is in none of the configured content directories, or their patterns exclude it",
            Self::UndatedDocument => "it has no date, and no feed of the generator has its collection",
            Self::NoDocument => "it is in a collection and has no front matter",
            Self::Undated => "it has no date, and `undated: skip` is set",
        }
    }
}
