//! Decides which articles must not be published: drafts, unlisted pages, and articles locked by a password.

use crate::article::ParseOptions;
use crate::content_path::ContentPath;
use crate::generator::HiddenReason;
use crate::name::{self, Name};
use crate::syntax::front_matter::{Fields, Value};

/// The reason, and the key that locks the article. There is no key if it is a draft or unlisted.
type HiddenBy = (HiddenReason, Option<&'static str>);

/// Returns why an article must not be published, or `None` if it may be.
pub(super) fn hidden(place: &ContentPath, fields: &Fields, options: &ParseOptions) -> Option<HiddenBy> {
    let says = |key: &str| fields.get(key).and_then(Value::as_bool);
    let text = |key: &str| fields.get(key).and_then(Value::as_text).unwrap_or_default();
    let builds = |keys: [&str; 2], values: &[&str]| keys.iter().any(|key| values.contains(&text(key)));
    let publishes_hidden = options.generator.articles.publishes_hidden;
    let publishes = options.site_context.publishes;
    if !publishes.unpublished && place.directory().split('/').any(|part| part == "_drafts") {
        return Some((HiddenReason::InDrafts, None));
    }
    if let Some(locked) = locked(fields, &options.site_context.locked_tags) {
        return Some(locked);
    }
    if ["draft", "isDraft"].iter().any(|key| fields.get(key).is_some_and(is_draft)) && !publishes.drafts {
        return Some((HiddenReason::Draft, None));
    }
    if let Some(reason) = (options.generator.hides)(fields).filter(|_| !publishes.unpublished) {
        return Some((reason, None));
    }
    if !publishes_hidden && says("publish") == Some(false) {
        return Some((HiddenReason::Unpublished, None));
    }
    if publishes_hidden {
        return None;
    }
    if says("hidden") == Some(true) || says("hide") == Some(true) || text("status").eq_ignore_ascii_case("hidden") {
        return Some((HiddenReason::Hidden, None));
    }
    if says("unlisted") == Some(true)
        || says("headless") == Some(true)
        || builds(["build.list", "_build.list"], &["never", "false", "local"])
    {
        return Some((HiddenReason::Unlisted, None));
    }
    if says("render") == Some(false) || builds(["build.render", "_build.render"], &["never", "false"]) {
        return Some((HiddenReason::NotRendered, None));
    }
    None
}

/// Returns whether the value of a key locks the article.
type Test = fn(&Value) -> bool;

/// The keys of themes, plug-ins and importers that lock an article, each with its test and the reason to report.
const LOCKS: [(&str, Test, HiddenReason); 9] = [
    ("password", is_given, HiddenReason::Password),
    ("passwords", is_given, HiddenReason::Password),
    ("pwd", is_given, HiddenReason::Password),
    ("encrypted", is_true, HiddenReason::Encrypted),
    ("encrypt", is_true, HiddenReason::Encrypted),
    ("isEncrypted", is_true, HiddenReason::Encrypted),
    ("private", is_true, HiddenReason::Private),
    ("status", is_unpublished, HiddenReason::Status),
    ("visibility", is_not_public, HiddenReason::Visibility),
];

/// The tables in which generators keep custom keys: `extra` in Zola, `params` in Hugo.
pub(super) const TABLES: [&str; 2] = ["extra", "params"];

/// Returns the values of a key, also in the tables for custom keys.
pub(super) fn values<'a>(fields: &'a Fields, key: &str) -> impl Iterator<Item = &'a Value> {
    let tables = TABLES.into_iter().filter(|table| fields.begins_with(table));
    fields.get(key).into_iter().chain(tables.filter_map(move |table| fields.get(&format!("{table}.{key}"))))
}

/// Keys that keep an article out of all feeds, each with the value that does. Its page stays.
const FEED_KEYS: [(&str, bool); 7] = [
    ("rss", false),
    ("feed", false),
    ("in_feed", false),
    ("hiddenInRss", true),
    ("disable_feed", true),
    ("feed_exclude", true),
    ("eleventyExcludeFromCollections", true),
];

/// Returns whether feeds contain the article. Tables and other texts do not count: `feed` may be a URL.
pub(super) fn is_in_feeds(fields: &Fields) -> bool {
    let excludes = |(key, value): &(&str, bool)| values(fields, key).any(|given| given.as_bool() == Some(*value));
    !FEED_KEYS.iter().any(excludes)
}

