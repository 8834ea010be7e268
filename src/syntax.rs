//! What an author may write, whatever the generator: front matter and dates.
//!
//! Everything here takes text and returns values. Which keys and formats count
//! is decided by the callers in `generator` and `article`.

pub mod date;
pub mod front_matter;

/// The template language of the tags in a body, which decides what `{{ x }}` and code mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Templates {
    /// Liquid, as Jekyll runs it everywhere, in code too.
    Liquid,
    /// Nunjucks, as Hexo runs it outside fenced code.
    Nunjucks,
    /// Hugo's shortcodes: `{{ x }}` is text.
    GoShortcodes,
    /// Zola's shortcodes, which are calls in Tera.
    Tera,
    /// Any of these.
    Unknown,
    /// None: the article says that its tags are text.
    None,
}
