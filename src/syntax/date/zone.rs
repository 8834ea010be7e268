//! Offsets and the abbreviations of time zones that authors write.
//!
//! Some abbreviations have one meaning, for others [`likely`] chooses the most common one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::FixedOffset;

use super::TimeZone;
use super::scan::{Cursor, plain};

/// The dates in YAML that a generator reads as UTC, whatever zone it is configured for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UtcDates {
    /// Unquoted dates with seconds, as in Ruby.
    Timestamps,
    /// Quoted days, as in JavaScript.
    QuotedDays,
}

/// The time zone settings of a site, `time_zone` and `zones` of site.yaml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zones {
    /// The zone of dates without a zone.
    pub default: TimeZone,
    /// The dates without a zone that are in UTC nevertheless.
    pub utc: Option<UtcDates>,
    /// Offsets by the name of the zone, in any letter case. They override the built-in tables.
    pub named: BTreeMap<String, FixedOffset>,
}

impl Default for Zones {
    fn default() -> Self {
        Zones { default: TimeZone::UTC, utc: None, named: BTreeMap::new() }
    }
}

impl Zones {
    /// Returns the zones for a value of YAML.
    pub(crate) fn of_value(&self, text: &str, is_quoted: impl FnOnce() -> bool) -> Cow<'_, Self> {
        let is_utc = match self.utc {
            Some(UtcDates::Timestamps) => is_timestamp(text) && !is_quoted(),
            Some(UtcDates::QuotedDays) => is_day(text) && is_quoted(),
            None => false,
        };
        if is_utc {
            Cow::Owned(Self { default: TimeZone::UTC, utc: None, named: self.named.clone() })
        } else {
            Cow::Borrowed(self)
        }
    }

    /// Parses an offset of site.yaml, for example `+08:00`, `+0800`, `+8`, `-05:30`, `Z`, `UTC` or `GMT+8`.
    pub(crate) fn offset(text: &str) -> Option<FixedOffset> {
        let text = plain(text.trim());
        let mut at = Cursor::new(&text);
        let name = at.word();
        if !name.is_empty() && !is_zero(name) {
            return None;
        }
        let offset = if at.rest().is_empty() && !name.is_empty() {
            FixedOffset::east_opt(0)
        } else if name.eq_ignore_ascii_case(b"Z") {
            None
        } else {
            offset(&mut at)
        };
        offset.filter(|_| at.rest().is_empty())
    }
}

/// Whether YAML reads a text as a date with a time: `2021-08-04 14:56:46`.
fn is_timestamp(text: &str) -> bool {
    let mut at = Cursor::new(text.as_bytes());
    let digits = |at: &mut Cursor, most| at.number().is_some_and(|number| number.digits <= most);
    let is_dated = digits(&mut at, 4) && at.one_of(b"-").is_some() && digits(&mut at, 2) && at.one_of(b"-").is_some();
    let is_separate = is_dated && digits(&mut at, 2) && (at.one_of(b"Tt").is_some() || at.blanks());
    is_separate
        && digits(&mut at, 2)
        && at.one_of(b":").is_some()
        && digits(&mut at, 2)
        && at.one_of(b":").is_some()
        && digits(&mut at, 2)
}

fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// Parses a sign followed by `8`, `08`, `530`, `0800`, `8:00` or `08:00`. The maximum is 15 hours, as in
/// JavaScript's and Ruby's parsers.
pub(super) fn offset(at: &mut Cursor) -> Option<FixedOffset> {
    let mut ahead = *at;
    let sign = ahead.one_of(b"+-")?;
    let number = ahead.number()?;
    let value = i32::try_from(number.value).ok()?;
    let (hours, minutes) = match number.digits {
        1 | 2 => {
            let mut tail = ahead;
            let minutes = tail.one_of(b":").and_then(|_| tail.number()).filter(|m| m.digits == 2);
            match minutes {
                Some(minutes) => {
                    ahead = tail;
                    (value, i32::try_from(minutes.value).ok()?)
                }
                None => (value, 0),
            }
        }
        3 | 4 => (value / 100, value % 100),
        _ => return None,
    };
    let seconds = hours * 3600 + minutes * 60;
    if minutes > 59 || seconds > 15 * 3600 {
        return None;
    }
    *at = ahead;
    FixedOffset::east_opt(if sign == b'-' { -seconds } else { seconds })
}

