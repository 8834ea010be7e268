//! Reads the clock and checks that it is plausible.
//!
//! A machine without a battery for its clock starts in 1970. Articles would then not be due, and
//! readers would accept feeds without them. A time before the release date of the program is
//! therefore treated as an error.

use chrono::{DateTime, SecondsFormat, Utc};

/// The release date of the sources, in seconds since 1970 (2026-01-01). It is updated with every
/// release, and a constant so that builds are reproducible.
const SOURCES: i64 = 1_767_225_600;

/// The earliest plausible time: the date of the sources, or `SOURCE_DATE_EPOCH` at build time if
/// that is later.
pub(super) fn earliest() -> DateTime<Utc> {
    let build = option_env!("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.parse().ok());
    let latest = build.map_or(SOURCES, |build: i64| build.max(SOURCES));
    DateTime::from_timestamp(latest, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The current time, or a message that the clock is wrong.
pub(super) fn now() -> Result<DateTime<Utc>, String> {
    check(Utc::now(), earliest())
}

fn check(now: DateTime<Utc>, earliest: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    if now >= earliest {
        return Ok(now);
    }
    let [now, earliest] = [now, earliest].map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
    Err(format!(
        "the clock of this machine shows {now}, but this program was built after {earliest}; set the clock, because it decides which articles are due"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_the_release_date_is_wrong_and_the_message_has_both_dates() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(check(at(SOURCES), at(SOURCES)), Ok(at(SOURCES)));
        let wrong = check(at(5), at(SOURCES)).unwrap_err();
        assert!(wrong.contains("1970-01-01T00:00:05Z") && wrong.contains("2026-01-01T00:00:00Z"), "{wrong}");
        assert!(earliest() >= at(SOURCES) && now().is_ok());
    }
}
