//! The lines of `images.facts` with everything that the next probe needs, for `feedmill images`, which rewrites them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Columns, HEADER, ImageState, RemoteImage, body};
use crate::diagnostic::Problem;
use crate::text::push;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub facts: RemoteImage,
    /// The day of the last probe.
    pub checked: Option<NaiveDate>,
    /// The ETag of the image; may be empty.
    pub validator: String,
    /// Which Referer worked; may be empty.
    pub referer: String,
}

impl Record {
    /// Returns the record of an image that was never probed.
    pub(crate) fn new() -> Self {
        let facts = RemoteImage { state: ImageState::Unknown, media_type: None, length: None, pixels: None };
        Self { facts, checked: None, validator: String::new(), referer: String::new() }
    }
}

/// The lines of a file, by URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Records(pub BTreeMap<String, Record>);

impl Records {
    /// Parses a file. Lines that cannot be read are dropped.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let mut records = BTreeMap::new();
        for line in body(name, text)?.split('\n') {
            if let Ok(columns) = Columns::parse(line) {
                records.entry(columns.url.to_owned()).or_insert_with(|| Record {
                    facts: columns.facts,
                    checked: columns.checked.parse().ok(),
                    validator: columns.validator.to_owned(),
                    referer: columns.referer.to_owned(),
                });
            }
        }
        Ok(Self(records))
    }

    /// Returns the file, sorted by the bytes of the URLs.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (url, Record { facts, checked, validator, referer }) in &self.0 {
            push!(text, "{url}\t{}\t{}\t", facts.state.as_str(), facts.media_type.unwrap_or_default());
            let numbers = [
                facts.length,
                facts.pixels.map(|(width, _)| width.into()),
                facts.pixels.map(|(_, height)| height.into()),
            ];
            for number in numbers {
                if let Some(number) = number {
                    push!(text, "{number}");
                }
                text.push('\t');
            }
            if let Some(checked) = checked {
                push!(text, "{checked}");
            }
            push!(text, "\t{validator}\t{referer}\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote_images::RemoteImages;

    #[test]
    fn what_is_written_is_read_back() {
        let text = "feedmill images 1\n\
            https://x.example/a\tok\timage/webp\t1234\t640\t480\t2026-01-31\t\"v\"\tnone\n\
            https://x.example/b\tunknown\t\t\t\t\t\t\t\n";
        let records = Records::parse("images.facts", text).unwrap();
        assert_eq!(records.0.len(), 2);
        assert_eq!(records.text(), text);
        assert_eq!(RemoteImages::parse("images.facts", text).unwrap().1, []);
        let other = text.replace("images 1", "images 2");
        assert!(Records::parse("images.facts", &other).is_err(), "a newer file would be overwritten");
    }
}
