//! The clock, and whether it can be right.
//!
//! A machine without a battery for its clock starts in 1970. Articles are then
//! not due, and feeds without them would be taken for the truth by every reader.
//! A clock before the program's own date is known to be wrong.

use chrono::{DateTime, SecondsFormat, Utc};

/// When the sources were prepared for their release, in seconds since 1970
/// (2026-01-01). Raised with every release, and a constant, so that the same
/// sources give the same binary.
const SOURCES: i64 = 1_767_225_600;

/// The moment before which this program did not exist: the date of its sources,
/// or `SOURCE_DATE_EPOCH` of its build where that is later.
pub(super) fn earliest() -> DateTime<Utc> {
    let build = option_env!("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.parse().ok());
    let latest = build.map_or(SOURCES, |build: i64| build.max(SOURCES));
    DateTime::from_timestamp(latest, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The time; an error is a sentence about a clock that cannot be right.
pub(super) fn now() -> Result<DateTime<Utc>, String> {
    judge(Utc::now(), earliest())
}

fn judge(now: DateTime<Utc>, earliest: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
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
    fn a_clock_before_the_programs_own_date_is_wrong_and_the_sentence_names_both() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(judge(at(SOURCES), at(SOURCES)), Ok(at(SOURCES)));
        let wrong = judge(at(5), at(SOURCES)).unwrap_err();
        assert!(wrong.contains("1970-01-01T00:00:05Z") && wrong.contains("2026-01-01T00:00:00Z"), "{wrong}");
        assert!(earliest() >= at(SOURCES) && now().is_ok());
    }
}
