//! Adapts the HTML of a body for a page.
//!
//! The functions rely on the syntax that the sanitiser writes: every attribute value is quoted, and quotes
//! in values and `<` in text are character references. A value may contain something that looks like a tag.

use std::ops::Range;

use crate::article::body::html::decode;
use crate::feed::Address;

/// Returns the URL of the first image.
pub(super) fn first_image(body: &str) -> Option<String> {
    let image = tags(body).map(|tag| &body[tag]).find(|tag| is(tag, "<img"))?;
    let (_, source) = image.split_once(" src=\"")?;
    let (source, _) = source.split_once('"')?;
    Some(decode(source).into_owned())
}

/// Returns the body for a page below the base URL: tables can be scrolled by keyboard, and URLs of this site have no
/// host, so that the page works on any host. The style sheet lets a wide table scroll, but not every browser makes such
/// a box focusable by itself (WCAG 2.2, 2.1.1).
pub(super) fn for_a_page(body: &str, base: &Address) -> String {
    const TABLE: &str = "<table";
    let mut page = String::with_capacity(body.len() + 64);
    let mut at = 0;
    for tag in tags(body) {
        page.push_str(&body[at..tag.start]);
        at = tag.end;
        let tag = &body[tag];
        let rest = if is(tag, TABLE) {
            page.push_str("<table tabindex=\"0\"");
            &tag[TABLE.len()..]
        } else {
            tag
        };
        without_host(rest, base, &mut page);
    }
    page.push_str(&body[at..]);
    page
}

/// Appends a tag whose URLs of this site lose their host.
fn without_host(mut tag: &str, base: &Address, page: &mut String) {
    const WITH_URLS: [&str; 5] = ["href", "src", "srcset", "poster", "cite"];
    if !tag.contains(base.as_str()) {
        page.push_str(tag);
        return;
    }
    while let Some((before, rest)) = tag.split_once("=\"") {
        let Some((value, after)) = rest.split_once('"') else { break };
        page.push_str(before);
        page.push_str("=\"");
        let name = before.rsplit(' ').next().unwrap_or_default();
        if WITH_URLS.contains(&name) {
            // `srcset` has several URLs, each after a space.
            for (at, part) in value.split(' ').enumerate() {
                if at > 0 {
                    page.push(' ');
                }
                match part.strip_prefix(base.as_str()) {
                    // Two slashes at the start would begin a host name.
                    Some(below) if !below.starts_with('/') => {
                        page.push_str(base.path());
                        page.push_str(below);
                    }
                    _ => page.push_str(part),
                }
            }
        } else {
            page.push_str(value);
        }
        page.push('"');
        tag = after;
    }
    page.push_str(tag);
}

/// Returns whether a tag is the start tag of the element in `opening`, for example `<img`.
fn is(tag: &str, opening: &str) -> bool {
    tag.strip_prefix(opening).is_some_and(|rest| rest.starts_with([' ', '>']))
}

/// Returns the positions of the tags.
fn tags(body: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + body[at..].find('<')?;
        let mut quoted = false;
        let length = body[start..].find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        })?;
        at = start + length + 1;
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_a_page(body: &str) -> String {
        super::for_a_page(body, &Address::parse("https://e.example/sub/").unwrap())
    }

    #[test]
    fn urls_of_this_site_lose_their_host_and_others_do_not() {
        let body = "<p title=\"https://e.example/sub/\">https://e.example/sub/<a href=\"https://e.example/sub/a#b\">a</a>\
                    <a href=\"https://e.example/sub//x.example\">b</a><a href=\"https://e.example/other\">c</a>\
                    <img srcset=\"https://e.example/sub/1.png 1x, https://e.example/sub/2.png 2x\" src=\"https://e.example/sub/1.png\"></p>";
        assert_eq!(
            for_a_page(body),
            "<p title=\"https://e.example/sub/\">https://e.example/sub/<a href=\"/sub/a#b\">a</a>\
             <a href=\"https://e.example/sub//x.example\">b</a><a href=\"https://e.example/other\">c</a>\
             <img srcset=\"/sub/1.png 1x, /sub/2.png 2x\" src=\"/sub/1.png\"></p>"
        );
    }

    #[test]
    fn a_table_becomes_focusable_and_nothing_else_changes() {
        let body = "<p title=\"<table>\">&lt;table></p><table id=\"a\"><tr><td>1</td></tr></table><tablet></tablet><table></table>";
        assert_eq!(
            for_a_page(body),
            "<p title=\"<table>\">&lt;table></p><table tabindex=\"0\" id=\"a\"><tr><td>1</td></tr></table><tablet></tablet><table tabindex=\"0\"></table>"
        );
        assert_eq!(for_a_page("a < b"), "a < b");
    }

    #[test]
    fn the_first_image_is_found_in_tags_only() {
        let body =
            "<p title=\"<img src='x'>\">x</p><img alt=\"a > b\" src=\"https://e.example/?a&amp;b\"><img src=\"c\">";
        assert_eq!(first_image(body).as_deref(), Some("https://e.example/?a&b"));
        assert_eq!(first_image("<p>none</p>"), None);
    }
}
