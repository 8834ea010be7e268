//! The command line, as clap sees it.
//!
//! Knows flags, their environment twins and their help. Does not check values
//! against each other or the world: `settings` does.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns a directory of articles into RSS, Atom and JSON feeds, and serves
/// them.
///
/// Point it at a Hexo, Jekyll, Hugo or Zola directory, or at a plain folder of
/// Markdown and HTML files: every category, tag and author has its feeds, kept
/// fresh by a file watcher.
#[derive(Debug, Parser)]
#[command(
    name = "feedmill",
    version,
    subcommand_required = true,
    override_usage = "feedmill [COMMAND] [FLAGS]",
    after_help = "\
Without a command it serves: `feedmill --content source` is `feedmill serve --content source`.

Examples:
  feedmill --content source                 a Hexo site: open http://127.0.0.1:8080/ and edit a file
  feedmill check --content source           what could not be read, and what _config.yml was asked for
  feedmill --content . --base-url https://feeds.example.org --bind :8080
                                            a Jekyll site in public, behind a proxy that speaks TLS
  feedmill build --content content --base-url https://feeds.example.org --out public
                                            a Hugo site as files, for any static host

Every flag has an environment variable: --base-url is FEEDMILL_BASE_URL; an empty one counts as unset.
What editors decide (titles, languages, limits, old addresses) stands in feeds/site.yaml, one more feed in
feeds/NAME.yaml. RUST_LOG=warn logs less. See `feedmill serve --help` for the flags."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands by name.
pub const COMMANDS: [&str; 4] = ["serve", "build", "check", "healthcheck"];

/// Flags that take no value.
pub const SWITCHES: [&str; 6] = ["--deny-warnings", "--deep", "--help", "-h", "--version", "-V"];

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load, watch, serve (the default)
    Serve(Serve),
    /// Write the address space as files, byte for byte what serve would answer
    Build(Build),
    /// Read everything, report every problem with its file, line and column
    Check(Check),
    /// Ask the running server whether it is ready (for a container without a shell)
    Healthcheck(Healthcheck),
}

/// Where everything is.
#[derive(Debug, Clone, Args)]
pub struct Places {
    /// The articles: the posts' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_CONTENT")]
    pub content: Option<PathBuf>,
    /// site.yaml and the feed definitions; missing is empty, unless the flag is given [default: feeds]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_FEEDS")]
    pub feeds: Option<PathBuf>,
    /// The public address, such as <https://feeds.example.org> [default: that of site.yaml, else the bound address]
    #[arg(long, value_name = "URL", env = "FEEDMILL_BASE_URL")]
    pub base_url: Option<String>,
    /// How the log is written [default: text on a terminal, else json]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_LOG")]
    pub log: Option<LogFormat>,
}

/// `feedmill serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where everything is.
    #[command(flatten)]
    pub places: Places,
    /// The public listener; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_BIND")]
    pub bind: Option<String>,
    /// Metrics, status, reload; `off` for none [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_ADMIN_BIND")]
    pub admin_bind: Option<String>,
    /// How changes are noticed [default: auto]
    #[arg(long, value_name = "MODE", env = "FEEDMILL_WATCH")]
    pub watch: Option<WatchMode>,
    /// How often everything is looked at when polling [default: 2s]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_POLL")]
    pub poll: Option<String>,
    /// How often everything is looked at besides events [default: 10m]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_RESCAN")]
    pub rescan: Option<String>,
    /// A line for each request [default: off]
    #[arg(long, value_name = "ON|OFF", env = "FEEDMILL_ACCESS_LOG")]
    pub access_log: Option<Switch>,
    /// Rendered documents kept in memory; in a container by default at most a sixteenth of its limit [default: 64MiB]
    #[arg(long, value_name = "SIZE", env = "FEEDMILL_DOCUMENT_CACHE")]
    pub document_cache: Option<String>,
    /// How long polls are still answered after SIGTERM [default: 3s]
    #[arg(long, value_name = "TIME", env = "FEEDMILL_DRAIN")]
    pub drain: Option<String>,
}

/// `feedmill build`.
#[derive(Debug, Clone, Args)]
pub struct Build {
    /// Where everything is.
    #[command(flatten)]
    pub places: Places,
    /// Where the files go: a directory that does not exist, is empty, or holds the file .feedmill of an earlier build [default: dist]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_OUT")]
    pub out: Option<PathBuf>,
    /// Taken for the base address where none is said, as `serve` would [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_BIND")]
    pub bind: Option<String>,
}

/// `feedmill check`.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// Where everything is.
    #[command(flatten)]
    pub places: Places,
    /// How problems are told [default: text]
    #[arg(long, value_name = "FORMAT", env = "FEEDMILL_FORMAT")]
    pub format: Option<ReportFormat>,
    /// Explain a kind of problem, or `all`, and do nothing else
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
    /// Warnings count as errors
    #[arg(long, env = "FEEDMILL_DENY_WARNINGS", value_parser = clap::builder::FalseyValueParser::new())]
    pub deny_warnings: bool,
    /// Read all bodies too
    #[arg(long, env = "FEEDMILL_DEEP", value_parser = clap::builder::FalseyValueParser::new())]
    pub deep: bool,
}

/// `feedmill healthcheck`.
#[derive(Debug, Clone, Args)]
pub struct Healthcheck {
    /// Where the server listens [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "FEEDMILL_BIND")]
    pub bind: Option<String>,
    /// Where site.yaml is, whose base address may have a path [default: feeds]
    #[arg(long, value_name = "DIR", env = "FEEDMILL_FEEDS")]
    pub feeds: Option<PathBuf>,
    /// The public address, whose path is part of the question
    #[arg(long, value_name = "URL", env = "FEEDMILL_BASE_URL")]
    pub base_url: Option<String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WatchMode {
    /// By events where they work, else by polling.
    Auto,
    /// By events.
    Events,
    /// By looking at everything again and again.
    Poll,
    /// Not at all.
    Off,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

/// How problems are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    Text,
    /// One array.
    Json,
    /// For code scanners.
    Sarif,
    /// For GitHub's annotations.
    Github,
}
