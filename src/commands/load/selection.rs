//! Decides which files of a site are articles, from the globs of `exclude` and the layout of the
//! directory.

use std::path::Path;

use crate::generator::selection::{Layout, Selection};
use crate::site::Site;

pub(super) fn selection(site: &Site, content: &Path, has: &dyn Fn(&str) -> bool, level: u8) -> Selection {
    let context = &site.options.site_context;
    let declared = context.languages.declared();
    let layout = Layout { content, holds: has, source: context.source.as_deref(), declared: &declared, level };
    Selection::at(site.options.generator, site.exclude.clone(), &layout)
        .with_image_roots(&site.images.roots)
        .within_site(context)
}
