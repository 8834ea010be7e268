//! `VitePress`: pages beside `.vitepress`, images in `public`. <https://vitepress.dev/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// `VitePress`.
pub const VITEPRESS: Generator = Generator(&GeneratorRules {
    key: "vitepress",
    marks: Marks { names: &[".vitepress"], packages: &["vitepress"], ..Marks::NONE },
    ..plain::OTHER
});
