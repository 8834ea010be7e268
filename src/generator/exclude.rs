//! Helpers for turning a generator's own exclusions into globs below the content directory.
//!
//! Generators count from the site's root, from `source`, or match regular expressions; the content directory may be
//! any of these. A pattern that cannot be written as a glob without matching more than it should is skipped: an
//! article too many is noticed, a missing one is not.

use crate::syntax::front_matter::Value;
use crate::syntax::glob::Glob;

/// The texts of a list, or a single text as a list of one.
pub(crate) fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.into_iter().flat_map(Value::elements).filter_map(Value::as_text)
}

/// Adds a glob unless it is empty, invalid or already in the list.
pub(crate) fn add(globs: &mut Vec<String>, glob: String) {
    if !glob.is_empty() && !globs.contains(&glob) && Glob::new(&glob).is_some() {
        globs.push(glob);
    }
}
