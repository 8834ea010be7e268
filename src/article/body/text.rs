//! The text of a body as the library stores it. A long text is compressed, because thirty long bodies in
//! one feed would need more memory than all ordinary articles of a site.

use std::borrow::Cow;
use std::sync::Arc;

use libdeflater::{CompressionLvl, Compressor, Decompressor};

use super::Markup;

/// Longer texts, in bytes, are compressed.
const LONG: usize = 32 << 10;

/// A text, with its language. It takes less memory when it is long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BodyText {
    form: Form,
    markup: Markup,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Plain(Arc<str>),
    Deflated { bytes: Arc<[u8]>, length: usize },
}

impl BodyText {
    /// Stores a text.
    pub(crate) fn new(text: &str, markup: Markup) -> Self {
        Self { form: Form::of(text), markup }
    }

    /// Returns the language of the text.
    pub(crate) fn markup(&self) -> Markup {
        self.markup
    }

    /// Returns whether the text is so long that results made from it are worth caching.
    pub(crate) fn is_long(&self) -> bool {
        matches!(self.form, Form::Deflated { .. })
    }

    /// Returns how many bytes of memory it may take to render the text, not counting the parser.
    pub(crate) fn cost(&self) -> usize {
        match &self.form {
            Form::Plain(text) => text.len() * 8,
            Form::Deflated { length, .. } => length * 8,
        }
    }

    /// Returns the text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match &self.form {
            Form::Plain(text) => Cow::Borrowed(text),
            Form::Deflated { bytes, length } => {
                let mut text = vec![0; *length];
                Decompressor::new().deflate_decompress(bytes, &mut text).expect("it was compressed here");
                Cow::Owned(String::from_utf8(text).expect("it was text"))
            }
        }
    }
}

impl Form {
    fn of(text: &str) -> Self {
        if text.len() <= LONG {
            return Self::Plain(text.into());
        }
        // The lowest level takes ten milliseconds for two megabytes. Level 0 would only copy.
        let level = CompressionLvl::new(1).unwrap_or_default();
        let mut compressor = Compressor::new(level);
        let mut bytes = vec![0; compressor.deflate_compress_bound(text.len())];
        match compressor.deflate_compress(text.as_bytes(), &mut bytes) {
            Ok(compressed) => {
                let bytes = bytes[..compressed].into();
                Self::Deflated { bytes, length: text.len() }
            }
            // The buffer has the length that libdeflate requires, so this does not happen.
            Err(_) => Self::Plain(text.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_compressed_and_restored() {
        for text in [String::new(), "a".repeat(LONG), "水车 words ".repeat(LONG), "a".repeat(LONG + 1)] {
            let kept = BodyText::new(&text, Markup::MARKDOWN);
            assert_eq!(*kept.text(), *text);
            assert_eq!(kept, BodyText::new(&text, Markup::MARKDOWN));
            if let Form::Deflated { bytes, .. } = &kept.form {
                assert!(kept.is_long() && bytes.len() < text.len() / 50, "{} of {}", bytes.len(), text.len());
            }
        }
    }
}
