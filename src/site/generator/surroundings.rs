//! Which generator a directory belongs to, by the names that are found.
//!
//! The first match wins: `hugo.*`, `archetypes` or an `_index.md` is Hugo
//! (Zola where an `_index.md` opens with `+++` and there is no `hugo.*`);
//! `source/_posts` is Hexo; `_posts` is Jekyll. Judges names; looks at no disk.

use crate::article::Dialect;

/// What the rule looks at. Three listings of a directory and a few bytes of
/// a file are enough to fill it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Names in the content directory; those that are telling suffice.
    pub here: Vec<String>,
    /// Names in its parent; likewise.
    pub above: Vec<String>,
    /// The path of the content directory, resolved, `/` between its parts.
    pub path: String,
    /// Whether there is a directory `source/_posts` in the content directory
    /// or its parent.
    pub source_posts: bool,
    /// The first bytes, sixteen or more, of the first `_index.md` that there is
    /// at one of [`index_places`], or one directory below the content
    /// directory or its `content`, the names of directories in order.
    pub index: Option<Vec<u8>>,
}

/// Where an `_index.md` counts besides, from the content directory, in order:
/// itself, its `content`, its parent. (One directory deeper it counts in the
/// first two: `content/en/_index.md`.)
pub fn index_places() -> [&'static str; 3] {
    ["_index.md", "content/_index.md", "../_index.md"]
}

/// Whether a name in a directory decides anything: the rest need not be kept.
pub fn is_telling(name: &str) -> bool {
    is_hugo_file(name) || matches!(name, "archetypes" | "_index.md" | "_posts")
}

fn is_hugo_file(name: &str) -> bool {
    name.strip_prefix("hugo.").is_some_and(|extension| !extension.is_empty())
}

/// The dialect, and a reason for the log.
pub fn dialect(surroundings: &Surroundings) -> (Dialect, String) {
    let named = |wanted: &dyn Fn(&str) -> bool| {
        surroundings.here.iter().chain(&surroundings.above).map(String::as_str).find(|name| wanted(name))
    };
    let hugo_file = named(&is_hugo_file);
    let index = surroundings.index.as_deref();
    if let Some(name) = hugo_file {
        return (Dialect::Hugo, format!("hugo: `{name}` is there"));
    }
    if index.is_some_and(opens_with_toml) {
        return (Dialect::Zola, "zola: an `_index.md` opens with `+++`".to_owned());
    }
    if named(&|name| name == "archetypes").is_some() {
        return (Dialect::Hugo, "hugo: `archetypes` is there".to_owned());
    }
    if index.is_some() || named(&|name| name == "_index.md").is_some() {
        return (Dialect::Hugo, "hugo: an `_index.md` is there".to_owned());
    }
    let path = surroundings.path.trim_end_matches('/');
    if path == "source/_posts" || path.ends_with("/source/_posts") {
        return (Dialect::Hexo, "hexo: the content directory is `source/_posts`".to_owned());
    }
    if surroundings.source_posts {
        return (Dialect::Hexo, "hexo: `source/_posts` is there".to_owned());
    }
    if named(&|name| name == "_posts").is_some() {
        return (Dialect::Jekyll, "jekyll: `_posts` is there".to_owned());
    }
    (Dialect::Plain, "plain: no sign of Hexo, Jekyll, Hugo or Zola".to_owned())
}

fn opens_with_toml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"+++")
}

/// Names of configuration files, to be asked for in this order, each in the
/// content directory and then in its parent; the first that is there counts.
pub fn candidates(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Hexo => &["_config.yml", "_config.yaml", "_config.json"],
        Dialect::Jekyll => &["_config.yml", "_config.yaml", "_config.toml"],
        Dialect::Hugo => &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
        ],
        Dialect::Zola => &["zola.toml", "config.toml"],
        Dialect::Plain => &[],
    }
}
