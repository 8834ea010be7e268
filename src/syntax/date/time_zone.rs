//! Time zones by name, from the IANA database that is compiled in: an image from scratch has no zone files.
//!
//! The only user of `jiff`. Its database takes 0.2 MB of the binary; the tables of chrono-tz take 1.5 MB.

use std::fmt;
use std::str::FromStr;
use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{self, TimeZoneDatabase};

/// A time zone with a name, such as `Asia/Shanghai`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(u16);

/// A zone of the database, which is decoded when it is used for the first time.
struct NamedZone {
    name: String,
    rules: OnceLock<tz::TimeZone>,
}

/// All zones: first UTC, then the others in the order of their names.
static ZONES: LazyLock<Box<[NamedZone]>> = LazyLock::new(|| {
    let database = TimeZoneDatabase::bundled();
    let mut names: Vec<String> = database.available().map(|name| name.as_str().to_owned()).collect();
    names.retain(|name| name != UTC);
    names.sort_unstable();
    names.insert(0, UTC.to_owned());
    names.into_iter().map(|name| NamedZone { name, rules: OnceLock::new() }).collect()
});

const UTC: &str = "UTC";

impl TimeZone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(0);

    /// Returns the names of all zones.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ZONES.iter().map(|zone| zone.name.as_str())
    }

    pub(crate) fn name(self) -> &'static str {
        ZONES.get(usize::from(self.0)).map_or(UTC, |zone| &zone.name)
    }

    /// Returns the date and time that clocks in this zone show at an instant.
    pub(crate) fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        let offset = match Timestamp::from_second(instant.timestamp()) {
            Ok(timestamp) if self != Self::UTC => self.rules().to_offset(timestamp).seconds(),
            _ => 0,
        };
        let local = instant.naive_utc();
        local.checked_add_signed(TimeDelta::seconds(offset.into())).unwrap_or(local)
    }

    /// Returns the instant at which clocks in this zone show `local`. Of two such instants the earlier counts. A time
    /// that clocks skip is computed with the offset before the gap (RFC 5545 §3.3.5), so the instant is after the gap.
    pub(super) fn instant(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        if self == Self::UTC {
            return Some(local.and_utc());
        }
        let short = |number: u32| i8::try_from(number).ok();
        let time = civil::DateTime::new(
            i16::try_from(local.year()).ok()?,
            short(local.month())?,
            short(local.day())?,
            short(local.hour())?,
            short(local.minute())?,
            short(local.second())?,
            0,
        );
        let timestamp = self.rules().to_ambiguous_timestamp(time.ok()?).compatible().ok()?;
        DateTime::from_timestamp(timestamp.as_second(), local.nanosecond())
    }

    fn rules(self) -> &'static tz::TimeZone {
        static FALLBACK: tz::TimeZone = tz::TimeZone::UTC;
        let load = |zone: &'static NamedZone| {
            zone.rules.get_or_init(|| TimeZoneDatabase::bundled().get(&zone.name).unwrap_or(tz::TimeZone::UTC))
        };
        ZONES.get(usize::from(self.0)).map_or(&FALLBACK, load)
    }
}

/// There is no zone of this name.
#[derive(Debug)]
pub struct UnknownTimeZone;

impl FromStr for TimeZone {
    type Err = UnknownTimeZone;

    /// Letter case counts, as in generators and in names of files.
    fn from_str(name: &str) -> Result<Self, UnknownTimeZone> {
        if name == UTC {
            return Ok(Self::UTC);
        }
        let at = ZONES.get(1..).unwrap_or_default().binary_search_by(|zone| zone.name.as_str().cmp(name));
        at.ok().and_then(|at| u16::try_from(at + 1).ok()).map(Self).ok_or(UnknownTimeZone)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_zone_is_found_by_its_name_and_can_be_decoded() {
        let names: Vec<&str> = TimeZone::names().collect();
        assert!(names.len() > 590, "{}", names.len());
        for name in names {
            let zone: TimeZone = name.parse().unwrap();
            assert_eq!(zone.name(), name);
            assert_eq!(TimeZoneDatabase::bundled().get(name).unwrap(), *zone.rules());
        }
        for wrong in ["", "Mars/Base", "asia/shanghai", "Asia/Shanghai ", "UTC0"] {
            assert!(wrong.parse::<TimeZone>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_years_of_dates_are_converted_there_and_back() {
        for name in ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia", "Africa/Monrovia", "Etc/GMT+12"] {
            let zone: TimeZone = name.parse().unwrap();
            for year in (1900..=9998).step_by(7) {
                let instant = format!("{year}-12-31T12:34:56.789Z").parse().unwrap();
                assert_eq!(zone.instant(zone.local(instant)), Some(instant), "{name} {year}");
            }
        }
    }
}
