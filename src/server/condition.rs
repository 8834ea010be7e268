//! Evaluates conditional requests (RFC 9110, 13): does the client already have the document?
//!
//! Proxies and clients change validators on the way, so they are compared liberally.

use chrono::{DateTime, NaiveDateTime, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The client has exactly these bytes: 304.
    NotModified,
    /// The client gets the full document.
    Full(Reason),
}

/// Why a full response was sent instead of a 304.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    NoValidator,
    /// The client's ETag belongs to other bytes.
    TagDiffers,
    /// The client's date is not the one that we sent.
    DateDiffers,
}

impl Reason {
    /// All reasons, in the order of their discriminants.
    pub(crate) const ALL: [Self; 3] = [Self::NoValidator, Self::TagDiffers, Self::DateDiffers];

    /// The value for logs and metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NoValidator => "no validator",
            Self::TagDiffers => "tag differs",
            Self::DateDiffers => "date differs",
        }
    }
}

/// Compares `If-None-Match` and `If-Modified-Since` with the validators of the current document.
pub(crate) fn evaluate(
    if_none_match: Option<&str>,
    if_modified_since: Option<&str>,
    etag: &str,
    last_modified: Option<DateTime<Utc>>,
) -> Verdict {
    let (known, reason) = match (if_none_match, if_modified_since) {
        // RFC 9110, 13.1.3: If-Modified-Since is ignored if there is an If-None-Match, even one
        // that does not match.
        (Some(tags), _) => (matches(tags, etag), Reason::TagDiffers),
        (None, Some(since)) => {
            let unmodified = last_modified.is_some_and(|at| unmodified_since(since, at));
            (unmodified, Reason::DateDiffers)
        }
        (None, None) => (false, Reason::NoValidator),
    };
    if known { Verdict::NotModified } else { Verdict::Full(reason) }
}

/// Whether a value of `If-None-Match` contains this ETag, by weak comparison and liberally: `*`,
/// lists, with or without `W/` and quotes, and with the suffix that a compressing intermediary
/// appends (docs/decisions/wire.md#match-if-none-match-liberally).
pub(crate) fn matches(if_none_match: &str, etag: &str) -> bool {
    let wanted = weak(etag).trim_matches('"');
    // Our ETags contain no comma, so the list can be split at every comma.
    if_none_match.split(',').map(str::trim).any(|tag| tag == "*" || names(weak(tag), wanted))
}

fn weak(tag: &str) -> &str {
    tag.strip_prefix("W/").or_else(|| tag.strip_prefix("w/")).unwrap_or(tag)
}

fn names(tag: &str, wanted: &str) -> bool {
    let (inside, after) = match tag.strip_prefix('"') {
        None => (tag, ""),
        Some(rest) => match rest.split_once('"') {
            Some(parts) => parts,
            None => return false,
        },
    };
    let rest = inside.strip_prefix(wanted);
    rest.is_some_and(|rest| is_suffix(rest) && is_suffix(after))
}

/// Apache appends `-gzip` and `-br`, Jetty `--gzip`, others `;gzip`.
fn is_suffix(text: &str) -> bool {
    let coding = ["--", "-", ";"].iter().find_map(|mark| text.strip_prefix(mark));
    text.is_empty() || coding.is_some_and(|coding| matches!(coding, "gzip" | "br" | "zstd" | "deflate"))
}

