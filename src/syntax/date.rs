//! Parses the dates that authors write.
//!
//! All formats found in real articles are accepted: RFC 2822 and 3339, the output of JavaScript, `date` and `git`,
//! Chinese dates, and dates in the names of files and directories. The current time plays no part, so a text always
//! gives the same date. A date whose order depends on the country, such as `11-9-2017`, is an error unless the
//! generator of the articles decides the order, see [`Order`].
//!
//! Parsing has three stages: `scan` normalizes the characters, `written` and `clock` find the day, time and zone, and
//! `zone` computes the instant. `name` finds the date in the path of a file.

mod clock;
mod name;
mod scan;
#[cfg(test)]
mod tests;
mod written;
mod time_zone;
mod zone;

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

pub use name::in_name;
pub use time_zone::TimeZone;
pub use zone::{UtcDates, Zones};

use clock::{Clock, Zone};
use written::WrittenDate;
use zone::{ZoneMeaning, meaning};

/// Maximum length of a date in bytes. The longest dates are those of JavaScript, with about 60 bytes.
const LONGEST: usize = 128;

/// The smallest Unix time that is taken as milliseconds. As seconds it would be in the year 5138.
const FIRST_MILLIS: i64 = 100_000_000_000;

/// A parsed date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParsedDate {
    /// Between the years 1900 and 9999 in UTC, with the written precision down to nanoseconds.
    pub instant: DateTime<Utc>,
    /// The date and time as written, in the zone that they were written in.
    pub local: NaiveDateTime,
    /// The zone in which it was read, if the text names none.
    pub zone: Option<TimeZone>,
    /// Whether the text has a time. Otherwise the instant is midnight.
    pub has_time: bool,
    /// Why the date may not be the one that the author meant; reported as a warning.
    pub doubt: Option<Doubt>,
}

impl ParsedDate {
    /// Returns the date of an instant that was not written, such as the time of a file.
    pub(crate) fn at(instant: DateTime<Utc>) -> Self {
        Self { instant, local: instant.naive_utc(), zone: None, has_time: true, doubt: None }
    }

    /// Returns the date of a day that begins at `instant` in a zone.
    pub(crate) fn of_day(instant: DateTime<Utc>, zone: TimeZone) -> Self {
        let local = zone.local(instant);
        Self { instant, local, zone: Some(zone), has_time: false, doubt: None }
    }
}

/// Whether the day or the month comes first if both are numbers before the year. Each generator follows its date
/// parser, whatever the country of the author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The generator does not define it. The date is valid only if one of the numbers cannot be a month.
    Unclear,
    /// As in Ruby's `Time.parse`.
    DayFirst,
    /// As in JavaScript's `Date`, where the 31st of February is the second or third of March.
    MonthFirst,
}

/// Why a parsed date is uncertain. `Display` gives the message of the warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The day is valid and the time is not. The instant is midnight in the default zone.
    TimeUnreadable,
    /// There is only a month. The instant is midnight on its first day.
    DayMissing,
    /// The zone has several meanings, like `CST`, and site.yaml does not define it. The most common meaning is used.
    AmbiguousZone,
    /// The zone is unknown. The default zone is used.
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

/// Why a text is not a valid date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// No known format, for example `Invalid Date`, `2021` or `yesterday`.
    #[error("this is not a date")]
    NotADate,
    /// Longer than 128 bytes.
    #[error("this is too long for a date")]
    TooLong,
    /// Ambiguous: `11-9-2017` is in September or in November.
    #[error("the order of day and month is ambiguous")]
    OrderUnclear,
    /// The day does not exist, for example `2018-02-31`.
    #[error("there is no such day")]
    NoSuchDay,
    /// RFC 2822 requires a year of 1900 or later, and no feed format allows five digits.
    #[error("the year is not between 1900 and 9999")]
    YearOutOfRange,
}

