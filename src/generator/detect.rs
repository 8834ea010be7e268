//! Detects which generator a content directory belongs to.
//!
//! `disk` collects the [`Evidence`], and the first generator that recognizes its own files is chosen.

use super::{ALL, Generator, plain};

/// The input of the detection: three directory listings and the first bytes of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Evidence {
    /// Names in the content directory; those for which [`is_evidence`] holds suffice.
    pub here: Vec<String>,
    /// Names in its parent directory; again, evidence suffices.
    pub above: Vec<String>,
    /// The resolved path of the content directory, with `/` between its parts.
    pub path: String,
    /// Whether there is a directory `source/_posts` in the content directory or its parent.
    pub source_posts: bool,
    /// The first bytes, at least sixteen, of the first `_index.md` at one of [`INDEX_FILES`], or one directory below
    /// the content directory or its `content` (directories in the order of their names).
    pub index: Option<Vec<u8>>,
}

impl Evidence {
    /// The first name, in the content directory or above it, that satisfies a condition.
    pub(crate) fn named(&self, condition: impl Fn(&str) -> bool) -> Option<&str> {
        self.here.iter().chain(&self.above).map(String::as_str).find(|name| condition(name))
    }
}

/// Where an `_index.md` counts, relative to the content directory, in order of precedence.
pub(crate) const INDEX_FILES: [&str; 3] = ["_index.md", "content/_index.md", "../_index.md"];

/// Whether a file or directory of this name is evidence for any generator.
pub(crate) fn is_evidence(name: &str) -> bool {
    ALL.iter().any(|generator| (generator.is_evidence)(name))
}

/// The generator of a directory, and a reason for the log.
pub(crate) fn detect(evidence: &Evidence) -> (Generator, String) {
    let reason = |generator: Generator| Some((generator, (generator.evidence)(evidence)?));
    let (generator, reason) =
        ALL.into_iter().find_map(reason).unwrap_or((plain::PLAIN, "no sign of Hexo, Jekyll, Hugo or Zola".to_owned()));
    (generator, format!("{}: {reason}", generator.as_str()))
}
