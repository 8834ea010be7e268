//! Reads the dates in front matter and reports those that are invalid or ambiguous.

use super::Source;
use crate::article::ParseOptions;
use crate::diagnostic::{Code, Problem};
use crate::generator::site_context::DateSource;
use crate::syntax::date::{self, ParsedDate};
use crate::syntax::front_matter::{FrontMatter, Value};

/// Reads the dates of one article's front matter.
pub(super) struct Dates<'a> {
    pub source: &'a Source<'a>,
    pub text: &'a str,
    pub front: &'a FrontMatter,
    pub options: &'a ParseOptions,
    pub problems: &'a mut Vec<Problem>,
}

impl Dates<'_> {
    /// Returns the date from the first of these sources that has one.
    pub(crate) fn by(&mut self, sources: &[DateSource]) -> Option<ParsedDate> {
        sources.iter().find_map(|source| match source {
            DateSource::Key(key) => self.of(&[key]),
            DateSource::FileName => {
                let instant =
                    date::in_name(self.source.place.as_str(), &self.options.zones, self.options.generator.date_order)?
                        .instant;
                Some(ParsedDate::of_day(instant, self.options.zones.default))
            }
        })
    }

    /// Returns the date from the first of these keys that has a valid one. Reports invalid dates on the way.
    pub(crate) fn of(&mut self, keys: &[&str]) -> Option<ParsedDate> {
        for key in keys {
            let elements = self.front.fields.get(key).map_or(&[][..], Value::elements);
            // Booleans are flags, not dates: real files contain `published: true` 1,781 times.
            let Some(value) = elements.iter().find(|value| !value.is_blank() && value.as_bool().is_none()) else {
                continue;
            };
            // Material for MkDocs writes `date: {created, updated}`.
            let created = match value {
                Value::Map(inside) => inside.get("created").filter(|created| !created.is_blank()),
                _ => None,
            };
            let Some(text) = created.unwrap_or(value).as_text() else {
                self.report(key, Code::Value, format!("`{key}` is a table or a list of lists, not a date"));
                continue;
            };
            let zones = self.options.zones.of_value(text, || self.front.is_quoted(self.text, key));
            match date::parse(text, &zones, self.options.generator.date_order) {
                Ok(reading) => {
                    if let Some(doubt) = reading.doubt {
                        let code = if matches!(doubt, date::Doubt::AmbiguousZone | date::Doubt::UnknownZone) {
                            Code::DateZone
                        } else {
                            Code::Date
                        };
                        self.report(key, code, format!("the date `{}` is uncertain: {doubt}", shown(text)));
                    }
                    return Some(reading);
                }
                Err(error) => {
                    self.report(key, Code::Date, format!("the date `{}` cannot be read: {error}", shown(text)));
                }
            }
        }
        None
    }

    fn report(&mut self, key: &str, code: Code, message: String) {
        let position = self.front.position_of(self.text, key);
        self.problems.push(Problem::new(self.source.place.shared(), code, message).at(position));
    }
}

/// Shortens a value to 60 characters on one line, for a message.
fn shown(text: &str) -> String {
    let line = text.replace(char::is_whitespace, " ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
