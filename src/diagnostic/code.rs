//! The kinds of problems. Each has a name for programs, a severity, and an explanation for `feedmill check
//! --explain CODE`.
//!
//! A name never changes, because users filter and search for it.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $explanation:literal)*) => {
        /// The kind of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// All kinds, in the order of the manual.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the name for programs, for example `front-matter`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub(crate) fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Returns what the problem means, why it matters and how to solve it.
            pub(crate) fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    Unreadable "unreadable" Error
        "The file could not be read: permissions, a broken symbolic link, or a failing disk. It is left out until it becomes readable."
    Outside "outside" Error
        "A symbolic link leads out of the content directory and the image roots. It is not followed, because a pull request could otherwise add a link to any file of the server. Copy its target into the content directory. If the directory is meant to be read, the operator can name it with --content, or under `images.roots` in feeds/site.yaml."
    Encoding "encoding" Warning
        "The file is not UTF-8. It is read in the legacy encoding that its bytes suggest, such as GBK, Big5, Shift JIS, EUC-KR or windows-1252; a few wrong bytes in a file that is otherwise UTF-8 are dropped. Save the file as UTF-8."
    FrontMatter "front-matter" Error
        "The front matter between the fences is not valid YAML, TOML or JSON, and no title could be recovered from it. The article is left out. The usual causes are a colon or a quotation mark inside an unquoted value: put the value in single quotes."
    FrontMatterRescued "front-matter-rescued" Warning
        "The front matter is not valid, but could be read line by line; the message names the keys that could not be read. The article is served. Quote the value at the position shown."
    FrontMatterSize "front-matter-size" Error
        "The front matter is larger than 64 KiB even with every long value cut, nested deeper than 32 levels, or uses more than a few aliases (`*name`). No article needs this, and it can stall a parser. The article is left out."
    Limit "limit" Warning
        "A part of the article exceeds a limit: a front matter value larger than 64 KiB, more than 100 tags, categories or authors, a category of more than 32 levels, or a body that needs too much memory to render, such as a table of ten thousand cells. The value is truncated, only the first names are used, or the body is shown as plain text. The article is served. Split it into several."
    Date "date" Warning
        "The date could not be read, or only its day. The article is sorted by the part that could be read, otherwise by the date in its file name, otherwise after all dated articles. Write dates as 2026-01-31 18:30:00 +08:00."
    DateZone "date-zone" Warning
        "The date names a time zone that means different things in different countries, such as CST. Define it under `zones:` in feeds/site.yaml, or write the offset."
    Value "value" Warning
        "A key of the front matter has a value of the wrong type, such as a table for a title. The value is ignored."
    DuplicateKey "duplicate-key" Warning
        "The front matter has the same key twice. The last value counts, as in Jekyll; Hexo and Hugo reject such front matter. Keep one of the two."
    PlaceTaken "place-taken" Error
        "Two files have the same path after Unicode normalisation (NFC). The one whose bytes sort first is served."
    IdTaken "id-taken" Warning
        "The `id` of this article belongs to another file, or another article has the same `id` or permalink. Every file, including drafts, owns the id of its path; of two articles with one `id`, the first by path keeps it. This article gets the id of its own path instead. Change or remove its `id`."
    SlugTaken "slug-taken" Warning
        "Two categories, tags or authors have the same slug. The one with the oldest article gets the short URL, the other a longer one. A category with three or more articles takes precedence over smaller ones, and of two such categories the third-oldest articles are compared, so that a single article with a wrong date changes nothing. Give one of them a `slug` in a definition."
    PageTaken "page-taken" Warning
        "Two files such as a.md and a/index.md would have the same page. The first by path gets it; the other page is named after the complete path of its file. Rename one of them."
    LeadImage "lead-image" Warning
        "The lead image is a local file that is not in any image root, or is not an image. The next candidate is shown instead, if there is one."
    Attachment "attachment" Warning
        "A file that the front matter attaches (`audio`, `video`, `enclosure`, `attachments` …) is neither a local file nor a URL of another site, or a local file whose first bytes are not those of audio, video, PDF, EPUB or zip. The entry is served without it. Correct the path; `images.roots` of feeds/site.yaml names the directories that are searched."
    Podcast "podcast" Warning
        "A `podcast` section of site.yaml or of a definition lacks what podcast directories require: a category, whether the podcast is explicit, the e-mail address of its owner, a language, and a square cover of 1400 to 3000 pixels as JPEG or PNG. Without the first four, the feed has no elements of podcasts. Or an episode lacks the length of its remote recording, or its number in a serial podcast."
    ImageGone "image-gone" Warning
        "The host of the lead image said on two days that it does not exist (404 or 410). The next candidate is shown instead, if there is one; `lead_image: {dead: keep}` of feeds/site.yaml keeps it. `feedmill images` finds this out."
    ImageIsHtml "image-is-html" Warning
        "The URL of the lead image led on two days to something that is not an image, usually a page about the image or an error message. The next candidate is shown instead, if there is one. `feedmill images` finds this out."
    ImageSmall "image-small" Warning
        "The longer side of the lead image has fewer than 400 pixels, so readers enlarge it, or show none. `feedmill images` finds this out."
    ImageHuge "image-huge" Warning
        "The lead image has more than 15 MB. Many readers do not load it, and each visitor pays for it. `feedmill images` finds this out."
    Content "content" Warning
        "The body has text, but none of it appears in feeds, because all of it is inside elements that are never shown, such as scripts, or inside a shortcode that only the generator supports. Entries show only the title. Reported by `check --deep` only."
    Locked "locked" Note
        "The article, or a part of it, is locked: its front matter has a password or marks it private, one of its tags is encrypted, or a shortcode, tag or comment around a part of its body is named encrypt, secret, protect, password, locked or private. A locked article is left out; a locked part is left out together with its images, and if it is not closed, it extends to the end of the body. No action is needed."
    ConflictCopy "conflict-copy" Warning
        "The file is a copy that a program made of conflicting edits (Syncthing, Dropbox, Nextcloud, git mergetool). It is ignored, because readers would otherwise see the article twice. Merge the missing changes into the original, then remove the copy."
    DeadLink "dead-link" Warning
        "The body links to a file or an article that does not exist, or is not published, or shows an image that does not exist. In feeds, the link leads to the same path of the web site (`home`) if there is one, and otherwise loses its target. Reported by `check --deep` only."
    NoArticles "no-articles" Warning
        "No article of the site is published. The message says which files were skipped and why. The usual causes are a content directory that is not the one of the articles, and a generator that was detected wrongly: set them with --content and --dialect. `feedmill build` does not replace a build that has articles, unless --allow-empty is given."
    Site "site" Error
        "feeds/site.yaml is invalid or empty. The last valid version stays in use. At startup there is none, so feedmill does not start."
    HomeUnset "home-unset" Warning
        "`article_url` in feeds/site.yaml says that articles are on the web site, but neither `home` nor a base URL is set. Entries and pages then link to feedmill itself, where nothing is at these URLs. Set `home` to the URL of the web site."
    UrlInUse "url-in-use" Warning
        "`redirects` or `gone` in site.yaml names a URL at which the site has a feed, a page or an article. Feeds and pages link to it, so it is answered as usual, and the line of site.yaml has no effect. Remove the line; to withdraw a feed, see `formats` of its definition."
    Definition "definition" Error
        "A file in feeds/ is invalid or empty. Its last valid version stays in use; at startup the file is skipped."
    SelectsNothing "selects-nothing" Warning
        "The conditions of a definition match no published article, so its feed is empty. All conditions must hold; within a list, one is enough. Check the spelling of names, the dates, and whether the articles are published."
    UnknownName "unknown-name" Warning
        "A condition of a definition names a category, tag or author that no published article has. Names that differ only in letter case, spaces, hyphens and underscores are one."
    EmptyFeed "empty-feed" Note
        "A definition changes the feed of a category, tag, author or taxonomy that has no published article. The feed exists and is empty, so that its subscribers do not get an error. Remove the definition if the feed is not needed."
    ImageFacts "image-facts" Error
        "The file of facts about remote images (feeds/images.facts, or the one of --image-facts), or a line of it, cannot be read. The line is skipped. If it is the first line, the last valid version of the file stays in use; at startup there are no facts. `feedmill images` writes the file."
    Generator "generator" Warning
        "The generator's configuration file could not be read, or is empty. Its last valid version stays in use; at startup the defaults apply."
}

impl Code {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}
