//! Which files are read, by `exclude`, and how articles are parsed: the [`ParseOptions`] of site.yaml, for example
//! `time_zone`, `categories` and `undated`.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::check::SiteCheck;
use super::{ArticleUrl, SiteInputs};
use crate::article::{self, DefaultTime, ParseOptions};
use crate::syntax::date::{TimeZone, Zones};
use crate::syntax::glob::Globs;
use crate::text::nearest;

impl SiteCheck<'_> {
    pub(super) fn options(&mut self, inputs: SiteInputs<'_>, article_url: Option<&ArticleUrl>) -> ParseOptions {
        let keys = self.keys;
        let default = ParseOptions::new(inputs.generator);
        let categories = keys.categories.unwrap_or_default();
        ParseOptions {
            generator: inputs.generator,
            lists: categories.lists(inputs.generator),
            directories: categories.directories(),
            zones: self.zones(&inputs),
            default_time: self.default_time(),
            undated: keys.undated.unwrap_or(default.undated),
            lead_keys: keys.lead_image.as_ref().and_then(|lead| lead.keys.clone()).unwrap_or(default.lead_keys),
            max_bytes: self.max_article_bytes(),
            address_keys: article_url.map(ArticleUrl::keys).unwrap_or_default(),
            // Known when the definitions are.
            text_queries: default.text_queries,
            site_context: inputs.auxiliary_files.complete(
                inputs.generator_settings.site_context,
                inputs.generator_settings.cascade.as_ref(),
                inputs.generator,
            ),
        }
    }

    /// Returns the zone of dates without one, and the offsets of short names.
    fn zones(&mut self, inputs: &SiteInputs<'_>) -> Zones {
        let (mut zone, mut utc) = (TimeZone::UTC, None);
        if let Some(text) = self.keys.time_zone.clone() {
            if let Ok(known) = text.trim().parse() {
                zone = known;
            } else {
                let help = match nearest(text.trim(), TimeZone::names()) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => "such as Asia/Shanghai or UTC".to_owned(),
                };
                self.wrong(&["time_zone"], format!("there is no time zone `{text}`"), &help);
            }
        } else {
            let configured = inputs.generator_settings.time_zone.as_ref().and_then(|text| text.trim().parse().ok());
            let machine = inputs.machine_zone.filter(|_| inputs.generator.articles.uses_machine_zone);
            zone = configured.or(machine).unwrap_or(zone);
            utc = inputs.generator.articles.utc_dates;
        }
        let mut named = BTreeMap::new();
        for (name, offset) in self.keys.zones.clone().unwrap_or_default() {
            match Zones::offset(&offset) {
                Some(offset) => {
                    named.insert(name, offset);
                }
                None => self.wrong(
                    &["zones", &name],
                    format!("`{offset}` is not a UTC offset"),
                    "such as \"+08:00\", in quotes",
                ),
            }
        }
        Zones { default: zone, utc, named }
    }

    fn default_time(&mut self) -> DefaultTime {
        let Some(written) = self.keys.default_time.clone() else {
            return DefaultTime::default();
        };
        let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(written.trim(), form).ok());
        if time.is_none() {
            self.wrong(&["default_time"], format!("`{written}` is not a time of day"), "such as \"09:00\", in quotes");
        }
        DefaultTime(time.unwrap_or_default())
    }

    /// Returns the globs of site.yaml and of the generator.
    pub(super) fn exclude(&mut self, of_generator: &[String]) -> Globs {
        let written = self.keys.exclude.as_deref().unwrap_or_default();
        let mut patterns: Vec<String> = written.iter().map(|pattern| below_content(pattern)).collect();
        let empty = (0..).zip(&patterns).filter(|(_, pattern)| pattern.is_empty());
        let empty: Vec<(usize, String)> = empty.map(|(number, _)| (number, "it is empty".to_owned())).collect();
        patterns.extend(of_generator.iter().cloned());
        let globs = if empty.is_empty() { Globs::new(patterns) } else { Err(empty) };
        globs.unwrap_or_else(|invalid| {
            for (number, reason) in invalid {
                let pattern = written.get(number).map_or("", String::as_str);
                let message = format!("`{pattern}` is not a valid glob: {reason}");
                self.wrong(&["exclude", &number.to_string()], message, "examples: drafts/**, *.tmp.md");
            }
            Globs::default()
        })
    }

    fn max_article_bytes(&mut self) -> u64 {
        let bytes = self.keys.max_article_bytes.unwrap_or(article::MAX_BYTES);
        if bytes == 0 {
            let message = "a limit of 0 bytes skips every article".to_owned();
            self.wrong(&["max_article_bytes"], message, "leave it out for 2097152");
        }
        bytes
    }
}

/// Converts a pattern of `exclude` to a glob for paths below the content directory. A slash at the start is that
/// directory, and one at the end means everything below the directory before it.
fn below_content(pattern: &str) -> String {
    let mut glob = pattern;
    while let Some(rest) = glob.strip_prefix('/').or_else(|| glob.strip_prefix("./")) {
        glob = rest;
    }
    match glob.strip_suffix('/') {
        Some(directory) => format!("{}/**", directory.trim_end_matches('/')),
        None => glob.to_owned(),
    }
}
