//! The command line: flags, their environment variables and their help.
//!
//! clap parses it, and `settings` checks the values. The help texts are also the source of the
//! manual pages, the shell completions and docs/commands.md.

use std::path::PathBuf;

use clap::builder::{FalseyValueParser, PossibleValuesParser};
use clap::{Arg, ArgAction, Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::generator::{self, Generator};

mod outside;
mod values;

pub(crate) use outside::{Doctor, Edge, Stats};
pub use values::LogFormat;
pub(crate) use values::{
    AccessLogFormat, CompareFormat, EdgeProduct, ReportFormat, StoreEncoding, Switch, TableFormat, WatchMode,
};

/// Turns a directory of articles into RSS, Atom and JSON feeds, and serves them
///
/// Point it at a Hexo, Jekyll, Hugo or Zola directory, or at a plain folder of Markdown and HTML files: every category, tag
/// and author has its feeds, kept up to date by a file watcher.
#[derive(Debug, Parser)]
#[command(
    name = "feedmill",
    version,
    subcommand_required = true,
    max_term_width = 80,
    override_usage = "feedmill [COMMAND] [FLAGS]",
    after_help = "\
Examples:
  feedmill --content source        a Hexo site: open http://127.0.0.1:8080/
  feedmill init --content source   write feeds/site.yaml as detected
  feedmill check --content source  report what could not be read
  feedmill --content . --base-url https://feeds.example.org --bind :8080
                                   a Jekyll site behind a proxy with TLS
  feedmill compare atom.xml --content source
                                   what subscribers of an old feed notice
  feedmill build --content content --base-url https://feeds.example.org
                                   a Hugo site as files for a static host

An empty environment variable counts as unset. Editorial settings (titles,
languages, limits, old URLs) are in feeds/site.yaml; each feeds/NAME.yaml
defines one more feed. `feedmill help COMMAND` explains more than --help."
)]
pub struct Cli {
    /// The command to run.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The command line. `feedmill` alone serves, so its help and completions have the flags of `serve` too.
pub fn command() -> clap::Command {
    // With -h and --help alike, one line for each flag; `feedmill help serve` has the long form.
    let help = || Arg::new("help").short('h').long("help").action(ArgAction::HelpShort).help("Print help");
    let concise =
        |command: clap::Command| command.disable_help_flag(true).arg(help()).mut_args(|arg| arg.hide_env_values(true));
    let command = concise(Cli::command()).mut_subcommands(concise);
    let serve = command.find_subcommand("serve").map(|serve| serve.get_arguments().cloned().collect::<Vec<_>>());
    let of_serve = serve.unwrap_or_default().into_iter().filter(|arg| arg.get_id() != "help");
    command.args(of_serve.map(|arg| arg.help_heading("Flags of `serve`, the default command")))
}

/// The commands and their flags.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Load, watch, serve (the default)
    Serve(Serve),
    /// Write every document as a file, with the same bytes that serve sends
    Build(Build),
    /// Read everything and report every problem with its file, line and column
    Check(Check),
    /// Show what subscribers would notice if a feed or build were replaced by another
    Compare(Compare),
    /// Find out type, length and size of remote lead images, for enclosures
    Images(Images),
    /// Check the public URL as feed readers see it
    Doctor(Doctor),
    /// Count the subscribers and readers of each feed from access logs
    Stats(Stats),
    /// Print rules for a proxy, CDN or bot wall in front
    Edge(Edge),
    /// Check whether the running server is ready (for a container without a shell)
    Healthcheck(Healthcheck),
    /// Write feeds/site.yaml with the settings that were detected, explained
    Init(Init),
    /// Print the completions for a shell
    Completions(Completions),
    /// Print the manual page, or write all pages to a directory
    Man(Man),
}

