//! Which encoding a client gets (RFC 9110, 12.5.3).
//!
//! Knows weights and the order of preference. Knows neither documents nor
//! answers: what a client sends here can be anything and must not fail.

use crate::document::Encoding;

/// Thousandths, as RFC 9110 weighs.
type Weight = u16;

/// The encoding for a value of `Accept-Encoding`, several lines joined by
/// commas. With equal weights Brotli goes before gzip before identity;
/// nothing acceptable, and nothing asked for, gives identity.
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
        // Who says it twice gets the first, so that a line appended by a
        // proxy cannot take back what the client refused.
        place.get_or_insert(weight);
    }
    // A coding that is not named is not acceptable, identity excepted, which
    // is the last resort anyhow.
    let of = |named: Option<Weight>| named.or(others).unwrap_or(0);
    let mut best = (Encoding::Identity, of(identity));
    for (encoding, weight) in [(Encoding::Gzip, of(gzip)), (Encoding::Brotli, of(brotli))] {
        if weight > 0 && weight >= best.1 {
            best = (encoding, weight);
        }
    }
    best.0
}

/// A coding and its weight, unless the weight is none.
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

/// Digits past the third are dropped: clients that compute weights send them.
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
    fn the_heaviest_coding_wins_and_brotli_before_gzip_before_identity_where_they_weigh_the_same() {
        let table = [
            // Miniflux, newsboat, requests, browsers, tt-rss at its second try.
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
