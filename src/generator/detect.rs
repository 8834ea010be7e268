//! Detects which generator a site belongs to.
//!
//! `disk` lists the content directory and the directories above it, and reads the files for which [`mark`] needs a
//! text. The nearest mark decides; in one directory, a configuration precedes a package manifest. If there is none, the
//! layout of the content directory and the form of its file names decide, see [`LayoutEvidence`].

use std::cmp::Reverse;

use super::{ALL, Generator, config_syntax, hexo, hugo, jekyll, obsidian, plain, zola};
use crate::syntax::front_matter::{Fields, Value};

/// How many directories are searched: the content directory and those above it.
pub(crate) const LEVELS: u8 = 5;

/// What only the sites of one generator have.
pub(crate) struct Marks {
    /// Its configuration files and directories. `*` is one of [`EXTENSIONS`].
    pub names: &'static [&'static str],
    /// Keys of its configuration, for files whose names other programs use too. The first one suffices.
    pub keys: &'static [&'static str],
    /// Packages that its sites depend on.
    pub packages: &'static [&'static str],
}

impl Marks {
    pub(crate) const NONE: Self = Self { names: &[], keys: &[], packages: &[] };
}

const EXTENSIONS: [&str; 10] = ["js", "cjs", "mjs", "ts", "mts", "cts", "toml", "yaml", "yml", "json"];

/// Files that list the packages of a site.
const MANIFESTS: [&str; 7] =
    ["package.json", "Gemfile", "requirements.txt", "pyproject.toml", "deno.json", "deno.jsonc", "import_map.json"];

/// Names that are evidence only together with others, see [`LayoutEvidence`].
const LAYOUT: [&str; 7] = ["archetypes", "_index.md", "_posts", "_layouts", "_includes", "_sass", ".obsidian"];

/// A sign of a generator. In one directory, the lesser mark precedes the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    Configuration,
    Manifest,
    Layout,
}

/// Whether a file or directory of this name may be evidence.
pub(crate) fn is_evidence(name: &str) -> bool {
    named(name).is_some() || has_text(name) || LAYOUT.contains(&name)
}

/// Whether the text of a file of this name may be evidence.
pub(crate) fn has_text(name: &str) -> bool {
    MANIFESTS.contains(&name) || ALL.iter().any(|generator| generator.configuration.names.contains(&name))
}

/// The generator whose sites alone have a file or directory of this name.
pub(crate) fn named(name: &str) -> Option<Generator> {
    let is = |pattern: &&'static str| match pattern.strip_suffix('*') {
        Some(start) => name.strip_prefix(start).is_some_and(|extension| EXTENSIONS.contains(&extension)),
        None => *pattern == name,
    };
    ALL.into_iter().find(|generator| generator.marks.names.iter().any(is))
}

/// The generator that splits its configuration into files of this name, see [`config_parts`](super::config_parts).
pub(crate) fn named_part(name: &str) -> Option<Generator> {
    let word = name.split('.').next().unwrap_or_default();
    let words = ["hugo", "config", "params", "languages", "menus", "menu", "markup", "module", "permalinks"];
    words.contains(&word).then_some(hugo::HUGO)
}

/// The generator that the text of a file is a sign of, and the reason for the log. `path` leads to the file.
pub(crate) fn mark(name: &str, text: &str, path: &str) -> Option<(MarkKind, Generator, String)> {
    if MANIFESTS.contains(&name) {
        let named = packages(name, text);
        let of = |generator: Generator| {
            generator.marks.packages.iter().find(|package| named.iter().any(|name| name == *package))
        };
        let (generator, package) = ALL.into_iter().find_map(|generator| Some((generator, of(generator)?)))?;
        return Some((MarkKind::Manifest, generator, format!("`{path}` has the package `{package}`")));
    }
    let (fields, _) = config_syntax::fields(name, text).ok()?;
    let with_keys =
        ALL.into_iter().filter(|generator| generator.configuration.names.contains(&name)).map(|generator| {
            let keys = generator.marks.keys.iter().filter(|key| fields.get(key).is_some());
            (generator, keys.copied().collect::<Vec<_>>())
        });
    let (generator, keys) = with_keys.min_by_key(|(_, keys)| Reverse(keys.len()))?;
    // `config.yml` may belong to any program, `_config.yml` only to Hexo and Jekyll.
    let suffices = name.starts_with('_') || keys.len() > 1 || keys.first() == generator.marks.keys.first();
    let key = keys.first().filter(|_| suffices)?;
    Some((MarkKind::Configuration, generator, format!("`{path}` has `{key}`")))
}