/// Returns the lock of an article, by a key or by a tag that the configuration encrypts.
fn locked(fields: &Fields, locked_tags: &[Name]) -> Option<HiddenBy> {
    let by_key = LOCKS.iter().find(|(key, locks, _)| values(fields, key).any(locks));
    if let Some((key, _, reason)) = by_key {
        return Some((*reason, Some(key)));
    }
    // hexo-blog-encrypt: an empty password in the article overrides the lock of its tag.
    let is_open = || matches!(fields.get("password"), Some(Value::Text(text)) if text.is_empty());
    let has_tag = || ["tags", "tag"].iter().filter_map(|key| fields.get(key)).any(|tags| names_any(tags, locked_tags));
    (!locked_tags.is_empty() && has_tag() && !is_open()).then_some((HiddenReason::EncryptedTag, Some("tags")))
}

/// Returns whether a value contains a password. The Matery theme adds an empty one to every article; `false` is none.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        // A password may consist of spaces.
        Value::Text(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
        Value::List(list) => list.iter().any(is_given),
        Value::Map(inside) => inside.0.iter().any(|(_, value)| is_given(value)),
    }
}

/// Returns whether a value is true, or any text other than a false one, such as a password.
fn is_true(value: &Value) -> bool {
    match value {
        Value::List(list) => list.iter().any(is_true),
        Value::Map(inside) => inside.0.iter().any(|(_, value)| is_true(value)),
        value => !value.is_blank() && value.as_bool() != Some(false),
    }
}

/// Returns whether a value marks a draft: also `y`, `[true]`, and the text that is left of `true, title: x`.
fn is_draft(value: &Value) -> bool {
    value.elements().iter().any(|value| {
        let text = value.as_text().unwrap_or_default().to_ascii_lowercase();
        let word = text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
        value.as_bool() == Some(true) || ["true", "yes", "y", "on"].contains(&word)
    })
}

/// Returns whether the value of `status` excludes publication: the words of content management systems.
/// Other words, such as `evergreen`, say how finished a text is.
fn is_unpublished(value: &Value) -> bool {
    const WORDS: [&str; 18] = [
        "private",
        "trash",
        "pending",
        "draft",
        "auto-draft",
        "password",
        "protected",
        "unpublished",
        "scheduled",
        "future",
        "inherit",
        "deleted",
        "unlisted",
        "members",
        "paid",
        "internal",
        "confidential",
        "secret",
    ];
    let words = value.elements().iter().filter_map(Value::as_text);
    words.into_iter().any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Returns whether the value of `visibility` excludes publication: any word that does not mean everybody, such as
/// Ghost's `members`.
fn is_not_public(value: &Value) -> bool {
    const PUBLIC: [&str; 11] =
        ["public", "published", "publish", "visible", "listed", "open", "all", "everyone", "world", "shown", "show"];
    value.elements().iter().any(|value| {
        let text = value.as_text().unwrap_or_default();
        !value.is_blank() && value.as_bool() != Some(true) && !PUBLIC.iter().any(|word| text.eq_ignore_ascii_case(word))
    })
}

/// The keys, in lower case, that may hide an article.
const GUARDS: [&str; 29] = [
    "draft",
    "isdraft",
    "published",
    "publish",
    "status",
    "visibility",
    "private",
    "password",
    "passwords",
    "pwd",
    "encrypt",
    "encrypted",
    "isencrypted",
    "hidden",
    "hide",
    "unlisted",
    "headless",
    "render",
    "build",
    "_build",
    "list",
    "expires",
    "expire",
    "expirydate",
    "unpublishdate",
    "in_feed",
    "hiddeninrss",
    "disable_feed",
    "feed_exclude",
];

/// Returns the key in a line of front matter that may hide the article. The line could not be read, so its value is not
/// known.
pub(super) fn guard_in(line: &str) -> Option<&'static str> {
    let lower = line.to_lowercase();
    GUARDS.into_iter().find(|guard| {
        lower.match_indices(guard).any(|(at, _)| {
            let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
            let after = lower[at + guard.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
            !lower[..at].ends_with(is_word) && after.starts_with([':', '：', '='])
        })
    })
}

fn names_any(value: &Value, names: &[Name]) -> bool {
    match value {
        Value::List(list) => list.iter().any(|value| names_any(value, names)),
        Value::Map(inside) => inside.0.iter().any(|(_, value)| names_any(value, names)),
        value => value.as_text().is_some_and(|text| {
            let folded = name::fold(text);
            // Some themes split a text at commas into tags.
            let mut parts = text.split(',').map(name::fold);
            names.iter().any(|name| **name.folded() == *folded)
                || parts.any(|part| names.iter().any(|name| **name.folded() == *part))
        }),
    }
}
