//! Formats instants for documents, as RFC 822 and RFC 3339 define.

use chrono::{DateTime, SecondsFormat, Utc};

/// Formats an instant for RSS and OPML: `Wed, 04 Aug 2021 14:56:46 GMT`. Fractions of a second are dropped,
/// because RFC 822 has none. The zone is `GMT`, which is more common in feeds than the `+0000` that chrono
/// writes.
pub(crate) fn rfc822(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Formats an instant for JSON Feed: `2021-08-04T14:56:46Z`, with fractions of a second if there are any.
pub(crate) fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_the_formats_of_the_standards() {
        let instant = DateTime::from_timestamp(1_628_089_006, 250_000_000).unwrap();
        assert_eq!(rfc822(instant), "Wed, 04 Aug 2021 14:56:46 GMT");
        assert_eq!(rfc3339(instant), "2021-08-04T14:56:46.250Z");
        assert_eq!(rfc3339(DateTime::from_timestamp(0, 0).unwrap()), "1970-01-01T00:00:00Z");
        // No article has a date in a far year, but formatting one must not panic.
        assert!(rfc822(DateTime::<Utc>::MAX_UTC).ends_with("GMT"));
    }
}
