//! The values of front matter, independent of their language.
//!
//! Keys ignore letter case, and the last of several equal keys counts, as in most generators. Numbers keep their
//! spelling, so the title `1.10` remains `1.10`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

use super::fast_path;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// No value: `key:`, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(String),
    Text(String),
    List(Vec<Value>),
    Map(Fields),
}

impl Value {
    /// The text of a scalar, trimmed; `None` if it is empty or the value is not a scalar.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The value as a boolean. YAML 1.1 words such as `yes` count too, because Jekyll's and Hexo's parsers accept
    /// them.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(answer) => Some(*answer),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            Self::Number(text) => match text.as_str() {
                "1" => Some(true),
                "0" => Some(false),
                _ => None,
            },
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Whether the value is empty, for example `null`, a text of spaces or a list of empty values.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(list) => list.iter().all(Self::is_blank),
            Self::Map(fields) => fields.0.is_empty(),
            Self::Bool(_) | Self::Number(_) => false,
        }
    }

    /// The elements of a list; any other value is a list of one.
    pub(crate) fn elements(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            other => std::slice::from_ref(other),
        }
    }

    /// Replaces each `<<` by the entries of the tables that it names, as the parsers of generators do. The entries that a
    /// table has itself count, then those of the first table.
    fn merge(&mut self) {
        match self {
            Self::List(list) => list.iter_mut().for_each(Self::merge),
            Self::Map(Fields(fields)) => {
                for (_, value) in fields.iter_mut() {
                    value.merge();
                }
                if fields.iter().any(|(key, _)| key == "<<") {
                    let (merged, own): (Vec<_>, Vec<_>) =
                        std::mem::take(fields).into_iter().partition(|(key, _)| key == "<<");
                    let tables = merged.into_iter().flat_map(|(_, value)| match value {
                        Self::List(tables) => tables,
                        table => vec![table],
                    });
                    let tables: Vec<_> = tables.collect();
                    // Of equal keys the last one counts.
                    let entries = tables.into_iter().rev().flat_map(|table| match table {
                        Self::Map(Fields(entries)) => entries,
                        _ => Vec::new(),
                    });
                    *fields = entries.chain(own).collect();
                }
            }
            _ => {}
        }
    }

    fn has_spelling_to_learn(&self) -> bool {
        match self {
            Self::Number(_) => true,
            Self::List(list) => list.iter().any(Self::has_spelling_to_learn),
            Self::Map(fields) => fields.0.iter().any(|(_, value)| value.has_spelling_to_learn()),
            Self::Null | Self::Bool(_) | Self::Text(_) => false,
        }
    }
}

/// Keys and values in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fields(pub Vec<(String, Value)>);

impl Fields {
    /// Returns the value of a key, ignoring letter case. A path such as `image.src` leads into tables and into lists
    /// of tables.
    pub(crate) fn get(&self, path: &str) -> Option<&Value> {
        if let Some(value) = self.own(path) {
            return Some(value);
        }
        // Each article is searched for sixty keys, and searching bytes is faster than searching for a `char`.
        let (first, rest) = path.split_at(path.bytes().position(|byte| byte == b'.')?);
        let rest = &rest[1..];
        match self.own(first)? {
            Value::Map(inside) => inside.get(rest),
            Value::List(list) => list.iter().find_map(|value| match value {
                Value::Map(inside) => inside.get(rest),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Returns the first of these keys that has a value that is not empty.
    pub(crate) fn first_of<'a>(&'a self, keys: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        keys.iter().find_map(|&key| {
            let value = self.get(key)?;
            (!value.is_blank()).then_some((key, value))
        })
    }

    /// Whether any key begins with `start`, ignoring letter case.
    pub(crate) fn begins_with(&self, start: &str) -> bool {
        let begins = |key: &str| key.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
        self.0.iter().any(|(key, _)| begins(key))
    }

    fn own(&self, key: &str) -> Option<&Value> {
        // From the end, because the last of several equal keys counts.
        self.0.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }
}

/// Parses YAML into fields; `None` if the document is not a table.
pub(crate) fn from_yaml(text: &str) -> Result<Option<Fields>, serde_yaml::Error> {
    match fast_path::read(text) {
        Some(fields) => Ok(Some(fields)),
        None => parsed(text),
    }
}

/// Parses YAML without the fast path.
pub(super) fn parsed(text: &str) -> Result<Option<Fields>, serde_yaml::Error> {
    let mut value: Value = serde_yaml::from_str(text)?;
    if value.has_spelling_to_learn() {
        Spelling(&mut value).deserialize(serde_yaml::Deserializer::from_str(text))?;
    }
    value.merge();
    Ok(match value {
        Value::Map(fields) => Some(fields),
        Value::Null => Some(Fields::default()),
        _ => None,
    })
}

/// The key under which the toml crate returns a date.
const TOML_DATE: &str = "$__toml_private_datetime";

struct AnyValue;

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(Spelled(key)) = entries.next_key()? {
            if key == TOML_DATE {
                return entries.next_value().map(Value::Text);
            }
            fields.push((key, entries.next_value()?));
        }
        Ok(Value::Map(Fields(fields)))
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        // Ignores a YAML tag such as `!!python/object` and keeps its value.
        let (IgnoredAny, inside) = tagged.variant()?;
        de::VariantAccess::newtype_variant(inside)
    }
}

/// A key, which may be written as a number or a boolean.
struct Spelled(String);

impl<'de> Deserialize<'de> for Spelled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Self(value.as_text().unwrap_or_default().to_owned()))
    }
}

