//! Parses times and sizes as users write them.

use std::time::Duration;

use super::{SettingsError, said};

/// Parses `500ms`, `2s`, `10m`, `1h`, or a number of seconds.
pub(super) fn time(text: Option<String>, flag: &'static str, default: Duration) -> Result<Duration, SettingsError> {
    let Some(text) = said(text) else {
        return Ok(default);
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let wrong = || SettingsError::Time(text.clone(), flag);
    let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
    let unit = match text[digits..].trim() {
        "ms" => 1,
        "s" | "" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).map(Duration::from_millis).ok_or_else(wrong)
}

/// Parses `64MiB`, `500kB`, or a number of bytes.
pub(super) fn size(text: Option<String>, flag: &'static str) -> Result<Option<usize>, SettingsError> {
    let Some(text) = said(text) else {
        return Ok(None);
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let wrong = || SettingsError::Size(text.clone(), flag);
    let number: usize = text[..digits].parse().map_err(|_| wrong())?;
    let unit: usize = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "kib" => 1 << 10,
        "m" | "mb" => 1_000_000,
        "mib" => 1 << 20,
        "g" | "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).map(Some).ok_or_else(wrong)
}
