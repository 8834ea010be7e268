//! Addresses of the past: what site.yaml says moved or is gone, and the feed
//! addresses of other generators.

use std::collections::{HashMap, HashSet};

use super::{Found, target};
use crate::article::Directories;
use crate::edition::Edition;
use crate::site::{Preset, Site};
use crate::text::decode_path;

/// What `gone` and `redirects` of site.yaml say, by decoded paths.
#[derive(Debug)]
pub(in crate::edition) struct LegacyPaths {
    gone: HashSet<String>,
    moved: HashMap<String, String>,
    /// Prefixes that end in a slash, the longest first: it says most about
    /// what it moves.
    below: Vec<(String, String)>,
}

impl LegacyPaths {
    /// What a site says.
    pub(in crate::edition) fn new(site: &Site) -> Self {
        let decoded = |path: &String| decode_path(path).unwrap_or_else(|| path.clone());
        let moved: HashMap<String, String> =
            site.redirects.iter().map(|(from, to)| (decoded(from), to.clone())).collect();
        let mut below: Vec<(String, String)> = moved
            .iter()
            .filter(|(from, _)| from.ends_with('/') && from.len() > 1)
            .map(|(from, to)| (from.clone(), to.clone()))
            .collect();
        below.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        Self { gone: site.gone.iter().map(decoded).collect(), moved, below }
    }

    fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.moved.is_empty()
    }

    /// Where a path moved, as site.yaml writes it.
    fn redirect(&self, path: &str) -> Option<String> {
        let decoded = decode_path(path)?;
        if let Some(to) = self.moved.get(&decoded) {
            return Some(to.clone());
        }
        let (rest, to) = self.below.iter().find_map(|(from, to)| Some((decoded.strip_prefix(from.as_str())?, to)))?;
        // Below `/legacy_paths/` everything moves to where its target's name ends in a
        // slash, or to the one document that it names.
        Some(if to.ends_with('/') { format!("{to}{rest}") } else { to.clone() })
    }
}

impl Edition {
    /// What `gone` and `redirects` say of a path.
    pub(super) fn find_legacy_path(&self, below: &str) -> Option<Found> {
        if self.legacy_paths.is_empty() {
            return None;
        }
        let asked = format!("/{below}");
        if decode_path(&asked).is_some_and(|path| self.legacy_paths.gone.contains(&path)) {
            return Some(Found::Gone);
        }
        let mut to = self.legacy_paths.redirect(&asked)?;
        // One hop: straight to where a chain of redirects ends, and to the
        // canonical address there. The chain was checked to have an end; a
        // prefix that moves below itself has none.
        for _ in 0..self.legacy_paths.moved.len() {
            match self.legacy_paths.redirect(&to) {
                Some(next) if next != to => to = next,
                _ => break,
            }
        }
        let address = target(self.base(), &to)?;
        let moved =
            address.as_str().strip_prefix(self.base().as_str()).and_then(|below| match self.find_current(below) {
                Found::Moved(address) => Some(address),
                _ => None,
            });
        Some(Found::Moved(moved.unwrap_or_else(|| address.to_string())))
    }

    /// The feed that another generator had at a path.
    pub(super) fn find_preset(&self, decoded: &str) -> Option<String> {
        let site = &self.library().rules().site;
        let section = || section(decoded).filter(|_| site.options.directories == Directories::Categories);
        let current = site.presets.iter().flat_map(|preset| match preset {
            Preset::Hexo => [hexo(decoded), None],
            Preset::Hugo => [section(), hugo(decoded)],
            Preset::Jekyll => [jekyll(decoded), None],
            Preset::Wordpress => [wordpress(decoded), None],
        });
        current.flatten().find_map(|current| {
            let (directory, file) = current.rsplit_once('/').unwrap_or(("", &current));
            let key = self.key_named(&directory.split('/').map(str::to_owned).collect::<Vec<_>>())?;
            let addresses = &self.feeds.get(&key)?.feed.addresses;
            // The same format where it is offered, else the first that is:
            // readers tell formats apart by themselves.
            let same = addresses.documents().find(|(format, _)| format.file_name() == file);
            let document = same.or_else(|| addresses.documents().next());
            document.map(|(_, address)| address.to_string())
        })
    }
}

