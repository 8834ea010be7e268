//! Next.js: articles where the site looks for them, images in `public`. <https://nextjs.org/docs>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Next.
pub const NEXT: Generator = Generator(&GeneratorRules {
    key: "next",
    marks: Marks { names: &["next.config.*"], packages: &["next"], ..Marks::NONE },
    ..plain::OTHER
});
