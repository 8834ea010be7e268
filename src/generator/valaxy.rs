//! Valaxy: posts in `pages/posts`, images in `public`. A list of categories is a path, as in Hexo. <https://valaxy.site/>

use super::category::{CategoryRules, Lists};
use super::detect::Marks;
use super::{Generator, GeneratorRules, plain};

/// Valaxy.
pub const VALAXY: Generator = Generator(&GeneratorRules {
    key: "valaxy",
    marks: Marks { names: &["valaxy.config.*"], packages: &["valaxy"], ..Marks::NONE },
    categories: CategoryRules { lists: Lists::Path, ..CategoryRules::USUAL },
    ..plain::OTHER
});
