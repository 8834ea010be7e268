//! Settings: the command line and the environment, checked.
//!
//! Only this module reads them. Sizes become bytes, times durations. It does not read site.yaml or other files.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::FromArgMatches as _;
use clap::error::ContextValue;
use clap_complete::Shell;

use crate::cli::{
    self, AccessLogFormat, Check, Cli, Command, Compare, CompareFormat, Healthcheck, Images, ReportFormat, Serve,
    Switch, WatchMode,
};
use crate::site::IpRange;
use crate::text::printable;

mod build;
mod outside;
mod places;
mod quantity;
#[cfg(test)]
mod tests;
mod zone;

pub use build::BuildSettings;
use build::build;
pub(crate) use build::{BuildTarget, StoreSettings, Writers};
pub use outside::{DoctorSettings, EdgeSettings, StatsSettings};
use outside::{doctor, edge, ranges, stats};
use places::places;
pub use places::{PlaceSettings, Verbosity};
use quantity::{size, time};

/// The command to run, with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settings {
    /// Load, watch and serve.
    Serve(ServeSettings),
    /// Write files.
    Build(BuildSettings),
    /// Report problems.
    Check(CheckSettings),
    /// Compare feeds.
    Compare(CompareSettings),
    /// Find out facts about remote images.
    Images(ImagesSettings),
    /// Check the public URL.
    Doctor(DoctorSettings),
    /// Count readers.
    Stats(StatsSettings),
    /// Print rules for a proxy.
    Edge(EdgeSettings),
    /// Query a running server.
    Healthcheck(HealthcheckSettings),
    /// Write a first site.yaml.
    Init(PlaceSettings),
    /// Print the completions for this shell.
    Completions(Shell),
    /// Print the manual page, or write all pages to this directory.
    Man(Option<PathBuf>),
}

/// Settings of `serve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeSettings {
    pub(crate) places: PlaceSettings,
    /// The public listeners; none if the user named none.
    pub(crate) bind: Vec<String>,
    pub(crate) admin: AdminBind,
    pub(crate) watch: WatchSettings,
    pub(crate) fetch_images: Switch,
    /// Whether hubs are told of changes.
    pub(crate) ping: Switch,
    pub(crate) access_log: AccessLogFormat,
    /// Proxies whose X-Forwarded-For is believed.
    pub(crate) trusted_proxies: Vec<IpRange>,
    /// Most bytes of rendered documents in memory, if the user set them.
    pub(crate) document_cache: Option<usize>,
    /// How long requests are still answered after SIGTERM.
    pub(crate) drain: Duration,
    /// Whether a browser is started.
    pub(crate) open: bool,
}

/// How changes are detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WatchSettings {
    pub(crate) mode: WatchMode,
    /// Interval between rescans when polling.
    pub(crate) poll: Duration,
    /// Interval between full rescans in addition to events.
    pub(crate) rescan: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AdminBind {
    Off,
    /// The default address, if it is free.
    Default,
    /// This address; it is an error if it is not free.
    At(String),
}

impl AdminBind {
    /// The address that the user set.
    pub(crate) fn address(&self) -> Option<&String> {
        match self {
            Self::At(address) => Some(address),
            Self::Off | Self::Default => None,
        }
    }
}

/// The default address of the admin listener.
pub(crate) const ADMIN: &str = "127.0.0.1:9464";
/// The default address of the public listener.
pub(crate) const BIND: &str = "127.0.0.1:8080";

/// Settings of `check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    pub(crate) places: PlaceSettings,
    pub(crate) format: ReportFormat,
    pub(crate) explain: Option<String>,
    /// The lowest severity that makes the check fail.
    pub(crate) fails_on: FailsOn,
    pub(crate) depth: Depth,
}

/// The lowest severity that makes a check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailsOn {
    Errors,
    /// Errors and warnings.
    Warnings,
}

/// How much a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Front matter, and the bodies that feeds show.
    Shown,
    /// All bodies.
    Everything,
}

/// Settings of `compare`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareSettings {
    pub(crate) places: PlaceSettings,
    pub(crate) old: PathBuf,
    pub(crate) new: Option<PathBuf>,
    /// The URL path of the only feed to compare.
    pub(crate) feed: Option<String>,
    pub(crate) format: CompareFormat,
}

