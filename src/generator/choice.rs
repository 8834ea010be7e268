//! Deserializes one word of a list that only the generators know, for `dialect` and `presets` of site.yaml.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// Returns the value of a word, or an error that lists the words. Unlike an error that is made from a parsed string, it
/// has the position of the word.
pub(crate) fn one_of<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    choices: impl Iterator<Item = (&'static str, T)>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Choices(choices.collect()))
}

struct Choices<T>(Vec<(&'static str, T)>);

impl<T> Choices<T> {
    fn list(&self) -> String {
        self.0.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    }
}

impl<T> Visitor<'_> for Choices<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of {}", self.list())
    }

    fn visit_str<E: Error>(self, written: &str) -> Result<T, E> {
        let list = self.list();
        let known = self.0.into_iter().find(|(word, _)| *word == written);
        known.map(|(_, value)| value).ok_or_else(|| {
            // Worded like serde's own errors, which `site` parses.
            E::custom(format_args!("unknown variant `{written}`, expected one of {list}"))
        })
    }
}
