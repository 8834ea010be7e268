//! The settings of what is in front of feedmill: proxies, and the commands `doctor`, `stats` and `edge`.

use std::path::PathBuf;

use super::{BIND, PlaceSettings, SettingsError, places, said};
use crate::cli::{CompareFormat, Doctor, Edge, EdgeProduct, Stats, TableFormat};
use crate::site::IpRange;

/// Settings of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorSettings {
    pub(crate) places: PlaceSettings,
    /// The public URL, if it is not the base URL.
    pub(crate) url: Option<String>,
    pub(crate) format: CompareFormat,
}

/// Settings of `stats`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsSettings {
    /// The access logs; `-` is standard input.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) format: TableFormat,
}

/// Settings of `edge`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeSettings {
    pub(crate) places: PlaceSettings,
    pub(crate) product: EdgeProduct,
    /// The URL at which the proxy reaches feedmill.
    pub(crate) upstream: String,
}

/// Parses `10.0.0.0/8,::1`.
pub(super) fn ranges(text: Option<String>) -> Result<Vec<IpRange>, SettingsError> {
    let text = said(text).unwrap_or_default();
    let ranges = text.split(',').map(str::trim).filter(|range| !range.is_empty());
    ranges.map(|range| IpRange::parse(range).ok_or_else(|| SettingsError::Range(range.to_owned()))).collect()
}

pub(super) fn doctor(cli: Doctor) -> DoctorSettings {
    DoctorSettings { places: places(cli.places), url: said(cli.url), format: cli.format.unwrap_or(CompareFormat::Text) }
}

pub(super) fn stats(cli: Stats) -> StatsSettings {
    StatsSettings { files: cli.files, format: cli.format.unwrap_or(TableFormat::Text) }
}

pub(super) fn edge(cli: Edge) -> EdgeSettings {
    EdgeSettings {
        places: places(cli.places),
        product: cli.product,
        upstream: said(cli.upstream).unwrap_or_else(|| format!("http://{BIND}")),
    }
}
