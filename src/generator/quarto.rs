//! Quarto: `.qmd` files, configured by `_quarto.yml`. <https://quarto.org/docs/websites/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, MarkdownExtension, plain};

/// Quarto.
pub const QUARTO: Generator = Generator(&GeneratorRules {
    key: "quarto",
    marks: Marks { names: &["_quarto.yml", "_quarto.yaml"], packages: &[], ..Marks::NONE },
    image_roots: &["."],
    markdown: &[MarkdownExtension::Mathematics],
    ..plain::OTHER
});
