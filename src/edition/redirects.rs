//! Lists the redirects of an edition. `build` writes them to configuration files for static hosts.
//!
//! Single paths are resolved like those of requests, so that a static host redirects like `serve`; prefixes come from
//! site.yaml. Spellings of which there are too many are not listed, such as other letter case and normal forms.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::find::{FoundTarget, target, with_other_end};
use super::{Edition, Found};
use crate::article::{Article, InFeeds};
use crate::content_path::split;
use crate::generator::legacy_feeds::{FeedPath, Preset};
use crate::key::{FeedKey, Kind, Topic};
use crate::library::{Table, language_path};
use crate::text::{decode_path, encode_path};

/// The result for a path that is no longer valid, or is another name of a feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Redirects {
    Moved(String),
    /// It and every path below it are redirected to the same path below this URL.
    Below(String),
    /// It is answered with 410 Gone.
    Gone,
}

impl Edition {
    /// Returns legacy paths and other names of feeds, sorted, each with its redirect. The paths are decoded and start
    /// at the root of the host.
    pub(crate) fn redirects(&self) -> Vec<(String, Redirects)> {
        let site = &self.library().rules().site;
        let decoded = |path: &str| decode_path(path).unwrap_or_else(|| path.to_owned());
        let mut all = Vec::new();
        for (from, to) in &site.legacy.redirects {
            if from.ends_with('/')
                && from.len() > 1
                && to.ends_with('/')
                && let Some(to) = target(self.base(), to)
            {
                all.push((self.based(&decoded(from)), Redirects::Below(to.to_string())));
            }
        }
        let of_site = site
            .legacy
            .redirects
            .keys()
            .chain(&site.legacy.gone)
            .flat_map(|path| [decoded(path), with_other_end(&decoded(path))])
            .map(|path| path.trim_start_matches('/').to_owned());
        let presets = &site.legacy.presets;
        let gone = presets.iter().flat_map(|preset| preset.gone()).map(|path| format!("{path}/"));
        let of_site = of_site.chain(gone).chain(self.section_paths(presets));
        let others =
            self.feeds.keys().flat_map(|key| self.other_names(key).into_iter().chain(self.preset_paths(key, presets)));
        let asked: Vec<String> = of_site.chain(others).map(|below| self.based(&below)).collect();
        all.par_extend(asked.into_par_iter().filter_map(|path| match self.locate(&encode_path(&path)) {
            FoundTarget::Other(Found::Moved(to)) => Some((path, Redirects::Moved(to))),
            FoundTarget::Other(Found::Gone) => Some((path, Redirects::Gone)),
            _ => None,
        }));
        all.sort();
        all.dedup();
        all
    }

    /// Returns the decoded path, from the root of the host, of a path below the base URL.
    fn based(&self, below: &str) -> String {
        format!("{}{}", decode_path(self.base_path()).unwrap_or_default(), below.trim_start_matches('/'))
    }

    /// Returns other paths of a feed's page and documents below the base URL: by its transliterated slug, its long slug
    /// and its name, and by the slugs that it had.
    fn other_names(&self, key: &FeedKey) -> BTreeSet<String> {
        let library = self.library();
        let tables = [Table::Current, Table::Former];
        let paths = tables.map(|table| library.path_by(key, table));
        let name = library.names(key).last().map(|name| name.spelled().to_string());
        let slugs = tables.into_iter().flat_map(|table| library.other_slugs(key, table));
        let others: Vec<String> = slugs.chain(name).collect();
        let others =
            others.iter().filter(|other| key.topic != Topic::Site && !other.is_empty() && !other.contains('/'));
        let directories = others
            .flat_map(|other| paths.iter().map(move |path| format!("{}{other}/", split(path.trim_end_matches('/')).0)));
        let documents = self.feeds[key].feed.addresses.formats.iter().map(|format| format.file_name());
        let files: Vec<&str> = [""].into_iter().chain(documents).collect();
        directories
            .chain([paths[1].clone()])
            .flat_map(|directory| files.iter().map(move |file| format!("{directory}{file}")).collect::<Vec<_>>())
            .collect()
    }

    /// Returns the paths of the feeds that presets had in the top directories of articles.
    fn section_paths(&self, presets: &[Preset]) -> Vec<String> {
        let site = &self.library().rules().site;
        let mut sections = BTreeSet::new();
        let in_feeds = |article: &&Arc<Article>| !presets.is_empty() && article.in_feeds == InFeeds::All;
        for article in self.library().all_published().filter(in_feeds) {
            let (_, path) = site.options.site_context.languages.split(article.place.as_str());
            if let Some((section, _)) = path.split_once('/') {
                sections.insert((site.language_of(article), section.to_owned()));
            }
        }
        let paths = sections.into_iter().flat_map(|(language, section)| {
            let feed = FeedPath { kind: &Kind::Site, path: &format!("{section}/"), name: "" };
            let old: Vec<String> = presets.iter().flat_map(|preset| preset.paths(&feed)).collect();
            let own = language_path(language.as_deref());
            old.into_iter().map(move |path| format!("{own}{path}"))
        });
        paths.collect()
    }

    /// Returns the paths at which other generators published this feed, by its slugs and by its name.
    fn preset_paths(&self, key: &FeedKey, presets: &[Preset]) -> Vec<String> {
        let kind = key.kind();
        let languages = &self.library().rules().site.options.site_context.languages;
        let own = language_path(key.language.as_deref());
        let [current, former] =
            [Table::Current, Table::Former].map(|table| self.library().path_by(key, table)[own.len()..].to_owned());
        let below =
            |directory: &str, path: &str| path.strip_prefix(directory).map(|path| path.trim_matches('/').to_owned());
        let names: Vec<String> = self.library().names(key).iter().map(|name| name.spelled().to_string()).collect();
        let named = kind.directory().map(|directory| format!("{directory}/{}/", names.join("/")));
        // The default language may have had a directory too.
        let default =
            (languages.are_several() && key.language.is_none()).then(|| language_path(Some(&languages.default)));
        let mut paths = Vec::new();
        for path in [Some(current), Some(former), named].into_iter().flatten() {
            let inside = below(kind.directory().unwrap_or_default(), &path).unwrap_or_default();
            let feed = FeedPath { kind: &kind, path: &path, name: &inside };
            let site = &self.library().rules().site;
            let old = presets.iter().flat_map(|preset| match preset.paths(&feed) {
                usual if preset.is_of(site.options.generator) => site.legacy.feed_moves.all(usual),
                usual => usual,
            });
            let old: Vec<String> = old.collect();
            for language in std::iter::once(&own).chain(&default) {
                paths.extend(old.iter().map(|path| format!("{language}{path}")));
            }
        }
        paths
    }
}