/// hexo-generator-feed; hexo-feed writes into each category's directory.
fn hexo(path: &str) -> Option<String> {
    match path {
        "rss2.xml" => Some("rss.xml".to_owned()),
        path => {
            let (directory, file) = super::split(path);
            let rest = directory.strip_prefix("categories/").map(|rest| format!("categories/{rest}"));
            let rest = rest.or_else(|| directory.strip_prefix("tags/").map(|rest| format!("tags/{rest}")))?;
            (file == "rss2.xml").then(|| format!("{rest}rss.xml"))
        }
    }
}

/// The feed of a section, where directories are categories.
fn section(path: &str) -> Option<String> {
    let directory = path.strip_suffix("/index.xml")?;
    Some(format!("categories/{directory}/rss.xml"))
}

/// `index.xml` in each directory. A section that is no category has no feed of
/// its own; of a site with one section, which most are, the site's is the same.
fn hugo(path: &str) -> Option<String> {
    let (directory, file) = super::split(path);
    (file == "index.xml").then_some(())?;
    let (kind, rest) = directory.split_once('/').unwrap_or(("", ""));
    match (kind, rest) {
        ("categories" | "tags" | "authors", _) => Some(format!("{directory}rss.xml")),
        (_, "") => Some("rss.xml".to_owned()),
        _ => None,
    }
}

/// jekyll-feed: Atom, by category and by tag.
fn jekyll(path: &str) -> Option<String> {
    if path == "feed.xml" {
        return Some("atom.xml".to_owned());
    }
    let name = path.strip_prefix("feed/")?.strip_suffix(".xml")?;
    Some(match name.strip_prefix("by_tag/") {
        Some(tag) => format!("tags/{tag}/atom.xml"),
        None => format!("categories/{name}/atom.xml"),
    })
}

/// `/feed/`, `/feed/atom/`, `/category/x/feed/`, `/tag/x/feed/`; `/rss2/` and
/// the like go without the `feed`, and the oldest end in `.php`. Feeds of
/// comments are nothing we have.
fn wordpress(path: &str) -> Option<String> {
    let file = |kind: &str| match kind {
        "feed" | "rss" | "rss2" | "rdf" => Some("rss.xml"),
        "atom" => Some("atom.xml"),
        _ => None,
    };
    let path = path.strip_prefix("index.php/").unwrap_or(path).trim_end_matches('/');
    if let Some(kind) = path.strip_prefix("wp-").and_then(|rest| rest.strip_suffix(".php")) {
        return file(kind).map(str::to_owned);
    }
    let (subject, kind) = super::split(path);
    let file = file(kind)?;
    let subject = if kind == "feed" { subject } else { subject.strip_suffix("feed/").unwrap_or(subject) };
    Some(match subject.split_once('/') {
        None => file.to_owned(),
        Some((_, "")) => return None,
        Some(("category", rest)) => format!("categories/{rest}{file}"),
        Some(("tag", rest)) => format!("tags/{rest}{file}"),
        Some(("author", rest)) => format!("authors/{rest}{file}"),
        Some(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feed_addresses_of_generators_are_known() {
        assert_eq!(hexo("rss2.xml").as_deref(), Some("rss.xml"));
        assert_eq!(hugo("categories/新/index.xml").as_deref(), Some("categories/新/rss.xml"));
        assert_eq!(hugo("posts/index.xml").as_deref(), Some("rss.xml"));
        assert_eq!(hugo("index.xml").as_deref(), Some("rss.xml"));
        assert_eq!(hugo("series/x/index.xml"), None);
        assert_eq!(section("notes/rust/index.xml").as_deref(), Some("categories/notes/rust/rss.xml"));
        assert_eq!(section("index.xml"), None);
        assert_eq!(jekyll("feed/by_tag/x.xml").as_deref(), Some("tags/x/atom.xml"));
        assert_eq!(wordpress("feed/").as_deref(), Some("rss.xml"));
        assert_eq!(wordpress("category/a/b/feed/").as_deref(), Some("categories/a/b/rss.xml"));
        assert_eq!(wordpress("category/a/feed/atom").as_deref(), Some("categories/a/atom.xml"));
        assert_eq!(wordpress("feed/rdf/").as_deref(), Some("rss.xml"));
        assert_eq!(wordpress("tag/x/rss2/").as_deref(), Some("tags/x/rss.xml"));
        assert_eq!(wordpress("wp-atom.php").as_deref(), Some("atom.xml"));
        assert_eq!(wordpress("index.php/feed/").as_deref(), Some("rss.xml"));
        for other in ["my-feed", "comments/feed/", "2020/05/a-post/feed/", "category/feed/", "wp-login.php"] {
            assert_eq!(wordpress(other), None, "{other}");
        }
    }
}