/// Whether a value of `If-Modified-Since` is exactly the date that we sent. A date that the client
/// made up must not hide a document (docs/decisions/wire.md#match-if-modified-since-exactly).
fn unmodified_since(if_modified_since: &str, last_modified: DateTime<Utc>) -> bool {
    // Old clients append `; length=…`.
    let written = if_modified_since.split(';').next().unwrap_or_default().trim();
    // feed-io writes `+0000` or its own zone instead of `GMT`; the RFC 2822 parser reads all of
    // these.
    if let Ok(instant) = DateTime::parse_from_rfc2822(written) {
        return instant.timestamp() == last_modified.timestamp();
    }
    if let Ok(date) = NaiveDateTime::parse_from_str(written, "%a %b %e %H:%M:%S %Y") {
        return date.and_utc().timestamp() == last_modified.timestamp();
    }
    // A date of RFC 850 has no century. Instead of guessing one, we format our own date in the same
    // way.
    written == last_modified.format("%A, %d-%b-%y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "W/\"0123abcd\"";

    #[test]
    fn a_tag_is_known_however_it_was_mangled() {
        let table = [
            "W/\"0123abcd\"",
            "w/\"0123abcd\"",
            "\"0123abcd\"",
            "0123abcd",
            "W/0123abcd",
            "\"0123abcd-gzip\"",
            "W/\"0123abcd-br\"",
            "\"0123abcd--gzip\"",
            "\"0123abcd;gzip\"",
            "\"0123abcd\"-gzip",
            "\"0123abcd\";gzip",
            "\"0123abcd\"--gzip",
            "W/\"0123abcd\"-br",
            "0123abcd-gzip",
            "0123abcd;gzip",
            "\"0123abcd-zstd\"",
            "*",
            " * ",
            "\"other\", W/\"0123abcd\"",
            "\"other\",\"0123abcd\" , \"third\"",
            ",,\"0123abcd\",",
        ];
        for tags in table {
            assert!(matches(tags, TAG), "{tags}");
            assert!(matches(tags, "\"0123abcd\""), "{tags}");
        }
    }

    #[test]
    fn another_tag_does_not_match() {
        let table = [
            "",
            "\"\"",
            "W/",
            "\"",
            "W/\"",
            "\"other\"",
            "\"0123abc\"",
            "\"0123abcde\"",
            "0123abcd0",
            "\"0123abcd",
            "0123abcd\"",
            "\"*\"",
            "\"0123abcd-\"",
            "\"0123abcd-xz\"",
            "\"0123abcd\"x",
            "x\"0123abcd\"",
            "0123ABCD",
            "\"0123abcd-gzip-gzip\"",
            "gzip",
            "\u{fffd}",
        ];
        for tags in table {
            assert!(!matches(tags, TAG), "{tags}");
        }
    }

    fn modified() -> DateTime<Utc> {
        DateTime::from_timestamp(784_111_777, 0).unwrap()
    }

    #[test]
    fn a_date_is_known_in_each_form_of_the_rfc() {
        let table = [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 06 Nov 1994 09:49:37 +0100",
            "Sun, 06 Nov 1994 08:49:37 GMT; length=1234",
            " Sun, 06 Nov 1994 08:49:37 GMT ",
        ];
        for since in table {
            assert!(unmodified_since(since, modified()), "{since}");
        }
    }

    #[test]
    fn another_date_does_not_match() {
        let table = [
            "Sun, 06 Nov 1994 08:49:36 GMT",
            "Sun, 06 Nov 1994 08:49:38 GMT",
            "Mon, 06 Nov 1995 08:49:37 GMT",
            "Monday, 06-Nov-95 08:49:37 GMT",
            "Sun Nov  6 08:49:38 1994",
            "Tue, 06 Nov 2294 08:49:37 GMT",
            "",
            "0",
            "garbage",
            "Sun, 99 Nov 1994 08:49:37 GMT",
            "784111777",
            "\u{fffd}",
            "1994-11-06T08:49:37Z",
            ";",
            "Sun, 06 Nov 1994",
        ];
        for since in table {
            assert!(!unmodified_since(since, modified()), "{since}");
        }
    }

    #[test]
    fn a_tag_silences_the_date() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let at = Some(modified());
        assert_eq!(evaluate(Some("\"x\""), Some(date), TAG, at), Verdict::Full(Reason::TagDiffers));
        assert_eq!(evaluate(Some(TAG), Some("garbage"), TAG, at), Verdict::NotModified);
        assert_eq!(evaluate(None, Some(date), TAG, at), Verdict::NotModified);
        assert_eq!(evaluate(None, Some(date), TAG, None), Verdict::Full(Reason::DateDiffers));
        assert_eq!(evaluate(None, None, TAG, at), Verdict::Full(Reason::NoValidator));
    }
}