/// Returns the packages that a manifest may name.
fn packages(name: &str, text: &str) -> Vec<String> {
    if name == "package.json" {
        return packages_in(&config_syntax::fields(name, text).map(|(fields, _)| fields).unwrap_or_default());
    }
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(['#', '/']));
    lines.flat_map(|line| line.split(move |c| !joins(c))).map(str::to_owned).collect()
}

/// Returns the packages that a `package.json` with these fields names.
pub(crate) fn packages_in(fields: &Fields) -> Vec<String> {
    let of = |key: &str| match fields.get(key) {
        Some(Value::Map(Fields(packages))) => packages.iter().map(|(name, _)| name.clone()).collect(),
        _ => Vec::new(),
    };
    ["dependencies", "devDependencies", "peerDependencies"].into_iter().flat_map(of).collect()
}

/// The layout of a content directory without marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct LayoutEvidence {
    /// The names in the content directory and its parent for which [`is_evidence`] holds.
    pub names: Vec<String>,
    /// Whether the content directory is `source/_posts`, or there is one in it or in its parent.
    pub source_posts: bool,
    /// The first bytes of an `_index.md` near the top, see [`INDEX_FILES`].
    pub index: Option<Vec<u8>>,
    /// Whether there is an `_index.md` further below.
    pub has_deep_index: bool,
    /// How many texts there are in directories called `_posts`, if there is one; with a date in their names, and
    /// without.
    pub posts: Option<(usize, usize)>,
    /// Whether there is a page of all tags or all categories, as in Hexo's `source`.
    pub has_list_page: bool,
}

/// Where an `_index.md` counts, relative to the content directory, in order of precedence.
pub(crate) const INDEX_FILES: [&str; 3] = ["_index.md", "content/_index.md", "../_index.md"];

impl LayoutEvidence {
    /// The generator whose layout this is, and the reason for the log.
    pub(crate) fn generator(&self) -> Option<(Generator, String)> {
        let has = |names: &[&str]| self.names.iter().find(|name| names.contains(&name.as_str()));
        if self.index.as_deref().is_some_and(opens_with_toml) {
            return Some((zola::ZOLA, "an `_index.md` opens with `+++`".to_owned()));
        }
        if has(&["archetypes"]).is_some() {
            return Some((hugo::HUGO, "`archetypes` is there".to_owned()));
        }
        if self.index.is_some() {
            return Some((hugo::HUGO, "an `_index.md` is there".to_owned()));
        }
        if self.source_posts {
            return Some((hexo::HEXO, "`source/_posts` is there".to_owned()));
        }
        if let Some((dated, undated)) = self.posts {
            return Some(match has(&["_layouts", "_includes", "_sass", "_config.yml"]) {
                Some(name) => (jekyll::JEKYLL, format!("`_posts` and `{name}` are there")),
                None if self.has_list_page => (hexo::HEXO, "`_posts` and a page of tags or categories".to_owned()),
                // Jekyll does not publish posts without a date in their names.
                None if undated * 3 > dated => (hexo::HEXO, "`_posts` is there, with names without dates".to_owned()),
                None => (jekyll::JEKYLL, "`_posts` is there".to_owned()),
            });
        }
        if self.has_deep_index {
            return Some((hugo::HUGO, "an `_index.md` is there".to_owned()));
        }
        has(&[".obsidian"]).map(|name| (obsidian::OBSIDIAN, format!("`{name}` is there")))
    }
}

/// Zola's section pages have TOML front matter, while Hugo's have YAML by default.
fn opens_with_toml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"+++")
}

/// Whether the name of a post begins with a date, as Jekyll's must.
pub(crate) fn is_dated(name: &str) -> bool {
    jekyll::without_date(name).is_some()
}

/// The generator of a site without evidence.
pub(crate) fn unknown() -> (Generator, String) {
    (plain::PLAIN, "plain: no sign of a generator".to_owned())
}

/// The text by which a configuration keeps a mark, see [`decided`].
pub(crate) fn verdict(generator: Generator, reason: &str) -> String {
    format!("{}: {reason}", generator.as_str())
}

/// The generator of a [`verdict`].
pub(crate) fn decided(verdict: &str) -> Option<(Generator, String)> {
    let (key, _) = verdict.split_once(": ")?;
    let generator = ALL.into_iter().find(|generator| generator.as_str() == key)?;
    Some((generator, verdict.to_owned()))
}

#[cfg(test)]
mod tests;
