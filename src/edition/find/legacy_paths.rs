//! Resolves legacy paths: `redirects` and `gone` of site.yaml, and the feed URLs of other generators (`presets`).

use std::collections::{HashMap, HashSet};

use super::{Found, FoundTarget, target};
use crate::content_path::split;
use crate::edition::Edition;
use crate::generator::legacy_feeds::Preset;
use crate::key::FeedKey;
use crate::library::language_path;
use crate::site::Site;
use crate::text::decode_path;

/// The paths in `gone` and `redirects` of site.yaml, decoded.
#[derive(Debug)]
pub(in crate::edition) struct LegacyPaths {
    gone: HashSet<String>,
    moved: HashMap<String, String>,
    /// The redirects whose path ends in a slash, which apply to all paths below. The longest is first, because it is
    /// the most specific.
    below: Vec<(String, String)>,
}

impl LegacyPaths {
    pub(in crate::edition) fn new(site: &Site) -> Self {
        let decoded = |path: &String| decode_path(path).unwrap_or_else(|| path.clone());
        let moved: HashMap<String, String> =
            site.legacy.redirects.iter().map(|(from, to)| (decoded(from), to.clone())).collect();
        let mut below: Vec<(String, String)> = moved
            .iter()
            .filter(|(from, _)| from.ends_with('/') && from.len() > 1)
            .map(|(from, to)| (from.clone(), to.clone()))
            .collect();
        below.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        Self { gone: site.legacy.gone.iter().map(decoded).collect(), moved, below }
    }

    fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.moved.is_empty()
    }

    /// Returns the target of a path, as site.yaml writes it.
    fn redirect(&self, path: &str) -> Option<String> {
        let decoded = decode_path(path)?;
        if let Some(to) = self.moved.get(&decoded) {
            return Some(to.clone());
        }
        let (rest, to) = self.below.iter().find_map(|(from, to)| Some((decoded.strip_prefix(from.as_str())?, to)))?;
        // `/old/: /new/` redirects `/old/a` to `/new/a`; `/old/: /rss.xml` redirects all paths below `/old/` to the
        // same document.
        Some(if to.ends_with('/') { format!("{to}{rest}") } else { to.clone() })
    }
}

impl Edition {
    /// Returns the result for a path below the base URL if `gone` or `redirects` applies to it.
    pub(super) fn find_legacy_path(&self, below: &str) -> Option<Found> {
        if self.legacy_paths.is_empty() {
            return None;
        }
        let asked = format!("/{below}");
        if decode_path(&asked).is_some_and(|path| self.legacy_paths.gone.contains(&path)) {
            return Some(Found::Gone);
        }
        let mut to = self.legacy_paths.redirect(&asked)?;
        // Redirect only once, to the end of a chain of redirects and the canonical URL there. `site` rejects circular
        // redirects, but a prefix that moves below itself (`/a/: /a/b/`) has no end, so the number of steps is limited.
        for _ in 0..self.legacy_paths.moved.len() {
            match self.legacy_paths.redirect(&to) {
                Some(next) if next != to => to = next,
                _ => break,
            }
        }
        let address = target(self.base(), &to)?;
        let moved =
            address.as_str().strip_prefix(self.base().as_str()).and_then(|below| match self.find_current(below) {
                FoundTarget::Other(Found::Moved(address)) => Some(address),
                _ => None,
            });
        Some(Found::Moved(moved.unwrap_or_else(|| address.to_string())))
    }

    /// Returns whether another generator published a feed at a path that has no successor.
    pub(super) fn is_gone(&self, decoded: &str) -> bool {
        let mut presets = self.library().rules().site.legacy.presets.iter();
        presets.any(|preset| preset.gone().contains(&decoded.trim_end_matches('/')))
    }

    /// Returns the URLs of the feeds that another generator published at the start page, by the value of the parameter
    /// `feed`, as in `/?feed=rss2`.
    pub(crate) fn feeds_by_parameter(&self) -> impl Iterator<Item = (&'static str, String)> {
        let site = self.feeds.get(&FeedKey::SITE).into_iter();
        site.flat_map(|published| {
            let offered = move |file: &str| {
                let documents = || published.feed.addresses.documents();
                documents().find(|(format, _)| format.file_name() == file).or_else(|| documents().next())
            };
            let values = self.library().rules().site.legacy.presets.iter().flat_map(|preset| preset.parameter());
            values.filter_map(move |(value, file)| Some((*value, offered(file)?.1.to_string())))
        })
    }

    /// Returns the URL of the feed that another generator published at a path.
    pub(super) fn find_preset(&self, decoded: &str) -> Option<String> {
        let site = &self.library().rules().site;
        let languages = &site.options.site_context.languages;
        // Below the directory of a language, the generator had the same paths as at the root.
        let codes = self.views.iter().filter_map(|view| view.language.as_deref());
        let codes = codes.chain(languages.are_several().then_some(&*languages.default));
        let own = codes.into_iter().find_map(|code| Some((code, decoded.strip_prefix(code)?.strip_prefix('/')?)));
        let (language, decoded) =
            own.map_or((None, decoded), |(code, below)| (Some(code).filter(|code| *code != languages.default), below));
        let moved = |preset: &&Preset| preset.is_of(site.options.generator);
        let mut current = site.legacy.presets.iter().flat_map(|preset| {
            let usual = site.legacy.feed_moves.usual(decoded).filter(|_| moved(&preset));
            let usual = std::iter::once(decoded.to_owned()).chain(usual);
            usual.flat_map(|path| preset.current(&path, site.options.directories)).collect::<Vec<_>>()
        });
        current.find_map(|current| {
            let current = format!("{}{current}", language_path(language));
            let (directory, file) = split(&current);
            let key = self.key_named(&directory.split('/').map(str::to_owned).collect::<Vec<_>>())?;
            let addresses = &self.feeds.get(&key)?.feed.addresses;
            // Prefer the same format, or else take the first one, because readers detect the format.
            let same = addresses.documents().find(|(format, _)| format.file_name() == file);
            let document = same.or_else(|| addresses.documents().next());
            document.map(|(_, address)| address.to_string())
        })
    }
}
