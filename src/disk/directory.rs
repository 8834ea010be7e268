//! A directory during a walk, linked to its parents, and how the names in it become content paths.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

use super::stamp::Identity;
use super::tree::ResolvedDir;

/// The maximum depth of directories that are read. Articles below are reported as problems.
pub(super) const DEEPEST: usize = 64;

/// The file that marks the output directory of a build, which is never read as content.
pub(super) const OUTPUT_MARK: &str = ".feedmill";

/// The symbolic link in a Kubernetes volume that leads to its current version.
pub(super) const DATA: &str = "..data";

/// A directory during a walk.
pub(super) struct Directory<'a> {
    /// The path by which it is listed and read.
    pub(super) path: PathBuf,
    pub(super) place: String,
    /// Its path below the root as spelled on the disk, including `..data` if there is one.
    pub(super) raw: PathBuf,
    pub(super) identity: Identity,
    pub(super) above: Option<&'a Directory<'a>>,
    pub(super) depth: usize,
    /// Whether its text files are parts of a bundle; computed when first needed.
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

    /// Whether the directory is its own ancestor, because of a symbolic link or a bind mount.
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

/// A file name as part of a content path: in Unicode normalization form C, with invalid UTF-8 replaced.
pub(super) fn normal(name: &OsStr) -> String {
    match name.to_string_lossy() {
        name if name.is_ascii() => name.into_owned(),
        name => name.nfc().collect(),
    }
}

/// Joins two parts of a content path; `directory` is empty at the top.
pub(super) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// The path of a file below the root, if it differs from its content path: behind `..data`, or with a name that is not
/// in normal form.
pub(super) fn spelled(directory: &Directory<'_>, name: &OsStr, place: &str) -> Option<PathBuf> {
    let path = directory.raw.join(name);
    (path.as_os_str() != place).then_some(path)
}
