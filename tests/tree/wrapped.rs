//! Finds uses of a crate outside the module that wraps it.

use crate::named::Named;
use crate::{in_files, none, rust_files};

/// Crates that one module wraps, so that every caller gives a word the same meaning.
const WRAPPED: [(&str, &str); 3] =
    [("globset", "src/syntax/glob.rs"), ("jiff", "src/syntax/date/time_zone.rs"), ("ureq", "src/fetch/")];

fn wrapped(path: &str, source: &str) -> Vec<String> {
    let paths = Named::of(source).paths;
    let uses = |name: &str| paths.iter().any(|path| path.split("::").next() == Some(name));
    let wrong = WRAPPED.iter().filter(|(name, owner)| !path.starts_with(owner) && uses(name));
    wrong.map(|(name, owner)| format!("uses {name}, which only {owner} uses")).collect()
}

#[test]
fn a_wrapped_crate_is_used_by_its_module_alone() {
    assert_eq!(wrapped("src/a.rs", "fn f() { globset::Glob::new(x); }").len(), 1);
    assert_eq!(wrapped("src/a.rs", "use globset::{Glob, GlobSet};").len(), 1);
    assert!(wrapped("src/syntax/glob.rs", "use globset::Glob;").is_empty());
    assert!(wrapped("src/a.rs", "use crate::syntax::glob::Glob; // globset").is_empty());
    none(in_files(&rust_files(), wrapped));
}
