//! The settings in Hexo's configuration that affect permalinks besides the pattern: `permalink_defaults`,
//! `default_category`, `category_map`, `tag_map`, `filename_case`, `new_post_name`, `pretty_urls` and
//! `post_asset_folder`.
//!
//! `config` parses them. Other generators use the default value.

use super::slug::slugize;
use crate::content_path::ContentPath;
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PermalinkConfig {
    /// Values of front matter keys that an article does not have.
    pub defaults: Vec<(String, String)>,
    /// The category in the permalinks of articles that have none.
    pub default_category: Option<String>,
    /// The path that replaces a category, by the category's own name without its ancestors.
    pub category_map: Vec<(String, String)>,
    /// The path that replaces a tag, by its name.
    pub tag_map: Vec<(String, String)>,
    pub letters: Letters,
    /// The pattern of file names; the part that matches `:title` is the slug.
    pub new_post_name: Option<String>,
    /// Which endings are removed from permalinks.
    pub trailing: Trailing,
    /// Whether a path set by the front matter is a directory.
    pub asset_folders: bool,
}

/// The letter case that `filename_case` sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Letters {
    #[default]
    Kept,
    Small,
    Capital,
}

/// The part of a permalink's end that Hexo's `pretty_urls` keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Trailing {
    #[default]
    Whole,
    /// All but `index.html`.
    NoIndex,
    /// All but `.html`, unless the name is `index.html`.
    NoExtension,
    /// Neither `index.html` nor `.html`.
    Bare,
}

impl Trailing {
    /// Returns the path without the ending that `pretty_urls` removes.
    pub(crate) fn cut(self, path: &str) -> &str {
        let stem = path.strip_suffix("index.html").filter(|stem| stem.is_empty() || stem.ends_with('/'));
        match (self, stem) {
            (Self::NoIndex | Self::Bare, Some(stem)) => stem,
            (Self::NoExtension | Self::Bare, None) => path.strip_suffix(".html").unwrap_or(path),
            _ => path,
        }
    }
}

impl PermalinkConfig {
    /// Returns the path of a page. Hexo puts an asset folder beside its page, which is in a directory therefore.
    pub(crate) fn in_directory(&self, mut path: String) -> String {
        if self.asset_folders && !path.ends_with('/') && path.strip_suffix(".html").is_none() {
            path.push('/');
        }
        path
    }

    /// Returns Hexo's slug of a post.
    pub(crate) fn slug(&self, place: &ContentPath) -> String {
        let path = path(place);
        match &self.new_post_name {
            Some(rule) => by_rule(rule, path),
            None => path.to_owned(),
        }
    }

    /// Returns the path that Hexo gives a category. `category_map` applies to the name of each component, then the
    /// result is slugized.
    pub(crate) fn category_slug(&self, path: &[Name]) -> String {
        let part = |name: &Name| {
            let spelled = &**name.spelled();
            let mapped = self.category_map.iter().find(|(known, _)| known == spelled).map_or(spelled, |(_, slug)| slug);
            let slug = slugize(mapped);
            match self.letters {
                Letters::Kept => slug,
                Letters::Small => slug.to_lowercase(),
                Letters::Capital => slug.to_uppercase(),
            }
        };
        path.iter().map(part).collect::<Vec<_>>().join("/")
    }
}

/// Returns the slug of a post on a site that sets `new_post_name`. `path` is relative to `_posts` and has no
/// extension.
fn by_rule(rule: &str, path: &str) -> String {
    let title = parts_of(rule, path).and_then(|parts| parts.into_iter().rfind(|(name, _)| *name == "title"));
    title.map_or_else(|| slugize(path), |(_, title)| title.to_owned())
}

/// Returns the path of a post below `_posts`, without its extension.
fn path(place: &ContentPath) -> &str {
    let path = place.as_str();
    let path = below(path, "_posts")
        .or_else(|| below(path, "_drafts"))
        .or_else(|| path.strip_prefix("source/"))
        .unwrap_or(path);
    let slug = path.strip_suffix(place.extension()).and_then(|path| path.strip_suffix('.'));
    slug.filter(|_| !place.extension().is_empty()).unwrap_or(path)
}

/// Returns the part of the path after the component `directory`; `None` if there is no such component.
fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    path.match_indices(directory).find_map(|(at, _)| {
        let starts = at == 0 || path[..at].ends_with('/');
        path[at + directory.len()..].strip_prefix('/').filter(|_| starts)
    })
}

/// Returns the names in `new_post_name`, each with the text that it matches; `None` if the rule does not match the whole
/// path.
fn parts_of<'a>(rule: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let rule = rule.rsplit_once('.').map_or(rule, |(rule, _)| rule);
    matched(rule, path).map(|mut parts| {
        parts.reverse();
        parts
    })
}