/// Parses a date in time linear in the length of the text, which is at most 128 bytes.
///
/// The day must be valid. An invalid time or an uncertain zone gives a [`Doubt`]. A whole number of nine or more
/// digits is a Unix time, except that 14 digits are `YYYYMMDDHHMMSS`.
pub fn parse(text: &str, zones: &Zones, order: Order) -> Result<ParsedDate, DateError> {
    if text.len() > LONGEST {
        return Err(DateError::TooLong);
    }
    let plain = scan::plain(text);
    let plain = plain.trim_ascii();
    if plain.len() >= 9 && plain.len() != 14 && plain.iter().all(u8::is_ascii_digit) {
        return unix(plain);
    }
    let written = written::read(plain, order)?;
    let read = read(&written, zones).ok_or(DateError::YearOutOfRange)?;
    in_range(read.instant).map(|_| read)
}

fn unix(digits: &[u8]) -> Result<ParsedDate, DateError> {
    let number = scan::Cursor::new(digits).number().map_or(u64::MAX, |number| number.value);
    let number = i64::try_from(number).map_err(|_| DateError::YearOutOfRange)?;
    let millis = if number < FIRST_MILLIS { number * 1000 } else { number };
    let instant = DateTime::from_timestamp_millis(millis).ok_or(DateError::YearOutOfRange)?;
    in_range(instant).map(ParsedDate::at)
}

/// Checks the year again after the conversion to UTC, because chrono's RFC 2822 writer panics at years beyond 9999.
fn in_range(instant: DateTime<Utc>) -> Result<DateTime<Utc>, DateError> {
    let fits = (1900..=9999).contains(&instant.year());
    fits.then_some(instant).ok_or(DateError::YearOutOfRange)
}

fn midnight(day: NaiveDate, zones: &Zones, doubt: Option<Doubt>) -> Option<ParsedDate> {
    let local = day.and_time(NaiveTime::MIN);
    let zone = zones.default;
    Some(ParsedDate { instant: zone.instant(local)?, local, zone: Some(zone), has_time: false, doubt })
}

fn read(written: &WrittenDate, zones: &Zones) -> Option<ParsedDate> {
    let since_midnight = match written.clock {
        Clock::At { seconds, nanos } => TimeDelta::new(i64::from(seconds), nanos)?,
        Clock::Absent if !written.exact => return midnight(written.day, zones, Some(Doubt::DayMissing)),
        Clock::Absent if written.zone != Zone::Broken => TimeDelta::zero(),
        _ => return midnight(written.day, zones, Some(Doubt::TimeUnreadable)),
    };
    let has_time = written.clock != Clock::Absent;
    let local = written.day.and_time(NaiveTime::MIN).checked_add_signed(since_midnight)?;
    let (offset, doubt) = match written.zone {
        Zone::Offset(offset) => (Some(offset), None),
        Zone::Named(place) => {
            return Some(ParsedDate { instant: place.instant(local)?, local, zone: None, has_time, doubt: None });
        }
        Zone::Absent | Zone::Broken => (None, None),
        Zone::Name(name) => match meaning(name, zones) {
            ZoneMeaning::Certain(offset) => (Some(offset), None),
            ZoneMeaning::Likely(offset) => (Some(offset), Some(Doubt::AmbiguousZone)),
            // After a time, two to five capital letters are a zone. Any other word is a remark.
            ZoneMeaning::Unknown => {
                let zone = (2..=5).contains(&name.len()) && name.iter().all(u8::is_ascii_uppercase);
                let doubt = zone && written.clock != Clock::Absent;
                (None, doubt.then_some(Doubt::UnknownZone))
            }
        },
    };
    let instant = match offset {
        Some(offset) => local.checked_sub_offset(offset)?.and_utc(),
        None => zones.default.instant(local)?,
    };
    let zone = offset.is_none().then_some(zones.default);
    Some(ParsedDate { instant, local, zone, has_time, doubt })
}
