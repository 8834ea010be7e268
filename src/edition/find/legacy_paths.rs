//! Addresses of the past: what site.yaml says moved or is gone, and the feed
//! addresses of other generators.

use std::collections::{HashMap, HashSet};

use super::{Found, target};
use crate::edition::Edition;
use crate::site::Site;
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
        let mut current = site.presets.iter().flat_map(|preset| preset.current(decoded, site.options.directories));
        current.find_map(|current| {
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
