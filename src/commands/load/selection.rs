//! Which files of a site are articles: the globs of its `exclude`, and what the directory is.

use std::path::Path;

use crate::article::selection::Selection;
use crate::diagnostic::{Code, Problem};
use crate::site::Site;

/// Which files are articles; a glob that cannot be read is left out.
pub(super) fn selection(
    site: &Site,
    content: &Path,
    has: &dyn Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
    file: &str,
) -> Selection {
    let mut exclude = globset::GlobSetBuilder::new();
    for glob in &site.exclude {
        match globset::GlobBuilder::new(glob).literal_separator(true).build() {
            Ok(glob) => {
                exclude.add(glob);
            }
            Err(error) => problems.push(
                Problem::new(file, Code::Site, format!("`{glob}` is no glob: {}", error.kind()))
                    .help("such as drafts/** or *.tmp.md"),
            ),
        }
    }
    let exclude = exclude.build().unwrap_or_else(|error| {
        problems.push(Problem::new(file, Code::Site, format!("`exclude` is too large: {error}")));
        globset::GlobSet::empty()
    });
    Selection::new(site.options.dialect, exclude, content, has).with_image_roots(&site.image_roots)
}
