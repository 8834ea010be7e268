//! Dates of every format, invalid ones, and clock changes on three continents.

mod rows;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};

use super::{DateError, Doubt, Order, UtcDates, Zones, in_name, parse};
use rows::{BROKEN_TIMES, MONTHS, NO_DATES, PLACES, SHAPES};

fn at(default: &str) -> Zones {
    Zones { default: default.parse().unwrap(), ..Zones::default() }
}

fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The instant and the doubt of a valid date; panics at an invalid one.
fn read(text: &str, zones: &Zones) -> (String, Option<Doubt>) {
    let reading = parse(text, zones, Order::Unclear).unwrap_or_else(|error| panic!("{text}: {error}"));
    (written(reading.instant), reading.doubt)
}

#[test]
fn every_format_of_real_articles_is_read() {
    for (text, instant) in SHAPES {
        assert_eq!(read(text, &at("Asia/Shanghai")), ((*instant).to_owned(), None), "{text}");
    }
}

#[test]
fn a_date_with_an_invalid_time_keeps_its_day() {
    let doubt = Some(Doubt::TimeUnreadable);
    for (text, instant) in BROKEN_TIMES {
        assert_eq!(read(text, &at("Asia/Shanghai")), ((*instant).to_owned(), doubt), "{text}");
    }
}

#[test]
fn a_month_without_a_day_means_its_first_day() {
    for (text, instant) in MONTHS {
        assert_eq!(read(text, &at("Asia/Shanghai")), ((*instant).to_owned(), Some(Doubt::DayMissing)), "{text}");
    }
}

#[test]
fn the_generator_decides_whether_the_day_or_the_month_is_first() {
    let day = |text, order| parse(text, &Zones::default(), order).map(|reading| written(reading.instant));
    for (text, month_first, day_first) in [
        ("11-9-2017", "2017-11-09T00:00:00Z", "2017-09-11T00:00:00Z"),
        ("04/08/2021 10:00", "2021-04-08T10:00:00Z", "2021-08-04T10:00:00Z"),
        ("1.2.2021 10:00 +0200", "2021-01-02T08:00:00Z", "2021-02-01T08:00:00Z"),
    ] {
        assert_eq!(day(text, Order::MonthFirst).as_deref(), Ok(month_first), "{text}");
        assert_eq!(day(text, Order::DayFirst).as_deref(), Ok(day_first), "{text}");
        assert_eq!(day(text, Order::Unclear), Err(DateError::OrderUnclear), "{text}");
    }
    for order in [Order::Unclear, Order::DayFirst, Order::MonthFirst] {
        assert_eq!(day("12/25/2020", order).as_deref(), Ok("2020-12-25T00:00:00Z"));
        assert_eq!(day("25/12/2020", order).as_deref(), Ok("2020-12-25T00:00:00Z"));
        assert_eq!(day("5/5/2020", order).as_deref(), Ok("2020-05-05T00:00:00Z"));
        assert_eq!(day("25/25/2020", order), Err(DateError::NoSuchDay));
    }
}

#[test]
fn a_text_without_a_date_is_an_error() {
    for (text, error) in NO_DATES {
        assert_eq!(parse(text, &Zones::default(), Order::Unclear), Err(*error), "{text}");
    }
    let long = "2021-08-04 ".repeat(12);
    assert_eq!(parse(&long, &Zones::default(), Order::Unclear), Err(DateError::TooLong));
}

#[test]
fn a_time_that_clocks_skip_still_gives_an_instant() {
    let new_york = at("America/New_York");
    let utc = |text| read(text, &new_york).0;
    assert_eq!(utc("2021-03-14 01:59:59"), "2021-03-14T06:59:59Z");
    assert_eq!(utc("2021-03-14 02:00:00"), "2021-03-14T07:00:00Z");
    assert_eq!(utc("2021-03-14 02:30:00"), "2021-03-14T07:30:00Z");
    assert_eq!(utc("2021-03-14 03:30:00"), "2021-03-14T07:30:00Z");
    // Samoa had no 30 December 2011; São Paulo's clocks skipped midnight.
    assert_eq!(read("2011-12-30 12:00", &at("Pacific/Apia")).0, "2011-12-30T22:00:00Z");
    assert_eq!(read("2018-11-04", &at("America/Sao_Paulo")).0, "2018-11-04T03:00:00Z");
}

