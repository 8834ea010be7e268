//! The grammar of written dates: finds the day, the time and the zone in a normalized text.
//!
//! It accepts the orders of these parts that occur in real articles. `date` converts the result to an instant.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::clock::{Clock, Zone, clock, compact, rolling, zone};
use super::scan::{Cursor, Number};
use super::{DateError, Order};

/// The parts of a date as the author wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenDate<'a> {
    pub day: NaiveDate,
    pub clock: Clock,
    pub zone: Zone<'a>,
    /// Whether the day was written; otherwise `day` is the first of the month.
    pub exact: bool,
}

/// Parses a text that [`super::scan::plain`] has normalized, without spaces around it.
pub(super) fn read(text: &[u8], order: Order) -> Result<WrittenDate<'_>, DateError> {
    let mut at = Cursor::new(text);
    weekday(&mut at);
    if at.at_digit() { number_first(at, order) } else { month_first(at) }
}

/// Makes a date; an error if the day does not exist or the year is not between 1900 and 9999.
pub(super) fn day(year: u64, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    let year = i32::try_from(year).ok().filter(|year| (1900..=9999).contains(year));
    let year = year.ok_or(DateError::YearOutOfRange)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::NoSuchDay)
}

fn number_first(mut at: Cursor<'_>, order: Order) -> Result<WrittenDate<'_>, DateError> {
    let first = at.number().ok_or(DateError::NotADate)?;
    let value = first.value;
    // The two digits at position `by` of a date without separators, for example `two(100)` for the month of
    // `20210804`.
    let two = |by: u64| u32::try_from(value / by % 100).unwrap_or(0);
    match first.digits {
        8 => finish(day(value / 10_000, two(100), two(1))?, at),
        14 => {
            let day = day(value / 10_000_000_000, two(100_000_000), two(1_000_000))?;
            let clock = compact(two(10_000), two(100), two(1)).unwrap_or(Clock::Broken);
            Ok(finish_zone(day, clock, at))
        }
        1 | 2 => {
            let mut other = at;
            if let Some(separator) = other.one_of(b"-/.").filter(|_| other.at_digit()) {
                return numbers_first(first, separator, other, order);
            }
            ordinal(&mut at);
            between(&mut at);
            let month = month(at.word()).ok_or(DateError::NotADate)?;
            between(&mut at);
            match short_year(&mut at) {
                Some(year) => finish(day(year, month, first.short().unwrap_or(0))?, at),
                None => late_year(month, first, at),
            }
        }
        3 => Err(DateError::NotADate),
        _ => year_first(value, at, order),
    }
}

/// Parses the rest of `2021-8-4`, `2021/08`, `2021-Aug-04` or `2021 Aug 4` after the year.
fn year_first(year: u64, mut at: Cursor<'_>, order: Order) -> Result<WrittenDate<'_>, DateError> {
    let separator = at.one_of(b"-/. ").ok_or(DateError::NotADate)?;
    let month = match at.word() {
        // A space does not introduce a month in numbers: `2021 10:30`.
        b"" if separator == b' ' => None,
        b"" => at.number().and_then(Number::short),
        word => month(word),
    };
    let month = month.ok_or(DateError::NotADate)?;
    if at.rest().is_empty() && separator != b'.' {
        return Ok(WrittenDate { day: day(year, month, 1)?, clock: Clock::Absent, zone: Zone::Absent, exact: false });
    }
    at.one_of(&[separator]).ok_or(DateError::NotADate)?;
    let number = at.number().and_then(Number::short).ok_or(DateError::NotADate)?;
    let day = rolling_day(year, month, number, order)?;
    let written = finish(day, at)?;
    // In JavaScript, 23:59:60 is in the next day.
    if order == Order::MonthFirst
        && written.clock == Clock::Broken
        && let Some(clock) = rolling(&mut at)
    {
        return Ok(finish_zone(day, clock, at));
    }
    Ok(written)
}

/// Like [`day`], but as generators count on: the 31st of February is in March, and in Hexo the 32nd of January in
/// February.
pub(super) fn rolling_day(year: u64, month: u32, number: u32, order: Order) -> Result<NaiveDate, DateError> {
    let rolls = match order {
        Order::Unclear => false,
        Order::DayFirst => (1..=12).contains(&month) && (1..=31).contains(&number),
        Order::MonthFirst => true,
    };
    let rolled = || {
        let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()? - 1, 12, 1)?;
        first.checked_add_months(Months::new(month))?.checked_add_signed(TimeDelta::days(i64::from(number) - 1))
    };
    day(year, month, number).or_else(|error| rolled().filter(|_| rolls && error == DateError::NoSuchDay).ok_or(error))
}

/// Parses the rest of a date that has day and month as numbers before the year, after the first separator. If only one
/// order gives a valid date, that order counts; otherwise `order` decides.
fn numbers_first(first: Number, separator: u8, mut at: Cursor<'_>, order: Order) -> Result<WrittenDate<'_>, DateError> {
    let second = at.number().ok_or(DateError::NotADate)?;
    at.one_of(&[separator]).filter(|_| at.at_digit()).ok_or(DateError::NotADate)?;
    let year = at.number().ok_or(DateError::NotADate)?;
    let (Some(first), Some(second)) = (first.short(), second.short()) else {
        return Err(DateError::NotADate);
    };
    if year.digits != 4 {
        return Err(DateError::OrderUnclear);
    }
    let (month, number) = match (first > 12, second > 12, order) {
        (false, true, _) | (false, false, Order::MonthFirst) => (first, second),
        (true, false, _) | (false, false, Order::DayFirst) => (second, first),
        (false, false, Order::Unclear) if first == second => (first, first),
        (false, false, Order::Unclear) => return Err(DateError::OrderUnclear),
        (true, true, _) => return Err(DateError::NoSuchDay),
    };
    finish(day(year.value, month, number)?, at)
}

/// A year of two digits, as in RFC 822 and 850, with the century of RFC 2822 §4.3.
fn short_year(at: &mut Cursor) -> Option<u64> {
    let mut ahead = *at;
    let year = ahead.number().filter(|year| year.digits == 2)?;
    let ends = ahead.peek().is_none_or(|next| next == b' ');
    // In `3 Sep 11 2021` the year is 2021.
    let mut behind = ahead;
    behind.blanks();
    if !ends || lone_year(&mut behind).is_some() {
        return None;
    }
    *at = ahead;
    Some(if year.value < 50 { 2000 + year.value } else { 1900 + year.value })
}

fn month_first(mut at: Cursor<'_>) -> Result<WrittenDate<'_>, DateError> {
    let month = month(at.word()).ok_or(DateError::NotADate)?;
    between(&mut at);
    let number = at.number().ok_or(DateError::NotADate)?;
    if number.digits == 4 && at.rest().is_empty() {
        let day = day(number.value, month, 1)?;
        return Ok(WrittenDate { day, clock: Clock::Absent, zone: Zone::Absent, exact: false });
    }
    ordinal(&mut at);
    between(&mut at);
    late_year(month, number, at)
}

/// Parses either the year, or the time, zone and year as `date` and `git` print them.
fn late_year(month: u32, number: Number, mut at: Cursor<'_>) -> Result<WrittenDate<'_>, DateError> {
    let number = number.short().ok_or(DateError::NotADate)?;
    if let Some(year) = lone_year(&mut at) {
        return finish(day(year, month, number)?, at);
    }
    let clock = clock(&mut at);
    if clock == Clock::Absent {
        return Err(DateError::NotADate);
    }
    let early = zone(&mut at);
    at.blanks();
    let year = lone_year(&mut at).ok_or(DateError::NotADate)?;
    let day = day(year, month, number)?;
    match early {
        Zone::Absent => Ok(finish_zone(day, clock, at)),
        zone => Ok(WrittenDate { day, clock, zone, exact: true }),
    }
}

/// A year of four digits, unless they are part of a time. More digits are a year out of range.
fn lone_year(at: &mut Cursor) -> Option<u64> {
    let mut ahead = *at;
    let year = ahead.number().filter(|year| year.digits >= 4)?;
    if ahead.peek() == Some(b':') {
        return None;
    }
    *at = ahead;
    Some(year.value)
}

fn finish(day: NaiveDate, mut at: Cursor<'_>) -> Result<WrittenDate<'_>, DateError> {
    if at.at_digit() {
        return Err(DateError::NotADate);
    }
    let clock = clock(&mut at);
    if clock != Clock::Absent {
        // `2023-01-29 18:30:22 2023 -0800` occurs in Jekyll's own blog.
        let mut ahead = at;
        ahead.blanks();
        if lone_year(&mut ahead) == u64::try_from(day.year()).ok() {
            at = ahead;
        }
        return Ok(finish_zone(day, clock, at));
    }
    // `-10:30` in `2021-08-04-10:30` could be a time or an offset.
    let zone = if at.peek() == Some(b'-') { Zone::Absent } else { zone(&mut at) };
    let more = at.rest().iter().any(u8::is_ascii_digit) || at.peek().is_some_and(|b| b.is_ascii_alphanumeric());
    let clock = if more { Clock::Broken } else { Clock::Absent };
    Ok(WrittenDate { day, clock, zone, exact: true })
}

fn finish_zone(day: NaiveDate, mut clock: Clock, mut at: Cursor<'_>) -> WrittenDate<'_> {
    let zone = zone(&mut at);
    // Characters that directly follow the time are part of it: `20:00:00:15`, `+08:00:30`, `10点半`.
    if zone == Zone::Broken || at.at_digit() || matches!(at.peek(), Some(b':' | b'?')) {
        clock = Clock::Broken;
    }
    WrittenDate { day, clock, zone, exact: true }
}

fn between(at: &mut Cursor) {
    at.run(|b| b.is_ascii_whitespace() || b"-/.,".contains(&b));
    let mut ahead = *at;
    if ahead.word().eq_ignore_ascii_case(b"of") && ahead.blanks() {
        *at = ahead;
    }
}

fn ordinal(at: &mut Cursor) {
    let mut ahead = *at;
    let suffix = ahead.word();
    if [&b"st"[..], b"nd", b"rd", b"th"].iter().any(|s| suffix.eq_ignore_ascii_case(s)) {
        *at = ahead;
    }
}

/// Skips a weekday. A wrong weekday is ignored, because the date is complete without it.
fn weekday(at: &mut Cursor) {
    const DAYS: [&[u8]; 7] = [b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday"];
    let mut ahead = *at;
    if position(&DAYS, ahead.word()).is_some() {
        ahead.run(|b| b.is_ascii_whitespace() || b == b',' || b == b'.');
        *at = ahead;
    }
}

fn month(word: &[u8]) -> Option<u32> {
    const MONTHS: [&[u8]; 12] = [
        b"january",
        b"february",
        b"march",
        b"april",
        b"may",
        b"june",
        b"july",
        b"august",
        b"september",
        b"october",
        b"november",
        b"december",
    ];
    position(&MONTHS, word).and_then(|index| u32::try_from(index + 1).ok())
}

/// The index of a name, which may be cut after its third letter or later: `Sept`, `Thurs`.
fn position(names: &[&[u8]], word: &[u8]) -> Option<usize> {
    let cut = |name: &&[u8]| name.get(..word.len()).is_some_and(|n| n.eq_ignore_ascii_case(word));
    names.iter().position(cut).filter(|_| word.len() >= 3)
}
