//! `MkDocs`: pages in `docs`. <https://www.mkdocs.org/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, MarkdownExtension, plain};

/// `MkDocs`.
pub const MKDOCS: Generator = Generator(&GeneratorRules {
    key: "mkdocs",
    marks: Marks { names: &["mkdocs.yml", "mkdocs.yaml"], packages: &["mkdocs", "mkdocs-material"], ..Marks::NONE },
    image_roots: &["docs"],
    markdown: &[MarkdownExtension::Admonitions],
    ..plain::OTHER
});
