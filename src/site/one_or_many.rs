//! A value of YAML that is a text or a list of texts.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// `a`, or `[a, b]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

/// Unlike an untagged enum, its errors have the position and the words of the mistake.
struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name, or a list of names")
    }

    fn visit_str<E>(self, name: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<OneOrMany, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(names)).map(OneOrMany::Many)
    }
}

impl OneOrMany {
    pub(super) fn texts(&self) -> std::slice::Iter<'_, String> {
        match self {
            Self::One(text) => std::slice::from_ref(text).iter(),
            Self::Many(texts) => texts.iter(),
        }
    }

    /// Returns the names of a category path: `a/b`, or a list of names, which may contain slashes.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::One(text) => text.split('/').filter(|name| !name.trim().is_empty()).collect(),
            Self::Many(names) => names.iter().map(String::as_str).collect(),
        }
    }
}
