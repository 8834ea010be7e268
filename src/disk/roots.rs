//! Where files are looked for: the content directory, and the image roots
//! beside it.

use std::io;
use std::path::{Path, PathBuf};

use super::Ground;
use super::tree::Standing;

/// One place to look below.
#[derive(Debug)]
pub(super) struct Root {
    /// As configured, absolute.
    pub(super) base: PathBuf,
    /// Where it stands now, if it does.
    pub(super) standing: Option<Standing>,
}

/// The content directory first, then the image roots outside it in their
/// order. Which roots there are depends on the settings alone; an error means
/// that the content directory is not there.
pub(super) fn find(ground: &Ground) -> io::Result<Vec<Root>> {
    let content = Root { base: absolute(&ground.content), standing: Some(Standing::of(&ground.content)?) };
    let bases = beside(&content.base, &ground.image_roots);
    let mut roots = vec![content];
    for base in bases {
        // Two names of one directory are one root.
        let standing = Standing::of(&base)
            .ok()
            .filter(|standing| roots.iter().all(|root| root.standing.as_ref() != Some(standing)));
        roots.push(Root { base, standing });
    }
    Ok(roots)
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
