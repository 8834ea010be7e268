//! Configurations that are split into files, for example Hugo's `config/_default/params.en.toml`.
//! <https://gohugo.io/configuration/introduction/#configuration-directory>
//!
//! The caller opens the files and passes their fields to [`lay_over`] in the order of precedence.

use crate::syntax::front_matter::{Fields, Value};

/// The directories of such files, relative to the site. The second overrides the first, because Hugo builds for
/// production by default.
pub(crate) const DIRECTORIES: [&str; 2] = ["config/_default", "config/production"];

/// Whether a file in such a directory is part of the configuration.
pub(crate) fn is_part(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !name.starts_with('.') && ["toml", "yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The path of the key that a file contains; empty for a complete configuration.
fn key_path(name: &str) -> Vec<&str> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if matches!(stem, "hugo" | "config") {
        return Vec::new();
    }
    match stem.rsplit_once('.') {
        Some((key @ ("params" | "menu" | "menus"), language)) => vec!["languages", language, key],
        Some((_, language)) => vec!["languages", language],
        None => vec![stem],
    }
}

/// Merges a part into the configuration: tables are merged, any other value is replaced.
pub(crate) fn lay_over(below: &mut Fields, name: &str, part: Fields) {
    let part =
        key_path(name).into_iter().rev().fold(part, |inside, key| Fields(vec![(key.to_owned(), Value::Map(inside))]));
    merge(below, part);
}

fn merge(below: &mut Fields, above: Fields) {
    for (key, value) in above.0 {
        let known = below.0.iter_mut().rfind(|(known, _)| known.eq_ignore_ascii_case(&key));
        match (known, value) {
            (Some((_, Value::Map(below))), Value::Map(above)) => merge(below, above),
            (Some((_, below)), value) => *below = value,
            (None, value) => below.0.push((key, value)),
        }
    }
}
