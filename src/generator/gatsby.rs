//! Gatsby: articles where its plugins look for them, images in `static`. <https://www.gatsbyjs.com/docs/>

use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Gatsby.
pub const GATSBY: Generator = Generator(&GeneratorRules {
    key: "gatsby",
    marks: Marks { names: &["gatsby-config.*"], packages: &["gatsby"], ..Marks::NONE },
    image_roots: &["src/images"],
    ..plain::OTHER
});