#[test]
fn of_two_equal_clock_times_the_earlier_one_counts() {
    let new_york = at("America/New_York");
    assert_eq!(read("2021-11-07 01:30:00", &new_york).0, "2021-11-07T05:30:00Z");
    assert_eq!(read("2021-11-07 01:30:00 EST", &new_york).0, "2021-11-07T06:30:00Z");
    // China had summer time until 1991.
    let shanghai = at("Asia/Shanghai");
    assert_eq!(read("1991-07-01", &shanghai).0, "1991-06-30T15:00:00Z");
    assert_eq!(read("1991-09-15 01:30", &shanghai).0, "1991-09-14T16:30:00Z");
}

#[test]
fn a_zone_with_several_meanings_is_read_and_reported() {
    let doubt = Some(Doubt::AmbiguousZone);
    let cst = "Wed, 04 Aug 2021 14:56:46 CST";
    let ist = "2021-08-04 14:00 IST";
    let expected = [
        (cst, "UTC", "2021-08-04T20:56:46Z"),
        (cst, "America/Chicago", "2021-08-04T20:56:46Z"),
        (cst, "Asia/Shanghai", "2021-08-04T06:56:46Z"),
        (cst, "Asia/Tokyo", "2021-08-04T06:56:46Z"),
        (ist, "UTC", "2021-08-04T08:30:00Z"),
        (ist, "Europe/Dublin", "2021-08-04T13:00:00Z"),
        ("2021-08-04 14:00 BST", "UTC", "2021-08-04T13:00:00Z"),
    ];
    for (text, default, instant) in expected {
        assert_eq!(read(text, &at(default)), (instant.to_owned(), doubt), "{text} {default}");
    }
}

#[test]
fn the_site_defines_the_meaning_of_a_zone() {
    let mut zones = at("UTC");
    zones.named.insert("CST".to_owned(), Zones::offset("+08:00").unwrap());
    zones.named.insert("pst".to_owned(), Zones::offset("+8").unwrap());
    zones.named.insert("Westernmost".to_owned(), Zones::offset("-12").unwrap());
    for name in ["CST", "cst", "PST"] {
        let text = format!("2021-08-04 14:56 {name}");
        assert_eq!(read(&text, &zones), ("2021-08-04T06:56:00Z".to_owned(), None), "{name}");
    }
    let far = read("2021-08-04 14:56 westernmost", &zones);
    assert_eq!(far, ("2021-08-05T02:56:00Z".to_owned(), None));
}

#[test]
fn an_unknown_zone_is_reported_and_a_remark_is_not() {
    let zones = at("Asia/Shanghai");
    let midday = "2021-08-04T04:00:00Z".to_owned();
    let unknown = Some(Doubt::UnknownZone);
    assert_eq!(read("2021-08-04 12:00 XYZT", &zones), (midday.clone(), unknown));
    assert_eq!(read("2021-08-04 12:00 sharp", &zones), (midday.clone(), None));
    assert_eq!(read("2021-08-04 12:00 Mars/Olympus", &zones), (midday, None));
}

#[test]
fn an_offset_is_read_in_every_spelling() {
    let east = |seconds| FixedOffset::east_opt(seconds);
    for text in ["+08:00", "+0800", "+8", "+08", " +8:00 ", "UTC+8", "GMT+0800", "＋08：00"] {
        assert_eq!(Zones::offset(text), east(28_800), "{text}");
    }
    assert_eq!(Zones::offset("-05:30"), east(-19_800));
    for text in ["Z", "UTC", "gmt", "+00:00", "-0000"] {
        assert_eq!(Zones::offset(text), east(0), "{text}");
    }
    for text in ["", "8", "CST", "+", "+16", "+08:60", "+08:00x", "Z+8", "+99999999999999999999"] {
        assert_eq!(Zones::offset(text), None, "{text}");
    }
}

