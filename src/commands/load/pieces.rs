//! Chooses the files of a configuration that are used: the evidence for the generator, and its
//! configuration files.

use crate::diagnostic::{Code, Position, Problem};
use crate::disk::{ConfigEntry, ConfigKey, Configuration};
use crate::generator::Generator;
use crate::generator::config_parts;
use crate::generator::detect::{self, LEVELS};
use crate::site::{RawSite, Site, SiteIdentity};
use crate::syntax::date::TimeZone;
use crate::text::nearest;

/// The possible names of site.yaml; the first one that exists is used.
pub(in crate::commands) const SITE_FILES: [&str; 2] = ["site.yaml", "site.yml"];

/// The generator for which there is evidence, with the evidence for the log.
pub(super) fn detected(configuration: &Configuration) -> (Generator, String) {
    let mut verdicts = configuration.entries.iter().filter(|(key, _)| matches!(key, ConfigKey::Mark(..)));
    verdicts.find_map(|(_, entry)| detect::decided(entry.text.as_ref().ok()?)).unwrap_or_else(detect::unknown)
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
    let whole = first_of(configuration, files.names);
    let parts =
        (0..LEVELS).map(|level| configuration.entries.keys().filter(is_part(level)).cloned().collect::<Vec<_>>());
    let parts = parts.filter(|_| files.has_parts).find(|parts| !parts.is_empty());
    whole.into_iter().chain(parts.unwrap_or_default()).collect()
}

/// The first of these files that exists, nearest directory first.
pub(super) fn first_of(configuration: &Configuration, names: &[&str]) -> Option<ConfigKey> {
    let all =
        (0..LEVELS).flat_map(|level| names.iter().map(move |name| ConfigKey::Generator(level, (*name).to_owned())));
    all.into_iter().find(|key| configuration.entries.contains_key(key))
}

/// The problem that the generator's configuration names a time zone which does not exist.
pub(super) fn unknown_zone(configuration: &Configuration, generator: Generator, zone: Option<&str>) -> Option<Problem> {
    let zone = zone.filter(|zone| zone.trim().parse::<TimeZone>().is_err())?;
    let help = match nearest(zone, TimeZone::names()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "write one such as Asia/Shanghai, or set `time_zone` in feeds/site.yaml".to_owned(),
    };
    let files = configuration_files(configuration, generator).into_iter().rev();
    files.filter_map(|key| configuration.entries.get(&key)).find_map(|entry| {
        let text = entry.text.as_ref().ok()?;
        let at = Position::at(text, text.find(zone)?);
        let message =
            format!("there is no time zone `{zone}`; it is ignored, so all dates without a zone may be hours off");
        Some(Problem::new(entry.path.display().to_string(), Code::Generator, message).at(at).help(help.clone()))
    })
}

/// The warning about URLs of articles on a web site whose URL is not known. `bound` is the base URL if none is set.
pub(super) fn home_unset(site: &Site, bound: &str, file: &str) -> Option<Problem> {
    let SiteIdentity { home, base, .. } = &site.identity;
    let is_unset = home == base && base.as_str().trim_end_matches('/') == bound;
    (is_unset && site.links.article_url.leads_home()).then(|| {
        let message = "`article_url` leads to the web site, but its URL is not set, so these links are broken";
        let help = "set `home` to the URL of the web site; if it is that of the feeds, set `base_url` or --base-url";
        Problem::new(file, Code::HomeUnset, message).help(help).about("article_url")
    })
}
