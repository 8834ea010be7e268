//! The syntax that authors use with every generator: front matter, dates and globs.
//!
//! Everything here takes text and returns values. The callers in `generator` and `article` decide which keys and
//! formats count.

pub(crate) mod data_error;
pub mod date;
pub mod front_matter;
pub(crate) mod glob;
pub(crate) mod locate;
pub(crate) mod yaml_error;

/// The template language of the tags in a body. It decides the meaning of `{{ x }}` and whether tags in code blocks
/// count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Templates {
    /// Liquid, which Jekyll runs everywhere, including code.
    Liquid,
    /// Nunjucks, which Hexo runs outside fenced code.
    Nunjucks,
    /// Hugo's shortcodes; `{{ x }}` is text.
    GoShortcodes,
    /// Zola's shortcodes, which are calls in Tera.
    Tera,
    /// Any of these, because the generator is not known.
    Unknown,
    /// None, because the article disables templates.
    None,
}
