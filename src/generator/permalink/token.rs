//! The tokens of a permalink pattern: the names behind a colon, and how an article fills each of them.
//!
//! Every generator has a table of its own tokens, see [`TokenTable`].

use std::fmt;
use std::ops::Range;

use super::Facts;

/// The token of a name such as `year`, if the generator knows it.
pub(crate) type TokenTable = fn(&str) -> Option<PatternToken>;

/// Returns the text of a token, or `None` if the article has no value for it.
pub(crate) type FillToken = fn(&Facts<'_>) -> Option<String>;

/// Returns a list for an article, for example its directories.
pub(crate) type PartsOf = fn(&Facts<'_>) -> Vec<String>;

/// A part of a pattern that every article fills in its own way.
#[derive(Debug, Clone)]
pub(crate) struct PatternToken {
    name: Box<str>,
    fill: Fill,
    /// Whether `slug` of the front matter overrides the usual text of the token.
    uses_slug: bool,
}

#[derive(Clone)]
enum Fill {
    /// A part of the date, as chrono formats it.
    Date(&'static str),
    /// Any other text, made by a function.
    Text(FillToken),
    /// The elements of a list within a range, each as a part of a URL.
    Parts(Cut, PartsOf),
    /// A key of the front matter; the function gives the text where the article does not have the key.
    Key(fn(&str) -> Option<&'static str>),
}

/// Without the addresses of functions, which are others in each process: `build` compares this text with that of an
/// earlier process. The name of the token and the generator tell which functions they are.
impl fmt::Debug for Fill {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(format) => write!(formatter, "Date({format:?})"),
            Self::Text(_) => formatter.write_str("Text"),
            Self::Parts(cut, _) => write!(formatter, "Parts({cut:?})"),
            Self::Key(_) => formatter.write_str("Key"),
        }
    }
}

/// Two tokens of one generator are equal if they have the same name.
impl PartialEq for PatternToken {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for PatternToken {}

impl PatternToken {
    /// A part of the date in the format of chrono, for example `%Y`.
    pub(crate) fn date(name: &str, format: &'static str) -> Self {
        Self { name: name.into(), fill: Fill::Date(format), uses_slug: false }
    }

    /// A text that this function makes of an article.
    pub(crate) fn text(name: &str, fill: FillToken) -> Self {
        Self { name: name.into(), fill: Fill::Text(fill), uses_slug: false }
    }

    /// Like [`Self::text`], for functions that use `slug` of the front matter.
    pub(crate) fn slug(name: &str, fill: FillToken) -> Self {
        Self { uses_slug: true, ..Self::text(name, fill) }
    }

    /// The elements of a list within this range.
    pub(crate) fn parts(name: &str, cut: Cut, parts: PartsOf) -> Self {
        Self { name: name.into(), fill: Fill::Parts(cut, parts), uses_slug: false }
    }

    /// A key of the front matter; `missing` gives the text for articles that do not have it.
    pub(crate) fn key(name: &str, missing: fn(&str) -> Option<&'static str>) -> Self {
        Self { name: name.into(), fill: Fill::Key(missing), uses_slug: false }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        *self.name == *name
    }

    /// The front matter key whose value this token uses, if there is one.
    pub(crate) fn front_matter_key(&self) -> Option<&str> {
        match self.fill {
            Fill::Key(_) => Some(&self.name),
            _ => self.uses_slug.then_some("slug"),
        }
    }

    /// Returns the text for an article, or `None` if the article has no value for this token.
    pub(crate) fn fill(&self, facts: &Facts<'_>) -> Option<String> {
        match self.fill {
            Fill::Date(format) => Some(facts.local?.format(format).to_string()),
            Fill::Text(fill) => fill(facts),
            Fill::Parts(cut, parts) => {
                let parts = parts(facts);
                Some(parts[cut.range(parts.len())].join("/"))
            }
            Fill::Key(missing) => {
                let default = || facts.permalink_config.defaults.iter().find(|(key, _)| **key == *self.name);
                let value = facts.slugs.get(&self.name).or_else(|| default().map(|(_, value)| value.as_str()));
                value.or_else(|| missing(&self.name)).map(str::to_owned)
            }
        }
    }
}

/// Which elements of a list Hugo takes: `[1:]`, `[0]`, `[:last]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The whole list.
    All,
    One(End),
    /// The elements from the first position up to, and without, the second.
    From(End, End),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Counted from zero.
    At(usize),
    /// The last element.
    Last,
    /// After the last element.
    Open,
}

impl Cut {
    /// Parses `[…]`; returns `None` if it has another form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let inside = text.strip_prefix('[')?.strip_suffix(']')?;
        let end = |text: &str, open: End| match text.trim() {
            "" => Some(open),
            "last" => Some(End::Last),
            number => number.parse().ok().map(|at: i32| End::At(usize::try_from(at).unwrap_or(0))),
        };
        match inside.split_once(':') {
            Some((first, last)) => Some(Self::From(end(first, End::At(0))?, end(last, End::Open)?)),
            None if inside.trim().is_empty() => None,
            None => end(inside, End::Open).map(Self::One),
        }
    }

    /// The positions to take from a list of `length` elements, clamped to it.
    fn range(self, length: usize) -> Range<usize> {
        let position = |end| match end {
            End::At(at) => at.min(length),
            End::Last => length.saturating_sub(1),
            End::Open => length,
        };
        match self {
            Self::All => 0..length,
            Self::One(end) => position(end)..(position(end) + 1).min(length),
            Self::From(first, last) => position(first)..position(last).max(position(first)),
        }
    }
}
