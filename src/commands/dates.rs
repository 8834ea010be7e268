//! Says in which zones dates were read and when articles are due, for `check` and the log.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::left_out::counted;
use crate::article::Article;
use crate::library::Library;
use crate::text::push;

/// No two zones are further apart.
const FURTHEST: TimeDelta = TimeDelta::hours(26);

/// Returns how many dates without a zone were read in which zone, for example `5 dates without a zone are read as UTC`;
/// `None` if every date has one.
pub(super) fn zones(library: &Library) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for zone in library.all().filter_map(|article| article.zone) {
        *counts.entry(zone.name()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let ((zone, count), rest) = counts.split_first()?;
    let mut said = format!("{} read as {zone}", counted(*count, "date without a zone is", "dates without a zone are"));
    for (zone, count) in rest {
        push!(said, ", {count} as {zone}");
    }
    Some(said)
}

/// Returns the path of an article that is not due, and when it will be. If another zone would change that, the zone in
/// which its date was read is added.
pub(super) fn due(article: &Article, now: DateTime<Utc>) -> String {
    let place = article.place.as_str();
    let Some(published) = article.published.filter(|published| *published > now) else {
        return place.to_owned();
    };
    let left = published - now;
    let read = article.zone.filter(|_| left < FURTHEST).map(|zone| {
        let local = zone.local(published).format("%Y-%m-%d %H:%M");
        format!(" ({local} read as {zone}; set `time_zone` if that is wrong)")
    });
    format!("{place} is due in {}{}", span(left), read.unwrap_or_default())
}

/// A time in its two largest units, rounded up to a minute.
fn span(time: TimeDelta) -> String {
    let minutes = (time.num_seconds() + 59) / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_two_largest_units() {
        for (seconds, text) in [(1, "1 min"), (28_740, "7 h 59 min"), (86_400, "1 d 0 h"), (184_000, "2 d 3 h")] {
            assert_eq!(span(TimeDelta::seconds(seconds)), text);
        }
    }
}
