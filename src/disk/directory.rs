//! A directory on a walk, with those above it, and the names in it.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

use super::stamp::Identity;
use super::tree::ResolvedDir;

/// As many directories in each other are read; articles below are reported.
pub(super) const DEEPEST: usize = 64;

/// A build's own output, which is never read as its input.
pub(super) const OUTPUT_MARK: &str = ".feedmill";

/// The link by which a volume of Kubernetes shows its present version.
pub(super) const DATA: &str = "..data";

/// A directory on the way, and those above it.
pub(super) struct Directory<'a> {
    /// Where it is read.
    pub(super) path: PathBuf,
    pub(super) place: String,
    /// Its path below the root, through `..data` where there is one.
    pub(super) raw: PathBuf,
    pub(super) identity: Identity,
    pub(super) above: Option<&'a Directory<'a>>,
    pub(super) depth: usize,
    /// Whether its texts are parts of one article, once somebody asked.
    pub(super) bundle: OnceLock<bool>,
}

impl<'a> Directory<'a> {
    pub(super) fn root(resolved: &ResolvedDir) -> Self {
        Self {
            path: resolved.path.clone(),
            place: String::new(),
            raw: PathBuf::new(),
            identity: resolved.identity,
            above: None,
            depth: 0,
            bundle: OnceLock::new(),
        }
    }

    pub(super) fn below(above: &'a Directory<'a>, name: &OsStr, identity: Identity) -> Self {
        Self {
            path: above.path.join(name),
            place: join(&above.place, &normal(name)),
            raw: above.raw.join(name),
            identity,
            above: Some(above),
            depth: above.depth + 1,
            bundle: OnceLock::new(),
        }
    }

    pub(super) fn loops(&self) -> bool {
        let mut above = self.above;
        while let Some(directory) = above {
            if directory.identity == self.identity {
                return true;
            }
            above = directory.above;
        }
        false
    }

    pub(super) fn is_too_deep(&self) -> bool {
        self.depth > DEEPEST
    }
}

/// A name as it stands in a place: in normal form C, and UTF-8 at any cost.
pub(super) fn normal(name: &OsStr) -> String {
    match name.to_string_lossy() {
        name if name.is_ascii() => name.into_owned(),
        name => name.nfc().collect(),
    }
}

pub(super) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// Where a file is, if its place does not say.
pub(super) fn spelled(directory: &Directory<'_>, name: &OsStr, place: &str) -> Option<PathBuf> {
    let path = directory.raw.join(name);
    (path.as_os_str() != place).then_some(path)
}
