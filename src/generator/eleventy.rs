//! Eleventy: any directory, with passthrough copies of images. <https://www.11ty.dev/docs/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Eleventy.
pub const ELEVENTY: Generator = Generator(&GeneratorRules {
    key: "eleventy",
    marks: Marks { names: &["eleventy.config.*", ".eleventy.*"], packages: &["@11ty/eleventy"], ..Marks::NONE },
    image_roots: &[".", "src/assets", "src/static", "src/img", "src/images"],
    ..plain::OTHER
});
