//! Selects the plural form of a noun for a number by the rules of CLDR.

use serde::Deserialize;

/// The rule of a language: `plural` of its file. `words/en.toml` says which numbers share a form.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Plural {
    Alike,
    OneOrMore,
    NoneCountsAsOne,
    Slavic,
    /// CLDR distinguishes 11 to 99 from 100, but the nouns of the pages are the same there.
    Arabic,
}

impl Plural {
    /// Returns the index of the form that goes with a number.
    pub(super) fn form(self, n: usize) -> usize {
        match self {
            Self::Alike => 0,
            Self::OneOrMore => usize::from(n != 1),
            Self::NoneCountsAsOne => usize::from(n > 1),
            Self::Slavic => match (n % 10, n % 100) {
                (1, last) if last != 11 => 0,
                (2..=4, last) if !(12..=14).contains(&last) => 1,
                _ => 2,
            },
            Self::Arabic => match (n, n % 100) {
                (0..=2, _) => n,
                (_, 3..=10) => 3,
                _ => 4,
            },
        }
    }
}
