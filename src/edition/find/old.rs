//! Addresses of the past: what site.yaml says moved or is gone, and the feed
//! addresses of other generators.

use super::{Found, is_same, target};
use crate::edition::Edition;
use crate::site::Preset;
use crate::text::decode_path;

impl Edition {
    /// What `gone` and `redirects` say of a path.
    pub(super) fn find_old(&self, below: &str) -> Option<Found> {
        let site = &self.library().rules().site;
        let asked = format!("/{below}");
        if site.gone.iter().any(|gone| is_same(gone, &asked)) {
            return Some(Found::Gone);
        }
        let mut to = self.redirect_of(&asked)?;
        // One hop: straight to where a chain of redirects ends, and to the
        // canonical address there. The chain was checked to have an end; a
        // prefix that moves below itself has none.
        for _ in 0..site.redirects.len() {
            match self.redirect_of(&to) {
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

    /// Where `redirects` says that a path moved.
    fn redirect_of(&self, asked: &str) -> Option<String> {
        let redirects = &self.library().rules().site.redirects;
        if let Some((_, to)) = redirects.iter().find(|(from, _)| is_same(from, asked)) {
            return Some(to.clone());
        }
        let decoded = decode_path(asked)?;
        // The longest prefix says most about what it moves.
        let moves = redirects.iter().filter(|(from, _)| from.ends_with('/') && from.len() > 1);
        let (rest, to) = moves
            .filter_map(|(from, to)| Some((decoded.strip_prefix(decode_path(from)?.as_str())?.to_owned(), to)))
            .min_by_key(|(rest, _)| rest.len())?;
        // Below `/old/`, everything moves to where its target's name ends in a
        // slash, or to the one document that it names.
        Some(if to.ends_with('/') { format!("{to}{rest}") } else { to.clone() })
    }

    /// The feed that another generator had at a path.
    pub(super) fn find_preset(&self, decoded: &str) -> Option<String> {
        self.library().rules().site.presets.iter().find_map(|preset| {
            let current = match preset {
                Preset::Hexo => hexo(decoded),
                Preset::Hugo => hugo(decoded),
                Preset::Jekyll => jekyll(decoded),
                Preset::Wordpress => wordpress(decoded),
            }?;
            let (directory, _) = super::split(&current);
            if directory.is_empty() {
                return Some(self.base().child(&current).to_string());
            }
            self.find_named(&current)
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

/// `index.xml` in each directory.
fn hugo(path: &str) -> Option<String> {
    let (directory, file) = super::split(path);
    (file == "index.xml").then_some(())?;
    (directory.is_empty()
        || directory.starts_with("categories/")
        || directory.starts_with("tags/")
        || directory.starts_with("authors/"))
    .then(|| format!("{directory}rss.xml"))
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

/// `/feed/`, `/feed/atom/`, `/category/x/feed/`, `/tag/x/feed/`.
fn wordpress(path: &str) -> Option<String> {
    let path = path.trim_end_matches('/');
    let (subject, file) =
        [("feed/atom", "atom.xml"), ("feed/rss2", "rss.xml"), ("feed/rss", "rss.xml"), ("feed", "rss.xml")]
            .into_iter()
            .find_map(|(end, file)| {
                Some((path.strip_suffix(end).filter(|rest| rest.is_empty() || rest.ends_with('/'))?, file))
            })?;
    Some(match subject.split_once('/') {
        None => file.to_owned(),
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
        assert_eq!(hugo("posts/index.xml"), None);
        assert_eq!(jekyll("feed/by_tag/x.xml").as_deref(), Some("tags/x/atom.xml"));
        assert_eq!(wordpress("feed/").as_deref(), Some("rss.xml"));
        assert_eq!(wordpress("category/a/b/feed/").as_deref(), Some("categories/a/b/rss.xml"));
        assert_eq!(wordpress("category/a/feed/atom").as_deref(), Some("categories/a/atom.xml"));
        assert_eq!(wordpress("my-feed"), None);
    }
}
