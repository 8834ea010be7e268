//! Writes images: each once, with its sizes, and small ones that the text itself contains.

use super::Reference;
use super::rewrite::Rewrite;
use crate::article::body::html::{StartTag, escape};
use crate::article::body::image::{embedded, sizes};

/// Longer images within a text, in bytes of text, are replaced with their description.
const LONGEST_EMBEDDED: usize = 32 << 10;

impl Rewrite<'_> {
    pub(super) fn image(&mut self, tag: &StartTag) {
        let Some(src) = self.shown.image(tag) else {
            if let Some(src) = embedded(tag) {
                self.embedded_image(tag, &src);
            }
            return;
        };
        let Some(address) = self.absolute(Reference::Image, &src) else {
            return;
        };
        if self.interrupted {
            self.resume();
        }
        self.out.push_str("<img");
        self.attribute("src", &escape(&address));
        self.srcset(tag);
        self.attributes(tag);
        if tag.raw("width").or(tag.raw("height")).is_none()
            && let Some((width, height)) = self.resolve.size(&src)
        {
            self.attribute("width", &width.to_string());
            self.attribute("height", &height.to_string());
        }
        self.picture_ends();
    }

    /// Writes a candidate of a `<picture>`.
    pub(super) fn source(&mut self, tag: &StartTag) {
        self.shown.enter(tag);
        if self.open.contains("picture") {
            let before = self.out.len();
            self.out.push_str("<source");
            if self.srcset(tag) {
                self.attributes(tag);
                self.out.push('>');
            } else {
                self.out.truncate(before);
            }
        }
    }

    /// Writes the sizes of an image. Returns whether there are any.
    ///
    /// The reader chooses one. The sanitiser does not check schemes in `srcset`, so this method does. See
    /// docs/decisions/wire.md#srcset-has-a-good-src.
    fn srcset(&mut self, tag: &StartTag) -> bool {
        let of_the_web = |address: &String| address.starts_with("https://") || address.starts_with("http://");
        let Some(srcset) = sizes(tag, &|src| self.absolute(Reference::Image, src).filter(of_the_web)) else {
            return false;
        };
        self.attribute("srcset", &escape(&srcset));
        if srcset.ends_with('w') {
            // HTML requires `sizes` with width descriptors, and the author's value only applies to the
            // author's page.
            self.attribute("sizes", "100vw");
        }
        true
    }

    fn embedded_image(&mut self, tag: &StartTag, src: &str) {
        if src.len() <= LONGEST_EMBEDDED {
            self.out.push_str("<img");
            self.attribute("src", &escape(src));
            self.attributes(tag);
            self.out.push('>');
        } else if let Some(alt) = tag.value("alt") {
            self.text(&escape(&alt));
        }
    }

    /// Ends every image. Some image hosts (sinaimg, qpic) reject foreign referrers but allow none, and
    /// readers should not load images that are not visible.
    pub(super) fn picture_ends(&mut self) {
        self.out.push_str(" referrerpolicy=\"no-referrer\" loading=\"lazy\">");
    }
}
