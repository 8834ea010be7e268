//! Finds lists of names that are longer than [`MOST`], and categories that are deeper than [`DEEPEST`].

use super::{DEEPEST, Lists, MOST};
use crate::syntax::front_matter::{Fields, Value};

/// The keys whose lists are too long, each with a message. The extra names are ignored.
pub(crate) fn excess(fields: &Fields, lists: Lists) -> impl Iterator<Item = (&str, String)> {
    const CATEGORIES: [&str; 2] = ["categories", "category"];
    const OTHERS: [&str; 4] = ["tags", "tag", "authors", "author"];
    let is_one_of = |keys: &[&str], key: &str| keys.iter().any(|known| key.eq_ignore_ascii_case(known));
    let tables = fields.0.iter().filter(|(key, _)| ["taxonomies", "params", "extra"].contains(&&**key));
    let inside = tables.filter_map(|(_, value)| if let Value::Map(inside) = value { Some(&inside.0) } else { None });
    let all = std::iter::once(&fields.0).chain(inside).flatten();
    let known = all.filter(move |(key, _)| is_one_of(&CATEGORIES, key) || is_one_of(&OTHERS, key));
    known.filter_map(move |(key, value)| {
        let is_path = lists == Lists::Path && is_one_of(&CATEGORIES, key);
        let (levels, names) = (if is_path { levels(value) } else { 1 }, count(value));
        let message = if levels > DEEPEST {
            format!("`{key}` has {levels} levels, of which the first {DEEPEST} count")
        } else {
            (names > MOST).then(|| format!("`{key}` has {names} names, of which the first {MOST} count"))?
        };
        Some((&**key, message))
    })
}

/// The levels of the deepest category in a list of paths, or in a list that is itself a path.
fn levels(value: &Value) -> usize {
    let Value::List(list) = value else {
        return 1;
    };
    let nested = list.iter().filter_map(|path| if let Value::List(path) = path { Some(path.len()) } else { None });
    nested.max().unwrap_or(list.len())
}

fn count(value: &Value) -> usize {
    match value {
        Value::List(list) => list.iter().map(count).sum(),
        _ => 1,
    }
}
