//! The last gate before a feed: what passes is what any reader may show.
//!
//! It knows the allow-list that the W3C validator has nothing to say about, and the characters that XML cannot carry.
//! It deliberately does not know relative addresses: whatever is still relative here goes.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use super::rewrite::ID_PREFIX;
use crate::text::{encoded_twice, is_carried};

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        // The validator calls both a risk; `map` is of no use without `usemap`.
        .rm_tags(["bdo", "rtc", "map", "area"])
        .add_generic_attributes(["id"])
        .id_prefix(Some(ID_PREFIX))
        // Schemes that the validator's list of 2008 knows and readers open.
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "ftp", "xmpp", "news", "geo", "sip", "sms"]))
        .url_relative(UrlRelative::Deny)
        // Nothing opens a window, so nothing needs `noopener`.
        .link_rel(None)
        // The rewriter writes both: attributes that ammonia itself sets come in
        // an order that differs from process to process, and so would ETags.
        .add_tag_attribute_values("img", "referrerpolicy", ["no-referrer"])
        .add_tag_attribute_values("img", "loading", ["lazy"]);
    builder
});

/// Safe HTML, free of characters that XML or the validator refuses.
pub fn sanitise(html: &str) -> String {
    apart(carried(ALLOWED.clean(html).to_string()))
}

/// What the validator takes for UTF-8 encoded twice, told by a reference: the
/// same to every reader of HTML.
fn apart(html: String) -> String {
    use std::fmt::Write as _;

    let pairs = encoded_twice(&html);
    if pairs.is_empty() {
        return html;
    }
    let mut written = String::with_capacity(html.len() + pairs.len() * 6);
    let mut from = 0;
    for at in pairs {
        written.push_str(&html[from..at]);
        from = at;
        if let Some(c) = html[at..].chars().next() {
            // Writing to a String cannot fail.
            let _ = write!(written, "&#{};", u32::from(c));
            from += c.len_utf8();
        }
    }
    written.push_str(&html[from..]);
    written
}

/// The text without characters that no document carries; line ends as LF.
pub fn carried(mut text: String) -> String {
    let suspicious = |byte: u8| matches!(byte, 0..=8 | 11..=31 | 127 | 0xC2 | 0xEF | 0xF0..);
    if text.bytes().any(suspicious) {
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        text.retain(is_carried);
    }
    text
}
