//! How instants are written in documents. Knows no formats beyond the two of
//! the standards.

use chrono::{DateTime, SecondsFormat, Utc};

/// As RSS and OPML write it: `Wed, 04 Aug 2021 14:56:46 GMT`. The fraction of
/// a second goes, since RFC 822 has none; `+0000`, which chrono writes, is
/// rarer in the wild than `GMT`.
pub(crate) fn rfc822(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// As JSON Feed writes it: `2021-08-04T14:56:46Z`, with a fraction where there
/// is one.
pub(crate) fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_the_standards_have_them() {
        let instant = DateTime::from_timestamp(1_628_089_006, 250_000_000).unwrap();
        assert_eq!(rfc822(instant), "Wed, 04 Aug 2021 14:56:46 GMT");
        assert_eq!(rfc3339(instant), "2021-08-04T14:56:46.250Z");
        assert_eq!(rfc3339(DateTime::from_timestamp(0, 0).unwrap()), "1970-01-01T00:00:00Z");
        // Far years are nobody's date, but they must not be anybody's panic.
        assert!(rfc822(DateTime::<Utc>::MAX_UTC).ends_with("GMT"));
    }
}
