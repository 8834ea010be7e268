//! Finds section pages: an `_index.md` in any directory can set defaults for the articles below it.
//!
//! They are not articles, so they are found by a separate walk, which follows links and stops at loops. It opens only
//! the section pages and does not parse them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::content_roots::{ContentRoots, EntryKind};
use super::detect::text;
use super::directory::{DATA, Directory, OUTPUT_MARK, join, normal};
use super::open::Refusal;
use super::stamp::Identity;
use super::tree::ResolvedDir;
use crate::generator::cascade::is_section_page;
use crate::generator::selection::is_closed;

/// A section page: its content path, its file and its text.
pub(crate) type SectionPage = (String, PathBuf, io::Result<String>);

/// Reads every section page below the content directory. Fails only if no file descriptor is left, because the list
/// would be incomplete.
pub(crate) fn section_pages(content: &Path) -> io::Result<Vec<SectionPage>> {
    let roots = ContentRoots::of(&[content.to_owned()])?;
    let pages = find_in(&roots, content)?.into_iter();
    Ok(pages
        .map(|(place, path)| (place, text(&roots, &path), path))
        .map(|(place, text, path)| (place, path, text))
        .collect())
}

/// Like [`section_pages`], but opens no page. Sorted by content path.
pub(super) fn find(content: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    find_in(&ContentRoots::of(&[content.to_owned()])?, content)
}

fn find_in(roots: &ContentRoots, content: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if let Ok(resolved) = ResolvedDir::of(content) {
        walk(roots, &Directory::root(&resolved), &mut found)?;
    }
    found.sort_unstable();
    Ok(found)
}

/// Whether one of these paths from events is a directory that contains a section page, or contained a known one. When
/// a directory appears or disappears, events report the directory but not the pages in it.
pub(crate) fn come_or_go(changed_paths: &BTreeSet<PathBuf>, known: &BTreeSet<PathBuf>) -> io::Result<bool> {
    for hint in changed_paths {
        if known.range::<PathBuf, _>(hint..).next().is_some_and(|page| page.starts_with(hint)) {
            return Ok(true);
        }
        if hint.is_dir() && !find(hint)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn walk(roots: &ContentRoots, directory: &Directory<'_>, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    // The scan of the articles reports directories that cannot be listed.
    let listed = |path: &Path| match roots.list(path) {
        Err(Refusal::Unsettled) => Err(Refusal::Unsettled.into_error()),
        names => Ok(names.unwrap_or_default()),
    };
    let mut names = listed(&directory.path)?;
    if directory.loops() || names.iter().any(|(name, _)| name == OUTPUT_MARK) {
        return Ok(());
    }
    let mut path = directory.path.clone();
    if names.iter().any(|(name, kind)| name == DATA && *kind == EntryKind::Symlink) {
        path.push(DATA);
        names = listed(&path)?;
    }
    for (name, kind) in names {
        let normal = normal(&name);
        if is_closed(&normal) {
            continue;
        }
        let whole = path.join(&name);
        if is_section_page(&normal) {
            found.push((join(&directory.place, &normal), whole));
        } else if matches!(kind, EntryKind::Directory | EntryKind::Symlink)
            && let Ok(metadata) = fs::metadata(&whole)
            && metadata.is_dir()
        {
            let below = Directory { path: whole, ..Directory::below(directory, &name, Identity::of(&metadata)) };
            walk(roots, &below, found)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_pages_are_found_in_any_directory_and_through_links_that_stay_inside() {
        let site = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = site.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        };
        for path in [
            "_index.md",
            "a/b/_index.fr.md",
            "a/index.md",
            ".git/_index.md",
            "node_modules/_index.md",
            "out/.feedmill",
            "out/_index.md",
            "v/..1/s/_index.md",
        ] {
            write(path);
        }
        std::os::unix::fs::symlink("..1", site.path().join("v/..data")).unwrap();
        std::os::unix::fs::symlink("..data/s", site.path().join("v/s")).unwrap();
        std::os::unix::fs::symlink("..", site.path().join("a/up")).unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("_index.md"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), site.path().join("linked")).unwrap();
        write(".hidden/_index.md");
        std::os::unix::fs::symlink(site.path().join(".hidden"), site.path().join("inside")).unwrap();
        let places: Vec<String> = find(site.path()).unwrap().into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["_index.md", "a/b/_index.fr.md", "inside/_index.md", "v/s/_index.md"]);
    }

    #[test]
    fn only_directories_that_have_or_had_a_section_page_count_as_changes() {
        let site = tempfile::tempdir().unwrap();
        let path = |path: &str| site.path().join(path);
        for directory in ["new", "a/b", "v1.2/deep"] {
            fs::create_dir_all(path(directory)).unwrap();
        }
        fs::write(path("new/index.md"), "x").unwrap();
        fs::write(path("v1.2/deep/_index.md"), "x").unwrap();
        let known = BTreeSet::from([path("a/b/_index.md"), path("gone/c/_index.md")]);
        let about = |hint: &str| come_or_go(&BTreeSet::from([path(hint)]), &known).unwrap();
        assert_eq!(["new", "new/index.md", "gone/d", "gon", "nowhere"].map(about), [false; 5]);
        assert_eq!(["a", "a/b", "gone", "gone/c", "v1.2"].map(about), [true; 5]);
    }
}
