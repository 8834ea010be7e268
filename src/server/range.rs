//! Parses `Range` requests for files (RFC 9110, 14).
//!
//! Only images and attachments support ranges; a part of a feed would be useless.

/// A parsed `Range` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// The whole file: there is no range, or none that we understand.
    Whole,
    /// From `first` to `last`, both included.
    Part {
        /// The offset of the first byte.
        first: u64,
        /// The offset of the last byte.
        last: u64,
    },
    /// The range begins after the end of the file: 416.
    Unsatisfiable,
}

/// Parses a value of `Range` for a file of `length` bytes. A request for several ranges gets the
/// whole file, which RFC 9110, 14.2 allows.
pub(crate) fn range(header: &str, length: u64) -> Range {
    let Some((unit, set)) = header.split_once('=') else {
        return Range::Whole;
    };
    let Some((first, last)) = set.split_once('-') else {
        return Range::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Range::Whole;
    }
    match (number(first), number(last)) {
        (Some(RangeNumber::None), Some(RangeNumber::At(suffix))) => {
            if suffix == 0 || length == 0 {
                return Range::Unsatisfiable;
            }
            Range::Part { first: length.saturating_sub(suffix), last: length - 1 }
        }
        (Some(RangeNumber::At(first)), Some(last)) => {
            let last = match last {
                RangeNumber::None => u64::MAX,
                RangeNumber::At(last) => last,
            };
            if last < first {
                Range::Whole
            } else if first >= length {
                Range::Unsatisfiable
            } else {
                Range::Part { first, last: last.min(length - 1) }
            }
        }
        _ => Range::Whole,
    }
}

enum RangeNumber {
    None,
    At(u64),
}

fn number(text: &str) -> Option<RangeNumber> {
    let text = text.trim();
    if text.is_empty() {
        return Some(RangeNumber::None);
    }
    // A number that overflows is larger than any file.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| RangeNumber::At(text.parse().unwrap_or(u64::MAX)))
}

/// Whether the range applies to the current file. RFC 9110, 13.1.5 requires strong comparison, and
/// we send no date for files.
pub(crate) fn still_holds(if_range: Option<&str>, etag: &str) -> bool {
    if_range.is_none_or(|tag| tag.trim() == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file() {
        let part = |first, last| Range::Part { first, last };
        let table = [
            ("bytes=0-9", part(0, 9)),
            ("bytes=4-11", part(4, 11)),
            ("bytes=99-", part(99, 99)),
            ("bytes=0-", part(0, 99)),
            ("bytes=-1", part(99, 99)),
            ("bytes=-100", part(0, 99)),
            ("bytes=-101", part(0, 99)),
            ("bytes=50-99999999999999999999999", part(50, 99)),
            ("BYTES = 0 - 9", part(0, 9)),
            ("bytes=100-", Range::Unsatisfiable),
            ("bytes=999999-", Range::Unsatisfiable),
            ("bytes=99999999999999999999999-", Range::Unsatisfiable),
            ("bytes=-0", Range::Unsatisfiable),
            ("bytes=9-4", Range::Whole),
            ("bytes=0-1,4-5", Range::Whole),
            ("bytes=0-1, -5", Range::Whole),
            ("items=0-1", Range::Whole),
            ("bytes=", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes=--1", Range::Whole),
            ("bytes=+1-2", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("bytes", Range::Whole),
            ("", Range::Whole),
        ];
        for (header, wanted) in table {
            assert_eq!(range(header, 100), wanted, "{header:?}");
        }
        for header in ["bytes=0-", "bytes=-1", "bytes=0-0"] {
            assert_eq!(range(header, 0), Range::Unsatisfiable, "{header:?}");
        }
    }

    #[test]
    fn if_range_must_match_the_current_etag() {
        assert!(still_holds(None, "\"a\""));
        assert!(still_holds(Some("\"a\""), "\"a\""));
        for other in ["\"b\"", "W/\"a\"", "a", "", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert!(!still_holds(Some(other), "\"a\""), "{other}");
        }
    }
}
