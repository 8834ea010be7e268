//! Every address that leads to another one, as far as they can be listed, for
//! hosts that serve files and know no other names.
//!
//! What is listed was asked of `find`, so that it says what `serve` answers.
//! Left out are spellings without end: other letter case, other normal forms.

use rayon::prelude::*;

use super::find::target;
use super::{Edition, Found};
use crate::generator::legacy_feeds::{FeedPath, Preset};
use crate::key::Key;
use crate::text::{decode_path, encode_path};

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Redirects {
    /// It is this one now.
    Moved(String),
    /// It, and every address below it, is below this one now.
    Below(String),
    /// It is gone for good.
    Gone,
}

impl Edition {
    /// Addresses of the past and other names, decoded, from the root of the
    /// host, in order; each with what became of it.
    pub fn redirects(&self) -> Vec<(String, Redirects)> {
        let site = &self.library().rules().site;
        let decoded = |path: &str| decode_path(path).unwrap_or_else(|| path.to_owned());
        let mut all = Vec::new();
        for (from, to) in &site.redirects {
            if from.ends_with('/')
                && from.len() > 1
                && to.ends_with('/')
                && let Some(to) = target(self.base(), to)
            {
                all.push((self.based(&decoded(from)), Redirects::Below(to.to_string())));
            }
        }
        let of_site =
            site.redirects.keys().chain(&site.gone).map(|path| decoded(path).trim_start_matches('/').to_owned());
        let others =
            self.feeds.keys().flat_map(|key| self.other_names(key).chain(self.preset_paths(key, &site.presets)));
        let asked: Vec<String> = of_site.chain(others).map(|below| self.based(&below)).collect();
        all.par_extend(asked.into_par_iter().filter_map(|path| match self.find(&encode_path(&path)) {
            Found::Moved(to) => Some((path, Redirects::Moved(to))),
            Found::Gone => Some((path, Redirects::Gone)),
            _ => None,
        }));
        all.sort();
        all.dedup();
        all
    }

    fn based(&self, below: &str) -> String {
        format!("{}{}", decode_path(self.base_path()).unwrap_or_default(), below.trim_start_matches('/'))
    }

    /// What a feed's page and documents are called besides, below the base.
    fn other_names<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = String> + 'a {
        let library = self.library();
        let path = library.path(key);
        let parent = path.trim_end_matches('/').rfind('/').map_or("", |at| &path[..=at]).to_owned();
        let name = library.names(key).last().map(|name| name.spelled().to_string());
        let slugs = (*key != Key::Site).then(|| [library.transliterated(key), Some(library.long_slug(key))]);
        let others = slugs.into_iter().flatten().flatten().chain(name);
        let others = others.filter(|other| !other.is_empty() && !other.contains('/'));
        let documents = self.feeds[key].feed.addresses.formats.iter().map(|format| format.file_name());
        let files: Vec<&str> = [""].into_iter().chain(documents).collect();
        others.flat_map(move |other| {
            let directory = format!("{parent}{other}/");
            files.iter().map(|file| format!("{directory}{file}")).collect::<Vec<_>>()
        })
    }

    /// Where other generators had this feed: by its slug, and by its name.
    fn preset_paths(&self, key: &Key, presets: &[Preset]) -> Vec<String> {
        let slugs = self.library().path(key);
        let below =
            |directory: &str, path: &str| path.strip_prefix(directory).map(|path| path.trim_matches('/').to_owned());
        let names: Vec<String> = self.library().names(key).iter().map(|name| name.spelled().to_string()).collect();
        let named = key.kind().directory().map(|directory| format!("{directory}/{}/", names.join("/")));
        let mut paths = Vec::new();
        for path in [Some(slugs), named].into_iter().flatten() {
            let inside = below(key.kind().directory().unwrap_or_default(), &path).unwrap_or_default();
            let feed = FeedPath { kind: key.kind(), path: &path, name: &inside };
            paths.extend(presets.iter().flat_map(|preset| preset.paths(&feed)));
        }
        paths
    }
}
