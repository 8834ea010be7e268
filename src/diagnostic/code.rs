//! The kinds of problems: a name for machines, a severity, and an explanation
//! for `feedmill check --explain CODE`.
//!
//! A code is never renamed: people silence and grep for it.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $explanation:literal)*) => {
        /// What kind of problem it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// Every kind there is, in the order of the manual.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name for machines, such as `front-matter`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether it costs the file or only a part of it.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means, why it matters and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    Unreadable "unreadable" Error
        "The file could not be read: permissions, a broken symbolic link, or a failing disk. It is left out until it can be read."
    Outside "outside" Error
        "A symbolic link leads out of the content directory and the image roots. It is not followed, because a pull request is enough to plant one that leads to a file of the server. Copy what it leads to into the content directory. A directory that is meant to be read is named by the operator: with --content, or under `images.roots` in feeds/site.yaml."
    Encoding "encoding" Warning
        "The file is not UTF-8. What could not be read is shown as nothing; save the file as UTF-8."
    FrontMatter "front-matter" Error
        "The front matter between the fences is not valid YAML, TOML or JSON, and no title could be rescued from it. The article is left out. The usual causes are a colon or a quotation mark inside an unquoted value: put the value in single quotes."
    FrontMatterRescued "front-matter-rescued" Warning
        "The front matter is not valid, but was read line by line; keys that could not be read are named. The article is served. Quote the value at the place shown."
    FrontMatterSize "front-matter-size" Error
        "The front matter is larger than 64 KiB even with every long value cut, nested deeper than 32 levels, or repeats itself by more than a few aliases (`*name`), which no article needs and a parser can be stalled with. The article is left out."
    Limit "limit" Warning
        "A part of the article is larger than feedmill reads or shows: a value of front matter that is larger than 64 KiB as a whole, more than 100 tags, categories or authors, or a body that takes too much memory to render, such as a table of ten thousand cells. The value is cut, the first names count, the body is shown as text. The article is served. Split it into several."
    Date "date" Warning
        "The date could not be read, or only its day. The article keeps its place by what could be read, else by the date in its file name, else after every dated article. Write dates as 2026-01-31 18:30:00 +08:00."
    DateZone "date-zone" Warning
        "The date names a time zone that means different things in different countries, such as CST. Say which in `zones:` of feeds/site.yaml, or write the offset."
    Value "value" Warning
        "A key of the front matter has a value of a kind that means nothing there, such as a table for a title. The value is passed over."
    PlaceTaken "place-taken" Error
        "Two files have the same path once both are written in Unicode's normal form C. The one whose bytes sort first is served."
    IdTaken "id-taken" Warning
        "The `id` of this article is that of another file, or another article has the same `id` or permalink. A file owns the id of its path, drafts included; of two articles the first by path has the id. This one has the id of its own path. Change or remove its `id`."
    SlugTaken "slug-taken" Warning
        "Two categories, tags or authors have the same slug. The one with the oldest article has the short address, the other a longer one. With three articles or more a category goes before smaller ones, and the third-oldest articles are compared, so that a single article with a false date changes nothing. Give one of them a `slug` in a definition."
    PageTaken "page-taken" Warning
        "Two files such as a.md and a/index.md would have the same page. The first by path has it; the page of the other is named after its whole path. Rename one of them."
    LeadImage "lead-image" Warning
        "The lead image names a local file that is in no image root, or is no image. The next candidate is shown instead, if there is one."
    Content "content" Warning
        "The body has words, but nothing of it is left in feeds: all of it stands inside marks that are never shown, such as scripts, or a shortcode that only the generator knows. Entries show the title alone. Asked by `check --deep` only."
    Locked "locked" Note
        "The article, or a part of it, is locked: its front matter names a password or calls it private, a tag of it is encrypted, or a shortcode, tag or comment around a part of its body is called encrypt, secret, protect, password, locked or private. A locked article is left out; a locked part is left out with its images, and without an end it goes on to the end of the body. Nothing needs to be done about it."
    ConflictCopy "conflict-copy" Warning
        "The file is a copy that a program made when two edits met (Syncthing, Dropbox, Nextcloud, git mergetool). It is no article and no image, or readers would see the same article twice. Take over what is missing in the original, then remove the copy."
    DeadLink "dead-link" Warning
        "The body links to a file or an article that does not exist, or is not published. In feeds the link leads to the same path of the web site (`home`), where there is one, and loses its target otherwise. Reported by `check --deep` only."
    Site "site" Error
        "feeds/site.yaml could not be understood, or was emptied. The last good state stays; at the start there is none, so feedmill does not start with one that is broken."
    Definition "definition" Error
        "A file in feeds/ could not be understood, or was emptied. Its last good state stays; at the start it is left out."
    Generator "generator" Warning
        "The generator's own configuration file could not be read, or was emptied. What it said before still counts; at the start nothing is taken from it."
}

impl Code {
    /// The kind of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}