/// Settings of `images`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagesSettings {
    pub(crate) places: PlaceSettings,
    pub(crate) of: ImagesOf,
    /// The pause between two runs; `None` for a single run.
    pub(crate) every: Option<Duration>,
}

/// Whose lead images are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImagesOf {
    /// Those of articles that a feed shows.
    Feeds,
    /// Those of all articles.
    Articles,
}

/// Settings of `healthcheck`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthcheckSettings {
    /// The address that the server listens on.
    pub(crate) bind: String,
}

/// Why the settings are invalid.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Reported by clap: help, version, or an error.
    #[error(transparent)]
    CommandLine(#[from] clap::Error),
    /// An invalid time.
    #[error("`{0}` is not a time for {1}; write it as 500ms, 2s or 10m")]
    Time(String, &'static str),
    /// A pause in which only the articles would be read again and again.
    #[error("`{0}` is too short for --every; write 1m or more")]
    TooShort(String),
    /// An invalid size.
    #[error("`{0}` is not a size for {1}; write it as 64MiB or 500kB")]
    Size(String, &'static str),
    /// An invalid range of addresses.
    #[error("`{0}` is not a range of addresses for --trusted-proxies; write it as 10.0.0.0/8, fd00::/8 or 192.0.2.1")]
    Range(String),
    /// Flags for object storage that cannot be used.
    #[error("{0}")]
    Store(String),
}

/// Reads the settings from the command line and the environment.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Settings, SettingsError> {
    // An empty variable counts as unset, because compose files and manifests often contain such
    // variables.
    let unset_if_empty = |arg: clap::Arg| {
        let is_empty = arg.get_env().is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()));
        if is_empty { arg.env(clap::builder::Resettable::Reset) } else { arg }
    };
    let mut command = cli::command().mut_subcommands(|command| command.mut_args(unset_if_empty));
    command.build();
    let arguments = command_first(&command, arguments);
    // The flags of `serve` before the command are there for the help; their variables are read behind it.
    let is_run =
        arguments.get(1).and_then(|first| first.to_str()).is_some_and(|name| command.find_subcommand(name).is_some());
    let command = if is_run { command.mut_args(|arg| arg.env(clap::builder::Resettable::Reset)) } else { command };
    let matches = command.try_get_matches_from(arguments).map_err(made_printable)?;
    Ok(match Cli::from_arg_matches(&matches)?.command {
        Command::Serve(cli) => Settings::Serve(serve(cli)?),
        Command::Build(cli) => Settings::Build(build(cli)?),
        Command::Check(cli) => Settings::Check(check(cli)),
        Command::Compare(cli) => Settings::Compare(compare(cli)),
        Command::Images(cli) => Settings::Images(images(cli)?),
        Command::Doctor(cli) => Settings::Doctor(doctor(cli)),
        Command::Stats(cli) => Settings::Stats(stats(cli)),
        Command::Edge(cli) => Settings::Edge(edge(cli)),
        Command::Healthcheck(cli) => Settings::Healthcheck(healthcheck(cli)),
        Command::Init(cli) => Settings::Init(places(cli.places)),
        Command::Completions(cli) => Settings::Completions(cli.shell),
        Command::Man(cli) => Settings::Man(cli.directory),
    })
}

/// Makes the user's input in an error printable, because clap repeats it.
fn made_printable(mut error: clap::Error) -> clap::Error {
    let of_user = |value: &ContextValue| match value {
        ContextValue::String(text) => Some(ContextValue::String(printable(text).into_owned())),
        ContextValue::Strings(texts) => {
            Some(ContextValue::Strings(texts.iter().map(|text| printable(text).into_owned()).collect()))
        }
        _ => None,
    };
    let changed: Vec<_> = error.context().filter_map(|(kind, value)| Some((kind, of_user(value)?))).collect();
    for (kind, value) in changed {
        error.insert(kind, value);
    }
    error
}

