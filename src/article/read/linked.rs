//! What the front matter links to: the page that a link post is about, the canonical page of an article that was
//! published elsewhere first, and its comments.

use super::hidden::values;
use crate::syntax::front_matter::{Fields, Value};
use crate::text::{Address, License};

/// Returns the URL of the page that the article is about.
pub(super) fn external_url(fields: &Fields) -> Option<Address> {
    ["external_url", "external-url", "externalUrl", "link"].iter().find_map(|key| web_url(fields, key))
}

/// Returns the URL at which search engines should list the article.
pub(super) fn canonical_url(fields: &Fields) -> Option<Address> {
    ["canonical_url", "canonicalUrl", "canonicalURL", "canonical"].iter().find_map(|key| web_url(fields, key))
}

/// Returns the text of a key, also in the tables for custom keys.
pub(super) fn text(fields: &Fields, key: &str) -> Option<Box<str>> {
    // `true` and `false` are switches of themes.
    let text = values(fields, key).filter(|value| value.as_bool().is_none()).find_map(Value::as_text)?.trim();
    (!text.is_empty()).then(|| text.into())
}

/// Returns the URL of the comments, as written; an empty one if the author turns comments off.
pub(super) fn comments_url(fields: &Fields) -> Option<Box<str>> {
    let is_off = |key: &&str| values(fields, key).any(|value| value.as_bool() == Some(false));
    if ["comments", "comments_url"].iter().any(is_off) {
        return Some("".into());
    }
    text(fields, "comments_url")
}

pub(super) fn license(fields: &Fields) -> Option<License> {
    ["license", "licence"].iter().find_map(|key| License::new(&text(fields, key)?))
}

/// Returns an absolute URL of the web. Another text, such as a path or the name of a menu, is none.
fn web_url(fields: &Fields, key: &str) -> Option<Address> {
    let text = values(fields, key).find_map(Value::as_text)?.trim();
    let has_scheme = ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    has_scheme.then(|| Address::parse(text)).flatten()
}
