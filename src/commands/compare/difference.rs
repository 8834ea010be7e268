//! What subscribers would notice: the difference between two feeds.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::parse::{ParsedEntry, ParsedFeed};

/// Why readers would show an entry as unread.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Why {
    /// The old feed had the same article with this id.
    Id(String),
    /// It is newer than every entry of the old feed.
    New,
    /// It is older than every entry of the old feed.
    Old,
    Between,
}

#[derive(Debug, Default)]
pub(super) struct Difference {
    pub(super) unread: Vec<(ParsedEntry, Why)>,
    pub(super) changed: Vec<(ParsedEntry, Vec<&'static str>)>,
    pub(super) removed: Vec<ParsedEntry>,
    /// Values of the feed itself, before and after.
    pub(super) feed: Vec<(&'static str, [Option<String>; 2])>,
}

impl Difference {
    /// `None` is a feed that does not exist. A new feed has no subscribers, so nothing in it becomes unread.
    pub(super) fn between(old: Option<&ParsedFeed>, new: Option<&ParsedFeed>) -> Self {
        let mut difference = Self { feed: fields(old, new), ..Self::default() };
        let Some(old) = old else { return difference };
        let news = new.map_or(&[][..], |new| &new.entries);
        let ids: HashSet<&str> = news.iter().map(|entry| &*entry.id).collect();
        let (kept, mut lost): (Vec<&ParsedEntry>, Vec<&ParsedEntry>) =
            old.entries.iter().partition(|entry| ids.contains(&*entry.id));
        // Of entries with one id, readers take the first.
        let kept: HashMap<&str, &ParsedEntry> = kept.into_iter().rev().map(|entry| (&*entry.id, entry)).collect();
        let dates = || old.entries.iter().filter_map(|entry| entry.date);
        let (oldest, newest) = (dates().min(), dates().max());
        let mut seen = HashSet::new();
        for entry in news.iter().filter(|entry| seen.insert(&*entry.id)) {
            let before = kept.get(&*entry.id).copied().or_else(|| {
                let same = |lost: &&ParsedEntry| !lost.link.is_empty() && lost.link == entry.link;
                let alike = |lost: &&ParsedEntry| {
                    let is_near = if entry.title.is_empty() {
                        lost.date == entry.date
                    } else {
                        is_same_day(lost.date, entry.date)
                    };
                    lost.title == entry.title && is_near
                };
                let at = lost.iter().position(same).or_else(|| lost.iter().position(alike))?;
                Some(lost.remove(at))
            });
            if let Some(before) = before {
                let changed = changed(before, entry);
                if changed.contains(&"id") {
                    difference.unread.push((entry.clone(), Why::Id(before.id.clone())));
                }
                if !changed.is_empty() {
                    difference.changed.push((entry.clone(), changed));
                }
            } else {
                let why = match entry.date {
                    Some(date) if newest.is_none_or(|newest| date > newest) => Why::New,
                    Some(date) if oldest.is_some_and(|oldest| date < oldest) => Why::Old,
                    _ => Why::Between,
                };
                difference.unread.push((entry.clone(), why));
            }
        }
        difference.removed = lost.into_iter().cloned().collect();
        difference
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unread.is_empty() && self.changed.is_empty() && self.removed.is_empty() && self.feed.is_empty()
    }
}

/// Returns whether two dates are less than a day apart: a date without a time has different seconds in different programs.
fn is_same_day(old: Option<DateTime<Utc>>, new: Option<DateTime<Utc>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => (old - new).abs() < TimeDelta::days(1),
        (old, new) => old == new,
    }
}

fn changed(old: &ParsedEntry, new: &ParsedEntry) -> Vec<&'static str> {
    let fields = [
        ("id", old.id != new.id),
        ("link", old.link != new.link),
        ("date", old.date != new.date),
        ("title", old.title != new.title),
        ("content", old.content != new.content),
    ];
    fields.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
}

fn fields(old: Option<&ParsedFeed>, new: Option<&ParsedFeed>) -> Vec<(&'static str, [Option<String>; 2])> {
    let [old, new] = [old, new].map(|feed| feed.map_or(&[][..], |feed| &feed.fields));
    let value =
        |fields: &[(&str, String)], name| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    let mut seen = HashSet::new();
    let names = old.iter().chain(new).map(|(name, _)| *name).filter(|name| seen.insert(*name));
    names.map(|name| (name, [value(old, name), value(new, name)])).filter(|(_, [old, new])| old != new).collect()
}
