//! Chooses the files of a configuration that are used: the evidence for the generator, and its
//! configuration files.

use crate::disk::{ConfigEntry, ConfigKey, Configuration, SOURCE_POSTS};
use crate::generator::Generator;
use crate::generator::config_parts;
use crate::generator::detect::{self, Evidence, is_evidence};
use crate::site::RawSite;

/// The possible names of site.yaml; the first one that exists is used.
pub(super) const SITE_FILES: [&str; 2] = ["site.yaml", "site.yml"];

/// Detects the generator from the names of files. Also returns the evidence, for the log.
pub(super) fn detected(configuration: &Configuration) -> (Generator, String) {
    let named = |wanted: u8| {
        let names = configuration.entries.keys().filter_map(move |key| match key {
            ConfigKey::Name(level, name) if *level == wanted => Some(name),
            _ => None,
        });
        names.filter(|name| is_evidence(name)).cloned().collect()
    };
    let has = |key: &ConfigKey| configuration.entries.contains_key(key);
    detect::detect(&Evidence {
        here: named(0),
        above: named(1),
        path: configuration.root.as_ref().map(|root| root.path().to_string_lossy().into_owned()).unwrap_or_default(),
        source_posts: [0, 1].iter().any(|level| has(&ConfigKey::Name(*level, SOURCE_POSTS.to_owned()))),
        index: configuration
            .entries
            .get(&ConfigKey::Index)
            .and_then(|entry| Some(entry.text.as_ref().ok()?.as_bytes().to_vec())),
    })
}

/// The generator that is set in site.yaml, if any.
pub(super) fn chosen(configuration: &Configuration) -> Option<Generator> {
    let (_, entry) = site_file(configuration)?;
    RawSite::parse("", entry.text.as_ref().ok()?).ok()?.chosen_generator()
}

pub(super) fn site_file(configuration: &Configuration) -> Option<(ConfigKey, &ConfigEntry)> {
    SITE_FILES.into_iter().find_map(|name| {
        let key = ConfigKey::Feeds(name.to_owned());
        configuration.entries.get(&key).map(|entry| (key, entry))
    })
}

/// The files of the generator's configuration that are used. Later files override earlier ones.
pub(super) fn configuration_files(configuration: &Configuration, generator: Generator) -> Vec<ConfigKey> {
    let is_part = |wanted: u8| {
        move |key: &&ConfigKey| match key {
            ConfigKey::Generator(level, name) => {
                *level == wanted && config_parts::DIRECTORIES.iter().any(|directory| name.starts_with(directory))
            }
            _ => false,
        }
    };
    let files = &generator.configuration;
    let whole = first_of(configuration, files.levels, files.names);
    let parts = (0..2).map(|level| configuration.entries.keys().filter(is_part(level)).cloned().collect::<Vec<_>>());
    let parts = parts.filter(|_| files.has_parts).find(|parts| !parts.is_empty());
    whole.into_iter().chain(parts.unwrap_or_default()).collect()
}

/// The first of these files that exists, nearest directory first.
pub(super) fn first_of(configuration: &Configuration, levels: u8, names: &[&str]) -> Option<ConfigKey> {
    let all =
        (0..levels).flat_map(|level| names.iter().map(move |name| ConfigKey::Generator(level, (*name).to_owned())));
    all.into_iter().find(|key| configuration.entries.contains_key(key))
}
