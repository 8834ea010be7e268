//! Decides when an image is asked for again, and what an answer means for feeds.

use std::collections::HashMap;

use chrono::NaiveDate;
use xxhash_rust::xxh3::xxh3_64;

use crate::fetch::{Answer, ProbedImage};
use crate::remote_images::{ImageState, Record, Records, RemoteImage};
use crate::text::host;

/// A known image is asked for again after at least this many days …
const SOONEST: u64 = 20;
/// … and less than this many more, which depend on its URL, so that not all are due on one day.
const SPREAD: u64 = 21;
/// With fewer images of a host, each counts by itself.
const FEW: usize = 4;

/// Returns whether an image is due on this day.
pub(super) fn is_due(url: &str, record: Option<&Record>, today: NaiveDate) -> bool {
    let Some((record, checked)) = record.and_then(|record| Some((record, record.checked?))) else {
        return true;
    };
    let wait = match record.facts.state {
        ImageState::Ok | ImageState::Gone | ImageState::NoImage => SOONEST + xxh3_64(url.as_bytes()) % SPREAD,
        ImageState::Unknown | ImageState::Refused => 1,
    };
    // A date in the future is a wrong clock.
    u64::try_from((today - checked).num_days()).is_ok_and(|days| days >= wait) || checked > today
}

/// What an answer changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FactChange {
    /// The record of the image from now on.
    Record(Record),
    /// The record of the image from now on; or this state, unless too many images of its host fail.
    Death(Record, ImageState),
    /// Nothing: the image is asked for in the next run.
    Nothing,
}

/// Returns what an answer means, given what was known. `referers` are the names of those that were tried.
pub(super) fn change(before: Option<&Record>, answer: Answer, referers: &[&str], today: NaiveDate) -> FactChange {
    let mut record = before.cloned().unwrap_or_else(Record::new);
    let failed_before = before.and_then(|before| before.checked).filter(|_| record.facts.state == ImageState::Unknown);
    record.checked = Some(today);
    let death = match answer {
        Answer::Busy(_) => return FactChange::Nothing,
        Answer::Unchanged => return FactChange::Record(Record { facts: ok(record.facts), ..record }),
        Answer::Image(ProbedImage { media_type, length, pixels, validator, referer }) => {
            let facts = RemoteImage { state: ImageState::Ok, media_type: Some(media_type), length, pixels };
            let referer = referers.get(referer).copied().unwrap_or_default().to_owned();
            return FactChange::Record(Record { facts, validator: validator.unwrap_or_default(), referer, ..record });
        }
        // Only an image brings back one that was dead.
        _ if record.facts.state.is_dead() => return FactChange::Record(record),
        Answer::Lie(_) => {
            record = Record { checked: record.checked, ..Record::new() };
            return FactChange::Record(record);
        }
        Answer::Refused => {
            record.facts.state = ImageState::Refused;
            return FactChange::Record(record);
        }
        Answer::Failed(_) => None,
        Answer::Gone => Some(ImageState::Gone),
        Answer::NoImage => Some(ImageState::NoImage),
    };
    record.facts.state = ImageState::Unknown;
    match death {
        Some(state) if failed_before.is_some_and(|checked| checked < today) => FactChange::Death(record, state),
        _ => FactChange::Record(record),
    }
}

fn ok(facts: RemoteImage) -> RemoteImage {
    RemoteImage { state: ImageState::Ok, ..facts }
}

