//! Finds the content directory and the image roots outside it, and decides which links to them may be followed.

use std::io;
use std::path::{Path, PathBuf};

use super::ScanConfig;
use super::stamp::Identity;
use super::tree::ResolvedDir;
use crate::content_path::ContentPath;
use crate::generator::selection::Exposure;
use crate::site::Origin;

/// A directory below which a scan looks for files.
#[derive(Debug, Clone)]
pub(super) struct Root {
    /// Absolute path as configured, links unresolved.
    pub(super) base: PathBuf,
    /// The directory it leads to; `None` if there is none, if it is not trusted, or if an earlier root is the same
    /// directory.
    pub(super) resolved: Option<ResolvedDir>,
}

impl Root {
    /// Whether the path still leads to the same directory. Costs one `stat`.
    pub(super) fn is_current(&self) -> bool {
        self.resolved.as_ref().is_none_or(|resolved| {
            std::fs::metadata(&self.base).is_ok_and(|metadata| Identity::of(&metadata) == resolved.identity)
        })
    }
}

/// The content directory, followed by the image roots outside it in their order. The list depends on the settings
/// only: a missing image root is in it, unresolved. An error means that the content directory cannot be used.
pub(super) fn find(scan_config: &ScanConfig) -> io::Result<Vec<Root>> {
    let content = content_root(&scan_config.content, scan_config.content_origin)?;
    let bases = beside(&content.base, scan_config);
    let mut roots = vec![content];
    for base in bases {
        // Two names of one directory count as one root.
        let resolved = ResolvedDir::of(&base).ok().filter(|resolved| {
            is_trusted(&roots[0].base, &base, resolved, scan_config.image_roots_origin)
                && roots.iter().all(|root| root.resolved.as_ref() != Some(resolved))
        });
        roots.push(Root { base, resolved });
    }
    Ok(roots)
}

/// Resolves the content directory. Unless a flag names it, a link is followed only within the repository it was found
/// in.
fn content_root(content: &Path, origin: Origin) -> io::Result<Root> {
    let (base, resolved) = (absolute(content), ResolvedDir::of(content)?);
    if origin == Origin::Default && base.parent().is_some_and(|parent| !resolved.path.starts_with(boundary(parent))) {
        return Err(io::Error::other(
            "it is a symbolic link that leads out of this repository; name it with --content to follow it",
        ));
    }
    Ok(Root { base, resolved: Some(resolved) })
}

/// Checks that the content directory may be read where its links lead. The error says why not.
pub(crate) fn may_follow(content: &Path, origin: Origin) -> io::Result<()> {
    content_root(content, origin).map(drop)
}

/// The default image roots that are not followed because they lead out of the repository.
pub(crate) fn untrusted_roots(scan_config: &ScanConfig) -> Vec<PathBuf> {
    let content = absolute(&scan_config.content);
    let mut bases = beside(&content, scan_config);
    bases.retain(|base| {
        let is_trusted = |resolved| is_trusted(&content, base, &resolved, scan_config.image_roots_origin);
        ResolvedDir::of(base).is_ok_and(|resolved| !is_trusted(resolved))
    });
    bases
}

/// Whether an image root may be read where it leads: `site.yaml` names it, the content directory is below it, or it
/// stays inside the repository. Anyone who can send a pull request can plant a link.
fn is_trusted(content: &Path, base: &Path, resolved: &ResolvedDir, origin: Origin) -> bool {
    origin == Origin::Named
        || content.starts_with(base)
        || base.parent().is_some_and(|parent| resolved.path.starts_with(boundary(parent)))
}

/// Names of directories that do not name a site.
const NO_NAMES: [&str; 32] = [
    "content",
    "contents",
    "source",
    "src",
    "posts",
    "_posts",
    "articles",
    "_articles",
    "pages",
    "docs",
    "documents",
    "markdown",
    "data",
    "blog",
    "site",
    "website",
    "www",
    "web",
    "html",
    "public",
    "current",
    "latest",
    "release",
    "work",
    "workspace",
    "app",
    "home",
    "mnt",
    "srv",
    "tmp",
    "var",
    "input",
];

