//! Sanitises HTML with `ammonia`, as the last step before it enters a feed.
//!
//! The allow-list is the set of elements, attributes and schemes that the W3C validator accepts without
//! warnings. Characters that XML cannot represent are removed, and so are URLs that are still relative.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use crate::article::body::cost;
use crate::text::{encoded_twice, is_carried, push};

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        // The validator warns about `bdo` and `rtc`; `map` and `area` are useless without `usemap`.
        .rm_tags(["bdo", "rtc", "map", "area"])
        .add_tags(["audio", "picture", "source", "video"])
        .add_generic_attributes(["id", "dir"])
        // Schemes that are in the validator's list of 2008 and that readers open.
        .url_schemes(HashSet::from([
            "http", "https", "mailto", "tel", "ftp", "xmpp", "news", "geo", "sip", "sms", "data",
        ]))
        .attribute_filter(|element, attribute, value| {
            let is_image = matches!((element, attribute), ("img", "src"));
            (is_image || !matches!(attribute, "href" | "src" | "poster" | "cite") || !is_data(value))
                .then(|| value.into())
        })
        .url_relative(UrlRelative::Deny)
        // No link opens a window, so `noopener` is not needed.
        .link_rel(None)
        // The rewriter writes all of these attributes and their URLs. If ammonia set them, their order
        // would vary from process to process, and the ETags with it.
        .add_tag_attributes("img", ["srcset", "sizes"])
        .add_tag_attributes("source", ["src", "srcset", "sizes", "type", "media", "width", "height"])
        .add_tag_attributes("audio", ["controls", "src"])
        .add_tag_attributes("video", ["controls", "src", "poster", "width", "height"])
        .add_tag_attributes("ol", ["type", "reversed"])
        .add_tag_attributes("li", ["value"])
        .add_tag_attributes("time", ["datetime"])
        .add_tag_attributes("details", ["open"])
        // The rewriter writes no other classes than those of languages and of embedded pages.
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("p", ["class"])
        .add_tag_attribute_values("img", "referrerpolicy", ["no-referrer"])
        .add_tag_attribute_values("img", "loading", ["lazy"]);
    builder
});

fn is_data(url: &str) -> bool {
    url.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// Returns safe HTML, free of characters that XML forbids or that the validator rejects.
pub(crate) fn sanitise(html: &str) -> String {
    let permit = cost::permit(cost::of_html(html));
    let clean = ALLOWED.clean(html).to_string();
    drop(permit);
    one_source_each(apart(carried(clean)))
}

/// The validator takes the last `src=` in an `<img>` tag for the image's URL, even inside the alternative
/// text. There the equals sign is written as a character reference.
fn one_source_each(html: String) -> String {
    const IMAGE: &str = "<img src=";
    // Only an alternative text can contain a second `src=`.
    let describes = |tag: &str| tag.as_bytes().windows(4).any(|sign| sign.eq_ignore_ascii_case(b"src="));
    let mut written = String::new();
    let mut rest = &*html;
    while let Some(at) = rest.find(IMAGE).map(|at| at + IMAGE.len()) {
        let (before, inside) = rest.split_at(at);
        let (inside, after) = inside.split_at(inside.find('>').unwrap_or(inside.len()));
        written.push_str(before);
        if describes(inside) {
            let mut signs = inside.split('=');
            written.extend(signs.next());
            // A quotation mark follows the equals sign of an attribute.
            signs.for_each(|part| written.extend([if part.starts_with('"') { "=" } else { "&#61;" }, part]));
        } else {
            written.push_str(inside);
        }
        rest = after;
    }
    if written.is_empty() {
        return html;
    }
    written.push_str(rest);
    written
}

/// Writes characters that the validator takes for UTF-8 encoded twice as character references. Their
/// meaning stays the same for HTML readers.
fn apart(html: String) -> String {
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
            push!(written, "&#{};", u32::from(c));
            from += c.len_utf8();
        }
    }
    written.push_str(&html[from..]);
    written
}

/// Removes characters that no document can contain, and normalises line ends to LF.
fn carried(mut text: String) -> String {
    let suspicious = |byte: u8| matches!(byte, 0..=8 | 11..=31 | 127 | 0xC2 | 0xEF | 0xF0..);
    if text.bytes().any(suspicious) {
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        text.retain(is_carried);
    }
    text
}
