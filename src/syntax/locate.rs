//! Finds where a value is written in YAML or TOML.
//!
//! The parsers return values without positions, but say where they fail. So the text is parsed again by a visitor that
//! fails at the value in question. Call this only for a text that was parsed successfully.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Returns the line and column, from 1, of the value at a path of keys in YAML. Letter case of keys is ignored, and
/// the last of equal keys counts.
pub(crate) fn in_yaml(text: &str, path: &[&str]) -> Option<(usize, usize)> {
    last(path, |find| {
        let location = find.deserialize(serde_yaml::Deserializer::from_str(text)).err()?.location()?;
        Some((location.line(), location.column()))
    })
}

/// Returns the offset of the value at a path of keys in TOML, like [`in_yaml`].
pub(crate) fn in_toml(text: &str, path: &[&str]) -> Option<usize> {
    last(path, |find| Some(find.deserialize(toml::Deserializer::parse(text).ok()?).err()?.span()?.start))
}

/// Returns the first key that a mapping of a YAML text has twice, with the line and column of the second one.
pub(crate) fn repeated_key(text: &str) -> Option<(String, (usize, usize))> {
    let found = RefCell::new(None);
    let error = Repeated(&found).deserialize(serde_yaml::Deserializer::from_str(text)).err()?;
    let at = error.location()?;
    Some((found.into_inner()?, (at.line(), at.column())))
}

/// Fails at the first repeated key, and keeps it.
#[derive(Clone, Copy)]
struct Repeated<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Repeated<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Repeated<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while map.next_key_seed(NewKey { seen: &mut seen, found: self.0 })?.is_some() {
            map.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Deserializes a key that the mapping must not have had before.
struct NewKey<'a> {
    seen: &'a mut BTreeSet<String>,
    found: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NewKey<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<(), E> {
        if self.seen.insert(key.to_owned()) {
            return Ok(());
        }
        self.found.replace(Some(key.to_owned()));
        Err(E::custom("this key is repeated"))
    }
}

fn last<T>(path: &[&str], find: impl Fn(Find<'_>) -> Option<T>) -> Option<T> {
    let (skipped, is_found) = (Cell::new(usize::MAX), Cell::new(false));
    let find = || find(Find { path, skipped: &skipped, is_found: &is_found });
    // The first run only counts the equal keys.
    find();
    skipped.set((usize::MAX - skipped.get()).checked_sub(1)?);
    find().filter(|_| is_found.get())
}

/// Fails at the value at a path.
struct Find<'a> {
    path: &'a [&'a str],
    /// How many values of the first key are still to skip.
    skipped: &'a Cell<usize>,
    /// Set when the failure is that at the value, and not an error of the text.
    is_found: &'a Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The defaults of the other methods fail, with a message that contains what is expected.
impl<'de> Visitor<'de> for Find<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.is_found.set(self.path.is_empty());
        formatter.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            self.is_found.set(true);
            return Err(A::Error::custom("found"));
        };
        while let Some(key) = map.next_key::<String>()? {
            if !key.eq_ignore_ascii_case(first) {
                map.next_value::<IgnoredAny>()?;
            } else if let Some(left) = self.skipped.get().checked_sub(1) {
                self.skipped.set(left);
                map.next_value::<IgnoredAny>()?;
            } else {
                return map.next_value_seed(Find { path: rest, skipped: &Cell::new(0), is_found: self.is_found });
            }
        }
        Ok(())
    }

    /// A number in a path is that of an element, from 0.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            self.is_found.set(true);
            return Err(A::Error::custom("found"));
        };
        let Ok(number) = first.parse::<usize>() else {
            return Err(A::Error::custom("a list has no keys"));
        };
        for _ in 0..number {
            if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        list.next_element_seed(Find { path: rest, skipped: &Cell::new(0), is_found: self.is_found })?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_every_style_of_yaml() {
        for (text, path, place) in [
            ("a: 1\nb:   x\n", &["b"][..], Some((2, 6))),
            ("a: {x: 1, \"b\": 2}\n", &["a", "b"], Some((1, 16))),
            ("a:\n  b.c: 1\n  d:\n    - 2\n", &["a", "b.c"], Some((2, 8))),
            ("a:\n  b.c: 1\n  d:\n    - 2\n", &["a", "d"], Some((4, 5))),
            ("a: [x, {b: y}]\n", &["a", "1", "b"], Some((1, 12))),
            ("a:\n- x\n-   y\n", &["a", "1"], Some((3, 5))),
            ("a: [x]\n", &["a", "1"], None),
            ("text: |\n  b: 1\nB: {c: 2}\n", &["b"], Some((3, 4))),
            ("b: 1\nb: 2\n", &["b"], Some((2, 4))),
            ("日: 1\n新: {b: [2]}\n", &["新", "b"], Some((2, 8))),
            ("a: 1\n", &["a", "b"], None),
            ("a: 1\n", &["b"], None),
            ("[1]\n", &["b"], None),
            ("a: 'x\n", &["a"], None),
        ] {
            assert_eq!(in_yaml(text, path), place, "{text}");
        }
    }

    #[test]
    fn a_repeated_key_is_found_in_the_innermost_mapping() {
        for (text, wanted) in [
            ("a: 1\nb: {c: 1,  c: 2}\n", Some(("c", (2, 12)))),
            ("a: [1.5, ~, x, true, -1]\nb: 1\na: 2\n", Some(("a", (3, 1)))),
            ("- a: 1\n- a: 2\n", None),
            ("a: {b: 1}\nc: {b: 1}\n", None),
            ("1: a\n2: b\n1: c\n", Some(("1", (3, 1)))),
        ] {
            assert_eq!(repeated_key(text), wanted.map(|(key, place)| (key.to_owned(), place)), "{text}");
        }
    }

    #[test]
    fn a_value_is_found_in_a_table_of_toml() {
        let text = "a = 1\n\"b\" =  2\n[t]\na = { c = 3 }\n";
        let at = |found: Option<usize>| found.map(|at| &text[at..=at]);
        assert_eq!(at(in_toml(text, &["a"])), Some("1"));
        assert_eq!(at(in_toml(text, &["b"])), Some("2"));
        assert_eq!(at(in_toml(text, &["t", "a", "c"])), Some("3"));
        assert_eq!(at(in_toml(text, &["c"])), None);
    }
}
