//! Jekyll's `defaults`: front matter values for all articles of a path and type.
//!
//! [`of`] selects the values for an article by Jekyll's rules of scope and precedence, and [`laid_under`] merges them
//! with its own front matter.

use crate::content_path::{directory, file_name};
use crate::syntax::front_matter::{Fields, Value};

/// Front matter values for all articles in a scope.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Defaults {
    /// The directory or glob that articles must be below, relative to the site's root; empty: any.
    pub(crate) path: String,
    /// `posts`, `drafts`, `pages` or a collection; `None`: any.
    pub(crate) kind: Option<String>,
    /// The front matter of these articles.
    pub(crate) values: Fields,
}

impl Defaults {
    /// Parses the list in a configuration; skips sets without values.
    pub(crate) fn parse(value: Option<&Value>) -> Vec<Self> {
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
        // The content directory may be `_posts` itself. Jekyll's paths include it.
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

/// Whether a glob matches the path or one of its parent directories.
fn is_below_glob(glob: &str, place: &str) -> bool {
    let glob: Vec<&str> = glob.split('/').collect();
    let place: Vec<&str> = place.split('/').collect();
    // `next[i]` means that component `i` of the glob may match next. All alternatives advance together, so the time is
    // bounded by the length of the glob times the length of the path.
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

/// Whether a pattern with `*` matches the whole name.
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

/// Returns the values for the article at `place`. Values of narrower scopes follow those of wider ones, because the
/// last of several equal keys counts.
pub(crate) fn of(defaults: &[Defaults], place: &str) -> Fields {
    if defaults.is_empty() {
        return Fields::default();
    }
    let kind = kind(place);
    let mut sets: Vec<&Defaults> = defaults.iter().filter(|set| set.applies(place, kind)).collect();
    // Jekyll's precedence: the longer path, then the set with a type, then the later set.
    sets.sort_by_key(|set| (set.path.len(), set.kind.is_some()));
    Fields(sets.into_iter().flat_map(|set| set.values.0.iter().cloned()).collect())
}

/// Merges an article's own fields with its defaults, like Jekyll: a key without a value is ignored, tables are merged,
/// and categories are added.
pub(crate) fn laid_under(defaults: Fields, own: Fields) -> Fields {
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

/// The names in a value of `categories`, which is a list or a text.
fn names(value: Value) -> Vec<Value> {
    match value {
        Value::Text(text) => text.split_whitespace().map(|word| Value::Text(word.to_owned())).collect(),
        Value::List(list) => list,
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

/// The type that Jekyll gives the file at `place`, from the name of the first directory with an underscore. Without
/// such a directory, a file whose name begins with a date is a post, because the content directory may be `_posts`
/// itself.
fn kind(place: &str) -> &str {
    let special = directory(place).split('/').filter_map(|part| part.strip_prefix('_')).find(|name| !name.is_empty());
    special.unwrap_or_else(|| if is_dated(place) { "posts" } else { "pages" })
}

fn is_dated(place: &str) -> bool {
    let mut parts = file_name(place).splitn(4, '-');
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
    fn own_fields_override_defaults_by_the_rules_of_jekyll() {
        let defaults = fields("categories: [a, b]\nimage: {path: d.png, alt: d}\nlang: de\nauthor: x");
        let laid = laid_under(defaults, fields("Categories: c b\nimage: {path: own.png}\nlang:\nauthor: y"));
        let text = |key| laid.get(key).and_then(Value::as_text);
        let names: Vec<_> = laid.get("categories").unwrap().elements().iter().filter_map(Value::as_text).collect();
        assert_eq!(names, ["a", "b", "c", "b"]);
        assert_eq!((text("image.path"), text("image.alt")), (Some("own.png"), Some("d")));
        assert_eq!((text("lang"), text("author")), (Some("de"), Some("y")));
    }
}
