//! Paths of files below the content directory, and the page paths derived from them.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_128;

use crate::text::encode_path;

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
    pub fn directory(&self) -> &str {
        self.0.rfind('/').map_or("", |at| &self.0[..at])
    }

    /// The name of the file with its extension.
    pub fn file_name(&self) -> &str {
        self.0.rfind('/').map_or(&self.0, |at| &self.0[at + 1..])
    }

    /// The name of the file without its extension. A leading dot does not begin an extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rfind('.').filter(|&at| at > 0).map_or(name, |at| &name[..at])
    }

    /// The extension as written, without its dot; empty if there is none.
    pub fn extension(&self) -> &str {
        let name = self.file_name();
        name.rfind('.').filter(|&at| at > 0).map_or("", |at| &name[at + 1..])
    }

    /// The path of the article's page: without the extension, and without a final `index`. The page of `index.md` at
    /// the top level is `index`, because a page path is never empty.
    ///
    /// A component called `index.html` gets a trailing `~`, because that name is the page of the directory. A path
    /// that is too long for a URL is replaced by its hash.
    pub fn page_path(&self) -> String {
        let (directory, stem) = (self.directory(), self.stem());
        let path = match (directory, stem) {
            ("", stem) => stem.to_owned(),
            (directory, stem) if stem.eq_ignore_ascii_case("index") => directory.to_owned(),
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

    /// Whether the page path would be too long for a URL.
    pub fn is_long(&self) -> bool {
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