/// The name of a site without a title: that of the content directory, or of the nearest directory above it whose name
/// says more than `content`, at most that of the repository. Links are not resolved, because the directories of a
/// volume that is swapped have another name each time.
pub(crate) fn site_name(content: &Path) -> Option<String> {
    let content = absolute(content);
    for directory in content.ancestors().take(MOST_ABOVE + 1) {
        let name = directory.file_name()?.to_string_lossy();
        let is_repository = directory.join(".git").exists();
        if is_repository || !(name.starts_with('.') || NO_NAMES.contains(&&*name.to_lowercase())) {
            return Some(name.into_owned());
        }
    }
    None
}

/// Number of parent directories that are searched for a `.git`.
const MOST_ABOVE: usize = 4;

/// The repository of a directory, links resolved: the nearest directory with a `.git`, otherwise the directory
/// itself. Links that the operator did not name may not lead out of it.
pub(super) fn boundary(directory: &Path) -> PathBuf {
    let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let repository = directory.ancestors().take(MOST_ABOVE + 1).find(|above| above.join(".git").exists());
    repository.map(Path::to_owned).unwrap_or(directory)
}

/// The image roots of a content directory, not necessarily existing: the directories with these names beside it and
/// beside each directory above it in the site, and those of these directories that have one of the names.
pub(super) fn beside(content: &Path, scan_config: &ScanConfig) -> Vec<PathBuf> {
    let levels = usize::from(scan_config.image_levels.max(1));
    let above: Vec<&Path> = content.ancestors().skip(1).take(levels).collect();
    let mut roots = Vec::new();
    for name in &scan_config.image_roots {
        for (level, parent) in (1..).zip(&above) {
            match name.split_once("/*/") {
                Some((directory, name)) => roots.extend(each_below(&parent.join(directory), name)),
                None if name == "." => {
                    roots.extend((level == usize::from(scan_config.image_levels)).then(|| parent.to_path_buf()));
                }
                None => {
                    roots.push(parent.join(name));
                    roots.extend((parent.file_name() == Some(name.as_ref())).then(|| parent.to_path_buf()));
                }
            }
        }
        // Themes are below the root of a site.
        if let Some((directory, name)) = name.split_once("/*/") {
            roots.extend(each_below(&content.join(directory), name));
        }
    }
    let mut known = std::collections::BTreeSet::new();
    roots.retain(|base| base != content && known.insert(base.clone()));
    roots
}

/// The directories called `name` in each directory below this one.
fn each_below(directory: &Path, name: &str) -> Vec<PathBuf> {
    let below = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path().join(name));
    let mut found: Vec<PathBuf> = below.filter(|path| path.is_dir()).collect();
    found.sort_unstable();
    found
}

/// An absolute path, links unresolved: the image roots are beside the name of the content directory, not beside the
/// target of a link.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // With `..` in it, the parent directory does not follow from the text of the path.
    if absolute.components().any(|part| part == std::path::Component::ParentDir) {
        return std::fs::canonicalize(&absolute).unwrap_or(absolute);
    }
    absolute
}

/// Who may request an image of the tree with this number and base.
pub(super) fn exposure(scan_config: &ScanConfig, tree: usize, base: &Path, place: &ContentPath) -> Exposure {
    scan_config.selection.exposure(root_name(tree, base).as_deref(), place.as_str())
}

/// Whether the `exclude` setting matches an image, with its path relative to the root or to the directory above the
/// root.
pub(super) fn excludes(scan_config: &ScanConfig, tree: usize, base: &Path, place: &ContentPath) -> bool {
    scan_config.selection.excludes(place.as_str())
        || root_name(tree, base).is_some_and(|name| scan_config.selection.excludes(&format!("{name}/{place}")))
}

/// The name of an image root; `None` for the content directory, which is the first tree.
fn root_name(tree: usize, base: &Path) -> Option<std::borrow::Cow<'_, str>> {
    base.file_name().filter(|_| tree > 0).map(|name| name.to_string_lossy())
}
