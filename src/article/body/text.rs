//! The text of a body as the library stores it. A long text is compressed, because thirty long bodies in
//! one feed would need more memory than all ordinary articles of a site. In a small container nearly every
//! text is, because bodies take more memory than everything else.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libdeflater::{CompressionLvl, Compressor, Decompressor};

use super::Markup;

/// Longer texts, in bytes, are compressed everywhere.
pub(crate) const LONG: usize = 32 << 10;

/// Longer texts are compressed in this process.
static COMPRESSED: AtomicUsize = AtomicUsize::new(LONG);

/// Compresses all texts of more than this many bytes. Called before the first text is stored, because a text that was
/// stored before differs from an equal one that is stored later.
pub(crate) fn compress_above(bytes: usize) {
    COMPRESSED.store(bytes, Ordering::Relaxed);
}

/// A text, with its language. It takes less memory when it is long.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BodyText {
    form: Form,
    markup: Markup,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
        self.length() > LONG
    }

    fn length(&self) -> usize {
        match &self.form {
            Form::Plain(text) => text.len(),
            Form::Deflated { length, .. } => *length,
        }
    }

    /// Returns how many bytes of memory it may take to render the text, not counting the parser.
    pub(crate) fn cost(&self) -> usize {
        self.length() * 8
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
        Self::compressed_above(COMPRESSED.load(Ordering::Relaxed), text)
    }

    fn compressed_above(most: usize, text: &str) -> Self {
        if text.len() <= most {
            return Self::Plain(text.into());
        }
        // The lowest level takes ten milliseconds for two megabytes. Level 0 would only copy.
        let level = CompressionLvl::new(1).unwrap_or_default();
        let mut compressor = Compressor::new(level);
        let mut bytes = vec![0; compressor.deflate_compress_bound(text.len())];
        match compressor.deflate_compress(text.as_bytes(), &mut bytes) {
            Ok(compressed) if compressed < text.len() => {
                let bytes = bytes[..compressed].into();
                Self::Deflated { bytes, length: text.len() }
            }
            // Nothing is gained. The buffer has the length that libdeflate requires, so there is no error.
            _ => Self::Plain(text.into()),
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

    #[test]
    fn an_ordinary_text_is_compressed_in_a_small_container_and_is_not_long() {
        let text = "<p>水车把河水一斗一斗地提上来，又倒进渠里。 Words of an article.</p>\n".repeat(40);
        for (most, text) in [(1 << 10, &*text), (1 << 10, "<p>short</p>"), (0, "a")] {
            let kept = BodyText { form: Form::compressed_above(most, text), markup: Markup::HTML };
            assert_eq!((&*kept.text(), kept.cost(), kept.is_long()), (text, text.len() * 8, false));
            assert_eq!(matches!(kept.form, Form::Deflated { .. }), text.len() > 1 << 10, "{text:.20}");
        }
    }
}
