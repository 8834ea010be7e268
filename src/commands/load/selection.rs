//! Decides which files of a site are articles, from the globs of `exclude` and the layout of the
//! directory.

use std::path::Path;

use crate::diagnostic::{Code, Problem};
use crate::generator::selection::{Layout, Selection};
use crate::site::Site;
use crate::syntax::glob::Globs;

/// Builds the selection. An invalid glob is reported and skipped.
pub(super) fn selection(
    site: &Site,
    content: &Path,
    has: &dyn Fn(&str) -> bool,
    level: u8,
    problems: &mut Vec<Problem>,
    file: &str,
) -> Selection {
    let exclude = Globs::new(&site.exclude, |glob, reason| {
        let problem = Problem::new(file, Code::Site, format!("`{glob}` is not a valid glob: {reason}"));
        problems.push(problem.help("examples: drafts/**, *.tmp.md").about(glob));
    });
    let context = &site.options.site_context;
    let declared = context.languages.declared();
    let layout = Layout { content, holds: has, source: context.source.as_deref(), declared: &declared, level };
    Selection::at(site.options.generator, exclude, &layout).with_image_roots(&site.images.roots).within_site(context)
}