/// Whether a name means UTC. Only such a name may be followed by an offset, as in JavaScript's `GMT+0800`.
pub(super) fn is_zero(name: &[u8]) -> bool {
    [&b"UTC"[..], b"GMT", b"UT", b"Z"].iter().any(|zero| name.eq_ignore_ascii_case(zero))
}

/// The meaning of a zone's name on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ZoneMeaning {
    Certain(FixedOffset),
    Likely(FixedOffset),
    Unknown,
}

pub(super) fn meaning(name: &[u8], zones: &Zones) -> ZoneMeaning {
    let named = zones.named.iter().find(|(key, _)| key.as_bytes().eq_ignore_ascii_case(name));
    if let Some((_, offset)) = named {
        return ZoneMeaning::Certain(*offset);
    }
    let mut upper = [0; 5];
    let Some(upper) = upper.get_mut(..name.len()) else {
        return ZoneMeaning::Unknown;
    };
    upper.copy_from_slice(name);
    upper.make_ascii_uppercase();
    if let Some(offset) = one_meaning(upper).and_then(minutes_east) {
        return ZoneMeaning::Certain(offset);
    }
    match likely(upper, zones.default).and_then(minutes_east) {
        Some(offset) => ZoneMeaning::Likely(offset),
        None => ZoneMeaning::Unknown,
    }
}

fn minutes_east(minutes: i32) -> Option<FixedOffset> {
    FixedOffset::east_opt(minutes * 60)
}

/// The offset in minutes east of Greenwich of a name with one meaning. RFC 2822 §4.3 defines the American names; CST
/// is ambiguous nevertheless.
fn one_meaning(name: &[u8]) -> Option<i32> {
    Some(match name {
        b"Z" | b"UT" | b"UTC" | b"GMT" | b"WET" => 0,
        b"WEST" | b"CET" | b"MEZ" => 60,
        b"CEST" | b"MESZ" | b"EET" | b"SAST" | b"CAT" => 120,
        b"EEST" | b"MSK" | b"TRT" | b"EAT" => 180,
        b"PKT" | b"UZT" => 300,
        b"NPT" => 345,
        b"ICT" | b"WIB" => 420,
        b"HKT" | b"SGT" | b"MYT" | b"PHT" | b"AWST" | b"WITA" => 480,
        b"JST" | b"KST" => 540,
        b"ACST" => 570,
        b"AEST" => 600,
        b"ACDT" => 630,
        b"AEDT" => 660,
        b"NZST" => 720,
        b"NZDT" => 780,
        b"NDT" => -150,
        b"BRT" | b"ADT" => -180,
        b"NST" => -210,
        b"EDT" => -240,
        b"EST" | b"CDT" => -300,
        b"MDT" => -360,
        b"MST" | b"PDT" => -420,
        b"PST" | b"AKDT" => -480,
        b"AKST" => -540,
        b"HST" => -600,
        _ => return None,
    })
}

/// The most common meaning of an ambiguous name, in minutes east of Greenwich. The default zone of the site decides if
/// it can: in Asia CST means China, and a site in Dublin, Jerusalem or Dhaka means its own zone.
fn likely(name: &[u8], default: TimeZone) -> Option<i32> {
    Some(match (name, default.name()) {
        (b"CST", zone) if zone.starts_with("Asia/") => 480,
        (b"CST", _) => -360,
        (b"IST", "Europe/Dublin") => 60,
        (b"IST", "Asia/Jerusalem") => 120,
        (b"IST", _) => 330,
        (b"BST", "Asia/Dhaka") => 360,
        (b"BST", _) => 60,
        (b"AST", "Asia/Riyadh" | "Asia/Baghdad" | "Asia/Kuwait") => 180,
        (b"AST", _) => -240,
        (b"GST", _) => 240,
        _ => return None,
    })
}
