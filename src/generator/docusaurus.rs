//! Docusaurus: posts in `blog`, images in `static`. <https://docusaurus.io/docs/blog>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Docusaurus.
pub const DOCUSAURUS: Generator = Generator(&GeneratorRules {
    key: "docusaurus",
    marks: Marks { names: &["docusaurus.config.*"], packages: &["@docusaurus/core"], ..Marks::NONE },
    ..plain::OTHER
});
