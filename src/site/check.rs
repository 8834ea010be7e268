//! Turns a parsed site.yaml into a [`Site`]: validates all values and adds the defaults.
//!
//! Validation continues after an error, so that all errors are reported at once, each with its line.

use super::file::RawKeys;
use super::{AuxiliaryFiles, Future, Site, yaml};
use crate::diagnostic::{Code, Position, Problem};
use crate::generator::{Generator, GeneratorSettings};
use crate::syntax::date::TimeZone;

/// `feeds/site.yaml`, parsed but not yet validated.
#[derive(Debug)]
pub struct RawSite {
    keys: RawKeys,
    text: String,
    name: String,
}

/// The settings that do not come from site.yaml: command line options, and files of the content directory.
#[derive(Debug)]
pub struct SiteInputs<'a> {
    /// Name of the content directory, the default title of the site.
    pub content_name: &'a str,
    /// The value of `--base-url`, which overrides site.yaml.
    pub base_url: Option<&'a str>,
    /// `http://` and the address of the listener, the default base URL; empty if the listener has none.
    pub bound: &'a str,
    /// The generator that [`RawSite::generator`] returned.
    pub generator: Generator,
    /// The configuration of the generator.
    pub generator_settings: GeneratorSettings,
    /// Section pages and author files.
    pub auxiliary_files: AuxiliaryFiles,
    /// The time zone of the machine, if it is known.
    pub machine_zone: Option<TimeZone>,
}

impl SiteInputs<'_> {
    /// Returns the inputs for a directory `content` of this generator, without configuration and command line options.
    pub fn new(generator: Generator) -> Self {
        Self {
            content_name: "content",
            base_url: None,
            bound: "http://127.0.0.1",
            generator,
            generator_settings: GeneratorSettings::default(),
            auxiliary_files: AuxiliaryFiles::default(),
            machine_zone: None,
        }
    }
}

impl RawSite {
    /// Parses site.yaml. `name` is its path, for messages.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let keys = yaml::parse(name, text, Code::Site)?;
        Ok(Self { keys, text: text.to_owned(), name: name.to_owned() })
    }

    /// Returns the generator that `dialect` sets, or else the detected one.
    pub(crate) fn generator(&self, found: Generator) -> Generator {
        self.chosen_generator().unwrap_or(found)
    }

    /// Returns the generator that `dialect` sets. `None` if the key is missing or `auto`.
    pub(crate) fn chosen_generator(&self) -> Option<Generator> {
        self.keys.dialect?.0
    }

    /// Returns whether `time_zone` is set.
    pub(crate) fn names_a_zone(&self) -> bool {
        self.keys.time_zone.is_some()
    }

    /// Validates all values and returns the settings, or all errors.
    pub fn check(&self, inputs: SiteInputs<'_>) -> Result<Site, Vec<Problem>> {
        let mut check = SiteCheck { name: &self.name, text: &self.text, keys: &self.keys, problems: Vec::new() };
        let site = check.site(inputs);
        match site {
            Some(site) if check.problems.is_empty() => Ok(site),
            _ => Err(check.problems),
        }
    }
}

/// A validation in progress, which collects the errors.
pub(super) struct SiteCheck<'a> {
    name: &'a str,
    text: &'a str,
    pub(super) keys: &'a RawKeys,
    pub(super) problems: Vec<Problem>,
}

/// Returns a text without the spaces around it, unless nothing is left.
pub(super) fn said(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl SiteCheck<'_> {
    pub(super) fn wrong(&mut self, path: &[&str], message: String, help: &str) {
        let problem = Problem::new(self.name, Code::Site, message).at(self.position(path));
        self.problems.push(if help.is_empty() { problem } else { problem.help(help) });
    }

    /// Returns the path of site.yaml, for messages.
    pub(super) fn name(&self) -> &str {
        self.name
    }

    /// Returns the position of the value at a path of keys.
    pub(super) fn position(&self, path: &[&str]) -> Position {
        yaml::position(self.text, path)
    }

    fn site(&mut self, inputs: SiteInputs<'_>) -> Option<Site> {
        let keys = self.keys;
        let identity = self.identity(&inputs);
        let links = self.links(&inputs);
        let exclude = self.exclude(&inputs.generator_settings.exclude);
        let feeds = self.feeds(&inputs, links.as_ref().map(|links| &links.ids));
        let podcast = keys.podcast.as_ref().map(|podcast| podcast.check(self.name, self.text, Code::Site));
        let podcast = podcast.transpose().unwrap_or_else(|problems| {
            self.problems.extend(problems);
            None
        });
        let legacy = self.legacy(&inputs);
        let mut taken = inputs.generator_settings.taken.clone();
        let is_limit_taken = keys.feeds.as_ref().is_none_or(|feeds| feeds.limit.is_none())
            && inputs.generator_settings.feed_limit.is_some()
            && self.old_limit(&inputs, links.as_ref().map(|links| &links.ids)) == inputs.generator_settings.feed_limit;
        if is_limit_taken {
            let limit = if feeds.limit == usize::MAX { "all".to_owned() } else { feeds.limit.to_string() };
            taken.push(("feeds.limit", limit));
        }
        let future = inputs.generator_settings.future.unwrap_or(inputs.generator.articles.publishes_future);
        let own = identity.as_ref().map(|identity| identity.base.child("media/"));
        let images = self.images(&inputs, own);
        Some(Site {
            languages: identity.as_ref().map_or_else(Vec::new, |site| self.languages(&inputs.generator_settings, site)),
            options: self.options(inputs, links.as_ref().map(|links| &links.article_url)),
            exclude,
            future: keys.future.unwrap_or(if future { Future::Show } else { Future::Hold }),
            images,
            feeds,
            podcast: podcast.flatten(),
            http: self.http(),
            legacy,
            taken,
            identity: identity?,
            links: links?,
        })
    }
}

#[cfg(test)]
mod tests;