/// Flags that `serve`, `build`, `check`, `compare`, `images` and `doctor` have in common.
#[derive(Debug, Clone, Args)]
pub(crate) struct Places {
    /// The articles: the posts' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_CONTENT")]
    pub content: Option<PathBuf>,
    /// Directory of site.yaml and the feed definitions; it may be missing unless the flag is given
    /// [default: feeds]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_FEEDS")]
    pub feeds: Option<PathBuf>,
    /// Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]
    #[arg(long, value_name = "FILE", env = "FEEDMILL_IMAGE_FACTS")]
    pub image_facts: Option<PathBuf>,
    /// The generator whose rules apply [default: `dialect` of site.yaml, else detected]
    #[arg(long, value_name = "NAME", env = "FEEDMILL_DIALECT", value_parser = dialects())]
    pub dialect: Option<String>,
    /// The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else
    /// the bound address]
    #[arg(long, value_name = "URL", env = "FEEDMILL_BASE_URL")]
    pub base_url: Option<String>,
    /// Format of the log [default: text on a terminal, else json]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_LOG")]
    pub log: Option<LogFormat>,
    /// Log only warnings and errors
    #[arg(short, long, env = "FEEDMILL_QUIET", value_parser = FalseyValueParser::new())]
    pub quiet: bool,
    /// Log details too; `RUST_LOG` sets levels for single modules
    #[arg(short, long, env = "FEEDMILL_VERBOSE", value_parser = FalseyValueParser::new(), overrides_with = "quiet")]
    pub verbose: bool,
}

fn dialects() -> PossibleValuesParser {
    std::iter::once("auto").chain(generator::ALL.into_iter().map(Generator::as_str)).into()
}

/// `feedmill serve`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// A public listener: 127.0.0.1:8080, localhost:8080, 8080 (on 127.0.0.1), :8080 (on all addresses) or unix:PATH; port 0
    /// picks a free one. Several are possible [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_BIND", value_delimiter = ',')]
    pub bind: Vec<String>,
    /// Listener for metrics, status and reload; `off` for none [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_ADMIN_BIND")]
    pub admin_bind: Option<String>,
    /// How changes are detected [default: auto]
    #[arg(long, value_name = "MODE", env = "FEEDMILL_WATCH")]
    pub watch: Option<WatchMode>,
    /// Interval between rescans when polling [default: 2s]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_POLL")]
    pub poll: Option<String>,
    /// Interval between full rescans in addition to events [default: 10m]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_RESCAN")]
    pub rescan: Option<String>,
    /// Find out type, length and size of remote lead images in the background, as `feedmill images` does [default: off]
    #[arg(long, value_name = "ON|OFF", env = "FEEDMILL_FETCH_IMAGES")]
    pub fetch_images: Option<Switch>,
    /// Tell the hubs of site.yaml which feeds changed [default: off]
    #[arg(long, value_name = "ON|OFF", env = "FEEDMILL_PING")]
    pub ping: Option<Switch>,
    /// Log each request: `on` without client addresses, `combined` as nginx and Apache do, with addresses
    /// [default: off]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_ACCESS_LOG")]
    pub access_log: Option<AccessLogFormat>,
    /// Proxies whose X-Forwarded-For names the client, for the combined log and the count of readers, such as
    /// `10.0.0.0/8,::1`
    #[arg(long, value_name = "CIDR", env = "FEEDMILL_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// Memory for rendered documents; in a container at most a sixteenth of its limit by default
    /// [default: 64MiB]
    #[arg(long, value_name = "SIZE", env = "FEEDMILL_DOCUMENT_CACHE")]
    pub document_cache: Option<String>,
    /// How long requests are still answered after SIGTERM [default: 3s]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_DRAIN")]
    pub drain: Option<String>,
    /// Open the home page in a browser
    #[arg(long, env = "FEEDMILL_OPEN", value_parser = FalseyValueParser::new())]
    pub open: bool,
}

/// `feedmill build`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Build {
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// Output directory: does not exist, is empty, or contains the file .feedmill of an earlier
    /// build; or object storage, such as <s3://bucket/prefix> [default: dist]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_OUT")]
    pub out: Option<PathBuf>,
    /// Build again after each change, which is detected in this way [default: build once]
    #[arg(long, value_name = "MODE", env = "FEEDMILL_WATCH")]
    pub watch: Option<WatchMode>,
    /// Interval between rescans when polling [default: 2s]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_POLL")]
    pub poll: Option<String>,
    /// Interval between full rescans in addition to events [default: 10m]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_RESCAN")]
    pub rescan: Option<String>,
    /// Tell the hubs of site.yaml which feeds changed with object storage and --watch [default: off]
    #[arg(long, value_name = "ON|OFF", env = "FEEDMILL_PING")]
    pub ping: Option<Switch>,
    /// Write the URLs that changed or went, one a line, for the purge of a CDN; `-` is standard output
    #[arg(long, value_name = "FILE", env = "FEEDMILL_CHANGED")]
    pub changed: Option<PathBuf>,
    /// The flags for object storage.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Let a build without articles replace one that has articles
    #[arg(long, env = "FEEDMILL_ALLOW_EMPTY", value_parser = FalseyValueParser::new())]
    pub allow_empty: bool,
    /// Address for the base URL if none is set, as in `serve` [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_BIND", value_delimiter = ',')]
    pub bind: Vec<String>,
}