/// Returns the records of the images that are dead now. If more than half of the images of a host fail, the host is
/// probably to blame, and its images may come back.
pub(super) fn deaths(records: &Records, candidates: &[(String, ImageState)]) -> Vec<(String, Record)> {
    let mut hosts: HashMap<&str, (usize, usize)> = HashMap::new();
    for (url, record) in &records.0 {
        let (all, failing) = hosts.entry(host(url)).or_default();
        *all += 1;
        *failing += usize::from(record.facts.state != ImageState::Ok);
    }
    let is_believed = |url: &str| hosts.get(host(url)).is_none_or(|(all, failing)| *all < FEW || failing * 2 <= *all);
    let dead = candidates.iter().filter(|(url, _)| is_believed(url)).filter_map(|(url, state)| {
        let record = records.0.get(url)?;
        let facts = RemoteImage { state: *state, media_type: None, length: None, pixels: None };
        Some((url.clone(), Record { facts, validator: String::new(), ..record.clone() }))
    });
    dead.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
    }

    fn record(state: ImageState, checked: u32) -> Record {
        let facts = RemoteImage { state, media_type: Some("image/png"), length: Some(9), pixels: None };
        Record { facts, checked: Some(day(checked)), ..Record::new() }
    }

    fn state(change: &FactChange) -> ImageState {
        match change {
            FactChange::Record(record) | FactChange::Death(record, _) => record.facts.state,
            FactChange::Nothing => panic!("nothing"),
        }
    }

    #[test]
    fn known_images_are_due_after_a_month_or_so_and_others_on_the_next_day() {
        let known = record(ImageState::Ok, 1);
        let days =
            |url: &str| (1..99).find(|days| is_due(url, Some(&known), day(1) + chrono::Days::new(*days))).unwrap();
        let all: Vec<u64> = (0..100).map(|number| days(&format!("https://x.example/{number}"))).collect();
        assert!(all.iter().all(|days| (20..=40).contains(days)) && all.iter().any(|days| *days != all[0]), "{all:?}");
        for failed in [ImageState::Unknown, ImageState::Refused] {
            assert!(!is_due("x", Some(&record(failed, 1)), day(1)) && is_due("x", Some(&record(failed, 1)), day(2)));
        }
        assert!(is_due("x", None, day(1)) && is_due("x", Some(&Record::new()), day(1)));
        assert!(is_due("x", Some(&record(ImageState::Ok, 9)), day(1)), "a date in the future");
    }

    #[test]
    fn an_image_is_dead_only_after_two_failures_on_two_days() {
        let known = record(ImageState::Ok, 1);
        let FactChange::Record(first) = change(Some(&known), Answer::Gone, &[], day(5)) else { panic!() };
        assert_eq!((first.facts.state, first.facts.length), (ImageState::Unknown, Some(9)), "the facts stay");
        assert!(matches!(change(Some(&first), Answer::Gone, &[], day(5)), FactChange::Record(_)));
        let second = change(Some(&first), Answer::NoImage, &[], day(6));
        assert!(matches!(second, FactChange::Death(_, ImageState::NoImage)), "{second:?}");
        assert!(matches!(change(None, Answer::Gone, &[], day(6)), FactChange::Record(_)));
    }

    #[test]
    fn a_host_of_which_most_images_fail_loses_none() {
        let mut records = Records::default();
        let mut add = |host: &str, number: usize, state| {
            records.0.insert(format!("https://{host}/{number}"), record(state, 1));
        };
        for number in 0..4 {
            add("half.example", number, if number < 2 { ImageState::Unknown } else { ImageState::Ok });
            add("most.example", number, if number < 3 { ImageState::Unknown } else { ImageState::Ok });
            if number < 3 {
                add("small.example", number, ImageState::Unknown);
            }
        }
        let candidates = ["half", "most", "small"].map(|host| (format!("https://{host}.example/0"), ImageState::Gone));
        let dead = deaths(&records, &candidates);
        let urls: Vec<&str> = dead.iter().map(|(url, _)| url.as_str()).collect();
        assert_eq!(urls, ["https://half.example/0", "https://small.example/0"]);
        assert_eq!(dead[0].1.facts.length, None);
    }

    #[test]
    fn other_answers_keep_what_is_known_and_a_lie_removes_it() {
        let known = record(ImageState::Ok, 1);
        let of = |answer| change(Some(&known), answer, &[], day(5));
        assert_eq!(of(Answer::Busy(None)), FactChange::Nothing);
        assert_eq!(state(&of(Answer::Refused)), ImageState::Refused);
        assert_eq!(state(&of(Answer::Failed("x".into()))), ImageState::Unknown);
        for kept in [Answer::Refused, Answer::Failed("x".into()), Answer::Unchanged] {
            let FactChange::Record(record) = of(kept) else { panic!() };
            assert_eq!((record.facts.length, record.checked), (Some(9), Some(day(5))));
        }
        let FactChange::Record(lie) = of(Answer::Lie("x")) else { panic!() };
        assert_eq!((lie.facts.state, lie.facts.length), (ImageState::Unknown, None));
        let dead = record(ImageState::Gone, 1);
        assert_eq!(state(&change(Some(&dead), Answer::Failed("x".into()), &[], day(5))), ImageState::Gone);
        let found = ProbedImage { media_type: "image/gif", length: Some(1), pixels: None, validator: None, referer: 1 };
        let FactChange::Record(back) = change(Some(&dead), Answer::Image(found), &["none", "origin"], day(5)) else {
            panic!()
        };
        assert_eq!((back.facts.state, back.referer.as_str()), (ImageState::Ok, "origin"));
    }
}