/// Moves the name of the command to the front, so that flags may come before it. A word that is neither a command nor the
/// value of a flag goes there too, because clap then suggests the command that was probably meant. Inserts `serve` if
/// there is no such word.
fn command_first(command: &clap::Command, arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let switches = switches(command);
    let (mut at, mut unknown) = (1, None);
    while let Some(argument) = arguments.get(at).map(|argument| argument.to_string_lossy().into_owned()) {
        let is_help = ["--help", "-h", "--version", "-V"].contains(&argument.as_str());
        if is_help && at == 1 && arguments.len() == 2 || argument == "help" {
            return arguments;
        }
        if commands.contains(&argument.as_str()) {
            let command = arguments.remove(at);
            arguments.insert(1, command);
            return arguments;
        }
        let is_flag = argument.starts_with('-');
        if !is_flag {
            unknown = unknown.or(Some(at));
        }
        let takes_value = is_flag && !argument.contains('=') && !switches.contains(&argument);
        at += if takes_value { 2 } else { 1 };
    }
    let first = unknown.map_or_else(|| "serve".into(), |at| arguments.remove(at));
    arguments.insert(1.min(arguments.len()), first);
    arguments
}

/// The flags that take no value, of all commands.
fn switches(command: &clap::Command) -> Vec<String> {
    let all = std::iter::once(command).chain(command.get_subcommands());
    let needs_value = |arg: &clap::Arg| {
        arg.get_action().takes_values() && arg.get_num_args().is_none_or(|number| number.min_values() > 0)
    };
    let switches = all.flat_map(clap::Command::get_arguments).filter(|arg| !needs_value(arg));
    let names = |arg: &clap::Arg| {
        let (long, short) =
            (arg.get_long().map(|long| format!("--{long}")), arg.get_short().map(|short| format!("-{short}")));
        long.into_iter().chain(short)
    };
    switches.flat_map(names).collect()
}

fn serve(cli: Serve) -> Result<ServeSettings, SettingsError> {
    Ok(ServeSettings {
        bind: cli.bind.into_iter().filter_map(|address| said(Some(address))).collect(),
        admin: match said(cli.admin_bind) {
            None => AdminBind::Default,
            Some(off) if off.eq_ignore_ascii_case("off") => AdminBind::Off,
            Some(address) => AdminBind::At(address),
        },
        watch: watch(cli.watch.unwrap_or(WatchMode::Auto), cli.poll, cli.rescan)?,
        fetch_images: cli.fetch_images.unwrap_or(Switch::Off),
        ping: cli.ping.unwrap_or(Switch::Off),
        access_log: cli.access_log.unwrap_or(AccessLogFormat::Off),
        trusted_proxies: ranges(cli.trusted_proxies)?,
        document_cache: size(cli.document_cache, "--document-cache")?,
        drain: time(cli.drain, "--drain", Duration::from_secs(3))?,
        open: cli.open,
        places: places(cli.places),
    })
}

fn watch(mode: WatchMode, poll: Option<String>, rescan: Option<String>) -> Result<WatchSettings, SettingsError> {
    Ok(WatchSettings {
        mode,
        poll: time(poll, "--poll", Duration::from_secs(2))?,
        rescan: time(rescan, "--rescan", Duration::from_mins(10))?,
    })
}

fn check(cli: Check) -> CheckSettings {
    CheckSettings {
        places: places(cli.places),
        format: cli.format.unwrap_or(ReportFormat::Text),
        explain: cli.explain,
        fails_on: if cli.deny_warnings { FailsOn::Warnings } else { FailsOn::Errors },
        depth: if cli.deep { Depth::Everything } else { Depth::Shown },
    }
}

fn compare(cli: Compare) -> CompareSettings {
    CompareSettings {
        places: places(cli.places),
        old: cli.old,
        new: cli.new,
        feed: said(cli.feed),
        format: cli.format.unwrap_or(CompareFormat::Text),
    }
}

fn images(cli: Images) -> Result<ImagesSettings, SettingsError> {
    let every = match said(cli.every) {
        Some(written) => match time(Some(written.clone()), "--every", Duration::ZERO)? {
            every if every < Duration::from_mins(1) => return Err(SettingsError::TooShort(written)),
            every => Some(every),
        },
        None => None,
    };
    Ok(ImagesSettings {
        places: places(cli.places),
        of: if cli.all { ImagesOf::Articles } else { ImagesOf::Feeds },
        every,
    })
}

fn healthcheck(cli: Healthcheck) -> HealthcheckSettings {
    HealthcheckSettings { bind: first_listener(cli.bind) }
}

/// The first of the public listeners, for commands that need one of them.
fn first_listener(bind: Vec<String>) -> String {
    bind.into_iter().find_map(|address| said(Some(address))).unwrap_or_else(|| BIND.to_owned())
}

fn said(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
