//! Checks the URIs that authors use as ids.
//!
//! The W3C validator accepts only canonical URIs of known schemes as the id of an Atom entry
//! (docs/decisions/validity.md#a3-ids).

use percent_encoding::percent_decode_str;
use unicode_normalization::is_nfc;

/// Schemes that the validator knows and that are usable for ids.
const SCHEMES: [&str; 12] =
    ["cid", "crid", "ftp", "http", "https", "info", "mailto", "mid", "news", "nntp", "tag", "urn"];

/// Returns whether a text is an absolute ASCII URI in canonical form, so that every format can contain it
/// byte for byte and the validator does not warn.
pub(crate) fn is_canonical_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    if !SCHEMES.contains(&scheme) || rest.is_empty() || !is_written_well(rest) {
        return false;
    }
    match scheme {
        "tag" => is_tag(rest),
        "urn" => is_urn(rest),
        "http" | "https" | "ftp" => rest.strip_prefix("//").is_some_and(|rest| is_location(scheme, rest)),
        _ => !rest.starts_with('/'),
    }
}

/// Returns whether a text contains only URI characters, and escapes only where they are required, in upper
/// case.
fn is_written_well(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let mut fragments = 0;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let [high @ (b'0'..=b'9' | b'A'..=b'F'), low @ (b'0'..=b'9' | b'A'..=b'F'), after @ ..] = after else {
                    return false;
                };
                rest = after;
                let digit = |hex: u8| if hex.is_ascii_digit() { hex - b'0' } else { hex - b'A' + 10 };
                let octet = digit(*high) * 16 + digit(*low);
                // Some programs decode `%2541` twice, which changes its meaning.
                let again = octet == b'%' && after.first().is_some_and(u8::is_ascii_hexdigit);
                if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) || again {
                    return false;
                }
            }
            b'#' => fragments += 1,
            byte if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) => {}
            _ => return false,
        }
    }
    fragments <= 1 && percent_decode_str(text).decode_utf8().is_ok_and(|decoded| is_nfc(&decoded))
}

/// Checks the part after `http://`: a lower-case host, no default port, and a path that begins with a slash
/// and has no `.` or `..` segments.
fn is_location(scheme: &str, rest: &str) -> bool {
    let Some((authority, path)) = rest.find('/').map(|at| rest.split_at(at)) else {
        return false;
    };
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let default = match scheme {
        "http" => "80",
        "https" => "443",
        _ => "21",
    };
    let is_host = !host.is_empty()
        && !host.ends_with('.')
        && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b));
    let is_port = port
        .is_none_or(|port| port != default && !port.starts_with('0') && port.parse::<u16>().is_ok_and(|port| port > 0));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    is_host && is_port && !path.split('/').any(|part| matches!(part, "." | ".."))
}

/// Checks the part after `tag:` (RFC 4151): `authority,2020-01-01:specific`.
fn is_tag(rest: &str) -> bool {
    let Some((authority, rest)) = rest.split_once(',') else {
        return false;
    };
    let Some((date, _)) = rest.split_once(':') else {
        return false;
    };
    let (name, host) = authority.split_once('@').map_or((None, authority), |(name, host)| (Some(name), host));
    let lower = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || more.contains(&b))
    };
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let mut date = date.split('-');
    let is_date = date.next().is_some_and(|year| digits(year, 4))
        && date.next().is_none_or(|month| digits(month, 2))
        && date.next().is_none_or(|day| digits(day, 2))
        && date.next().is_none();
    is_date && lower(host, b"-.") && name.is_none_or(|name| lower(name, b"-._"))
}

/// Checks the part after `urn:` (RFC 2141): a namespace and a name.
fn is_urn(rest: &str) -> bool {
    let Some((space, name)) = rest.split_once(':') else {
        return false;
    };
    let is_space = (2..=32).contains(&space.len())
        && !space.starts_with('-')
        && space.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_name = !name.is_empty() && !name.contains(['/', '?', '#', '&', '~']);
    if space.eq_ignore_ascii_case("uuid") {
        return name.len() == 36 && uuid::Uuid::parse_str(name).is_ok();
    }
    is_space && is_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_uris_are_accepted_as_ids() {
        for uri in [
            "https://old.example.org/?p=17",
            "http://old.example.org/a/%E4%B8%80%2F%25.html?b=c/d#e",
            "http://old.example.org:8080/",
            "tag:example.org,2020:b",
            "tag:ann@example.org,2020-01-01:a/b#c",
            "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
            "urn:isbn:0451450523",
            "mailto:ann@example.org",
        ] {
            assert!(is_canonical_uri(uri), "{uri}");
        }
        for text in [
            "HTTP://old.example.org/",
            "http://Old.example.org/",
            "http://old.example.org",
            "http://old.example.org?p=1",
            "http://old.example.org:80/",
            "http://old.example.org./",
            "http://old.example.org/a/../b",
            "http://old.example.org/%7Ea",
            "http://old.example.org/%e4",
            "http://old.example.org/%E4",
            "http://old.example.org/%zz",
            "http://old.example.org/e%CC%81",
            "http://old.example.org/a b",
            "http://old.example.org/a#b#c",
            "http://[::1]/",
            "http:a",
            "tag:Example.org,2020:b",
            "tag:example.org:80,2020:b",
            "tag:example.org,2020-1:b",
            "tag:example.org:b",
            "urn:uuid:nonsense",
            "urn:x",
            "urn:ab:c/d",
            "did:plc:z",
            "javascript:alert(1)",
            "old/place.md",
            "12345",
            "a:b",
            "",
        ] {
            assert!(!is_canonical_uri(text), "{text}");
        }
    }
}
