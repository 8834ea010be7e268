//! Finds the lead images that are missing: a directory may contain them that is no image root, or Git LFS has not
//! fetched them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::Located;
use crate::commands::left_out::counted;
use crate::commands::load::Loaded;
use crate::diagnostic::Code;
use crate::disk;
use crate::text::decode_path;

/// The most directories that are suggested.
const SUGGESTED: usize = 3;

/// Returns one line for each cause, and completes the problems of images that Git LFS has not fetched.
pub(super) fn group(loaded: &Loaded, found: &mut [Located]) -> Vec<String> {
    let content = std::path::absolute(&loaded.scan_config.content).unwrap_or_default();
    let levels = usize::from(loaded.scan_config.image_levels);
    let Some(site) = content.ancestors().nth(levels) else { return Vec::new() };
    let mut missing: Vec<(PathBuf, &mut Located)> = found
        .iter_mut()
        .filter(|located| located.problem.code == Code::LeadImage)
        .filter_map(|located| Some((path_of(located.problem.about.as_ref()?), located)))
        .collect();
    let names: BTreeSet<_> = missing.iter().filter_map(|(path, _)| path.file_name()).map(ToOwned::to_owned).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let files = disk::files_named(site, &names);
    let by_end = by_end(&files);
    let (mut roots, mut pointers): (BTreeMap<String, usize>, usize) = (BTreeMap::new(), 0);
    for (path, located) in &mut missing {
        let Some(file) = by_end.get(path.as_path()) else { continue };
        if disk::is_lfs_pointer(&site.join(file)) {
            let reference = located.problem.about.as_deref().unwrap_or_default();
            located.problem.message = format!("the lead image `{reference}` is a Git LFS pointer, not an image");
            located.problem.help = Some("fetch the images: `git lfs pull`".to_owned());
            pointers += 1;
        } else if let Some(root) = file.ancestors().nth(path.iter().count()) {
            let root = if root == Path::new("") { ".".to_owned() } else { root.to_string_lossy().into_owned() };
            *roots.entry(root).or_default() += 1;
        }
    }
    let mut lines = Vec::new();
    if pointers > 0 {
        let count = counted(pointers, "lead image is a Git LFS pointer", "lead images are Git LFS pointers");
        lines.push(format!("{count}: fetch the images with `git lfs pull`"));
    }
    let mut roots: Vec<(String, usize)> = roots.into_iter().collect();
    roots.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (root, count) in roots.into_iter().take(SUGGESTED) {
        let missing = counted(
            count,
            "lead image is missing; a file of this name exists",
            "lead images are missing; files of these names exist",
        );
        lines.push(format!("{missing} below {root}: add it to `images.roots`"));
    }
    lines
}

/// The first file for each path that files end in. Thousands of images may be missing, and thousands of files have their
/// names.
fn by_end(files: &[PathBuf]) -> HashMap<&Path, &PathBuf> {
    let mut found = HashMap::new();
    for file in files {
        let mut parts = file.components();
        while !parts.as_path().as_os_str().is_empty() {
            found.entry(parts.as_path()).or_insert(file);
            parts.next();
        }
    }
    found
}

/// The path in a reference, without what leads up or to the top of the site.
fn path_of(reference: &str) -> PathBuf {
    let path = reference.split(['?', '#']).next().unwrap_or(reference).replace('\\', "/");
    let path = decode_path(&path).unwrap_or(path);
    path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_the_first_file_that_ends_in_it() {
        let files = ["a/img/x.png", "b/img/x.png", "b/other/x.png"].map(PathBuf::from);
        let by_end = by_end(&files);
        for (path, file) in [("img/x.png", 0), ("b/img/x.png", 1), ("x.png", 0), ("other/x.png", 2)] {
            assert_eq!(by_end[Path::new(path)], &files[file], "{path}");
        }
        assert!(!by_end.contains_key(Path::new("mg/x.png")));
    }
}
