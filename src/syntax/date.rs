//! The dates that authors write, read into instants.
//!
//! Knows: every shape counted in real articles, RFC 2822 and 3339, what JavaScript, `date` and
//! `git` print, Chinese dates, and dates in the names of files and directories.
//! Deliberately does not know: the current time, so that a text means the same whenever it is
//! read; and orders that only a country decides: `11-9-2017` is an error, not a guess, unless the
//! generator whose articles these are decides it ([`Order`]).
//!
//! A date passes three stages: `scan` makes its letters plain, `written` and `clock` find day, time
//! and zone, `zone` makes them an instant. `name` does the same for names.

mod clock;
mod name;
mod scan;
#[cfg(test)]
mod tests;
mod written;
mod zone;

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

pub use name::{InName, in_name};
pub use zone::Zones;

use clock::{Clock, Zone};
use written::Written;
use zone::{Meaning, instant, meaning};

/// Bytes of the longest text that is looked at; JavaScript's dates, the longest, have about 60.
const LONGEST: usize = 128;

/// From here on a number counts milliseconds: as seconds it would be the year 5138.
const FIRST_MILLIS: i64 = 100_000_000_000;

/// A date that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Between the years 1900 and 9999 in UTC, to the nanosecond as written.
    pub instant: DateTime<Utc>,
    /// Why the author should look at it again.
    pub doubt: Option<Doubt>,
}

/// Whether the day or the month stands first where both are numbers before the year. A parser of
/// dates decides that for all who use it, whatever their country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Nobody says: read only where one of them can be no month.
    Unclear,
    /// Ruby's `Time.parse`.
    DayFirst,
    /// JavaScript's `Date`.
    MonthFirst,
}

/// What about a date was not certain. Prints as the message of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Only the day was read; the instant is its midnight in the default zone.
    TimeUnreadable,
    /// Only the month stands there; the instant is its first midnight.
    DayMissing,
    /// `CST` and its like, not in `zones`: read as most authors mean it.
    AmbiguousZone,
    /// A name in no table and not in `zones`: read in the default zone.
    UnknownZone,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doubt::TimeUnreadable => "the time cannot be read, so the day counts from midnight",
            Doubt::DayMissing => "the day is missing, so the first of the month counts",
            Doubt::AmbiguousZone => "the name of the time zone has more than one meaning",
            Doubt::UnknownZone => "the name of the time zone is unknown, so the site's zone counts",
        })
    }
}

/// Why a text gives no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// No known shape: `Invalid Date`, `2021`, `yesterday`.
    #[error("this is not a date")]
    NotADate,
    /// Longer than 128 bytes.
    #[error("this is too long for a date")]
    TooLong,
    /// `11-9-2017` is in September or in November.
    #[error("the order of day and month is not certain")]
    OrderUnclear,
    /// `2018-02-31`.
    #[error("there is no such day")]
    NoSuchDay,
    /// RFC 2822 begins with 1900, and no feed format has five digits.
    #[error("the year is not between 1900 and 9999")]
    YearOutOfRange,
}

/// Reads a date. Costs no more than the text is long; 128 bytes are the limit.
///
/// The day must be readable. A broken time, or a doubtful zone, gives a [`Doubt`].
/// Whole numbers of nine digits and more are Unix times, save that 14 are `YYYYMMDDHHMMSS`.
pub fn parse(text: &str, zones: &Zones, order: Order) -> Result<Reading, DateError> {
    if text.len() > LONGEST {
        return Err(DateError::TooLong);
    }
    let plain = scan::plain(text);
    let plain = plain.trim_ascii();
    if plain.len() >= 9 && plain.len() != 14 && plain.iter().all(u8::is_ascii_digit) {
        return unix(plain);
    }
    let written = written::read(plain, order)?;
    let (instant, doubt) = read(&written, zones).ok_or(DateError::YearOutOfRange)?;
    in_range(instant).map(|instant| Reading { instant, doubt })
}

fn unix(digits: &[u8]) -> Result<Reading, DateError> {
    let number = scan::Cursor::new(digits).number().map_or(u64::MAX, |number| number.value);
    let number = i64::try_from(number).map_err(|_| DateError::YearOutOfRange)?;
    let millis = if number < FIRST_MILLIS { number * 1000 } else { number };
    let instant = DateTime::from_timestamp_millis(millis).ok_or(DateError::YearOutOfRange)?;
    in_range(instant).map(|instant| Reading { instant, doubt: None })
}

/// A zone can push a day at either end into a year that chrono's RFC 2822 writer panics at.
fn in_range(instant: DateTime<Utc>) -> Result<DateTime<Utc>, DateError> {
    let fits = (1900..=9999).contains(&instant.year());
    fits.then_some(instant).ok_or(DateError::YearOutOfRange)
}

fn midnight(day: NaiveDate, zones: &Zones) -> Option<DateTime<Utc>> {
    instant(day.and_time(NaiveTime::MIN), zones.default)
}

fn read(written: &Written, zones: &Zones) -> Option<(DateTime<Utc>, Option<Doubt>)> {
    let since_midnight = match written.clock {
        Clock::At { seconds, nanos } => TimeDelta::new(i64::from(seconds), nanos)?,
        Clock::Absent if !written.exact => return Some((midnight(written.day, zones)?, Some(Doubt::DayMissing))),
        Clock::Absent if written.zone != Zone::Broken => TimeDelta::zero(),
        _ => return Some((midnight(written.day, zones)?, Some(Doubt::TimeUnreadable))),
    };
    let local = written.day.and_time(NaiveTime::MIN).checked_add_signed(since_midnight)?;
    let (offset, doubt) = match written.zone {
        Zone::Offset(offset) => (Some(offset), None),
        Zone::ContentPath(place) => return Some((instant(local, place)?, None)),
        Zone::Absent | Zone::Broken => (None, None),
        Zone::Name(name) => match meaning(name, zones) {
            Meaning::Certain(offset) => (Some(offset), None),
            Meaning::Likely(offset) => (Some(offset), Some(Doubt::AmbiguousZone)),
            // After a time two to five capitals are a zone; other words are a remark.
            Meaning::Unknown => {
                let zone = (2..=5).contains(&name.len()) && name.iter().all(u8::is_ascii_uppercase);
                let doubt = zone && written.clock != Clock::Absent;
                (None, doubt.then_some(Doubt::UnknownZone))
            }
        },
    };
    let instant = match offset {
        Some(offset) => local.checked_sub_offset(offset)?.and_utc(),
        None => instant(local, zones.default)?,
    };
    Some((instant, doubt))
}
