//! Jekyll's `defaults`: front matter values for all articles of a path and type.
//!
//! [`of`] selects the values for an article by Jekyll's rules of scope and precedence, and [`laid_under`] merges them
//! with its own front matter.

use super::jekyll;
use crate::content_path::{directory, file_name};
use crate::syntax::front_matter::{Fields, Value};
use crate::syntax::glob::Glob;

/// Front matter values for all articles in a scope.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Defaults {
    /// The directory or glob that articles must be below, relative to the site's root; empty: any.
    pub(crate) path: String,
    /// The glob in `path`, if it is one.
    glob: Option<Glob>,
    /// The directory of the collections, which neither `path` nor the places compared with it have.
    collections: String,
    /// `posts`, `drafts`, `pages` or a collection; `None`: any.
    pub(crate) kind: Option<String>,
    /// The front matter of these articles.
    pub(crate) values: Fields,
}

impl Defaults {
    /// Parses the list in a configuration; skips sets without values and those with an invalid glob. `collections` is
    /// the value of `collections_dir`, or empty.
    pub(crate) fn parse(value: Option<&Value>, collections: &str) -> Vec<Self> {
        let set = |value: &Value| {
            let Value::Map(set) = value else {
                return None;
            };
            let Some(Value::Map(values)) = set.get("values") else {
                return None;
            };
            let path = set.get("scope.path").and_then(Value::as_text).map(str::to_owned).unwrap_or_default();
            let path = outside(collections, path.trim_start_matches("./").trim_matches('/')).to_owned();
            // For Jekyll, a path without `*` is not a glob.
            let glob = if path.contains('*') { Some(Glob::new(&path)?) } else { None };
            Some(Self {
                path,
                glob,
                collections: collections.to_owned(),
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
        let place = outside(&self.collections, place);
        // The content directory may be `_posts` itself. Jekyll's paths include it.
        let whole = format!("_posts/{place}");
        let bare = kind == "posts" && !place.contains("_posts/");
        let places = [Some(place), bare.then_some(&*whole)];
        places.into_iter().flatten().any(|place| match &self.glob {
            Some(glob) => glob.is_match_or_above(place),
            None => is_below(path, place),
        })
    }
}

/// Returns the path without the directory of the collections (`strip_collections_dir` of Jekyll).
fn outside<'a>(collections: &str, path: &'a str) -> &'a str {
    let below = path.strip_prefix(collections).filter(|_| !collections.is_empty());
    below.and_then(|below| below.strip_prefix('/')).unwrap_or(path)
}

fn is_below(directory: &str, place: &str) -> bool {
    place.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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

/// The type that Jekyll gives the file at `place`, from the name of its collection. Without
/// such a directory, a file whose name begins with a date is a post, because the content directory may be `_posts`
/// itself.
fn kind(place: &str) -> &str {
    let mut parts = directory(place).split('/');
    if parts.clone().any(|part| part == "_posts") {
        return "posts";
    }
    let special = parts.find_map(|part| part.strip_prefix('_').filter(|name| !name.is_empty()));
    special.unwrap_or_else(|| if jekyll::without_date(file_name(place)).is_some() { "posts" } else { "pages" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn fields(yaml: &str) -> Fields {
        front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields
    }

    #[test]
    fn a_scope_needs_no_directory_of_collections() {
        let fields = fields(
            "defaults:\n- {scope: {path: 'news/_posts'}, values: {x: y}}\n- {scope: {path: all/_x}, values: {x: z}}",
        );
        let defaults = Defaults::parse(fields.get("defaults"), "all");
        let value = |place: &str| of(&defaults, place).get("x").and_then(Value::as_text).map(str::to_owned);
        for place in ["news/_posts/a.md", "all/news/_posts/b/a.md"] {
            assert_eq!(value(place).as_deref(), Some("y"), "{place}");
        }
        assert_eq!(value("all/_x/a.md").as_deref(), Some("z"));
        assert_eq!(value("alles/news/_posts/a.md"), None);
    }

    #[test]
    fn a_scope_is_a_directory_or_a_glob() {
        let set = |path: &str| format!("\n- {{scope: {{path: '{path}'}}, values: {{x: y}}}}");
        let applies = |path: &str, place: &str| {
            let defaults = Defaults::parse(fields(&format!("defaults:{}", set(path))).get("defaults"), "");
            !of(&defaults, place).0.is_empty()
        };
        for (path, place, expected) in [
            ("", "a.md", true),
            ("a", "a/b.md", true),
            ("a", "ab.md", false),
            ("a[b]", "ab/c.md", false),
            ("**", "a.md", true),
            ("section/*", "section/a/b/c.md", true),
            ("section/*", "x/section/a.md", false),
            ("**/draft-*", "a/b/draft-1/c.md", true),
            ("**/draft-*", "draft-2.md", true),
            ("a/**/c*e", "a/b/cde.md", false),
            ("a/**/c*e", "a/cde/f.md", true),
            ("_posts/20*", "2020-01-01-a.md", true),
            ("{a,b}/*", "b/c.md", true),
            ("*[", "a[", false),
        ] {
            assert_eq!(applies(path, place), expected, "{path} {place}");
        }
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
