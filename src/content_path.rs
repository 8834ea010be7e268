//! Paths of files below the content directory, and the page paths derived from them.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_128;

use crate::text::encode_path;

/// The extensions of articles: those that Hexo and Jekyll render, and some that users asked for.
const ARTICLE_EXTENSIONS: [&str; 12] =
    ["md", "markdown", "mkd", "mkdn", "mdwn", "mdown", "mdtxt", "mdtext", "mdx", "qmd", "html", "htm"];

/// Whether a file with this extension may be an article.
pub(crate) fn is_article_extension(extension: &str) -> bool {
    ARTICLE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The paths of the articles that may have a path without its extension, for example `a.md` and `a.html` for `a`.
pub(crate) fn with_extensions(stem: &str) -> impl Iterator<Item = String> {
    ARTICLE_EXTENSIONS.iter().map(move |extension| format!("{stem}.{extension}"))
}

/// Whether a name without its extension is that of the index of a directory, which has the URL of the directory.
pub(crate) fn is_index(stem: &str) -> bool {
    stem.eq_ignore_ascii_case("index")
}

/// Whether a name, with or without its extension, is that of the page of a section: `_index.md`, `_index.fr.md`.
pub(crate) fn is_section_page(name: &str) -> bool {
    name.split('.').next() == Some("_index")
}

/// The paths of the indexes that a directory may have, for example `a/index.md` for `a/`.
pub(crate) fn indexes(directory: &str) -> impl Iterator<Item = String> {
    ARTICLE_EXTENSIONS.iter().map(move |extension| format!("{directory}index.{extension}"))
}

/// Splits a path after its last slash: the directory, with the slash, and the name of the file.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |at| at + 1))
}

/// The directory that contains the file at a path, without a trailing slash; empty at the top level.
pub(crate) fn directory(path: &str) -> &str {
    let directory = split(path).0;
    directory.strip_suffix('/').unwrap_or(directory)
}

/// The last component of a path.
pub(crate) fn file_name(path: &str) -> &str {
    split(path).1
}

/// The path of a file below the content directory, in Unicode Normalization Form C and with `/` between its
/// components. Article ids are derived from it, so it must be equal on every file system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentPath(Arc<str>);

impl ContentPath {
    /// Normalizes a path that is relative to the content directory.
    pub fn new(path: &str) -> Self {
        if path.is_ascii() {
            return Self(path.into());
        }
        Self(path.nfc().collect::<String>().into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as a shared string, without a copy.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The directory that contains the file, without a trailing slash; empty at the top level.
    pub(crate) fn directory(&self) -> &str {
        directory(&self.0)
    }

    pub(crate) fn file_name(&self) -> &str {
        file_name(&self.0)
    }

    /// The name of the file without its extension. A leading dot does not begin an extension.
    pub(crate) fn stem(&self) -> &str {
        let name = self.file_name();
        name.rfind('.').filter(|&at| at > 0).map_or(name, |at| &name[..at])
    }

    /// The extension as written, without its dot; empty if there is none.
    pub(crate) fn extension(&self) -> &str {
        let name = self.file_name();
        name.rfind('.').filter(|&at| at > 0).map_or("", |at| &name[at + 1..])
    }

    /// The path of the article's page: without the extension, and without a final `index`. The page of `index.md` at
    /// the top level is `index`, because a page path is never empty.
    ///
    /// A component called `index.html` gets a trailing `~`, because that name is the page of the directory. A path
    /// that is too long for a URL is replaced by its hash.
    pub(crate) fn page_path(&self) -> String {
        let (directory, stem) = (self.directory(), self.stem());
        let path = match (directory, stem) {
            ("", stem) => stem.to_owned(),
            (directory, stem) if is_index(stem) => directory.to_owned(),
            (directory, stem) => format!("{directory}/{stem}"),
        };
        if self.is_long() {
            return format!("{:032x}", xxh3_128(path.as_bytes()));
        }
        if path.contains(INDEX_FILE) {
            let parts = path.split('/').map(|part| if part == INDEX_FILE { "index.html~" } else { part });
            return parts.collect::<Vec<_>>().join("/");
        }
        path
    }

    /// The files that may have this page path. Files with other letters, such as `a.Md`, may have it too, see
    /// [`Self::is_usual`].
    pub(crate) fn of_page(page: &str) -> impl Iterator<Item = String> {
        ARTICLE_EXTENSIONS
            .iter()
            .flat_map(move |extension| [format!("{page}.{extension}"), format!("{page}/index.{extension}")])
    }

    /// Whether [`Self::of_page`] finds this file from its page path.
    pub(crate) fn is_usual(&self, page: &str) -> bool {
        let rest = self.0.strip_prefix(page).unwrap_or_default();
        let extension = rest.strip_prefix("/index").unwrap_or(rest).strip_prefix('.');
        extension.is_some_and(|extension| ARTICLE_EXTENSIONS.contains(&extension))
    }

    /// Whether the file is the index of a directory other than the top one, in any language: `a/index.fr.md`.
    pub(crate) fn is_index(&self) -> bool {
        !self.directory().is_empty() && self.stem().split('.').next().is_some_and(is_index)
    }

    /// Whether the page path would be too long for a URL.
    pub(crate) fn is_long(&self) -> bool {
        self.0.len() > LONGEST_PAGE / 3 && encode_path(&self.0).len() > LONGEST_PAGE
    }
}

/// The file name of a directory's page in the output of `build`.
const INDEX_FILE: &str = "index.html";

/// Maximum length of a page path in bytes, percent-encoded. Servers and CDNs accept URLs of 8,192 bytes, and the
/// public URL may have a path too.
const LONGEST_PAGE: usize = 6_000;

impl fmt::Display for ContentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ContentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Borrow<str> for ContentPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}
