//! Finds the date in the path of a file: in its name or in the directories above.
//!
//! It accepts the naming conventions of Jekyll, Hugo and Docusaurus as found in real sites. The caller decides whether
//! the date counts for its generator.

use chrono::{DateTime, NaiveDate, Utc};

use super::scan::{Cursor, Number};
use super::{Order, Zones, in_range, midnight, written};
use crate::content_path::{directory, file_name, is_index, is_section_page};

/// A date found in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InName {
    /// Midnight of the day in the default zone.
    pub instant: DateTime<Utc>,
    /// The name of the file without the date and the last extension. An `index` file has the name of its directory.
    /// The whole name if nothing else is left.
    pub slug: String,
}

/// Finds the date of a path below the content directory, for example in `2021-08-04-title.md`, `20210804_title.md`,
/// `2021-08-04-title/index.md`, `2015/01/title.md`, `2015/01/19-title.md`, `2015/01-19-title.md` or
/// `2026/03/02/title`.
///
/// The name of the file takes precedence over the directories, and a nearer directory over those above it. Day 00, or
/// a missing day below a year and a month, counts as the first of the month.
pub fn in_name(place: &str, zones: &Zones, order: Order) -> Option<InName> {
    let place = place.trim_matches('/');
    let (directories, file) = (directory(place), file_name(place));
    let (bundle_parent, bundle) = (directory(directories), file_name(directories));
    // `index.zh.md` is an index too.
    let has_name_of_directory = is_section_page(file) || file.split('.').next().is_some_and(is_index);
    let (directories, name) = if has_name_of_directory && !bundle.is_empty() && !is_number(bundle) {
        (bundle_parent, bundle)
    } else {
        (directories, file.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty()).unwrap_or(file))
    };
    let (day, slug) = match leading_day(name, order) {
        Some((day, "")) => (day, name),
        Some((day, rest)) => (day, rest),
        None => match day_below_month(directories, name) {
            Some((day, rest)) => (day, if rest.is_empty() { name } else { rest }),
            None => (day_of_directories(directories, order)?, name),
        },
    };
    let instant = in_range(midnight(day, zones, None)?.instant).ok()?;
    Some(InName { instant, slug: slug.to_owned() })
}

fn is_number(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_digit())
}

/// The day at the start of a name, and the rest of the name.
fn leading_day(name: &str, order: Order) -> Option<(NaiveDate, &str)> {
    let mut at = Cursor::new(name.as_bytes());
    let first = at.number()?;
    let (year, month, day) = match first.digits {
        4 => {
            let separator = at.one_of(b"-_.")?;
            let month = at.number()?.short()?;
            at.one_of(&[separator])?;
            (first.value, month, at.number()?.short()?)
        }
        // In Jekyll, `20-01-02-title.md` is of 2020.
        2 if order == Order::DayFirst => {
            at.one_of(b"-")?;
            let month = at.number()?.short()?;
            at.one_of(b"-")?;
            (first.value + if first.value < 69 { 2000 } else { 1900 }, month, at.number()?.short()?)
        }
        8 => {
            let two = |by: u64| u32::try_from(first.value / by % 100).ok();
            (first.value / 10_000, two(100)?, two(1)?)
        }
        _ => return None,
    };
    // `2021-08-04th` and `20210804T1030` are not dates here.
    if at.peek().is_some_and(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let day = written::rolling_day(year, month, day.max(1), order).ok()?;
    // The consumed bytes are ASCII, so this is a character boundary.
    let rest = name.get(name.len() - at.rest().len()..)?;
    Some((day, rest.trim_start_matches(['-', '_', '.', ' '])))
}

/// The day of `19-title` below a year and a month, or of `01-19-title` below a year, and the rest of the name. A number
/// that is no day of the month is a part of the title.
fn day_below_month<'a>(directories: &str, name: &'a str) -> Option<(NaiveDate, &'a str)> {
    let (above, last) = (directory(directories), file_name(directories));
    let is_year = |name: &str| whole_number(name).filter(|number| number.digits == 4);
    let mut at = Cursor::new(name.as_bytes());
    let two = |at: &mut Cursor<'_>| at.number().filter(|number| number.digits <= 2)?.short();
    let (year, month) = match (is_year(last), is_year(file_name(above))) {
        (Some(year), _) => {
            let month = two(&mut at)?;
            at.one_of(b"-_.")?;
            (year, month)
        }
        (None, Some(year)) => (year, whole_number(last).filter(|number| number.digits <= 2)?.short()?),
        (None, None) => return None,
    };
    let day = written::day(year.value, month, two(&mut at)?).ok()?;
    let rest = name.get(name.len() - at.rest().len()..)?;
    let title = rest.strip_prefix(['-', '_', '.']).filter(|title| !title.is_empty());
    (rest.is_empty() || title.is_some()).then(|| (day, title.unwrap_or_default()))
}

fn day_of_directories(directories: &str, order: Order) -> Option<NaiveDate> {
    let (mut day, mut month) = (None, None);
    for name in directories.rsplit('/') {
        if let Some((day, _)) = leading_day(name, order) {
            return Some(day);
        }
        let number = whole_number(name);
        if let (Some(year), Some(month)) = (number.filter(|year| year.digits == 4), month) {
            // 42 in `2015/01/42/` is a serial number.
            let exact = day.and_then(|day: u32| written::day(year.value, month, day.max(1)).ok());
            if let Some(day) = exact.or_else(|| written::day(year.value, month, 1).ok()) {
                return Some(day);
            }
        }
        day = month;
        month = number.and_then(Number::short);
    }
    None
}

fn whole_number(name: &str) -> Option<Number> {
    let mut at = Cursor::new(name.as_bytes());
    at.number().filter(|_| at.rest().is_empty())
}
