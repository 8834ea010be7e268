//! Astro: articles in `src/content` or `src/pages`, images in `public` and `src/assets`. <https://docs.astro.build/>

use super::detect::Marks;
use super::selection::ArticleRules;
use super::{Generator, GeneratorRules, plain};

/// Astro.
pub const ASTRO: Generator = Generator(&GeneratorRules {
    key: "astro",
    marks: Marks { names: &["astro.config.*"], packages: &["astro"], ..Marks::NONE },
    image_roots: &["src/assets"],
    articles: ArticleRules { unpublished_root: Some("assets"), ..ArticleRules::USUAL },
    ..plain::OTHER
});
