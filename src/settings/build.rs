//! The settings of `build`, to a directory or to a prefix in object storage.
//!
//! Names and credentials of a store are those of the AWS tools, so that what works for them works here.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use super::{PlaceSettings, SettingsError, WatchSettings, first_listener, places, said, time, watch};
use crate::cli::{self, Build, StoreEncoding, Switch};
use crate::fetch::{StoreCredentials, StoreLocation, StoreUrlStyle};
use crate::text::host;

/// Settings of `build`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSettings {
    pub(crate) places: PlaceSettings,
    pub(crate) out: BuildTarget,
    /// How to detect changes; `None` for a single build.
    pub(crate) watch: Option<WatchSettings>,
    /// Whether hubs are told of changes.
    pub(crate) ping: Switch,
    /// Where to write the URLs that changed.
    pub(crate) changed: Option<PathBuf>,
    /// Whether a build without articles may replace one that has articles.
    pub(crate) allow_empty: bool,
    pub(crate) bind: String,
}

/// Where a build writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BuildTarget {
    Directory(PathBuf),
    Store(Box<StoreSettings>),
}

/// Settings of a build to object storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoreSettings {
    pub(crate) location: StoreLocation,
    pub(crate) encoding: StoreEncoding,
    /// How long documents that are no longer published stay.
    pub(crate) keep: Duration,
    pub(crate) writers: Writers,
}

/// Who may publish to the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writers {
    Several,
    /// Only this process, because the store has no conditional writes.
    Single,
}

pub(super) fn build(cli: Build) -> Result<BuildSettings, SettingsError> {
    let watch = cli.watch.map(|mode| watch(mode, cli.poll, cli.rescan)).transpose()?;
    let out = out(cli.out.unwrap_or_else(|| "dist".into()), cli.store)?;
    let ping = cli.ping.unwrap_or(Switch::Off);
    if ping == Switch::On && (watch.is_none() || matches!(out, BuildTarget::Directory(_))) {
        return Err(SettingsError::Store(
            "`--ping on` needs --out s3://… and --watch; a hub can only be told of what is public at once".to_owned(),
        ));
    }
    Ok(BuildSettings {
        places: places(cli.places),
        out,
        watch,
        ping,
        changed: cli.changed,
        allow_empty: cli.allow_empty,
        bind: first_listener(cli.bind),
    })
}

const SCHEME: &str = "s3://";

/// Returns the target of a build, given the value of `--out`.
fn out(out: PathBuf, flags: cli::StoreArgs) -> Result<BuildTarget, SettingsError> {
    let Some(place) = out.to_str().and_then(|out| out.strip_prefix(SCHEME)) else {
        return Ok(BuildTarget::Directory(out));
    };
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let prefix = prefix.trim_matches('/');
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.chars().any(char::is_control);
    if !is_plain(bucket) || !prefix.is_empty() && !prefix.split('/').all(is_plain) {
        return Err(SettingsError::Store(format!(
            "`{SCHEME}{place}` is not a place in object storage; write it as s3://bucket or s3://bucket/prefix"
        )));
    }
    let region = first([flags.s3_region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION")]);
    let region = region.unwrap_or_else(|| "us-east-1".to_owned());
    let endpoint = first([flags.s3_endpoint, variable("AWS_ENDPOINT_URL_S3"), variable("AWS_ENDPOINT_URL")]);
    let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    let is_on = flags.s3_path_style.map_or_else(|| needs_path(&endpoint, bucket), |style| style == Switch::On);
    let (Some(key), Some(secret)) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) else {
        return Err(SettingsError::Store(format!(
            "no credentials for `{SCHEME}{place}`; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones)"
        )));
    };
    let location = StoreLocation::new(
        &endpoint,
        if is_on { StoreUrlStyle::Path } else { StoreUrlStyle::Host },
        bucket,
        prefix,
        &region,
        StoreCredentials::new(key, secret, variable("AWS_SESSION_TOKEN")),
    );
    Ok(BuildTarget::Store(Box::new(StoreSettings {
        location: location.map_err(SettingsError::Store)?,
        encoding: flags.encoding.unwrap_or(StoreEncoding::Identity),
        keep: time(flags.keep, "--keep", Duration::from_mins(10))?,
        writers: if flags.single_writer { Writers::Single } else { Writers::Several },
    })))
}

fn variable(name: &str) -> Option<String> {
    said(env::var(name).ok())
}

fn first(values: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    values.into_iter().find_map(said)
}

/// Whether the name of the bucket cannot be a part of the host name: before an IP address or localhost, or with a dot
/// before a host whose certificate is for one label.
fn needs_path(endpoint: &str, bucket: &str) -> bool {
    let host = host(endpoint);
    let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    name == "localhost"
        || name.ends_with(".localhost")
        || name.starts_with('[')
        || name.parse::<std::net::Ipv4Addr>().is_ok()
        || bucket.contains('.') && endpoint.starts_with("https:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_is_in_the_path_where_it_cannot_be_in_the_host() {
        for (endpoint, bucket, wanted) in [
            ("http://127.0.0.1:8333", "feeds", true),
            ("http://[::1]:8333", "feeds", true),
            ("http://localhost:8333/", "feeds", true),
            ("https://s3.eu-west-1.amazonaws.com", "feeds", false),
            ("https://s3.eu-west-1.amazonaws.com", "feeds.example.org", true),
            ("http://store:9000", "feeds", false),
        ] {
            assert_eq!(needs_path(endpoint, bucket), wanted, "{endpoint} {bucket}");
        }
    }
}
