//! Validates single values of site.yaml: URLs, colours, tag authorities, circular redirects.

use std::collections::BTreeMap;

use crate::text::Address;

/// Returns whether the redirects from a path form a circle.
pub(super) fn is_circle(redirects: &BTreeMap<String, String>, from: &str) -> bool {
    let mut passed = vec![from];
    let mut at = from;
    while let Some(to) = redirects.get(at) {
        if passed.contains(&to.as_str()) {
            return true;
        }
        passed.push(to);
        at = to;
    }
    false
}

/// Parses the root URL of a site and returns it with a slash at the end. It must not have a query or fragment.
pub(super) fn root_of(text: &str) -> Option<Address> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let is_root = (lower.starts_with("http://") || lower.starts_with("https://")) && !text.contains(['?', '#']);
    is_root.then(|| Address::parse(&format!("{}/", text.trim_end_matches('/')))).flatten()
}

/// Returns whether a text is `#rgb` or `#rrggbb`.
pub(super) fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Returns whether a text is the authority of a tag URI: `example.org,2021[-05[-31]]` (RFC 4151, section 2.1). Like the
/// W3C feed validator, it requires lower case and a dot.
pub(super) fn is_tag_authority(text: &str) -> bool {
    let Some((authority, date)) = text.split_once(',') else {
        return false;
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host_ok = host.contains('.')
        && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    host_ok && matches!(parts.len(), 1..=3) && digits(parts[0], 4) && parts[1..].iter().all(|part| digits(part, 2))
}