/// Parses a document a second time to get the spelling of its numbers. `serde_yaml` returns the spelling of a scalar
/// only if a `String` is requested, so the first pass finds the types and this one the texts.
struct Spelling<'a>(&'a mut Value);

impl<'de> DeserializeSeed<'de> for Spelling<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0 {
            Value::Number(text) => String::deserialize(deserializer).map(|spelled| *text = spelled),
            Value::List(_) => deserializer.deserialize_seq(self),
            Value::Map(_) => deserializer.deserialize_map(self),
            Value::Null | Value::Bool(_) | Value::Text(_) => IgnoredAny::deserialize(deserializer).map(|IgnoredAny| ()),
        }
    }
}

impl<'de> Visitor<'de> for Spelling<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the document that was read before")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        if let Value::List(list) = self.0 {
            for value in list {
                elements.next_element_seed(Spelling(value))?;
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        if let Value::Map(fields) = self.0 {
            for (_, value) in &mut fields.0 {
                if entries.next_key::<IgnoredAny>()?.is_none() {
                    break;
                }
                entries.next_value_seed(Spelling(value))?;
            }
        }
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Fields {
        from_yaml(text).unwrap().unwrap()
    }

    #[test]
    fn numbers_keep_their_spelling() {
        let fields = yaml("title: 1.10\ntags: [007, 2.0, x]\nimage: {width: 1_0, height: 0x10}\n");
        assert_eq!(fields.get("title").unwrap().as_text(), Some("1.10"));
        let tags: Vec<_> = fields.get("tags").unwrap().elements().iter().filter_map(Value::as_text).collect();
        assert_eq!(tags, ["007", "2.0", "x"]);
        assert_eq!(fields.get("image.height").unwrap().as_text(), Some("0x10"));
    }

    #[test]
    fn the_last_of_two_equal_keys_counts_in_any_letter_case() {
        assert_eq!(yaml("Title: a\ntitle: b\n").get("TITLE").unwrap().as_text(), Some("b"));
    }

    #[test]
    fn a_path_leads_into_tables_and_lists_of_tables() {
        let fields = yaml("image:\n  src: a.png\nresources:\n- name: x\n- src: b.png\n");
        assert_eq!(fields.get("image.src").unwrap().as_text(), Some("a.png"));
        assert_eq!(fields.get("resources.src").unwrap().as_text(), Some("b.png"));
        assert_eq!(fields.get("image.none"), None);
    }

    #[test]
    fn empty_values_are_blank_and_yes_is_true() {
        let fields = yaml("a:\nb: ~\nc: yes\nd: ''\ne: [null]\nf: !x y\n");
        assert!(fields.get("a").unwrap().is_blank() && fields.get("b").unwrap().is_blank());
        assert_eq!(fields.get("c").unwrap().as_bool(), Some(true));
        assert!(fields.get("d").unwrap().is_blank() && fields.get("e").unwrap().is_blank());
        assert_eq!(fields.get("f").unwrap().as_text(), Some("y"));
    }

    #[test]
    fn merged_tables_give_their_entries_to_keys_that_are_not_written() {
        let fields =
            yaml("x: &x {title: A, private: true, n: 007}\ny: &y {title: B, b: 2}\n<<: [*x, *y]\nb: 1\nz: {<<: *x}\n");
        for (path, value) in [("title", "A"), ("private", "true"), ("n", "007"), ("b", "1"), ("z.title", "A")] {
            assert_eq!(fields.get(path).unwrap().as_text(), Some(value), "{path}");
        }
        assert_eq!(yaml("<<: text\na: 1\n").get("a").unwrap().as_text(), Some("1"));
    }

    #[test]
    fn toml_dates_are_text() {
        let value: Value = toml::from_str("date = 2021-08-04T14:56:46Z\nday = 2021-08-04\n").unwrap();
        let Value::Map(fields) = value else { panic!() };
        assert_eq!(fields.get("date").unwrap().as_text(), Some("2021-08-04T14:56:46Z"));
        assert_eq!(fields.get("day").unwrap().as_text(), Some("2021-08-04"));
    }
}
