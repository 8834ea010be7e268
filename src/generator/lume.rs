//! Lume: any directory, configured by `_config.ts`. <https://lume.land/docs/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Lume.
pub const LUME: Generator = Generator(&GeneratorRules {
    key: "lume",
    marks: Marks { names: &["_config.ts", "_config.js"], packages: &["lume"], ..Marks::NONE },
    image_roots: &["."],
    ..plain::OTHER
});
