//! Which articles are not to be published.

use crate::article::front_matter::{Fields, Value};
use crate::article::{Dialect, Place};

/// Why an article is not to be published, if so.
pub(super) fn hidden(place: &Place, fields: &Fields, dialect: Dialect) -> Option<&'static str> {
    let says = |key: &str| fields.get(key).and_then(Value::as_bool);
    let text = |key: &str| fields.get(key).and_then(Value::as_text).unwrap_or_default();
    if place.directory().split('/').any(|part| part == "_drafts") {
        return Some("it is in _drafts");
    }
    if says("draft") == Some(true) || text("status").eq_ignore_ascii_case("draft") {
        return Some("it is a draft");
    }
    if says("published") == Some(false) || says("publish") == Some(false) {
        return Some("it says `published: false`");
    }
    // To Ruby nothing is false.
    if dialect == Dialect::Jekyll && fields.get("published") == Some(&Value::Null) {
        return Some("it says `published:` without a value");
    }
    if says("hidden") == Some(true) || says("hide") == Some(true) || text("status").eq_ignore_ascii_case("hidden") {
        return Some("it is hidden");
    }
    if says("unlisted") == Some(true)
        || says("headless") == Some(true)
        || ["build.list", "_build.list"].iter().any(|key| ["never", "false"].contains(&text(key)))
    {
        return Some("it is unlisted");
    }
    // Matery writes the key into every article, empty; `false` protects nothing.
    if !text("password").is_empty() && fields.get("password") != Some(&Value::Bool(false)) {
        return Some("it is protected by a password");
    }
    if says("render") == Some(false) {
        return Some("it says `render: false`");
    }
    None
}
