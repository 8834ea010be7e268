//! Pelican: articles in `content`, images in `content/images` and `content/static`. <https://docs.getpelican.com/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, MarkdownExtension, plain};

/// Pelican.
pub const PELICAN: Generator = Generator(&GeneratorRules {
    key: "pelican",
    marks: Marks { names: &["pelicanconf.py"], packages: &["pelican"], ..Marks::NONE },
    image_roots: &["content"],
    markdown: &[MarkdownExtension::Admonitions],
    ..plain::OTHER
});