#[test]
fn days_and_times_roll_over_as_in_the_generator() {
    let day = |text, order| parse(text, &Zones::default(), order).map(|date| date.instant.to_rfc3339());
    for (text, hexo, jekyll) in [
        ("2020-02-31", Some("2020-03-02T00:00:00+00:00"), Some("2020-03-02T00:00:00+00:00")),
        ("2020-01-02 21:43:79", Some("2020-01-02T21:44:19+00:00"), Some("2020-01-02T00:00:00+00:00")),
        ("2020-01-02 25:99:79", Some("2020-01-03T02:40:19+00:00"), Some("2020-01-02T00:00:00+00:00")),
        ("2020-13-45 10:00:00", Some("2021-02-14T10:00:00+00:00"), None),
        ("2020-00-10 10:00:00", Some("2019-12-10T10:00:00+00:00"), None),
    ] {
        assert_eq!(day(text, Order::MonthFirst).ok().as_deref(), hexo, "{text}");
        assert_eq!(day(text, Order::DayFirst).ok().as_deref(), jekyll, "{text}");
        assert_eq!(day("2020-02-31", Order::Unclear), Err(DateError::NoSuchDay));
    }
}

#[test]
fn some_dates_of_yaml_are_in_utc() {
    let zones = |utc| Zones { utc: Some(utc), ..at("Asia/Shanghai") };
    for (text, timestamps, days) in [
        ("2020-01-02 10:00:00", ["UTC", "Asia/Shanghai"], ["Asia/Shanghai"; 2]),
        ("2020-01-02T1:00:00.5", ["UTC", "Asia/Shanghai"], ["Asia/Shanghai"; 2]),
        ("2020-01-02 10:00", ["Asia/Shanghai"; 2], ["Asia/Shanghai"; 2]),
        ("2020-01-02", ["Asia/Shanghai"; 2], ["Asia/Shanghai", "UTC"]),
    ] {
        let read = |utc| [false, true].map(|quoted| zones(utc).of_value(text, || quoted).default.name());
        assert_eq!(read(UtcDates::Timestamps), timestamps, "{text}");
        assert_eq!(read(UtcDates::QuotedDays), days, "{text}");
    }
}

#[test]
fn a_path_can_contain_the_date_and_the_slug() {
    let zones = at("Asia/Shanghai");
    for (place, instant, slug) in PLACES {
        let found = in_name(place, &zones, Order::Unclear).unwrap_or_else(|| panic!("{place}"));
        assert_eq!((written(found.instant).as_str(), found.slug.as_str()), (*instant, *slug));
    }
}

#[test]
fn most_numbers_in_a_path_are_no_date() {
    let none = [
        "",
        "/",
        "title.md",
        "2021/title.md",
        "01/02/title.md",
        "2021-08-title.md",
        "404.md",
        "2021-13-04-title.md",
        "2018-02-31-title.md",
        "12345678-title.md",
        "20219999_x.md",
        "2021-08-04th-title.md",
        "2021-08-041.md",
        "2015/13/title.md",
        "0000/01/title.md",
        "99999999999999999999/1/x.md",
        "1628088000.md",
        "21-08-04-title.md",
        "index.md",
    ];
    for place in none {
        assert_eq!(in_name(place, &Zones::default(), Order::Unclear), None, "{place}");
    }
}

#[test]
fn no_text_makes_the_parser_panic() {
    let zones = ["UTC", "Asia/Shanghai", "America/New_York"].map(at);
    let mut read = 0u32;
    let mut feed = |bytes: &[u8]| {
        // Invalid UTF-8 becomes replacement characters, as it does when a file is read.
        let text = String::from_utf8_lossy(bytes);
        for (zones, order) in zones.iter().zip([Order::Unclear, Order::DayFirst, Order::MonthFirst]) {
            if let Ok(reading) = parse(&text, zones, order) {
                let _ = reading.instant.to_rfc2822();
                read += 1;
            }
            let _ = in_name(&text, zones, Order::DayFirst);
            let _ = Zones::offset(&text);
        }
    };
    let rows = SHAPES.iter().chain(BROKEN_TIMES).map(|row| row.0);
    let rows = rows.chain(NO_DATES.iter().map(|row| row.0)).chain(PLACES.iter().map(|row| row.0));
    for row in rows {
        let row = row.as_bytes();
        for end in 0..=row.len() {
            feed(&row[..end]);
            feed(&row[end..]);
            for byte in b"0915 -+:./,TZaPm([\0\x7f\xe5\xff" {
                let mut longer = row.to_vec();
                longer.insert(end, *byte);
                feed(&longer);
                if let Some(place) = longer.get(end + 1).map(|_| end + 1) {
                    longer.remove(place);
                    feed(&longer);
                }
            }
        }
    }
    assert!(read > 10_000, "most changed rows must still be valid dates: {read}");
}
