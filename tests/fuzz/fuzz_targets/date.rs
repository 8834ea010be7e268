//! Fuzzes dates and file names: reads them in three time zones, writes the result as each feed format does,
//! and reads it again.
#![no_main]

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, Utc};
use feedmill::syntax::date::Zones;
use feedmill::syntax::date::{Order, in_name, parse};
use libfuzzer_sys::fuzz_target;

mod bound;

/// Shanghai, where `CST` is China standard time; Chicago, which has daylight saving time; and Apia, which
/// skipped 30 December 2011.
static ZONES: LazyLock<[Zones; 3]> = LazyLock::new(|| {
    let own = FixedOffset::east_opt(5 * 3600 + 45 * 60).map(|offset| ("NPT".to_owned(), offset));
    [
        Zones { default: "Asia/Shanghai".parse().unwrap(), ..Zones::default() },
        Zones { default: "America/Chicago".parse().unwrap(), named: own.into_iter().collect(), ..Zones::default() },
        Zones { default: "Pacific/Apia".parse().unwrap(), ..Zones::default() },
    ]
});

/// chrono panics when it writes a year of five digits as RFC 2822.
fn can_be_written(instant: DateTime<Utc>, zones: &Zones) {
    assert!((1900..=9999).contains(&instant.year()), "{instant:?}");
    assert!(instant.to_rfc2822().ends_with("+0000"));
    let again = parse(&instant.to_rfc3339(), zones, Order::Unclear);
    assert_eq!(again.map(|again| (again.instant, again.doubt)), Ok((instant, None)));
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let orders = [Order::Unclear, Order::DayFirst, Order::MonthFirst];
    for (zones, order) in ZONES.iter().zip(orders) {
        let (read, named) = bound::within(text.len(), || (parse(&text, zones, order), in_name(&text, zones, order)));
        if let Ok(read) = read {
            can_be_written(read.instant, zones);
        }
        if let Some(named) = named {
            assert!(text.contains(&named.slug) && !named.slug.is_empty(), "{:?} of {text:?}", named.slug);
            can_be_written(named.instant, zones);
        }
    }
});
