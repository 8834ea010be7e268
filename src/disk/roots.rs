//! Where files are looked for: the content directory, and the image roots
//! beside it.

use std::io;
use std::path::{Path, PathBuf};

use super::ScanConfig;
use super::stamp::Identity;
use super::tree::ResolvedDir;
use crate::content_path::ContentPath;
use crate::generator::selection::Exposure;
use crate::site::Origin;

/// One place to look below.
#[derive(Debug, Clone)]
pub(super) struct Root {
    /// As configured, absolute.
    pub(super) base: PathBuf,
    /// Where it stands now, if it does.
    pub(super) resolved: Option<ResolvedDir>,
}

impl Root {
    /// Whether it is the directory that it was. Costs one `stat`.
    pub(super) fn is_current(&self) -> bool {
        self.resolved.as_ref().is_none_or(|resolved| {
            std::fs::metadata(&self.base).is_ok_and(|metadata| Identity::of(&metadata) == resolved.identity)
        })
    }
}

/// The content directory first, then the image roots outside it in their
/// order. Which roots there are depends on the settings alone; an error means
/// that the content directory is not there.
pub(super) fn find(scan_config: &ScanConfig) -> io::Result<Vec<Root>> {
    let content = content_root(&scan_config.content, scan_config.content_origin)?;
    let bases = beside(&content.base, &scan_config.image_roots);
    let mut roots = vec![content];
    for base in bases {
        // Two names of one directory are one root.
        let resolved = ResolvedDir::of(&base).ok().filter(|resolved| {
            is_trusted(&roots[0].base, &base, resolved, scan_config.image_roots_origin)
                && roots.iter().all(|root| root.resolved.as_ref() != Some(resolved))
        });
        roots.push(Root { base, resolved });
    }
    Ok(roots)
}

/// The content directory. One that no flag names is followed only inside the repository it is found in.
fn content_root(content: &Path, origin: Origin) -> io::Result<Root> {
    let (base, resolved) = (absolute(content), ResolvedDir::of(content)?);
    if origin == Origin::Default && base.parent().is_some_and(|parent| !resolved.path.starts_with(boundary(parent))) {
        return Err(io::Error::other(
            "it is a symbolic link that leads out of this repository; name it with --content to follow it",
        ));
    }
    Ok(Root { base, resolved: Some(resolved) })
}

/// Whether the content directory may be read where it leads.
pub fn may_follow(content: &Path, origin: Origin) -> io::Result<()> {
    content_root(content, origin).map(drop)
}

/// The default image roots that are not followed because they lead out of the repository.
pub fn untrusted_roots(scan_config: &ScanConfig) -> Vec<PathBuf> {
    let content = absolute(&scan_config.content);
    let mut bases = beside(&content, &scan_config.image_roots);
    bases.retain(|base| {
        let is_trusted = |resolved| is_trusted(&content, base, &resolved, scan_config.image_roots_origin);
        ResolvedDir::of(base).is_ok_and(|resolved| !is_trusted(resolved))
    });
    bases
}

/// Whether an image root may be read where it leads: site.yaml names it, it is on the way to the content directory that
/// the operator named, or it stays inside the repository. Anyone who can send a pull request can plant a link.
fn is_trusted(content: &Path, base: &Path, resolved: &ResolvedDir, origin: Origin) -> bool {
    origin == Origin::Named
        || content.starts_with(base)
        || base.parent().is_some_and(|parent| resolved.path.starts_with(boundary(parent)))
}

/// How far above a directory its repository is looked for.
const MOST_ABOVE: usize = 4;

/// The repository that a directory belongs to, links resolved: the nearest directory with a `.git`, else the directory
/// itself. What is found in it without being named by the operator may not lead further.
pub(super) fn boundary(directory: &Path) -> PathBuf {
    let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let repository = directory.ancestors().take(MOST_ABOVE + 1).find(|above| above.join(".git").exists());
    repository.map(Path::to_owned).unwrap_or(directory)
}

/// The image roots outside a content directory: its parent, if that is called
/// so, and what is called so in its parent.
pub(super) fn beside(content: &Path, names: &[String]) -> Vec<PathBuf> {
    let Some(parent) = content.parent() else {
        return Vec::new();
    };
    let own = parent.file_name();
    names
        .iter()
        .flat_map(|name| [Some(parent.join(name)), (own == Some(name.as_ref())).then(|| parent.to_owned())])
        .flatten()
        .filter(|base| base != content)
        .collect()
}

/// A path from the root, links unresolved: what is beside the content
/// directory is beside its name, not beside what a link leads to.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // `..` is no name that anything could stand beside.
    if absolute.components().any(|part| part == std::path::Component::ParentDir) {
        return std::fs::canonicalize(&absolute).unwrap_or(absolute);
    }
    absolute
}

/// Who may see an image of the tree with this number and base.
pub(super) fn exposure(scan_config: &ScanConfig, tree: usize, base: &Path, place: &ContentPath) -> Exposure {
    scan_config.selection.exposure(root_name(tree, base).as_deref(), place.as_str())
}

/// Whether `exclude` takes an image out, its path counted from the root or from the directory above it.
pub(super) fn excludes(scan_config: &ScanConfig, tree: usize, base: &Path, place: &ContentPath) -> bool {
    scan_config.selection.excludes(place.as_str())
        || root_name(tree, base).is_some_and(|name| scan_config.selection.excludes(&format!("{name}/{place}")))
}

/// The name of an image root beside the content directory, whose tree is the first.
fn root_name(tree: usize, base: &Path) -> Option<std::borrow::Cow<'_, str>> {
    base.file_name().filter(|_| tree > 0).map(|name| name.to_string_lossy())
}
