//! Jekyll's `defaults`: front matter by path and type.
//!
//! Knows Jekyll's rules of scope and precedence. Does not know what a key
//! means, nor how front matter is laid over it.

use crate::syntax::front_matter::{Fields, Value};

/// Front matter for all articles in a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// The path or glob they are below, from the site's root; empty: any.
    pub path: String,
    /// `posts`, `drafts`, `pages` or a collection; none: any.
    pub kind: Option<String>,
    /// The keys.
    pub values: Fields,
}

impl Defaults {
    /// The sets of a configuration; what has no values is left out.
    pub fn parse(value: Option<&Value>) -> Vec<Self> {
        let set = |value: &Value| {
            let Value::Map(set) = value else {
                return None;
            };
            let Some(Value::Map(values)) = set.get("values") else {
                return None;
            };
            let path = set.get("scope.path").and_then(Value::as_text).map(str::to_owned).unwrap_or_default();
            let path = path.trim_start_matches("./").trim_matches('/').to_owned();
            Some(Self {
                path,
                kind: set.get("scope.type").and_then(Value::as_text).map(str::to_owned),
                values: values.clone(),
            })
        };
        value.into_iter().flat_map(Value::elements).filter_map(set).collect()
    }

    fn applies(&self, place: &str, kind: &str) -> bool {
        if self.kind.as_deref().is_some_and(|wanted| wanted.trim_end_matches('s') != kind.trim_end_matches('s')) {
            return false;
        }
        let path = &*self.path;
        if path.is_empty() {
            return true;
        }
        // The content directory may be `_posts` itself, which Jekyll counts.
        let whole = format!("_posts/{place}");
        let bare = kind == "posts" && !place.contains("_posts/");
        let places = [Some(place), bare.then_some(&*whole)];
        places
            .into_iter()
            .flatten()
            .any(|place| if path.contains('*') { is_below_glob(path, place) } else { is_below(path, place) })
    }
}

fn is_below(directory: &str, place: &str) -> bool {
    place.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a glob names the place, or a directory above it.
fn is_below_glob(glob: &str, place: &str) -> bool {
    let glob: Vec<&str> = glob.split('/').collect();
    let place: Vec<&str> = place.split('/').collect();
    // Which parts of the glob may come next. One step a part, so that no
    // glob takes longer than its length times the path's.
    let mut next = vec![false; glob.len() + 1];
    next[0] = true;
    for part in std::iter::once(None).chain(place.iter().map(Some)) {
        if let Some(part) = part {
            let mut after = vec![false; glob.len() + 1];
            for (at, pattern) in glob.iter().enumerate().filter(|&(at, _)| next[at]) {
                if *pattern == "**" {
                    after[at] = true;
                } else if matches(pattern, part) {
                    after[at + 1] = true;
                }
            }
            next = after;
        }
        for at in 0..glob.len() {
            if next[at] && glob[at] == "**" {
                next[at + 1] = true;
            }
        }
        if next[glob.len()] {
            return true;
        }
    }
    false
}

/// Whether a pattern with `*` is the whole name.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// The keys for the article at `place`, those of closer scopes behind those of
/// wider ones, since of equal keys the last counts.
pub fn of(defaults: &[Defaults], place: &str) -> Fields {
    if defaults.is_empty() {
        return Fields::default();
    }
    let kind = kind(place);
    let mut sets: Vec<&Defaults> = defaults.iter().filter(|set| set.applies(place, kind)).collect();
    // Jekyll: a longer path is closer; of equal ones, that with a type; then the later.
    sets.sort_by_key(|set| (set.path.len(), set.kind.is_some()));
    Fields(sets.into_iter().flat_map(|set| set.values.0.iter().cloned()).collect())
}

/// An article's own fields over its defaults, as Jekyll lays them: nothing
/// written is no value, tables are merged, and categories add up.
pub fn laid_under(defaults: Fields, own: Fields) -> Fields {
    let count = defaults.0.len();
    let mut fields = defaults;
    for (key, value) in own.0 {
        let below = fields.0[..count].iter().rposition(|(known, _)| known.eq_ignore_ascii_case(&key));
        let value = match (below.map(|at| fields.0[at].1.clone()), value) {
            (Some(_), Value::Null) => continue,
            (Some(Value::Map(below)), Value::Map(above)) => Value::Map(laid_under(below, above)),
            (Some(below), above) if key.eq_ignore_ascii_case("categories") => {
                Value::List([names(below), names(above)].concat())
            }
            (_, value) => value,
        };
        fields.0.push((key, value));
    }
    fields
}

/// What a list of categories names, which may be a text.
fn names(value: Value) -> Vec<Value> {
    match value {
        Value::Text(text) => text.split_whitespace().map(|word| Value::Text(word.to_owned())).collect(),
        Value::List(list) => list,
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

/// What Jekyll takes the file at `place` for. Below no directory with an
/// underscore it is a post if its name begins with a date: then the content
/// directory is `_posts` itself.
fn kind(place: &str) -> &str {
    let directories = place.rsplit_once('/').map_or("", |(directories, _)| directories);
    let special = directories.split('/').filter_map(|part| part.strip_prefix('_')).find(|name| !name.is_empty());
    special.unwrap_or_else(|| if is_dated(place) { "posts" } else { "pages" })
}

fn is_dated(place: &str) -> bool {
    let name = place.rsplit('/').next().unwrap_or(place);
    let mut parts = name.splitn(4, '-');
    let mut number = |lengths: std::ops::RangeInclusive<usize>| {
        parts.next().is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    number(2..=4) && number(1..=2) && number(1..=2) && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn fields(yaml: &str) -> Fields {
        front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields
    }

    #[test]
    fn own_fields_are_laid_over_defaults_as_jekyll_does() {
        let defaults = fields("categories: [a, b]\nimage: {path: d.png, alt: d}\nlang: de\nauthor: x");
        let laid = laid_under(defaults, fields("Categories: c b\nimage: {path: own.png}\nlang:\nauthor: y"));
        let text = |key| laid.get(key).and_then(Value::as_text);
        let names: Vec<_> = laid.get("categories").unwrap().elements().iter().filter_map(Value::as_text).collect();
        assert_eq!(names, ["a", "b", "c", "b"]);
        assert_eq!((text("image.path"), text("image.alt")), (Some("own.png"), Some("d")));
        assert_eq!((text("lang"), text("author")), (Some("de"), Some("y")));
    }
}
