//! The settings of the flags that most commands have: where the articles and the operator's files are.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use super::{said, zone};
use crate::cli::{LogFormat, Places};
use crate::disk::FeedsPaths;
use crate::generator::{self, Generator};
use crate::remote_images;
use crate::site::Origin;
use crate::syntax::date::TimeZone;

/// The settings that all commands but `healthcheck` have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceSettings {
    /// The directory of the articles.
    pub content: PathBuf,
    /// Whether `content` was set by the user or is the default.
    pub content_origin: Origin,
    /// The directory of site.yaml and the definitions.
    pub feeds: PathBuf,
    /// Whether `feeds` was set by the user; it is an error if that directory is missing.
    pub feeds_given: bool,
    /// The file of facts about remote images; it may be missing.
    pub image_facts: PathBuf,
    /// The file of trusted certificates, if it is not the built-in list.
    pub certificates: Option<PathBuf>,
    /// The generator; it overrides the one in site.yaml.
    pub dialect: Option<Generator>,
    /// The public URL; it overrides the one in site.yaml.
    pub base_url: Option<String>,
    /// The format of the log.
    pub log: LogFormat,
    /// How much is printed besides results.
    pub verbosity: Verbosity,
    /// The log levels, in the syntax of `RUST_LOG`.
    pub levels: Option<String>,
    /// For generators that use it.
    pub machine_zone: Option<TimeZone>,
}

/// How much is printed besides results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// Warnings and errors.
    Quiet,
    /// What operators want to see.
    Usual,
    /// Details too.
    Verbose,
}

impl PlaceSettings {
    /// Where the operator's files are.
    pub(crate) fn feeds_paths(&self) -> FeedsPaths<'_> {
        FeedsPaths { directory: &self.feeds, image_facts: &self.image_facts }
    }
}

pub(super) fn places(cli: Places) -> PlaceSettings {
    let feeds_given = cli.feeds.is_some();
    let verbosity = match (cli.verbose, cli.quiet) {
        (true, _) => Verbosity::Verbose,
        (false, true) => Verbosity::Quiet,
        (false, false) => Verbosity::Usual,
    };
    let feeds = cli.feeds.unwrap_or_else(|| "feeds".into());
    PlaceSettings {
        content_origin: if cli.content.is_some() { Origin::Named } else { Origin::Default },
        content: cli.content.unwrap_or_else(|| "content".into()),
        feeds_given,
        image_facts: cli.image_facts.unwrap_or_else(|| feeds.join(remote_images::FILE_NAME)),
        feeds,
        dialect: cli.dialect.and_then(|name| generator::ALL.into_iter().find(|known| known.as_str() == name)),
        base_url: said(cli.base_url),
        log: cli.log.unwrap_or_else(|| if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json }),
        certificates: std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()).map(PathBuf::from),
        levels: match verbosity {
            Verbosity::Quiet => Some("warn,actix_http=off".to_owned()),
            Verbosity::Usual => said(std::env::var("RUST_LOG").ok()),
            Verbosity::Verbose => Some("info,feedmill=debug,actix_server=warn,actix_http=off".to_owned()),
        },
        verbosity,
        machine_zone: zone::of_machine(),
    }
}
