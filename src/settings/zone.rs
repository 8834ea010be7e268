//! The time zone of the machine.

use crate::syntax::date::TimeZone;

/// The zone that `TZ` names, or else that of the system. A zone that has no name counts as none.
pub(super) fn of_machine() -> Option<TimeZone> {
    let zone = std::env::var("TZ").ok().or_else(|| iana_time_zone::get_timezone().ok())?;
    zone.trim_start_matches(':').parse().ok()
}
