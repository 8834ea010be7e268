//! Loads sites in the way the program does, for tests of the library.

use std::path::{Path, PathBuf};

use feedmill::cli::LogFormat;
use feedmill::commands::load::Loader;
use feedmill::settings::{PlaceSettings, Verbosity};

/// A loader of the site with this content and these settings.
pub fn loader(content: PathBuf, feeds: &Path, base_url: Option<&str>) -> Loader {
    let places = PlaceSettings {
        content,
        content_origin: feedmill::site::Origin::Named,
        feeds: feeds.to_owned(),
        feeds_given: true,
        image_facts: feeds.join("images.facts"),
        certificates: None,
        dialect: None,
        base_url: base_url.map(str::to_owned),
        log: LogFormat::Text,
        verbosity: Verbosity::Usual,
        levels: None,
        machine_zone: None,
    };
    Loader::new(&places, "http://127.0.0.1".to_owned())
}
