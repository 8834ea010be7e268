//! Reads the podcast episode of an article.

use crate::article::Episode;
use crate::syntax::front_matter::{Fields, Value};

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
