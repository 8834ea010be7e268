//! Decides which files of a site are articles, from the globs of `exclude` and the layout of the
//! directory.

use std::path::Path;

use crate::diagnostic::{Code, Problem};
use crate::generator::selection::Selection;
use crate::site::Site;

/// Builds the selection. An invalid glob is reported and skipped.
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
                Problem::new(file, Code::Site, format!("`{glob}` is not a valid glob: {}", error.kind()))
                    .help("examples: drafts/**, *.tmp.md"),
            ),
        }
    }
    let exclude = exclude.build().unwrap_or_else(|error| {
        problems.push(Problem::new(file, Code::Site, format!("`exclude` is too large: {error}")));
        globset::GlobSet::empty()
    });
    Selection::new(site.options.generator, exclude, content, has).with_image_roots(&site.images.roots)
}