/// Flags of `build --out s3://…`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Object storage")]
pub(crate) struct StoreArgs {
    /// URL of the store [default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else that of AWS]
    #[arg(long, value_name = "URL", env = "FEEDMILL_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    /// Region of the bucket [default: `AWS_REGION`, `AWS_DEFAULT_REGION`, else us-east-1]
    #[arg(long, value_name = "NAME", env = "FEEDMILL_S3_REGION")]
    pub s3_region: Option<String>,
    /// Whether the bucket is in the path of the URL rather than in its host name
    /// [default: on for IP addresses and localhost]
    #[arg(long, value_name = "ON|OFF", env = "FEEDMILL_S3_PATH_STYLE", num_args = 0..=1, default_missing_value = "on")]
    pub s3_path_style: Option<Switch>,
    /// How documents are stored: as they are, compressed, or with .gz and .br files beside them [default: identity]
    #[arg(long, value_name = "ENCODING", env = "FEEDMILL_ENCODING")]
    pub encoding: Option<StoreEncoding>,
    /// How long documents that are no longer published stay in the store [default: 10m]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_KEEP")]
    pub keep: Option<String>,
    /// Publish to a store without conditional writes; nothing else may publish there at the same time
    #[arg(long, env = "FEEDMILL_SINGLE_WRITER", value_parser = FalseyValueParser::new())]
    pub single_writer: bool,
}

/// `feedmill check`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Check {
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// Format of the report [default: text]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_FORMAT")]
    pub format: Option<ReportFormat>,
    /// Explain a problem code, or `all` of them, and exit
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
    /// Treat warnings as errors
    #[arg(long, env = "FEEDMILL_DENY_WARNINGS", value_parser = FalseyValueParser::new())]
    pub deny_warnings: bool,
    /// Render every body too
    #[arg(long, env = "FEEDMILL_DEEP", value_parser = FalseyValueParser::new())]
    pub deep: bool,
}

/// `feedmill compare`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
A reader shows an entry as unread if it has not seen its id in this feed
(the id, else the link, else title and date). So every entry of NEW whose id
is not in OLD becomes unread: because its id changed, because OLD was shorter,
or because it is new; the report says which.
Exit codes: 0 nothing becomes unread, 1 something does, 2 could not run.")]
pub(crate) struct Compare {
    /// The feed that subscribers have now: an RSS, Atom or JSON Feed file, or a directory that `build` wrote
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The feed or directory that replaces it [default: the site of --content and --feeds]
    #[arg(value_name = "NEW")]
    pub new: Option<PathBuf>,
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// URL path of the only feed to compare, such as /tags/x/atom.xml [default: all of two builds, else the site's of
    /// the format of the file]
    #[arg(long, value_name = "PATH", env = "FEEDMILL_FEED")]
    pub feed: Option<String>,
    /// Format of the report [default: text]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_FORMAT")]
    pub format: Option<CompareFormat>,
}

/// `feedmill images`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
It asks each host once a second, and only public addresses, and writes the
answers to the file of --image-facts. A known image is asked for again after
about a month.
Exit codes: 0 done, whatever the answers were, 2 could not run or write.")]
pub(crate) struct Images {
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
    /// Ask for the lead images of all articles, not only of those that a feed shows
    #[arg(long, env = "FEEDMILL_ALL", value_parser = FalseyValueParser::new())]
    pub all: bool,
    /// Run again and again, with this pause, such as 1h
    #[arg(long, value_name = "TIME", env = "FEEDMILL_EVERY")]
    pub every: Option<String>,
}

/// `feedmill healthcheck`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Healthcheck {
    /// The address that the server listens on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_BIND", value_delimiter = ',')]
    pub bind: Vec<String>,
}

/// `feedmill init`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
It never overwrites a file. Without --content, it looks for articles in
`content`, and where generators keep them.")]
pub(crate) struct Init {
    /// The common flags.
    #[command(flatten)]
    pub places: Places,
}

/// `feedmill completions`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  feedmill completions bash > /etc/bash_completion.d/feedmill
  feedmill completions zsh > ~/.zfunc/_feedmill
  feedmill completions fish > ~/.config/fish/completions/feedmill.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// `feedmill man`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  feedmill man | man -l -
  feedmill man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Directory to write the pages of all commands to; it is created if it is missing
    #[arg(value_name = "DIR")]
    pub directory: Option<PathBuf>,
}
