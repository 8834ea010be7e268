//! The words that flags take as their values.

use clap::ValueEnum;

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Human-readable.
    Text,
    /// One JSON object per line.
    Json,
}

/// How changes are detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchMode {
    /// Events where they work, else polling.
    Auto,
    /// File events of the operating system.
    Events,
    /// Regular rescans.
    Poll,
    /// Changes are not detected.
    Off,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// How requests are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AccessLogFormat {
    /// In the format of the log, without client addresses.
    On,
    /// Requests are not logged.
    Off,
    /// In the combined format of nginx and Apache, with client addresses.
    Combined,
}

/// The format of the report of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Human-readable.
    Text,
    /// One JSON array.
    Json,
    /// SARIF, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

/// The format of the report of `compare` and `doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// Human-readable.
    Text,
    /// One JSON object.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// The format of a report that has no findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Human-readable.
    Text,
    /// One JSON object.
    Json,
}

/// How documents are stored in object storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreEncoding {
    /// As they are.
    Identity,
    /// Compressed with gzip, if that makes them shorter.
    Gzip,
    /// As they are, with a .gz and a .br file beside each.
    Siblings,
}

/// What is in front of feedmill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EdgeProduct {
    /// The web server nginx.
    Nginx,
    /// The web server Caddy.
    Caddy,
    /// The content delivery network Cloudflare.
    Cloudflare,
    /// The bot wall Anubis.
    Anubis,
}
