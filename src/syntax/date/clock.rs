//! Parses the time of day and the zone that follow a day.
//!
//! Accepts 12-hour and 24-hour times, decimals and leap seconds, and finds the end of an invalid time. `zone` looks up
//! the meaning of a zone's name.

use chrono::FixedOffset;

use super::TimeZone;
use super::scan::Cursor;
use super::zone::{is_zero, offset};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Absent,
    Broken,
    /// The time since midnight. 24:00 and leap seconds are in the next day.
    At {
        seconds: u32,
        nanos: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone<'a> {
    Absent,
    Broken,
    Offset(FixedOffset),
    Named(TimeZone),
    Name(&'a [u8]),
}

/// Parses the time after a day. Consumes all of an invalid time, so that the caller continues behind it.
pub(super) fn clock(at: &mut Cursor) -> Clock {
    let mut ahead = *at;
    if matches!(ahead.peek(), Some(b'T' | b't' | b'_')) {
        ahead.one_of(b"Tt_");
    } else {
        ahead.run(|b| b.is_ascii_whitespace() || b == b',');
        let mut word = ahead;
        if word.word().eq_ignore_ascii_case(b"at") && word.blanks() {
            ahead = word;
        }
    }
    if !ahead.at_digit() {
        return Clock::Absent;
    }
    *at = ahead;
    match time(&mut ahead) {
        Some(time) if !ahead.at_digit() && ahead.peek() != Some(b':') => {
            *at = ahead;
            time
        }
        _ => {
            at.run(|b| b.is_ascii_digit() || b == b':' || b == b'.');
            Clock::Broken
        }
    }
}

fn time(at: &mut Cursor) -> Option<Clock> {
    let first = at.number()?;
    let two = |by: u64| u32::try_from(first.value / by % 100).unwrap_or(0);
    let (mut hour, mut minute, mut second) = match first.digits {
        1 | 2 => (two(1), None, None),
        4 => (two(100), Some(two(1)), None),
        6 => (two(10_000), Some(two(100)), Some(two(1))),
        _ => return None,
    };
    if minute.is_none() && at.one_of(b":").is_some() {
        minute = Some(at.number()?.short()?);
        if at.one_of(b":").is_some() {
            second = Some(at.number()?.short()?);
        }
    }
    let mut nanos = 0;
    let decimals = at.peek_second().is_some_and(|b| b.is_ascii_digit());
    if minute.is_some() && decimals && at.one_of(b".,").is_some() {
        nanos = at.billionths()?;
        // `20:00.000000000 +08:00` is complete. A nonzero fraction of a minute has no agreed meaning.
        if second.is_none() && nanos > 0 {
            return None;
        }
    }
    match half(at) {
        Some(Half::Morning) if hour > 12 => return None,
        Some(Half::Morning) if hour == 12 => hour = 0,
        Some(Half::Afternoon) if hour < 12 => hour += 12,
        Some(_) => {}
        None => {
            minute?;
        }
    }
    match compact(hour, minute.unwrap_or(0), second.unwrap_or(0))? {
        Clock::At { seconds, .. } => Some(Clock::At { seconds, nanos }),
        other => Some(other),
    }
}

/// Parses a time with seconds, whose numbers may be greater than a clock shows.
pub(super) fn rolling(at: &mut Cursor) -> Option<Clock> {
    at.run(|b| b.is_ascii_whitespace() || b.eq_ignore_ascii_case(&b't'));
    let hours = at.number()?.short()?;
    let minutes = at.one_of(b":").and_then(|_| at.number()?.short())?;
    let seconds = at.one_of(b":").and_then(|_| at.number()?.short())?;
    Some(Clock::At { seconds: hours * 3600 + minutes * 60 + seconds, nanos: 0 })
}

/// Checks a time of day. Second 60 is a leap second, and 24:00:00 is the end of the day.
pub(super) fn compact(hour: u32, minute: u32, second: u32) -> Option<Clock> {
    let fits = minute < 60 && second <= 60 && (hour < 24 || (hour, minute, second) == (24, 0, 0));
    fits.then_some(Clock::At { seconds: hour * 3600 + minute * 60 + second, nanos: 0 })
}

enum Half {
    Morning,
    Afternoon,
}

fn half(at: &mut Cursor) -> Option<Half> {
    let mut ahead = *at;
    ahead.blanks();
    let first = ahead.one_of(b"aApP")?;
    let dotted = ahead.one_of(b".").is_some();
    ahead.one_of(b"mM")?;
    if dotted {
        ahead.one_of(b".");
    }
    if ahead.peek().is_some_and(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    *at = ahead;
    Some(if first.eq_ignore_ascii_case(&b'a') { Half::Morning } else { Half::Afternoon })
}

/// Parses the zone after a time. Consumes nothing if there is no zone.
pub(super) fn zone<'a>(at: &mut Cursor<'a>) -> Zone<'a> {
    let mut ahead = *at;
    ahead.blanks();
    ahead.one_of(b"([");
    if matches!(ahead.peek(), Some(b'+' | b'-')) {
        if let Some(offset) = offset(&mut ahead) {
            *at = ahead;
            return Zone::Offset(offset);
        }
        // `13:57:14 - String` has a remark instead of a zone; the zone of `16:30-:00+16:30` is invalid.
        let broken = ahead.peek_second().is_some_and(|b| b.is_ascii_digit() || b == b':');
        return if broken { Zone::Broken } else { Zone::Absent };
    }
    let mut place = ahead;
    let name = ahead.word();
    if name.is_empty() {
        return Zone::Absent;
    }
    if ahead.peek().is_some_and(|b| b == b'/') {
        let place = place.run(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
        let known = std::str::from_utf8(place).ok().and_then(|place| place.parse().ok());
        return known.map_or(Zone::Absent, Zone::Named);
    }
    *at = ahead;
    if is_zero(name) {
        ahead.blanks();
        if let Some(offset) = offset(&mut ahead) {
            *at = ahead;
            return Zone::Offset(offset);
        }
    }
    Zone::Name(name)
}
