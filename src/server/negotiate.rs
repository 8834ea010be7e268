//! Chooses the content coding of a response (RFC 9110, 12.5.3).
//!
//! A client can send anything here, and nothing it sends may cause an error.

use crate::document::Encoding;

/// A quality value in thousandths: RFC 9110 allows three decimal places.
type Weight = u16;

/// Returns the content coding for a value of `Accept-Encoding`, in which several lines are joined
/// by commas. With equal weights Brotli is preferred to gzip, and gzip to identity. If nothing is
/// acceptable, or there is no header, the result is identity.
pub fn encoding(accept_encoding: Option<&str>) -> Encoding {
    let Some(accepted) = accept_encoding else {
        return Encoding::Identity;
    };
    let (mut brotli, mut gzip, mut identity, mut others) = (None, None, None, None);
    for (coding, weight) in accepted.split(',').filter_map(weighed) {
        let is = |name: &str| coding.eq_ignore_ascii_case(name);
        let place = if is("br") {
            &mut brotli
        } else if is("gzip") || is("x-gzip") {
            &mut gzip
        } else if is("identity") {
            &mut identity
        } else if coding == "*" {
            &mut others
        } else {
            continue;
        };
        // If a coding is listed twice, the first entry counts, so that a line appended by a proxy
        // cannot override the client's refusal.
        place.get_or_insert(weight);
    }
    // A coding that is not listed is not acceptable, except identity, which is the fallback.
    let of = |named: Option<Weight>| named.or(others).unwrap_or(0);
    let mut best = (Encoding::Identity, of(identity));
    for (encoding, weight) in [(Encoding::Gzip, of(gzip)), (Encoding::Brotli, of(brotli))] {
        if weight > 0 && weight >= best.1 {
            best = (encoding, weight);
        }
    }
    best.0
}

/// Parses one element into a coding and its weight; `None` if the weight is invalid.
fn weighed(element: &str) -> Option<(&str, Weight)> {
    let mut parts = element.split(';').map(str::trim);
    let coding = parts.next().unwrap_or_default();
    let mut weight = 1000;
    for parameter in parts {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim_end().eq_ignore_ascii_case("q")
        {
            weight = thousandths(value.trim_start())?;
        }
    }
    Some((coding, weight))
}

/// Parses a weight. Digits after the third are dropped, because clients that compute weights send
/// more.
fn thousandths(value: &str) -> Option<Weight> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(*b"000").take(3);
    let fraction = digits.fold(0, |sum, digit| sum * 10 + Weight::from(digit - b'0'));
    match (whole, fraction) {
        ("0", _) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Brotli, Gzip, Identity};

    #[test]
    fn the_coding_with_the_highest_weight_wins_and_ties_prefer_brotli_then_gzip() {
        let table = [
            // From Miniflux, newsboat, requests, browsers, and tt-rss when it retries.
            ("br,gzip", Brotli),
            ("gzip, deflate", Gzip),
            ("gzip, deflate, br", Brotli),
            ("gzip, deflate, br, zstd", Brotli),
            ("none", Identity),
            ("identity", Identity),
            ("", Identity),
            ("*", Brotli),
            ("br;q=0, *", Gzip),
            ("br;q=0, gzip;q=0, *", Identity),
            ("*;q=0", Identity),
            ("*;q=0, gzip", Gzip),
            ("gzip;q=0", Identity),
            ("gzip;q=0.0", Identity),
            ("gzip;q=0.000, br;q=0.001", Brotli),
            ("gzip;q=0.9, br;q=0.1", Gzip),
            ("gzip;q=0.501, br;q=0.5", Gzip),
            ("gzip;q=0.5, br;q=0.5, identity;q=0.4", Brotli),
            ("gzip;q=0.2, identity;q=0.8", Identity),
            ("gzip;q=0.8, identity;q=0.8", Gzip),
            ("gzip;q=0.1, *;q=0.5", Brotli),
            ("gzip;q=0.6, *;q=0.5", Gzip),
            ("identity;q=0", Identity),
            ("identity;q=0, *", Brotli),
            ("identity;q=0, gzip;q=0.1", Gzip),
            ("br;q=0, gzip;q=0, identity;q=0", Identity),
            ("gzip;q=0, gzip", Identity),
            ("GZIP", Gzip),
            ("x-gzip", Gzip),
            ("gzip ; Q = 0.5 , br ;q=0.4", Gzip),
            ("gzip;level=1;q=0.5, br;q=0.4", Gzip),
            ("br;q=0.33333333, gzip;q=0.3", Brotli),
        ];
        for (request, wanted) in table {
            assert_eq!(encoding(Some(request)), wanted, "{request:?}");
        }
        assert_eq!(encoding(None), Identity);
    }

    #[test]
    fn garbage_asks_for_nothing() {
        let table = [
            ";",
            ",,,",
            "=",
            ";q=",
            "gzip;q=",
            "gzip;q=x",
            "gzip;q=2",
            "gzip;q=1.001",
            "gzip;q=-1",
            "gzip;q=0.5.5",
            "gzip;q=.5",
            "gzip;q=1e3",
            "br gzip",
            "\u{0}",
            "gzip;q=\u{ff11}",
            "gzip;q=99999999999999999999",
            "gzi",
            "gzipp",
        ];
        for request in table {
            assert_eq!(encoding(Some(request)), Identity, "{request:?}");
        }
        assert_eq!(encoding(Some("gzip;q=x, br;q=0.1")), Brotli);
    }
}