/// Like [`parts_of`], for a rule without an extension, the last name first.
fn matched<'a>(rule: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let Some(colon) = rule.find(':') else {
        return (rule == path).then(Vec::new);
    };
    let rest = path.strip_prefix(&rule[..colon])?;
    let behind = &rule[colon + 1..];
    let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(behind.len());
    let name = behind[..end].trim_end_matches('_');
    let behind = &behind[name.len()..];
    let digits =
        |length: usize| rest.get(..length).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).map(str::len);
    let lengths: Vec<usize> = match name {
        "year" => digits(4).into_iter().collect(),
        "month" | "day" => digits(2).into_iter().collect(),
        "i_month" | "i_day" => digits(2).into_iter().chain(digits(1)).collect(),
        // The shortest text that lets the rest of the rule match.
        _ => rest.char_indices().map(|(at, c)| at + c.len_utf8()).collect(),
    };
    lengths.into_iter().find_map(|length| {
        let mut parts = matched(behind, &rest[length..])?;
        parts.push((name, &rest[..length]));
        Some(parts)
    })
}

/// The pattern of file names, if parts of a name are front matter, as in `:category/:title.md`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct NameKeys(Option<String>);

impl NameKeys {
    /// The names that are no keys of the front matter: Hexo reads them otherwise.
    const OTHERS: [&str; 7] = ["title", "year", "month", "day", "i_month", "i_day", "hash"];

    pub(super) fn of(new_post_name: Option<String>) -> Self {
        let is_key = |part: &str| {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
            !Self::OTHERS.contains(&part[..end].trim_end_matches('_'))
        };
        Self(new_post_name.filter(|rule| rule.split(':').skip(1).any(is_key)))
    }

    /// Adds the parts of the name to the front matter, which they override.
    pub(crate) fn laid_over(&self, place: &ContentPath, mut fields: Fields) -> Fields {
        if let Some(rule) = &self.0 {
            let parts = parts_of(rule, path(place)).into_iter().flatten();
            let keys = parts.filter(|(name, _)| !Self::OTHERS.contains(name));
            fields.0.extend(keys.map(|(name, text)| (name.to_owned(), Value::Text(text.to_owned()))));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_post_name_decides_the_slug() {
        assert_eq!(by_rule(":title.md", "lorem/Hello_x"), "lorem/Hello_x");
        assert_eq!(by_rule(":year-:month-:day-:title.md", "2020-01-02-a-b"), "a-b");
        assert_eq!(by_rule(":year-:month-:day-:title.md", "lorem/a_b.c"), "lorem-a-b-c");
        assert_eq!(by_rule(":year/:i_month-:i_day/:title.md", "2020/1-12/é"), "é");
        assert_eq!(by_rule(":category/:title.md", "x/y/z"), "y/z");
        assert_eq!(by_rule("post.md", "post"), "post");
        let keys = |rule: &str, place: &str| {
            let fields = NameKeys::of(Some(rule.to_owned())).laid_over(&ContentPath::new(place), Fields::default());
            fields.0.iter().map(|(key, value)| format!("{key}={}", value.as_text().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(keys(":lang/:category/:title.md", "source/_posts/en/x y/z/a.md"), ["lang=en", "category=x y"]);
        assert!(keys(":year-:title.md", "_posts/2020-a.md").is_empty() && keys(":lang/:title.md", "a.md").is_empty());
        let dated = PermalinkConfig { new_post_name: Some(":year-:title.md".to_owned()), ..PermalinkConfig::default() };
        assert_eq!(dated.slug(&ContentPath::new("source/_posts/2020-a_b.md")), "a_b");
        assert_eq!(PermalinkConfig::default().slug(&ContentPath::new("source/_posts/a/B_c.d.md")), "a/B_c.d");
    }

    #[test]
    fn pretty_urls_removes_endings() {
        for (path, whole, no_index, no_extension, bare) in [
            ("a/index.html", "a/index.html", "a/", "a/index.html", "a/"),
            ("a.html", "a.html", "a.html", "a", "a"),
            ("a/", "a/", "a/", "a/", "a/"),
            ("myindex.html", "myindex.html", "myindex.html", "myindex", "myindex"),
        ] {
            let cut = |trailing: Trailing| trailing.cut(path);
            assert_eq!(
                [Trailing::Whole, Trailing::NoIndex, Trailing::NoExtension, Trailing::Bare].map(cut),
                [whole, no_index, no_extension, bare]
            );
        }
    }
}
