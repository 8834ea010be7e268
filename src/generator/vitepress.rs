//! `VitePress`: pages beside `.vitepress`, images in `public`. <https://vitepress.dev/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, MarkdownExtension, plain};

/// `VitePress`.
pub const VITEPRESS: Generator = Generator(&GeneratorRules {
    key: "vitepress",
    marks: Marks { names: &[".vitepress"], packages: &["vitepress"], ..Marks::NONE },
    markdown: &[MarkdownExtension::Emoji],
    ..plain::OTHER
});
