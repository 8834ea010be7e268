//! What the front matter links to: the file of a podcast episode, the page that a link post is about, and the canonical
//! page of an article that was published elsewhere first.

use crate::article::Episode;
use crate::syntax::front_matter::{Fields, Value};
use crate::text::Address;

/// Returns the URL of the page that the article is about.
pub(super) fn external_url(fields: &Fields) -> Option<Address> {
    ["external_url", "external-url", "externalUrl", "link"].iter().find_map(|key| web_url(fields, key))
}

/// Returns the URL at which search engines should list the article.
pub(super) fn canonical_url(fields: &Fields) -> Option<Address> {
    ["canonical_url", "canonicalUrl", "canonicalURL", "canonical"].iter().find_map(|key| web_url(fields, key))
}

/// Returns an absolute URL of the web. Another text, such as a path or the name of a menu, is none.
fn web_url(fields: &Fields, key: &str) -> Option<Address> {
    let text = fields.get(key)?.as_text()?.trim();
    let has_scheme = ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    has_scheme.then(|| Address::parse(text)).flatten()
}

/// Returns the podcast episode. Its value is a URL, or a table with `url`, `type` and `length`.
pub(super) fn episode(fields: &Fields) -> Option<Episode> {
    let (_, value) = fields.first_of(&["enclosure", "audio", "podcast.url", "podcast.file"])?;
    let value = value.elements().first()?;
    let (url, media_type, length) = match value {
        Value::Map(inside) => {
            let text = |keys: &[&'static str]| inside.first_of(keys).and_then(|(_, value)| value.as_text());
            (
                text(&["url", "src", "href", "file"])?,
                text(&["type", "media_type", "mime"]),
                text(&["length", "size", "bytes"]),
            )
        }
        value => (
            value.as_text()?,
            None,
            fields.first_of(&["enclosure_length", "audio_length", "length"]).and_then(|(_, value)| value.as_text()),
        ),
    };
    Some(Episode {
        url: url.into(),
        media_type: media_type.map(Box::from),
        length: length.and_then(|length| length.parse().ok()),
    })
}
