//! A configuration that is spread over files: Hugo's `config/_default/params.en.toml` and the like.
//!
//! Knows which file stands for which key, and how one is laid over another. Opens nothing.
//! <https://gohugo.io/configuration/introduction/#configuration-directory>

use crate::syntax::front_matter::{Fields, Value};

/// Where such files are, below a site, those that count more behind: a site is built for production where nothing
/// else is said.
pub const DIRECTORIES: [&str; 2] = ["config/_default", "config/production"];

/// Whether a name in such a directory is that of a part.
pub fn is_part(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !name.starts_with('.') && ["toml", "yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The key under which the fields of a file stand; none for a whole configuration.
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

/// A part over what is there: tables are merged, of other values the last counts.
pub fn lay_over(below: &mut Fields, name: &str, part: Fields) {
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
